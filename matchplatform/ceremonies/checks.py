"""What must hold of every ceremony, recomputed."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from matchplatform.ceremonies.locking import digest_of
from matchplatform.ceremonies.models import (
    Ceremony,
    CeremonyEntry,
    CeremonyGuest,
    CeremonySnapshot,
    CeremonyStep,
)
from matchplatform.ceremonies.stage_checks import find_stage_breaches
from matchplatform.ceremonies.states import (
    LATE_STATES,
    UPCOMING_STATES,
    CeremonyState,
    EntryState,
    GuestState,
)
from matchplatform.claims.states import ClaimState
from matchplatform.kernel.db import db

_LOCKED_IN = (EntryState.LISTED, EntryState.SIGNED, EntryState.UNSIGNED)


def find_breaches() -> Iterator[str]:
    """Yield a line for each ceremony that breaks a rule."""
    entries: dict[int, list[CeremonyEntry]] = {}
    for entry in _list_entries():
        entries.setdefault(entry.ceremony_id, []).append(entry)
    snapshots: dict[int, list[CeremonySnapshot]] = {}
    for snapshot in db.session.scalars(select(CeremonySnapshot).order_by(CeremonySnapshot.id)):
        snapshots.setdefault(snapshot.ceremony_id, []).append(snapshot)
    steps: dict[int, list[CeremonyStep]] = {}
    for step in db.session.scalars(select(CeremonyStep).order_by(CeremonyStep.seq)):
        steps.setdefault(step.ceremony_id, []).append(step)
    for ceremony in db.session.scalars(select(Ceremony).order_by(Ceremony.id)):
        here = f"ceremony {ceremony.id}"
        own = entries.get(ceremony.id, [])
        yield from _snapshot_breaches(here, ceremony, own, snapshots.get(ceremony.id, []))
        for entry in own:
            yield from _entry_breaches(f"{here} entry {entry.id}", ceremony, entry)
        yield from find_stage_breaches(ceremony, steps.get(ceremony.id, []), own)
    yield from _guest_breaches()


def _snapshot_breaches(
    here: str,
    ceremony: Ceremony,
    entries: list[CeremonyEntry],
    snapshots: list[CeremonySnapshot],
) -> Iterator[str]:
    standing = [snapshot for snapshot in snapshots if snapshot.void_at is None]
    for snapshot in snapshots:
        if digest_of(snapshot.content) != snapshot.sha256:
            yield f"{here}: snapshot {snapshot.id} is not what its hash says"
    numbers = [snapshot.number for snapshot in standing]
    if len(set(numbers)) != len(numbers):
        yield f"{here}: two snapshots stand for one list"
    is_locked = ceremony.status not in (
        CeremonyState.PLANNING, CeremonyState.INTAKE, CeremonyState.POSTPONED,
        CeremonyState.CANCELLED,
    )  # fmt: skip
    if is_locked != (0 in numbers):
        yield f"{here}: its state and its snapshots disagree"
    for snapshot in standing:
        kept = {row["claim_id"] for row in snapshot.content["entries"]}
        listed = {
            entry.claim_id
            for entry in entries
            if entry.addendum == snapshot.number
            and (entry.status in _LOCKED_IN or snapshot.number)
            and entry.status is not EntryState.FREED
        }
        if kept != listed:
            yield f"{here}: list {snapshot.number} is not what was locked"


def _entry_breaches(here: str, ceremony: Ceremony, entry: CeremonyEntry) -> Iterator[str]:
    waits_late = bool(entry.addendum) and ceremony.status in LATE_STATES
    if entry.status is EntryState.LISTED and not (ceremony.status in UPCOMING_STATES or waits_late):
        yield f"{here}: waits at a ceremony that is {ceremony.status}"
    if (entry.ended_at is None) != (entry.status is EntryState.LISTED):
        yield f"{here}: its end and its state disagree"
    if entry.agreement is not None and entry.agreement.claim_id != entry.claim_id:
        yield f"{here}: names the agreement of another claim"
    commitment = entry.commitment
    if commitment is not None:
        if commitment.claim_id != entry.claim_id:
            yield f"{here}: names the commitment of another claim"
        if not commitment.stands or entry.claim.status is not ClaimState.SIGNED:
            yield f"{here}: counts as signed, its claim does not"


def _guest_breaches() -> Iterator[str]:
    guests = db.session.scalars(select(CeremonyGuest).order_by(CeremonyGuest.id)).unique()
    for guest in guests:
        here = f"ceremony {guest.ceremony_id} guest {guest.id}"
        if guest.status is GuestState.DECLINED and guest.attendees:
            yield f"{here}: does not come, and yet somebody does"
        if guest.status is GuestState.INVITED and guest.invited_at is None:
            yield f"{here}: invited, nobody knows when"


def _list_entries() -> list[CeremonyEntry]:
    return list(
        db.session.scalars(
            select(CeremonyEntry)
            .order_by(CeremonyEntry.id)
            .options(joinedload(CeremonyEntry.agreement), joinedload(CeremonyEntry.commitment))
        ).unique()
    )
