import pytest

from matchplatform.access.actor import Actor
from matchplatform.ceremonies import answering, guests, inviting, queries, services
from matchplatform.ceremonies.answering import Person
from matchplatform.ceremonies.checks import find_breaches
from matchplatform.ceremonies.guests import NewGuest, read_pasted, read_unit
from matchplatform.ceremonies.models import Ceremony, CeremonyGuest
from matchplatform.ceremonies.moving import move_guests
from matchplatform.ceremonies.queries import list_listed
from matchplatform.ceremonies.standing import count_up, list_standing
from matchplatform.ceremonies.states import GuestKind, GuestState
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import (
    Conflict,
    Forbidden,
    InvalidInput,
    NotFound,
    StaleVersion,
)
from matchplatform.kernel.outbox import OutboxEntry
from tests.ceremonies.planning import (
    WHY,
    make_accepted,
    make_ceremony,
    make_guest,
    make_list,
    make_organiser,
)
from tests.factories import actor_for, make_officer, make_organisation

pytestmark = pytest.mark.usefixtures("db_session")

LI, WANG = Person("李明", "理事长", True), Person("王芳", "项目主管")


def answered(actor: Actor, guest: CeremonyGuest, *people: Person) -> CeremonyGuest:
    answering.answer_invitation(
        actor=actor, guest=guest, version=guest.version, coming=True, people=people
    )
    db.session.commit()
    return guest


class TestAdding:
    def test_who_is_to_sign_can_be_added_at_once(self) -> None:
        actor = make_organiser()
        ceremony = make_ceremony(actor)
        make_list(actor, ceremony, 2)
        missing = guests.list_missing_units(ceremony)
        new = [NewGuest(GuestKind.ORGANISATION, one.name, organisation=one) for one in missing]
        added = guests.add_guests(actor=actor, ceremony=ceremony, guests=new)
        db.session.commit()
        assert [guest.status for guest in added] == [GuestState.LISTED] * 2
        assert len({guest.token for guest in added}) == 2
        assert guests.list_missing_units(ceremony) == []

    def test_nobody_is_added_twice(self) -> None:
        actor = make_organiser()
        ceremony = make_ceremony(actor)
        make_guest(actor, ceremony, unit="东水泉村寄宿小学")
        with pytest.raises(Conflict):
            guests.add_guests(
                actor=actor,
                ceremony=ceremony,
                guests=[NewGuest(GuestKind.RECEIVER, "东水泉村寄宿小学")],
            )
        db.session.rollback()

    def test_a_pasted_list_finds_organisations_by_code_and_name(self) -> None:
        first, second = make_organisation()[0], make_organisation()[0]
        found = read_pasted(
            f"{first.uscc.lower()}，张三\r\n\n{second.name}\t李四 139", GuestKind.ORGANISATION
        )
        assert [guest.organisation for guest in found] == [first, second]
        assert [guest.contact for guest in found] == ["张三", "李四 139"]

    def test_a_line_that_cannot_be_read_is_named_by_its_number(self) -> None:
        organisation = make_organisation()[0]
        with pytest.raises(InvalidInput) as refused:
            read_pasted(f"{organisation.name}\n没有这家\n", GuestKind.ORGANISATION)
        assert "第 2 行" in str(refused.value.fields["words"])
        assert read_pasted("没有这家\n", GuestKind.PRESS)[0].unit == "没有这家"

    def test_an_unknown_organisation_is_refused_at_its_field(self) -> None:
        with pytest.raises(InvalidInput) as refused:
            read_unit(GuestKind.ORGANISATION, "没有这家", "", "")
        assert set(refused.value.fields) == {"unit"}


class TestInviting:
    def test_nothing_goes_out_before_the_day_is_announced(self) -> None:
        actor = make_organiser()
        ceremony = make_ceremony(actor, announced=False)
        with pytest.raises(Conflict, match="公布"):
            make_guest(actor, ceremony)
        db.session.rollback()

    def test_the_people_of_all_organisations_are_told_in_one_piece_of_work(self) -> None:
        actor = make_organiser()
        ceremony = make_ceremony(actor)
        made = [make_organisation() for _ in range(2)]
        new = [
            NewGuest(GuestKind.ORGANISATION, each.name, organisation=each) for each, _agent in made
        ]
        added = guests.add_guests(actor=actor, ceremony=ceremony, guests=new)
        inviting.send_invitations(
            actor=actor, ceremony=ceremony, guest_ids=[guest.id for guest in added]
        )
        db.session.commit()
        told = db.session.query(OutboxEntry).order_by(OutboxEntry.id.desc()).first()
        assert told is not None
        assert told.payload["user_ids"] == sorted(agent.id for _each, agent in made)

    def test_an_office_hears_of_its_own_invitation(self) -> None:
        actor = make_organiser()
        ceremony = make_ceremony(actor)
        officer = make_officer()
        new = NewGuest(GuestKind.OFFICE, "张北县教育和体育局", region_code="130722")
        [guest] = guests.add_guests(actor=actor, ceremony=ceremony, guests=[new])
        inviting.send_invitations(actor=actor, ceremony=ceremony, guest_ids=[guest.id])
        db.session.commit()
        told = db.session.query(OutboxEntry).order_by(OutboxEntry.id.desc()).first()
        assert told is not None
        assert told.payload["user_ids"] == [officer.id]
        assert told.payload["url"] == f"/invited/{guest.token}"

    def test_the_silent_are_reminded_until_all_have_answered(self) -> None:
        actor = make_organiser()
        ceremony = make_ceremony(actor)
        guest = make_guest(actor, ceremony)
        assert inviting.remind_guests(actor=actor, ceremony=ceremony) == [guest]
        db.session.commit()
        answered(actor, guest)
        with pytest.raises(Conflict):
            inviting.remind_guests(actor=actor, ceremony=ceremony)
        db.session.rollback()

    def test_who_is_taken_off_opens_nothing_any_more(self) -> None:
        actor = make_organiser()
        ceremony = make_ceremony(actor)
        guest = make_guest(actor, ceremony)
        assert queries.get_guest_by_token(guest.token) is guest
        inviting.remove_guest(actor=actor, ceremony=ceremony, guest_id=guest.id, reason=WHY)
        db.session.commit()
        with pytest.raises(NotFound):
            queries.get_guest_by_token(guest.token)
        with pytest.raises(NotFound):
            queries.get_guest_by_token("")


class TestAnswering:
    def ready(self) -> tuple[Actor, Ceremony, CeremonyGuest, Actor]:
        actor = make_organiser()
        ceremony = make_ceremony(actor)
        organisation, agent = make_organisation()
        guest = make_guest(actor, ceremony, organisation)
        return actor, ceremony, guest, actor_for(agent)

    def test_members_say_who_comes(self) -> None:
        _actor, _ceremony, guest, agent = self.ready()
        answered(agent, guest, LI, Person("", ""), WANG)
        assert guest.status is GuestState.ACCEPTED
        assert [(one.name, one.is_signer) for one in guest.attendees] == [
            ("李明", True),
            ("王芳", False),
        ]

    def test_names_can_be_changed_and_left_out_later(self) -> None:
        _actor, _ceremony, guest, agent = self.ready()
        answered(agent, guest, LI, WANG)
        first = guest.attendees[0]
        answered(agent, guest, Person("李明明", "理事长", True, first.id))
        assert [one.name for one in guest.attendees] == ["李明明"]

    def test_who_has_arrived_stays(self) -> None:
        actor, _ceremony, guest, agent = self.ready()
        answered(agent, guest, LI)
        guest.attendees[0].arrived_at = clock.now()
        guest.attendees[0].arrived_by_id = actor.user_id
        db.session.commit()
        answered(agent, guest, WANG)
        assert [one.name for one in guest.attendees] == ["李明", "王芳"]
        with pytest.raises(Conflict):
            answering.answer_invitation(
                actor=agent, guest=guest, version=guest.version, coming=False, said=WHY
            )
        db.session.rollback()

    def test_declining_wants_a_reason_and_forgets_the_names(self) -> None:
        _actor, _ceremony, guest, agent = self.ready()
        answered(agent, guest, LI)
        with pytest.raises(InvalidInput):
            answering.answer_invitation(
                actor=agent, guest=guest, version=guest.version, coming=False
            )
        db.session.rollback()
        answering.answer_invitation(
            actor=agent, guest=guest, version=guest.version, coming=False, said="那天有理事会"
        )
        db.session.commit()
        assert guest.status is GuestState.DECLINED
        assert guest.attendees == []

    def test_others_do_not_answer(self) -> None:
        _actor, _ceremony, guest, _agent = self.ready()
        stranger = actor_for(make_organisation()[1])
        with pytest.raises(Forbidden):
            answering.answer_invitation(actor=stranger, guest=guest, version=1, coming=True)

    def test_the_bearer_answers_by_the_token_alone(self) -> None:
        _actor, _ceremony, guest, _agent = self.ready()
        with pytest.raises(StaleVersion):
            answering.answer_as_bearer(token="x", guest=guest, version=guest.version, coming=True)
        answering.answer_as_bearer(
            token=guest.token, guest=guest, version=guest.version, coming=True, people=[LI]
        )
        db.session.commit()
        assert guest.status is GuestState.ACCEPTED

    def test_a_stale_answer_and_a_ceremony_that_is_off_are_refused(self) -> None:
        actor, ceremony, guest, agent = self.ready()
        version = guest.version
        answered(agent, guest, LI)
        with pytest.raises(StaleVersion):
            answering.answer_invitation(actor=agent, guest=guest, version=version, coming=True)
        db.session.rollback()
        services.postpone_ceremony(
            actor=actor, ceremony=ceremony, version=ceremony.version, reason=WHY
        )
        db.session.commit()
        with pytest.raises(Conflict, match="延期"):
            answering.answer_invitation(
                actor=agent, guest=guest, version=guest.version, coming=True
            )
        db.session.rollback()

    def test_a_name_that_is_missing_or_an_id_number_is_named_by_its_row(self) -> None:
        _actor, _ceremony, guest, agent = self.ready()
        with pytest.raises(InvalidInput) as refused:
            answered(agent, guest, LI, Person("", "司机"))
        assert set(refused.value.fields) == {"name-1"}
        db.session.rollback()
        with pytest.raises(InvalidInput):
            answered(agent, guest, Person("110101199001011237"))
        db.session.rollback()

    def test_organisers_set_seats_and_the_other_page_is_stale_then(self) -> None:
        actor, _ceremony, guest, agent = self.ready()
        answered(agent, guest, LI)
        version = guest.version
        seated = Person("李明", "理事长", True, guest.attendees[0].id, "1排3座")
        answering.set_people(actor=actor, guest=guest, version=version, people=[seated])
        db.session.commit()
        assert guest.attendees[0].seat == "1排3座"
        assert guest.version > version
        answered(agent, guest, Person("李明", "会长", True, guest.attendees[0].id))
        assert guest.attendees[0].seat == "1排3座"


class TestStanding:
    def test_it_tells_where_each_organisation_stands(self) -> None:
        actor = make_organiser()
        ceremony = make_ceremony(actor)
        make_list(actor, ceremony, 2)
        first, second = (entry.claim.organisation for entry in list_listed(ceremony.id))
        answered(actor, make_guest(actor, ceremony, first), LI)
        make_guest(actor, ceremony, make_organisation()[0])
        make_accepted()
        rows = list_standing(ceremony, list_listed(ceremony.id))
        tally = count_up(rows)
        assert (tally.all, tally.invited, tally.answered, tally.coming) == (3, 2, 1, 1)
        assert (tally.listed, tally.complete) == (2, 1)
        by_id = {row.organisation.id: row for row in rows}
        assert by_id[first.id].is_complete
        assert by_id[second.id].guest is None
        assert by_id[first.id].accepted == 1


class TestMerging:
    def test_invitations_follow_the_organisation(self) -> None:
        actor = make_organiser()
        both, only = make_ceremony(actor), make_ceremony(actor)
        source, target = make_organisation()[0], make_organisation()[0]
        first = answered(actor, make_guest(actor, both, source), LI)
        kept = make_guest(actor, both, target)
        second = make_guest(actor, only, source)
        move_guests(source, target, WHY)
        db.session.commit()
        assert first.status is GuestState.REMOVED
        assert [one.name for one in kept.attendees] == ["李明"]
        assert second.organisation_id == target.id

    def test_people_who_come_make_a_no_a_yes(self) -> None:
        actor = make_organiser()
        ceremony = make_ceremony(actor)
        source, target = make_organisation()[0], make_organisation()[0]
        answered(actor, make_guest(actor, ceremony, source), LI)
        kept = make_guest(actor, ceremony, target)
        answering.answer_invitation(
            actor=actor, guest=kept, version=kept.version, coming=False, said="另有安排。"
        )
        db.session.commit()
        move_guests(source, target, WHY)
        db.session.commit()
        assert kept.status is GuestState.ACCEPTED
        assert list(find_breaches()) == []
