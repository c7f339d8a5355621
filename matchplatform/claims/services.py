"""Verbs of claims: reserve, extend, submit, accept, decline, withdraw."""

from collections.abc import Mapping
from decimal import Decimal

from matchplatform.access.actor import Actor
from matchplatform.access.policy import Permission, check
from matchplatform.accounts.queries import list_deciding_officer_ids
from matchplatform.claims.capacity import check_capacity
from matchplatform.claims.checks import (
    LONGEST_MESSAGE,
    check_all_in,
    check_current,
    check_may_claim,
    check_quantities,
)
from matchplatform.claims.holds import (
    HOLD,
    begin_claim,
    expire_lapsed,
    free,
    hold,
    record_claim,
)
from matchplatform.claims.locks import lock_organisations
from matchplatform.claims.models import Claim
from matchplatform.claims.queries import list_party_user_ids
from matchplatform.claims.release import settle_request
from matchplatform.claims.states import WORKFLOW, ClaimAction, ClaimState
from matchplatform.claims.unusual import find_questions
from matchplatform.claims.waiting import list_waiting_organisation_ids
from matchplatform.claims.waitlist import promote_waiting, take_own_turns
from matchplatform.kernel import clock
from matchplatform.kernel.errors import AskAgain, Conflict, InvalidInput, StaleVersion
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.i18n import mark
from matchplatform.kernel.money import format_wan
from matchplatform.kernel.reasons import clean_reason
from matchplatform.kernel.text import tidy
from matchplatform.notifications.services import tell
from matchplatform.organisations.models import Organisation
from matchplatform.projects.models import Project
from matchplatform.projects.states import ProjectState
from matchplatform.regions.divisions import unit_of_prefix


def reserve_claim(
    *,
    actor: Actor,
    organisation: Organisation,
    project: Project,
    version: int,
    quantities: Mapping[int, Decimal],
    confirmed: bool = False,
) -> Claim:
    """Reserve quantities of a project's lines for fourteen days.

    ``quantities`` are by line id, in the line's unit; ``confirmed`` is the second yes to what is
    out of the ordinary.

    Raises:
        InvalidInput: a quantity does not fit its line.
        AskAgain: out of the ordinary and not yet confirmed.
        NothingLeft: another organisation was quicker.
        OverCapacity: more than the organisation's budget bears.
        Conflict: the organisation or the project may not be claimed by or from just now.
    """
    check(actor, Permission.CLAIM_RESERVE, organisation)
    lock_organisations([organisation.id, *list_waiting_organisation_ids([project.id])])
    # What has lapsed is free for whoever comes next, even while the worker is down.
    expire_lapsed(line_ids=[line.id for line in project.lines])
    # What is free belongs first to those who waited for it.
    promote_waiting(project=project, before=organisation)
    check_may_claim(organisation, project)
    if project.version != version:
        raise StaleVersion()
    lines = {line.id: line for line in project.lines}
    check_quantities(lines, quantities)
    value = sum((lines[key].value_of(amount) for key, amount in quantities.items()), Decimal(0))
    check_capacity(organisation, project, value)
    questions = [] if confirmed else find_questions(project, quantities, value)
    if questions:
        raise AskAgain(questions)
    hold(project.lines, quantities)
    claim = begin_claim(organisation, project, quantities)
    take_own_turns(actor=actor, claim=claim)
    record_claim(actor, "claim.reserve", claim)
    return claim


def extend_claim(*, actor: Actor, claim: Claim, version: int) -> Claim:
    """Hold a reservation for fourteen days more, once."""
    check(actor, Permission.CLAIM_HANDLE, claim)
    check_current(claim, version)
    claim.status = WORKFLOW.after(claim.status, ClaimAction.EXTEND)
    if claim.promoted:
        raise Conflict(_("候补轮到的预留不能延期，请在期限内提交。"))
    if claim.extended:
        raise Conflict(_("预留只能延期一次。"))
    claim.extended = True
    claim.hold_until = clock.end_of_day(claim.last_day + HOLD)
    record_claim(actor, "claim.extend", claim)
    return claim


def submit_claim(*, actor: Actor, claim: Claim, version: int, message: str) -> Claim:
    """Hand a reserved claim to the county, with a message."""
    check(actor, Permission.CLAIM_HANDLE, claim)
    check_current(claim, version)
    status = WORKFLOW.after(claim.status, ClaimAction.SUBMIT)
    # A suspended project takes no new claims, but the days of a reservation run on.
    if claim.project.status is ProjectState.CLOSED:
        raise Conflict(_("这个项目已关闭，现在不能提交；预留可以撤回。"))
    check_all_in(claim)
    message = tidy(message)
    if len(message) > LONGEST_MESSAGE:
        raise InvalidInput(fields={"message": _("留言最多 500 个字。")})
    claim.status = status
    claim.message = message
    claim.submitted_at = clock.now()
    tell(
        list_deciding_officer_ids(claim.region_code),
        mark("%(organisation)s认领“%(name)s”（%(value)s 万元），等您受理。"),
        f"/claims/{claim.id}",
        organisation=claim.organisation.name,
        name=claim.project.name,
        value=format_wan(claim.value),
    )
    record_claim(actor, "claim.submit", claim)
    return claim


def accept_claim(*, actor: Actor, claim: Claim, version: int) -> Claim:
    """Accept a submitted claim for the county."""
    check(actor, Permission.CLAIM_DECIDE, claim)
    check_current(claim, version)
    status = WORKFLOW.after(claim.status, ClaimAction.ACCEPT)
    check_all_in(claim)
    claim.status = status
    claim.decided_at = clock.now()
    _tell_members(claim, mark("%(unit)s已受理贵会对“%(name)s”的认领，接下来签约。"), actor)
    settle_request(actor=actor, claim=claim)
    record_claim(actor, "claim.accept", claim)
    return claim


def decline_claim(*, actor: Actor, claim: Claim, version: int, reason: str) -> Claim:
    """Decline a submitted claim with a reason and free what it held."""
    check(actor, Permission.CLAIM_DECIDE, claim)
    check_current(claim, version)
    status = WORKFLOW.after(claim.status, ClaimAction.DECLINE)
    claim.reason = clean_reason(reason)
    claim.status = status
    claim.decided_at = claim.ended_at = clock.now()
    free(claim)
    _tell_members(claim, mark("%(unit)s没有受理贵会对“%(name)s”的认领：%(reason)s"), actor)
    settle_request(actor=actor, claim=claim)
    record_claim(actor, "claim.decline", claim, claim.reason)
    return claim


def withdraw_claim(*, actor: Actor, claim: Claim, version: int, reason: str) -> Claim:
    """Withdraw a claim before signing and free what it held; once submitted, a reason is due."""
    check(actor, Permission.CLAIM_HANDLE, claim)
    check_current(claim, version)
    status = WORKFLOW.after(claim.status, ClaimAction.WITHDRAW)
    was_submitted = claim.status is not ClaimState.RESERVED
    claim.reason = clean_reason(reason, needed=was_submitted)
    claim.status = status
    claim.ended_at = clock.now()
    free(claim)
    if was_submitted:
        tell(
            list_deciding_officer_ids(claim.region_code),
            mark("%(organisation)s撤回了对“%(name)s”的认领：%(reason)s"),
            f"/claims/{claim.id}",
            organisation=claim.organisation.name,
            name=claim.project.name,
            reason=claim.reason,
        )
    settle_request(actor=actor, claim=claim)
    record_claim(actor, "claim.withdraw", claim, claim.reason)
    return claim


def _tell_members(claim: Claim, template: str, actor: Actor) -> None:
    tell(
        list_party_user_ids(claim),
        template,
        f"/claims/{claim.id}",
        name=claim.project.name,
        reason=claim.reason,
        unit=unit_of_prefix(actor.region_prefix),
    )
