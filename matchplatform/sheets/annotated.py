"""Give a file back with what is wrong with it marked in its cells."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from matchplatform.confined.limits import ReadLimits
from matchplatform.confined.places import place_of
from matchplatform.confined.troubles import Unfit
from matchplatform.kernel.i18n import gettext
from matchplatform.sheets.cells import text_of, width_of_text
from matchplatform.sheets.grid import Grid, GridRow, Raw, read_grid
from matchplatform.sheets.headings import REASONS, find_heading, heading_text
from matchplatform.sheets.layout import Layout
from matchplatform.sheets.problems import Problem
from matchplatform.sheets.reading import passed_over
from matchplatform.sheets.workbook import FONT, HEADING_LOOK, OPTIONS, tab_name

# Excel draws every note when it opens a file; the last column says the same of every row.
MOST_NOTES = 2000
WIDEST, NARROWEST = 40, 8
ROWS_MEASURED = 200


def annotated_copy(
    data: bytes,
    name: str,
    layout: Layout,
    problems: Sequence[Problem],
    limits: ReadLimits | None = None,
) -> bytes:
    """Return an XLSX of the same rows, the wrong cells coloured, a last column with the reasons.

    A file that cannot be opened at all comes back as the list of what is wrong.

    Raises:
        Busy: too many files are being read just now.
    """
    try:
        grid = read_grid(data, name, limits or ReadLimits(), str(layout.sheet), passed_over())
    except Unfit:
        grid = Grid()
    made = BytesIO()
    with xlsxwriter.Workbook(made, OPTIONS) as book:
        looks = _looks(book)
        if grid.rows:
            # The same name, so that the mended copy can be sent as it is.
            page = book.add_worksheet(tab_name(grid.sheet or layout.sheet, book))
            _Copy(page, grid, layout, problems, looks).write()
        _list(book.add_worksheet(gettext("问题")), problems, looks)
    return made.getvalue()


class _Copy:
    """The sheet as it came, with what is wrong in it."""

    def __init__(
        self,
        page: Worksheet,
        grid: Grid,
        layout: Layout,
        problems: Sequence[Problem],
        looks: Mapping[str, Any],
    ) -> None:
        self.page, self.grid, self.looks = page, grid, looks
        heading = find_heading(grid.rows, layout)
        self.heading_row = heading.row if heading else 0
        self.last = max(len(row.cells) for row in grid.rows)
        for row in grid.rows:
            # A copy that is marked once more: new reasons take the place of the old ones.
            if row.number == self.heading_row and heading_text(row.cells[-1]) == str(REASONS):
                self.last = len(row.cells) - 1
        self.by_row: dict[int, list[Problem]] = {}
        for problem in problems:
            if problem.row:
                self.by_row.setdefault(problem.row, []).append(problem)
        self.notes = 0

    def write(self) -> None:
        """Write every row in its place."""
        self._widths()
        for row in self.grid.rows:
            self._row(row, self.by_row.get(row.number, []))
            if row.number == self.heading_row:
                at = row.number - 1
                self.page.write_string(at, self.last, str(REASONS), self.looks["heading"])
        self.page.freeze_panes(self.heading_row, 0)

    def _row(self, row: GridRow, problems: Sequence[Problem]) -> None:
        wrong = {place_of(problem.letter): problem for problem in problems if problem.letter}
        for place in range(self.last):
            raw = row.cells[place] if place < len(row.cells) else None
            if raw is None and place not in wrong:
                continue
            self._cell(row.number - 1, place, raw, wrong.get(place))
        if problems:
            said = "；".join(text_of(_said(problem)) for problem in problems)
            self.page.write_string(row.number - 1, self.last, said, self.looks["reason"])

    def _cell(self, at: int, place: int, raw: Raw, problem: Problem | None) -> None:
        suffix = "_wrong" if problem else ""
        if problem and self.notes < MOST_NOTES:
            self.notes += 1
            self.page.write_comment(at, place, text_of(problem.why))
        if isinstance(raw, bool):
            self.page.write_boolean(at, place, raw, self.looks[f"text{suffix}"])
        elif isinstance(raw, Decimal):
            self.page.write_number(at, place, float(raw), self.looks[f"number{suffix}"])
        elif isinstance(raw, date):
            self.page.write_datetime(at, place, raw, self.looks[f"day{suffix}"])
        elif raw is not None:
            self.page.write_string(at, place, text_of(raw), self.looks[f"text{suffix}"])
        else:
            self.page.write_blank(at, place, None, self.looks["text_wrong"])

    def _widths(self) -> None:
        for place in range(self.last):
            widest = max(
                (
                    width_of_text(str(row.cells[place]))
                    for row in self.grid.rows[:ROWS_MEASURED]
                    if place < len(row.cells) and row.cells[place] is not None
                ),
                default=0,
            )
            self.page.set_column(place, place, min(max(widest + 2, NARROWEST), WIDEST))
        self.page.set_column(self.last, self.last, 2 * WIDEST)


def _list(page: Worksheet, problems: Sequence[Problem], looks: Mapping[str, Any]) -> None:
    headings = (gettext("行"), gettext("列"), gettext("问题"))
    for place, words in enumerate(headings):
        page.write_string(0, place, words, looks["heading"])
    for at, problem in enumerate(problems, 1):
        if problem.row:
            page.write_number(at, 0, problem.row, looks["number"])
        page.write_string(
            at, 1, text_of(f"{problem.letter} {problem.heading}".strip()), looks["text"]
        )
        page.write_string(at, 2, text_of(problem.why), looks["reason"])
    page.freeze_panes(1, 0)
    for place, width in enumerate((8, 24, 2 * WIDEST)):
        page.set_column(place, place, width)


def _said(problem: Problem) -> str:
    return f"{problem.heading}：{problem.why}" if problem.heading else str(problem.why)


def _looks(book: Any) -> dict[str, Any]:
    wrong = {"bg_color": "#FBE3D6", "border": 1, "border_color": "#B4471F"}
    formats = {"text": "@", "number": "General", "day": "yyyy-mm-dd"}
    looks = {name: book.add_format({**FONT, "num_format": how}) for name, how in formats.items()}
    looks |= {
        f"{name}_wrong": book.add_format({**FONT, **wrong, "num_format": how})
        for name, how in formats.items()
    }
    looks["heading"] = book.add_format(HEADING_LOOK)
    looks["reason"] = book.add_format({**FONT, "font_color": "#8A2F0F", "text_wrap": True})
    return looks
