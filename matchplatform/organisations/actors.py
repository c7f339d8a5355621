"""Who a user is when they act: role, reach and organisations in one value."""

from matchplatform.access.actor import Actor
from matchplatform.accounts.models import User
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
        unit=memberships[0].organisation.name if memberships else user.unit,
    )
