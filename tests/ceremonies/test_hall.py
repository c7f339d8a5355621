"""The screens of the hall: pages, the state as JSON, and the stream of steps."""

import json
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from matchplatform.ceremonies import streams
from matchplatform.ceremonies.live_queries import get_hall, show_board
from matchplatform.ceremonies.running import (
    begin_item,
    call_round,
    close_ceremony,
    pause_ceremony,
)
from matchplatform.ceremonies.signing import sign_entry
from matchplatform.ceremonies.states import CeremonyState
from matchplatform.ceremonies.streams import MOST_STREAMS, StreamPlace, tell_steps
from matchplatform.kernel.db import db
from matchplatform.kernel.stopping import watch_server
from tests.catalogue.test_cost import statements
from tests.ceremonies.day import Day, make_day
from tests.ceremonies.test_console import text_of


@pytest.fixture
def day(client: FlaskClient) -> Day:
    """A day that has begun."""
    return make_day().begin()


def hall(day: Day, rest: str) -> str:
    """Return an address of the hall."""
    return f"/hall/{day.ceremony.hall_token}/{rest}"


def call(day: Day, *places: int) -> None:
    """Call entries by their places from 0, and commit."""
    entries = [day.entries[place] for place in places]
    seen = day.ceremony.seq
    call_round(actor=day.operator, ceremony=day.ceremony, entries=entries, seen=seen)
    db.session.commit()


def sign(day: Day, place: int) -> None:
    """Sign an entry by its place, and commit."""
    sign_entry(actor=day.operator, entry=day.entries[place])
    db.session.commit()


def first_told(stream: Iterator[str]) -> dict[str, object]:
    """Return the next state that a stream tells."""
    for part in stream:
        if "data: " in part:
            told: dict[str, object] = json.loads(part.split("data: ")[1])
            return told
    raise AssertionError("the stream ended")


class TestScreens:
    @pytest.mark.parametrize("kind", ["screen", "stage"])
    def test_it_follows_the_day(self, client: FlaskClient, kind: str) -> None:
        day = make_day()
        assert day.ceremony.title in text_of(client.get(hall(day, kind)))
        day.begin()
        call(day, 0, 1)
        said = text_of(client.get(hall(day, kind)))
        assert "测试公益基金会第1" in said
        assert "测试公益基金会第3" in said
        sign(day, 0)
        assert "已签" in text_of(client.get(hall(day, kind)))

    def test_one_on_the_stage_is_shown_large_with_the_amount(
        self, client: FlaskClient, day: Day
    ) -> None:
        call(day, 1)
        said = text_of(client.get(hall(day, "screen")))
        for words in ("正在签约", "0.50", "第 2 项，共 3 项", "独居老人探访"):
            assert words in said.replace("\n", "")

    def test_what_has_no_price_stands_beside_the_money(self, client: FlaskClient, day: Day) -> None:
        call(day, 0)
        said = text_of(client.get(hall(day, "screen")))
        assert "另有 3" in said
        assert "岗位" in said

    def test_a_round_of_many_fits_too(self, client: FlaskClient) -> None:
        day = make_day(7, slots=20, guests=False).begin()
        call(day, *range(6))
        page = client.get(hall(day, "screen")).get_data(as_text=True)
        assert "round-10" in page
        assert page.count("<rect") == 7

    def test_each_state_has_its_words(self, client: FlaskClient, day: Day) -> None:
        begin_item(
            actor=day.operator,
            ceremony=day.ceremony,
            item_id=day.ceremony.agenda[0].id,
            seen=day.ceremony.seq,
        )
        db.session.commit()
        assert "领导讲话" in text_of(client.get(hall(day, "screen")))
        pause_ceremony(actor=day.operator, ceremony=day.ceremony)
        db.session.commit()
        assert "签约暂停" in text_of(client.get(hall(day, "screen")))
        seen = day.ceremony.seq
        close_ceremony(actor=day.operator, ceremony=day.ceremony, seen=seen)
        db.session.commit()
        assert "签约结束" in text_of(client.get(hall(day, "screen")))
        for status, words in (
            (CeremonyState.POSTPONED, "改期"),
            (CeremonyState.CANCELLED, "取消"),
        ):
            day.ceremony.status = status
            db.session.commit()
            for kind in ("screen", "stage"):
                assert client.get(hall(day, kind)).status_code == 200
            assert words in text_of(client.get(hall(day, "screen")))

    def test_a_wrong_token_opens_nothing(self, client: FlaskClient, day: Day) -> None:
        for rest in ("screen", "stage", "state", "events"):
            assert client.get(f"/hall/no-such-token/{rest}").status_code == 404

    def test_nobody_is_named(self, client: FlaskClient, day: Day) -> None:
        call(day, 0)
        for rest in ("screen", "stage", "state"):
            page = client.get(hall(day, rest)).get_data(as_text=True)
            assert "签署人1" not in page
            assert "钱二川" not in page
            assert "赵一鸣" not in page

    def test_it_is_kept_nowhere(self, client: FlaskClient, day: Day) -> None:
        answer = client.get(hall(day, "screen"))
        assert answer.headers["Cache-Control"] == "no-store"
        assert "noindex" in answer.headers["X-Robots-Tag"]


class TestState:
    def test_it_carries_everything_that_a_screen_needs(self, client: FlaskClient, day: Day) -> None:
        call(day, 0, 1)
        sign(day, 0)
        state = client.get(hall(day, "state")).get_json()
        assert (state["seq"], state["live"], state["count"]) == (3, True, 3)
        assert state["order"] == ["signed", "now", "waiting"]
        assert [row["mark"] for row in state["now"]] == ["signed", "now"]
        assert [row["place"] for row in state["next"]] == [3]

    def test_signed_and_intended_stand_apart(self, client: FlaskClient, day: Day) -> None:
        sign(day, 0)
        state = client.get(hall(day, "state")).get_json()
        signed, intended = state["signed"], state["intended"]
        assert (signed["claims"], signed["projects"], signed["counties"]) == (1, 1, 1)
        assert (signed["organisations"], signed["yuan"], signed["wan"]) == (1, "5000.00", "0.50")
        assert signed["unpriced"] == [{"kind": "岗位", "quantity": "3", "unit": "个"}]
        assert (intended["claims"], intended["counties"]) == (2, 2)
        assert intended["yuan"] == "10003.00"

    def test_who_has_it_already_gets_its_number_alone(self, client: FlaskClient, day: Day) -> None:
        told = client.get(hall(day, "state") + "?after=1").get_json()
        assert told == {"seq": 1, "mark": f"1.{day.ceremony.version}", "live": True}
        for after in ("0", "x", "99"):
            assert "order" in client.get(hall(day, f"state?after={after}")).get_json()

    def test_a_state_is_read_once_for_everybody(self, client: FlaskClient, day: Day) -> None:
        head = get_hall(day.ceremony.hall_token)
        first = show_board(head)
        with statements() as sent:
            assert show_board(head) is first
        assert sent == []
        sign(day, 0)
        second = show_board(get_hall(day.ceremony.hall_token))
        assert (first.signed.claims, second.signed.claims) == (0, 1)


class TestStream:
    def test_it_tells_each_step(self, client: FlaskClient, day: Day) -> None:
        db.session.rollback()
        stream = tell_steps(client.application, day.ceremony.hall_token, pause=0.01)
        assert first_told(stream)["seq"] == 1
        sign(day, 0)
        assert first_told(stream)["seq"] == 2
        stream.close()

    def test_it_ends_by_itself(self, client: FlaskClient, day: Day) -> None:
        parts = list(
            tell_steps(client.application, day.ceremony.hall_token, seconds=0.05, pause=0.01)
        )
        assert [part.split(":")[0] for part in parts] == ["retry", "id"]

    def test_it_ends_when_the_day_does(self, client: FlaskClient, day: Day) -> None:
        stream = tell_steps(client.application, day.ceremony.hall_token, pause=0.01)
        first_told(stream)
        close_ceremony(actor=day.operator, ceremony=day.ceremony, seen=1)
        db.session.commit()
        assert first_told(stream)["live"] is False
        assert list(stream) == []

    def test_it_does_not_hold_up_a_server_that_stops(self, client: FlaskClient, day: Day) -> None:
        stream = tell_steps(client.application, day.ceremony.hall_token, pause=0.01)
        first_told(stream)
        watch_server(lambda: True)
        try:
            assert list(stream) == []
        finally:
            watch_server(lambda: False)

    def test_nothing_is_held_between_two_looks(self, client: FlaskClient, day: Day) -> None:
        token = day.ceremony.hall_token
        db.session.remove()
        stream = tell_steps(client.application, token, pause=0.01)
        first_told(stream)
        assert db.engine.pool.checkedout() == 0  # type: ignore[attr-defined]
        stream.close()

    def test_the_page_gives_it_as_events(self, client: FlaskClient, day: Day) -> None:
        answer = client.get(hall(day, "events"), buffered=False)
        assert answer.content_type.startswith("text/event-stream")
        parts = iter(answer.response)
        told = [next(parts), next(parts)][1]
        assert isinstance(told, bytes)
        assert told.startswith(b"id: 1\n")
        answer.close()
        assert streams._open == 0

    def test_few_may_listen_at_once(self, client: FlaskClient, day: Day) -> None:
        held = [StreamPlace.take(8) for _ in range(MOST_STREAMS)]
        try:
            answer = client.get(hall(day, "events"))
            assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
        finally:
            for place in held:
                assert place is not None
                place.release()
                place.release()
        assert streams._open == 0

    def test_a_server_of_one_thread_has_none(self) -> None:
        assert StreamPlace.take(1) is None

    def test_there_is_none_while_the_day_does_not_run(self, client: FlaskClient) -> None:
        assert client.get(hall(make_day(1), "events")).status_code == 204
