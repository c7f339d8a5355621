"""Reads of organisations."""

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import joinedload

from matchplatform.access.actor import Actor
from matchplatform.access.policy import Permission, permits
from matchplatform.access.reach import HEBEI, MINISTRY
from matchplatform.accounts.models import User
from matchplatform.audit.queries import list_history
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Hidden, NotFound
from matchplatform.organisations.membership_states import MembershipState
from matchplatform.organisations.models import Membership, NameChange, Organisation
from matchplatform.organisations.paper_states import PaperState
from matchplatform.organisations.states import OrganisationState


def get_organisation(actor: Actor, organisation_id: int) -> Organisation:
    """Return an organisation whose papers the actor may read.

    Raises:
        NotFound: no such organisation.
        Hidden: none that the actor may know of.
    """
    organisation = db.session.get(Organisation, organisation_id)
    if organisation is None:
        raise NotFound()
    if not permits(actor, Permission.ORGANISATION_READ, organisation):
        raise Hidden()
    return organisation


def find_own_organisation(actor: Actor) -> Organisation | None:
    """Return the organisation that the actor acts for; the first joined where there are several."""
    if not actor.organisation_ids:
        return None
    # A page that shows who acts for it loads them by itself.
    return db.session.get(Organisation, min(actor.organisation_ids))


def find_by_uscc(uscc: str) -> Organisation | None:
    """Return the organisation with this code, or None."""
    return db.session.scalar(select(Organisation).where(Organisation.uscc == uscc))


def may_claim_today() -> ColumnElement[bool]:
    """Return the condition that an organisation may claim today, as ``may_claim`` has it."""
    until = Organisation.certificate_expires_on
    return and_(
        Organisation.status == OrganisationState.VERIFIED,
        or_(until.is_(None), until >= clock.today()),
    )


def list_namesakes(organisation: Organisation) -> list[Organisation]:
    """List the other organisations that have, or had, the same name."""
    return list(
        db.session.scalars(
            select(Organisation)
            .where(
                _had_name(
                    NameChange.old_name == organisation.name, Organisation.name == organisation.name
                ),
                Organisation.id != organisation.id,
            )
            .order_by(Organisation.id)
        )
    )


def list_memberships(user_id: int) -> list[Membership]:
    """List for whom a user acts today, with the organisations."""
    return list(
        db.session.scalars(
            select(Membership)
            .where(Membership.user_id == user_id, is_live_today())
            .order_by(Membership.organisation_id)
            .options(joinedload(Membership.organisation))
        )
    )


def is_live_today() -> ColumnElement[bool]:
    """Return the condition that a membership counts today: approved, and not past its last day."""
    return and_(
        Membership.status == MembershipState.APPROVED,
        or_(Membership.expires_on.is_(None), Membership.expires_on >= clock.today()),
    )


def list_members(organisation: Organisation) -> list[User]:
    """List who acts for an organisation today."""
    return list(
        db.session.scalars(
            select(User)
            .join(Membership, Membership.user_id == User.id)
            .where(Membership.organisation_id == organisation.id, is_live_today())
            .order_by(User.id)
        )
    )


def list_member_ids(organisation_id: int) -> list[int]:
    """List the user ids of those who act for an organisation today."""
    return list(
        db.session.scalars(
            select(Membership.user_id)
            .where(Membership.organisation_id == organisation_id, is_live_today())
            .order_by(Membership.user_id)
        )
    )


def list_waiting(actor: Actor) -> list[Organisation]:
    """List the organisations that wait for this officer to verify them, oldest first."""
    return list(
        db.session.scalars(
            select(Organisation)
            .where(Organisation.status == OrganisationState.PENDING, registered_to(actor))
            .order_by(Organisation.submitted_at, Organisation.id)
        )
    )


def list_registered_here(actor: Actor, words: str = "") -> list[Organisation]:
    """List what this officer verifies, or an auditor may look at; ``words`` of any of its names."""
    statement = select(Organisation).where(name_contains(words))
    # Whoever may look at anything is not bound to a region.
    if not permits(actor, Permission.ORGANISATION_REVIEW, None):
        statement = statement.where(registered_to(actor))
    return list(db.session.scalars(statement.order_by(Organisation.name, Organisation.id)))


def has_written_on(actor: Actor, organisation: Organisation) -> bool:
    """Tell whether this officer entered an organisation, or corrected what another one entered."""
    if organisation.entered_by_id is None:
        return False
    written = (
        entry.actor_id
        for entry in list_history("organisation", organisation.id)
        if entry.action in ("organisation.enter", "organisation.amend")
    )
    return actor.user_id in {organisation.entered_by_id, *written}


def name_contains(words: str) -> ColumnElement[bool]:
    """Return the condition that an organisation's name, or a former one, contains these words."""
    return _had_name(
        NameChange.old_name.icontains(words, autoescape=True),
        Organisation.name.icontains(words, autoescape=True),
    )


def _had_name(then: ColumnElement[bool], now: ColumnElement[bool]) -> ColumnElement[bool]:
    had = select(NameChange.organisation_id).where(then, NameChange.status == PaperState.ACCEPTED)
    return or_(now, Organisation.id.in_(had))


def registered_to(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that an organisation is registered where this officer verifies."""
    region = Organisation.registration_region
    here = region.startswith(actor.region_prefix, autoescape=True) & (region != MINISTRY)
    return or_(here, region == MINISTRY) if actor.region_prefix == HEBEI else here
