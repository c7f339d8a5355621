"""Work to be done after the commit: told in the same transaction, done by the worker."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, Index, String, Text, select
from sqlalchemy.orm import Mapped, mapped_column

from matchplatform.kernel import clock
from matchplatform.kernel.db import Base, BigId, UtcDateTime, db

Handler = Callable[[Mapping[str, Any]], None]


class OutboxEntry(Base):
    """One piece of work: a topic, what it is about, and whether it was done."""

    __tablename__ = "outbox"
    __table_args__ = (Index("ix_outbox_waiting", "done_at", "due_at"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    topic: Mapped[str] = mapped_column(String(40))
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str] = mapped_column(Text, default="")
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


def enqueue(topic: str, payload: Mapping[str, Any]) -> OutboxEntry:
    """Put a piece of work into the outbox; it counts only if the transaction commits."""
    at = clock.now()
    entry = OutboxEntry(topic=topic, payload=dict(payload), created_at=at, due_at=at)
    db.session.add(entry)
    return entry


def list_due(topics: list[str], limit: int) -> list[OutboxEntry]:
    """List the work of ``topics`` that waits, oldest first."""
    return list(
        db.session.scalars(
            select(OutboxEntry)
            .where(
                OutboxEntry.done_at.is_(None),
                OutboxEntry.topic.in_(topics),
                OutboxEntry.due_at <= clock.now(),
            )
            .order_by(OutboxEntry.id)
            .limit(limit)
        )
    )


def mark_failed(entry: OutboxEntry, error: str) -> None:
    """Keep the work for later: after 2, 4, 8 ... seconds, an hour at most."""
    entry.attempts += 1
    entry.last_error = error[:2000]
    entry.due_at = clock.now() + timedelta(seconds=min(2**entry.attempts, 3600))
