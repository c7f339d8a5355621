"""Where one is signed in: the list on the account page, and ending sessions from it."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from matchplatform.accounts.browsers import describe_browser
from matchplatform.accounts.models import UserSession
from matchplatform.audit.models import AuditEntry
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from tests.accounts.test_sessions import cookie_of, is_worth
from tests.factories import PASSWORD, make_officer

EDGE = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/120.0.0.0 Safari/537.36 Edg/120.0.0.0"
)
WECHAT = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 16_0 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Mobile/15E148 MicroMessenger/8.0.38"
)


def sign_in_with(client: FlaskClient, name: str, agent: str) -> None:
    """Sign in as a certain browser does."""
    answer = client.post(
        "/sign-in", data={"username": name, "password": PASSWORD}, headers={"User-Agent": agent}
    )
    assert answer.status_code == 303


class TestBrowsers:
    @pytest.mark.parametrize(
        ("agent", "words"),
        [
            (EDGE, "Edge 浏览器（Windows 电脑）"),
            (WECHAT, "微信（iPhone）"),
            (EDGE.partition(" Edg/")[0], "Chrome 浏览器（Windows 电脑）"),
            ("Mozilla/5.0 (X11; Linux x86_64; rv:109.0) Gecko/20100101 Firefox/115.0",
             "火狐浏览器（Linux 电脑）"),
            ("Mozilla/5.0 (Linux; Android 10; HarmonyOS; NOH) Chrome/99 HuaweiBrowser/13 Safari/1",
             "华为浏览器（鸿蒙设备）"),
            ("curl/8.0", "认不出的浏览器"),
            ("", "认不出的浏览器"),
        ],
    )  # fmt: skip
    def test_they_are_told_in_plain_words(self, app: Flask, agent: str, words: str) -> None:
        with app.test_request_context():
            assert str(describe_browser(agent)) == words


class TestTheList:
    def test_it_names_browser_address_and_this_one(
        self, client: FlaskClient, db_session: Flask
    ) -> None:
        name = make_officer().username
        sign_in_with(db_session.test_client(), name, WECHAT)
        sign_in_with(client, name, EDGE)
        page = client.get("/account").text
        for words in ("Edge 浏览器", "微信", "127.0.0.1", "就是这里"):
            assert words in page
        assert page.count("退出它") == 1

    def test_what_ran_out_or_ended_is_not_listed(
        self, client: FlaskClient, db_session: Flask
    ) -> None:
        name = make_officer().username
        idle, ended = db_session.test_client(), db_session.test_client()
        with clock.set_clock(clock.now() - timedelta(minutes=31)):
            sign_in_with(idle, name, WECHAT)
        sign_in_with(ended, name, WECHAT)
        ended.post("/sign-out")
        sign_in_with(client, name, EDGE)
        assert "微信" not in client.get("/account").text

    def test_what_a_browser_calls_itself_is_cut_and_never_shown_raw(
        self, client: FlaskClient
    ) -> None:
        name = make_officer().username
        sign_in_with(client, name, "<script>alert(1)</script>" + "x" * 500)
        assert "<script>alert" not in client.get("/account").text
        kept = db.session.scalars(select(UserSession.user_agent)).one()
        assert len(kept) == 300


class TestEnding:
    def test_one_other_session_is_ended(self, client: FlaskClient, db_session: Flask) -> None:
        name = make_officer().username
        phone, tablet = db_session.test_client(), db_session.test_client()
        for browser, agent in ((phone, WECHAT), (tablet, EDGE), (client, EDGE)):
            sign_in_with(browser, name, agent)
        handle = handles(client)[-1]
        answer = client.post(f"/account/sessions/{handle}/end")
        assert (answer.status_code, answer.location) == (303, "/account#sessions")
        assert [is_worth(db_session, cookie_of(one)) for one in (phone, tablet, client)].count(
            True
        ) == 2
        assert is_worth(db_session, cookie_of(client))
        assert client.post(f"/account/sessions/{handle}/end").status_code == 404
        assert "account.end_session" in db.session.scalars(select(AuditEntry.action)).all()

    def test_all_others_are_ended(self, client: FlaskClient, db_session: Flask) -> None:
        name = make_officer().username
        others = [db_session.test_client() for _ in range(3)]
        for browser in (*others, client):
            sign_in_with(browser, name, EDGE)
        assert client.post("/account/sessions/end-others").status_code == 303
        assert not any(is_worth(db_session, cookie_of(other)) for other in others)
        assert is_worth(db_session, cookie_of(client))
        assert "退出其他所有登录" not in client.get("/account").text

    def test_somebody_elses_session_is_not_found(
        self, client: FlaskClient, db_session: Flask
    ) -> None:
        other = db_session.test_client()
        sign_in_with(other, make_officer().username, EDGE)
        handle = db.session.scalars(select(UserSession)).one().handle
        sign_in_with(client, make_officer().username, EDGE)
        assert client.post(f"/account/sessions/{handle}/end").status_code == 404
        assert is_worth(db_session, cookie_of(other))

    def test_this_one_is_ended_by_signing_out_only(self, client: FlaskClient) -> None:
        sign_in_with(client, make_officer().username, EDGE)
        handle = db.session.scalars(select(UserSession)).one().handle
        assert client.post(f"/account/sessions/{handle}/end").status_code == 404


def handles(client: FlaskClient) -> list[str]:
    """Return the handles that the account page offers to end."""
    return re.findall(r"/account/sessions/([0-9a-f]{16})/end", client.get("/account").text)
