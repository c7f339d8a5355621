"""The second step: enrolment, codes that work once, recovery, reset, and who must have it."""

import re
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from time import sleep

import pyotp
import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from matchplatform.accounts import totp
from matchplatform.accounts.models import LoginAttempt, RecoveryCode, TotpDevice, User, UserSession
from matchplatform.accounts.vault import configure, seal, unseal
from matchplatform.audit.models import AuditEntry
from matchplatform.cli import main
from matchplatform.config.settings import secret_of
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Conflict
from tests.accounts.test_sessions import cookie_of, is_worth
from tests.accounts.test_sign_in import send
from tests.factories import PASSWORD, make_admin, make_auditor, make_officer, make_organisation

CODE_PAGE = "/sign-in/code"
ENROLMENT = "/account/second-step"


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    """Hold the clock, so that a code never changes between making and sending it."""
    with clock.set_clock(clock.now().replace(microsecond=0, second=5)):
        yield


@pytest.fixture
def required(app: Flask) -> Iterator[Flask]:
    """The site as in production: officers, organisers and admins must have the second step."""
    settings = app.extensions["settings"]
    app.extensions["settings"] = replace(settings, require_totp=True)
    yield app
    app.extensions["settings"] = settings


def code_of(user_id: int, steps: int = 0) -> str:
    """Return the authenticator's code now, or some steps of 30 seconds away."""
    device = db.session.get_one(TotpDevice, user_id)
    step = int(clock.now().timestamp()) // totp.STEP_SECONDS + steps
    code = pyotp.TOTP(unseal(device.sealed_secret)).generate_otp(step)
    db.session.rollback()
    return code


def enrol(client: FlaskClient, user_id: int) -> list[str]:
    """Go through enrolment in a signed-in browser; return the recovery codes."""
    started = client.post(f"{ENROLMENT}/start", data={"password": PASSWORD})
    assert (started.status_code, started.location) == (303, ENROLMENT)
    assert "<svg" in client.get(ENROLMENT).text
    answer = client.post(f"{ENROLMENT}/confirm", data={"code": code_of(user_id)})
    assert answer.status_code == 200, answer.text
    return re.findall(r"<code>([A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4})</code>", answer.text)


def enrolled(client: FlaskClient, user: User) -> tuple[int, str, list[str]]:
    """Make a user with the second step on, signed out; return id, user name, recovery codes."""
    user_id, name = user.id, user.username
    assert send(client, name)[0] == 303
    codes = enrol(client, user_id)
    client.post("/sign-out")
    return user_id, name, codes


@contextmanager
def later(seconds: int) -> Iterator[None]:
    """Move the clock on inside the block."""
    with clock.set_clock(clock.now() + timedelta(seconds=seconds)):
        yield


def send_code(client: FlaskClient, code: str, following: str = "") -> tuple[int, str]:
    """Send the second form; return the status and where it leads, or the page."""
    answer = client.post(CODE_PAGE, data={"code": code, "next": following})
    return answer.status_code, answer.location or answer.text


class TestEnrolment:
    def test_it_shows_a_qr_code_then_ten_recovery_codes_once(self, client: FlaskClient) -> None:
        user = make_officer()
        user_id, name = user.id, user.username
        send(client, name)
        codes = enrol(client, user_id)
        assert len(set(codes)) == 10
        page = client.get(ENROLMENT).text
        assert "已开启" in page
        assert "二维码" not in page
        assert not any(code in page for code in codes)

    def test_it_wants_the_password_first(self, client: FlaskClient) -> None:
        user = make_officer()
        user_id = user.id
        send(client, user.username)
        answer = client.post(f"{ENROLMENT}/start", data={"password": "不是这个密码，不是这个"})
        assert answer.status_code == 400
        assert "密码不对" in answer.text
        assert db.session.get(TotpDevice, user_id) is None

    def test_a_wrong_first_code_turns_nothing_on(self, client: FlaskClient) -> None:
        user = make_officer()
        user_id, name = user.id, user.username
        send(client, name)
        client.post(f"{ENROLMENT}/start", data={"password": PASSWORD})
        wrong = f"{(int(code_of(user_id)) + 1) % 1_000_000:06d}"
        assert client.post(f"{ENROLMENT}/confirm", data={"code": wrong}).status_code == 400
        client.post("/sign-out")
        assert send(client, name) == (303, "/desk")

    def test_a_running_one_cannot_be_replaced(self, client: FlaskClient) -> None:
        user = make_officer()
        user_id = user.id
        send(client, user.username)
        enrol(client, user_id)
        assert client.post(f"{ENROLMENT}/start", data={"password": PASSWORD}).status_code == 409

    def test_it_renews_the_session_and_ends_the_others(
        self, client: FlaskClient, db_session: Flask
    ) -> None:
        user = make_officer()
        user_id, name = user.id, user.username
        other = db_session.test_client()
        send(other, name)
        send(client, name)
        before = cookie_of(client)
        enrol(client, user_id)
        assert not is_worth(db_session, before)
        assert not is_worth(db_session, cookie_of(other))
        assert is_worth(db_session, cookie_of(client))

    def test_the_tables_and_the_trail_keep_no_secret_in_the_clear(
        self, client: FlaskClient
    ) -> None:
        user = make_officer()
        user_id = user.id
        send(client, user.username)
        codes = enrol(client, user_id)
        device = db.session.get_one(TotpDevice, user_id)
        secret = unseal(device.sealed_secret)
        kept = [device.sealed_secret, *db.session.scalars(select(RecoveryCode.code_hash))]
        said = [
            (row.subject_label, row.reason, row.detail)
            for row in db.session.scalars(select(AuditEntry))
        ]
        for hidden in (secret, *codes, *(code.replace("-", "") for code in codes)):
            assert hidden not in str(kept)
            assert hidden not in str(said)


class TestSignIn:
    def test_the_password_alone_opens_nothing(self, client: FlaskClient, db_session: Flask) -> None:
        _id, name, _codes = enrolled(client, make_officer())
        assert send(client, name) == (303, CODE_PAGE)
        assert client.get("/account").status_code == 303
        assert not is_worth(db_session, cookie_of(client))

    def test_the_code_leads_where_one_was_going(self, client: FlaskClient) -> None:
        user_id, name, _codes = enrolled(client, make_officer())
        status, where = send(client, name, following="/notices?page=1")
        assert status == 303
        assert 'value="/notices?page=1"' in client.get(where).text
        with later(60):
            assert send_code(client, code_of(user_id), "/notices?page=1") == (
                303, "/notices?page=1",
            )  # fmt: skip

    def test_evil_addresses_lead_home(self, client: FlaskClient) -> None:
        user_id, name, _codes = enrolled(client, make_officer())
        send(client, name)
        with later(60):
            assert send_code(client, code_of(user_id), "//evil.example")[1] == "/desk"

    def test_a_code_works_once(self, client: FlaskClient, db_session: Flask) -> None:
        user_id, name, _codes = enrolled(client, make_officer())
        with later(60):
            code = code_of(user_id)
            send(client, name)
            assert send_code(client, code)[0] == 303
            thief = db_session.test_client()
            send(thief, name)
            status, page = send_code(thief, code)
            assert status == 400
            assert "已经用过" in page
            assert send_code(thief, code_of(user_id, -1))[0] == 400
            assert send_code(thief, code_of(user_id, 1))[0] == 303

    def test_the_code_of_the_enrolment_is_used_up_too(self, client: FlaskClient) -> None:
        user_id, name, _codes = enrolled(client, make_officer())
        send(client, name)
        assert send_code(client, code_of(user_id))[0] == 400

    @pytest.mark.parametrize("steps", [-3, -2, 2, 3])
    def test_codes_of_other_times_are_refused(self, client: FlaskClient, steps: int) -> None:
        user_id, name, _codes = enrolled(client, make_officer())
        with later(300):
            send(client, name)
            assert send_code(client, code_of(user_id, steps))[0] == 400

    @pytest.mark.parametrize("odd", ["", "12345", "1234567", "十二三四五六", "abcdef", "1" * 40])
    def test_odd_codes_are_wrong_codes(self, client: FlaskClient, odd: str) -> None:
        _id, name, _codes = enrolled(client, make_officer())
        send(client, name)
        assert send_code(client, odd)[0] == 400

    def test_the_code_may_be_typed_in_any_width(self, client: FlaskClient) -> None:
        user_id, name, _codes = enrolled(client, make_officer())
        with later(60):
            send(client, name)
            code = code_of(user_id)
            wide = "".join(chr(ord(digit) + 0xFEE0) for digit in code)
            assert send_code(client, f" {wide[:3]} {wide[3:]} ")[0] == 303

    def test_without_the_password_there_is_no_second_step(self, client: FlaskClient) -> None:
        user_id, _name, _codes = enrolled(client, make_officer())
        with later(60):
            answer = client.post(CODE_PAGE, data={"code": code_of(user_id)})
            assert (answer.status_code, answer.location) == (303, "/sign-in")

    def test_ten_minutes_after_the_password_it_begins_anew(self, client: FlaskClient) -> None:
        user_id, name, _codes = enrolled(client, make_officer())
        send(client, name)
        with later(601):
            assert send_code(client, code_of(user_id)) == (303, "/sign-in")

    def test_a_change_of_password_ends_what_was_half_done(
        self, client: FlaskClient, db_session: Flask
    ) -> None:
        user_id, name, _codes = enrolled(client, make_officer())
        send(client, name)
        thief = db_session.test_client()
        thief.set_cookie("session", cookie_of(client))
        with later(60):
            send_code(client, code_of(user_id))
            new = "坝上的草黄了又青，2021"
            data = {"old_password": PASSWORD, "password": new, "again": new}
            assert client.post("/account", data=data).status_code == 303
        with later(120):
            assert send_code(thief, code_of(user_id)) == (303, "/sign-in")


class TestAttempts:
    def test_the_sixth_wrong_code_in_five_minutes_is_refused_even_when_right(
        self, client: FlaskClient
    ) -> None:
        user_id, name, _codes = enrolled(client, make_officer())
        send(client, name)
        with later(60):
            wrong = f"{(int(code_of(user_id)) + 7) % 1_000_000:06d}"
            assert [send_code(client, wrong)[0] for _ in range(6)] == [400] * 5 + [429]
            assert send_code(client, code_of(user_id))[0] == 429
        with later(400):
            send(client, name)
            assert send_code(client, code_of(user_id))[0] == 303

    def test_beginning_anew_does_not_begin_the_count_anew(self, client: FlaskClient) -> None:
        _id, name, _codes = enrolled(client, make_officer())
        statuses = []
        for _ in range(6):
            send(client, name)
            statuses.append(send_code(client, "没有这个码")[0])
        assert statuses == [400] * 5 + [429]

    def test_thirty_wrong_ones_close_the_day(self, client: FlaskClient) -> None:
        user_id, name, _codes = enrolled(client, make_officer())
        db.session.add_all(
            LoginAttempt(
                name_hash=totp.counter_of(db.session.get_one(User, user_id)),
                at=clock.now() - timedelta(hours=2),
            )
            for _ in range(30)
        )
        db.session.commit()
        send(client, name)
        with later(60):
            status, page = send_code(client, code_of(user_id))
        assert status == 429
        assert "明天再试" in page

    def test_nobody_locks_somebody_out_by_a_name_they_type(self, client: FlaskClient) -> None:
        user_id, name, _codes = enrolled(client, make_officer())
        for _ in range(6):
            send(client, f"SECOND STEP {user_id}", "不是这个密码，不是这个")
        send(client, name)
        with later(60):
            assert send_code(client, code_of(user_id))[0] == 303


class TestReplay:
    def test_a_code_sent_by_many_at_once_lets_one_in(
        self, client: FlaskClient, db_session: Flask
    ) -> None:
        user_id, name, _codes = enrolled(client, make_officer())
        with later(60):
            assert replay(db_session, user_id, name, 5)[303] == 1

    def test_the_harness_notices_a_step_that_is_read_and_then_written(
        self, client: FlaskClient, db_session: Flask, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The seeded twin of the test above."""
        user_id, name, _codes = enrolled(client, make_officer())
        monkeypatch.setattr(totp, "spend_step", read_then_write)
        with later(60):
            assert replay(db_session, user_id, name, 5)[303] > 1


class TestRecovery:
    def test_a_code_signs_in_once(self, client: FlaskClient) -> None:
        user_id, name, codes = enrolled(client, make_officer())
        send(client, name)
        assert send_code(client, codes[0].lower().replace("-", " ")) == (303, "/desk")
        assert "account.use_recovery_code" in db.session.scalars(select(AuditEntry.action)).all()
        client.post("/sign-out")
        send(client, name)
        assert send_code(client, codes[0])[0] == 400
        assert send_code(client, codes[1])[0] == 303
        assert "恢复码还剩 8 个" in client.get("/account").text

    def test_somebody_elses_code_is_worth_nothing(self, client: FlaskClient) -> None:
        _id, _name, codes = enrolled(client, make_officer())
        _other, name, _theirs = enrolled(client, make_officer())
        send(client, name)
        assert send_code(client, codes[0])[0] == 400

    def test_new_ones_take_the_place_of_the_old(self, client: FlaskClient) -> None:
        _id, name, codes = enrolled(client, make_officer())
        send(client, name)
        send_code(client, codes[0])
        assert client.post(f"{ENROLMENT}/codes", data={"password": "不对"}).status_code == 400
        answer = client.post(f"{ENROLMENT}/codes", data={"password": PASSWORD})
        fresh = re.findall(r"<code>([A-Z2-9-]{14})</code>", answer.text)
        assert len(fresh) == 10
        client.post("/sign-out")
        send(client, name)
        assert send_code(client, codes[1])[0] == 400
        assert send_code(client, fresh[0])[0] == 303


class TestRequired:
    @pytest.mark.parametrize("make", [make_officer, make_admin])
    def test_without_it_only_enrolment_and_the_account_are_reached(
        self, client: FlaskClient, required: Flask, make: object
    ) -> None:
        user = make()  # type: ignore[operator]
        user_id, name = user.id, user.username
        send(client, name)
        for where in ("/desk", "/", "/projects", "/admin/accounts", "/notices", "/nowhere"):
            answer = client.get(where)
            assert (answer.status_code, answer.location) == (303, ENROLMENT), where
        assert client.post("/notices/read-all").status_code == 403
        for where in ("/account", ENROLMENT):
            assert client.get(where).status_code == 200
        enrol(client, user_id)
        assert client.get("/notices").status_code == 200
        assert client.post("/sign-out").status_code == 303

    def test_signing_out_is_possible_before(self, client: FlaskClient, required: Flask) -> None:
        send(client, make_officer().username)
        assert client.post("/sign-out").status_code == 303

    def test_a_session_without_the_code_is_not_enough_even_when_enrolled(
        self, client: FlaskClient, required: Flask
    ) -> None:
        user_id, name, codes = enrolled(client, make_officer())
        send(client, name)
        send_code(client, codes[0])
        db.session.execute(
            update(UserSession).where(UserSession.user_id == user_id).values(has_second_step=False)
        )
        db.session.commit()
        assert client.get("/desk").location == ENROLMENT
        assert "请先退出" in client.get(ENROLMENT).text

    def test_agents_and_auditors_may_do_without(self, client: FlaskClient, required: Flask) -> None:
        _organisation, agent = make_organisation()
        names = [agent.username, make_auditor().username]
        for name, home in zip(names, ("/my", "/audit"), strict=True):
            assert send(client, name) == (303, home)
            assert client.get("/notices").status_code == 200

    def test_it_cannot_be_turned_off(self, client: FlaskClient, required: Flask) -> None:
        user = make_officer()
        user_id = user.id
        send(client, user.username)
        enrol(client, user_id)
        assert client.post(f"{ENROLMENT}/remove", data={"password": PASSWORD}).status_code == 409

    def test_where_it_is_voluntary_it_can(self, client: FlaskClient, required: Flask) -> None:
        _organisation, agent = make_organisation()
        user_id, name = agent.id, agent.username
        send(client, name)
        enrol(client, user_id)
        assert client.post(f"{ENROLMENT}/remove", data={"password": "不对"}).status_code == 400
        assert client.post(f"{ENROLMENT}/remove", data={"password": PASSWORD}).status_code == 303
        client.post("/sign-out")
        assert send(client, name) == (303, "/my")


class TestReset:
    def test_an_admin_takes_a_lost_authenticator_off(
        self, client: FlaskClient, db_session: Flask
    ) -> None:
        user_id, name, codes = enrolled(client, make_officer())
        send(client, name)
        send_code(client, codes[0])
        cookie = cookie_of(client)
        admin = db_session.test_client()
        send(admin, make_admin().username)
        where = f"/admin/accounts/{user_id}/reset-second-step"
        assert admin.post(where, data={"why": " "}).status_code == 400
        assert admin.post(where, data={"why": "手机丢了，本人带证件来过"}).status_code == 303
        assert not is_worth(db_session, cookie)
        assert send(client, name) == (303, "/desk")
        entry = db.session.scalar(
            select(AuditEntry).where(AuditEntry.action == "account.reset_second_step")
        )
        assert entry is not None
        assert entry.reason == "手机丢了，本人带证件来过"
        assert db.session.scalars(select(RecoveryCode)).all() == []

    def test_not_ones_own_and_not_without_the_permission(self, client: FlaskClient) -> None:
        user_id, _name, _codes = enrolled(client, make_officer())
        admin_id, name, codes = enrolled(client, make_admin())
        send(client, name)
        send_code(client, codes[0])
        own = client.post(f"/admin/accounts/{admin_id}/reset-second-step", data={"why": "试试"})
        assert own.status_code == 409
        client.post("/sign-out")
        send(client, make_officer("13").username)
        where = f"/admin/accounts/{user_id}/reset-second-step"
        assert client.post(where, data={"why": "试试"}).status_code == 403

    def test_the_last_admin_is_let_in_from_the_command_line(
        self, client: FlaskClient, db_session: Flask, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        _id, name, _codes = enrolled(client, make_admin())
        settings = db_session.extensions["settings"]
        kept = ("env", "secret_key", "instance", "database_url", "argon2_memory_kib", "argon2_time")
        for field in kept:
            monkeypatch.setenv(f"MATCHPLATFORM_{field.upper()}", str(getattr(settings, field)))
        db.session.remove()
        answer = CliRunner().invoke(
            main, ["reset-second-step", "--username", name.upper(), "--reason", "手机丢了"]
        )
        assert answer.exit_code == 0, answer.output
        assert send(client, name) == (303, "/admin/accounts")


class TestVault:
    def test_what_was_sealed_under_another_secret_is_not_read(self, app: Flask) -> None:
        sealed = seal("JBSWY3DPEHPK3PXP")
        assert unseal(sealed) == "JBSWY3DPEHPK3PXP"
        configure("another secret of the site, long enough")
        try:
            with pytest.raises(Conflict, match="密钥换过"):
                unseal(sealed)
        finally:
            configure(secret_of(app.extensions["settings"]))


def replay(app: Flask, user_id: int, name: str, count: int) -> Counter[int]:
    """Send one right code from many browsers at the same time; count the answers."""
    code, at = code_of(user_id), clock.now()
    browsers = [app.test_client() for _ in range(count)]
    for browser in browsers:
        assert send(browser, name) == (303, CODE_PAGE)
    db.session.remove()

    def guess(browser: FlaskClient) -> int:
        with clock.set_clock(at), app.app_context():
            status, _page = send_code(browser, code)
            db.session.remove()
            return status

    with ThreadPoolExecutor(count) as pool:
        return Counter(pool.map(guess, browsers))


def read_then_write(user_id: int, step: int) -> bool:
    """Look first and note afterwards, as one would who never thought of two at once."""
    last = db.session.scalar(select(TotpDevice.last_step).where(TotpDevice.user_id == user_id))
    # The look is a transaction of its own, as it is on a database without BEGIN IMMEDIATE.
    db.session.commit()
    sleep(0.2)
    if last is None or last >= step:
        return False
    db.session.execute(
        update(TotpDevice).where(TotpDevice.user_id == user_id).values(last_step=step)
    )
    return True
