"""Write XLSX, row by row, so that a long table takes no more memory than a short one."""

from collections.abc import Mapping, Sequence
from typing import IO, Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from matchplatform.kernel.i18n import Words
from matchplatform.sheets.cells import day_of, number_of, text_of, width_of, width_of_text
from matchplatform.sheets.sheet import Cell, Column, Kind, Sheet

NARROWEST, WIDEST = 6, 60
FILTER_ARROW = 3
_FORMATS = {
    Kind.MONEY_YUAN: "#,##0.00",
    Kind.WAN: "#,##0.00",
    Kind.NUMBER: "#,##0.###",
    Kind.PERCENT: "0.0%",
    Kind.DATE: "yyyy-mm-dd",
}
_WHOLE = "#,##0"
FONT = {"font_name": "宋体", "font_size": 11, "valign": "top"}
HEADING_LOOK = {**FONT, "bold": True, "bottom": 1, "bg_color": "#F2EDE3", "text_wrap": True}
# Nothing that people typed may become a formula or a link; both would act when the file is opened.
OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def write_xlsx(sheets: Sequence[Sheet], stream: IO[bytes]) -> None:
    """Write the sheets as one workbook: heading frozen, filters on, widths as the text needs."""
    with xlsxwriter.Workbook(stream, OPTIONS) as book:
        looks = _make_looks(book)
        for sheet in sheets:
            _Writer(book.add_worksheet(tab_name(sheet.title, book)), sheet, looks).write()


class _Writer:
    """One sheet under way: where it stands, and how wide its columns have become."""

    def __init__(self, page: Worksheet, sheet: Sheet, looks: Mapping[str, Format]) -> None:
        self.page, self.sheet, self.looks = page, sheet, looks
        self.at = 0
        self.widths = [
            column.width or width_of_text(text_of(column.words)) + FILTER_ARROW
            for column in sheet.headings
        ]

    def write(self) -> None:
        """Write head lines, headings, rows and the foot line, from the top down."""
        for place, words in enumerate([self.sheet.title, *self.sheet.head_lines]):
            self._line(words, "title" if place == 0 else "note")
        heading = self.at
        for place, column in enumerate(self.sheet.headings):
            self.page.write_string(heading, place, text_of(column.words), self.looks["heading"])
        self.at += 1
        self.page.freeze_panes(self.at, 1)
        for row in self.sheet.rows:
            self._row(row)
        self.page.autofilter(
            heading, 0, max(self.at - 1, heading), max(len(self.sheet.headings) - 1, 0)
        )
        if self.sheet.foot_line:
            self._line(self.sheet.foot_line, "note")
        for place, width in enumerate(self.widths):
            self.page.set_column(place, place, min(max(width + 1, NARROWEST), WIDEST))
        self.page.repeat_rows(heading)
        self.page.set_landscape()
        self.page.set_paper(9)  # A4
        self.page.fit_to_pages(1, 0)

    def _line(self, words: object, look: str) -> None:
        self.page.write_string(self.at, 0, text_of(str(words)), self.looks[look])
        self.at += 1

    def _row(self, row: Sequence[Cell]) -> None:
        for place, (column, value) in enumerate(zip(self.sheet.headings, row, strict=True)):
            if value is None or value == "":
                continue
            self._cell(place, column, value)
            if not column.width:
                self.widths[place] = max(self.widths[place], width_of(value, column.kind))
        self.at += 1

    def _cell(self, place: int, column: Column, value: Cell) -> None:
        number, day = number_of(value, column.kind), day_of(value)
        if number is not None:
            whole = column.kind is Kind.NUMBER and number == number.to_integral_value()
            look = self.looks["whole" if whole else column.kind]
            self.page.write_number(self.at, place, number, look)  # type: ignore[arg-type]
        elif column.kind is Kind.DATE and day is not None:
            self.page.write_datetime(self.at, place, day, self.looks[column.kind])
        elif column.kind is Kind.LINK:
            self.page.write_url(self.at, place, text_of(value), self.looks["link"])
        else:
            self.page.write_string(self.at, place, text_of(value), self.looks[Kind.TEXT])


def _make_looks(book: Any) -> dict[str, Format]:
    looks = {kind: book.add_format({**FONT, "num_format": how}) for kind, how in _FORMATS.items()}
    return {
        **{str(kind): look for kind, look in looks.items()},
        "text": book.add_format({**FONT, "num_format": "@", "text_wrap": True}),
        "whole": book.add_format({**FONT, "num_format": _WHOLE}),
        "link": book.add_format({**FONT, "font_color": "#1F4E70", "underline": 1}),
        "title": book.add_format({**FONT, "font_size": 14, "bold": True}),
        "note": book.add_format({**FONT, "font_color": "#414C58"}),
        "heading": book.add_format(HEADING_LOOK),
    }


def tab_name(words: Words, book: Any) -> str:
    """Return a name for a sheet that Excel takes and that no other sheet has."""
    # Excel allows 31 characters, some of them never, and no name twice.
    name = "".join(char for char in text_of(words) if char not in "[]:*?/\\'")[:25]
    name = name or "Sheet"
    taken = {page.get_name().casefold() for page in book.worksheets()}
    return name if name.casefold() not in taken else f"{name} {len(taken) + 1}"
