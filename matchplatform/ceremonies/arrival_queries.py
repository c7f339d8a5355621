"""Reads of the check-in: who is expected, who is there, and finding a unit by what is typed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from matchplatform.ceremonies.models import CeremonyAttendee, CeremonyGuest
from matchplatform.ceremonies.rows import Row
from matchplatform.ceremonies.states import GuestKind, GuestState
from matchplatform.files.kinds import Purpose
from matchplatform.files.models import StoredFile
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import NotFound
from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.text import fold
from matchplatform.search.sound import syllables

LONGEST_SEARCH = 40


@dataclass(frozen=True)
class Attendance:
    """How many are there of those who are expected; units, people and those who sign."""

    units: int
    units_here: int
    people: int
    people_here: int
    signers: int
    signers_here: int


@dataclass(frozen=True)
class UnitArrival:
    """Whether a unit that signs is there: ``state`` is here, part, away or none."""

    unit: str
    state: str
    words: Words


def list_guests(ceremony_id: int) -> list[CeremonyGuest]:
    """List the units that may come, with their people."""
    return list(
        db.session.scalars(
            select(CeremonyGuest)
            .where(
                CeremonyGuest.ceremony_id == ceremony_id,
                CeremonyGuest.status != GuestState.REMOVED,
            )
            .order_by(CeremonyGuest.id)
        )
    )


def get_attendee(guest: CeremonyGuest, attendee_id: int) -> CeremonyAttendee:
    """Return one of a guest's people.

    Raises:
        NotFound: it is none of them.
    """
    found = next((person for person in guest.attendees if person.id == attendee_id), None)
    if found is None:
        raise NotFound()
    return found


def pick_guests(guests: Iterable[CeremonyGuest], typed: str) -> list[CeremonyGuest]:
    """Return the guests that fit what was typed: a unit, a name, pinyin, a seat, a number."""
    wanted = fold(typed[:LONGEST_SEARCH]).replace(" ", "")
    return [guest for guest in guests if not wanted or _fits(guest, wanted)]


def count_attendance(guests: Iterable[CeremonyGuest]) -> Attendance:
    """Count who is there; a unit that declined is expected only once somebody of it has come."""
    expected = [guest for guest in guests if _is_expected(guest)]
    people = [person for guest in expected for person in guest.attendees]
    signers = [person for person in people if person.is_signer]
    return Attendance(
        units=len(expected),
        units_here=sum(1 for guest in expected if is_here(guest)),
        people=len(people),
        people_here=sum(1 for person in people if person.arrived_at),
        signers=len(signers),
        signers_here=sum(1 for person in signers if person.arrived_at),
    )


def is_here(guest: CeremonyGuest) -> bool:
    """Tell whether somebody of a unit has arrived."""
    return any(person.arrived_at for person in guest.attendees)


def arrivals_of(row: Row, guests: Iterable[CeremonyGuest]) -> list[UnitArrival]:
    """Tell of each unit that signs an entry whether it is there; the county's offices last."""
    guests = list(guests)
    invited = {guest.organisation_id: guest for guest in guests if guest.organisation_id}
    found = [
        _arrival(unit, invited.get(key)) for unit, key in zip(row.units, row.unit_ids, strict=True)
    ]
    offices = (
        guest
        for guest in guests
        if guest.kind is GuestKind.OFFICE and guest.region_code == row.region_code
    )
    return found + [_arrival(office.unit, office) for office in offices]


def places_of(rows: Iterable[Row]) -> Mapping[int, list[Row]]:
    """Return what each organisation signs, by its id."""
    found: dict[int, list[Row]] = {}
    for row in rows:
        for unit in row.unit_ids:
            found.setdefault(unit, []).append(row)
    return found


def letters_of(guest: CeremonyGuest, owner_type: str) -> Mapping[int, StoredFile]:
    """Return the letters of a guest's people who stand in for somebody, by person."""
    people = [person.id for person in guest.attendees if person.proxy_for]
    if not people:
        return {}
    files = db.session.scalars(
        select(StoredFile)
        .where(
            StoredFile.owner_type == owner_type,
            StoredFile.owner_id.in_(people),
            StoredFile.purpose == Purpose.EVIDENCE,
            StoredFile.removed_at.is_(None),
        )
        .order_by(StoredFile.id)
    )
    return {file.owner_id: file for file in files}


def _arrival(unit: str, guest: CeremonyGuest | None) -> UnitArrival:
    if guest is None:
        return UnitArrival(unit, "none", _("没有邀请"))
    here = [person for person in guest.attendees if person.arrived_at]
    signers = [person for person in guest.attendees if person.is_signer]
    if any(person.is_signer for person in here) or (here and not signers):
        return UnitArrival(unit, "here", _("已到"))
    if here:
        return UnitArrival(unit, "part", _("人到了，签署人没到"))
    if guest.status is GuestState.DECLINED:
        return UnitArrival(unit, "away", _("答复不来"))
    return UnitArrival(unit, "away", _("没到"))


def _is_expected(guest: CeremonyGuest) -> bool:
    return guest.status is not GuestState.DECLINED or is_here(guest)


def _fits(guest: CeremonyGuest, wanted: str) -> bool:
    if wanted.isdecimal() and int(wanted[:9]) == guest.id:
        return True
    organisation = guest.organisation
    if organisation is not None and organisation.uscc.casefold().startswith(wanted):
        return True
    names = [guest.unit, *(person.name for person in guest.attendees)]
    if any(person.seat.casefold() == wanted for person in guest.attendees if person.seat):
        return True
    return any(_sounds(fold(name), wanted) for name in names)


def _sounds(name: str, wanted: str) -> bool:
    """Tell whether a name holds the text, or sounds like it: in whole or by its initials."""
    joined = name.replace(" ", "")
    if wanted in joined:
        return True
    if not (wanted.isascii() and wanted.isalnum()):
        return False
    said = syllables(joined)
    return wanted in "".join(one[0] for one in said) or any(
        "".join(said[start:]).startswith(wanted) for start in range(len(said))
    )
