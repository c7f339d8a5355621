"""What stands beside a project for those who may claim: who waits, and what is left for whom."""

from dataclasses import dataclass, field

from matchplatform.claims.capacity import Capacity, read_capacity
from matchplatform.claims.checks import accepts_claims
from matchplatform.claims.holding import Holding
from matchplatform.claims.models import Claim
from matchplatform.claims.requests import list_asked_ids
from matchplatform.claims.waiting import Place, places_in, read_queue
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


def read_side(organisation: Organisation | None, project: Project, holding: Holding) -> Side:
    """Return what a project's page says beside the claim panel to this organisation."""
    queue = read_queue(project)
    waiting = {line_id: len(entries) for line_id, entries in queue.items()}
    if organisation is None or not organisation.may_claim:
        return Side(waiting)
    silent = [
        claim
        for claim in holding.claims
        if claim.is_silent and claim.organisation_id != organisation.id
    ]
    asked = list_asked_ids([claim.id for claim in silent])
    return Side(
        waiting=waiting,
        places=places_in(queue, organisation.id),
        may_wait=accepts_claims(project)
        and any(holding.left[line.id] < line.quantity + line.extra for line in project.lines),
        silent=[Silent(claim, claim.id in asked) for claim in silent],
        capacity=read_capacity(organisation, project),
    )
