"""What the engine may know of organisations: of one, or of all that may claim, in three queries."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from threading import Lock
from typing import Protocol

from sqlalchemy import select

from matchplatform.claims.models import Claim
from matchplatform.claims.promises import sum_promises
from matchplatform.claims.queries import PAST_STATES
from matchplatform.kernel.db import db
from matchplatform.matching.engine import Readings, Recommender
from matchplatform.matching.matches import Profile
from matchplatform.matching.snapshot import current_fingerprint
from matchplatform.organisations.models import Organisation
from matchplatform.organisations.queries import may_claim_today
from matchplatform.projects.models import Project

ZERO = Decimal(0)


class Described(Protocol):
    """What an organisation says of itself: the row itself, or these columns of it."""

    @property
    def business_scope(self) -> str:
        """Return its business scope."""

    @property
    def mission(self) -> str:
        """Return its mission."""

    @property
    def focus_sectors(self) -> list[str]:
        """Return the sectors that it cares for."""

    @property
    def registration_region(self) -> str:
        """Return where it is registered."""

    @property
    def annual_budget(self) -> Decimal:
        """Return its yearly budget in yuan; zero where it has stated none."""


@dataclass(frozen=True)
class Kept:
    """Profiles as they were read, and what the data looked like then."""

    fingerprint: tuple[str, date]
    readings: Readings


_lock = Lock()
_kept: list[Kept] = []


def make_profile(
    organisation: Described, past: Sequence[tuple[str, str]], promised: Decimal
) -> Profile:
    """Return what the engine may know of an organisation.

    ``past`` are the names and counties of the projects that it claimed before, ``promised`` is
    what it holds, in yuan. Of what it claimed only the titles are read: whole texts drown its own
    words (tried on the twelve profiles: with titles more right projects come among the first ten
    than without, with texts fewer).
    """
    texts = [organisation.business_scope, organisation.mission, *(name for name, _region in past)]
    return Profile(
        text="\n".join(texts),
        sectors=frozenset(organisation.focus_sectors),
        home_region=organisation.registration_region,
        worked_regions=frozenset(region for _name, region in past),
        annual_budget=organisation.annual_budget or None,
        open_promises=promised,
    )


def current_readings(recommender: Recommender) -> Readings:
    """Return every organisation that may claim today, read in the terms of this model.

    The trail's hash tells whether anything changed at all. If so, the texts tell whether they
    must be read again, or only budgets and promises changed, which cost no reading.
    """
    fingerprint = current_fingerprint()
    with _lock:
        kept = _kept[0] if _kept else None
        if kept is not None and not recommender.understands(kept.readings):
            kept = None
        if kept is None or kept.fingerprint != fingerprint:
            kept = Kept(fingerprint, _read(recommender, kept.readings if kept else None))
            _kept[:] = [kept]
        return kept.readings


def list_profiles() -> dict[int, Profile]:
    """Return the profile of each organisation that may claim today, by id."""
    past, promised = _list_past(), sum_promises()
    rows = db.session.execute(
        select(
            Organisation.id,
            Organisation.business_scope,
            Organisation.mission,
            Organisation.focus_sectors,
            Organisation.registration_region,
            Organisation.annual_budget,
        )
        .where(may_claim_today())
        .order_by(Organisation.id)
    )
    return {row.id: make_profile(row, past[row.id], promised[row.id]) for row in rows}


def _read(recommender: Recommender, before: Readings | None) -> Readings:
    profiles = list_profiles()
    if before is not None and _texts_of(before.profiles) == _texts_of(profiles):
        return replace(before, profiles=profiles)
    return recommender.read_profiles(profiles)


def _texts_of(profiles: Mapping[int, Profile]) -> list[tuple[int, str]]:
    return [(key, profile.text) for key, profile in profiles.items()]


def _list_past() -> dict[int, list[tuple[str, str]]]:
    found: dict[int, list[tuple[str, str]]] = defaultdict(list)
    rows = db.session.execute(
        select(Claim.organisation_id, Project.id, Project.name, Project.region_code)
        .join(Project, Project.id == Claim.project_id)
        .where(Claim.status.in_(PAST_STATES))
        .distinct()
        .order_by(Claim.organisation_id, Project.id)
    )
    for organisation_id, _project_id, name, region in rows:
        found[organisation_id].append((name, region))
    return found
