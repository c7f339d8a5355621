"""Verbs of the second step at sign-in: the password was right, a code is due."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select

from matchplatform.access.actor import Actor
from matchplatform.accounts import recovery, totp
from matchplatform.accounts.models import LoginAttempt, TotpDevice, User, UserSession
from matchplatform.accounts.services import (
    ATTEMPTS_ALLOWED,
    ATTEMPTS_WINDOW,
    hash_token,
    open_session,
)
from matchplatform.audit.services import record
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Conflict, TooMany
from matchplatform.kernel.i18n import lazy_gettext as _

PENDING_LIFE = timedelta(minutes=10)
A_DAY = timedelta(days=1)
WRONG_A_DAY = 30


def open_pending(user: User) -> str:
    """Note that somebody's password was right and a code is due; return the token of that."""
    token = secrets.token_urlsafe(32)
    at = clock.now()
    db.session.add(
        UserSession(
            token_hash=hash_token(token),
            user_id=user.id,
            created_at=at,
            last_seen_at=at,
            is_pending=True,
        )
    )
    return token


def find_pending(token: str) -> UserSession | None:
    """Return the sign-in that waits for its code, for ten minutes after the password."""
    found = db.session.get(UserSession, hash_token(token))
    if found is None or not found.is_pending or found.ended_at is not None:
        return None
    if not found.user.is_active or clock.now() - found.created_at > PENDING_LIFE:
        return None
    return found


def check_code(*, actor: Actor, user: User, typed: str) -> bool:
    """Spend a code of the authenticator or a recovery code; count a wrong one.

    Raises:
        TooMany: five wrong ones in five minutes, or thirty in a day.
    """
    device = db.session.get(TotpDevice, user.id, with_for_update=True)
    if device is None or device.confirmed_at is None:
        raise Conflict(_("这个账号没有开启两步验证。"))
    _check_attempts(user)
    if totp.spend_code(device, typed):
        totp.forget_attempts(user)
        return True
    if recovery.spend_recovery_code(user, typed):
        totp.forget_attempts(user)
        record(
            actor=actor,
            action="account.use_recovery_code",
            subject_type="user",
            subject_id=user.id,
            subject_label=user.display_name,
            detail={"left": recovery.count_codes(user.id)},
        )
        return True
    at = clock.now()
    db.session.execute(delete(LoginAttempt).where(LoginAttempt.at < at - A_DAY))
    db.session.add(LoginAttempt(name_hash=totp.counter_of(user), at=at))
    return False


def complete_sign_in(*, actor: Actor, pending: UserSession, address: str, user_agent: str) -> str:
    """Open the session for which the code was due; return its own, new token."""
    pending.ended_at = clock.now()
    return open_session(
        actor=actor,
        user=pending.user,
        address=address,
        user_agent=user_agent,
        second_step=True,
    )


def _check_attempts(user: User) -> None:
    if _wrong_since(user, clock.now() - ATTEMPTS_WINDOW) >= ATTEMPTS_ALLOWED:
        raise TooMany()
    if _wrong_since(user, clock.now() - A_DAY) >= WRONG_A_DAY:
        raise TooMany(_("今天输错的次数太多，请明天再试，或请系统管理员重置两步验证。"))


def _wrong_since(user: User, since: datetime) -> int:
    return (
        db.session.scalar(
            select(func.count())
            .select_from(LoginAttempt)
            .where(LoginAttempt.name_hash == totp.counter_of(user), LoginAttempt.at > since)
        )
        or 0
    )
