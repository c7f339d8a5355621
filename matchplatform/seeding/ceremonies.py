"""Ceremonies of the demo: planned, announced, listed, answered, and one of them held."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import partial

from matchplatform.access.actor import Actor
from matchplatform.ceremonies.agenda import ItemDetails, add_item, change_item
from matchplatform.ceremonies.answering import Person, answer_invitation, set_people
from matchplatform.ceremonies.details import CeremonyDetails
from matchplatform.ceremonies.guests import NewGuest, add_guests
from matchplatform.ceremonies.intake import add_claims
from matchplatform.ceremonies.inviting import send_invitations
from matchplatform.ceremonies.locking import lock_list
from matchplatform.ceremonies.models import Ceremony
from matchplatform.ceremonies.ordering import group_list
from matchplatform.ceremonies.queries import list_main_entries
from matchplatform.ceremonies.services import open_ceremony, open_intake
from matchplatform.kernel import clock
from matchplatform.seeding.cast import Cast
from matchplatform.seeding.ceremony_day import MadeDay
from matchplatform.seeding.ceremony_rows import CeremonyRow, GuestRow
from matchplatform.seeding.timetable import Timetable, working_minute


def plan_ceremonies(timetable: Timetable, cast: Cast, rows: list[CeremonyRow]) -> None:
    """Put ceremonies on the timetable, with their guests, and the day of those that were held."""
    for serial, row in enumerate(rows):
        made = _Made(MadeDay(cast, row), timetable)
        minute = working_minute(serial)
        timetable.add(row.opened_day, minute, made.open)
        timetable.add(row.opened_day, minute + 40, made.announce)
        timetable.add(row.listed_day, minute, made.list_all)
        invited = {guest.invited_day for guest in row.guests if guest.invited_day is not None}
        for day in sorted(invited):
            timetable.add(day, minute + 30, partial(made.invite, day))
        for place, guest in enumerate(row.guests):
            if guest.answered_day is not None:
                at = working_minute(serial + 7 * place)
                timetable.add(guest.answered_day, at, partial(made.answer, guest))
        if row.locked_day is not None:
            timetable.add(row.locked_day, minute + 50, made.seat)
            timetable.add(row.locked_day, minute + 60, made.lock)
            made.day.plan(timetable)


@dataclass(frozen=True)
class _Made:
    """One ceremony on its way to its day."""

    day: MadeDay
    timetable: Timetable

    @property
    def row(self) -> CeremonyRow:
        return self.day.row

    @property
    def organiser(self) -> Actor:
        return self.day.organiser

    def open(self) -> None:
        row = self.row
        on = self.timetable.today + timedelta(days=row.day)
        details = CeremonyDetails(
            title=row.title,
            place=row.place,
            region_code=row.region_code,
            starts_at=datetime.combine(on, time(row.hour), tzinfo=clock.SHANGHAI),
            answer_by=self.timetable.today + timedelta(days=row.answer_by_day),
            capacity=row.capacity,
            host=row.host,
            contact=row.contact,
            stage_slots=row.stage_slots,
            round_minutes=row.round_minutes,
        )
        ceremony = open_ceremony(actor=self.organiser, details=details)
        self.day.ceremony_id = ceremony.id
        begun = [item.id for item in ceremony.agenda]
        for place, item in enumerate(row.agenda):
            written = ItemDetails(item.kind, item.title, item.speaker, item.minutes)
            if place < len(begun):
                change_item(
                    actor=self.organiser, ceremony=ceremony, item_id=begun[place], details=written
                )
            else:
                add_item(actor=self.organiser, ceremony=ceremony, details=written)

    def announce(self) -> None:
        ceremony = self._ceremony()
        open_intake(actor=self.organiser, ceremony=ceremony, version=ceremony.version)

    def list_all(self) -> None:
        ceremony = self._ceremony()
        claims = [
            self.day.cast.claim_ids[entry.username, entry.number]
            for entry in self.row.entries
            if not entry.late
        ]
        add_claims(actor=self.organiser, ceremony=ceremony, claim_ids=claims)
        group_list(
            actor=self.organiser,
            ceremony=ceremony,
            grouping=self.row.grouping,
            seen=[entry.id for entry in list_main_entries(ceremony.id)],
        )
        guests = [self._new_guest(guest) for guest in self.row.guests]
        add_guests(actor=self.organiser, ceremony=ceremony, guests=guests)

    def invite(self, day: int) -> None:
        wanted = [self.day.guest(guest).id for guest in self.row.guests if guest.invited_day == day]
        send_invitations(actor=self.organiser, ceremony=self._ceremony(), guest_ids=wanted)

    def answer(self, row: GuestRow) -> None:
        guest = self.day.guest(row)
        # Who has no account answers by telephone, and the organiser writes it down.
        actor = self.day.cast.actors[row.username] if row.username else self.organiser
        answer_invitation(
            actor=actor,
            guest=guest,
            version=guest.version,
            coming=bool(row.comes),
            people=[Person(one.name, one.post, one.is_signer) for one in row.people],
            said=row.said,
        )

    def seat(self) -> None:
        for row in self.row.guests:
            guest = self.day.guest(row)
            if guest.attendees:
                seats = {one.name: one.seat for one in row.people}
                set_people(
                    actor=self.organiser,
                    guest=guest,
                    version=guest.version,
                    people=[
                        Person(one.name, one.post, one.is_signer, one.id, seats[one.name])
                        for one in guest.attendees
                    ],
                )

    def lock(self) -> None:
        ceremony = self._ceremony()
        seen = [entry.id for entry in list_main_entries(ceremony.id)]
        lock_list(actor=self.organiser, ceremony=ceremony, version=ceremony.version, seen=seen)

    def _new_guest(self, row: GuestRow) -> NewGuest:
        organisation = self.day.cast.organisation(row.username) if row.username else None
        unit = organisation.name if organisation else row.unit
        return NewGuest(row.kind, unit, row.contact, row.region_code, organisation)

    def _ceremony(self) -> Ceremony:
        return self.day.ceremony()
