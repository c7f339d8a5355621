"""The way of a forgotten password: asked for, found by the worker, posted, opened, used once."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from matchplatform.access.actor import VISITOR
from matchplatform.accounts.forgotten import ask_for_link
from matchplatform.accounts.models import PasswordLink, TotpDevice, User
from matchplatform.accounts.services import hash_token
from matchplatform.accounts.vault import seal
from matchplatform.catalogue.indexing import open_index
from matchplatform.cli.outbox import do_entry, list_due_ids
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.notifications.kinds import MailMode
from matchplatform.notifications.mail import ask_address, remove_address
from matchplatform.notifications.post import Postman
from tests.accounts.test_passwords import NEW
from tests.factories import actor_for, make_officer
from tests.notifications.conftest import Box, clear_mail, never, waiting, want_mail

Round = Callable[[], None]


@pytest.fixture
def work(db_session: Flask) -> Round:
    """A round of the worker over the outbox."""
    index = open_index(db_session.extensions["settings"])

    def go() -> None:
        for entry_id in list_due_ids():
            assert do_entry(entry_id, index)

    return go


def forget_password(user: User) -> None:
    """Ask for a letter as a visitor would."""
    ask_for_link(actor=VISITOR, username=user.username, address="192.0.2.1")
    db.session.commit()


class TestAResetByMail:
    def test_the_letter_carries_a_link_that_sets_a_password_once(
        self, client: FlaskClient, postman: Postman, box: Box, work: Round
    ) -> None:
        user = want_mail(make_officer())
        username = user.username
        forget_password(user)
        work()
        assert postman.do_round(never) == 1
        (letter,) = box.letters
        assert box.recipients == ["zhao@example.cn"]
        assert "重设密码" in letter["Subject"]
        said = letter.get_content()
        assert username in said
        path = link_in(said)
        assert "设置新密码" in client.get(path).text
        answer = client.post(path, data={"password": NEW, "again": NEW})
        assert answer.status_code == 303
        assert client.post("/sign-in", data={"username": username, "password": NEW}).location
        assert client.get(path).status_code == 404

    def test_no_table_and_no_trail_can_tell_the_link(
        self, client: FlaskClient, postman: Postman, box: Box, work: Round
    ) -> None:
        forget_password(want_mail(make_officer()))
        work()
        payload = waiting()[0].payload
        postman.do_round(never)
        token = link_in(box.letters[0].get_content()).rsplit("/", 1)[1]
        assert token not in str(payload)
        assert db.session.scalars(select(PasswordLink.token_hash)).all() == [hash_token(token)]

    def test_the_second_step_is_still_asked_for(
        self, client: FlaskClient, postman: Postman, box: Box, work: Round
    ) -> None:
        user = want_mail(make_officer())
        username = user.username
        add_device(user)
        forget_password(user)
        work()
        postman.do_round(never)
        client.post(link_in(box.letters[0].get_content()), data={"password": NEW, "again": NEW})
        answer = client.post("/sign-in", data={"username": username, "password": NEW})
        assert answer.location.startswith("/sign-in/code")

    @pytest.mark.parametrize("why", ["no address", "not proved", "stopped account", "nobody"])
    def test_nothing_goes_out_where_there_is_nowhere_to_send_it(
        self, work: Round, why: str
    ) -> None:
        user = make_officer()
        if why == "not proved":
            ask_address(actor=actor_for(user), user=user, typed="zhao@example.cn")
        elif why != "no address":
            want_mail(user)
        if why == "stopped account":
            user.is_active = False
        db.session.commit()
        clear_mail()
        ask_for_link(
            actor=VISITOR,
            username="somebody-else" if why == "nobody" else user.username,
            address="192.0.2.1",
        )
        db.session.commit()
        work()
        assert waiting() == []
        assert db.session.scalars(select(PasswordLink)).all() == []

    def test_who_wants_no_notices_by_mail_still_gets_what_they_asked_for(
        self, client: FlaskClient, postman: Postman, box: Box, work: Round
    ) -> None:
        forget_password(want_mail(make_officer(), MailMode.NONE))
        work()
        assert postman.do_round(never) == 1

    def test_a_letter_that_comes_too_late_is_not_sent(
        self, client: FlaskClient, postman: Postman, box: Box, work: Round
    ) -> None:
        user = want_mail(make_officer())
        forget_password(user)
        work()
        with clock.set_clock(clock.now() + timedelta(minutes=31)):
            assert postman.do_round(never) == 0
        assert box.letters == []

    def test_what_was_asked_long_ago_is_let_go(self, work: Round) -> None:
        forget_password(want_mail(make_officer()))
        with clock.set_clock(clock.now() + timedelta(minutes=31)):
            work()
        assert waiting() == []

    def test_an_address_removed_meanwhile_gets_nothing(
        self, client: FlaskClient, postman: Postman, box: Box, work: Round
    ) -> None:
        user = want_mail(make_officer())
        forget_password(user)
        work()
        remove_address(actor=actor_for(user), user=user)
        db.session.commit()
        assert postman.do_round(never) == 0


def link_in(words: str) -> str:
    """Return the path of the link that a letter carries."""
    found = re.search(r"https://match\.example\.cn(/password/[0-9a-f]{64})\s", words)
    assert found, words
    return found[1]


def add_device(user: User) -> None:
    """Give a user an authenticator that counts."""
    at = clock.now()
    db.session.add(
        TotpDevice(
            user_id=user.id, sealed_secret=seal("JBSWY3DPEHPK3PXP"), created_at=at, confirmed_at=at
        )
    )
    db.session.commit()
