"""Offers beside the lines that they fit: for the organisation, and for officers who invite it."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matchplatform.access import once
from matchplatform.access.actor import Actor
from matchplatform.access.current import current_actor
from matchplatform.access.guards import requires
from matchplatform.access.policy import Permission, check, permits
from matchplatform.audit.actions import tell_history
from matchplatform.audit.queries import list_history
from matchplatform.invitations.models import LONGEST_WORDS
from matchplatform.invitations.queries import list_from_offer
from matchplatform.invitations.services import invite_organisation
from matchplatform.invitations.states import STATE_WORDS
from matchplatform.kernel.db import db, reading_aside
from matchplatform.kernel.errors import Conflict, InvalidInput, KeyReused, NotFound
from matchplatform.kernel.i18n import Words, gettext
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.paging import read_version
from matchplatform.matching.supply import (
    SupplyRow,
    current_matcher,
    find_fit,
    list_fits_here,
    list_own_fits,
)
from matchplatform.matching.supply_words import GRADE_WORDS, PART_WORDS, say_part
from matchplatform.offers.queries import get_offer, get_own_offer
from matchplatform.offers.states import OUTCOME_WORDS
from matchplatform.projects.models import ProjectLine
from matchplatform.projects.queries import get_project

bp = Blueprint("supply", __name__)

Answer = str | Response | tuple[str, int]


@bp.get("/my/offers/<int:offer_id>")
@requires(Permission.OFFER_HANDLE)
def own_offer(offer_id: int) -> str:
    """Show an organisation its offer, and the lines that it fits."""
    actor = current_actor()
    offer = get_own_offer(actor, offer_id)
    return render_template(
        "matching/own_offer.html",
        offer=offer,
        rows=list_own_fits(actor, offer),
        story=tell_history(list_history("offer", offer.id)),
        **_words(),
    )


@bp.get("/desk/offers/<int:offer_id>")
@requires(Permission.OFFER_READ)
def desk_offer(offer_id: int) -> str:
    """Show an officer an offer, the lines of the region that it fits, and what came of it."""
    chosen = read_version(request.args.get("line"))
    return _desk_page(current_actor(), offer_id, chosen=chosen)


@bp.post("/desk/offers/<int:offer_id>/invite")
@requires(Permission.ORGANISATION_INVITE)
def invite(offer_id: int) -> Answer:
    """Invite the organisation to claim one of the lines."""
    actor = current_actor()
    with reading_aside():
        # What is open is read into memory, which takes long after a change.
        current_matcher()
    offer = get_offer(actor, offer_id)
    line_id = read_version(request.form.get("line_id"))
    words = request.form.get("words", "")
    try:
        earlier = once.earlier_answer(actor)
        if earlier:
            return redirect(earlier, 303)
        row = _fit_of(actor, find_fit(offer, line_id))
        project = get_project(actor, row.fit.line.number)
        invite_organisation(
            actor=actor,
            project=project,
            organisation=offer.organisation,
            words=words,
            reasons=[str(reason) for reason in row.reasons],
            line=_line_of(project.lines, line_id),
            offer=offer,
        )
    except (InvalidInput, Conflict, KeyReused) as error:
        db.session.rollback()
        problem = error.words
        if isinstance(error, InvalidInput):
            problem = next(iter(error.fields.values()), error.words)
        status = {InvalidInput: 400, KeyReused: 422}.get(type(error), 409)
        return _desk_page(actor, offer_id, line_id, words, problem), status
    name = offer.organisation.name
    url = url_for(".desk_offer", offer_id=offer_id)
    once.remember_answer(actor, url)
    db.session.commit()
    flash(gettext("已邀请 %(name)s，对方答复会通知您。", name=name), "ok")
    return redirect(url, 303)


def _fit_of(actor: Actor, row: SupplyRow | None) -> SupplyRow:
    if row is None:
        raise Conflict(_("这个条目现在和这份意向对不上了，可能刚被别人认领。"))
    check(actor, Permission.ORGANISATION_INVITE, row.fit.line)
    return row


def _line_of(lines: list[ProjectLine], line_id: int) -> ProjectLine:
    for line in lines:
        if line.id == line_id:
            return line
    raise NotFound()


def _desk_page(
    actor: Actor,
    offer_id: int,
    chosen: int = 0,
    typed: str | None = None,
    problem: Words | None = None,
) -> str:
    """Show the officers' page; ``problem`` stands at the form of the ``chosen`` line."""
    offer = get_offer(actor, offer_id)
    rows = list_fits_here(actor, offer)
    return render_template(
        "matching/desk_offer.html",
        offer=offer,
        rows=rows,
        may_invite={
            row.fit.line.id
            for row in rows
            if permits(actor, Permission.ORGANISATION_INVITE, row.fit.line)
        },
        invited=list_from_offer(actor, offer),
        state_words=STATE_WORDS,
        story=tell_history(list_history("offer", offer.id)),
        chosen=chosen,
        typed=typed,
        problem=problem,
        longest=LONGEST_WORDS,
        **_words(),
    )


def _words() -> dict[str, object]:
    return {
        "grade_words": GRADE_WORDS,
        "part_words": PART_WORDS,
        "outcome_words": OUTCOME_WORDS,
        "say_part": say_part,
    }
