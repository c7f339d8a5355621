"""A forgotten password: the same answer for any name, and not too often."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, select

from matchplatform.accounts import forgotten
from matchplatform.accounts.links import issue_mailed_link, mailed_token
from matchplatform.accounts.models import PasswordLink, User
from matchplatform.audit.models import AuditEntry
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.outbox import OutboxEntry
from tests.accounts.test_passwords import link_for, use
from tests.accounts.test_sign_in import send
from tests.factories import make_officer

PAGE = "/forgotten-password"
NOBODY = "nobody-here"


@pytest.fixture
def mailing(db_session: Flask) -> Iterator[Flask]:
    """The site with a mail server."""
    settings = db_session.extensions["settings"]
    db_session.extensions["settings"] = replace(
        settings, mail_host="127.0.0.1", mail_from="no-reply@match.example.cn"
    )
    yield db_session
    db_session.extensions["settings"] = settings


def ask(client: FlaskClient, username: str) -> tuple[int, str]:
    """Send the form; return the status and the page that follows."""
    answer = client.post(PAGE, data={"username": username}, follow_redirects=True)
    return answer.status_code, answer.text


def waiting() -> list[dict[str, object]]:
    """List what the worker is asked for."""
    found = select(OutboxEntry.payload).where(OutboxEntry.topic == forgotten.TOPIC)
    return list(db.session.scalars(found.order_by(OutboxEntry.id)))


@contextmanager
def counted() -> Iterator[Counter[str]]:
    """Count statements by what they are about."""
    counts: Counter[str] = Counter()

    def note(_c: object, _u: object, statement: str, *_more: object) -> None:
        counts[" ".join(statement.split()[:3])] += 1

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield counts
    finally:
        event.remove(Engine, "before_cursor_execute", note)


@pytest.mark.usefixtures("mailing")
class TestAsking:
    def test_known_and_unknown_names_hear_the_same_and_cost_the_same(
        self, client: FlaskClient
    ) -> None:
        username = make_officer().username
        db.session.commit()
        ask(client, "somebody-before")
        with counted() as known:
            said = client.post(PAGE, data={"username": username})
        with counted() as unknown:
            alike = client.post(PAGE, data={"username": NOBODY})
        assert known == unknown
        assert (said.status_code, said.location) == (alike.status_code, alike.location)
        assert "如果这个用户名有确认过的邮箱" in client.get(PAGE).text

    def test_only_the_worker_hears_who_it_is(self, client: FlaskClient) -> None:
        user = make_officer()
        user_id, username = user.id, user.username
        db.session.commit()
        ask(client, username.upper())
        ask(client, "a password in the wrong field")
        assert [payload["user_id"] for payload in waiting()] == [user_id, None]
        entries = db.session.scalars(
            select(AuditEntry).where(AuditEntry.action == "account.ask_link")
        ).all()
        assert [row.subject_id for row in entries] == [str(user_id), ""]
        assert "wrong field" not in str([(row.subject_label, row.detail) for row in entries])

    def test_a_name_is_asked_for_three_times_an_hour_at_most(self, client: FlaskClient) -> None:
        start = clock.now()
        for name in (make_officer().username, NOBODY):
            db.session.commit()
            with clock.set_clock(start):
                assert [ask(client, name)[0] for _time in range(4)] == [200, 200, 200, 429]
                assert "一小时后再试" in ask(client, name)[1]
            with clock.set_clock(start + timedelta(hours=1, seconds=1)):
                assert ask(client, name)[0] == 200

    def test_from_one_address_not_every_name_can_be_tried(
        self, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(forgotten, "PER_ADDRESS", 4)
        assert [ask(client, f"name-{n}")[0] for n in range(5)] == [200, 200, 200, 200, 429]
        assert len(waiting()) == 4

    def test_wrong_passwords_are_counted_apart(self, client: FlaskClient) -> None:
        username = make_officer().username
        db.session.commit()
        for _time in range(forgotten.PER_NAME):
            send(client, f"reset of {username}", "not the password")
        assert ask(client, username)[0] == 200

    def test_a_refusal_keeps_what_was_typed(self, client: FlaskClient) -> None:
        status, page = ask(client, "")
        assert status == 400
        assert "请填用户名" in page
        for _time in range(4):
            status, page = ask(client, NOBODY)
        assert f'value="{NOBODY}"' in page

    def test_it_leads_there_from_signing_in(self, client: FlaskClient) -> None:
        assert f'href="{PAGE}"' in client.get("/sign-in").text


class TestWithoutMail:
    def test_it_says_whom_to_ask_and_takes_nothing(self, client: FlaskClient) -> None:
        page = client.get(PAGE).text
        assert "请登记管理机关签发" in page
        assert 'name="username"' not in page
        assert ask(client, NOBODY)[0] == 200
        assert waiting() == []


@pytest.mark.usefixtures("db_session")
class TestMailedLink:
    def test_it_leaves_a_link_from_people_alone_until_one_of_them_is_used(
        self, client: FlaskClient
    ) -> None:
        user = make_officer()
        by_hand = link_for(user)
        mailed = mailed_to(user)
        assert client.get(f"/password/{by_hand}").status_code == 200
        assert use(client, mailed)[0] == 303
        assert client.get(f"/password/{by_hand}").status_code == 404

    def test_a_newer_one_takes_its_place_but_not_at_once(self, client: FlaskClient) -> None:
        user = make_officer()
        old = mailed_to(user)
        assert issue_mailed_link(user) is None
        with clock.set_clock(clock.now() + timedelta(minutes=3)):
            new = mailed_to(user)
            assert client.get(f"/password/{old}").status_code == 404
            assert client.get(f"/password/{new}").status_code == 200

    def test_its_token_stands_nowhere(self) -> None:
        token = mailed_to(make_officer())
        kept = db.session.scalars(select(PasswordLink.token_hash)).all()
        assert token not in kept
        entry = db.session.scalars(
            select(AuditEntry).where(AuditEntry.action == "account.mail_link")
        ).one()
        assert token not in str((entry.subject_label, entry.detail))


def mailed_to(user: User) -> str:
    """Issue the link of a letter; return its token."""
    link = issue_mailed_link(user)
    assert link is not None
    token = mailed_token(link.user_id, link.issued_at)
    db.session.commit()
    return token
