"""A mail server that keeps what it gets, and people who want mail."""

import ipaddress
import socket
import ssl
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from flask import Flask
from sqlalchemy import select

from matchplatform.accounts.models import User
from matchplatform.kernel.db import db
from matchplatform.kernel.outbox import OutboxEntry
from matchplatform.notifications.kinds import MailMode, NoticeKind
from matchplatform.notifications.mail import (
    ask_address,
    choose_mail,
    confirm_address,
    confirm_token,
)
from matchplatform.notifications.post import Postman
from matchplatform.notifications.services import deliver, tell
from tests.factories import actor_for

FROM = "no-reply@match.example.cn"


class Box:
    """What the server got, and how it answers whom."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.wires: list[bytes] = []
        self.recipients: list[str] = []
        self.connections: set[object] = set()
        self.answers: dict[str, str] = {}
        self.was_tls: list[bool] = []

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.answers.get(address, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        letter = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(letter, EmailMessage)
        self.letters.append(letter)
        self.wires.append(envelope.content)
        self.recipients += envelope.rcpt_tos
        self.connections.add(session.peer)
        self.was_tls.append(session.ssl is not None)
        return self.answers.get("DATA", "250 OK")


def free_port() -> int:
    """Return a port on which nobody listens."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def start_server(box: Box, **how: Any) -> Controller:
    """Start a mail server."""
    server = Controller(box, hostname="127.0.0.1", port=free_port(), **how)
    server.start()
    return server


@pytest.fixture
def box() -> Box:
    """The letter box behind the server."""
    return Box()


@pytest.fixture
def server(box: Box) -> Iterator[Controller]:
    """A mail server without TLS."""
    started = start_server(box)
    yield started
    started.stop()


@pytest.fixture
def postman(db_session: Flask, server: Controller) -> Postman:
    """A postman who knows the server."""
    return postman_to(db_session, server.port)


def postman_to(app: Flask, port: int, tls: str = "none", **more: Any) -> Postman:
    """Return a postman to a server of this machine."""
    settings = replace(
        app.extensions["settings"],
        base_url="https://match.example.cn",
        mail_host="127.0.0.1",
        mail_port=port,
        mail_tls=tls,
        mail_from=FROM,
        **more,
    )
    return Postman(settings)


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[ssl.SSLContext, Path]:
    """A certificate of this machine that nobody trusts: the server's side, and its file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    at = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - timedelta(days=1))
        .not_valid_after(at + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    kept = tmp_path / "server.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    kept.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(kept)
    return context, kept


def want_mail(
    user: User,
    mode: MailMode = MailMode.AT_ONCE,
    address: str = "zhao@example.cn",
    kinds: dict[NoticeKind, MailMode] | None = None,
) -> User:
    """Give a user a proved address; the link's letter counts as posted."""
    actor = actor_for(user)
    kept = ask_address(actor=actor, user=user, typed=address)
    confirm_address(actor=actor, user=user, token=confirm_token(kept))
    choose_mail(actor=actor, user=user, mode=mode, kinds=kinds or {})
    db.session.commit()
    clear_mail()
    return user


def clear_mail() -> None:
    """Drop the letters that wait."""
    for entry in waiting():
        db.session.delete(entry)
    db.session.commit()


def waiting() -> list[OutboxEntry]:
    """List the letters that wait."""
    left = select(OutboxEntry).where(OutboxEntry.topic == "mail", OutboxEntry.done_at.is_(None))
    return list(db.session.scalars(left.order_by(OutboxEntry.id)))


def tell_and_deliver(
    *users: User, words: str = "%(name)s 登记待核验。", url: str = "/claims/7", **params: str
) -> None:
    """Tell users something, as a verb and then the worker do it."""
    tell([user.id for user in users], words, url, **(params or {"name": "北京测试基金会"}))
    db.session.flush()
    for entry in db.session.scalars(
        select(OutboxEntry).where(OutboxEntry.topic == "notice", OutboxEntry.done_at.is_(None))
    ).all():
        deliver(entry)
        entry.done_at = entry.created_at
    db.session.commit()


def never() -> bool:
    """Nobody asks the postman to stop."""
    return False
