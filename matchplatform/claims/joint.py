"""Verbs of joint claims: start, confirm, decline, leave, take over, give back."""

from datetime import timedelta
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm.attributes import flag_modified

from matchplatform.access.actor import SYSTEM, Actor
from matchplatform.access.policy import Permission, check
from matchplatform.accounts.queries import list_deciding_officer_ids
from matchplatform.claims.capacity import check_capacity
from matchplatform.claims.checks import (
    check_current,
    check_may_claim,
)
from matchplatform.claims.holds import begin_claim, expire_lapsed, give, hold, record_claim
from matchplatform.claims.locks import lock_lines_of, lock_organisations
from matchplatform.claims.models import Claim, ClaimMember, ClaimShare
from matchplatform.claims.queries import list_party_user_ids
from matchplatform.claims.shares import Shares, checked_sums, value_of
from matchplatform.claims.states import (
    MEMBER_WORKFLOW,
    OPEN_STATES,
    ClaimState,
    MemberAction,
    MemberState,
)
from matchplatform.claims.unusual import find_questions
from matchplatform.claims.waiting import list_waiting_organisation_ids
from matchplatform.claims.waitlist import promote_waiting, take_own_turns
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import (
    AskAgain,
    Conflict,
    IllegalMove,
    StaleVersion,
)
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.i18n import mark
from matchplatform.kernel.reasons import clean_reason
from matchplatform.notifications.services import tell
from matchplatform.organisations.models import Organisation
from matchplatform.organisations.queries import list_member_ids
from matchplatform.projects.models import Project

OFFER = timedelta(days=5)
AT_ONCE = 100
GONE = (MemberState.DECLINED, MemberState.LEFT)


def reserve_jointly(
    *,
    actor: Actor,
    organisation: Organisation,
    partners: list[Organisation],
    project: Project,
    version: int,
    shares: Shares,
    confirmed: bool = False,
) -> Claim:
    """Reserve for several organisations together; the one that acts leads and holds the sum.

    ``shares`` are quantities by organisation id and line id; everybody has one.

    Raises:
        InvalidInput: a share or a sum does not fit; fields are ``share-<organisation>-<line>``.
        AskAgain, Conflict: as for a claim of one's own.
    """
    check(actor, Permission.CLAIM_RESERVE, organisation)
    together = [organisation, *partners]
    waiting = list_waiting_organisation_ids([project.id])
    lock_organisations([*(each.id for each in together), *waiting])
    expire_lapsed(line_ids=[line.id for line in project.lines])
    promote_waiting(project=project, before=organisation)
    check_may_claim(organisation, project)
    if project.version != version:
        raise StaleVersion()
    lines = {line.id: line for line in project.lines}
    sums = checked_sums(together, lines, shares)
    value = sum((lines[key].value_of(amount) for key, amount in sums.items()), Decimal(0))
    check_capacity(organisation, project, value_of(lines, shares[organisation.id]))
    questions = [] if confirmed else find_questions(project, sums, value)
    if questions:
        raise AskAgain(questions)
    hold(project.lines, sums)
    claim = begin_claim(organisation, project, sums)
    claim.members = [
        ClaimMember(
            organisation=each,
            status=MemberState.CONFIRMED if each is organisation else MemberState.INVITED,
            invited_at=clock.now(),
            answered_at=clock.now() if each is organisation else None,
            shares=[
                ClaimShare(line=lines[key], quantity=amount)
                for key, amount in sorted(shares[each.id].items())
            ],
        )
        for each in together
    ]
    take_own_turns(actor=actor, claim=claim)
    for partner in partners:
        _tell(claim, partner.id, mark("%(lead)s 邀请贵会联合认领“%(name)s”，请在预留期内确认。"))
    record_claim(actor, "claim.reserve", claim)
    names = "、".join(partner.name for partner in partners)
    record_claim(actor, "joint.invite", claim, names)
    return claim


def confirm_share(*, actor: Actor, member: ClaimMember, version: int) -> ClaimMember:
    """Promise one's own share of a joint claim."""
    claim = _open_claim(actor, member, version)
    status = MEMBER_WORKFLOW.after(member.status, MemberAction.CONFIRM)
    if member.organisation.hindrance is not None:
        raise Conflict(member.organisation.hindrance)
    check_capacity(member.organisation, claim.project, member.value)
    member.status = status
    member.answered_at = clock.now()
    _touch(claim)
    _tell(
        claim,
        claim.organisation_id,
        mark("%(who)s 已确认联合认领“%(name)s”。"),
        member.organisation,
    )
    record_claim(actor, "joint.confirm", claim)
    return member


def decline_share(*, actor: Actor, member: ClaimMember, version: int, reason: str) -> ClaimMember:
    """Say no to an invitation; the share is offered to the others."""
    return _go(actor, member, version, MemberAction.DECLINE, reason)


def leave_jointly(*, actor: Actor, member: ClaimMember, version: int, reason: str) -> ClaimMember:
    """Leave a joint claim before signing; the share is offered to the others first."""
    return _go(actor, member, version, MemberAction.LEAVE, reason)


def take_over(*, actor: Actor, member: ClaimMember, gone: ClaimMember, version: int) -> ClaimMember:
    """Take for ``member`` the shares of one that has gone, whole."""
    claim = _open_claim(actor, member, version)
    if member.status is not MemberState.CONFIRMED:
        raise Conflict(_("先确认自己的份额，才能接下别的份额。"))
    if member.organisation.hindrance is not None:
        raise Conflict(member.organisation.hindrance)
    if gone.claim_id != claim.id or not gone.is_offered:
        raise IllegalMove()
    check_capacity(member.organisation, claim.project, gone.value)
    mine = {share.line_id: share for share in member.shares}
    for share in list(gone.shares):
        if share.line_id in mine:
            mine[share.line_id].quantity += share.quantity
        else:
            member.shares.append(ClaimShare(line=share.line, quantity=share.quantity))
    gone.shares.clear()
    _touch(claim)
    _tell_all(claim, mark("%(who)s 接下了“%(name)s”联合认领中退出的份额。"), member.organisation)
    record_claim(actor, "joint.take_over", claim, gone.organisation.name)
    return member


def give_back(*, actor: Actor, gone: ClaimMember, version: int) -> Claim:
    """Free for the lead what a member that has gone had taken, before the offer runs out."""
    claim = gone.claim
    check(actor, Permission.CLAIM_HANDLE, claim)
    check_current(claim, version)
    return _free_offered(actor, gone)


def free_lapsed_offers() -> int:
    """Free the shares that nobody took in time; return how many members they were of."""
    found = db.session.scalars(
        select(ClaimMember)
        .join(ClaimMember.claim)
        .where(
            ClaimMember.status.in_(GONE),
            ClaimMember.offered_until <= clock.now(),
            ClaimMember.shares.any(),
            Claim.status.in_(OPEN_STATES),
        )
        .order_by(ClaimMember.claim_id, ClaimMember.id)
        .limit(AT_ONCE)
        .with_for_update(of=Claim)
    ).all()
    lock_lines_of({gone.claim_id: gone.claim for gone in found}.values())
    for gone in found:
        check(SYSTEM, Permission.CLAIM_EXPIRE, gone.claim)
        _free_offered(SYSTEM, gone)
    return len(found)


def _go(
    actor: Actor, member: ClaimMember, version: int, action: MemberAction, reason: str
) -> ClaimMember:
    _open_claim(actor, member, version)
    if member.is_lead:
        raise Conflict(_("牵头单位不能单独退出，可以撤回整笔认领。"))
    status = MEMBER_WORKFLOW.after(member.status, action)
    return depart(actor=actor, member=member, status=status, reason=clean_reason(reason))


def depart(*, actor: Actor, member: ClaimMember, status: MemberState, reason: str) -> ClaimMember:
    """Let a member go and offer its share to the others; part of a verb."""
    claim = member.claim
    member.reason = reason
    member.status = status
    member.answered_at = clock.now()
    until = clock.end_of_day(clock.today() + OFFER)
    is_reserved = claim.status is ClaimState.RESERVED
    member.offered_until = min(until, claim.hold_until) if is_reserved else until
    _touch(claim)
    template = mark("%(who)s 退出了“%(name)s”的联合认领，它的份额先由其他成员接：%(reason)s")
    _tell_all(claim, template, member.organisation, member.reason)
    if not is_reserved:
        tell(
            list_deciding_officer_ids(claim.region_code),
            template,
            f"/claims/{claim.id}",
            lead=claim.organisation.name,
            who=member.organisation.name,
            name=claim.project.name,
            reason=member.reason,
        )
    action = MemberAction.DECLINE if status is MemberState.DECLINED else MemberAction.LEAVE
    record_claim(actor, f"joint.{action}", claim, member.reason)
    return member


def _free_offered(actor: Actor, gone: ClaimMember) -> Claim:
    claim = gone.claim
    if not claim.is_open or not gone.is_offered:
        raise IllegalMove()
    parts = {part.line_id: part for part in claim.lines}
    for share in sorted(gone.shares, key=lambda share: share.line_id):
        part = parts[share.line_id]
        give(share.line, share.quantity)
        if part.quantity == share.quantity:
            claim.lines.remove(part)
            db.session.delete(part)
        else:
            part.quantity -= share.quantity
    gone.shares.clear()
    _touch(claim)
    _tell_all(claim, mark("“%(name)s”联合认领中 %(who)s 退出的份额已放回项目。"), gone.organisation)
    record_claim(actor, "joint.give_back", claim, gone.organisation.name)
    return claim


def _open_claim(actor: Actor, member: ClaimMember, version: int) -> Claim:
    claim = member.claim
    check(actor, Permission.CLAIM_HANDLE, member)
    lock_organisations([member.organisation_id])
    check_current(claim, version)
    if not claim.is_open:
        raise IllegalMove()
    return claim


def _touch(claim: Claim) -> None:
    # Members and shares alone would leave the claim's row, and so its version, as it was.
    flag_modified(claim, "message")


def _tell_all(claim: Claim, template: str, who: Organisation, reason: str = "") -> None:
    tell(
        list_party_user_ids(claim),
        template,
        f"/claims/{claim.id}",
        lead=claim.organisation.name,
        who=who.name,
        name=claim.project.name,
        reason=reason,
    )


def _tell(
    claim: Claim, organisation_id: int, template: str, who: Organisation | None = None
) -> None:
    tell(
        list_member_ids(organisation_id),
        template,
        f"/claims/{claim.id}",
        lead=claim.organisation.name,
        who=who.name if who else "",
        name=claim.project.name,
    )
