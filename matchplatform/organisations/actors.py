"""Who a user is when they act: role, reach and organisations in one value."""

from matchplatform.access.actor import Actor, Role
from matchplatform.accounts.models import User
from matchplatform.organisations.models import Membership
from matchplatform.organisations.queries import list_memberships


def actor_of(user: User) -> Actor:
    """Return the actor that a user is just now."""
    memberships = list_memberships(user.id)
    verified = [row.organisation_id for row in memberships if row.organisation.is_verified]
    return Actor(
        user_id=user.id,
        label=user.display_name,
        role=user.role,
        region_prefix=user.region_prefix,
        organisation_ids=frozenset(row.organisation_id for row in memberships),
        verified_ids=frozenset(verified),
        signer_ids=frozenset(row.organisation_id for row in memberships if row.is_signer),
        unit=_unit_of(user, memberships),
    )


def _unit_of(user: User, memberships: list[Membership]) -> str:
    if memberships:
        return memberships[0].organisation.name
    # An agent's unit is written down at registration; who has left speaks for nobody any more.
    return "" if user.role is Role.AGENT else user.unit
