"""What goes out by mail waits in the outbox; the worker posts it."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import select

from matchplatform.accounts.models import PasswordLink, User
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.outbox import enqueue
from matchplatform.notifications.kinds import MailMode, kind_of
from matchplatform.notifications.models import MailPreference, Notice

TOPIC = "mail"
DIGEST_HOUR = 8


def queue_notices(notices: Iterable[Notice]) -> None:
    """Enqueue a letter for each notice whose reader wants it at once; the notices have ids."""
    told = {notice.user_id: notice for notice in notices}
    if not told:
        return
    for preference in _list_ready(MailPreference.user_id.in_(told)):
        notice = told[preference.user_id]
        if preference.mode_of(kind_of(notice.url)) is MailMode.AT_ONCE:
            enqueue(TOPIC, {"what": "notice", "notice_id": notice.id})


def queue_confirmation(preference: MailPreference) -> None:
    """Enqueue the letter with the link that proves the address."""
    enqueue(
        TOPIC,
        {
            "what": "confirm",
            "user_id": preference.user_id,
            "asked_at": preference.asked_at.isoformat(),
        },
    )


def queue_reset(link: PasswordLink) -> None:
    """Enqueue the letter that carries a link to set a password; the entry cannot tell the link."""
    enqueue(
        TOPIC,
        {"what": "reset", "user_id": link.user_id, "issued_at": link.issued_at.isoformat()},
    )


def queue_digests() -> int:
    """Enqueue the daily letters that are due, each once; return how many.

    A day that was missed is made up for by one letter over the whole time.
    """
    until, queued = last_digest_moment(), 0
    for preference in _list_ready(MailPreference.digested_until < until):
        if preference.has_daily:
            enqueue(
                TOPIC,
                {
                    "what": "digest",
                    "user_id": preference.user_id,
                    "since": preference.digested_until.isoformat(),
                    "until": until.isoformat(),
                },
            )
            preference.digested_until = until
            queued += 1
    return queued


def last_digest_moment() -> datetime:
    """Return the last 8:00 in Shanghai that is not in the future."""
    now = clock.now().astimezone(clock.SHANGHAI)
    today = now.replace(hour=DIGEST_HOUR, minute=0, second=0, microsecond=0)
    return today if today <= now else today - timedelta(days=1)


def _list_ready(which: object) -> list[MailPreference]:
    ready = (
        select(MailPreference)
        .join(MailPreference.user)
        .where(
            which,  # type: ignore[arg-type]
            MailPreference.address != "",
            MailPreference.confirmed_at.is_not(None),
            User.is_active,
        )
        .order_by(MailPreference.user_id)
    )
    return list(db.session.scalars(ready).unique())
