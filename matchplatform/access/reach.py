"""How far a permission reaches: small predicates over (actor, thing). They know no feature."""

from collections.abc import Callable

from matchplatform.access.actor import Actor

Reach = Callable[[Actor, object], bool]

HEBEI = "13"
MINISTRY = "100000"


def anywhere(actor: Actor, thing: object) -> bool:
    """Reach everything."""
    return True


def own_organisation(actor: Actor, thing: object) -> bool:
    """Reach what belongs to an organisation of which the actor is an approved member."""
    return getattr(thing, "organisation_id", None) in actor.organisation_ids


def as_signer(actor: Actor, thing: object) -> bool:
    """Reach what belongs to an organisation for which the actor signs."""
    return getattr(thing, "organisation_id", None) in actor.signer_ids


def as_party(actor: Actor, thing: object) -> bool:
    """Reach what belongs to one's organisation or what it takes part in."""
    parties: frozenset[int] = getattr(thing, "party_ids", frozenset())
    return own_organisation(actor, thing) or bool(parties & actor.organisation_ids)


def as_active_party(actor: Actor, thing: object) -> bool:
    """Reach what belongs to one's organisation or what it still takes part in."""
    active: list[int] = getattr(thing, "active_ids", [])
    return own_organisation(actor, thing) or not actor.organisation_ids.isdisjoint(active)


def about_self(actor: Actor, thing: object) -> bool:
    """Reach what is about the actor: their membership, an invitation sent to them."""
    owner = getattr(thing, "user_id", None)
    return owner is not None and owner == actor.user_id


def as_verified_member(actor: Actor, thing: object) -> bool:
    """Reach anything, for members of a verified organisation."""
    return bool(actor.verified_ids)


def as_member(actor: Actor, thing: object) -> bool:
    """Reach anything, for members of any organisation, verified or not."""
    return bool(actor.organisation_ids)


def kept_by_self(actor: Actor, thing: object) -> bool:
    """Reach what the actor, a member of some organisation, keeps for themself."""
    owner = getattr(thing, "user_id", None)
    return owner is not None and owner == actor.user_id and bool(actor.organisation_ids)


def project_in_jurisdiction(actor: Actor, thing: object) -> bool:
    """Reach what lies in a region that starts with the officer's prefix."""
    region = str(getattr(thing, "region_code", ""))
    return bool(actor.region_prefix) and region.startswith(actor.region_prefix)


def own_county(actor: Actor, thing: object) -> bool:
    """Reach what lies in the officer's own county: county officers only."""
    return len(actor.region_prefix) == 6 and project_in_jurisdiction(actor, thing)


def own_office(actor: Actor, thing: object) -> bool:
    """Reach what belongs to the officer's own authority, neither above nor below it."""
    return bool(actor.region_prefix) and getattr(thing, "office", None) == actor.region_prefix


def county_or_city(actor: Actor, thing: object) -> bool:
    """Reach what lies in the officer's county or city, not from the province."""
    return len(actor.region_prefix) in (4, 6) and project_in_jurisdiction(actor, thing)


def city_or_province(actor: Actor, thing: object) -> bool:
    """Reach what lies below a city or the province."""
    return len(actor.region_prefix) in (2, 4) and project_in_jurisdiction(actor, thing)


def of_the_province(actor: Actor, thing: object) -> bool:
    """Reach anything, for officers of the province itself."""
    return actor.region_prefix == HEBEI


def registered_here(actor: Actor, thing: object) -> bool:
    """Reach organisations whose registration authority lies in the officer's region.

    Bodies registered with the ministry are verified by the province for their work in Hebei.
    """
    region = str(getattr(thing, "registration_region", ""))
    if region == MINISTRY:
        return actor.region_prefix == HEBEI
    return bool(actor.region_prefix) and region.startswith(actor.region_prefix)
