"""The files of seeds/ about agreements and ceremonies as typed rows."""

from collections import defaultdict
from dataclasses import dataclass

from matchplatform.ceremonies.states import AgendaKind, Grouping, GuestKind
from matchplatform.seeding.tables import day_of, read_table


@dataclass(frozen=True)
class AgreementRow:
    """An agreement by its claim, and how far it got; ``filename``: of the scan of a paper.

    ``confirmed_by``: user names of those who said yes, empty for all.
    """

    username: str
    number: str
    drafted_day: int
    written_day: int | None
    account: str
    receipt_issuer: str
    contact: str
    confirmed_day: int | None
    confirmed_by: tuple[str, ...]
    frozen_day: int | None
    signed_day: int | None
    filename: str


@dataclass(frozen=True)
class AgendaRow:
    """One item of an agenda, in its order."""

    kind: AgendaKind
    title: str
    speaker: str
    minutes: int


@dataclass(frozen=True)
class PersonRow:
    """Somebody who comes for a unit."""

    name: str
    post: str
    is_signer: bool
    seat: str
    arrived: bool


@dataclass(frozen=True)
class GuestRow:
    """An invited unit: an organisation by its agent's user name, or any other by what it is called.

    ``comes``: what it answered, None where it has not.
    """

    kind: GuestKind
    username: str
    unit: str
    contact: str
    region_code: str
    invited_day: int | None
    answered_day: int | None
    comes: bool | None
    said: str
    people: tuple[PersonRow, ...]


@dataclass(frozen=True)
class EntryRow:
    """A claim that is to be signed; ``late``: on an addendum; ``passed``: why it was passed over."""

    username: str
    number: str
    late: bool
    passed: str


@dataclass(frozen=True)
class CeremonyRow:
    """A ceremony with all that belongs to it; one that was not locked yet stands in its intake."""

    title: str
    region_code: str
    place: str
    host: str
    contact: str
    day: int
    hour: int
    answer_by_day: int
    capacity: int
    stage_slots: int
    round_minutes: int
    grouping: Grouping
    opened_day: int
    listed_day: int
    locked_day: int | None
    late_day: int | None
    agenda: tuple[AgendaRow, ...]
    entries: tuple[EntryRow, ...]
    guests: tuple[GuestRow, ...]


def read_agreements() -> list[AgreementRow]:
    """Read agreements.csv."""
    return [
        AgreementRow(
            username=row["organisation"],
            number=row["project"],
            drafted_day=int(row["drafted_day"]),
            written_day=day_of(row["written_day"]),
            account=row["account"],
            receipt_issuer=row["receipt_issuer"],
            contact=row["contact"],
            confirmed_day=day_of(row["confirmed_day"]),
            confirmed_by=tuple(name for name in row["confirmed_by"].split(";") if name),
            frozen_day=day_of(row["frozen_day"]),
            signed_day=day_of(row["signed_day"]),
            filename=row["filename"],
        )
        for row in read_table("agreements.csv")
    ]


def read_ceremonies() -> list[CeremonyRow]:
    """Read ceremonies.csv, and what of the files beside it belongs to each."""
    agenda, entries, guests = _read_agenda(), _read_entries(), _read_guests()
    return [
        CeremonyRow(
            title=row["title"],
            region_code=row["region_code"],
            place=row["place"],
            host=row["host"],
            contact=row["contact"],
            day=int(row["day"]),
            hour=int(row["hour"]),
            answer_by_day=int(row["answer_by_day"]),
            capacity=int(row["capacity"]),
            stage_slots=int(row["stage_slots"]),
            round_minutes=int(row["round_minutes"]),
            grouping=Grouping(row["grouping"]),
            opened_day=int(row["opened_day"]),
            listed_day=int(row["listed_day"]),
            locked_day=day_of(row["locked_day"]),
            late_day=day_of(row["late_day"]),
            agenda=tuple(agenda[row["ceremony"]]),
            entries=tuple(entries[row["ceremony"]]),
            guests=tuple(guests[row["ceremony"]]),
        )
        for row in read_table("ceremonies.csv")
    ]


def _read_agenda() -> dict[str, list[AgendaRow]]:
    found: dict[str, list[AgendaRow]] = defaultdict(list)
    for row in read_table("ceremony_agenda.csv"):
        item = AgendaRow(AgendaKind(row["kind"]), row["title"], row["speaker"], int(row["minutes"]))
        found[row["ceremony"]].append(item)
    return found


def _read_entries() -> dict[str, list[EntryRow]]:
    found: dict[str, list[EntryRow]] = defaultdict(list)
    for row in read_table("ceremony_entries.csv"):
        entry = EntryRow(row["organisation"], row["project"], row["late"] == "1", row["passed"])
        found[row["ceremony"]].append(entry)
    return found


def _read_guests() -> dict[str, list[GuestRow]]:
    people: dict[tuple[str, str], list[PersonRow]] = defaultdict(list)
    for row in read_table("ceremony_people.csv"):
        person = PersonRow(
            row["name"], row["post"], row["is_signer"] == "1", row["seat"], row["arrived"] == "1"
        )
        people[row["ceremony"], row["unit"]].append(person)
    found: dict[str, list[GuestRow]] = defaultdict(list)
    for row in read_table("ceremony_guests.csv"):
        guest = GuestRow(
            kind=GuestKind(row["kind"]),
            username=row["unit"] if row["kind"] == GuestKind.ORGANISATION else "",
            unit=row["unit"],
            contact=row["contact"],
            region_code=row["region_code"],
            invited_day=day_of(row["invited_day"]),
            answered_day=day_of(row["answered_day"]),
            comes={"accepted": True, "declined": False, "": None}[row["answer"]],
            said=row["said"],
            people=tuple(people[row["ceremony"], row["unit"]]),
        )
        found[row["ceremony"]].append(guest)
    return found
