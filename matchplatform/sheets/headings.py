"""Find the heading among the rows of a sheet, and which column stands where."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from matchplatform.confined.troubles import Trouble
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.money import format_number
from matchplatform.kernel.text import fold, tidy
from matchplatform.sheets.amounts import ONE, unit_of
from matchplatform.sheets.grid import Grid, GridRow, Raw
from matchplatform.sheets.layout import CellType, ColumnSpec, Layout
from matchplatform.sheets.problems import Problem, Severity, enumerated

# The column that our own annotated copies end with.
REASONS = _("问题")
# Titles and notes may stand over the heading, as in our own exports.
LOOKED_THROUGH = 30
_TAIL = re.compile(r"(.+?)\(([^()]*)\)")
_SIGNS = "*:"
_SAYS_NEEDED = {"必填", "选填", "可选"}
_MERGED = re.compile(r"[A-Z]+([0-9]+)(?::[A-Z]+([0-9]+))?")
_COUNTS = (CellType.NUMBER, CellType.WHOLE, CellType.PERCENT)


@dataclass(frozen=True)
class Heading:
    """Where the columns are. ``places``: key -> 0 for A; ``units``: what a bare number means."""

    row: int
    places: Mapping[str, int]
    units: Mapping[str, Decimal]
    unknown: Sequence[str]
    repeated: Sequence[str]


def find_heading(rows: Sequence[GridRow], layout: Layout) -> Heading | None:
    """Return the heading that names most columns, or None where no row names any two."""
    found = [_match(row, layout) for row in rows[:LOOKED_THROUGH]]
    best = max(found, key=lambda heading: len(heading.places), default=None)
    least = min(2, len(layout.columns))
    return best if best is not None and len(best.places) >= least else None


def heading_problems(grid: Grid, heading: Heading, layout: Layout) -> list[Problem]:
    """List what is wrong with the heading and with the shape of what stands under it."""
    problems = []
    if others := _other_headings(grid, heading, layout):
        words = _(
            "有不止一行标题（第 %(rows)s 行），请只留一行，把分成两层的标题合成一层。",
            rows="、".join(map(str, sorted({heading.row, *others}))),
        )
        problems.append(Problem(Trouble.TWO_HEADINGS, words, row=0))
    if merged := _merged_below(grid, heading.row):
        words = _(
            "有合并的单元格：%(where)s。请取消合并，在每一行里都填上内容。",
            where=enumerated(merged),
        )
        problems.append(Problem(Trouble.MERGED, words))
    if heading.repeated:
        words = _(
            "这些列出现了两次，请各留一列：%(columns)s。", columns=enumerated(heading.repeated)
        )
        problems.append(Problem(Trouble.REPEATED_HEADING, words))
    return problems + _missing(heading, layout) + _warnings(heading, layout)


def heading_text(raw: Raw) -> str:
    """Return a heading as it is compared: folded, without white space and signs at its ends."""
    return fold(tidy(raw)).replace(" ", "").strip(_SIGNS) if isinstance(raw, str) else ""


def _match(row: GridRow, layout: Layout) -> Heading:
    named = _names(layout)
    bases = _bases(layout)
    places: dict[str, int] = {}
    units: dict[str, Decimal] = {}
    unknown, repeated = [], []
    for place, cell in enumerate(row.cells):
        text = heading_text(cell)
        if not text:
            continue
        column, unit = _column_of(text, named, bases)
        if column is None and text == str(REASONS):
            continue
        if column is None:
            unknown.append(str(cell))
        elif column.key in places:
            repeated.append(str(column.words))
        else:
            places[column.key], units[column.key] = place, unit
    return Heading(row.number, places, units, unknown, repeated)


def _names(layout: Layout) -> dict[str, ColumnSpec]:
    return {
        heading_text(str(words)): column
        for column in layout.columns
        for words in (column.words, *column.other_words)
    }


def _bases(layout: Layout) -> dict[str, ColumnSpec]:
    """Return columns by their heading without what stands in brackets, where that is one only."""
    found: dict[str, list[ColumnSpec]] = {}
    for text, column in _names(layout).items():
        found.setdefault(_split(text)[0], []).append(column)
    return {base: columns[0] for base, columns in found.items() if len(columns) == 1}


def _column_of(
    text: str, named: Mapping[str, ColumnSpec], bases: Mapping[str, ColumnSpec]
) -> tuple[ColumnSpec | None, Decimal]:
    if column := named.get(text):
        return column, unit_of(_split(text)[1]) or ONE
    base, tail = _split(text)
    column = bases.get(base)
    if column is None:
        return None, ONE
    if tail in _SAYS_NEEDED:
        tail = ""
    if column.type is CellType.MONEY:
        unit = unit_of(tail)
        return (column, unit) if unit is not None else (None, ONE)
    # 数量（吨） is not the 数量 that is asked for; 开始日期（年月日） is.
    if column.type in _COUNTS and tail and tail not in column.suffixes:
        return None, ONE
    return column, ONE


def _split(text: str) -> tuple[str, str]:
    match = _TAIL.fullmatch(text)
    return (match[1], match[2]) if match else (text, "")


def _other_headings(grid: Grid, heading: Heading, layout: Layout) -> list[int]:
    """Find rows that repeat the heading, and the row above or below that holds the rest of it."""
    own = next(row for row in grid.rows if row.number == heading.row)
    named = [(place, own.cells[place]) for place in heading.places.values()]
    repeated = [
        row.number
        for row in grid.rows
        if row is not own and _agreeing(row.cells, named) >= min(2, len(named))
    ]
    at = grid.rows.index(own)
    around = [*grid.rows[max(at - 1, 0) : at], *grid.rows[at + 1 : at + 2]]
    halves = [row.number for row in around if set(_match(row, layout).places) - set(heading.places)]
    return sorted({*repeated, *halves})


def _agreeing(cells: Sequence[Raw], named: Sequence[tuple[int, Raw]]) -> int:
    return sum(place < len(cells) and cells[place] == words for place, words in named)


def _merged_below(grid: Grid, row: int) -> list[str]:
    last = grid.rows[-1].number
    found = []
    for where in grid.merged:
        match = _MERGED.fullmatch(where)
        if match and int(match[2] or match[1]) >= row and int(match[1]) <= last:
            found.append(where)
    return found


def _missing(heading: Heading, layout: Layout) -> list[Problem]:
    absent = [column for column in layout.columns if column.key not in heading.places]
    needed = [str(column.words) for column in absent if column.needed]
    spare = [str(column.words) for column in absent if not column.needed]
    problems = []
    if needed:
        words = _(
            "第 %(row)s 行的标题里缺这些列：%(columns)s。请按模板补上。",
            row=heading.row,
            columns=enumerated(needed),
        )
        problems.append(Problem(Trouble.MISSING_COLUMNS, words))
    if spare:
        words = _("没有这些列，按没填处理：%(columns)s。", columns=enumerated(spare))
        problems.append(Problem(Trouble.MISSING_COLUMNS, words, Severity.WARNS))
    return problems


def _warnings(heading: Heading, layout: Layout) -> list[Problem]:
    problems = []
    if heading.unknown:
        words = _("不认识这些列，没有读：%(columns)s。", columns=enumerated(heading.unknown))
        problems.append(Problem(Trouble.UNKNOWN_COLUMNS, words, Severity.WARNS))
    for column in layout.columns:
        usual = unit_of(_split(heading_text(str(column.words)))[1]) or ONE
        if heading.units.get(column.key, usual) != usual:
            words = _(
                "“%(heading)s”一列的标题改了单位，按标题读：填 1 就是 %(yuan)s 元。请核对。",
                heading=column.words,
                yuan=format_number(heading.units[column.key]),
            )
            problems.append(Problem(Trouble.OTHER_UNIT, words, Severity.WARNS, key=column.key))
    return problems
