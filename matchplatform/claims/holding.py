"""The claims that hold something of one project, read once for a whole page, and what follows from them."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from matchplatform.claims.availability import ZERO, left_of
from matchplatform.claims.figures import Claimed
from matchplatform.claims.models import Claim
from matchplatform.claims.queries import list_on_project
from matchplatform.claims.states import UNDECIDED_STATES
from matchplatform.projects.models import Project


@dataclass(frozen=True)
class Holding:
    """``claims`` are oldest first; by line id, ``claimed`` is what is held, ``left`` what is not.

    What has lapsed counts as left, whether or not the worker freed it.
    """

    claims: list[Claim]
    claimed: Claimed
    left: dict[int, Decimal]

    def undecided_of(self, organisation_id: int) -> Claim | None:
        """Return an organisation's own claim that is reserved or submitted, or None."""
        return next(
            (
                claim
                for claim in self.claims
                if claim.organisation_id == organisation_id and claim.status in UNDECIDED_STATES
            ),
            None,
        )


def read_holding(project: Project) -> Holding:
    """Return who holds what of a project."""
    claims = list_on_project(project.id)
    lapsed = _sum_by_line(claim for claim in claims if claim.has_lapsed)
    return Holding(
        claims,
        Claimed(
            intended=_sum_by_line(
                claim for claim in claims if claim.is_open and not claim.has_lapsed
            ),
            signed=_sum_by_line(claim for claim in claims if not claim.is_open),
        ),
        {line.id: left_of(line, lapsed) for line in project.lines},
    )


def _sum_by_line(claims: Iterable[Claim]) -> dict[int, Decimal]:
    sums: dict[int, Decimal] = {}
    for claim in claims:
        for part in claim.lines:
            sums[part.line_id] = sums.get(part.line_id, ZERO) + part.quantity
    return sums
