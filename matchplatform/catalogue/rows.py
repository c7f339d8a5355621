"""What lists show of every public project, read in one pass and kept while the data stands still."""

import threading
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select

from matchplatform.audit.queries import current_head
from matchplatform.claims.availability import CLAIMABLE, Availability, judge
from matchplatform.claims.figures import ZERO, Figures, sum_values
from matchplatform.claims.queries import find_next_lapse, lapsed_by_line, sum_claimed
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.projects.models import Project, ProjectLine
from matchplatform.projects.states import (
    PUBLIC_STATES,
    CloseOutcome,
    LineKind,
    ProjectKind,
    ProjectState,
    Sector,
)

__all__ = ["Availability", "ProjectRow", "Want", "list_rows"]


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
    scope_text: str
    status: ProjectState
    availability: Availability
    claim_deadline: date | None
    published_at: datetime | None
    direct_people: int
    households: int
    person_times: int
    figures: Figures
    wants: tuple[Want, ...]
    close_outcome: CloseOutcome | None = None

    @property
    def city_code(self) -> str:
        """Return the six digits of the city."""
        return self.region_code[:4] + "00"

    @property
    def is_claimable(self) -> bool:
        """Tell whether something of it can be claimed today."""
        return self.availability in CLAIMABLE

    @property
    def is_given_up(self) -> bool:
        """Tell whether it was closed without having been met."""
        return self.status is ProjectState.CLOSED and self.close_outcome is not CloseOutcome.MET

    @property
    def days_left(self) -> int | None:
        """Return the days until the claim deadline, 0 on the day itself."""
        return (self.claim_deadline - clock.today()).days if self.claim_deadline else None


@dataclass(frozen=True, slots=True)
class Kept:
    """Rows as they were read; a reservation that runs out at ``valid_until`` changes them."""

    fingerprint: tuple[str, date]
    valid_until: datetime | None
    rows: list[ProjectRow]

    def holds(self, fingerprint: tuple[str, date]) -> bool:
        """Tell whether the rows still say what a fresh reading would say."""
        return self.fingerprint == fingerprint and (
            self.valid_until is None or clock.now() < self.valid_until
        )


_kept: dict[str, Kept] = {}
_lock = threading.Lock()


def list_rows() -> list[ProjectRow]:
    """Return every public project by number; read again when data, day or a hold's end ask it."""
    fingerprint = (current_head(), clock.today())
    where = str(db.engine.url)
    found = _kept.get(where)
    if found is not None and found.holds(fingerprint):
        return found.rows
    with _lock:
        found = _kept.get(where)
        if found is None or not found.holds(fingerprint):
            found = Kept(fingerprint, find_next_lapse(), _read_rows())
            _kept[where] = found
    return found.rows


def _read_rows() -> list[ProjectRow]:
    lines = _read_lines()
    claimed = sum_claimed()
    columns = select(
        Project.id,
        Project.number,
        Project.name,
        Project.kind,
        Project.sector,
        Project.region_code,
        Project.place,
        Project.scope_text,
        Project.status,
        Project.claim_deadline,
        Project.published_at,
        Project.direct_people,
        Project.households,
        Project.person_times,
        Project.close_outcome,
    )
    rows = []
    for found in db.session.execute(
        columns.where(Project.status.in_(PUBLIC_STATES)).order_by(Project.number)
    ):
        its = lines[found.id]
        figures = sum_values(its, claimed)
        closed = found.status is ProjectState.CLOSED
        if closed:
            # What nobody wants any more is missing nowhere, whatever was left open.
            figures = replace(figures, gap=ZERO)
        rows.append(
            ProjectRow(
                **found._mapping,
                availability=judge(
                    found.status,
                    found.claim_deadline,
                    any(line.held for line in its),
                    any(line.left > 0 for line in its),
                ),
                figures=figures,
                wants=tuple(
                    Want(line.kind, line.item, line.gap, line.unit)
                    for line in its
                    if line.gap and not closed
                ),
            )
        )
    return rows


def _read_lines() -> dict[int, list[ProjectLine]]:
    # Lines as plain objects outside the session: they outlive the request in the kept rows.
    # What has lapsed is taken off what they hold, so that it counts as left.
    lapsed = lapsed_by_line()
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
        line = ProjectLine(**found._mapping)
        line.held -= lapsed.get(line.id, ZERO)
        lines[found.project_id].append(line)
    return lines
