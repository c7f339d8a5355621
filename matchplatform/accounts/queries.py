"""Reads of accounts."""

from collections.abc import Iterable

from sqlalchemy import func, select

from matchplatform.access.actor import Actor, Role
from matchplatform.access.policy import Permission, check
from matchplatform.accounts.models import User
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import NotFound
from matchplatform.kernel.paging import Page, clamp_page

PAGE_SIZE = 50


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


def list_users(actor: Actor, number: int) -> Page[User]:
    """List accounts for an admin, by role, region and name."""
    check(actor, Permission.ACCOUNT_MANAGE, None)
    total = db.session.scalar(select(func.count()).select_from(User)) or 0
    number = clamp_page(number, PAGE_SIZE, total)
    rows = db.session.scalars(
        select(User)
        .order_by(User.role.desc(), User.region_prefix, User.username)
        .limit(PAGE_SIZE)
        .offset((number - 1) * PAGE_SIZE)
    )
    return Page(rows.all(), number, PAGE_SIZE, total)


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


def count_county_officers(region_code: str) -> int:
    """Count the active officers of one county."""
    return len(list_officer_ids([region_code]))
