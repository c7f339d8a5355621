"""Which organisations to invite to a project, best first: the matches of /matches turned round."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import func, select

from matchplatform.access.actor import Actor
from matchplatform.access.policy import Permission, check
from matchplatform.claims.checks import accepts_claims
from matchplatform.claims.models import Claim
from matchplatform.claims.states import ClaimState
from matchplatform.invitations.models import ProjectInvitation
from matchplatform.invitations.queries import find_latest, list_claims_on, list_open_on
from matchplatform.invitations.services import MOST_OPEN
from matchplatform.kernel.db import db
from matchplatform.kernel.paging import Page, clamp_page
from matchplatform.matching.matches import Fit, Match, Profile
from matchplatform.matching.profiles import current_readings
from matchplatform.matching.snapshot import current_recommender
from matchplatform.matching.weights import LISTED_FROM, Grade, grade_of
from matchplatform.organisations.models import Organisation
from matchplatform.projects.models import Project

PAGE_SIZE = 10
# Nobody reads on so far; the rest is not even taken apart.
MOST_RANKED = 100

Record = dict[ClaimState, int]
Profiles = Mapping[int, Profile]


@dataclass(frozen=True)
class Candidate:
    """An organisation for a project, with why; ``record`` counts all its claims by state.

    ``claim`` is what it holds here now, ``invitation`` the last one to this project.
    ``is_open``: that invitation still stands, so that another would say nothing new.
    """

    organisation: Organisation
    match: Match
    grade: Grade
    profile: Profile
    record: Record
    claim: Claim | None
    invitation: ProjectInvitation | None
    is_open: bool

    @property
    def may_be_invited(self) -> bool:
        """Tell whether an invitation would be news."""
        return self.claim is None and not self.is_open


@dataclass(frozen=True)
class Candidates:
    """A page of candidates; ``weak`` counts those below what is listed, ``room`` how many more
    invitations the project can have open, ``accepts`` whether it can be claimed at all.
    """

    page: Page[Candidate]
    weak: int
    room: int
    accepts: bool


def list_candidates(actor: Actor, project: Project, limit: int) -> list[Candidate]:
    """List the organisations that fit a project best: by score, then by id.

    None where the project misses nothing or takes no claims.
    """
    check(actor, Permission.ORGANISATION_INVITE, project)
    fits, profiles = _ranked(project, min(limit, MOST_RANKED))
    return _with_facts(project, fits, profiles)


def read_candidates(actor: Actor, project: Project, number: int, *, weak: bool) -> Candidates:
    """Return a page of them; ``weak`` lists the poor matches too."""
    check(actor, Permission.ORGANISATION_INVITE, project)
    fits, profiles = _ranked(project)
    listed = [fit for fit in fits if fit.match.score >= LISTED_FROM]
    shown = fits if weak else listed
    number = clamp_page(number, PAGE_SIZE, len(shown))
    rows = _with_facts(project, shown[(number - 1) * PAGE_SIZE : number * PAGE_SIZE], profiles)
    return Candidates(
        page=Page(rows, number, PAGE_SIZE, len(shown)),
        weak=len(fits) - len(listed),
        room=MOST_OPEN - len(list_open_on(project.id)),
        accepts=accepts_claims(project),
    )


def find_candidates(actor: Actor, project: Project, wanted: Iterable[int]) -> dict[int, Candidate]:
    """Return these organisations as candidates, by id, however well they fit."""
    check(actor, Permission.ORGANISATION_INVITE, project)
    ids = set(wanted)
    fits, profiles = _ranked(project, None)
    wished = [fit for fit in fits if fit.organisation_id in ids]
    return {row.organisation.id: row for row in _with_facts(project, wished, profiles)}


def prepare_candidates() -> None:
    """Read what is open and who may claim into memory, which takes long after a change."""
    current_readings(current_recommender())


def _ranked(project: Project, limit: int | None = MOST_RANKED) -> tuple[list[Fit], Profiles]:
    recommender = current_recommender()
    if project.id not in recommender.project_ids:
        return [], {}
    readings = current_readings(recommender)
    fits = recommender.rank_profiles(project.id, readings, limit or len(readings.profiles))
    return fits, readings.profiles


def _with_facts(project: Project, fits: list[Fit], profiles: Profiles) -> list[Candidate]:
    """Put beside each what officers must know of it, with as many queries for one as for all."""
    ids = [fit.organisation_id for fit in fits]
    organisations = {
        row.id: row
        for row in db.session.scalars(select(Organisation).where(Organisation.id.in_(ids)))
    }
    records = _count_claims(ids)
    held = {key: claim for claim in list_claims_on(project.id) for key in claim.active_ids}
    latest = find_latest(project.id)
    still_open = {each.organisation_id for each in list_open_on(project.id)}
    return [
        Candidate(
            organisation=organisations[fit.organisation_id],
            match=fit.match,
            grade=grade_of(fit.match.score),
            profile=profiles[fit.organisation_id],
            record=records[fit.organisation_id],
            claim=held.get(fit.organisation_id),
            invitation=latest.get(fit.organisation_id),
            is_open=fit.organisation_id in still_open,
        )
        for fit in fits
    ]


def _count_claims(organisation_ids: list[int]) -> dict[int, Record]:
    counts: dict[int, Record] = defaultdict(lambda: dict.fromkeys(ClaimState, 0))
    rows = db.session.execute(
        select(Claim.organisation_id, Claim.status, func.count())
        .where(Claim.organisation_id.in_(organisation_ids))
        .group_by(Claim.organisation_id, Claim.status)
    )
    for organisation_id, status, count in rows:
        counts[organisation_id][status] = count
    return counts
