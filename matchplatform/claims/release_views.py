"""Requests to release, in the browser: ask, answer for the holder, refuse for the county."""

from flask import flash, redirect, request, url_for

from matchplatform.access import once
from matchplatform.access.current import current_actor
from matchplatform.access.guards import requires
from matchplatform.access.policy import Permission
from matchplatform.claims import release
from matchplatform.claims.answers import Answer, own_organisation, said_by
from matchplatform.claims.blueprint import bp
from matchplatform.claims.page import claim_page
from matchplatform.claims.queries import get_claim
from matchplatform.claims.requests import get_request, get_silent_claim
from matchplatform.claims.waitlist_views import waitlist_page
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Conflict, InvalidInput, KeyReused
from matchplatform.kernel.i18n import gettext
from matchplatform.kernel.paging import read_version


@bp.post("/claims/<int:claim_id>/release-request")
@requires(Permission.CLAIM_RESERVE)
def ask_release(claim_id: int) -> Answer:
    """Ask the county to free what a silent holder holds."""
    actor = current_actor()
    words = request.form.get("words", "")
    try:
        earlier = once.earlier_answer(actor)
    except KeyReused as error:
        number = get_silent_claim(claim_id).project.number
        return waitlist_page(
            actor, number, status=422, asked=claim_id, typed=words, problem=error.words
        )
    if earlier:
        return redirect(earlier, 303)
    claim = get_silent_claim(claim_id)
    number = claim.project.number
    try:
        release.ask_release(
            actor=actor, organisation=own_organisation(actor), claim=claim, reason=words
        )
    except (InvalidInput, Conflict) as error:
        db.session.rollback()
        said, status = said_by(error)
        return waitlist_page(
            actor, number, status=status, asked=claim_id, typed=words, problem=said
        )
    url = url_for("claims.show_waitlist", number=number)
    once.remember_answer(actor, url)
    db.session.commit()
    flash(gettext("已告诉县民政局和持有的社会组织，县里决定后会通知您。"), "ok")
    return redirect(url, 303)


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
    try:
        if step == "answer":
            release.answer_request(actor=actor, request=asked, version=version, answer=words)
        else:
            release.refuse_request(actor=actor, request=asked, version=version, reason=words)
    except (InvalidInput, Conflict) as error:
        db.session.rollback()
        said, status = said_by(error)
        return claim_page(actor, get_claim(actor, claim_id), step, words, said), status
    db.session.commit()
    flash(gettext("已记下，已通知有关各方。"), "ok")
    return redirect(url_for("claims.show", claim_id=claim_id), 303)
