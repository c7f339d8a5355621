"""What the rows of a project say, put over what the project says now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from typing import Any

from matchplatform.imports.bundles import Bundle, Head
from matchplatform.imports.project_layout import (
    COLUMN_OF_LINE,
    DETAIL_KEYS,
    FIELD_OF,
    LINE_KEYS,
    OF_LINE,
)
from matchplatform.imports.showing import Shown, show
from matchplatform.kernel.errors import InvalidInput
from matchplatform.kernel.i18n import gettext
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.money import format_number
from matchplatform.kernel.text import tidy
from matchplatform.projects.details import LineDetails, ProjectDetails, check_shape
from matchplatform.projects.models import YUAN, Project
from matchplatform.projects.states import LINE_WORDS, LineKind, ProjectKind, Sector
from matchplatform.sheets import Problem, ReadRow

_COUNTS = ("direct_people", "households", "person_times")
_DAYS = ("starts_on", "ends_on", "claim_deadline")


@dataclass(frozen=True)
class Written:
    """A project as the file would have it; ``changes``: label, before, after."""

    details: ProjectDetails
    lines: Sequence[LineDetails]
    changes: Sequence[tuple[str, str, str]]
    problems: Sequence[Problem]


_NOTHING = ProjectDetails(name="", kind=ProjectKind.PROJECT, sector=Sector.EDUCATION)


def read_written(
    head: Head, bundle: Bundle, project: Project | None, batches: Mapping[str, int]
) -> Written:
    """Put the rows together; a column that the file lacks leaves what is there as it is."""
    problems = _contradictions(head, bundle)
    values = _merged(head, bundle)
    if project is None:
        problems += [
            head.problem(bundle.first.number, key, _("新项目必须填这一项"))
            for key in ("name", "kind", "sector")
            if not values.get(key)
        ]
    batch = values.get("batch")
    if batch and batch not in batches:
        words = _("没有叫“%(name)s”的批次", name=batch)
        problems.append(head.problem(bundle.first.number, "batch", words))
    old = _NOTHING if project is None else _now(ProjectDetails, project)
    details = replace(old, **_columns(values, batches)) if not problems else old
    before = [] if project is None else [_now(LineDetails, line) for line in project.lines]
    lines, placed, wrong = _put_lines(head, bundle, before)
    problems += wrong
    if not problems:
        problems += _misshapen(head, bundle, details, lines, placed)
    changes = [] if problems else _changes(head, old, details, before, lines, batches)
    return Written(details, lines, changes, problems)


def _now(form: Any, row: object) -> Any:
    return form(**{field.name: getattr(row, field.name) for field in fields(form)})


def _contradictions(head: Head, bundle: Bundle) -> list[Problem]:
    """Find rows that say otherwise of the project than its first row."""
    said: dict[str, tuple[object, int]] = {}
    problems = []
    for row in bundle.rows:
        for key in ("number", *DETAIL_KEYS):
            value = row.values.get(key)
            if value is None:
                continue
            first, at = said.setdefault(key, (value, row.number))
            if first != value:
                words = _("和第 %(row)s 行写的不一样；同一个项目只能有一种写法", row=at)
                problems.append(head.problem(row.number, key, words))
    return problems


def _merged(head: Head, bundle: Bundle) -> dict[str, Any]:
    """Return what the rows together say of the project, by the columns that the file has."""
    return {
        key: next((v for row in bundle.rows if (v := row.values.get(key)) is not None), None)
        for key in DETAIL_KEYS
        if key in head.letters
    }


def _columns(values: Mapping[str, Any], batches: Mapping[str, int]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in values.items():
        name = FIELD_OF.get(key, key)
        if key == "batch":
            found[name] = batches.get(value) if value else None
        elif key in _COUNTS:
            found[name] = value or 0
        elif key in _DAYS:
            found[name] = value
        elif key == "kind" and value:
            found[name] = ProjectKind(value)
        elif key == "sector" and value:
            found[name] = Sector(value)
        elif key not in ("kind", "sector") and (value or key != "name"):
            found[name] = tidy(value or "")
    return found


def _put_lines(
    head: Head, bundle: Bundle, before: Sequence[LineDetails]
) -> tuple[list[LineDetails], dict[int, ReadRow], list[Problem]]:
    """Put each row over the line that it means, or behind the others; no line goes away."""
    lines, placed, problems = list(before), dict[int, ReadRow](), list[Problem]()
    for row in bundle.rows:
        cells = {key: row.values[key] for key in LINE_KEYS if row.values.get(key) is not None}
        if not cells:
            continue
        at = _line_meant(lines, len(before), placed, cells)
        if at is None:
            words = _(
                "没有第 %(position)s 条，或前面的行已经写了它；新条目请把序号留空",
                position=cells["position"],
            )
            problems.append(head.problem(row.number, "position", words))
            continue
        wrong = _missing(head, row, cells) if at == len(lines) else []
        problems += wrong
        if wrong:
            continue
        over = _line_columns(head, row, cells)
        if at == len(lines):
            lines.append(LineDetails(**{"unit_price": None, "unit": YUAN, **over}))
        else:
            lines[at] = replace(lines[at], **over)
        placed[at] = row
    return lines, placed, problems


def _line_meant(
    lines: Sequence[LineDetails],
    known: int,
    placed: Mapping[int, ReadRow],
    cells: Mapping[str, Any],
) -> int | None:
    position = cells.get("position")
    if position is not None and known:
        at = int(position) - 1
        return at if 0 <= at < known and at not in placed else None
    for at, line in enumerate(lines[:known]):
        same = (str(line.kind), line.item) == (cells.get("line_kind"), tidy(cells.get("item", "")))
        if same and at not in placed:
            return at
    return len(lines)


def _missing(head: Head, row: ReadRow, cells: Mapping[str, Any]) -> list[Problem]:
    needed = ["line_kind", "item", "quantity", "min_lot"]
    if cells.get("line_kind") != LineKind.MONEY:
        needed.append("unit")
    words = _("新条目必须填这一项")
    return [head.problem(row.number, key, words) for key in needed if key not in cells]


def _line_columns(head: Head, row: ReadRow, cells: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for column in OF_LINE:
        name = FIELD_OF.get(column.key, column.key)
        if column.key in ("position", "unit") and column.key not in cells:
            continue
        if column.key == "unit_price" and column.key in head.letters:
            found[name] = cells.get(column.key)
        elif column.key == "line_note" and column.key in head.letters:
            found[name] = tidy(cells.get(column.key, ""))
        elif column.key == "line_kind" and column.key in cells:
            found[name] = LineKind(cells[column.key])
        elif column.key in cells and column.key != "position":
            value = cells[column.key]
            found[name] = tidy(value) if isinstance(value, str) else value
    if found.get("kind") is LineKind.MONEY:
        found |= {"unit": YUAN, "unit_price": Decimal(1)}
    if found.get("kind") is LineKind.JOBS:
        found["unit_price"] = None
    return found


def _misshapen(
    head: Head,
    bundle: Bundle,
    details: ProjectDetails,
    lines: Sequence[LineDetails],
    placed: Mapping[int, ReadRow],
) -> list[Problem]:
    """Put what the verb would refuse at the cells that it is about."""
    try:
        check_shape(details, lines)
    except InvalidInput as error:
        problems = []
        for name, words in error.fields.items():
            at, key = bundle.first.number, name
            if name.startswith("lines-"):
                place, _dash, inner = name.removeprefix("lines-").partition("-")
                row = placed.get(int(place))
                at, key = row.number if row else at, COLUMN_OF_LINE.get(inner, inner)
            problems.append(head.problem(at, key, str(words).rstrip("。")))
        return problems
    return []


def _changes(
    head: Head,
    old: ProjectDetails,
    new: ProjectDetails,
    before: Sequence[LineDetails],
    after: Sequence[LineDetails],
    batches: Mapping[str, int],
) -> list[tuple[str, str, str]]:
    was, now = old.tidied(), new.tidied()
    names = {batch_id: name for name, batch_id in batches.items()}
    found = []
    for key in DETAIL_KEYS:
        column, name = head.layout.column(key), FIELD_OF.get(key, key)
        if was[name] != now[name]:
            shown: Shown = names if key == "batch" else column.choices
            found.append((str(column.words), show(was[name], shown), show(now[name], shown)))
    for at, line in enumerate(after):
        label = gettext("第 %(position)s 条", position=at + 1)
        then = before[at] if at < len(before) else None
        if then is None or then.tidied() != line.tidied():
            found.append((label, _told(then), _told(line)))
    return found


def _told(line: LineDetails | None) -> str:
    if line is None:
        return show(None, {})
    price = ""
    if line.unit_price is not None and line.kind is not LineKind.MONEY:
        price = gettext(" × %(price)s 元", price=format_number(line.unit_price))
    amount = f"{format_number(line.quantity)} {line.unit}{price}"
    lot = gettext("起领 %(lot)s", lot=format_number(line.min_lot))
    parts = [f"{LINE_WORDS[line.kind]} {line.item}", amount, lot, line.note]
    return " · ".join(part for part in parts if part)
