"""Reads of ceremonies: for everybody, for the desk, for who is invited."""

from collections.abc import Iterable

from sqlalchemy import Select, select

from matchplatform.access.actor import Actor
from matchplatform.access.policy import Permission, permits
from matchplatform.ceremonies.models import Ceremony, CeremonyEntry, CeremonyGuest, CeremonySnapshot
from matchplatform.ceremonies.rows import ON_THE_LIST, Row, read_rows
from matchplatform.ceremonies.stage import plan_rounds
from matchplatform.ceremonies.states import (
    PUBLIC_STATES,
    EntryState,
    GuestKind,
    GuestState,
)
from matchplatform.ceremonies.timetable import Timetable, plan_day
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Hidden, NotFound
from matchplatform.organisations.models import Membership
from matchplatform.organisations.queries import is_live_today

# Whom news of a ceremony reach: they know of it already.
TOLD_STATES = (GuestState.INVITED, GuestState.ACCEPTED)


def get_ceremony(actor: Actor, ceremony_id: int) -> Ceremony:
    """Return a ceremony that the actor may look into.

    Raises:
        NotFound: no such ceremony.
        Hidden: none of the actor's business.
    """
    ceremony = db.session.get(Ceremony, ceremony_id)
    if ceremony is None:
        raise NotFound()
    if not permits(actor, Permission.CEREMONY_READ, ceremony):
        raise Hidden()
    return ceremony


def get_public_ceremony(ceremony_id: int) -> Ceremony:
    """Return a ceremony that everybody may know of.

    Raises:
        NotFound: no such ceremony.
        Hidden: it is not announced yet.
    """
    ceremony = db.session.get(Ceremony, ceremony_id)
    if ceremony is None:
        raise NotFound()
    if not ceremony.is_public:
        raise Hidden()
    return ceremony


def get_guest(ceremony: Ceremony, guest_id: int) -> CeremonyGuest:
    """Return a unit that is invited to a ceremony.

    Raises:
        NotFound: nobody, or to another one.
    """
    guest = db.session.get(CeremonyGuest, guest_id)
    if guest is None or guest.ceremony_id != ceremony.id:
        raise NotFound()
    return guest


def get_guest_by_token(token: str) -> CeremonyGuest:
    """Return whose invitation a token opens.

    Raises:
        NotFound: it opens none, or no longer.
    """
    guest = db.session.scalar(
        select(CeremonyGuest).where(
            CeremonyGuest.token == token,
            CeremonyGuest.status.not_in((GuestState.LISTED, GuestState.REMOVED)),
        )
    )
    if guest is None or not guest.ceremony.is_public:
        raise NotFound()
    return guest


def get_own_guest(actor: Actor, ceremony_id: int) -> CeremonyGuest:
    """Return the invitation of the actor's organisation to a ceremony.

    Raises:
        NotFound: no such ceremony.
        Hidden: it was not invited.
    """
    if db.session.get(Ceremony, ceremony_id) is None:
        raise NotFound()
    guest = db.session.scalar(
        of_own(actor).where(Ceremony.id == ceremony_id).order_by(CeremonyGuest.id).limit(1)
    )
    if guest is None:
        raise Hidden()
    return guest


def may_see_names(actor: Actor, ceremony: Ceremony) -> bool:
    """Tell whether the actor may read who comes: organisers, who checks in, auditors."""
    return permits(actor, Permission.CEREMONY_CHECK_IN, ceremony) or permits(
        actor, Permission.AUDIT_READ, ceremony
    )


def may_hand_out(actor: Actor, ceremony: Ceremony) -> bool:
    """Tell whether the actor may see invitations: whoever holds one can answer for its unit."""
    return permits(actor, Permission.CEREMONY_CHECK_IN, ceremony)


def list_main_entries(ceremony_id: int) -> list[CeremonyEntry]:
    """List what waits for its signature on the list itself, in its order."""
    return list(
        db.session.scalars(_listed(ceremony_id).where(CeremonyEntry.addendum == 0)).unique()
    )


def list_listed(ceremony_id: int) -> list[CeremonyEntry]:
    """List what waits for its signature, addenda included."""
    return list(db.session.scalars(_listed(ceremony_id)).unique())


def list_counting(ceremony_id: int) -> list[CeremonyEntry]:
    """List what is, was or was to be signed: whatever was not dropped or set free."""
    return list(
        db.session.scalars(
            select(CeremonyEntry)
            .where(CeremonyEntry.ceremony_id == ceremony_id, CeremonyEntry.status.in_(ON_THE_LIST))
            .order_by(CeremonyEntry.addendum, CeremonyEntry.position, CeremonyEntry.id)
        ).unique()
    )


def list_snapshots(ceremony_id: int) -> list[CeremonySnapshot]:
    """List what was locked and stands: the list, then its addenda."""
    return list(
        db.session.scalars(
            select(CeremonySnapshot)
            .where(CeremonySnapshot.ceremony_id == ceremony_id, CeremonySnapshot.void_at.is_(None))
            .order_by(CeremonySnapshot.number, CeremonySnapshot.id)
        )
    )


def list_guests(ceremony_id: int) -> list[CeremonyGuest]:
    """List who is invited, or was: organisations by name, then offices and the rest."""
    guests = db.session.scalars(
        select(CeremonyGuest).where(CeremonyGuest.ceremony_id == ceremony_id)
    ).unique()
    return sorted(guests, key=lambda guest: (_KINDS[guest.kind], guest.unit, guest.id))


def list_told_ids(ceremony_id: int) -> list[int]:
    """List who acts for the organisations that are invited."""
    invited = select(CeremonyGuest.organisation_id).where(
        CeremonyGuest.ceremony_id == ceremony_id,
        CeremonyGuest.status.in_(TOLD_STATES),
        CeremonyGuest.organisation_id.is_not(None),
    )
    return list_member_ids_of(db.session.scalars(invited))


def list_member_ids_of(organisation_ids: Iterable[int | None]) -> list[int]:
    """List the user ids of those who act today for any of these organisations."""
    return list(
        db.session.scalars(
            select(Membership.user_id)
            .where(Membership.organisation_id.in_(list(organisation_ids)), is_live_today())
            .distinct()
            .order_by(Membership.user_id)
        )
    )


def read_timetable(ceremony: Ceremony, rows: Iterable[Row] | None = None) -> Timetable:
    """Return when what happens on the day, rounds of signing included."""
    if rows is None:
        rows = read_rows(ceremony.id, ceremony.grouping)
    on_the_day = [(row.entry_id, row.group) for row in rows if row.addendum == 0]
    rounds = plan_rounds(on_the_day, ceremony.stage_slots)
    return plan_day(ceremony.starts_at, ceremony.agenda, rounds, ceremony.round_minutes)


_KINDS = {kind: place for place, kind in enumerate(GuestKind)}


def of_own(actor: Actor) -> Select[CeremonyGuest]:
    """Return the invitations of the actor's organisations, with their ceremonies joined."""
    return (
        select(CeremonyGuest)
        .join(Ceremony, Ceremony.id == CeremonyGuest.ceremony_id)
        .where(
            CeremonyGuest.organisation_id.in_(actor.organisation_ids),
            CeremonyGuest.status.not_in((GuestState.LISTED, GuestState.REMOVED)),
            Ceremony.status.in_(PUBLIC_STATES),
        )
    )


def _listed(ceremony_id: int) -> Select[CeremonyEntry]:
    return (
        select(CeremonyEntry)
        .where(CeremonyEntry.ceremony_id == ceremony_id, CeremonyEntry.status == EntryState.LISTED)
        .order_by(CeremonyEntry.addendum, CeremonyEntry.position, CeremonyEntry.id)
    )
