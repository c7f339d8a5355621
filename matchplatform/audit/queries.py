"""Read and verify the trail."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Select, func, or_, select

from matchplatform.access.actor import Actor
from matchplatform.access.policy import Permission, check
from matchplatform.audit.models import GENESIS, AuditEntry, AuditHead
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import NotFound
from matchplatform.kernel.paging import Page, clamp_page

PAGE_SIZE = 50

# Asked for by every public page, so the statement is made once, and of the bare column.
_HEAD = select(AuditHead.__table__.c.hash)


@dataclass(frozen=True)
class AuditFilter:
    """What to look for in the trail; empty means all."""

    words: str = ""
    action: str = ""
    since: date | None = None
    until: date | None = None


def current_seq() -> int:
    """Return the chain's length: it grows with every change, so it fingerprints the data."""
    return db.session.scalar(select(AuditHead.seq)) or 0


def current_head() -> str:
    """Return the hash of the chain's last link: it changes with every change of the data."""
    return db.session.scalar(_HEAD) or GENESIS


def list_entries(actor: Actor, wanted: AuditFilter, number: int) -> Page[AuditEntry]:
    """List the trail for an auditor, newest first."""
    check(actor, Permission.AUDIT_READ, None)
    statement = _matching(wanted)
    total = db.session.scalar(select(func.count()).select_from(statement.subquery())) or 0
    number = clamp_page(number, PAGE_SIZE, total)
    rows = db.session.scalars(
        statement.order_by(AuditEntry.seq.desc()).limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)
    )
    return Page(rows.all(), number, PAGE_SIZE, total)


def list_all_entries(actor: Actor, wanted: AuditFilter, most: int) -> list[AuditEntry]:
    """List the trail for an auditor's file, newest first."""
    check(actor, Permission.AUDIT_READ, None)
    return list(db.session.scalars(_matching(wanted).order_by(AuditEntry.seq.desc()).limit(most)))


def get_entry(actor: Actor, seq: int) -> AuditEntry:
    """Return one link of the chain, for an auditor.

    Raises:
        NotFound: the chain has no such link.
    """
    check(actor, Permission.AUDIT_READ, None)
    entry = db.session.get(AuditEntry, seq)
    if entry is None:
        raise NotFound()
    return entry


def list_actions() -> list[str]:
    """List the kinds of action that stand in the trail."""
    return list(
        db.session.scalars(select(AuditEntry.action).distinct().order_by(AuditEntry.action))
    )


def list_history(subject_type: str, subject_id: object) -> list[AuditEntry]:
    """List all that happened to one thing, newest first."""
    return list(
        db.session.scalars(
            select(AuditEntry)
            .where(
                AuditEntry.subject_type == subject_type, AuditEntry.subject_id == str(subject_id)
            )
            .order_by(AuditEntry.seq.desc())
        )
    )


def list_subjects_since(action: str, seq: int) -> list[tuple[int, str]]:
    """List (link, subject's id) of one kind of action after a link of the chain, oldest first.

    Links are appended one transaction at a time, so whoever remembers the last one misses nothing.
    """
    rows = db.session.execute(
        select(AuditEntry.seq, AuditEntry.subject_id)
        .where(AuditEntry.action == action, AuditEntry.seq > seq)
        .order_by(AuditEntry.seq)
    )
    return [(found.seq, found.subject_id) for found in rows]


def find_breaches() -> Iterator[str]:
    """Walk the chain from its first link and yield a line for each thing that is wrong."""
    expected_seq, expected_hash = 1, GENESIS
    for entry in db.session.scalars(select(AuditEntry).order_by(AuditEntry.seq)).yield_per(500):
        if entry.seq != expected_seq:
            yield f"audit: link {expected_seq} is missing before {entry.seq}"
        if entry.previous_hash != expected_hash:
            yield f"audit: link {entry.seq} does not follow the one before it"
        if entry.computed_hash() != entry.hash:
            yield f"audit: link {entry.seq} was changed"
        expected_seq, expected_hash = entry.seq + 1, entry.hash
    head = db.session.get(AuditHead, 1)
    if head is None:
        if expected_seq > 1:
            yield "audit: the head is missing"
    elif (head.seq + 1, head.hash) != (expected_seq, expected_hash):
        yield f"audit: the chain ends at {expected_seq - 1}, its head says {head.seq}"


def _matching(wanted: AuditFilter) -> Select[AuditEntry]:
    statement = select(AuditEntry)
    if wanted.action:
        statement = statement.where(AuditEntry.action == wanted.action)
    if wanted.words:
        like = (
            "%" + wanted.words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        )
        statement = statement.where(
            or_(
                AuditEntry.actor_label.ilike(like, escape="\\"),
                AuditEntry.subject_label.ilike(like, escape="\\"),
                AuditEntry.subject_id.ilike(like, escape="\\"),
            )
        )
    if wanted.since:
        statement = statement.where(
            AuditEntry.at >= clock.end_of_day(wanted.since - timedelta(days=1))
        )
    if wanted.until:
        statement = statement.where(AuditEntry.at < clock.end_of_day(wanted.until))
    return statement
