"""What organisations have promised and not yet kept, in one query for one or for all of them."""

from collections import defaultdict
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, or_, select, union_all

from matchplatform.claims.models import Claim, ClaimLine, ClaimMember, ClaimShare
from matchplatform.claims.states import HOLDING_STATES, ClaimState, MemberState
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.money import line_value

ZERO = Decimal(0)


def sum_promises() -> dict[int, Decimal]:
    """Return the yuan under claims that hold by organisation id, as ``Claim.value_for`` counts them.

    Of a joint claim each has promised the share that it confirmed, the lead too.
    """
    found: dict[int, Decimal] = defaultdict(lambda: ZERO)
    for row in _parts(None):
        found[row.organisation_id] += line_value(row.quantity, row.unit_price)
    return found


def sum_promises_of(organisation_id: int) -> dict[int, Decimal]:
    """Return the same for one organisation, by project id."""
    found: dict[int, Decimal] = defaultdict(lambda: ZERO)
    for row in _parts(organisation_id):
        found[row.project_id] += line_value(row.quantity, row.unit_price)
    return found


def _parts(organisation_id: int | None) -> list[Row[Any]]:
    alone = (
        select(Claim.organisation_id, Claim.project_id, ClaimLine.quantity, ClaimLine.unit_price)
        .join(ClaimLine, ClaimLine.claim_id == Claim.id)
        .where(_holds(), ~Claim.members.any())
    )
    together = (
        select(
            ClaimMember.organisation_id, Claim.project_id, ClaimShare.quantity, ClaimLine.unit_price
        )
        .join(ClaimShare, ClaimShare.member_id == ClaimMember.id)
        .join(Claim, Claim.id == ClaimMember.claim_id)
        .join(
            ClaimLine,
            and_(ClaimLine.claim_id == Claim.id, ClaimLine.line_id == ClaimShare.line_id),
        )
        .where(_holds(), ClaimMember.status == MemberState.CONFIRMED)
    )
    if organisation_id is not None:
        alone = alone.where(Claim.organisation_id == organisation_id)
        together = together.where(ClaimMember.organisation_id == organisation_id)
    return list(db.session.execute(union_all(alone, together)))


def _holds() -> ColumnElement[bool]:
    # What has run out holds nothing, whether or not the worker has noted it.
    return and_(
        Claim.status.in_(HOLDING_STATES),
        or_(Claim.status != ClaimState.RESERVED, Claim.hold_until > clock.now()),
    )
