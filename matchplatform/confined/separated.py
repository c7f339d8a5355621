"""Read a CSV file in the three ways in which Chinese spreadsheets write it."""

import csv
import io
import re
from collections.abc import Iterator

from matchplatform.confined.limits import ReadLimits
from matchplatform.confined.troubles import Trouble, Unfit
from matchplatform.confined.workbook import FORMULA, Line

UTF_8, UTF_8_MARKED, GB18030 = "UTF-8", "UTF-8 BOM", "GB18030"
_CODECS = {UTF_8_MARKED: "utf-8-sig", UTF_8: "utf-8", GB18030: "gb18030"}
_MARK = b"\xef\xbb\xbf"
_NOT_TEXT = re.compile(r"[\x00-\x08\x0e-\x1f]")
_SEPARATORS = ",\t;"
# ="0012" is how programs keep a spreadsheet from making a number of a code.
_KEPT_AS_TEXT = re.compile(r'="([^"]*)"')


def decode(data: bytes) -> tuple[str, str]:
    """Return the text and the name of its encoding: the first that fits every byte.

    Raises:
        Unfit: none does, or it is no text.
    """
    for name, codec in _CODECS.items():
        if name == UTF_8_MARKED and not data.startswith(_MARK):
            continue
        try:
            text = data.decode(codec)
        except UnicodeDecodeError:
            continue
        if _NOT_TEXT.search(text):
            raise Unfit(Trouble.OTHER_CONTENT)
        return text, name
    raise Unfit(Trouble.ENCODING)


def read_lines(text: str, limits: ReadLimits) -> Iterator[Line]:
    """Yield the records that hold something; a record's number is its row in a spreadsheet.

    Raises:
        Unfit: a quotation is never closed, or a record is too wide.
    """
    head = next((line for line in text.splitlines() if line.strip()), "")
    separator = max(_SEPARATORS, key=head.count)
    records = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        for number, record in enumerate(records, 1):
            record = [_unwrap(cell) for cell in record]
            cells: list[object] = [cell if cell.strip() else None for cell in record]
            while cells and cells[-1] is None:
                cells.pop()
            if len(cells) > limits.columns:
                raise Unfit(Trouble.TOO_MANY_COLUMNS, count=len(cells))
            if cells:
                yield Line(number, cells, _formulas(record))
    except csv.Error as error:
        kind = Trouble.TRUNCATED if "unexpected end" in str(error) else Trouble.UNREADABLE
        raise Unfit(kind) from error


def _unwrap(cell: str) -> str:
    kept = _KEPT_AS_TEXT.fullmatch(cell) if cell.startswith("=") else None
    return kept[1] if kept else cell


def _formulas(record: list[str]) -> dict[int, str]:
    return {place: FORMULA for place, cell in enumerate(record) if cell.startswith("=")}
