"""Move everything that an organisation has claimed, waits for and asked to another record of it."""

from collections.abc import Sequence
from typing import TypeVar

from sqlalchemy import select

from matchplatform.access.actor import SYSTEM
from matchplatform.claims.asked import CapacityGrant, ReleaseRequest, WaitlistEntry
from matchplatform.claims.capacity import find_open_ask
from matchplatform.claims.grants import settle_grant
from matchplatform.claims.holds import record_claim
from matchplatform.claims.models import Claim, ClaimMember
from matchplatform.claims.queries import find_undecided
from matchplatform.claims.release import settle_request
from matchplatform.claims.states import (
    UNDECIDED_STATES,
    AskState,
    WaitState,
)
from matchplatform.claims.waiting import find_waiting
from matchplatform.claims.waitlist import drop_entry
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Conflict
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.organisations.models import Organisation

Row = TypeVar("Row", Claim, ClaimMember, WaitlistEntry, ReleaseRequest, CapacityGrant)


def move_claims(source: Organisation, target: Organisation, reason: str) -> None:
    """Move claims, shares, places in the waiting and what was asked; part of merging.

    Raises:
        Conflict: both have an undecided claim on one project, or are in one joint claim.
    """
    claims, members = _of(Claim, source), _of(ClaimMember, source)
    _check_apart(claims, members, target)
    for claim in claims:
        claim.organisation = target
    for member in members:
        member.organisation = target
    db.session.flush()
    moved = {claim.id: claim for claim in [*claims, *(member.claim for member in members)]}
    for _key, claim in sorted(moved.items()):
        record_claim(SYSTEM, "claim.move", claim, reason)
    for entry in _of(WaitlistEntry, source):
        waits = entry.status is WaitState.WAITING
        if waits and find_waiting(target.id, entry.line_id) is not None:
            drop_entry(entry)
        entry.organisation = target
    for grant in _of(CapacityGrant, source):
        is_open = grant.status is AskState.OPEN
        if is_open and find_open_ask(target, grant.project) is not None:
            settle_grant(grant)
        grant.organisation = target
    for request in _of(ReleaseRequest, source):
        request.organisation = target
    _settle_own(target)


def _of(table: type[Row], organisation: Organisation) -> Sequence[Row]:
    return db.session.scalars(
        select(table)
        .where(table.organisation_id == organisation.id)
        .order_by(table.id)
        .with_for_update(of=table)
        .execution_options(populate_existing=True)
    ).all()


def _check_apart(
    claims: Sequence[Claim], members: Sequence[ClaimMember], target: Organisation
) -> None:
    for claim in claims:
        other = find_undecided(target.id, claim.project_id)
        if claim.status in UNDECIDED_STATES and other is not None:
            raise Conflict(
                _(
                    "两份登记在 %(name)s 上都有在办的认领（%(one)s、%(two)s），先办结一笔再并入。",
                    name=claim.project.name,
                    one=claim.number,
                    two=other.number,
                )
            )
    for claim in [*claims, *(member.claim for member in members)]:
        if target.id in claim.party_ids:
            raise Conflict(
                _("两份登记同在一笔联合认领里（%(number)s），不能并入。", number=claim.number)
            )


def _settle_own(target: Organisation) -> None:
    """End requests that would now be about a claim of one's own."""
    for request in db.session.scalars(
        select(ReleaseRequest)
        .join(Claim, Claim.id == ReleaseRequest.claim_id)
        .where(
            ReleaseRequest.organisation_id == target.id,
            Claim.organisation_id == target.id,
            ReleaseRequest.status == AskState.OPEN,
        )
        .order_by(ReleaseRequest.id)
    ).all():
        settle_request(actor=SYSTEM, claim=request.claim)
