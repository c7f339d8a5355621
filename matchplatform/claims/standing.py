"""What becomes of an organisation's claims when its standing changes; inside the same transaction."""

from collections.abc import Iterable

from sqlalchemy import or_, select

from matchplatform.access.actor import SYSTEM
from matchplatform.access.policy import Permission, check
from matchplatform.accounts.queries import list_deciding_officer_ids
from matchplatform.claims.asked import CapacityGrant, ReleaseRequest, WaitlistEntry
from matchplatform.claims.grants import settle_grant
from matchplatform.claims.holds import expire_claim, free, record_claim
from matchplatform.claims.joint import depart
from matchplatform.claims.locks import lock_lines_of
from matchplatform.claims.models import Claim, ClaimMember
from matchplatform.claims.queries import list_party_user_ids
from matchplatform.claims.release import settle_request
from matchplatform.claims.states import (
    ACTIVE_MEMBERS,
    HOLDING_STATES,
    MEMBER_WORKFLOW,
    OPEN_STATES,
    WORKFLOW,
    AskState,
    ClaimAction,
    ClaimState,
    MemberAction,
    MemberState,
    WaitState,
)
from matchplatform.claims.waitlist import drop_entry
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.i18n import mark
from matchplatform.notifications.services import tell
from matchplatform.organisations.models import Organisation
from matchplatform.organisations.states import OrganisationAction

_TOLD = {
    OrganisationAction.LIFT: mark("%(name)s 已恢复办理：%(reason)s"),
    OrganisationAction.RESTRICT: mark(
        "%(name)s 被列入活动异常名录，在本县的认领可以办完，不能再认领：%(reason)s"
    ),
    OrganisationAction.SUSPEND: mark(
        "%(name)s 已被暂停办理，预留已放回项目，提交过的请您决定：%(reason)s"
    ),
    OrganisationAction.DEREGISTER: mark(
        "%(name)s 已注销，在本县没有签约的认领已由系统撤回：%(reason)s"
    ),
}
# Which claims a ruling stops: those the organisation leads, and its part in those of others.
_STOPS: dict[OrganisationAction, tuple[ClaimState, ...]] = {
    OrganisationAction.SUSPEND: (ClaimState.RESERVED,),
    OrganisationAction.DEREGISTER: OPEN_STATES,
}


def follow_ruling(organisation: Organisation, action: OrganisationAction, reason: str) -> None:
    """Free what the ruling stops, and tell the counties in which the organisation has claims.

    What is signed is a promise, and stays one whatever becomes of whoever made it.
    """
    _lock_claims_of(organisation)
    led, joined = _led_by(organisation), _joined_by(organisation)
    stopped = _STOPS.get(action, ())
    lock_lines_of(claim for claim in led if claim.status in stopped)
    _tell_counties(organisation, [*led, *(member.claim for member in joined)], action, reason)
    for claim in led:
        if claim.status in stopped:
            _stop(claim, reason)
    for member in joined:
        if member.claim.status in stopped:
            _take_out(member, reason)
    if action is OrganisationAction.DEREGISTER:
        _settle_asked(organisation)


def _lock_claims_of(organisation: Organisation) -> None:
    joined = select(ClaimMember.claim_id).where(ClaimMember.organisation_id == organisation.id)
    db.session.scalars(
        select(Claim.id)
        .where(
            or_(Claim.organisation_id == organisation.id, Claim.id.in_(joined)),
            Claim.status.in_(HOLDING_STATES),
        )
        .order_by(Claim.id)
        .with_for_update()
    ).all()


def _led_by(organisation: Organisation) -> list[Claim]:
    return list(
        db.session.scalars(
            select(Claim)
            .where(Claim.organisation_id == organisation.id, Claim.status.in_(HOLDING_STATES))
            .order_by(Claim.id)
            .execution_options(populate_existing=True)
        )
    )


def _joined_by(organisation: Organisation) -> list[ClaimMember]:
    return list(
        db.session.scalars(
            select(ClaimMember)
            .join(Claim, Claim.id == ClaimMember.claim_id)
            .where(
                ClaimMember.organisation_id == organisation.id,
                Claim.organisation_id != organisation.id,
                ClaimMember.status.in_(ACTIVE_MEMBERS),
                Claim.status.in_(HOLDING_STATES),
            )
            .order_by(ClaimMember.id)
        )
    )


def _stop(claim: Claim, reason: str) -> None:
    if claim.has_lapsed:
        expire_claim(actor=SYSTEM, claim=claim)
        return
    check(SYSTEM, Permission.CLAIM_EXPIRE, claim)
    claim.status = WORKFLOW.after(claim.status, ClaimAction.WITHDRAW)
    claim.reason = reason
    claim.ended_at = clock.now()
    free(claim)
    tell(
        list_party_user_ids(claim),
        mark("%(organisation)s 对“%(name)s”的认领已由系统撤回：%(reason)s"),
        f"/claims/{claim.id}",
        organisation=claim.organisation.name,
        name=claim.project.name,
        reason=reason,
    )
    settle_request(actor=SYSTEM, claim=claim)
    record_claim(SYSTEM, "claim.stop", claim, reason)


def _take_out(member: ClaimMember, reason: str) -> None:
    check(SYSTEM, Permission.CLAIM_EXPIRE, member.claim)
    invited = member.status is MemberState.INVITED
    action = MemberAction.DECLINE if invited else MemberAction.LEAVE
    status = MEMBER_WORKFLOW.after(member.status, action)
    depart(actor=SYSTEM, member=member, status=status, reason=reason)


def _settle_asked(organisation: Organisation) -> None:
    """End what a deregistered organisation waits for and has asked."""
    for entry in db.session.scalars(
        select(WaitlistEntry)
        .where(
            WaitlistEntry.organisation_id == organisation.id,
            WaitlistEntry.status == WaitState.WAITING,
        )
        .order_by(WaitlistEntry.id)
    ).all():
        drop_entry(entry)
    for request in db.session.scalars(
        select(ReleaseRequest)
        .where(
            ReleaseRequest.organisation_id == organisation.id,
            ReleaseRequest.status == AskState.OPEN,
        )
        .order_by(ReleaseRequest.id)
    ).all():
        settle_request(actor=SYSTEM, claim=request.claim)
    for grant in db.session.scalars(
        select(CapacityGrant)
        .where(
            CapacityGrant.organisation_id == organisation.id,
            CapacityGrant.status == AskState.OPEN,
        )
        .order_by(CapacityGrant.id)
    ).all():
        settle_grant(grant)


def _tell_counties(
    organisation: Organisation, claims: Iterable[Claim], action: OrganisationAction, reason: str
) -> None:
    by_region: dict[str, list[Claim]] = {}
    for claim in claims:
        by_region.setdefault(claim.region_code, []).append(claim)
    for region, here in sorted(by_region.items()):
        tell(
            list_deciding_officer_ids(region),
            _TOLD[action],
            f"/claims/{here[0].id}" if len(here) == 1 else "/desk",
            name=organisation.name,
            reason=reason,
        )
