"""Rows are kept from others in one order everywhere, so that nobody waits in a circle.

Organisations first, then claims, then lines, each by id; the trail's head, which every verb takes
when it records, comes last.
"""

from collections.abc import Iterable

from sqlalchemy import select

from matchplatform.claims.models import Claim
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import StaleVersion
from matchplatform.organisations.models import Organisation
from matchplatform.projects.models import ProjectLine


def lock_organisations(ids: Iterable[int]) -> None:
    """Read organisations anew and keep rulings on them out; others may claim at the same time."""
    db.session.scalars(
        select(Organisation)
        .where(Organisation.id.in_(sorted(set(ids))))
        .order_by(Organisation.id)
        .with_for_update(read=True, of=Organisation)
        .execution_options(populate_existing=True)
    ).all()


def lock_claim(claim: Claim) -> None:
    """Keep a claim from others.

    Raises:
        StaleVersion: it has moved since it was read.
    """
    version = db.session.scalar(select(Claim.version).where(Claim.id == claim.id).with_for_update())
    if version != claim.version:
        raise StaleVersion()


def lock_signing(claims: Iterable[Claim]) -> None:
    """Keep several claims and their organisations, before anything is recorded about the first."""
    known = list(claims)
    lock_organisations(key for claim in known for key in claim.active_ids)
    ids = sorted(claim.id for claim in known)
    db.session.scalars(
        select(Claim.id).where(Claim.id.in_(ids)).order_by(Claim.id).with_for_update(of=Claim)
    ).all()


def lock_lines(ids: Iterable[int]) -> list[ProjectLine]:
    """Read lines anew and keep them from others; return them by id."""
    return list(
        db.session.scalars(
            select(ProjectLine)
            .where(ProjectLine.id.in_(sorted(set(ids))))
            .order_by(ProjectLine.id)
            .with_for_update(of=ProjectLine)
            .execution_options(populate_existing=True)
        )
    )


def lock_lines_of(claims: Iterable[Claim]) -> None:
    """Keep the lines of these claims from others, before anything is recorded about the first."""
    lock_lines(part.line_id for claim in claims for part in claim.lines)
