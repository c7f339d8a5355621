"""The tables of claiming as plain rows, read at once after each step."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import Row, Select, select

from matchplatform.audit.models import AuditEntry
from matchplatform.audit.queries import current_seq
from matchplatform.claims.asked import CapacityGrant, ReleaseRequest, WaitlistEntry
from matchplatform.claims.models import Claim, ClaimLine, ClaimMember, ClaimShare
from matchplatform.kernel import clock
from matchplatform.kernel.db import Base, db, reading
from matchplatform.organisations.models import (
    Certificate,
    Invitation,
    Membership,
    NameChange,
    Organisation,
)
from matchplatform.projects.models import Project, ProjectLine

Rows = dict[int, Row[Any]]
Parts = dict[int, dict[int, Decimal]]


@dataclass(frozen=True)
class Seen:
    """What is in the database at ``now``: rows by id, quantities by claim or member and line."""

    now: datetime
    head: int
    claims: Rows
    parts: Parts
    prices: dict[tuple[int, int], Decimal | None]
    members: Rows
    shares: Parts
    waits: Rows
    requests: Rows
    grants: Rows
    lines: Rows
    projects: Rows
    organisations: Rows
    memberships: dict[tuple[int, int], Row[Any]]
    certificates: Rows
    names: Rows
    invitations: Rows

    def at(self, now: datetime) -> "Seen":
        """Return the same at another moment."""
        return replace(self, now=now)

    def differences(self, other: "Seen") -> list[str]:
        """Name the tables in which the two differ."""
        names = [field.name for field in fields(self) if field.name != "now"]
        return [name for name in names if getattr(self, name) != getattr(other, name)]

    def lines_of(self, project_id: int) -> list[Row[Any]]:
        """List a project's lines by id."""
        return [line for line in self.lines.values() if line.project_id == project_id]

    def members_of(self, claim_id: int) -> list[Row[Any]]:
        """List the members of a joint claim by id."""
        return [member for member in self.members.values() if member.claim_id == claim_id]

    def waiting(self) -> list[Row[Any]]:
        """List the places on the waitlist that still wait, first come first."""
        waits = [entry for entry in self.waits.values() if entry.status == "waiting"]
        return sorted(waits, key=lambda entry: (entry.joined_at, entry.id))


def look(now: datetime) -> Seen:
    """Read everything and let the transaction go."""
    with reading(), clock.set_clock(now):
        parts = _all(ClaimLine, "claim_id", "line_id")
        shares = _all(ClaimShare, "member_id", "line_id")
        members = _all(Membership, "organisation_id", "user_id")
        seen = Seen(
            now=now,
            head=current_seq(),
            claims=_by_id(Claim),
            parts=_nested((row.claim_id, row) for row in parts),
            prices={(row.claim_id, row.line_id): row.unit_price for row in parts},
            members=_by_id(ClaimMember),
            shares=_nested((row.member_id, row) for row in shares),
            waits=_by_id(WaitlistEntry),
            requests=_by_id(ReleaseRequest),
            grants=_by_id(CapacityGrant),
            lines=_by_id(ProjectLine),
            projects=_by_id(Project),
            organisations=_by_id(Organisation),
            memberships={(row.organisation_id, row.user_id): row for row in members},
            certificates=_by_id(Certificate),
            names=_by_id(NameChange),
            invitations=_by_id(Invitation),
        )
        db.session.rollback()
    db.session.remove()
    return seen


def trail_after(seq: int) -> list[Row[Any]]:
    """List the links of the trail after ``seq``, oldest first."""
    table = AuditEntry.__table__
    with reading():
        found = db.session.execute(select(table).where(table.c.seq > seq).order_by(table.c.seq))
        rows = list(found)
        db.session.rollback()
    return rows


def _all(model: type[Base], *keys: str) -> list[Row[Any]]:
    return list(db.session.connection().execute(_statement(model, *keys)))


@cache
def _statement(model: type[Base], *keys: str) -> Select[Any]:
    table = model.__table__
    return select(table).order_by(*(table.c[key] for key in keys))


def _by_id(model: type[Base]) -> Rows:
    return {row.id: row for row in _all(model, "id")}


def _nested(rows: Iterator[tuple[int, Row[Any]]]) -> Parts:
    nested: Parts = {}
    for key, row in rows:
        nested.setdefault(key, {})[row.line_id] = row.quantity
    return nested
