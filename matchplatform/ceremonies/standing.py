"""Where each organisation stands before a ceremony: invited, answered, accepted, papers complete."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from matchplatform.ceremonies.hitches import Hitch, find_hitches
from matchplatform.ceremonies.models import Ceremony, CeremonyEntry, CeremonyGuest
from matchplatform.ceremonies.queries import list_guests
from matchplatform.ceremonies.states import EntryState, GuestState
from matchplatform.claims.models import Claim, ClaimMember
from matchplatform.claims.signing import list_signing
from matchplatform.claims.states import ClaimState, MemberState
from matchplatform.kernel.db import db
from matchplatform.organisations.models import Organisation


@dataclass(frozen=True)
class Standing:
    """An organisation before a ceremony.

    ``guest``: None while it is not on the guest list; ``accepted``: its accepted claims anywhere,
    ``listed``: those that are signed here; ``hitches``: what is still missing.
    """

    organisation: Organisation
    guest: CeremonyGuest | None
    accepted: int
    listed: int
    hitches: Sequence[Hitch]

    @property
    def is_complete(self) -> bool:
        """Tell whether it may come and sign as it is."""
        return bool(self.listed) and not self.hitches


@dataclass(frozen=True)
class Tally:
    """How many organisations have come how far."""

    all: int
    invited: int
    answered: int
    coming: int
    listed: int
    complete: int


def list_standing(ceremony: Ceremony, entries: Sequence[CeremonyEntry]) -> list[Standing]:
    """List every organisation that is invited or is to sign: those with something missing first."""
    guests = {
        guest.organisation_id: guest
        for guest in list_guests(ceremony.id)
        if guest.organisation and guest.status is not GuestState.REMOVED
    }
    units = {
        guest.organisation.id: guest.organisation for guest in guests.values() if guest.organisation
    }
    mine: dict[int, list[CeremonyEntry]] = {}
    for entry in entries:
        for unit in list_signing(entry.claim):
            units[unit.id] = unit
            mine.setdefault(unit.id, []).append(entry)
    waiting = [entry for entry in entries if entry.status is EntryState.LISTED]
    hitches = find_hitches(ceremony, waiting)
    accepted = _count_accepted(units)
    rows = [
        Standing(
            unit,
            guests.get(unit.id),
            accepted.get(unit.id, 0),
            len(mine.get(unit.id, ())),
            _gather(mine.get(unit.id, ()), hitches),
        )
        for unit in units.values()
    ]
    return sorted(rows, key=_most_missing)


def count_up(rows: Iterable[Standing]) -> Tally:
    """Count how far the organisations have come."""
    found = list(rows)
    states = [row.guest.status if row.guest else None for row in found]
    told = (GuestState.INVITED, GuestState.ACCEPTED, GuestState.DECLINED)
    return Tally(
        all=len(found),
        invited=sum(state in told for state in states),
        answered=sum(state in told[1:] for state in states),
        coming=sum(state is GuestState.ACCEPTED for state in states),
        listed=sum(bool(row.listed) for row in found),
        complete=sum(row.is_complete for row in found),
    )


def _gather(entries: Iterable[CeremonyEntry], hitches: dict[int, list[Hitch]]) -> list[Hitch]:
    # The same thing may stand against several of its claims; it is said once.
    found = {str(hitch.words): hitch for entry in entries for hitch in hitches.get(entry.id, ())}
    return sorted(found.values(), key=lambda hitch: not hitch.stops)


def _most_missing(row: Standing) -> tuple[bool, int, str, int]:
    stops = sum(hitch.stops for hitch in row.hitches)
    return (not row.hitches, -stops, row.organisation.name, row.organisation.id)


def _count_accepted(units: Iterable[int]) -> dict[int, int]:
    ids = list(units)
    lead = (
        select(Claim.organisation_id, func.count())
        .where(Claim.organisation_id.in_(ids), Claim.status == ClaimState.ACCEPTED)
        .group_by(Claim.organisation_id)
    )
    found = dict(db.session.execute(lead).all())
    joined = (
        select(ClaimMember.organisation_id, func.count())
        .join(Claim, Claim.id == ClaimMember.claim_id)
        .where(
            ClaimMember.organisation_id.in_(ids),
            ClaimMember.status == MemberState.CONFIRMED,
            Claim.status == ClaimState.ACCEPTED,
            Claim.organisation_id != ClaimMember.organisation_id,
        )
        .group_by(ClaimMember.organisation_id)
    )
    for organisation_id, count in db.session.execute(joined):
        found[organisation_id] = found.get(organisation_id, 0) + count
    return found
