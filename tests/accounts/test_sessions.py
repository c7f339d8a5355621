"""Sessions: what a cookie is worth, and when it stops being worth anything."""

from contextlib import closing
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from matchplatform.accounts.models import User, UserSession
from matchplatform.accounts.queries import find_user
from matchplatform.accounts.services import hash_token
from matchplatform.accounts.standing import set_active
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from tests.accounts.test_sign_in import send
from tests.databases import ON_POSTGRES
from tests.factories import PASSWORD, actor_for, make_admin, make_officer
from tests.kernel.test_transactions import TURN, come_by

NEW = "坝上的草黄了又青，2021"


@pytest.fixture
def name(client: FlaskClient) -> str:
    """A user who is signed in with the client."""
    username = make_officer().username
    assert send(client, username)[0] == 303
    return username


def cookie_of(client: FlaskClient) -> str:
    """Return the browser's session cookie."""
    cookie = client.get_cookie("session")
    assert cookie is not None
    return cookie.value


def is_worth(app: Flask, cookie: str) -> bool:
    """Tell whether a captured cookie still opens a private page."""
    thief = app.test_client()
    thief.set_cookie("session", cookie)
    return thief.get("/account").status_code == 200


class TestTheCookie:
    def test_it_changes_at_sign_in_and_nothing_planted_outlives_it(
        self, client: FlaskClient, db_session: Flask
    ) -> None:
        username = make_officer().username
        client.get("/sign-in")
        with client.session_transaction() as kept:
            kept["planted"] = "by somebody else"
        before = cookie_of(client)
        send(client, username)
        with client.session_transaction() as kept:
            assert "planted" not in kept
        assert cookie_of(client) != before
        assert not is_worth(db_session, before)
        assert is_worth(db_session, cookie_of(client))

    def test_each_sign_in_is_another_session(self, client: FlaskClient, db_session: Flask) -> None:
        username = make_officer().username
        other = db_session.test_client()
        send(client, username)
        send(other, username)
        with client.session_transaction() as ours, other.session_transaction() as theirs:
            assert ours["_user_id"] != theirs["_user_id"]

    def test_the_table_keeps_only_a_hash(self, client: FlaskClient, name: str) -> None:
        with client.session_transaction() as kept:
            token = kept["_user_id"]
        stored = db.session.scalars(select(UserSession.token_hash)).all()
        assert token not in stored
        assert hash_token(token) in stored

    def test_it_is_for_http_only_and_same_site(self, client: FlaskClient, name: str) -> None:
        cookie = client.get_cookie("session")
        assert cookie is not None
        assert cookie.http_only
        assert cookie.same_site == "Lax"


class TestACapturedCookie:
    def test_it_is_refused_after_sign_out(
        self, client: FlaskClient, db_session: Flask, name: str
    ) -> None:
        cookie = cookie_of(client)
        assert is_worth(db_session, cookie)
        answer = client.post("/sign-out")
        assert (answer.status_code, answer.location) == (303, "/")
        assert not is_worth(db_session, cookie)
        assert client.get("/account").status_code == 303

    def test_it_is_refused_after_the_account_was_disabled(
        self, client: FlaskClient, db_session: Flask, name: str
    ) -> None:
        cookie = cookie_of(client)
        admin = actor_for(make_admin())
        user = find(name)
        set_active(actor=admin, user=user, active=False, reason="调离")
        db.session.commit()
        assert not is_worth(db_session, cookie)
        set_active(actor=admin, user=find(name), active=True, reason="调回")
        db.session.commit()
        assert not is_worth(db_session, cookie)

    def test_it_is_refused_after_a_change_of_password(
        self, client: FlaskClient, db_session: Flask, name: str
    ) -> None:
        cookie = cookie_of(client)
        answer = client.post(
            "/account", data={"old_password": PASSWORD, "password": NEW, "again": NEW}
        )
        assert (answer.status_code, answer.location) == (303, "/sign-in")
        assert not is_worth(db_session, cookie)
        assert client.get("/account").status_code == 303
        assert send(client, name)[0] == 400
        assert send(client, name, NEW)[0] == 303

    def test_a_cookie_signed_by_somebody_else_is_worth_nothing(
        self, client: FlaskClient, db_session: Flask, name: str
    ) -> None:
        cookie = cookie_of(client)
        assert not is_worth(db_session, cookie[:-4] + "aaaa")


class TestTheLimits:
    def test_thirty_idle_minutes_end_it(self, client: FlaskClient, name: str) -> None:
        start = clock.now()
        with clock.set_clock(start + timedelta(minutes=29)):
            assert client.get("/account").status_code == 200
        with clock.set_clock(start + timedelta(minutes=29 + 31)):
            assert client.get("/account").status_code == 303

    def test_use_keeps_it_awake_for_twelve_hours_and_no_longer(
        self, client: FlaskClient, name: str
    ) -> None:
        start = clock.now()
        statuses = []
        for minutes in range(25, 12 * 60, 25):
            with clock.set_clock(start + timedelta(minutes=minutes)):
                statuses.append(client.get("/account").status_code)
        assert set(statuses) == {200}
        with clock.set_clock(start + timedelta(hours=12, seconds=1)):
            assert client.get("/account").status_code == 303

    def test_last_seen_is_written_at_most_once_a_minute(
        self, client: FlaskClient, name: str
    ) -> None:
        start = clock.now()
        seen = []
        for seconds in (10, 50, 70, 100):
            with clock.set_clock(start + timedelta(seconds=seconds)):
                client.get("/account")
            seen.append(db.session.scalar(select(UserSession.last_seen_at)))
            db.session.rollback()
        assert seen[0] == seen[1] != seen[2] == seen[3]

    def test_reading_goes_on_while_nobody_can_write(
        self, client: FlaskClient, db_session: Flask, name: str
    ) -> None:
        later = clock.now() + timedelta(minutes=2)
        db.session.rollback()
        event.listen(db.engine, "checkout", lose_patience)
        try:
            with closing(come_by(db_session)) as other, clock.set_clock(later):
                other.execute(TURN)
                assert client.get("/account").status_code == 200
                assert client.post("/sign-out").status_code == 503
        finally:
            event.remove(db.engine, "checkout", lose_patience)
            db.engine.dispose()


def lose_patience(connection: Any, *_more: object) -> None:
    """Let a connection of the site's wait for nobody."""
    connection.execute("SET lock_timeout = '50ms'" if ON_POSTGRES else "PRAGMA busy_timeout = 50")
    connection.commit()


def find(username: str) -> User:
    """Return a user by name."""
    user = find_user(username)
    assert user is not None
    return user
