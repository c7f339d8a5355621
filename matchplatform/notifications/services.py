"""Tell people: verbs enqueue, the worker delivers."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from matchplatform.access.actor import Actor
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.outbox import OutboxEntry, enqueue
from matchplatform.notifications.models import Notice
from matchplatform.notifications.queries import TOPIC as TOPIC
from matchplatform.notifications.queueing import queue_notices


def tell(user_ids: Iterable[int], template: str, url: str, **params: str) -> None:
    """Enqueue a notice to each of these people; nothing is enqueued for nobody."""
    wanted = sorted(set(user_ids))
    if wanted:
        enqueue(TOPIC, {"user_ids": wanted, "template": template, "params": params, "url": url})


def deliver(entry: OutboxEntry) -> None:
    """Turn one outbox entry into notices and what goes out by mail; doing it twice adds nothing."""
    payload: Mapping[str, Any] = entry.payload
    made = []
    known = set(
        db.session.scalars(select(Notice.user_id).where(Notice.outbox_id == entry.id)).all()
    )
    created: datetime = entry.created_at
    for user_id in payload["user_ids"]:
        if user_id not in known:
            made.append(
                Notice(
                    user_id=user_id,
                    outbox_id=entry.id,
                    template=payload["template"],
                    params=payload["params"],
                    url=payload["url"],
                    created_at=created,
                )
            )
    db.session.add_all(made)
    db.session.flush()
    queue_notices(made)


def mark_read(*, actor: Actor, notice: Notice) -> Notice:
    """Note that the actor opened a notice; the query has made sure that it is theirs."""
    notice.read_at = notice.read_at or clock.now()
    return notice


def mark_all_read(*, actor: Actor) -> None:
    """Note that the actor has seen all notices."""
    db.session.execute(
        update(Notice)
        .where(Notice.user_id == actor.user_id, Notice.read_at.is_(None))
        .values(read_at=clock.now())
    )


def mark_read_at(*, actor: Actor, url: str) -> None:
    """Note that the actor has seen what notices of theirs that lead to ``url`` are about."""
    db.session.execute(
        update(Notice)
        .where(Notice.user_id == actor.user_id, Notice.read_at.is_(None), Notice.url == url)
        .values(read_at=clock.now())
    )
