"""Requests to release, in the browser: ask, answer for the holder, refuse for the county."""

from flask import request, url_for

from matchplatform.access.answers import Answer, done_once, said_by
from matchplatform.access.current import current_actor
from matchplatform.access.guards import requires
from matchplatform.access.policy import Permission
from matchplatform.claims import release
from matchplatform.claims.answers import own_organisation
from matchplatform.claims.blueprint import bp
from matchplatform.claims.page import claim_page_again
from matchplatform.claims.requests import get_request, get_silent_claim
from matchplatform.claims.waitlist_views import waitlist_page
from matchplatform.kernel.errors import DomainError
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.paging import read_version


@bp.post("/claims/<int:claim_id>/release-request")
@requires(Permission.CLAIM_RESERVE)
def ask_release(claim_id: int) -> Answer:
    """Ask the county to free what a silent holder holds."""
    actor = current_actor()
    words = request.form.get("words", "")
    seen: list[str] = []

    def ask() -> str:
        claim = get_silent_claim(claim_id)
        seen.append(claim.project.number)
        release.ask_release(
            actor=actor, organisation=own_organisation(actor), claim=claim, reason=words
        )
        return url_for("claims.show_waitlist", number=claim.project.number)

    def again(error: DomainError) -> Answer:
        # The claim may have moved on meanwhile, and is then nobody else's business any more.
        number = seen[0] if seen else get_silent_claim(claim_id).project.number
        said, status = said_by(error)
        return waitlist_page(
            actor, number, status=status, asked=claim_id, typed=words, problem=said
        )

    return done_once(actor, ask, again, _("已告诉县民政局和持有的社会组织，县里决定后会通知您。"))


@bp.post("/release-requests/<int:request_id>/answer")
@requires(Permission.CLAIM_HANDLE)
def answer_request(request_id: int) -> Answer:
    """Answer a request for the holder."""
    return _on_request(request_id, "answer")


@bp.post("/release-requests/<int:request_id>/refuse")
@requires(Permission.CLAIM_DECIDE)
def refuse_request(request_id: int) -> Answer:
    """Let the holder keep the claim."""
    return _on_request(request_id, "refuse")


def _on_request(request_id: int, step: str) -> Answer:
    actor = current_actor()
    asked = get_request(actor, request_id)
    claim_id = asked.claim_id
    version = read_version(request.form.get("version"))
    words = request.form.get("words", "")

    def act() -> str:
        if step == "answer":
            release.answer_request(actor=actor, request=asked, version=version, answer=words)
        else:
            release.refuse_request(actor=actor, request=asked, version=version, reason=words)
        return url_for("claims.show", claim_id=claim_id)

    again = claim_page_again(actor, claim_id, step, words)
    return done_once(actor, act, again, _("已记下，已通知有关各方。"))
