"""The operator's console: every button is a form that works without script."""

import re
from html import unescape

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from matchplatform.ceremonies.states import CeremonyState, EntryState
from matchplatform.ceremonies.steps import list_steps
from matchplatform.kernel.db import db
from tests.catalogue.test_cost import statements
from tests.ceremonies.day import WHY, Day, make_day
from tests.factories import make_officer, sign_in

MOST_OF_A_CONSOLE = 24


@pytest.fixture
def day(client: FlaskClient) -> Day:
    """A day that has begun, and its operator at the console."""
    day = make_day().begin()
    sign_in(client, day.user)
    return day


def send(client: FlaskClient, day: Day, step: str, **fields: object) -> TestResponse:
    """Press a button of the console."""
    return client.post(day.url(f"console/{step}"), data=fields)


def ids(day: Day) -> list[int]:
    """Return the entries of the list by id."""
    return [entry.id for entry in day.entries]


def text_of(answer: TestResponse) -> str:
    """Return what a page says, without its marks."""
    return unescape(re.sub(r"<[^>]+>", "", answer.get_data(as_text=True)))


class TestConsole:
    def test_it_shows_who_comes_next_and_what_is_missing(
        self, client: FlaskClient, day: Day
    ) -> None:
        page = client.get(day.url())
        said = text_of(page)
        assert page.status_code == 200
        for words in ("进行中", "下一轮", "测试公益基金会第1", "没到", "3\xa0个岗位", "按键"):
            assert words in said

    def test_a_day_goes_from_begin_to_close(self, client: FlaskClient) -> None:
        day = make_day()
        sign_in(client, day.user)
        assert "大会开始" in text_of(client.get(day.url()))
        first, second, third = ids(day)
        steps: list[tuple[str, dict[str, object]]] = [
            ("begin", {}),
            ("call", {"entry": [first, second], "seen": 1}),
            ("sign", {"entry": [first, second]}),
            ("item", {"item": day.ceremony.agenda[0].id, "seen": 4}),
            ("pause", {"reason": "领导讲话"}),
            ("resume", {}),
            ("skip", {"entry": third, "reason": "人还没有到场"}),
            ("undo", {"last": 8, "reason": WHY}),
            ("sign", {"entry": third}),
            ("close", {"seen": 10}),
        ]
        for step, fields in steps:
            answer = send(client, day, step, **fields)
            assert (step, answer.status_code) == (step, 303)
            assert client.get(answer.location).status_code == 200
        db.session.expire_all()
        assert day.ceremony.status is CeremonyState.CLOSED
        assert {entry.status for entry in day.entries} == {EntryState.SIGNED}
        assert [step.seq for step in list_steps(day.ceremony.id)] == list(range(1, 12))

    def test_a_double_press_signs_once_and_answers_the_same(
        self, client: FlaskClient, day: Day
    ) -> None:
        fields = {"entry": ids(day)[0], "form_key": "k" * 24}
        first, second = send(client, day, "sign", **fields), send(client, day, "sign", **fields)
        assert first.status_code == second.status_code == 303
        assert first.location == second.location
        assert len(list_steps(day.ceremony.id)) == 2

    def test_another_press_says_who_signed_when(self, client: FlaskClient, day: Day) -> None:
        send(client, day, "sign", entry=ids(day)[0])
        again = send(client, day, "sign", entry=ids(day)[0])
        assert again.status_code == 409
        assert f"这一项{day.operator.label}已在" in text_of(again)

    def test_a_reason_that_is_missing_is_asked_for_and_what_was_typed_kept(
        self, client: FlaskClient, day: Day
    ) -> None:
        send(client, day, "sign", entry=ids(day)[0])
        again = send(client, day, "undo", last=2, reason="错了")
        assert again.status_code == 400
        assert 'value="错了"' in again.get_data(as_text=True)
        assert "至少五个字" in text_of(again)

    def test_an_entry_of_another_day_is_none_of_this_one(
        self, client: FlaskClient, day: Day
    ) -> None:
        other = make_day(1)
        for step in ("sign", "call", "skip"):
            answer = send(client, day, step, entry=ids(other)[0], seen=1)
            assert answer.status_code == 404

    def test_an_odd_entry_is_none(self, client: FlaskClient, day: Day) -> None:
        for odd in ("", "x", "-1", "9" * 30):
            assert send(client, day, "sign", entry=odd).status_code == 404

    def test_others_do_not_get_in(self, client: FlaskClient, day: Day) -> None:
        sign_in(client, make_officer())
        assert client.get(day.url()).status_code == 403
        assert send(client, day, "sign", entry=ids(day)[0]).status_code == 403

    def test_no_ceremony_no_console(self, client: FlaskClient, day: Day) -> None:
        assert client.get("/desk/ceremonies/999/console").status_code == 404

    def test_it_asks_the_database_little_however_long_the_list(
        self, client: FlaskClient, day: Day
    ) -> None:
        longer = make_day(7)
        longer.begin()
        counts = []
        for one in (day, longer):
            client.get(one.url())
            db.session.rollback()
            with statements() as sent:
                client.get(one.url())
            counts.append(len([each for each in sent if "BEGIN" not in each]))
        assert counts[0] == counts[1] <= MOST_OF_A_CONSOLE, counts
