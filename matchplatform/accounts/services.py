"""Verbs of accounts: sign in and out, open accounts, set passwords."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import delete, func, select, update

from matchplatform.access.actor import Actor, Role
from matchplatform.access.policy import Permission, check
from matchplatform.accounts import passwords
from matchplatform.accounts.models import LoginAttempt, User, UserSession
from matchplatform.accounts.queries import find_user
from matchplatform.audit.services import record
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Conflict, Forbidden, InvalidInput, TooMany
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.text import fold, tidy

ATTEMPTS_ALLOWED = 5
ATTEMPTS_WINDOW = timedelta(minutes=5)


def hash_token(token: str) -> str:
    """Return what the tables keep of a token."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def check_attempts(username: str) -> None:
    """Refuse after five wrong passwords in five minutes, whichever process counted them.

    Raises:
        TooMany: the sixth attempt.
    """
    recent = db.session.scalar(
        select(func.count())
        .select_from(LoginAttempt)
        .where(
            LoginAttempt.name_hash == hash_token(fold(username)),
            LoginAttempt.at > clock.now() - ATTEMPTS_WINDOW,
        )
    )
    if (recent or 0) >= ATTEMPTS_ALLOWED:
        raise TooMany()


def note_failed_attempt(username: str) -> None:
    """Count a wrong password, whether the account exists or not."""
    at = clock.now()
    db.session.execute(delete(LoginAttempt).where(LoginAttempt.at < at - timedelta(days=1)))
    db.session.add(LoginAttempt(name_hash=hash_token(fold(username)), at=at))


def open_session(
    *,
    actor: Actor,
    user: User,
    address: str = "",
    user_agent: str = "",
    second_step: bool = False,
) -> str:
    """Open a session for somebody who proved who they are; return the cookie's token."""
    token = secrets.token_urlsafe(32)
    at = clock.now()
    db.session.execute(
        delete(LoginAttempt).where(LoginAttempt.name_hash == hash_token(fold(user.username)))
    )
    db.session.add(
        UserSession(
            token_hash=hash_token(token),
            user_id=user.id,
            created_at=at,
            last_seen_at=at,
            address=address[:60],
            user_agent=tidy(user_agent)[:300],
            has_second_step=second_step,
        )
    )
    record(
        actor=actor,
        action="account.sign_in",
        subject_type="user",
        subject_id=user.id,
        subject_label=user.display_name,
        detail={"second_step": second_step},
    )
    return token


def find_live_session(token: str, *, idle_minutes: int, hours: int) -> UserSession | None:
    """Return the session behind a cookie if it still counts."""
    found = db.session.get(UserSession, hash_token(token))
    if found is None or found.ended_at is not None or not found.user.is_active:
        return None
    if found.is_pending:
        return None
    at = clock.now()
    if at - found.last_seen_at > timedelta(minutes=idle_minutes):
        return None
    if at - found.created_at > timedelta(hours=hours):
        return None
    return found


def touch_session(token: str) -> None:
    """Note that a session is in use; call it at most once a minute, in its own transaction."""
    db.session.execute(
        update(UserSession)
        .where(UserSession.token_hash == hash_token(token))
        .values(last_seen_at=clock.now())
    )


def close_session(*, actor: Actor, token: str) -> None:
    """End one session: its cookie is refused from now on."""
    found = db.session.get(UserSession, hash_token(token))
    if found is None or found.ended_at is not None:
        return
    found.ended_at = clock.now()
    record(
        actor=actor,
        action="account.sign_out",
        subject_type="user",
        subject_id=found.user_id,
        subject_label=found.user.display_name,
    )


def end_sessions(*, actor: Actor, sessions: Iterable[UserSession]) -> int:
    """End some of one's own sessions, from another browser; return how many."""
    ended = [found for found in sessions if found.ended_at is None]
    for found in ended:
        if found.user_id != actor.user_id:
            raise Forbidden()
        found.ended_at = clock.now()
    if ended:
        record(
            actor=actor,
            action="account.end_session",
            subject_type="user",
            subject_id=actor.user_id,
            subject_label=actor.label,
            detail={"sessions": len(ended)},
        )
    return len(ended)


def close_sessions_of(user: User) -> None:
    """End every session of a user."""
    db.session.execute(
        update(UserSession)
        .where(UserSession.user_id == user.id, UserSession.ended_at.is_(None))
        .values(ended_at=clock.now())
    )


def add_user(
    *,
    actor: Actor,
    username: str,
    display_name: str,
    role: Role,
    password_hash: str = "",
    region_prefix: str = "",
    unit: str = "",
) -> User:
    """Add an account; verbs above decide who may (registration, the admin, the seeds).

    Raises:
        Conflict: the name is taken.
    """
    username = tidy(username).casefold()
    if find_user(username) is not None:
        raise Conflict(_("这个用户名已经有人用了，请换一个。"))
    user = User(
        username=username,
        display_name=tidy(display_name),
        role=role,
        region_prefix=region_prefix,
        unit=tidy(unit),
        password_hash=password_hash,
        created_at=clock.now(),
    )
    db.session.add(user)
    db.session.flush()
    record(
        actor=actor,
        action="account.add",
        subject_type="user",
        subject_id=user.id,
        subject_label=user.display_name,
        detail={"role": str(role), "region_prefix": region_prefix},
    )
    return user


def create_account(
    *, actor: Actor, username: str, display_name: str, role: Role, region_prefix: str, unit: str
) -> User:
    """Open an account for an officer, organiser, auditor or admin, as the admin."""
    check(actor, Permission.ACCOUNT_MANAGE, None)
    if role not in {Role.OFFICER, Role.ORGANISER, Role.AUDITOR, Role.ADMIN}:
        raise InvalidInput(fields={"role": _("这类账号不由管理员开设。")})
    if (role is Role.OFFICER) != (len(region_prefix) in (2, 4, 6)):
        raise InvalidInput(fields={"region_prefix": _("民政工作人员要选定所属地区，其他人不选。")})
    return add_user(
        actor=actor,
        username=username,
        display_name=display_name,
        role=role,
        region_prefix=region_prefix,
        unit=unit,
    )


def change_password(*, actor: Actor, user: User, password_hash: str) -> User:
    """Set a new password for oneself and end every session, this one too."""
    return replace_password(actor, user, password_hash, "account.change_password")


def prepare_password(password: str, username: str) -> str:
    """Check a new password and hash it; done outside the transaction, for it takes long.

    Raises:
        InvalidInput: too weak.
        Busy: too many hashes at once.
    """
    passwords.check_strength(password, username)
    return passwords.hash_password(password)


def replace_password(actor: Actor, user: User, password_hash: str, action: str) -> User:
    """Set a new password and end every session of the user; part of a verb."""
    user.password_hash = password_hash
    close_sessions_of(user)
    record(
        actor=actor,
        action=action,
        subject_type="user",
        subject_id=user.id,
        subject_label=user.display_name,
    )
    return user
