"""Read one sheet of an XLSX: calamine gives the values, the sheet's own bytes what it keeps quiet.

Calamine says neither which cells are formulas nor which hold an error, and makes room for every
cell between the first and the last, however far apart; so the bytes are looked through first.
Source: ECMA-376 part 1, 18.3.1 (cells), 18.2.20 (sheets).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from posixpath import join, normpath
from xml.etree import ElementTree

from python_calamine import CalamineError, CalamineWorkbook

from matchplatform.confined.archive import Archive
from matchplatform.confined.limits import ReadLimits
from matchplatform.confined.places import place_of
from matchplatform.confined.troubles import Trouble, Unfit

FORMULA = "="
MOST_MERGED = 200
# Excel keeps fifteen digits of a number; what follows is the noise of binary fractions.
_DIGITS = ".15g"
_REF = rb'\s[^>]*?\br="([A-Z]{1,3}[0-9]{1,7})"'
_FILLED = re.compile(rb"<(?:\w+:)?c" + _REF + rb"[^>]*(?<!/)>")
_FORMULA = re.compile(rb"<(?:\w+:)?c" + _REF + rb"[^>]*>\s*<(?:\w+:)?f[\s/>]")
_ANY_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_ERROR = re.compile(
    rb'<(?:\w+:)?c(?=[^>]*\st="e")' + _REF + rb"[^>]*>"
    rb"(?:(?!</(?:\w+:)?c>).)*?<(?:\w+:)?v>([^<]{0,20})",
    re.DOTALL,
)  # fmt: skip
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*ref="([A-Z0-9:]{2,21})"')


@dataclass(frozen=True)
class Line:
    """One row that holds something: its number in the sheet, its cells, and what is odd of them.

    ``marks``: place -> ``=`` for a formula, or the error that the cell shows.
    """

    number: int
    cells: list[object]
    marks: dict[int, str]


@dataclass(frozen=True)
class Chosen:
    """The sheet that is read, and which others are there."""

    name: str
    part: str
    names: list[str]


def choose_sheet(archive: Archive, wanted: str, passed_over: Sequence[str]) -> Chosen:
    """Find the sheet of that name; without one, the only sheet that it can be.

    Raises:
        Unfit: there is no such sheet; names those that are there.
    """
    targets = {
        found.get("Id", ""): found.get("Target", "")
        for found in ElementTree.fromstring(archive.part("xl/_rels/workbook.xml.rels"))
    }
    parts: dict[str, str] = {}
    shown: list[str] = []
    for found in ElementTree.fromstring(archive.part("xl/workbook.xml")).iter():
        if found.tag.rpartition("}")[2] != "sheet":
            continue
        name = found.get("name", "")
        link = next((value for key, value in found.items() if key.endswith("}id")), "")
        part = normpath(join("/xl", targets.get(link, ""))).lstrip("/")
        if "/worksheets/" in part:
            parts[name] = part
            if found.get("state", "visible") == "visible":
                shown.append(name)
    named = [name for name in parts if name.strip() == wanted]
    others = [name for name in shown if name.strip() not in passed_over]
    if not named and len(others) != 1:
        raise Unfit(Trouble.WRONG_SHEET, sheets=shown)
    name = (named or others)[0]
    return Chosen(name, parts[name], shown)


class SheetBytes:
    """What the bytes of a sheet say that calamine does not."""

    def __init__(self, text: bytes, limits: ReadLimits) -> None:
        self.merged = [found.decode() for found in _MERGED.findall(text)[:MOST_MERGED]]
        self._check_room(_FILLED.findall(text), limits)
        self.marks: dict[int, dict[int, str]] = {}
        # Most sheets have neither, and are not searched for them cell by cell.
        if _ANY_FORMULA.search(text):
            for ref in _FORMULA.findall(text):
                self._mark(ref, FORMULA)
        if b't="e"' in text:
            for ref, error in _ERROR.findall(text):
                self._mark(ref, error.decode("utf-8", "replace") or "#")

    def _check_room(self, filled: list[bytes], limits: ReadLimits) -> None:
        if not filled:
            return
        letters = {ref.rstrip(b"0123456789") for ref in filled}
        width = max(place_of(found.decode()) for found in letters) + 1
        if width > limits.columns:
            raise Unfit(Trouble.TOO_MANY_COLUMNS, count=width)
        # Rows stand in their order; where they do not, memory is held all the same.
        if _row_of(filled[-1]) * width > limits.cells:
            raise Unfit(Trouble.STRAY_CELL, ref=filled[-1].decode())

    def _mark(self, ref: bytes, mark: str) -> None:
        letters = ref.rstrip(b"0123456789")
        row = self.marks.setdefault(_row_of(ref), {})
        row.setdefault(place_of(letters.decode()), mark)


def read_lines(data: bytes, chosen: Chosen, marks: dict[int, dict[int, str]]) -> Iterator[Line]:
    """Yield the rows of the sheet that hold something.

    Raises:
        Unfit: calamine cannot read it.
    """
    try:
        with CalamineWorkbook.from_filelike(BytesIO(data)) as book:
            sheet = book.get_sheet_by_name(chosen.name)
            # Its rows begin at the top of the sheet, its columns at the first that is filled.
            before: list[object] = [None] * (sheet.start or (0, 0))[1]
            for number, row in enumerate(sheet.iter_rows(), 1):
                cells = before + [plain(value) for value in row]
                while cells and cells[-1] is None:
                    cells.pop()
                odd = marks.get(number, {})
                if cells or odd:
                    yield Line(number, cells, odd)
    except CalamineError as error:
        raise Unfit(Trouble.UNREADABLE) from error


def plain(value: object) -> object:
    """Turn a value into what JSON holds; a day becomes ``{"day": "2020-05-30"}``."""
    if isinstance(value, str):
        return value or None
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        if value.is_integer() and abs(value) < 10**15:
            return int(value)
        short = float(format(value, _DIGITS))
        return short if abs(short) < float("inf") else str(value)
    if isinstance(value, datetime):
        return {"day": value.date().isoformat()}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    return str(value)


def _row_of(ref: bytes) -> int:
    return int(ref.lstrip(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
