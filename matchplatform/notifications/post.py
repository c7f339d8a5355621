"""Post what waits, one connection a batch. Only the worker imports this: it waits for the network."""

import logging
import smtplib
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage

from matchplatform.config.settings import Settings
from matchplatform.kernel import clock
from matchplatform.kernel.db import db, reading
from matchplatform.kernel.outbox import OutboxEntry, list_due, mark_failed
from matchplatform.notifications.letters import Sender, write_letter
from matchplatform.notifications.queueing import TOPIC, last_digest_moment, queue_digests

BATCH = 20
TIMEOUT = 10.0
LONGEST_BATCH = 30.0
LONGEST_REST = 300.0
GIVE_UP_AFTER = timedelta(days=3)

log = logging.getLogger(__name__)


@dataclass
class Postman:
    """Posts letters, and rests for longer and longer while the mail server cannot be reached."""

    settings: Settings
    failures: int = 0
    rests_until: float = float("-inf")
    digested_at: datetime | None = None

    def do_round(self, is_stopping: Callable[[], bool]) -> int:
        """Post one batch of what is due; return how many letters the server took."""
        if not self.settings.mail_host or time.monotonic() < self.rests_until:
            return 0
        if self.digested_at != last_digest_moment():
            queue_digests()
            db.session.commit()
            self.digested_at = last_digest_moment()
        letters = self._write_due()
        return self._post(letters, is_stopping) if letters else 0

    def _write_due(self) -> list[tuple[int, EmailMessage]]:
        """Write what is due; what is needless by now or cannot be written is settled here."""
        sender = Sender(self.settings.site_name, self.settings.mail_from, self.settings.base_url)
        letters: list[tuple[int, EmailMessage]] = []
        settled: list[tuple[int, Exception | None]] = []
        # Nothing is locked while the letters are written and posted.
        with reading():
            for entry in list_due([TOPIC], BATCH):
                try:
                    message = write_letter(entry.payload, sender)
                except (ValueError, KeyError, TypeError) as error:
                    settled.append((entry.id, error))
                    continue
                if message is None:
                    settled.append((entry.id, None))
                else:
                    letters.append((entry.id, message))
            db.session.rollback()
        for entry_id, trouble in settled:
            _settle(entry_id, trouble)
        return letters

    def _post(
        self, letters: list[tuple[int, EmailMessage]], is_stopping: Callable[[], bool]
    ) -> int:
        taken, until = 0, time.monotonic() + LONGEST_BATCH
        waiting, is_open = list(letters), False
        try:
            with _connection(self.settings) as server:
                is_open = True
                while waiting and not is_stopping() and time.monotonic() < until:
                    entry_id, message = waiting[0]
                    error = _send(server, message)
                    waiting.pop(0)
                    _settle(entry_id, error)
                    taken += error is None
        except (OSError, ValueError) as error:
            self.failures += 1
            self.rests_until = time.monotonic() + min(2.0**self.failures, LONGEST_REST)
            log.warning("mail server: %s", _name(error))
            # Where a letter broke the line it alone waits longer, or it would break the next one.
            for entry_id, _message in waiting[:1] if is_open else waiting:
                _settle(entry_id, error)
        else:
            self.failures = 0
        return taken


@contextmanager
def _connection(settings: Settings) -> Iterator[smtplib.SMTP]:
    # Our own name is given, or smtplib asks the name service for it and may wait.
    own = Sender("", "", settings.base_url).host
    host, port = settings.mail_host, settings.mail_port
    server: smtplib.SMTP
    if settings.mail_tls == "tls":
        server = smtplib.SMTP_SSL(
            host, port, own, timeout=TIMEOUT, context=ssl.create_default_context()
        )
    else:
        server = smtplib.SMTP(host, port, own, timeout=TIMEOUT)
    try:
        if settings.mail_tls == "starttls":
            server.starttls(context=ssl.create_default_context())
        if settings.mail_user:
            server.login(settings.mail_user, settings.mail_password)
        yield server
        _say_goodbye(server)
    finally:
        server.close()


def _say_goodbye(server: smtplib.SMTP) -> None:
    try:
        server.quit()
    except OSError:
        log.info("the mail server hung up first")


def _send(server: smtplib.SMTP, message: EmailMessage) -> Exception | None:
    """Send one letter; return why the server does not take it.

    Raises:
        OSError: the line is dead.
    """
    try:
        server.send_message(message)
    except smtplib.SMTPServerDisconnected:
        raise
    except smtplib.SMTPException as error:
        return error
    return None


def _settle(entry_id: int, error: Exception | None) -> None:
    """Note in a transaction of its own that a letter went, must wait, or is given up."""
    entry = db.session.get(OutboxEntry, entry_id)
    if entry is not None and entry.done_at is None:
        if error is None:
            entry.done_at = clock.now()
        else:
            mark_failed(entry, _name(error))
            if _is_final(error) or clock.now() - entry.created_at > GIVE_UP_AFTER:
                entry.done_at = clock.now()
                log.warning("letter %s is given up: %s", entry_id, _name(error))
    db.session.commit()


def _is_final(error: Exception) -> bool:
    # "No such mailbox" does not change within days, and servers dislike those who keep asking.
    return isinstance(error, smtplib.SMTPRecipientsRefused) and all(
        code >= 500 for code, _words in error.recipients.values()
    )


def _name(error: Exception) -> str:
    # The server's own words often repeat the address, which belongs in no log.
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = sorted({code for code, _words in error.recipients.values()})
        return f"SMTPRecipientsRefused {codes}"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{type(error).__name__} {error.smtp_code}"
    return type(error).__name__
