"""What is not listed among the matches, and why."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.projects.models import Project
from matchplatform.projects.states import ProjectState

ONCE_OPEN = (ProjectState.PUBLISHED, ProjectState.SUSPENDED)


@dataclass(frozen=True)
class LeftOut:
    """How many projects are not listed, by reason; each is counted under one reason only."""

    claimed: int
    paused: int
    past_deadline: int
    no_gap: int
    weak: int

    @property
    def total(self) -> int:
        """Return how many there are in all."""
        return self.claimed + self.paused + self.past_deadline + self.no_gap + self.weak


def count_left_out(open_ids: frozenset[int], mine: frozenset[int], weak: int) -> LeftOut:
    """Count what an organisation does not see listed; ``mine`` are the projects it holds."""
    today = clock.today()
    counts = dict.fromkeys(("claimed", "paused", "past_deadline", "no_gap"), 0)
    rows = db.session.execute(
        select(Project.id, Project.status, Project.claim_deadline).where(
            Project.status.in_(ONCE_OPEN)
        )
    )
    for project_id, status, deadline in rows:
        reason = _reason(project_id in mine, project_id in open_ids, status, deadline, today)
        if reason:
            counts[reason] += 1
    return LeftOut(**counts, weak=weak)


def _reason(
    claimed: bool, is_open: bool, status: ProjectState, deadline: date | None, today: date
) -> str:
    if claimed:
        return "claimed"
    if is_open:
        return ""
    if status is ProjectState.SUSPENDED:
        return "paused"
    return "past_deadline" if deadline is not None and deadline < today else "no_gap"
