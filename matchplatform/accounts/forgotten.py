"""A forgotten password: whoever asks gets the same answer in the same time; a letter does the rest.

The request does the same for any name. Only the worker looks whether the account has a proved
address, so that neither words nor time tell who has an account here.
"""

from datetime import timedelta

from sqlalchemy import delete, func, select

from matchplatform.access.actor import Actor
from matchplatform.accounts.models import LoginAttempt
from matchplatform.accounts.queries import find_user
from matchplatform.accounts.services import hash_token
from matchplatform.audit.services import record
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import TooMany
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.outbox import enqueue

TOPIC = "reset"
WINDOW = timedelta(hours=1)
PER_NAME = 3
# Many people of one office share an address.
PER_ADDRESS = 30


def ask_for_link(*, actor: Actor, username: str, address: str) -> None:
    """Ask for a letter to whoever has this name; that nobody has it is not told.

    Raises:
        TooMany: asked too often for this name or from this address.
    """
    at, user = clock.now(), find_user(username)
    # Names that people type are folded to small letters, so no wrong password is counted here.
    for what, most in ((f"RESET OF {username}", PER_NAME), (f"RESET FROM {address}", PER_ADDRESS)):
        _count(hash_token(what), most)
    enqueue(TOPIC, {"user_id": user.id if user else None, "asked_at": at.isoformat()})
    record(
        actor=actor,
        action="account.ask_link",
        subject_type="user",
        # What was typed is not kept: it may be a password in the wrong field.
        subject_id=user.id if user else "",
        subject_label=user.display_name if user else str(_("没有这个账号")),
    )


def _count(key: str, most: int) -> None:
    at = clock.now()
    db.session.execute(delete(LoginAttempt).where(LoginAttempt.at < at - timedelta(days=1)))
    recent = db.session.scalar(
        select(func.count())
        .select_from(LoginAttempt)
        .where(LoginAttempt.name_hash == key, LoginAttempt.at > at - WINDOW)
    )
    if (recent or 0) >= most:
        raise TooMany(_("要得太勤了，请先看看收件箱和垃圾邮件，一小时后再试。"))
    db.session.add(LoginAttempt(name_hash=key, at=at))
