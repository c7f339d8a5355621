"""Form tokens: the same form sent twice is done once and answered alike."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from matchplatform.kernel import clock
from matchplatform.kernel.db import Base, UtcDateTime, db
from matchplatform.kernel.errors import KeyReused


class IdempotencyKey(Base):
    """A spent token: whose, for which body, and where the answer led."""

    __tablename__ = "idempotency_keys"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    owner: Mapped[str] = mapped_column(String(40), primary_key=True)
    body_hash: Mapped[str] = mapped_column(String(64))
    answer: Mapped[str] = mapped_column(String(300))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


def new_key() -> str:
    """Return a fresh token for a form."""
    return secrets.token_urlsafe(18)


def hash_body(items: Iterable[tuple[str, str]]) -> str:
    """Return the fingerprint of a form's fields, whatever their order."""
    return hashlib.sha256(repr(sorted(items)).encode("utf-8", "replace")).hexdigest()


def find_answer(key: str, owner: str, body_hash: str) -> str | None:
    """Return where the first sending of this form led, or None when it is new.

    Raises:
        KeyReused: the token was spent on another body.
    """
    spent = db.session.get(IdempotencyKey, (key, owner))
    if spent is None:
        return None
    if spent.body_hash != body_hash:
        raise KeyReused(spent.answer)
    return spent.answer


def spend_key(key: str, owner: str, body_hash: str, answer: str) -> None:
    """Spend a token; it counts only if the transaction commits."""
    db.session.add(
        IdempotencyKey(
            key=key, owner=owner, body_hash=body_hash, answer=answer, created_at=clock.now()
        )
    )
