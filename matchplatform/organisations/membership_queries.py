"""Reads of memberships, whatever their state."""

from sqlalchemy import select

from matchplatform.accounts.models import User
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Hidden, NotFound
from matchplatform.organisations.membership_states import MembershipState
from matchplatform.organisations.models import Membership


def get_membership(organisation_id: int, user_id: int) -> Membership:
    """Return somebody's membership, whatever its state.

    Raises:
        NotFound: nobody has this number.
        Hidden: somebody has, who never had anything to do with the organisation.
    """
    membership = db.session.get(Membership, (organisation_id, user_id))
    if membership is None:
        raise Hidden() if db.session.get(User, user_id) else NotFound()
    return membership


def list_all_members(organisation_id: int) -> list[Membership]:
    """List the memberships of an organisation, those that wait first, those that ended last."""
    rows = db.session.scalars(
        select(Membership)
        .where(Membership.organisation_id == organisation_id)
        .order_by(Membership.since, Membership.user_id)
    ).all()
    order = list(MembershipState)
    return sorted(rows, key=lambda row: order.index(row.standing))


def list_own(user_id: int) -> list[Membership]:
    """List all the memberships that somebody has or had."""
    return list(
        db.session.scalars(
            select(Membership)
            .where(Membership.user_id == user_id)
            .order_by(Membership.organisation_id)
        )
    )


def list_signer_ids(organisation_id: int) -> list[int]:
    """List the signers of an organisation who can sign in and whose membership counts today."""
    return [
        row.user_id
        for row in list_all_members(organisation_id)
        if row.is_live and row.is_signer and row.user.is_active
    ]
