"""The page of one claim, as it is shown and shown again."""

from flask import render_template, url_for

from matchplatform.access.actor import Actor
from matchplatform.access.answers import Again, Answer, said_by
from matchplatform.access.policy import Permission, permits
from matchplatform.audit.queries import list_history
from matchplatform.claims.asked import ReleaseRequest
from matchplatform.claims.models import ANSWER_DAYS, Claim
from matchplatform.claims.partners import find_own_member
from matchplatform.claims.queries import count_states_of, get_claim
from matchplatform.claims.requests import find_open_request
from matchplatform.claims.states import WORKFLOW, ClaimAction
from matchplatform.claims.story import tell_story
from matchplatform.claims.threads import read_thread
from matchplatform.kernel.errors import DomainError, KeyReused
from matchplatform.kernel.i18n import Words

# Done on the page of the agreement and at a ceremony.
ELSEWHERE = frozenset({ClaimAction.SIGN, ClaimAction.UNSIGN, ClaimAction.EXPIRE})
COUNTY_ACTIONS = (ClaimAction.ACCEPT, ClaimAction.DECLINE, ClaimAction.RELEASE)


def claim_page(
    actor: Actor,
    claim: Claim,
    tried: str | None = None,
    typed: str = "",
    problem: Words | None = None,
    earlier: str = "",
    messages: int | None = None,
) -> str:
    """Show a claim; ``problem`` stands at the form that was ``tried``, with what was ``typed``.

    ``earlier`` is where an earlier sending of the same form led; ``messages`` the page of the
    thread, the last by default.
    """
    request = find_open_request(claim.id)
    return render_template(
        "claims/claim.html",
        claim=claim,
        ask=request,
        allowed=_allowed(actor, claim, request),
        tried=tried,
        typed=typed,
        problem=problem,
        earlier=earlier,
        thread=read_thread(actor, claim, messages),
        thread_href=lambda number: url_for(
            "claims.show", claim_id=claim.id, messages=number, _anchor="messages"
        ),
        story=tell_story(claim, list_history("claim", claim.id)),
        answer_days=ANSWER_DAYS,
        counts=count_states_of(claim.organisation_id),
        own=find_own_member(claim, actor.organisation_ids),
        lead_here=permits(actor, Permission.CLAIM_HANDLE, claim),
        may_answer=request is not None
        and not request.is_ripe
        and permits(actor, Permission.CLAIM_HANDLE, claim),
        may_decide=permits(actor, Permission.CLAIM_DECIDE, claim),
    )


def claim_page_again(actor: Actor, claim_id: int, tried: str, typed: str) -> Again:
    """Return what shows a claim again with why the form that was ``tried`` was refused."""

    def again(error: DomainError) -> Answer:
        claim = get_claim(actor, claim_id)
        if isinstance(error, KeyReused):
            return claim_page(actor, claim, tried, typed, earlier=error.answer), 422
        said, status = said_by(error)
        return claim_page(actor, claim, tried, typed, said), status

    return again


def _allowed(actor: Actor, claim: Claim, request: ReleaseRequest | None) -> set[ClaimAction]:
    allowed = {
        action
        for action in WORKFLOW.actions(claim.status)
        if action not in ELSEWHERE
        and permits(actor, _permission_of(action), claim)
        and not claim.has_lapsed
    }
    if claim.extended or claim.promoted:
        allowed.discard(ClaimAction.EXTEND)
    if not claim.is_silent or (request is not None and not request.is_ripe):
        allowed.discard(ClaimAction.RELEASE)
    return allowed


def _permission_of(action: ClaimAction) -> Permission:
    return Permission.CLAIM_DECIDE if action in COUNTY_ACTIONS else Permission.CLAIM_HANDLE
