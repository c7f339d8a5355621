"""A spreadsheet read as the table that a layout describes: rows by number, cells by column."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from matchplatform.confined.places import letters_of
from matchplatform.confined.troubles import Trouble
from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.text import fold
from matchplatform.sheets import amounts, days, plain
from matchplatform.sheets.grid import Raw
from matchplatform.sheets.layout import CellType, ColumnSpec, Layout, Value
from matchplatform.sheets.problems import Misread, Problem, Severity

FORMULA = "="
EXAMPLE_MARK = "例："
_TOTALS = {"合计", "总计", "小计", "共计", "总合计"}
_READERS: Mapping[CellType, Callable[[Raw, ColumnSpec], Value]] = {
    CellType.TEXT: plain.read_text,
    CellType.CODE: plain.read_code,
    CellType.USCC: plain.read_uscc,
    CellType.YES_NO: plain.read_yes_no,
    CellType.NUMBER: amounts.read_number,
    CellType.WHOLE: amounts.read_whole,
    CellType.PERCENT: amounts.read_percent,
    CellType.DATE: days.read_day,
    CellType.QUARTER: days.read_quarter,
}


@dataclass(frozen=True)
class Row:
    """One row of data as it stands: its number in the sheet, its cells by the key of their column.

    ``marks``: key -> ``=`` for a formula, or the error that the cell shows.
    """

    number: int
    cells: Mapping[str, Raw]
    marks: Mapping[str, str]


@dataclass(frozen=True)
class ReadRow:
    """One row as read. ``values`` holds every column of the file, None where nothing was typed.

    A column whose cell has a problem is not among the values.
    """

    number: int
    values: Mapping[str, Value]
    problems: Sequence[Problem]


@dataclass(frozen=True)
class Table:
    """What was found in a file. Where ``refused`` there are no rows, and the problems say why.

    ``letters``: key -> A, B, ...; ``units``: key -> yuan that a bare number means.
    """

    layout: Layout
    problems: Sequence[Problem]
    sheet: str = ""
    encoding: str = ""
    heading_row: int = 0
    letters: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, Decimal] = field(default_factory=dict)
    rows: Sequence[Row] = ()

    @property
    def refused(self) -> bool:
        """Tell whether the file cannot be taken at all."""
        return any(problem.severity is Severity.STOPS for problem in self.problems)

    @cached_property
    def _choices(self) -> Mapping[str, Mapping[str, str]]:
        return {column.key: plain.choices_of(column) for column in self.layout.columns}

    def read(self) -> Iterator[ReadRow]:
        """Read every row."""
        return map(self.read_row, self.rows)

    def read_row(self, row: Row) -> ReadRow:
        """Read one row: values, and a problem for each cell that cannot be read."""
        if problem := self._odd_row(row):
            return ReadRow(row.number, {}, [problem])
        values: dict[str, Value] = {}
        problems: list[Problem] = []
        for column in self.layout.columns:
            if column.key not in self.letters:
                continue
            try:
                values[column.key] = self._read_cell(row, column)
            except Misread as misread:
                problems.append(self._cell_problem(row, column, misread))
        return ReadRow(row.number, values, problems)

    def _read_cell(self, row: Row, column: ColumnSpec) -> Value:
        mark = row.marks.get(column.key, "")
        if mark == FORMULA:
            words = _("这里是公式，公式请改成数值（复制后“选择性粘贴”为数值）")
            raise Misread(Trouble.FORMULA, words)
        if mark:
            words = _("这里是错误值 %(shown)s，请改成正确的内容", shown=mark)
            raise Misread(Trouble.ERROR_VALUE, words)
        raw = row.cells.get(column.key)
        if column.type is CellType.MONEY:
            value: Value = amounts.read_money(raw, column, self.units[column.key])
        elif column.type is CellType.CHOICE:
            value = plain.read_choice(raw, column, self._choices[column.key])
        else:
            value = _READERS[column.type](raw, column)
        if value is None and column.needed:
            raise Misread(Trouble.BLANK, _("没有填，这一项必须填"))
        return value

    def _cell_problem(self, row: Row, column: ColumnSpec, misread: Misread) -> Problem:
        return Problem(
            misread.kind,
            misread.why,
            Severity.SPOILS,
            row=row.number,
            key=column.key,
            heading=column.words,
            letter=self.letters[column.key],
        )

    def _odd_row(self, row: Row) -> Problem | None:
        first = next((fold(cell) for cell in row.cells.values() if isinstance(cell, str)), "")
        if first.replace(" ", "").rstrip(":") in _TOTALS:
            return _row_problem(Trouble.TOTAL_ROW, row, _("这一行像是合计，请删掉这一行"))
        if first.startswith(fold(EXAMPLE_MARK)):
            words = _("这一行还带着“例：”：是真的数据请去掉这两个字，是示例请删掉这一行")
            return _row_problem(Trouble.EXAMPLE_ROW, row, words)
        return None


def example_cells(layout: Layout) -> list[str]:
    """Return the example row of a template; its first cell says that it is one."""
    cells = [column.example for column in layout.columns]
    return [f"{EXAMPLE_MARK}{cells[0]}", *cells[1:]]


def is_example(row: Row, layout: Layout) -> bool:
    """Tell whether a row is the template's example, untouched."""
    keys = [column.key for column in layout.columns]
    if not str(row.cells.get(keys[0], "")).strip().startswith(EXAMPLE_MARK):
        return False
    cells = dict(zip(keys, example_cells(layout), strict=True))
    return all(_shown(cell) == fold(cells[key]) for key, cell in row.cells.items())


def place_letters(places: Mapping[str, int]) -> dict[str, str]:
    """Return the letters of columns."""
    return {key: letters_of(place) for key, place in places.items()}


def _shown(raw: Raw) -> str:
    return fold(f"{raw.normalize():f}") if isinstance(raw, Decimal) else fold(str(raw or ""))


def _row_problem(kind: Trouble, row: Row, words: Words) -> Problem:
    return Problem(kind, words, Severity.SPOILS, row=row.number)
