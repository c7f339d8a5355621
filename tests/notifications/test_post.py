"""The postman against a real mail server: batches, refusals, dead lines, TLS, the daily letter."""

import socket
import ssl
import threading
import time
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from flask import Flask
from sqlalchemy import select

from matchplatform.accounts.models import User
from matchplatform.catalogue.indexing import open_index, rebuild
from matchplatform.cli.outbox import do_entry, list_due_ids
from matchplatform.cli.worker import Worker
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.outbox import OutboxEntry
from matchplatform.notifications import post
from matchplatform.notifications.kinds import MailMode
from matchplatform.notifications.models import Notice
from matchplatform.notifications.post import Postman
from matchplatform.notifications.services import tell
from tests.factories import make_officer
from tests.notifications.conftest import (
    Box,
    free_port,
    never,
    postman_to,
    start_server,
    tell_and_deliver,
    waiting,
    want_mail,
)

PACKAGE = Path(post.__file__).parents[1]


def all_mail() -> list[OutboxEntry]:
    """List all letters of the outbox."""
    return list(
        db.session.scalars(
            select(OutboxEntry).where(OutboxEntry.topic == "mail").order_by(OutboxEntry.id)
        )
    )


@pytest.fixture
def user(db_session: Flask) -> User:
    """An officer who wants letters at once."""
    return want_mail(make_officer())


class TestPost:
    def test_a_batch_goes_over_one_connection_and_once(
        self, user: User, postman: Postman, box: Box
    ) -> None:
        for name in ("甲", "乙", "丙"):
            tell_and_deliver(user, name=name)
        assert postman.do_round(never) == 3
        assert [letter["Subject"].split("】")[1] for letter in box.letters] == [
            "甲 登记待核验。",
            "乙 登记待核验。",
            "丙 登记待核验。",
        ]
        assert len(box.connections) == 1
        assert box.recipients == ["zhao@example.cn"] * 3
        assert postman.do_round(never) == 0
        assert waiting() == []

    def test_heads_arrive_as_programs_read_them(
        self, user: User, postman: Postman, box: Box
    ) -> None:
        tell_and_deliver(user)
        postman.do_round(never)
        (wire,) = box.wires
        assert wire.isascii()
        assert b"\r\nList-Unsubscribe: <https://match.example.cn/notices/unsubscribe/" in wire
        assert b"\r\nMessage-ID: <notice-1@match.example.cn>\r\n" in wire
        assert b"\r\nTo: zhao@example.cn\r\n" in wire
        assert wire.replace(b"\r\n", b"").count(b"\n") == 0

    def test_a_letter_whose_note_was_lost_comes_with_the_same_id(
        self, user: User, postman: Postman, box: Box
    ) -> None:
        tell_and_deliver(user)
        postman.do_round(never)
        all_mail()[0].done_at = None
        db.session.commit()
        postman.do_round(never)
        assert len({letter["Message-ID"] for letter in box.letters}) == 1
        assert len(box.letters) == 2

    def test_what_is_needless_is_settled_without_the_server(
        self, db_session: Flask, user: User
    ) -> None:
        tell_and_deliver(user)
        user.is_active = False
        db.session.commit()
        postman_to(db_session, free_port()).do_round(never)
        assert waiting() == []

    def test_without_a_host_letters_wait(self, db_session: Flask, user: User) -> None:
        tell_and_deliver(user)
        assert Postman(db_session.extensions["settings"]).do_round(never) == 0
        assert len(waiting()) == 1

    def test_told_to_stop_it_stops_between_letters(
        self, user: User, postman: Postman, box: Box
    ) -> None:
        for _turn in range(3):
            tell_and_deliver(user)
        assert postman.do_round(lambda: bool(box.letters)) == 1
        assert len(waiting()) == 2

    def test_nothing_is_locked_while_it_posts(self, user: User, postman: Postman, box: Box) -> None:
        tell_and_deliver(user)
        tell_and_deliver(user)
        locked: list[bool] = []

        def look() -> bool:
            # Asked before each letter, with the line to the server open.
            locked.append(db.session().in_transaction())
            return False

        assert postman.do_round(look) == 2
        assert locked == [False, False]


class TestRefused:
    def test_no_such_mailbox_is_given_up_and_the_others_go(
        self, user: User, postman: Postman, box: Box, caplog: pytest.LogCaptureFixture
    ) -> None:
        want_mail(gone := make_officer(), address="gone@example.cn")
        box.answers["gone@example.cn"] = "550 <gone@example.cn> unknown"
        tell_and_deliver(gone, user)
        assert postman.do_round(never) == 1
        assert waiting() == []
        refused = next(entry for entry in all_mail() if entry.last_error)
        assert "550" in refused.last_error
        assert "gone@" not in refused.last_error + caplog.text

    def test_a_full_mailbox_is_tried_again_later_and_later(
        self, user: User, postman: Postman, box: Box
    ) -> None:
        box.answers["zhao@example.cn"] = "452 full"
        tell_and_deliver(user)
        at = clock.now()
        for attempts, least in ((1, 2), (2, 4), (3, 8)):
            with clock.set_clock(at):
                postman.do_round(never)
                (entry,) = waiting()
                assert entry.attempts == attempts
                assert entry.due_at == at + timedelta(seconds=least)
                at = entry.due_at
            db.session.rollback()
        box.answers.clear()
        with clock.set_clock(at):
            assert postman.do_round(never) == 1
        assert waiting() == []

    def test_content_refused_is_kept_until_the_third_day(
        self, user: User, postman: Postman, box: Box
    ) -> None:
        box.answers["DATA"] = "554 no"
        tell_and_deliver(user)
        postman.do_round(never)
        assert len(waiting()) == 1
        db.session.rollback()
        with clock.set_clock(clock.now() + timedelta(days=3, minutes=1)):
            postman.do_round(never)
        assert waiting() == []

    def test_an_entry_that_cannot_be_written_stops_no_other(
        self, user: User, postman: Postman, box: Box
    ) -> None:
        tell_and_deliver(user, words="%(missing)s", name="甲")
        tell_and_deliver(user)
        assert postman.do_round(never) == 1
        (entry,) = waiting()
        assert (entry.attempts, entry.last_error) == (1, "KeyError")


class TestDeadLine:
    def test_nobody_there_means_later_and_a_rest(self, db_session: Flask, user: User) -> None:
        tell_and_deliver(user)
        postman = postman_to(db_session, free_port())
        assert postman.do_round(never) == 0
        assert [entry.attempts for entry in waiting()] == [1]
        db.session.rollback()
        assert postman.rests_until > time.monotonic()
        with clock.set_clock(clock.now() + timedelta(hours=1)):
            postman.do_round(never)
            assert [entry.attempts for entry in waiting()] == [1]
            postman.rests_until = time.monotonic()
            postman.do_round(never)
        assert [entry.attempts for entry in waiting()] == [2]
        assert postman.failures == 2

    def test_a_silent_server_holds_the_worker_no_longer_than_the_timeout(
        self, db_session: Flask, user: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(post, "TIMEOUT", 0.2)
        tell_and_deliver(user)
        with socket.create_server(("127.0.0.1", 0)) as silent:
            before = time.monotonic()
            postman_to(db_session, silent.getsockname()[1]).do_round(never)
        assert time.monotonic() - before < 5
        assert [entry.attempts for entry in waiting()] == [1]

    def test_a_server_that_hangs_up_costs_only_the_letter_in_hand_its_turn(
        self, db_session: Flask, user: User, box: Box
    ) -> None:
        for _turn in range(3):
            tell_and_deliver(user)
        with socket.create_server(("127.0.0.1", 0)) as rude:
            threading.Thread(target=_greet_and_hang_up, args=(rude,), daemon=True).start()
            postman_to(db_session, rude.getsockname()[1]).do_round(never)
        assert [entry.attempts for entry in waiting()] == [1, 0, 0]

    def test_the_commit_of_a_verb_knows_nothing_of_it(self, db_session: Flask, user: User) -> None:
        index = open_index(db_session.extensions["settings"])
        rebuild(index)
        tell([user.id], "%(name)s", "/my", name="甲")
        db.session.commit()
        assert all(do_entry(entry_id, index) for entry_id in list_due_ids())
        postman_to(db_session, free_port()).do_round(never)
        assert db.session.scalar(select(Notice.id)) is not None


def _greet_and_hang_up(listening: socket.socket) -> None:
    line, _address = listening.accept()
    with line, line.makefile("rwb") as talk:
        for answer in (b"220 hi\r\n", b"250 hi\r\n"):
            talk.write(answer)
            talk.flush()
            talk.readline()


class TestTls:
    @pytest.mark.parametrize("tls", ["starttls", "tls"])
    def test_it_talks_under_tls(
        self,
        db_session: Flask,
        user: User,
        box: Box,
        certificate: tuple[ssl.SSLContext, Path],
        monkeypatch: pytest.MonkeyPatch,
        tls: str,
    ) -> None:
        context, kept = certificate
        monkeypatch.setenv("SSL_CERT_FILE", str(kept))
        server = _tls_server(box, context, tls)
        try:
            tell_and_deliver(user)
            assert postman_to(db_session, server.port, tls).do_round(never) == 1
        finally:
            server.stop()
        assert len(box.letters) == 1
        if tls == "starttls":
            assert box.was_tls == [True]

    @pytest.mark.parametrize("tls", ["starttls", "tls"])
    def test_a_certificate_nobody_trusts_gets_no_letter(
        self,
        db_session: Flask,
        user: User,
        box: Box,
        certificate: tuple[ssl.SSLContext, Path],
        tls: str,
    ) -> None:
        server = _tls_server(box, certificate[0], tls)
        try:
            tell_and_deliver(user)
            assert postman_to(db_session, server.port, tls).do_round(never) == 0
        finally:
            server.stop()
        assert box.letters == []
        assert waiting()[0].last_error == "SSLCertVerificationError"

    @pytest.mark.parametrize(("password", "taken"), [("right", 1), ("wrong", 0)])
    def test_it_signs_in_where_there_is_a_user(
        self,
        db_session: Flask,
        user: User,
        box: Box,
        certificate: tuple[ssl.SSLContext, Path],
        monkeypatch: pytest.MonkeyPatch,
        caplog: pytest.LogCaptureFixture,
        password: str,
        taken: int,
    ) -> None:
        context, kept = certificate
        monkeypatch.setenv("SSL_CERT_FILE", str(kept))
        server = start_server(
            box,
            tls_context=context,
            auth_required=True,
            authenticator=lambda _server, _session, _envelope, _how, given: AuthResult(
                success=given.password == b"right", handled=False
            ),
        )
        try:
            tell_and_deliver(user)
            postman = postman_to(
                db_session, server.port, "starttls", mail_user="site", mail_password=password
            )
            assert postman.do_round(never) == taken
        finally:
            server.stop()
        assert len(waiting()) == 1 - taken
        assert password not in caplog.text + "".join(entry.last_error for entry in all_mail())

    def test_a_server_without_starttls_gets_no_letter(
        self, db_session: Flask, user: User, server: Controller, box: Box
    ) -> None:
        tell_and_deliver(user)
        assert postman_to(db_session, server.port, "starttls").do_round(never) == 0
        assert box.letters == []


def _tls_server(box: Box, context: ssl.SSLContext, tls: str) -> Controller:
    if tls == "starttls":
        return start_server(box, tls_context=context, require_starttls=True)
    return start_server(box, ssl_context=context)


class TestDigest:
    DAY = datetime(2026, 3, 2, tzinfo=clock.SHANGHAI)

    def at(self, hour: int, minute: int = 0, day: int = 0) -> datetime:
        return self.DAY + timedelta(days=day, hours=hour, minutes=minute)

    @pytest.fixture
    def daily(self, db_session: Flask) -> User:
        """An officer who wants one letter a day, since six in the evening."""
        with clock.set_clock(self.at(18)):
            return want_mail(make_officer(), MailMode.DAILY)

    def test_it_comes_at_eight_and_once(self, daily: User, postman: Postman, box: Box) -> None:
        with clock.set_clock(self.at(19)):
            tell_and_deliver(daily)
            assert postman.do_round(never) == 0
        with clock.set_clock(self.at(7, 59, day=1)):
            assert postman.do_round(never) == 0
        with clock.set_clock(self.at(8, day=1)):
            assert postman.do_round(never) == 1
        with clock.set_clock(self.at(9, day=1)):
            assert Postman(postman.settings).do_round(never) == 0
        assert "3月3日：1 条通知还没看" in box.letters[0]["Subject"]

    def test_what_came_after_eight_comes_the_next_day(
        self, daily: User, postman: Postman, box: Box
    ) -> None:
        with clock.set_clock(self.at(19)):
            tell_and_deliver(daily, name="甲")
        with clock.set_clock(self.at(8, 30, day=1)):
            tell_and_deliver(daily, name="乙")
            postman.do_round(never)
        with clock.set_clock(self.at(8, 1, day=2)):
            postman.do_round(never)
        first, second = (letter.get_content() for letter in box.letters)
        assert ("甲" in first, "乙" in first) == (True, False)
        assert ("甲" in second, "乙" in second) == (False, True)

    def test_nothing_new_means_no_letter(self, daily: User, postman: Postman, box: Box) -> None:
        with clock.set_clock(self.at(8, day=1)):
            assert postman.do_round(never) == 0
        assert box.letters == []
        assert waiting() == []

    def test_days_without_a_worker_are_made_up_for_by_one_letter(
        self, daily: User, postman: Postman, box: Box
    ) -> None:
        for day in (0, 1, 2):
            with clock.set_clock(self.at(20, day=day)):
                tell_and_deliver(daily)
        with clock.set_clock(self.at(10, day=4)):
            assert postman.do_round(never) == 1
        assert "3 条通知还没看" in box.letters[0]["Subject"]


class TestWorker:
    def test_a_round_delivers_and_posts(
        self, db_session: Flask, user: User, postman: Postman, box: Box
    ) -> None:
        index = open_index(db_session.extensions["settings"])
        rebuild(index)
        worker = Worker(postman.settings, threading.Event())
        tell([user.id], "%(name)s", "/my", name="甲")
        db.session.commit()
        worker.do_round(index)
        assert [letter["Subject"][-1] for letter in box.letters] == ["甲"]
        assert waiting() == []
        db.session.rollback()


class TestWhoImports:
    def test_only_the_worker_reaches_the_mail_library(self) -> None:
        sources = {
            path.relative_to(PACKAGE).as_posix(): path.read_text() for path in PACKAGE.rglob("*.py")
        }
        assert [name for name, text in sources.items() if "smtplib" in text] == [
            "notifications/post.py"
        ]
        assert [name for name, text in sources.items() if "notifications.post" in text] == [
            "cli/worker.py"
        ]
