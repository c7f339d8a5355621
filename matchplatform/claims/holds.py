"""Hold and free quantities: one conditional UPDATE a line, which the database judges."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any, cast

from sqlalchemy import CursorResult, Update, select, update

from matchplatform.access.actor import SYSTEM, Actor
from matchplatform.access.policy import Permission, check
from matchplatform.audit.services import record
from matchplatform.claims.locks import lock_lines
from matchplatform.claims.models import Claim, ClaimLine
from matchplatform.claims.queries import list_party_user_ids
from matchplatform.claims.states import WORKFLOW, ClaimAction, ClaimState
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Conflict
from matchplatform.kernel.i18n import Words, mark
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.money import format_number
from matchplatform.notifications.services import tell
from matchplatform.organisations.models import Organisation
from matchplatform.projects.models import Project, ProjectLine

HOLD = timedelta(days=14)


class NothingLeft(Conflict):
    """Somebody was quicker; ``left`` is what remains by line id."""

    def __init__(self, words: Words, left: Mapping[int, Decimal]) -> None:
        super().__init__(words)
        self.left = left


def hold(lines: Iterable[ProjectLine], quantities: Mapping[int, Decimal]) -> None:
    """Take quantities of lines, in the order of their ids, all of them or none.

    Raises:
        NothingLeft: one line has less than was asked for; the transaction must be given up.
    """
    wanted = sorted((line for line in lines if line.id in quantities), key=lambda line: line.id)
    for line in wanted:
        quantity = quantities[line.id]
        taken = _move(
            update(ProjectLine)
            .where(
                ProjectLine.id == line.id,
                ProjectLine.held + quantity <= ProjectLine.quantity + ProjectLine.extra,
            )
            .values(held=ProjectLine.held + quantity)
        )
        db.session.refresh(line)
        if not taken:
            raise NothingLeft(
                _(
                    "“%(item)s”刚被别的社会组织先认领了，现在还剩 %(left)s %(unit)s。您填的内容都还在，改一下数量就可以。",
                    item=line.item,
                    left=format_number(line.left),
                    unit=line.unit,
                ),
                {line.id: line.left},
            )


def begin_claim(
    organisation: Organisation,
    project: Project,
    quantities: Mapping[int, Decimal],
    days: timedelta = HOLD,
    *,
    promoted: bool = False,
) -> Claim:
    """Return a new reservation over quantities that are held already, at the prices of today."""
    lines = {line.id: line for line in project.lines}
    claim = Claim(
        project=project,
        organisation=organisation,
        status=ClaimState.RESERVED,
        promoted=promoted,
        reserved_at=clock.now(),
        hold_until=clock.end_of_day(clock.today() + days),
        lines=[
            ClaimLine(line=lines[key], quantity=amount, unit_price=lines[key].unit_price)
            for key, amount in sorted(quantities.items())
        ],
    )
    db.session.add(claim)
    return claim


def free(claim: Claim) -> None:
    """Give back everything that a claim holds."""
    for part in sorted(claim.lines, key=lambda part: part.line_id):
        give(part.line, part.quantity)


def give(line: ProjectLine, quantity: Decimal) -> None:
    """Give back a quantity of a line."""
    given = _move(
        update(ProjectLine)
        .where(ProjectLine.id == line.id, ProjectLine.held >= quantity)
        .values(held=ProjectLine.held - quantity)
    )
    if not given:
        raise RuntimeError(f"line {line.id} holds less than {quantity} to give back")
    db.session.refresh(line)


def _move(statement: Update) -> bool:
    result = db.session.execute(statement, execution_options={"synchronize_session": False})
    return cast("CursorResult[Any]", result).rowcount == 1


def expire_lapsed(*, line_ids: Iterable[int] | None = None, limit: int = 200) -> int:
    """Expire the reservations that have run out, on these lines or anywhere; return how many.

    The lines asked about are kept from others until the transaction ends.
    """
    lapsed = select(Claim).where(
        Claim.status == ClaimState.RESERVED, Claim.hold_until <= clock.now()
    )
    lines = list(line_ids or [])
    if line_ids is not None:
        on_lines = select(ClaimLine.claim_id).where(ClaimLine.line_id.in_(lines))
        lapsed = lapsed.where(Claim.id.in_(on_lines))
    found = list(
        db.session.scalars(lapsed.order_by(Claim.id).limit(limit).with_for_update(of=Claim))
    )
    lock_lines([*lines, *(part.line_id for claim in found for part in claim.lines)])
    for claim in found:
        expire_claim(actor=SYSTEM, claim=claim)
    return len(found)


def expire_claim(*, actor: Actor, claim: Claim) -> Claim:
    """Let a reservation lapse and free what it held."""
    check(actor, Permission.CLAIM_EXPIRE, claim)
    claim.status = WORKFLOW.after(claim.status, ClaimAction.EXPIRE)
    claim.ended_at = clock.now()
    free(claim)
    tell(
        list_party_user_ids(claim),
        mark("您预留的“%(name)s”已到期释放，需要的话可以重新认领。"),
        f"/projects/{claim.project.number}",
        name=claim.project.name,
    )
    record_claim(actor, "claim.expire", claim)
    return claim


def record_claim(actor: Actor, action: str, claim: Claim, reason: str = "") -> None:
    """Write what happened to a claim into the trail, with its quantities."""
    db.session.flush()
    record(
        actor=actor,
        action=action,
        subject_type="claim",
        subject_id=claim.id,
        subject_label=f"{claim.number} {claim.organisation.name} · {claim.project.name}",
        region_code=claim.region_code,
        reason=reason,
        detail={
            "status": str(claim.status),
            "version": claim.version,
            "project": claim.project.number,
            "quantities": {str(part.line_id): str(part.quantity) for part in claim.lines},
        },
    )
