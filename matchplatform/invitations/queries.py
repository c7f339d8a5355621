"""Reads of invitations; visitors and other organisations never see any."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, false, func, or_, select

from matchplatform.access.actor import Actor
from matchplatform.access.policy import Permission, check, permits
from matchplatform.claims.models import Claim, ClaimMember
from matchplatform.claims.states import ACTIVE_MEMBERS, HOLDING_STATES, ClaimState
from matchplatform.invitations.models import ProjectInvitation
from matchplatform.invitations.states import InvitationState, Shown
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Hidden, NotFound
from matchplatform.kernel.paging import Page, clamp_page
from matchplatform.offers.models import SupplyOffer
from matchplatform.projects.models import Project

PAGE_SIZE = 20


@dataclass(frozen=True)
class Row:
    """An invitation, and the claim that the organisation has made of the project since."""

    invitation: ProjectInvitation
    claim: Claim | None


def get_own_invitation(actor: Actor, invitation_id: int) -> ProjectInvitation:
    """Return an invitation to the actor's own organisation.

    Raises:
        NotFound: no such invitation.
        Hidden: somebody else's.
    """
    return _get(actor, invitation_id, Permission.INVITATION_ANSWER)


def get_invitation(actor: Actor, invitation_id: int) -> ProjectInvitation:
    """Return an invitation to a project of the officer's region.

    Raises:
        NotFound: no such invitation.
        Hidden: none of the actor's business.
    """
    return _get(actor, invitation_id, Permission.INVITATION_READ)


def list_own(actor: Actor, number: int) -> Page[Row]:
    """List what the actor's organisation was asked: what waits by its last day, then the newest."""
    return _page(_of_own(actor), _waiting_first(), number)


def list_all_own(actor: Actor, limit: int) -> list[Row]:
    """List them all, for a file; no more than ``limit``."""
    return _with_claims(_load(_of_own(actor).order_by(*_waiting_first()).limit(limit)))


def count_own_waiting(actor: Actor) -> int:
    """Count what waits for an answer of the actor's organisation; a claim is one too."""
    return _count(
        select(ProjectInvitation.id).where(
            ProjectInvitation.organisation_id.in_(actor.organisation_ids),
            is_waiting(),
            ~_was_claimed(),
        )
    )


def list_for_desk(actor: Actor, shown: Shown | None, number: int) -> Page[Row]:
    """List the invitations to projects of the officer's region, newest first."""
    return _page(_of_desk(actor, shown), _NEWEST, number)


def list_all_for_desk(actor: Actor, shown: Shown | None, limit: int) -> list[Row]:
    """List them all, for a file; no more than ``limit``."""
    return _with_claims(_load(_of_desk(actor, shown).order_by(*_NEWEST).limit(limit)))


def count_for_desk(actor: Actor) -> dict[Shown, int]:
    """Count the invitations of the officer's region by what a list can show."""
    counted = [
        func.coalesce(func.sum(case((_shows(shown), 1), else_=0)), 0).label(shown)
        for shown in Shown
    ]
    row = db.session.execute(
        _of_desk(actor, None).with_only_columns(*counted, maintain_column_froms=True)
    ).one()
    return {shown: int(row[place]) for place, shown in enumerate(Shown)}


def list_on_project(actor: Actor, project: Project) -> list[Row]:
    """List the invitations to one project, newest first.

    Raises:
        Forbidden: it lies elsewhere, or these are not the actor's business.
    """
    check(actor, Permission.INVITATION_READ, project)
    statement = select(ProjectInvitation).where(ProjectInvitation.project_id == project.id)
    return _with_claims(_load(statement.order_by(*_NEWEST)))


def list_from_offer(actor: Actor, offer: SupplyOffer) -> list[Row]:
    """List the invitations made because of an offer, in the officer's region, newest first."""
    statement = _of_desk(actor, None).where(ProjectInvitation.offer_id == offer.id)
    return _with_claims(_load(statement.order_by(*_NEWEST)))


def find_claim_since(invitation: ProjectInvitation) -> Claim | None:
    """Return the claim that the organisation made of the project after it was asked, or None."""
    return _with_claims([invitation])[0].claim


def find_latest(project_id: int) -> dict[int, ProjectInvitation]:
    """Return the last invitation to a project by organisation id."""
    rows = _load(
        select(ProjectInvitation)
        .where(ProjectInvitation.project_id == project_id)
        .order_by(ProjectInvitation.invited_at, ProjectInvitation.id)
    )
    return {row.organisation_id: row for row in rows}


def list_open_on(project_id: int) -> list[ProjectInvitation]:
    """List what is open on a project: it waits or was met with interest, and is not yet claimed."""
    return _load(
        select(ProjectInvitation)
        .where(ProjectInvitation.project_id == project_id, is_open())
        .order_by(ProjectInvitation.id)
    )


def list_claims_on(project_id: int) -> list[Claim]:
    """List the claims that hold something of a project now, oldest first."""
    return list(
        db.session.scalars(
            select(Claim)
            .where(Claim.project_id == project_id, _holds())
            .order_by(Claim.reserved_at, Claim.id)
        )
    )


def is_waiting() -> ColumnElement[bool]:
    """Return the condition that an invitation can still be answered."""
    return and_(
        ProjectInvitation.status == InvitationState.SENT,
        ProjectInvitation.answer_by > clock.now(),
    )


def is_open() -> ColumnElement[bool]:
    """Return the condition that another invitation would say nothing new."""
    interested = ProjectInvitation.status == InvitationState.INTERESTED
    return and_(or_(is_waiting(), interested), ~_was_claimed())


def find_breaches() -> Iterator[str]:
    """Yield a line for each invitation that breaks a rule."""
    for row in _load(select(ProjectInvitation).order_by(ProjectInvitation.id)):
        here = f"invitation {row.id}"
        if row.line is not None and row.line.project_id != row.project_id:
            yield f"{here}: is about a line of another project"
        if row.offer is not None and row.offer.organisation_id != row.organisation_id:
            yield f"{here}: names somebody else's offer"
        if not row.project.is_public:
            yield f"{here}: is to a project that is not public"
        if row.status is InvitationState.DECLINED and not row.answer:
            yield f"{here}: was declined without a reason"


_NEWEST = (ProjectInvitation.invited_at.desc(), ProjectInvitation.id.desc())


def _get(actor: Actor, invitation_id: int, permission: Permission) -> ProjectInvitation:
    found = db.session.get(ProjectInvitation, invitation_id)
    if found is None:
        raise NotFound()
    if not permits(actor, permission, found):
        raise Hidden()
    return found


def _of_own(actor: Actor) -> Select[ProjectInvitation]:
    return select(ProjectInvitation).where(
        ProjectInvitation.organisation_id.in_(actor.organisation_ids)
    )


def _waiting_first() -> tuple[ColumnElement[Any], ...]:
    waits = is_waiting()
    return (
        case((waits, 0), else_=1),
        case((waits, ProjectInvitation.answer_by), else_=None),
        ProjectInvitation.invited_at.desc(),
        ProjectInvitation.id.desc(),
    )


def _of_desk(actor: Actor, shown: Shown | None) -> Select[ProjectInvitation]:
    statement = select(ProjectInvitation).join(Project, Project.id == ProjectInvitation.project_id)
    # Whoever may look at anything is not bound to a region.
    if not permits(actor, Permission.INVITATION_READ, None):
        below = Project.region_code.startswith(actor.region_prefix, autoescape=True)
        statement = statement.where(below if actor.region_prefix else false())
    return statement if shown is None else statement.where(_shows(shown))


def _shows(shown: Shown) -> ColumnElement[bool]:
    status, late = ProjectInvitation.status, ProjectInvitation.answer_by <= clock.now()
    conditions: dict[Shown, ColumnElement[bool]] = {
        Shown.WAITING: is_waiting(),
        Shown.INTERESTED: status == InvitationState.INTERESTED,
        Shown.DECLINED: status == InvitationState.DECLINED,
        Shown.LAPSED: or_(
            status == InvitationState.LAPSED, and_(status == InvitationState.SENT, late)
        ),
        Shown.WITHDRAWN: status == InvitationState.WITHDRAWN,
        Shown.CLAIMED: _was_claimed(),
    }
    return conditions[shown]


def _holds() -> ColumnElement[bool]:
    lapsed = and_(Claim.status == ClaimState.RESERVED, Claim.hold_until <= clock.now())
    return and_(Claim.status.in_(HOLDING_STATES), ~lapsed)


def _was_claimed() -> ColumnElement[bool]:
    """Return the condition that the organisation claimed the project after it was asked."""
    joined = exists().where(
        ClaimMember.claim_id == Claim.id,
        ClaimMember.organisation_id == ProjectInvitation.organisation_id,
        ClaimMember.status.in_(ACTIVE_MEMBERS),
    )
    return exists().where(
        Claim.project_id == ProjectInvitation.project_id,
        Claim.reserved_at >= ProjectInvitation.invited_at,
        _holds(),
        or_(Claim.organisation_id == ProjectInvitation.organisation_id, joined),
    )


def _page(statement: Select[ProjectInvitation], order: Iterable[object], number: int) -> Page[Row]:
    total = _count(statement.with_only_columns(ProjectInvitation.id, maintain_column_froms=True))
    number = clamp_page(number, PAGE_SIZE, total)
    rows = _load(
        statement.order_by(*order).limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)  # type: ignore[arg-type]
    )
    return Page(_with_claims(rows), number, PAGE_SIZE, total)


def _load(statement: Select[ProjectInvitation]) -> list[ProjectInvitation]:
    return list(db.session.scalars(statement))


def _count(statement: Select[int]) -> int:
    return db.session.scalar(select(func.count()).select_from(statement.subquery())) or 0


def _with_claims(invitations: list[ProjectInvitation]) -> list[Row]:
    """Put the claims made since beside the invitations, with one query for all of them."""
    claims = db.session.scalars(
        select(Claim)
        .where(Claim.project_id.in_({each.project_id for each in invitations}), _holds())
        .order_by(Claim.reserved_at, Claim.id)
    ).all()
    since = [
        [
            claim
            for claim in claims
            if claim.project_id == each.project_id
            and claim.reserved_at >= each.invited_at
            and each.organisation_id in claim.active_ids
        ]
        for each in invitations
    ]
    return [
        Row(each, own[0] if own else None) for each, own in zip(invitations, since, strict=True)
    ]
