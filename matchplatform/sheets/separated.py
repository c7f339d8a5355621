"""Write CSV as Chinese spreadsheets open it: UTF-8 with its mark, lines ended by CR LF."""

import csv
import io
from collections.abc import Iterator, Sequence
from typing import IO

from matchplatform.sheets.cells import day_of, number_of, text_of
from matchplatform.sheets.sheet import Cell, Column, Kind, Sheet

BOM = "\ufeff"
# Source: OWASP, CSV injection; the full-width forms are folded by Chinese and Japanese Excel.
_ACTING = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def write_csv(sheet: Sheet, stream: IO[bytes]) -> None:
    """Write one sheet: head lines, headings, rows, and the foot line."""
    text = io.TextIOWrapper(stream, encoding="utf-8", errors="replace", newline="")
    try:
        text.write(BOM)
        csv.writer(text, lineterminator="\r\n").writerows(_lines(sheet))
        text.flush()
    finally:
        text.detach()


def neutral(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula when it opens the file."""
    acts = text.startswith(_ACTING) or text.lstrip().startswith(_ACTING)
    return f"'{text}" if acts else text


def _lines(sheet: Sheet) -> Iterator[Sequence[str]]:
    for words in (sheet.title, *sheet.head_lines):
        yield [neutral(text_of(words))]
    yield [neutral(text_of(column.words)) for column in sheet.headings]
    for row in sheet.rows:
        yield [_cell(column, value) for column, value in zip(sheet.headings, row, strict=True)]
    if sheet.foot_line:
        yield [neutral(text_of(sheet.foot_line))]


def _cell(column: Column, value: Cell) -> str:
    number, day = number_of(value, column.kind), day_of(value)
    if number is not None:
        return _plain(number, column.kind)
    if column.kind is Kind.DATE and day is not None:
        return day.isoformat()
    return neutral(text_of(value))


def _plain(number: object, kind: Kind) -> str:
    if kind is Kind.PERCENT:
        return f"{number:.1%}"
    text = f"{number:f}"
    # Quantities carry three decimals; money keeps its two.
    return text.rstrip("0").rstrip(".") if kind is Kind.NUMBER and "." in text else text
