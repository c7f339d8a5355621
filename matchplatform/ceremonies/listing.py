"""Lists of ceremonies with their counts: for everybody, for the desk, for who is invited."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from matchplatform.access.actor import Actor
from matchplatform.access.policy import Permission, permits
from matchplatform.ceremonies.models import Ceremony, CeremonyEntry, CeremonyGuest
from matchplatform.ceremonies.queries import TOLD_STATES, of_own
from matchplatform.ceremonies.states import (
    PUBLIC_STATES,
    UPCOMING_STATES,
    CeremonyState,
    EntryState,
    GuestState,
)
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.paging import Page, clamp_page

PAGE_SIZE = 20


@dataclass(frozen=True)
class Summary:
    """A ceremony in a list, with its counts; ``waiting``: claims that are listed and not signed."""

    ceremony: Ceremony
    waiting: int
    signed: int
    invited: int
    accepted: int


def list_own(actor: Actor, number: int) -> Page[CeremonyGuest]:
    """List what the actor's organisation is invited to, the next day first, then what is over."""
    statement = of_own(actor)
    total = _count(statement)
    number = clamp_page(number, PAGE_SIZE, total)
    rows = db.session.scalars(
        statement.order_by(*_next_first(), CeremonyGuest.id)
        .limit(PAGE_SIZE)
        .offset((number - 1) * PAGE_SIZE)
    ).unique()
    return Page(rows.all(), number, PAGE_SIZE, total)


def count_own_waiting(actor: Actor) -> int:
    """Count the invitations that wait for an answer of the actor's organisation."""
    statement = of_own(actor).where(
        CeremonyGuest.status == GuestState.INVITED, Ceremony.status.in_(UPCOMING_STATES)
    )
    return _count(statement)


def list_public(number: int) -> Page[Summary]:
    """List the ceremonies that everybody may know of: the next first, then what is over."""
    return _summaries(select(Ceremony).where(Ceremony.status.in_(PUBLIC_STATES)), number)


def list_for_desk(actor: Actor, state: CeremonyState | None, number: int) -> Page[Summary]:
    """List the ceremonies that the actor may look into: the next first, then what is over."""
    statement = _of_desk(actor)
    if state is not None:
        statement = statement.where(Ceremony.status == state)
    return _summaries(statement, number)


def list_all_for_desk(actor: Actor, limit: int) -> list[Summary]:
    """List them all, for a file; no more than ``limit``."""
    rows = db.session.scalars(_of_desk(actor).order_by(*_next_first()).limit(limit)).all()
    return _with_counts(rows)


def _of_desk(actor: Actor) -> Select[Ceremony]:
    statement = select(Ceremony)
    # Whoever may look at anything is not bound to a region.
    if not permits(actor, Permission.CEREMONY_READ, None):
        below = Ceremony.region_code.startswith(actor.region_prefix or "-", autoescape=True)
        statement = statement.where(below)
    return statement


def _next_first() -> tuple[ColumnElement[Any], ...]:
    # What is put off has no day that counts, and stands with what is still to come.
    ahead = or_(Ceremony.status.in_(UPCOMING_STATES), Ceremony.status == CeremonyState.POSTPONED)
    return (
        case((ahead, 0), else_=1),
        case((and_(ahead, Ceremony.starts_at > clock.now()), Ceremony.starts_at), else_=None),
        Ceremony.starts_at.desc(),
        Ceremony.id.desc(),
    )


def _summaries(statement: Select[Ceremony], number: int) -> Page[Summary]:
    total = _count(statement)
    number = clamp_page(number, PAGE_SIZE, total)
    rows = db.session.scalars(
        statement.order_by(*_next_first()).limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)
    ).all()
    return Page(_with_counts(rows), number, PAGE_SIZE, total)


def _with_counts(ceremonies: Iterable[Ceremony]) -> list[Summary]:
    found = list(ceremonies)
    ids = [ceremony.id for ceremony in found]
    entries = dict(_counted(CeremonyEntry.ceremony_id, CeremonyEntry.status, ids))
    guests = dict(_counted(CeremonyGuest.ceremony_id, CeremonyGuest.status, ids))
    return [
        Summary(
            ceremony,
            waiting=entries.get((ceremony.id, EntryState.LISTED), 0),
            signed=entries.get((ceremony.id, EntryState.SIGNED), 0),
            invited=sum(
                guests.get((ceremony.id, state), 0) for state in (*TOLD_STATES, GuestState.DECLINED)
            ),
            accepted=guests.get((ceremony.id, GuestState.ACCEPTED), 0),
        )
        for ceremony in found
    ]


def _counted(
    owner: InstrumentedAttribute[int], status: InstrumentedAttribute[Any], ids: list[int]
) -> Iterable[tuple[tuple[int, Any], int]]:
    rows = db.session.execute(
        select(owner, status, func.count()).where(owner.in_(ids)).group_by(owner, status)
    )
    return (((key, state), count) for key, state, count in rows)


def _count(statement: Select[object]) -> int:
    return db.session.scalar(select(func.count()).select_from(statement.subquery())) or 0
