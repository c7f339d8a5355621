"""Reads of what fits an organisation."""

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from matchplatform.access.actor import Actor
from matchplatform.access.policy import Permission, check
from matchplatform.claims.figures import Claimed, Figures, sum_values
from matchplatform.claims.models import Claim
from matchplatform.claims.queries import (
    lapsed_by_line,
    list_held_of,
    list_past_project_ids,
    sum_claimed,
)
from matchplatform.kernel.db import db
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.paging import Page, clamp_page
from matchplatform.matching.left_out import LeftOut, count_left_out
from matchplatform.matching.matches import Alike, Match, Profile
from matchplatform.matching.profiles import make_profile
from matchplatform.matching.snapshot import current_recommender, gap_of, text_of
from matchplatform.matching.weights import LISTED_FROM, Grade, grade_of
from matchplatform.organisations.models import Organisation
from matchplatform.projects.models import Project

PAGE_SIZE = 10
SIMILAR_SHOWN = 3
SIMILAR_WORDS = 2
ZERO = Decimal(0)


@dataclass(frozen=True)
class MatchRow:
    """A project that fits, with why; ``gap`` in yuan, None where what is missing has no price.

    ``wants`` are the numbers of the lines with a gap, each in its own unit.
    """

    project: Project
    match: Match
    grade: Grade
    gap: Decimal | None
    wants: tuple[Figures, ...]


@dataclass(frozen=True)
class SimilarProject:
    """An open project like another one, with what they have in common in words.

    ``wants`` are the numbers of the lines with a gap, each in its own unit.
    """

    number: str
    name: str
    region_code: str
    why: str
    figures: Figures
    wants: tuple[Figures, ...]


@dataclass(frozen=True)
class Fitting:
    """What fits an organisation: a page of matches, what was left out, and the profile used."""

    page: Page[MatchRow]
    left_out: LeftOut
    profile: Profile
    listed: int


def list_fitting(actor: Actor, organisation: Organisation, number: int, *, weak: bool) -> Fitting:
    """List what fits an organisation, best first; ``weak`` lists the poor matches too."""
    check(actor, Permission.MATCHES_VIEW, organisation)
    held = list_held_of(organisation.id)
    mine = frozenset(claim.project_id for claim in held)
    profile = profile_of(organisation, held)
    recommender = current_recommender()
    everything = len(recommender.project_ids)
    matches = recommender.recommend(profile, everything, mine)
    listed = [match for match in matches if match.score >= LISTED_FROM]
    left_out = count_left_out(recommender.project_ids, mine, len(matches) - len(listed))
    shown = matches if weak else listed
    number = clamp_page(number, PAGE_SIZE, len(shown))
    rows = _rows_of(shown[(number - 1) * PAGE_SIZE : number * PAGE_SIZE])
    return Fitting(Page(rows, number, PAGE_SIZE, len(shown)), left_out, profile, len(listed))


def list_all_fitting(
    actor: Actor, organisation: Organisation, most: int, *, weak: bool
) -> list[MatchRow]:
    """List them all, for a file; no more than ``most``."""
    check(actor, Permission.MATCHES_VIEW, organisation)
    held = list_held_of(organisation.id)
    mine = frozenset(claim.project_id for claim in held)
    matches = current_recommender().recommend(profile_of(organisation, held), most, mine)
    return _rows_of([match for match in matches if weak or match.score >= LISTED_FROM])


def list_best(actor: Actor, organisation: Organisation, limit: int) -> list[MatchRow]:
    """List the few best matches, for the page of one's own organisation."""
    check(actor, Permission.MATCHES_VIEW, organisation)
    held = list_held_of(organisation.id)
    mine = frozenset(claim.project_id for claim in held)
    matches = current_recommender().recommend(profile_of(organisation, held), limit, mine)
    return _rows_of([match for match in matches if match.score >= LISTED_FROM])


def list_similar(project: Project, limit: int = SIMILAR_SHOWN) -> list[SimilarProject]:
    """List the open projects most like a public one."""
    # What can be had of it plays no part in what it is like.
    found = current_recommender().similar_to(text_of(project, {}), limit)
    projects = _load([alike.project_id for alike in found])
    claimed = sum_claimed()
    return [
        SimilarProject(
            other.number,
            other.name,
            other.region_code,
            _in_common(alike),
            sum_values(other.lines, claimed),
            _wants_of(other, claimed),
        )
        for alike in found
        for other in [projects[alike.project_id]]
    ]


def profile_of(organisation: Organisation, held: list[Claim]) -> Profile:
    """Return what the engine may know of an organisation."""
    past = _load(list_past_project_ids(organisation.id)).values()
    return make_profile(
        organisation,
        [(row.name, row.region_code) for row in past],
        sum((claim.value_for(organisation.id) for claim in held), ZERO),
    )


def _rows_of(matches: list[Match]) -> list[MatchRow]:
    projects = _load([match.project_id for match in matches])
    claimed, lapsed = sum_claimed(), lapsed_by_line()
    return [
        MatchRow(
            project,
            match,
            grade_of(match.score),
            gap_of(project.lines, lapsed),
            _wants_of(project, claimed),
        )
        for match in matches
        for project in [projects[match.project_id]]
    ]


def _wants_of(project: Project, claimed: Claimed) -> tuple[Figures, ...]:
    figures = [claimed.of(line) for line in project.lines]
    return tuple(each for each in figures if each.gap)


def _in_common(alike: Alike) -> str:
    reasons = [_("同县")] if alike.same_county else []
    reasons += [_("同类别")] if alike.same_sector else []
    words = str(_("、")).join(alike.words[:SIMILAR_WORDS])
    reasons += [_("都写到%(words)s", words=words)] if words else []
    return str(_("，")).join(str(reason) for reason in reasons)


def _load(project_ids: list[int]) -> dict[int, Project]:
    rows = db.session.scalars(
        select(Project)
        .where(Project.id.in_(project_ids))
        .order_by(Project.id)
        .options(selectinload(Project.lines))
    )
    return {row.id: row for row in rows}
