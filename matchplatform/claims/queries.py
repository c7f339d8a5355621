"""Reads of claims."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select

from matchplatform.access.actor import Actor
from matchplatform.access.policy import Permission, permits
from matchplatform.claims.figures import Claimed
from matchplatform.claims.models import Claim, ClaimLine, ClaimMember
from matchplatform.claims.requests import find_request_breaches
from matchplatform.claims.states import (
    ACTIVE_MEMBERS,
    HOLDING_STATES,
    OPEN_STATES,
    UNDECIDED_STATES,
    ClaimState,
    MemberState,
)
from matchplatform.claims.waiting import find_waitlist_breaches
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Hidden, NotFound
from matchplatform.kernel.paging import Page, clamp_page
from matchplatform.organisations.queries import list_member_ids
from matchplatform.projects.models import Project, ProjectLine

PAGE_SIZE = 20
# What an organisation promised and has not given up: this tells where it has worked.
PAST_STATES = (ClaimState.SUBMITTED, ClaimState.ACCEPTED, ClaimState.SIGNED)


def get_claim(actor: Actor, claim_id: int) -> Claim:
    """Return a claim that the actor may read.

    Raises:
        NotFound: no such claim.
        Hidden: none of the actor's business.
    """
    claim = db.session.get(Claim, claim_id)
    if claim is None:
        raise NotFound()
    if not permits(actor, Permission.CLAIM_READ, claim):
        raise Hidden()
    return claim


def find_undecided(organisation_id: int, project_id: int) -> Claim | None:
    """Return the reserved or submitted claim of an organisation on a project, or None."""
    return db.session.scalar(
        select(Claim).where(
            Claim.organisation_id == organisation_id,
            Claim.project_id == project_id,
            Claim.status.in_(UNDECIDED_STATES),
        )
    )


def list_open_of(organisation_id: int) -> list[Claim]:
    """List what an organisation has on its way: reserved by their end, submitted, then accepted."""
    return list(
        db.session.scalars(
            select(Claim)
            .where(
                Claim.organisation_id == organisation_id,
                Claim.status.in_(OPEN_STATES),
                ~_has_lapsed(),
            )
            .order_by(
                case(
                    (Claim.status == ClaimState.RESERVED, 1),
                    (Claim.status == ClaimState.SUBMITTED, 2),
                    else_=3,
                ),
                Claim.hold_until,
                Claim.id,
            )
        )
    )


def list_joined_of(organisation_id: int) -> list[Claim]:
    """List the open claims of others that an organisation is a member of or invited to."""
    return list(
        db.session.scalars(
            select(Claim)
            .where(
                is_in(organisation_id),
                Claim.organisation_id != organisation_id,
                Claim.status.in_(OPEN_STATES),
            )
            .order_by(Claim.hold_until, Claim.id)
        )
    )


def list_held_of(organisation_id: int) -> list[Claim]:
    """List what an organisation leads or is in, signed or on its way; what has lapsed is neither."""
    return list(
        db.session.scalars(
            select(Claim)
            .where(is_in(organisation_id), Claim.status.in_(HOLDING_STATES), ~_has_lapsed())
            .order_by(Claim.id)
        )
    )


def is_in(organisation_id: int) -> ColumnElement[bool]:
    """Return the condition that an organisation leads a claim or is in it."""
    joined = select(ClaimMember.claim_id).where(
        ClaimMember.organisation_id == organisation_id, ClaimMember.status.in_(ACTIVE_MEMBERS)
    )
    return or_(Claim.organisation_id == organisation_id, Claim.id.in_(joined))


def list_party_user_ids(claim: Claim) -> list[int]:
    """List who acts for the organisations that hold a claim."""
    return [user for key in claim.active_ids for user in list_member_ids(key)]


def list_ended_of(organisation_id: int, number: int) -> Page[Claim]:
    """List an organisation's claims that hold nothing any more, newest first."""
    ended = _ended_of(organisation_id)
    total = db.session.scalar(select(func.count()).select_from(ended.subquery())) or 0
    number = clamp_page(number, PAGE_SIZE, total)
    rows = db.session.scalars(
        ended.order_by(*_LAST_ENDED).limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)
    )
    return Page(rows.all(), number, PAGE_SIZE, total)


def list_all_ended_of(organisation_id: int, most: int) -> list[Claim]:
    """List them all, for a file; no more than ``most``."""
    return list(db.session.scalars(_ended_of(organisation_id).order_by(*_LAST_ENDED).limit(most)))


def list_waiting(actor: Actor) -> list[Claim]:
    """List the submitted claims of the officer's region, longest waiting first."""
    return list(
        db.session.scalars(
            select(Claim)
            .join(Project, Project.id == Claim.project_id)
            .where(
                Claim.status == ClaimState.SUBMITTED,
                Project.region_code.startswith(actor.region_prefix, autoescape=True),
            )
            .order_by(Claim.submitted_at, Claim.id)
        )
    )


def list_on_project(project_id: int) -> list[Claim]:
    """List the claims that hold something of a project, oldest first."""
    return list(
        db.session.scalars(
            select(Claim)
            .where(Claim.project_id == project_id, Claim.status.in_(HOLDING_STATES))
            .order_by(Claim.reserved_at, Claim.id)
        )
    )


def count_states_of(organisation_id: int) -> dict[ClaimState, int]:
    """Count an organisation's claims by state; states without any stand at zero."""
    rows = db.session.execute(
        select(Claim.status, func.count())
        .where(Claim.organisation_id == organisation_id)
        .group_by(Claim.status)
    )
    return dict.fromkeys(ClaimState, 0) | dict(rows.all())


def list_past_project_ids(organisation_id: int) -> list[int]:
    """List the projects that an organisation has claimed and not given up, for its profile."""
    return list(
        db.session.scalars(
            select(Claim.project_id)
            .where(
                Claim.organisation_id == organisation_id,
                Claim.status.in_(PAST_STATES),
            )
            .distinct()
            .order_by(Claim.project_id)
        )
    )


def sum_claimed() -> Claimed:
    """Return the quantity under claims that still hold, for every line with any."""
    rows = db.session.execute(
        select(ClaimLine.line_id, Claim.status, func.sum(ClaimLine.quantity).label("quantity"))
        .join(Claim, Claim.id == ClaimLine.claim_id)
        .where(Claim.status.in_(HOLDING_STATES), ~_has_lapsed())
        .group_by(ClaimLine.line_id, Claim.status)
    )
    intended: dict[int, Decimal] = {}
    signed: dict[int, Decimal] = {}
    for line_id, status, quantity in rows:
        sums = signed if status is ClaimState.SIGNED else intended
        sums[line_id] = sums.get(line_id, Decimal(0)) + quantity
    return Claimed(intended, signed)


def lapsed_by_line() -> dict[int, Decimal]:
    """Return the quantity under lapsed reservations that nobody freed yet, by line id."""
    return _sum_by_line(_has_lapsed())


def find_next_lapse() -> datetime | None:
    """Return when the next reservation runs out, or None while there is none."""
    return db.session.scalar(
        select(Claim.hold_until)
        .where(Claim.status == ClaimState.RESERVED, Claim.hold_until > clock.now())
        .order_by(Claim.hold_until)
        .limit(1)
    )


# What lapsed and is not yet noted ended with its day.
_LAST_ENDED = (func.coalesce(Claim.ended_at, Claim.hold_until).desc(), Claim.id.desc())


def _ended_of(organisation_id: int) -> Select[Claim]:
    return select(Claim).where(
        Claim.organisation_id == organisation_id,
        or_(Claim.status.not_in(HOLDING_STATES), _has_lapsed()),
    )


def _has_lapsed() -> ColumnElement[bool]:
    return and_(Claim.status == ClaimState.RESERVED, Claim.hold_until <= clock.now())


def _sum_by_line(which: ColumnElement[bool]) -> dict[int, Decimal]:
    rows = db.session.execute(
        select(ClaimLine.line_id, func.sum(ClaimLine.quantity).label("quantity"))
        .join(Claim, Claim.id == ClaimLine.claim_id)
        .where(which)
        .group_by(ClaimLine.line_id)
    )
    return dict(rows.all())


def find_breaches() -> Iterator[str]:
    """Yield a line for each claim or line that breaks a rule of claiming."""
    sums = _sum_by_line(Claim.status.in_(HOLDING_STATES))
    rows = db.session.execute(
        select(ProjectLine.id, ProjectLine.held, ProjectLine.position, Project.number)
        .join(Project, Project.id == ProjectLine.project_id)
        .order_by(ProjectLine.id)
    )
    for line_id, held, position, number in rows:
        claimed = sums.get(line_id, Decimal(0))
        if held != claimed:
            yield f"project {number} line {position}: holds {held}, its claims sum to {claimed}"
    for claim in db.session.scalars(select(Claim).order_by(Claim.id)):
        yield from _claim_breaches(claim)
    yield from find_waitlist_breaches()
    yield from find_request_breaches()


def _claim_breaches(claim: Claim) -> Iterator[str]:
    here = f"claim {claim.id}"
    if not claim.lines:
        yield f"{here}: has no line"
    if any(part.line.project_id != claim.project_id for part in claim.lines):
        yield f"{here}: has a line of another project"
    if claim.holds and not claim.project.is_public:
        yield f"{here}: holds something of a project that is not public"
    if claim.status is ClaimState.SUBMITTED and claim.submitted_at is None:
        yield f"{here}: submitted without a time"
    if (claim.ended_at is None) != claim.holds:
        yield f"{here}: its end and its state disagree"
    if (claim.signed_at is None) == (claim.status is ClaimState.SIGNED):
        yield f"{here}: its signature and its state disagree"
    if claim.members:
        yield from _joint_breaches(here, claim)


def _joint_breaches(here: str, claim: Claim) -> Iterator[str]:
    shared: dict[int, Decimal] = {}
    for member in claim.members:
        for share in member.shares:
            shared[share.line_id] = shared.get(share.line_id, Decimal(0)) + share.quantity
    if shared != {part.line_id: part.quantity for part in claim.lines}:
        yield f"{here}: its shares do not sum to its lines"
    lead = [member for member in claim.members if member.is_lead]
    if len(lead) != 1 or lead[0].status is not MemberState.CONFIRMED:
        yield f"{here}: its lead is not a confirmed member"
