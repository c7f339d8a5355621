"""The day of a ceremony of the demo: who arrives, who signs, who does not; and who signs late."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from matchplatform.access.actor import Actor
from matchplatform.ceremonies import running
from matchplatform.ceremonies.addenda import make_addendum
from matchplatform.ceremonies.arrivals import check_in
from matchplatform.ceremonies.models import Ceremony, CeremonyEntry, CeremonyGuest
from matchplatform.ceremonies.queries import list_guests, list_listed, list_main_entries
from matchplatform.ceremonies.signing import sign_late, sign_round
from matchplatform.ceremonies.states import AgendaKind
from matchplatform.ceremonies.steps import read_stage
from matchplatform.kernel.db import db
from matchplatform.seeding.cast import Cast
from matchplatform.seeding.ceremony_rows import CeremonyRow, GuestRow
from matchplatform.seeding.timetable import Timetable

ORGANISER = "organiser"
ARRIVING, BEFORE_SIGNING, ON_STAGE = 45, 20, 2


@dataclass
class MadeDay:
    """One ceremony; its id is known once it was opened."""

    cast: Cast
    row: CeremonyRow
    ceremony_id: int = 0

    @property
    def organiser(self) -> Actor:
        """Return who plans and runs it."""
        return self.cast.actors[ORGANISER]

    def plan(self, timetable: Timetable) -> None:
        """Put the day on the timetable, and what was signed after it."""
        day, begins = self.row.day, self.row.hour * 60
        for place, guest in enumerate(self.row.guests):
            if any(person.arrived for person in guest.people):
                arrives = begins - ARRIVING + place % (ARRIVING - 5)
                timetable.add(day, arrives, partial(self._arrive, guest))
        timetable.add(day, begins, self._begin)
        for place in range(2):
            timetable.add(day, begins + 1 + 5 * place, partial(self._begin_item, place))
        on_list = sum(not entry.late for entry in self.row.entries)
        rounds = -(-on_list // self.row.stage_slots)
        at = begins + BEFORE_SIGNING
        for _round in range(rounds):
            timetable.add(day, at, self._call)
            timetable.add(day, at + ON_STAGE, self._sign)
            at += self.row.round_minutes + 1
        timetable.add(day, at + 15, self._close)
        if self.row.late_day is not None:
            timetable.add(self.row.late_day, begins, self._add_late)
            timetable.add(self.row.late_day, begins + 90, self._sign_late)

    def ceremony(self) -> Ceremony:
        """Return the ceremony."""
        return db.session.get_one(Ceremony, self.ceremony_id)

    def guest(self, row: GuestRow) -> CeremonyGuest:
        """Return the unit of a row on the guest list."""
        wanted = self.cast.organisation_ids[row.username] if row.username else None
        return next(
            guest
            for guest in list_guests(self.ceremony_id)
            if guest.organisation_id == wanted and (wanted or guest.unit == row.unit)
        )

    def _arrive(self, row: GuestRow) -> None:
        here = {person.name for person in row.people if person.arrived}
        guest = self.guest(row)
        people = [person for person in guest.attendees if person.name in here]
        check_in(actor=self.organiser, guest=guest, attendees=people)

    def _begin(self) -> None:
        running.begin_ceremony(actor=self.organiser, ceremony=self.ceremony())

    def _begin_item(self, place: int) -> None:
        ceremony = self.ceremony()
        before = [item for item in ceremony.agenda if item.kind is not AgendaKind.SIGNING]
        running.begin_item(
            actor=self.organiser, ceremony=ceremony, item_id=before[place].id, seen=ceremony.seq
        )

    def _call(self) -> None:
        ceremony = self.ceremony()
        running.call_round(
            actor=self.organiser, ceremony=ceremony, entries=self._next(), seen=ceremony.seq
        )

    def _sign(self) -> None:
        passed = {
            self.cast.claim_ids[entry.username, entry.number]: entry.passed
            for entry in self.row.entries
            if entry.passed
        }
        ceremony, stage = self.ceremony(), self._on_stage()
        for entry in stage:
            if entry.claim_id in passed:
                running.pass_over(
                    actor=self.organiser,
                    ceremony=ceremony,
                    entries=[entry],
                    reason=passed[entry.claim_id],
                )
        signing = [entry for entry in stage if entry.claim_id not in passed]
        sign_round(actor=self.organiser, ceremony=ceremony, entries=signing)

    def _close(self) -> None:
        ceremony = self.ceremony()
        running.close_ceremony(actor=self.organiser, ceremony=ceremony, seen=ceremony.seq)

    def _add_late(self) -> None:
        claims = [
            self.cast.claim_ids[entry.username, entry.number]
            for entry in self.row.entries
            if entry.late
        ]
        make_addendum(actor=self.organiser, ceremony=self.ceremony(), claim_ids=claims)

    def _sign_late(self) -> None:
        for entry in list_listed(self.ceremony_id):
            sign_late(actor=self.organiser, entry=entry)

    def _next(self) -> Sequence[CeremonyEntry]:
        called = read_stage(self.ceremony_id)
        seen = {*called.on_stage, *called.passed}
        waiting = [entry for entry in list_listed(self.ceremony_id) if entry.id not in seen]
        return waiting[: self.row.stage_slots]

    def _on_stage(self) -> Sequence[CeremonyEntry]:
        stage = set(read_stage(self.ceremony_id).on_stage)
        return [entry for entry in list_main_entries(self.ceremony_id) if entry.id in stage]
