"""Verbs about silent holders: release, ask for it, answer, refuse, settle."""

from matchplatform.access.actor import Actor
from matchplatform.access.policy import Permission, check
from matchplatform.accounts.queries import list_deciding_officer_ids
from matchplatform.claims.asked import HOLDER_DAYS, ReleaseRequest
from matchplatform.claims.checks import check_accepts, check_current
from matchplatform.claims.holds import free, record_claim
from matchplatform.claims.locks import lock_claim
from matchplatform.claims.models import Claim
from matchplatform.claims.queries import list_party_user_ids
from matchplatform.claims.requests import find_open_request, has_asked
from matchplatform.claims.states import ASK_WORKFLOW, WORKFLOW, AskAction, AskState, ClaimAction
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Conflict, StaleVersion
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.i18n import mark
from matchplatform.kernel.reasons import clean_reason
from matchplatform.notifications.services import tell
from matchplatform.organisations.models import Organisation
from matchplatform.organisations.queries import list_member_ids


def release_claim(*, actor: Actor, claim: Claim, version: int, reason: str) -> Claim:
    """Free for the county what a claim has held too long; a request waits for the holder first.

    Source: DOMAIN.md: accepted and unsigned for 60 days goes to the county to release.

    Raises:
        Conflict: it has not stood long enough, or the holder may still answer a request.
    """
    check(actor, Permission.CLAIM_DECIDE, claim)
    check_current(claim, version)
    status = WORKFLOW.after(claim.status, ClaimAction.RELEASE)
    request = find_open_request(claim.id)
    if not claim.is_silent:
        raise Conflict(_("受理满 60 天没有签约、提交满 10 天没有答复的认领，才能放回。"))
    if request is not None and not request.is_ripe:
        raise Conflict(_("持有的社会组织还在答复期内，请等它答复或期满再放回。"))
    claim.reason = clean_reason(reason)
    claim.status = status
    claim.ended_at = clock.now()
    free(claim)
    tell(
        list_party_user_ids(claim),
        mark("县里已把贵会对“%(name)s”的认领放回项目：%(reason)s"),
        f"/claims/{claim.id}",
        name=claim.project.name,
        reason=claim.reason,
    )
    if request is not None:
        _decide(request, AskAction.GRANT, claim.reason)
        _tell_asker(request, mark("您问到的“%(name)s”的条目，县里已放回项目，可以去认领。"))
    record_claim(actor, "claim.release", claim, claim.reason)
    return claim


def ask_release(
    *, actor: Actor, organisation: Organisation, claim: Claim, reason: str
) -> ReleaseRequest:
    """Ask the county to free what a silent holder holds; the holder may answer for seven days.

    Raises:
        Conflict: one's own claim, one that moves, or one about which somebody has asked.
    """
    check(actor, Permission.CLAIM_RESERVE, organisation)
    check_accepts(organisation, claim.project)
    lock_claim(claim)
    if claim.organisation_id == organisation.id:
        raise Conflict(_("这是贵会自己的认领，不需要了可以撤回。"))
    if not claim.is_silent:
        raise Conflict(_("这笔认领还在正常期限内。"))
    if find_open_request(claim.id) is not None:
        raise Conflict(_("已经有社会组织问过，县里正在处理。"))
    if has_asked(organisation.id, claim.id):
        raise Conflict(_("贵会问过这一笔，县里已经答复。"))
    request = ReleaseRequest(
        claim=claim,
        organisation=organisation,
        status=AskState.OPEN,
        reason=clean_reason(reason),
        asked_at=clock.now(),
    )
    db.session.add(request)
    tell(
        list_deciding_officer_ids(claim.region_code),
        mark("%(organisation)s 请求放回“%(name)s”上长期没有动静的认领：%(reason)s"),
        f"/claims/{claim.id}",
        organisation=organisation.name,
        name=claim.project.name,
        reason=request.reason,
    )
    tell(
        list_party_user_ids(claim),
        mark("有社会组织请县里放回贵会对“%(name)s”的认领，请在 %(days)s 天内答复。"),
        f"/claims/{claim.id}",
        name=claim.project.name,
        days=str(HOLDER_DAYS),
    )
    record_claim(actor, "release.ask", claim, request.reason)
    return request


def answer_request(
    *, actor: Actor, request: ReleaseRequest, version: int, answer: str
) -> ReleaseRequest:
    """Answer for the holder, once and within the seven days."""
    check(actor, Permission.CLAIM_HANDLE, request.claim)
    _check_version(request, version)
    request.status = ASK_WORKFLOW.after(request.status, AskAction.ANSWER)
    if request.is_ripe:
        raise Conflict(_("已经答复过，或答复期已过，由县里决定。"))
    request.answer = clean_reason(answer)
    request.answered_at = clock.now()
    tell(
        list_deciding_officer_ids(request.region_code),
        mark("%(organisation)s 答复了放回“%(name)s”的请求：%(answer)s"),
        f"/claims/{request.claim_id}",
        organisation=request.claim.organisation.name,
        name=request.claim.project.name,
        answer=request.answer,
    )
    record_claim(actor, "release.answer", request.claim, request.answer)
    return request


def refuse_request(
    *, actor: Actor, request: ReleaseRequest, version: int, reason: str
) -> ReleaseRequest:
    """Let the holder keep the claim, with a reason for whoever asked."""
    check(actor, Permission.CLAIM_DECIDE, request.claim)
    _check_version(request, version)
    ASK_WORKFLOW.after(request.status, AskAction.REFUSE)
    _decide(request, AskAction.REFUSE, clean_reason(reason))
    _tell_asker(request, mark("您请求放回的“%(name)s”的条目，县里决定维持：%(reason)s"))
    tell(
        list_member_ids(request.claim.organisation_id),
        mark("县里决定维持贵会对“%(name)s”的认领，请尽快签约。"),
        f"/claims/{request.claim_id}",
        name=request.claim.project.name,
    )
    record_claim(actor, "release.refuse", request.claim, request.decision)
    return request


def settle_request(*, actor: Actor, claim: Claim) -> None:
    """End a request whose claim has moved by itself: answered by the county or withdrawn."""
    request = find_open_request(claim.id)
    if request is None:
        return
    _decide(request, AskAction.SETTLE, "")
    _tell_asker(request, mark("您问到的“%(name)s”的认领已有进展，请到项目页查看。"))
    record_claim(actor, "release.settle", claim)


def _decide(request: ReleaseRequest, action: AskAction, decision: str) -> None:
    request.status = ASK_WORKFLOW.after(request.status, action)
    request.decision = decision
    request.decided_at = clock.now()


def _check_version(request: ReleaseRequest, version: int) -> None:
    if request.version != version:
        raise StaleVersion()


def _tell_asker(request: ReleaseRequest, template: str) -> None:
    project = request.claim.project
    tell(
        list_member_ids(request.organisation_id),
        template,
        f"/projects/{project.number}",
        name=project.name,
        reason=request.decision,
    )
