"""The cells of a spreadsheet as they stand, read by a confined child."""

import json
import logging
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import PurePosixPath
from typing import IO, TypeAlias

from matchplatform.confined.limits import ReadLimits
from matchplatform.confined.process import NoneFree, TooSlow, run_child
from matchplatform.confined.troubles import Trouble, Unfit
from matchplatform.kernel.errors import Busy
from matchplatform.kernel.i18n import lazy_gettext as _

log = logging.getLogger(__name__)

Raw: TypeAlias = str | Decimal | bool | date | None

CHILD = "matchplatform.confined.spreadsheets"
XLSX, CSV = ".xlsx", ".csv"
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# First bytes of what people take for a table by mistake.
_OTHERS = (
    b"PK",
    b"%PDF-",
    b"\xff\xd8\xff",
    b"\x89PNG",
    b"GIF8",
    b"Rar!",
    b"7z\xbc\xaf",
    b"{\\rtf",
    b"<",
)
_BY_SUFFIX = {".xlsm": Trouble.MACROS, ".xltm": Trouble.MACROS, ".xls": Trouble.OLD_EXCEL}
_DECODER = json.JSONDecoder(parse_float=Decimal, parse_int=Decimal)
# An OLE container keeps the names of its streams in UTF-16.
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


@dataclass(frozen=True)
class GridRow:
    """One row: its number in the sheet, its cells from column A on, what is odd of them.

    ``marks``: place -> ``=`` for a formula, or the error that the cell shows.
    """

    number: int
    cells: Sequence[Raw]
    marks: Mapping[int, str]


@dataclass(frozen=True)
class Grid:
    """A sheet as it stands. ``encoding``: XLSX, UTF-8, UTF-8 BOM or GB18030."""

    sheet: str = ""
    sheets: Sequence[str] = ()
    encoding: str = ""
    rows: Sequence[GridRow] = ()
    merged: Sequence[str] = field(default=())


def read_grid(
    data: bytes, name: str, limits: ReadLimits, sheet: str = "", passed_over: Sequence[str] = ()
) -> Grid:
    """Read the cells of a file; hold no transaction meanwhile, for it can take seconds.

    Raises:
        Unfit: it cannot be opened, or is not to be.
        Busy: too many files are being read just now.
    """
    suffix = check_outside(data, name, limits)
    asked = {
        "suffix": suffix,
        "sheet": sheet,
        "passed_over": list(passed_over),
        "limits": json.loads(limits.to_text()),
    }
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as made:
        given.write(data)
        given.seek(0)
        try:
            code = run_child(CHILD, json.dumps(asked), given, made, limits.seconds)
        except NoneFree as error:
            raise Busy(_("正在读取的文件太多，请过一会儿再试。")) from error
        except TooSlow as error:
            raise Unfit(Trouble.TOO_HEAVY) from error
        if code:
            log.warning("the child that reads spreadsheets ended with %s", code)
            raise Unfit(Trouble.TOO_HEAVY if code < 0 else Trouble.UNREADABLE)
        made.seek(0)
        return _take(made)


def check_outside(data: bytes, name: str, limits: ReadLimits) -> str:
    """Return the suffix that name and first bytes agree on; nothing is parsed.

    Raises:
        Unfit: they do not agree, or it is too large.
    """
    suffix = PurePosixPath(name.replace("\\", "/").strip()).suffix.lower()
    if suffix not in (XLSX, CSV):
        raise Unfit(_BY_SUFFIX.get(suffix, Trouble.WRONG_SUFFIX))
    if len(data) > limits.size:
        raise Unfit(Trouble.TOO_LARGE)
    if not data.strip():
        raise Unfit(Trouble.EMPTY_FILE)
    if data.startswith(_OLE):
        raise Unfit(Trouble.ENCRYPTED if _ENCRYPTED in data else Trouble.OLD_EXCEL)
    if data.startswith(_ZIP) != (suffix == XLSX) or data.startswith(_OTHERS) and suffix == CSV:
        raise Unfit(Trouble.OTHER_CONTENT)
    return suffix


def _take(made: IO[bytes]) -> Grid:
    """Read what the child wrote; it may have been led astray, so nothing in it is trusted."""
    rows: list[GridRow] = []
    try:
        for line in made:
            told = _DECODER.decode(line.decode())
            if isinstance(told, dict):
                return _ended(told, rows)
            number, cells, marks = told
            rows.append(
                GridRow(
                    int(number),
                    [_raw(cell) for cell in cells],
                    {int(place): str(mark) for place, mark in marks.items()},
                )
            )
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise Unfit(Trouble.UNREADABLE) from error
    raise Unfit(Trouble.TOO_HEAVY)


def _ended(told: Mapping[str, object], rows: list[GridRow]) -> Grid:
    if "trouble" in told:
        about = told["about"]
        if not isinstance(about, dict):
            raise TypeError()
        numbers = {key: int(v) if isinstance(v, Decimal) else v for key, v in about.items()}
        raise Unfit(Trouble(str(told["trouble"])), **numbers)
    return Grid(
        sheet=str(told["sheet"]),
        sheets=_texts(told["sheets"]),
        encoding=str(told["encoding"]),
        rows=rows,
        merged=_texts(told["merged"]),
    )


def _texts(told: object) -> list[str]:
    if not isinstance(told, list):
        raise TypeError()
    return [str(text) for text in told]


def _raw(cell: object) -> Raw:
    if cell is None or isinstance(cell, str | Decimal | bool):
        return cell
    if isinstance(cell, dict):
        return date.fromisoformat(cell["day"])
    raise TypeError()
