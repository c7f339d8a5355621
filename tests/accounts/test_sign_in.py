"""Signing in: who gets in, who does not, and where they go on to."""

import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import timedelta
from threading import Lock
from time import perf_counter, sleep

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from matchplatform.accounts import passwords, services
from matchplatform.accounts.models import LoginAttempt, User
from matchplatform.accounts.standing import set_active
from matchplatform.app import create_app
from matchplatform.audit.models import AuditEntry
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Busy
from matchplatform.kernel.facts import DEMO, set_fact
from tests.client import CheckingClient
from tests.factories import (
    PASSWORD,
    actor_for,
    make_admin,
    make_auditor,
    make_officer,
    make_organisation,
)

WRONG = "不是这个密码，不是这个"
EVIL_NEXT = [
    "https://evil.example/", "http://evil.example", "HTTPS://evil.example", "//evil.example",
    "///evil.example", "////evil.example/x", "/\\evil.example", "\\\\evil.example", "\\/evil.example",
    "/\\/evil.example", "/\t/evil.example", "\t//evil.example", " //evil.example", "/ /evil.example",
    "/\n/evil.example", "/\r\n/evil.example", "/desk\r\nSet-Cookie: a=b", "javascript:alert(1)",
    "JaVaScRiPt:alert(1)", "java\nscript:alert(1)", "data:text/html,<script>1</script>",
    "vbscript:msgbox(1)", "evil.example", "evil.example/desk", "@evil.example", "/@evil.example",
    "/.evil.example", "/./evil.example", "/../evil.example", "/%2f/evil.example",
    "/%5cevil.example", "/?u=//evil.example", "/#//evil.example", "https:evil.example",
    "https:/evil.example", "https:///evil.example", "ftp://evil.example", "/desk\\..\\evil",
    "/／evil.example", "／／evil.example", "/desk\x0b", "/desk\u2028evil", "", "/",
]  # fmt: skip


def send(
    client: FlaskClient, username: str, password: str = PASSWORD, following: str = ""
) -> tuple[int, str]:
    """Send the sign-in form; return the status and where it leads, or the page."""
    answer = client.post(
        "/sign-in", data={"username": username, "password": password, "next": following}
    )
    return answer.status_code, answer.location or answer.text


class TestSignIn:
    def test_the_right_password_leads_to_the_page_of_the_role(self, client: FlaskClient) -> None:
        officer, auditor, admin = make_officer(), make_auditor(), make_admin()
        _organisation, agent = make_organisation()
        names = [user.username for user in (officer, auditor, admin, agent)]
        homes = []
        for name in names:
            homes.append(send(client, name))
        assert homes == [(303, "/desk"), (303, "/audit"), (303, "/admin/accounts"), (303, "/my")]

    def test_the_name_may_be_typed_in_any_width_and_case(self, client: FlaskClient) -> None:
        name = make_officer().username
        wide = name.upper().translate({code: code + 0xFEE0 for code in range(0x30, 0x5B)})
        assert send(client, f" {wide} ")[0] == 303

    def test_it_is_audited(self, client: FlaskClient) -> None:
        user = make_officer()
        user_id = user.id
        send(client, user.username)
        entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc())).first()
        assert entry is not None
        assert (entry.action, entry.actor_id, entry.address) == (
            "account.sign_in", user_id, "127.0.0.1",
        )  # fmt: skip

    def test_a_wrong_password_an_unknown_and_a_disabled_user_look_the_same(
        self, client: FlaskClient
    ) -> None:
        disabled = make_officer()
        set_active(actor=actor_for(make_admin()), user=disabled, active=False, reason="调离")
        names = [make_officer().username, "nobody-of-that-name", disabled.username]
        db.session.commit()
        answers = [
            send(client, names[0], WRONG), send(client, names[1]), send(client, names[2])
        ]  # fmt: skip
        pages = set()
        for name, (status, page) in zip(names, answers, strict=True):
            assert status == 400
            assert "用户名或密码不对" in page
            assert WRONG not in page
            page = re.sub(r'name="csrf_token"[^>]*>', "", page)
            pages.add(page.replace(name, "NAME"))
        assert len(pages) == 1

    def test_an_unknown_user_costs_a_hash_just_like_a_known_one(self, client: FlaskClient) -> None:
        name = make_officer().username
        with all_slots_taken():
            answers = {send(client, who, WRONG)[0] for who in (name, "nobody-of-that-name")}
        assert answers == {503}

    def test_it_asks_for_what_is_missing(self, client: FlaskClient) -> None:
        status, page = send(client, "", "")
        assert status == 400
        assert "请填用户名。" in page
        assert "请填密码。" in page

    def test_somebody_who_is_signed_in_goes_on(self, client: FlaskClient) -> None:
        send(client, make_officer().username)
        answer = client.get("/sign-in?next=/notices")
        assert (answer.status_code, answer.location) == (303, "/notices")

    def test_signing_in_as_another_ends_the_first_session(
        self, client: FlaskClient, db_session: Flask
    ) -> None:
        first, second = make_officer().username, make_auditor().username
        send(client, first)
        old = client.get_cookie("session")
        assert old is not None
        send(client, second)
        other = db_session.test_client()
        other.set_cookie("session", old.value)
        assert other.get("/account").status_code == 303

    def test_the_demo_accounts_are_listed_in_the_demo_only(self, client: FlaskClient) -> None:
        set_fact("demo_accounts", '[["li-guilan", "张北县民政局，写需求"]]')
        set_fact("demo_password", "演示用的密码")
        db.session.commit()
        assert "li-guilan" not in client.get("/sign-in").text
        set_fact(DEMO, "1")
        db.session.commit()
        page = client.get("/sign-in").text
        assert "li-guilan" in page
        assert "张北县民政局，写需求" in page


class TestOnward:
    def test_evil_addresses_lead_home(self, client: FlaskClient) -> None:
        name = make_officer().username
        assert len(EVIL_NEXT) >= 40
        led = {following: send(client, name, following=following)[1] for following in EVIL_NEXT}
        assert {where for where in led.values() if where != "/desk"} == set()

    def test_evil_addresses_lead_home_by_get_too(self, client: FlaskClient) -> None:
        send(client, make_officer().username)
        led = {
            client.get("/sign-in", query_string={"next": following}).location
            for following in EVIL_NEXT
        }
        assert led == {"/desk"}

    @pytest.mark.parametrize(
        "following", ["/notices", "/projects?q=%E8%8B%B9%E6%9E%9C&page=2", "/desk/organisations"]
    )
    def test_own_addresses_are_followed(self, client: FlaskClient, following: str) -> None:
        assert send(client, make_officer().username, following=following) == (303, following)

    def test_a_private_page_asks_to_sign_in_and_leads_back(self, client: FlaskClient) -> None:
        name = make_officer().username
        answer = client.get("/notices?page=1")
        assert answer.status_code == 303
        page = client.get(answer.location).text
        assert 'value="/notices?page=1"' in page
        assert send(client, name, following="/notices?page=1")[1] == "/notices?page=1"


class TestAttempts:
    def test_the_sixth_in_five_minutes_is_refused_even_when_right(
        self, client: FlaskClient
    ) -> None:
        name = make_officer().username
        assert [send(client, name, WRONG)[0] for _ in range(6)] == [400] * 5 + [429]
        status, page = send(client, name)
        assert status == 429
        assert "五分钟" in page

    def test_an_unknown_name_is_counted_alike(self, client: FlaskClient) -> None:
        assert [send(client, "nobody", WRONG)[0] for _ in range(6)] == [400] * 5 + [429]

    def test_another_worker_counts_with_us(self, client: FlaskClient, db_session: Flask) -> None:
        name = make_officer().username
        db.session.remove()
        other = create_app(db_session.extensions["settings"])
        other.test_client_class = CheckingClient
        with other.app_context():
            away = other.test_client()
            assert [send(away, name, WRONG)[0] for _ in range(5)] == [400] * 5
            db.session.remove()
            db.engine.dispose()
        assert send(client, name, WRONG)[0] == 429

    def test_after_five_minutes_it_is_open_again(self, client: FlaskClient) -> None:
        name = make_officer().username
        for _ in range(6):
            send(client, name, WRONG)
        with clock.set_clock(clock.now() + timedelta(minutes=5, seconds=1)):
            assert send(client, name)[0] == 303

    def test_the_right_password_clears_the_count(self, client: FlaskClient) -> None:
        name = make_officer().username
        statuses = []
        for _ in range(2):
            statuses += [send(client, name, WRONG)[0] for _ in range(4)] + [send(client, name)[0]]
        assert statuses == ([400] * 4 + [303]) * 2

    def test_other_names_are_not_held_up(self, client: FlaskClient) -> None:
        name, other = make_officer().username, make_officer().username
        for _ in range(6):
            send(client, name, WRONG)
        assert send(client, other)[0] == 303

    def test_guesses_sent_all_at_once_are_counted_one_by_one(
        self, client: FlaskClient, db_session: Flask
    ) -> None:
        name = make_officer().username
        answers = guess_at_once(db_session, name, 12)
        assert answers[400] == 5
        assert db.session.scalar(select(func.count()).select_from(LoginAttempt)) == 5

    def test_the_harness_notices_when_nobody_counts(
        self, client: FlaskClient, db_session: Flask, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The seeded twin of the test above."""
        monkeypatch.setattr(services, "check_attempts", lambda username: None)
        assert guess_at_once(db_session, make_officer().username, 12)[400] > 5


class TestHashing:
    def test_too_many_at_once_are_busy_within_a_second(self, app: Flask) -> None:
        with all_slots_taken():
            started = perf_counter()
            with pytest.raises(Busy):
                passwords.hash_password(PASSWORD)
            assert perf_counter() - started < 1
        assert passwords.verify_password(passwords.hash_password(PASSWORD), PASSWORD)

    def test_no_more_run_at_once_than_there_are_slots(
        self, app: Flask, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        hasher = CountingHasher(0.01)
        monkeypatch.setattr(passwords, "_hasher", hasher)
        with ThreadPoolExecutor(24) as pool:
            assert not any(pool.map(lambda _: is_busy(), range(24)))
        assert hasher.most == app.extensions["settings"].hash_slots

    def test_whoever_finds_no_place_is_told_within_a_second(
        self, app: Flask, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(passwords, "_hasher", CountingHasher(0.7))

        def timed(_number: int) -> tuple[bool, float]:
            started = perf_counter()
            return is_busy(), perf_counter() - started

        with ThreadPoolExecutor(12) as pool:
            waits = [seconds for busy, seconds in pool.map(timed, range(12)) if busy]
        assert len(waits) >= 6
        assert max(waits) < 1

    def test_the_tables_keep_argon2id(self, client: FlaskClient) -> None:
        user = make_officer()
        kept = db.session.scalar(select(User.password_hash).where(User.id == user.id))
        assert kept is not None
        assert kept.startswith("$argon2id$")
        assert PASSWORD not in kept


def all_slots_taken() -> ExitStack:
    """Hold every place for a hash until the block ends."""
    stack = ExitStack()
    slots = passwords._slots
    for _ in range(slots._initial_value):  # type: ignore[attr-defined]
        slots.acquire()
        stack.callback(slots.release)
    return stack


def guess_at_once(app: Flask, name: str, count: int) -> Counter[int]:
    """Send wrong passwords from many browsers at the same time; count the answers."""
    db.session.remove()

    def guess(_number: int) -> int:
        with app.app_context():
            status, _page = send(app.test_client(), name, WRONG)
            db.session.remove()
            return status

    with ThreadPoolExecutor(count) as pool:
        return Counter(pool.map(guess, range(count)))


class CountingHasher:
    """Stands in for argon2: takes its time and counts how many run at once."""

    def __init__(self, seconds: float) -> None:
        self.seconds, self.running, self.most = seconds, 0, 0
        self.lock = Lock()

    def hash(self, _password: str) -> str:
        """Wait, and return nothing of use."""
        with self.lock:
            self.running += 1
            self.most = max(self.most, self.running)
        sleep(self.seconds)
        with self.lock:
            self.running -= 1
        return ""


def is_busy() -> bool:
    """Tell whether a hash found no place."""
    try:
        passwords.hash_password(PASSWORD)
    except Busy:
        return True
    return False
