"""Reads of the messages on a claim."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select

from matchplatform.access.actor import Actor
from matchplatform.access.policy import Permission, permits
from matchplatform.claims.message_models import ClaimMessage
from matchplatform.claims.models import Claim
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.paging import Page, clamp_page
from matchplatform.projects.models import Project

PAGE_SIZE = 50
ASKABLE = timedelta(days=90)


@dataclass(frozen=True)
class Thread:
    """The messages on a claim, the newest last; ``may_write`` while the actor may add one."""

    page: Page[ClaimMessage]
    may_write: bool
    is_closed: bool


def url_of(claim: Claim) -> str:
    """Return where the messages on a claim stand."""
    return f"/claims/{claim.id}#messages"


def is_closed(claim: Claim) -> bool:
    """Tell whether the claim ended so long ago that nobody writes about it any more."""
    ended = claim.hold_until if claim.has_lapsed else claim.ended_at
    if ended is None:
        return False
    last_day = ended.astimezone(clock.SHANGHAI).date() + ASKABLE
    return clock.end_of_day(last_day) <= clock.now()


def read_thread(actor: Actor, claim: Claim, number: int | None = None) -> Thread | None:
    """Return a page of the messages on a claim, the last by default; None for who may not read."""
    if not permits(actor, Permission.CLAIM_MESSAGES_READ, claim):
        return None
    mine = ClaimMessage.claim_id == claim.id
    total = db.session.scalar(select(func.count()).select_from(ClaimMessage).where(mine)) or 0
    number = clamp_page(total or 1 if number is None else number, PAGE_SIZE, total)
    rows: Sequence[ClaimMessage] = db.session.scalars(
        select(ClaimMessage)
        .where(mine)
        .order_by(ClaimMessage.id)
        .limit(PAGE_SIZE)
        .offset((number - 1) * PAGE_SIZE)
    ).all()
    closed = is_closed(claim)
    may_write = not closed and permits(actor, Permission.CLAIM_MESSAGE, claim)
    return Thread(Page(rows, number, PAGE_SIZE, total), may_write, closed)


def list_unanswered_ids(actor: Actor) -> set[int]:
    """List the claims of the officer's region in which the holders wrote last."""
    newest = select(func.max(ClaimMessage.id)).group_by(ClaimMessage.claim_id)
    return set(
        db.session.scalars(
            select(ClaimMessage.claim_id)
            .join(Claim, Claim.id == ClaimMessage.claim_id)
            .join(Project, Project.id == Claim.project_id)
            .where(
                ClaimMessage.id.in_(newest),
                ClaimMessage.organisation_id.is_not(None),
                Project.region_code.startswith(actor.region_prefix, autoescape=True),
            )
        )
    )
