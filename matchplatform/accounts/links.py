"""One-time links with which a password is set: issued by people, or mailed to a proved address."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import CursorResult, select, update

from matchplatform.access.actor import SYSTEM, Actor
from matchplatform.access.policy import Permission, check
from matchplatform.accounts import vault
from matchplatform.accounts.models import PasswordLink, User
from matchplatform.accounts.services import hash_token, replace_password
from matchplatform.audit.services import record
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import NotFound
from matchplatform.kernel.i18n import lazy_gettext as _

LINK_LIFE = timedelta(minutes=30)
BETWEEN_LETTERS = timedelta(minutes=2)

_GONE = _("这个链接已经用过或已过期。请按登录页上写的办法再要一个。")


def issue_password_link(*, actor: Actor, user: User, within: object) -> str:
    """Issue a one-time link for a new password; return its token, which is shown only once.

    ``within`` is the organisation through which an officer reaches the user; admins need none.
    """
    check(actor, Permission.PASSWORD_LINK_ISSUE, within)
    token = secrets.token_urlsafe(32)
    at = clock.now()
    db.session.execute(
        update(PasswordLink)
        .where(PasswordLink.user_id == user.id, PasswordLink.used_at.is_(None))
        .values(used_at=at)
    )
    _add_link(user, token, at, actor.user_id)
    _record(actor, "account.issue_link", user)
    return token


def issue_mailed_link(user: User) -> PasswordLink | None:
    """Make the link that a letter will carry; None just after another one.

    Links from people stay as they are: whoever knows a name alone must not spoil them.
    """
    at = clock.now()
    mailed = select(PasswordLink).where(
        PasswordLink.user_id == user.id,
        PasswordLink.issued_by_id.is_(None),
        PasswordLink.used_at.is_(None),
    )
    earlier = db.session.scalars(mailed).all()
    if any(at - link.issued_at < BETWEEN_LETTERS for link in earlier):
        return None
    for link in earlier:
        link.used_at = at
    made = _add_link(user, mailed_token(user.id, at), at, None)
    _record(SYSTEM, "account.mail_link", user)
    return made


def mailed_token(user_id: int, issued_at: datetime) -> str:
    """Return what a mailed link carries; it is computed anew for the letter, and kept nowhere."""
    return vault.keyed_hash(f"password link {user_id} {issued_at.isoformat()}")


def find_password_link(token: str) -> PasswordLink | None:
    """Return a link that can still be used, or None."""
    link = db.session.get(PasswordLink, hash_token(token))
    if link is None or link.used_at is not None or link.expires_at <= clock.now():
        return None
    return link


def get_password_link(token: str) -> PasswordLink:
    """Return a link that can still be used.

    Raises:
        NotFound: unknown, used or expired; which of them is not told.
    """
    link = find_password_link(token)
    if link is None:
        raise NotFound(_GONE)
    return link


def use_password_link(*, actor: Actor, link: PasswordLink, password_hash: str) -> User:
    """Set a new password through a one-time link, and end the user's other links and sessions.

    Raises:
        NotFound: the link was used at the same moment.
    """
    user = link.user
    unused = (
        update(PasswordLink)
        .where(PasswordLink.user_id == user.id, PasswordLink.used_at.is_(None))
        .values(used_at=clock.now())
    )
    spent = db.session.execute(unused.where(PasswordLink.token_hash == link.token_hash))
    if not isinstance(spent, CursorResult) or spent.rowcount != 1:
        raise NotFound(_GONE)
    db.session.execute(unused)
    return replace_password(actor, user, password_hash, "account.reset_password")


def _add_link(user: User, token: str, at: datetime, issued_by_id: int | None) -> PasswordLink:
    link = PasswordLink(
        token_hash=hash_token(token),
        user_id=user.id,
        issued_by_id=issued_by_id,
        issued_at=at,
        expires_at=at + LINK_LIFE,
    )
    db.session.add(link)
    return link


def _record(actor: Actor, action: str, user: User) -> None:
    record(
        actor=actor,
        action=action,
        subject_type="user",
        subject_id=user.id,
        subject_label=user.display_name,
    )
