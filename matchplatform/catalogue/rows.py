"""What lists show of every public project, read in one pass and kept while the data stands still."""

import threading
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import select

from matchplatform.audit.queries import current_head
from matchplatform.claims.figures import ZERO, Figures, line_value_figures
from matchplatform.claims.queries import sum_intended
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.projects.models import Project, ProjectLine
from matchplatform.projects.states import PUBLIC_STATES, LineKind, ProjectKind, ProjectState, Sector


class Availability(StrEnum):
    """Whether something of a public project can be claimed today."""

    OPEN = "open"
    PARTLY = "partly"
    TAKEN = "taken"
    ENDED = "ended"
    SUSPENDED = "suspended"
    CLOSED = "closed"


CLAIMABLE = (Availability.OPEN, Availability.PARTLY)


@dataclass(frozen=True, slots=True)
class Want:
    """What is still wanted of one line."""

    kind: LineKind
    item: str
    gap: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class ProjectRow:
    """One public project as lists show it; ``figures`` in yuan."""

    id: int
    number: str
    name: str
    kind: ProjectKind
    sector: Sector
    region_code: str
    place: str
    status: ProjectState
    availability: Availability
    claim_deadline: date | None
    published_at: datetime | None
    direct_people: int
    households: int
    person_times: int
    figures: Figures
    wants: tuple[Want, ...]
    line_kinds: frozenset[LineKind]

    @property
    def city_code(self) -> str:
        """Return the six digits of the city."""
        return self.region_code[:4] + "00"

    @property
    def is_claimable(self) -> bool:
        """Tell whether something of it can be claimed today."""
        return self.availability in CLAIMABLE

    @property
    def days_left(self) -> int | None:
        """Return the days until the claim deadline, 0 on the day itself."""
        return (self.claim_deadline - clock.today()).days if self.claim_deadline else None


def availability_of(project: Project) -> Availability:
    """Tell whether something of a public project can be claimed today."""
    return _availability(
        project.status,
        project.claim_deadline,
        any(line.held for line in project.lines),
        any(line.left > 0 for line in project.lines),
    )


_kept: dict[str, tuple[tuple[str, date], list[ProjectRow]]] = {}
_lock = threading.Lock()


def list_rows() -> list[ProjectRow]:
    """Return every public project by number; read again only when the data or the day changed."""
    fingerprint = (current_head(), clock.today())
    where = str(db.engine.url)
    found = _kept.get(where)
    if found is not None and found[0] == fingerprint:
        return found[1]
    with _lock:
        found = _kept.get(where)
        if found is None or found[0] != fingerprint:
            found = (fingerprint, _read_rows())
            _kept[where] = found
    return found[1]


def _availability(
    status: ProjectState, deadline: date | None, any_held: bool, any_left: bool
) -> Availability:
    if status is ProjectState.CLOSED:
        return Availability.CLOSED
    if status is ProjectState.SUSPENDED:
        return Availability.SUSPENDED
    if not any_left:
        return Availability.TAKEN
    if deadline is not None and deadline < clock.today():
        return Availability.ENDED
    return Availability.PARTLY if any_held else Availability.OPEN


def _read_rows() -> list[ProjectRow]:
    lines = _read_lines()
    intended = sum_intended()
    columns = select(
        Project.id,
        Project.number,
        Project.name,
        Project.kind,
        Project.sector,
        Project.region_code,
        Project.place,
        Project.status,
        Project.claim_deadline,
        Project.published_at,
        Project.direct_people,
        Project.households,
        Project.person_times,
    )
    rows = []
    for found in db.session.execute(
        columns.where(Project.status.in_(PUBLIC_STATES)).order_by(Project.number)
    ):
        its = lines[found.id]
        figures = Figures(ZERO)
        for line in its:
            figures += line_value_figures(line, intended.get(line.id, ZERO))
        rows.append(
            ProjectRow(
                **found._mapping,
                availability=_availability(
                    found.status,
                    found.claim_deadline,
                    any(line.held for line in its),
                    any(line.left > 0 for line in its),
                ),
                figures=figures,
                wants=tuple(
                    Want(line.kind, line.item, line.gap, line.unit) for line in its if line.gap
                ),
                line_kinds=frozenset(line.kind for line in its),
            )
        )
    return rows


def _read_lines() -> dict[int, list[ProjectLine]]:
    # Lines as plain objects outside the session: they outlive the request in the kept rows.
    columns = select(
        ProjectLine.id,
        ProjectLine.project_id,
        ProjectLine.kind,
        ProjectLine.item,
        ProjectLine.quantity,
        ProjectLine.unit,
        ProjectLine.unit_price,
        ProjectLine.extra,
        ProjectLine.held,
    )
    lines: dict[int, list[ProjectLine]] = defaultdict(list)
    for found in db.session.execute(
        columns.join(Project, Project.id == ProjectLine.project_id)
        .where(Project.status.in_(PUBLIC_STATES))
        .order_by(ProjectLine.project_id, ProjectLine.position)
    ):
        lines[found.project_id].append(ProjectLine(**found._mapping))
    return lines
