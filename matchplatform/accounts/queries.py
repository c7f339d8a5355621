"""Reads of accounts."""

from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import func, select

from matchplatform.access.actor import Actor, Role
from matchplatform.access.policy import Permission, check
from matchplatform.accounts.models import HANDLE_LENGTH, User, UserSession
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import NotFound
from matchplatform.kernel.paging import Page, clamp_page

PAGE_SIZE = 50
_BY_ROLE = (User.role.desc(), User.region_prefix, User.username)


def get_user(user_id: int) -> User:
    """Return one user.

    Raises:
        NotFound: no such user.
    """
    user = db.session.get(User, user_id)
    if user is None:
        raise NotFound()
    return user


def find_user(username: str) -> User | None:
    """Return the user of that name, or None."""
    return db.session.scalar(select(User).where(User.username == username))


def list_live_sessions(user_id: int, *, idle_minutes: int, hours: int) -> list[UserSession]:
    """List where a user is signed in just now, the last used first."""
    at = clock.now()
    return list(
        db.session.scalars(
            select(UserSession)
            .where(
                UserSession.user_id == user_id,
                UserSession.ended_at.is_(None),
                UserSession.is_pending.is_(False),
                UserSession.last_seen_at >= at - timedelta(minutes=idle_minutes),
                UserSession.created_at >= at - timedelta(hours=hours),
            )
            .order_by(UserSession.last_seen_at.desc(), UserSession.token_hash)
        )
    )


def is_anothers_session(handle: str, user_id: int) -> bool:
    """Tell whether a session of somebody else, open or not, goes by this handle."""
    theirs = select(UserSession.user_id).where(
        UserSession.token_hash.startswith(handle, autoescape=True), UserSession.user_id != user_id
    )
    found = db.session.scalar(theirs.limit(1)) if len(handle) == HANDLE_LENGTH else None
    return found is not None


def list_users(actor: Actor, number: int) -> Page[User]:
    """List accounts for an admin, by role, region and name."""
    check(actor, Permission.ACCOUNT_MANAGE, None)
    total = db.session.scalar(select(func.count()).select_from(User)) or 0
    number = clamp_page(number, PAGE_SIZE, total)
    rows = db.session.scalars(
        select(User).order_by(*_BY_ROLE).limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)
    )
    return Page(rows.all(), number, PAGE_SIZE, total)


def list_all_users(actor: Actor, most: int) -> list[User]:
    """List them all, for a file; no more than ``most``."""
    check(actor, Permission.ACCOUNT_MANAGE, None)
    return list(db.session.scalars(select(User).order_by(*_BY_ROLE).limit(most)))


def list_officers(prefix: str) -> list[User]:
    """List the active officers of exactly this region, by name."""
    return list(
        db.session.scalars(
            select(User)
            .where(User.role == Role.OFFICER, User.is_active, User.region_prefix == prefix)
            .order_by(User.display_name, User.id)
        )
    )


def list_officer_ids(prefixes: Iterable[str]) -> list[int]:
    """List the active officers of exactly these regions."""
    return list(
        db.session.scalars(
            select(User.id)
            .where(
                User.role == Role.OFFICER,
                User.is_active,
                User.region_prefix.in_(list(prefixes)),
            )
            .order_by(User.id)
        )
    )


def list_deciding_officer_ids(region_code: str) -> list[int]:
    """List the active officers of a county; those of its city stand in while it has none."""
    return list_officer_ids([region_code]) or list_officer_ids([region_code[:4]])


def count_county_officers(region_code: str) -> int:
    """Count the active officers of one county."""
    return len(list_officer_ids([region_code]))
