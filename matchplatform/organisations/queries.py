"""Reads of organisations."""

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import selectinload

from matchplatform.access.actor import Actor
from matchplatform.access.policy import Permission, permits
from matchplatform.access.reach import HEBEI, MINISTRY
from matchplatform.accounts.models import User
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Hidden, NotFound
from matchplatform.organisations.models import Membership, Organisation
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
    return db.session.scalars(
        select(Organisation)
        .where(Organisation.id.in_(actor.organisation_ids))
        .order_by(Organisation.id)
        .options(selectinload(Organisation.memberships))
    ).first()


def find_by_uscc(uscc: str) -> Organisation | None:
    """Return the organisation with this code, or None."""
    return db.session.scalar(select(Organisation).where(Organisation.uscc == uscc))


def list_namesakes(organisation: Organisation) -> list[Organisation]:
    """List the other organisations that were registered under the same name."""
    return list(
        db.session.scalars(
            select(Organisation)
            .where(Organisation.name == organisation.name, Organisation.id != organisation.id)
            .order_by(Organisation.id)
        )
    )


def list_memberships(user_id: int) -> list[Membership]:
    """List for whom a user acts, with the organisations."""
    return list(
        db.session.scalars(
            select(Membership)
            .where(Membership.user_id == user_id)
            .order_by(Membership.organisation_id)
            .options(selectinload(Membership.organisation))
        )
    )


def list_members(organisation: Organisation) -> list[User]:
    """List who acts for an organisation."""
    return list(
        db.session.scalars(
            select(User)
            .join(Membership, Membership.user_id == User.id)
            .where(Membership.organisation_id == organisation.id)
            .order_by(User.id)
        )
    )


def list_member_ids(organisation_id: int) -> list[int]:
    """List the user ids of those who act for an organisation."""
    return list(
        db.session.scalars(
            select(Membership.user_id)
            .where(Membership.organisation_id == organisation_id)
            .order_by(Membership.user_id)
        )
    )


def list_waiting(actor: Actor) -> list[Organisation]:
    """List the organisations that wait for this officer to verify them, oldest first."""
    return list(
        db.session.scalars(
            select(Organisation)
            .where(Organisation.status == OrganisationState.PENDING, _registered_here(actor))
            .order_by(Organisation.submitted_at, Organisation.id)
        )
    )


def list_registered_here(actor: Actor) -> list[Organisation]:
    """List every organisation that this officer verifies, or an auditor may look at, by name."""
    statement = select(Organisation)
    # Whoever may look at anything is not bound to a region.
    if not permits(actor, Permission.ORGANISATION_REVIEW, None):
        statement = statement.where(_registered_here(actor))
    return list(db.session.scalars(statement.order_by(Organisation.name, Organisation.id)))


def _registered_here(actor: Actor) -> ColumnElement[bool]:
    region = Organisation.registration_region
    here = region.startswith(actor.region_prefix, autoescape=True) & (region != MINISTRY)
    return or_(here, region == MINISTRY) if actor.region_prefix == HEBEI else here
