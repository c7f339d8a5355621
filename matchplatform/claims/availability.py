"""Whether something of a public project can be claimed today, and how much of each line.

What lies under a reservation that has lapsed counts as left, whether or not the worker freed it:
the next claimant frees it.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum

from matchplatform.kernel import clock
from matchplatform.projects.models import Project, ProjectLine
from matchplatform.projects.states import ProjectState

ZERO = Decimal(0)


class Availability(StrEnum):
    """Whether something of a public project can be claimed today."""

    OPEN = "open"
    PARTLY = "partly"
    TAKEN = "taken"
    ENDED = "ended"
    SUSPENDED = "suspended"
    CLOSED = "closed"


CLAIMABLE = (Availability.OPEN, Availability.PARTLY)


def left_of(line: ProjectLine, lapsed: Mapping[int, Decimal]) -> Decimal:
    """Return what may still be claimed of a line; ``lapsed`` by line id."""
    return line.left + lapsed.get(line.id, ZERO)


def gap_of(line: ProjectLine, lapsed: Mapping[int, Decimal]) -> Decimal:
    """Return what is missing of a line; ``lapsed`` by line id."""
    held = line.held - lapsed.get(line.id, ZERO)
    return line.quantity - held if held < line.quantity else ZERO


def availability_of(project: Project, left: Mapping[int, Decimal]) -> Availability:
    """Tell whether something of a public project can be claimed today; ``left`` by line id."""
    return judge(
        project.status,
        project.claim_deadline,
        any(left[line.id] < line.quantity + line.extra for line in project.lines),
        any(left[line.id] > 0 for line in project.lines),
    )


def judge(
    status: ProjectState, deadline: date | None, any_held: bool, any_left: bool
) -> Availability:
    """Tell the availability of a project from what it comes down to."""
    if status is ProjectState.CLOSED:
        return Availability.CLOSED
    if status is ProjectState.SUSPENDED:
        return Availability.SUSPENDED
    if not any_left:
        return Availability.TAKEN
    if deadline is not None and deadline < clock.today():
        return Availability.ENDED
    return Availability.PARTLY if any_held else Availability.OPEN
