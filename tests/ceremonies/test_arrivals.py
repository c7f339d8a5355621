"""The check-in: by an invitation's QR code, by typing, unannounced, and by proxy."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from matchplatform.audit.queries import list_history
from matchplatform.ceremonies import arrivals
from matchplatform.ceremonies.arrival_queries import (
    arrivals_of,
    count_attendance,
    list_guests,
    pick_guests,
)
from matchplatform.ceremonies.arrivals import (
    add_arrival,
    add_proxy,
    add_walk_in,
    check_in,
    undo_check_in,
)
from matchplatform.ceremonies.models import CeremonyAttendee, CeremonyGuest
from matchplatform.ceremonies.rows import read_rows
from matchplatform.ceremonies.running import close_ceremony
from matchplatform.ceremonies.states import CeremonyState, GuestKind, GuestState
from matchplatform.files.kinds import Purpose
from matchplatform.files.models import StoredFile
from matchplatform.files.photo_uploads import PhotoUpload, examine_photo
from matchplatform.files.storage import Storage
from matchplatform.files.verdicts import Limits
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Conflict, Forbidden, InvalidInput
from tests.ceremonies.day import Day, invite, make_day
from tests.ceremonies.test_console import text_of
from tests.factories import actor_for, make_auditor, make_officer, make_organisation, sign_in
from tests.files import samples
from tests.files.conftest import site_storage

__all__ = ["site_storage"]


@pytest.fixture
def day(db_session: Flask) -> Day:
    """A locked day with two organisations, each with one who signs."""
    return make_day(2)


@pytest.fixture
def desk(client: FlaskClient, day: Day) -> Day:
    """The same, with an officer of the host county at the desk."""
    sign_in(client, make_officer())
    return day


@pytest.fixture
def letter(site_storage: Storage) -> Iterator[PhotoUpload]:
    """A photograph of a letter."""
    stream = BytesIO(samples.photo())
    upload = examine_photo(site_storage, stream, "授权书.jpg", Limits(megabytes=10))
    yield upload
    upload.discard()


def guests_of(day: Day) -> list[CeremonyGuest]:
    """Return the units that may come, read anew."""
    db.session.expire_all()
    return list_guests(day.ceremony.id)


def last_action(day: Day) -> str:
    """Return what the trail says of the ceremony last."""
    return list_history("ceremony", day.ceremony.id)[0].action


class TestCheckIn:
    def test_who_arrives_is_noted_with_who_saw_them(self, day: Day) -> None:
        guest = guests_of(day)[0]
        check_in(actor=day.operator, guest=guest, attendees=guest.attendees)
        db.session.commit()
        person = guests_of(day)[0].attendees[0]
        assert person.arrived_at is not None
        assert person.arrived_by_id == day.operator.user_id
        assert last_action(day) == "ceremony.arrive"

    def test_a_second_time_changes_nothing(self, day: Day) -> None:
        guest = guests_of(day)[0]
        for _again in range(2):
            check_in(actor=day.operator, guest=guest, attendees=guest.attendees)
            db.session.commit()
        trail = [entry.action for entry in list_history("ceremony", day.ceremony.id)]
        assert trail.count("ceremony.arrive") == 1

    def test_a_unit_without_people_says_what_to_do(self, day: Day) -> None:
        organisation, _agent = make_organisation()
        guest = invite(day.ceremony, organisation)
        with pytest.raises(Conflict, match="先登记"):
            check_in(actor=day.operator, guest=guest, attendees=[])

    def test_only_on_the_day(self, day: Day) -> None:
        guest = guests_of(day)[0]
        day.ceremony.status = CeremonyState.INTAKE
        db.session.commit()
        with pytest.raises(Conflict, match="名单锁定"):
            check_in(actor=day.operator, guest=guest, attendees=guest.attendees)
        db.session.rollback()

    def test_the_host_county_may_and_others_may_not(self, day: Day) -> None:
        guest = guests_of(day)[0]
        for user in (make_officer("130723"), make_auditor(), day.agents[0]):
            with pytest.raises(Forbidden):
                check_in(actor=actor_for(user), guest=guest, attendees=guest.attendees)
        check_in(actor=actor_for(make_officer()), guest=guest, attendees=guest.attendees)
        db.session.commit()

    def test_an_arrival_is_taken_back(self, day: Day) -> None:
        guest = guests_of(day)[0]
        check_in(actor=day.operator, guest=guest, attendees=guest.attendees)
        undo_check_in(actor=day.operator, attendee=guest.attendees[0])
        db.session.commit()
        assert guests_of(day)[0].attendees[0].arrived_at is None
        with pytest.raises(Conflict):
            undo_check_in(actor=day.operator, attendee=guests_of(day)[0].attendees[0])


class TestUnannounced:
    def test_somebody_more_of_an_invited_unit(self, day: Day) -> None:
        guest = guests_of(day)[0]
        add_arrival(actor=day.operator, guest=guest, name=" 孙 六 ", post="干事", is_signer=True)
        db.session.commit()
        person = guests_of(day)[0].attendees[1]
        assert (person.name, person.is_signer, person.arrived_at is not None) == (
            "孙 六",
            True,
            True,
        )

    def test_a_unit_that_nobody_knows(self, day: Day) -> None:
        guest = add_walk_in(
            actor=day.operator, ceremony=day.ceremony, unit="张北县某中学", name="周七"
        )
        db.session.commit()
        assert (guest.kind, guest.walk_in, guest.organisation_id) == (GuestKind.OTHER, True, None)
        assert guest.status is GuestState.ACCEPTED
        assert last_action(day) == "ceremony.walk_in"

    def test_a_registered_organisation_is_known_by_its_name(self, day: Day) -> None:
        organisation, _agent = make_organisation(name="天津测试助学促进会")
        guest = add_walk_in(
            actor=day.operator, ceremony=day.ceremony, unit="天津测试助学促进会", name="吴八"
        )
        db.session.commit()
        assert guest.organisation_id == organisation.id

    def test_one_that_was_invited_is_not_written_down_twice(self, day: Day) -> None:
        known = guests_of(day)[0]
        guest = add_walk_in(actor=day.operator, ceremony=day.ceremony, unit=known.unit, name="郑九")
        db.session.commit()
        assert guest.id == known.id
        assert len(guests_of(day)) == 2

    def test_a_unit_that_said_no_and_comes_is_welcome(self, day: Day) -> None:
        guest = guests_of(day)[0]
        guest.status, guest.attendees = GuestState.DECLINED, []
        db.session.commit()
        add_arrival(actor=day.operator, guest=guest, name="孙六")
        db.session.commit()
        assert guests_of(day)[0].status is GuestState.ACCEPTED

    @pytest.mark.parametrize(
        ("unit", "name", "field"),
        [("", "周七", "unit"), ("某校", " ", "name"), ("某校", "周" * 41, "name")],
    )
    def test_what_is_missing_or_too_long_is_said(
        self, day: Day, unit: str, name: str, field: str
    ) -> None:
        with pytest.raises(InvalidInput) as refused:
            add_walk_in(actor=day.operator, ceremony=day.ceremony, unit=unit, name=name)
        assert set(refused.value.fields) == {field}
        db.session.rollback()


class TestProxy:
    def test_the_letter_lies_with_who_stands_in(self, day: Day, letter: PhotoUpload) -> None:
        absent = guests_of(day)[0].attendees[0]
        person = add_proxy(
            actor=day.operator, instead_of=absent, name="孙六", post="理事", letter=letter
        )
        db.session.commit()
        assert (person.proxy_for, person.is_signer, person.seat) == (absent.name, True, "A1")
        file = db.session.scalars(select(StoredFile)).one()
        assert (file.owner_type, file.owner_id, file.purpose) == (
            arrivals.OWNER, person.id, Purpose.EVIDENCE,
        )  # fmt: skip
        assert last_action(day) == "ceremony.proxy"

    def test_nobody_stands_in_for_who_is_there(self, day: Day, letter: PhotoUpload) -> None:
        guest = guests_of(day)[0]
        check_in(actor=day.operator, guest=guest, attendees=guest.attendees)
        db.session.commit()
        with pytest.raises(Conflict, match="已经签到"):
            add_proxy(
                actor=day.operator,
                instead_of=guest.attendees[0],
                name="孙六",
                post="",
                letter=letter,
            )

    def test_the_letter_is_for_who_may_know_the_names(
        self, client: FlaskClient, day: Day, letter: PhotoUpload
    ) -> None:
        absent = guests_of(day)[0].attendees[0]
        add_proxy(actor=day.operator, instead_of=absent, name="孙六", post="", letter=letter)
        db.session.commit()
        file = db.session.scalars(select(StoredFile)).one().id
        for user, status in (
            (day.user, 200), (make_officer(), 200), (make_auditor(), 200),
            (make_officer("130828"), 404), (make_officer("1307"), 404), (make_officer("13"), 404),
            (day.agents[0], 404),
        ):  # fmt: skip
            sign_in(client, user)
            assert client.get(f"/files/{file}").status_code == status


class TestFinding:
    @pytest.mark.parametrize(
        "typed",
        ["基金会第2", "签署人2", "csgyjjhd2", "qianshuren2", "gongyi", " 签署人 2 ", "QSR2"],
    )
    def test_a_unit_is_found_by_what_is_typed(self, day: Day, typed: str) -> None:
        found = pick_guests(guests_of(day), typed)
        assert day.organisations[1].name in [guest.unit for guest in found]

    def test_by_its_number_its_seat_and_its_credit_code(self, day: Day) -> None:
        second = guests_of(day)[1]
        assert pick_guests(guests_of(day), str(second.id)) == [second]
        assert pick_guests(guests_of(day), day.organisations[1].uscc.lower()) == [second]
        assert len(pick_guests(guests_of(day), "a1")) == 2

    @pytest.mark.parametrize("typed", ["没有这家", "zzzz", "%", "_", "999999999999999"])
    def test_what_fits_nobody_finds_nobody(self, day: Day, typed: str) -> None:
        assert pick_guests(guests_of(day), typed) == []

    def test_who_is_expected_and_who_is_there_are_counted(self, day: Day) -> None:
        first, second = guests_of(day)
        check_in(actor=day.operator, guest=first, attendees=first.attendees)
        second.status = GuestState.DECLINED
        db.session.commit()
        counted = count_attendance(guests_of(day))
        assert (counted.units, counted.units_here, counted.people, counted.people_here) == (1,) * 4
        states = [arrivals_of(row, guests_of(day))[0].state for row in read_rows(day.ceremony.id)]
        assert states == ["here", "away"]

    def test_a_unit_without_its_signer_is_half_there(self, day: Day) -> None:
        guest = guests_of(day)[0]
        guest.attendees.append(CeremonyAttendee(name="随行", is_signer=False))
        db.session.commit()
        check_in(actor=day.operator, guest=guest, attendees=guest.attendees[1:])
        db.session.commit()
        [one] = arrivals_of(read_rows(day.ceremony.id)[0], guests_of(day))
        assert (one.state, str(one.words)) == ("part", "人到了，签署人没到")


class TestDesk:
    def test_it_shows_who_is_missing(self, client: FlaskClient, desk: Day) -> None:
        said = text_of(client.get(desk.url("check-in")))
        for words in ("测试公益基金会第1", "签署人2", "没到", "名单外的单位"):
            assert words in said

    def test_one_that_is_found_alone_opens_at_once(self, client: FlaskClient, desk: Day) -> None:
        answer = client.get(desk.url("check-in?q=签署人2"))
        assert answer.status_code == 303
        assert "测试公益基金会第2" in text_of(client.get(answer.location))

    def test_a_tap_checks_one_in_and_another_takes_it_back(
        self, client: FlaskClient, desk: Day
    ) -> None:
        guest = guests_of(desk)[0]
        here, person = desk.url(f"check-in/{guest.id}"), guest.attendees[0].id
        assert client.post(f"{here}/arrive", data={"attendee": person}).status_code == 303
        assert "已到" in text_of(client.get(here))
        assert client.post(f"{here}/undo", data={"attendee": person}).status_code == 303
        assert guests_of(desk)[0].attendees[0].arrived_at is None

    def test_nobody_named_is_nobody_taken_back(self, client: FlaskClient, desk: Day) -> None:
        empty = invite(desk.ceremony, make_organisation()[0])
        for guest in (empty, guests_of(desk)[0]):
            here = desk.url(f"check-in/{guest.id}")
            assert client.post(f"{here}/undo").status_code == 404

    def test_all_of_a_unit_in_one_tap(self, client: FlaskClient, desk: Day) -> None:
        guest = invite(desk.ceremony, make_organisation()[0], "甲", "乙", "丙")
        here = desk.url(f"check-in/{guest.id}")
        assert "3 位都到了" in text_of(client.get(here))
        client.post(f"{here}/arrive")
        assert all(person.arrived_at for person in guests_of(desk)[2].attendees)

    def test_a_walk_in_is_written_down_or_asked_for_more(
        self, client: FlaskClient, desk: Day
    ) -> None:
        url = desk.url("check-in/walk-ins")
        again = client.post(url, data={"unit": "某中学", "name": ""})
        assert again.status_code == 400
        assert "某中学" in again.get_data(as_text=True)
        done = client.post(url, data={"unit": "某中学", "name": "周七"})
        assert done.status_code == 303
        assert "名单外登记" in text_of(client.get(done.location))

    def test_somebody_more_is_written_down(self, client: FlaskClient, desk: Day) -> None:
        here = desk.url(f"check-in/{guests_of(desk)[0].id}")
        assert client.post(f"{here}/people", data={"name": ""}).status_code == 400
        assert client.post(f"{here}/people", data={"name": "孙六"}).status_code == 303

    def test_a_proxy_brings_a_photograph_of_the_letter(
        self, client: FlaskClient, desk: Day, site_storage: Storage
    ) -> None:
        guest = guests_of(desk)[0]
        here, absent = desk.url(f"check-in/{guest.id}"), guest.attendees[0].id
        asked = client.get(f"{here}?proxy={absent}")
        assert "授权书照片" in text_of(asked)
        url = f"{here}/proxies/{absent}"
        without = client.post(url, data={"name": "孙六"})
        assert without.status_code == 400
        assert "请拍下授权书" in text_of(without)
        bad: dict[str, Any] = {"name": "孙六", "letter": (BytesIO(b"no photo"), "letter.jpg")}
        assert client.post(url, data=bad).status_code == 400
        good: dict[str, Any] = {"name": "孙六", "letter": (BytesIO(samples.photo()), "letter.jpg")}
        assert client.post(url, data=good).status_code == 303
        assert "授权书" in text_of(client.get(here))

    def test_a_guest_of_another_day_is_none(self, client: FlaskClient, desk: Day) -> None:
        other = guests_of(make_day(1))[0].id
        for rest in (f"check-in/{other}", "check-in/999"):
            assert client.get(desk.url(rest)).status_code == 404
        assert client.post(desk.url(f"check-in/{other}/arrive")).status_code == 404

    def test_another_county_does_not_see_who_comes(self, client: FlaskClient, desk: Day) -> None:
        sign_in(client, make_officer("130723"))
        assert client.get(desk.url("check-in")).status_code == 404

    def test_after_the_day_nobody_arrives(self, client: FlaskClient, desk: Day) -> None:
        desk.begin()
        close_ceremony(actor=desk.operator, ceremony=desk.ceremony, seen=1)
        db.session.commit()
        here = desk.url(f"check-in/{guests_of(desk)[0].id}")
        again = client.post(f"{here}/arrive")
        assert again.status_code == 409
        assert "大会结束之前" in text_of(again)
