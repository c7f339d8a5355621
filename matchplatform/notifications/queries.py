"""Reads of notices."""

from collections.abc import Iterable

from sqlalchemy import func, select

from matchplatform.access.actor import Actor
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Hidden, NotFound
from matchplatform.kernel.outbox import OutboxEntry
from matchplatform.kernel.paging import Page, clamp_page
from matchplatform.notifications.models import MailPreference, Notice

PAGE_SIZE = 20
TOPIC = "notice"


def count_unread(actor: Actor) -> int:
    """Count the notices that the actor has not opened."""
    return (
        db.session.scalar(
            select(func.count())
            .select_from(Notice)
            .where(Notice.user_id == actor.user_id, Notice.read_at.is_(None))
        )
        or 0
    )


def list_unread_at(url: str, user_ids: Iterable[int]) -> set[int]:
    """List who of these has a notice that leads to ``url`` and was not opened, or one on its way."""
    wanted = set(user_ids)
    told = db.session.scalars(
        select(Notice.user_id).where(
            Notice.user_id.in_(sorted(wanted)), Notice.read_at.is_(None), Notice.url == url
        )
    )
    on_its_way = db.session.scalars(
        select(OutboxEntry).where(
            OutboxEntry.done_at.is_(None),
            OutboxEntry.topic == TOPIC,
            OutboxEntry.payload["url"].as_string() == url,
        )
    )
    return {*told, *(wanted & {key for entry in on_its_way for key in entry.payload["user_ids"]})}


def list_notices(actor: Actor, number: int) -> Page[Notice]:
    """List the actor's own notices, newest first."""
    mine = select(Notice).where(Notice.user_id == actor.user_id)
    total = db.session.scalar(select(func.count()).select_from(mine.subquery())) or 0
    number = clamp_page(number, PAGE_SIZE, total)
    rows = db.session.scalars(
        mine.order_by(Notice.created_at.desc(), Notice.id.desc())
        .limit(PAGE_SIZE)
        .offset((number - 1) * PAGE_SIZE)
    )
    return Page(rows.all(), number, PAGE_SIZE, total)


def get_notice(actor: Actor, notice_id: int) -> Notice:
    """Return one of the actor's own notices.

    Raises:
        NotFound: no such notice.
        Hidden: somebody else's.
    """
    notice = db.session.get(Notice, notice_id)
    if notice is None:
        raise NotFound()
    if notice.user_id != actor.user_id:
        raise Hidden()
    return notice


def find_preference(actor: Actor) -> MailPreference | None:
    """Find where and when the actor wants mail; None where no address was given."""
    preference = db.session.get(MailPreference, actor.user_id)
    return preference if preference is not None and preference.address else None
