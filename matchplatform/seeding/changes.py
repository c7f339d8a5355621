"""Published projects of the demo that were changed: by the city, or as their county proposed."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from matchplatform.access.actor import Actor
from matchplatform.catalogue.changed import tell_of_change
from matchplatform.kernel import clock
from matchplatform.kernel.outbox import list_due
from matchplatform.projects.changing import LineChange, change_project
from matchplatform.projects.copying import details_of, lines_of
from matchplatform.projects.details import ProjectDetails
from matchplatform.projects.models import Project
from matchplatform.projects.posting_models import ChangeProposal
from matchplatform.projects.proposals import find_open_proposal
from matchplatform.projects.proposing import propose_change, refuse_proposal
from matchplatform.projects.states import ProposalState
from matchplatform.projects.telling import CHANGE_TOPIC
from matchplatform.seeding.cast import Cast
from matchplatform.seeding.tables import day_of, read_table
from matchplatform.seeding.timetable import Timetable, working_minute


@dataclass(frozen=True)
class ChangeRow:
    """A change of a published project: who wrote it, what, why, and what was decided of it.

    ``what``: values by the name of a field, or by ``line:``, its position, ``:`` and a column.
    """

    number: str
    day: int
    by_county: bool
    what: dict[str, str]
    reason: str
    answered_day: int | None
    answer: str
    state: ProposalState


def read_changes() -> list[ChangeRow]:
    """Read changes.csv."""
    return [
        ChangeRow(
            number=row["number"],
            day=int(row["day"]),
            by_county=row["by"] == "county",
            what=dict(_pair(part) for part in row["what"].split(";")),
            reason=row["reason"],
            answered_day=day_of(row["answered_day"]),
            answer=row["answer"],
            state=ProposalState(row["state"]),
        )
        for row in read_table("changes.csv")
    ]


def plan_changes(timetable: Timetable, cast: Cast, rows: list[ChangeRow]) -> None:
    """Put the changes, and what was decided of those proposed, on the timetable."""
    for serial, row in enumerate(rows):
        minute = working_minute(serial)
        first = _propose if row.by_county else _change
        timetable.add(row.day, minute, partial(first, cast, row))
        if row.answered_day is not None:
            timetable.add(row.answered_day, minute, partial(_decide, cast, row))


def _propose(cast: Cast, row: ChangeRow) -> None:
    project = cast.project(row.number)
    details, lines = _wanted(project, row)
    propose_change(
        actor=cast.officer(project.region_code, 0),
        project=project,
        version=project.version,
        details=details,
        lines=lines,
        reason=row.reason,
        typed=_as_typed(project, details, lines, row.reason),
    )


def _decide(cast: Cast, row: ChangeRow) -> None:
    project = cast.project(row.number)
    proposal = find_open_proposal(project)
    if proposal is None:
        raise LookupError(f"nothing was proposed for {row.number}")
    if row.state is ProposalState.REFUSED:
        city = _city_of(cast, project)
        refuse_proposal(actor=city, project=project, proposal=proposal, reason=row.answer)
    else:
        _change(cast, row, proposal)


def _change(cast: Cast, row: ChangeRow, proposal: ChangeProposal | None = None) -> None:
    project = cast.project(row.number)
    details, lines = _wanted(project, row)
    change_project(
        actor=_city_of(cast, project),
        project=project,
        version=project.version,
        details=details,
        lines=lines,
        reason=row.reason,
        proposal=proposal,
    )
    # Said on the day: later others would hold claims.
    for entry in list_due([CHANGE_TOPIC], 1):
        tell_of_change(entry.payload)
        entry.done_at = clock.now()


def _city_of(cast: Cast, project: Project) -> Actor:
    return cast.officer(project.region_code[:4], 0)


def _wanted(project: Project, row: ChangeRow) -> tuple[ProjectDetails, list[LineChange]]:
    details, parts = details_of(project), zip(project.lines, lines_of(project), strict=True)
    lines = {line.position: LineChange(line.id, part) for line, part in parts}
    for name, value in row.what.items():
        head, _colon, rest = name.partition(":")
        if head == "line":
            position, _colon, column = rest.partition(":")
            old = lines[int(position)]
            values: dict[str, Any] = {column: _value(getattr(old.details, column), value)}
            lines[int(position)] = LineChange(old.id, replace(old.details, **values))
        else:
            details = replace(details, **{name: _value(getattr(details, name), value)})
    return details, list(lines.values())


def _value(old: object, text: str) -> Any:
    """Return a new value in the kind of the old; days and counts are typed as +5."""
    if isinstance(old, Decimal):
        return Decimal(text)
    if isinstance(old, date):
        return old + timedelta(days=int(text))
    return old + int(text) if isinstance(old, int) else text


def _as_typed(
    project: Project, details: ProjectDetails, lines: list[LineChange], reason: str
) -> list[tuple[str, str]]:
    """Return the form as somebody would have filled it in."""
    typed = {"version": str(project.version), "reason": reason}
    typed |= {name: _typed(value) for name, value in vars(details).items()}
    for place, line in enumerate(lines):
        typed[f"lines-{place}-id"] = str(line.id)
        for name, value in vars(line.details).items():
            typed[f"lines-{place}-{name}"] = _typed(value)
    return list(typed.items())


def _typed(value: object) -> str:
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    # A count of zero is left empty in the form.
    return str(value) if value else ""


def _pair(part: str) -> tuple[str, str]:
    name, _equals, value = part.partition("=")
    return name, value
