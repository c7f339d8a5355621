"""Read a spreadsheet that somebody sent as the table that a layout describes."""

from matchplatform.confined.limits import ReadLimits
from matchplatform.confined.troubles import Trouble, Unfit
from matchplatform.kernel.i18n import Words, gettext
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.sheets.grid import Grid, GridRow, Raw, check_outside, read_grid
from matchplatform.sheets.headings import Heading, find_heading, heading_problems
from matchplatform.sheets.layout import Layout
from matchplatform.sheets.problems import Problem, Severity, enumerated, file_problem
from matchplatform.sheets.table import Row, Table, is_example, place_letters


def passed_over() -> list[str]:
    """Return the names of sheets that hold no data: those of our own templates."""
    return [gettext("说明"), gettext("选项"), gettext("问题")]


def read_table(data: bytes, name: str, layout: Layout, limits: ReadLimits | None = None) -> Table:
    """Read a file; hold no transaction meanwhile, for it can take seconds.

    Whatever is wrong with it is told in the table's problems.

    Raises:
        Busy: too many files are being read just now.
    """
    limits = limits or ReadLimits()
    try:
        grid = read_grid(data, name, limits, str(layout.sheet), passed_over())
    except Unfit as unfit:
        return Table(layout, [file_problem(unfit.trouble, limits, layout.sheet, unfit.about)])
    return make_table(grid, layout, limits)


def look_outside(
    data: bytes, name: str, layout: Layout, limits: ReadLimits | None = None
) -> Problem | None:
    """Say what is wrong by name, size and first bytes alone, before the file is kept."""
    limits = limits or ReadLimits()
    try:
        check_outside(data, name, limits)
    except Unfit as unfit:
        return file_problem(unfit.trouble, limits, layout.sheet, unfit.about)
    return None


def make_table(grid: Grid, layout: Layout, limits: ReadLimits) -> Table:
    """Find the heading and the rows of data in a sheet."""
    heading = find_heading(grid.rows, layout)
    if heading is None:
        columns = enumerated([str(column.words) for column in layout.columns])
        words: Words = _("没有找到标题行，应该有这些列：%(columns)s。", columns=columns)
        if not grid.rows:
            words = _("工作表里什么也没有。请填好再传。")
        return Table(layout, [Problem(Trouble.NO_HEADINGS, words)], grid.sheet, grid.encoding)
    problems = heading_problems(grid, heading, layout)
    rows = [
        row
        for found in grid.rows
        if found.number > heading.row and (row := _row_of(found, heading)) is not None
    ]
    rows = [row for row in rows if not is_example(row, layout)]
    if len(rows) > limits.rows:
        problems.append(file_problem(Trouble.TOO_MANY_ROWS, limits, layout.sheet, {}))
    if not rows:
        problems.append(Problem(Trouble.NO_ROWS, _("标题行下面没有数据。请填好再传。")))
    refused = any(problem.severity is Severity.STOPS for problem in problems)
    return Table(
        layout=layout,
        problems=problems,
        sheet=grid.sheet,
        encoding=grid.encoding,
        heading_row=heading.row,
        letters=place_letters(heading.places),
        units=heading.units,
        rows=() if refused else rows,
    )


def _row_of(found: GridRow, heading: Heading) -> Row | None:
    """Return the row by its columns, or None where nothing stands in them."""
    cells: dict[str, Raw] = {}
    marks: dict[str, str] = {}
    for key, place in heading.places.items():
        cell = found.cells[place] if place < len(found.cells) else None
        if cell is not None and not (isinstance(cell, str) and not cell.strip()):
            cells[key] = cell
        if place in found.marks:
            marks[key] = found.marks[place]
    return Row(found.number, cells, marks) if cells or marks else None
