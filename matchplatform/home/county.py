"""One county: its facts, its five numbers, what is open there, and who promised what."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, select

from matchplatform.catalogue.facets import Wanted
from matchplatform.catalogue.queries import Listing, list_projects
from matchplatform.catalogue.rows import list_rows
from matchplatform.claims.figures import ZERO, Figures
from matchplatform.claims.models import Claim
from matchplatform.claims.states import ClaimState
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import NotFound
from matchplatform.projects.models import Project
from matchplatform.projects.states import PUBLIC_STATES
from matchplatform.regions.divisions import PovertyCounty, find_division, poverty_counties
from matchplatform.regions.quarter_chart import QuarterChart, draw_quarters
from matchplatform.regions.queries import PublicFigures, list_history
from matchplatform.search import SearchIndex

PROMISES_SHOWN = 20
HEBEI = "13"


@dataclass(frozen=True)
class CountyPage:
    """What the page of a county says; ``history`` are its poor people by quarter, oldest first."""

    code: str
    facts: PovertyCounty | None
    history: Sequence[PublicFigures]
    projects: int
    figures: Figures
    listing: Listing
    promises: Sequence[Claim]
    signed: int
    accepted: int

    @property
    def poor(self) -> PublicFigures | None:
        """Return the newest figures of poor people, None where nothing was published."""
        return self.history[-1] if self.history else None

    @property
    def chart(self) -> QuarterChart:
        """Return the poor people by quarter as a chart."""
        return draw_quarters([(one.quarter, one.people) for one in self.history])

    @property
    def open(self) -> int:
        """Return how many open projects the words found here."""
        return self.listing.page.total


def read_county(index: SearchIndex, code: str, words: str, number: int) -> CountyPage:
    """Return the page of a county; ``words`` search within what is open there.

    Raises:
        NotFound: it is no county of Hebei that has a project or is on the poverty list.
    """
    rows = [row for row in list_rows() if row.region_code == code]
    facts = poverty_counties().get(code)
    if find_division(code) is None or not code.startswith(HEBEI) or not (rows or facts):
        raise NotFound()
    wanted = Wanted(state=frozenset({"open"}), county=frozenset({code}))
    figures = Figures(ZERO)
    for row in rows:
        figures += row.figures
    counts = _count_promises(code)
    return CountyPage(
        code=code,
        facts=facts,
        history=list_history(code),
        projects=len(rows),
        figures=figures,
        listing=list_projects(index, words, wanted, "", number),
        promises=_list_promises(code),
        signed=counts.get(ClaimState.SIGNED, 0),
        accepted=counts.get(ClaimState.ACCEPTED, 0),
    )


def _list_promises(code: str) -> Sequence[Claim]:
    return db.session.scalars(
        select(Claim)
        .join(Project, Project.id == Claim.project_id)
        .where(_kept_in(code))
        .order_by(func.coalesce(Claim.signed_at, Claim.decided_at).desc(), Claim.id.desc())
        .limit(PROMISES_SHOWN)
    ).all()


def _count_promises(code: str) -> dict[ClaimState, int]:
    rows = db.session.execute(
        select(Claim.status, func.count())
        .join(Project, Project.id == Claim.project_id)
        .where(_kept_in(code))
        .group_by(Claim.status)
    )
    return dict(rows.all())


def _kept_in(code: str) -> ColumnElement[bool]:
    return and_(
        Claim.status.in_((ClaimState.ACCEPTED, ClaimState.SIGNED)),
        Project.region_code == code,
        Project.status.in_(PUBLIC_STATES),
    )
