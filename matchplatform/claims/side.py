"""What stands beside a project for those who may claim: who waits, and what is left for whom."""

from dataclasses import dataclass, field

from matchplatform.claims.capacity import Capacity, read_capacity
from matchplatform.claims.checks import accepts_claims
from matchplatform.claims.models import Claim
from matchplatform.claims.requests import find_open_request, list_silent_on
from matchplatform.claims.waiting import Place, count_waiting_on, list_places
from matchplatform.organisations.models import Organisation
from matchplatform.projects.models import Project


@dataclass(frozen=True)
class Silent:
    """A claim of somebody else that has stood too long, and whether the county was asked."""

    claim: Claim
    asked: bool


@dataclass(frozen=True)
class Side:
    """``waiting`` counts who waits by line id; ``places`` are the organisation's own."""

    waiting: dict[int, int] = field(default_factory=dict)
    places: list[Place] = field(default_factory=list)
    may_wait: bool = False
    silent: list[Silent] = field(default_factory=list)
    capacity: Capacity | None = None


def read_side(organisation: Organisation | None, project: Project) -> Side:
    """Return what a project's page says beside the claim panel to this organisation."""
    waiting = count_waiting_on(project)
    if organisation is None or not organisation.may_claim:
        return Side(waiting)
    return Side(
        waiting=waiting,
        places=list_places(organisation.id, project),
        may_wait=accepts_claims(project) and any(line.held for line in project.lines),
        silent=[
            Silent(claim, find_open_request(claim.id) is not None)
            for claim in list_silent_on(project)
            if claim.organisation_id != organisation.id
        ],
        capacity=read_capacity(organisation, project),
    )
