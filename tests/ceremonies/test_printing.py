from io import BytesIO

import pytest
from pypdf import PdfReader

from matchplatform.access.actor import Actor
from matchplatform.ceremonies import printing
from matchplatform.ceremonies.answering import Person, answer_invitation
from matchplatform.ceremonies.models import Ceremony
from matchplatform.ceremonies.ordering import group_list
from matchplatform.ceremonies.queries import (
    list_guests,
    list_listed,
    list_main_entries,
    read_timetable,
)
from matchplatform.ceremonies.rows import read_rows
from matchplatform.ceremonies.states import Grouping
from matchplatform.documents import Heading, Qr, Table, render_paper_pdf
from matchplatform.kernel.db import db
from tests.ceremonies.planning import make_ceremony, make_guest, make_list, make_organiser

pytestmark = pytest.mark.usefixtures("db_session")


def ready() -> tuple[Actor, Ceremony]:
    actor = make_organiser()
    ceremony = make_ceremony(actor, stage_slots=1)
    make_list(actor, ceremony, 2)
    guest = make_guest(actor, ceremony, list_listed(ceremony.id)[0].claim.organisation)
    people = [Person("李明", "理事长", True), Person("王芳")]
    answer_invitation(actor=actor, guest=guest, version=guest.version, coming=True, people=people)
    make_guest(actor, ceremony, unit="东水泉村寄宿小学")
    db.session.commit()
    return actor, ceremony


class TestTheProgramme:
    def test_it_tells_when_who_signs_what(self) -> None:
        actor, ceremony = ready()
        seen = [entry.id for entry in list_main_entries(ceremony.id)]
        group_list(actor=actor, ceremony=ceremony, grouping=Grouping.CITY, seen=seen)
        db.session.commit()
        rows = read_rows(ceremony.id, ceremony.grouping)
        day = read_timetable(ceremony, rows)
        paper = printing.programme_of(ceremony, rows, day, demo=True)
        assert paper.demo
        assert Heading("张家口市", 2) in paper.blocks
        tables = [block for block in paper.blocks if isinstance(block, Table)]
        assert [row[0] for row in tables[1].rows] == ["09:15", "09:18"]
        assert tables[0].rows[-1][0] == "09:31"
        assert tables[1].rows[0][5] == "2.00"

    def test_it_prints(self) -> None:
        _actor, ceremony = ready()
        rows = read_rows(ceremony.id, ceremony.grouping)
        day = read_timetable(ceremony, rows)
        made = render_paper_pdf(printing.programme_of(ceremony, rows, day, demo=False))
        text = "".join(page.extract_text() for page in PdfReader(BytesIO(made)).pages)
        assert rows[0].lead in text.replace("\n", "")


class TestTheNames:
    def test_everybody_who_comes_has_a_line_and_a_card(self) -> None:
        _actor, ceremony = ready()
        guests = list_guests(ceremony.id)
        paper = printing.name_list_of(ceremony, guests, demo=False)
        [table] = [block for block in paper.blocks if isinstance(block, Table)]
        assert [row[2] for row in table.rows] == ["李明（签）", "王芳"]
        cards = printing.seat_cards_of(guests)
        assert [card.name for card in cards] == ["李明", "王芳"]


class TestTheInvitations:
    def test_each_unit_has_its_own_code(self) -> None:
        _actor, ceremony = ready()
        guests = printing.to_invite(list_guests(ceremony.id))
        paper = printing.invitations_of(ceremony, guests, "https://example.org/", demo=False)
        codes = [block.text for block in paper.blocks if isinstance(block, Qr)]
        assert codes == [f"https://example.org/invited/{guest.token}" for guest in guests]
