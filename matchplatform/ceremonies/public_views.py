"""Ceremonies for everybody, for the invited, and for whoever holds an invitation."""

from flask import make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from matchplatform.access.actor import Actor
from matchplatform.access.answers import Answer, done_once
from matchplatform.access.current import current_actor
from matchplatform.access.guards import public, requires
from matchplatform.access.policy import Permission
from matchplatform.ceremonies import answering, listing, queries
from matchplatform.ceremonies.blueprint import bp
from matchplatform.ceremonies.forms import NOTHING, Refusal, read_people, refusal_of
from matchplatform.ceremonies.models import CeremonyGuest
from matchplatform.ceremonies.rows import add_up, read_rows
from matchplatform.ceremonies.states import OPEN_STATES, PAST_STATES
from matchplatform.kernel.errors import DomainError
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.paging import page_number, read_version

_ANSWERED = _("答复已收到。要改，到大会当天以前都可以再来。")


@bp.get("/ceremonies")
@public
def public_list() -> Answer:
    """List the ceremonies that are announced, and what was signed at those that are over."""
    page = listing.list_public(page_number(request.args.get("page")))
    return render_template("ceremonies/public_list.html", page=page)


@bp.get("/ceremonies/<int:ceremony_id>")
@public
def public_one(ceremony_id: int) -> Answer:
    """Show one: when and where, and once it is locked who signs what."""
    ceremony = queries.get_public_ceremony(ceremony_id)
    rows = read_rows(ceremony.id, ceremony.grouping)
    # What is being gathered may still change; what is off was never signed.
    shown = [] if ceremony.status in OPEN_STATES else rows
    return render_template(
        "ceremonies/public_one.html",
        ceremony=ceremony,
        rows=shown,
        signed=add_up(row for row in rows if row.is_signed),
        waiting=add_up(row for row in rows if row.can_be_signed),
        day=queries.read_timetable(ceremony, rows),
        is_over=ceremony.status in PAST_STATES,
        snapshots=queries.list_snapshots(ceremony.id),
    )


@bp.get("/my/ceremonies")
@requires(Permission.CEREMONY_ANSWER)
def mine() -> Answer:
    """List what one's own organisation is invited to."""
    actor = current_actor()
    return render_template(
        "ceremonies/mine.html",
        page=listing.list_own(actor, page_number(request.args.get("page"))),
        waiting=listing.count_own_waiting(actor),
    )


@bp.get("/my/ceremonies/<int:ceremony_id>")
@requires(Permission.CEREMONY_ANSWER)
def mine_one(ceremony_id: int) -> Answer:
    """Show an invitation of one's own organisation with the form to answer it."""
    return _own_page(current_actor(), ceremony_id)


@bp.post("/my/ceremonies/<int:ceremony_id>/<any(coming,declining):step>")
@requires(Permission.CEREMONY_ANSWER)
def answer(ceremony_id: int, step: str) -> Answer:
    """Answer for one's own organisation."""
    actor = current_actor()
    guest = queries.get_own_guest(actor, ceremony_id)

    def answer_it() -> str:
        answering.answer_invitation(
            actor=actor,
            guest=guest,
            version=read_version(request.form.get("version")),
            coming=step == "coming",
            people=read_people(with_seats=False),
            said=request.form.get("words", ""),
        )
        return url_for("ceremonies.mine_one", ceremony_id=ceremony_id)

    def again(error: DomainError) -> Answer:
        refusal, status = refusal_of(error, step)
        return _own_page(actor, ceremony_id, refusal), status

    return done_once(actor, answer_it, again, _ANSWERED)


@bp.get("/invited/<token>")
@public
def invited(token: str) -> Response:
    """Show an invitation to whoever holds it."""
    return _private(_invited_page(queries.get_guest_by_token(token)))


@bp.post("/invited/<token>/<any(coming,declining):step>")
@public
def answer_invited(token: str, step: str) -> Response:
    """Answer as whoever holds an invitation."""
    guest = queries.get_guest_by_token(token)

    def answer_it() -> str:
        answering.answer_as_bearer(
            token=token,
            guest=guest,
            version=read_version(request.form.get("version")),
            coming=step == "coming",
            people=read_people(with_seats=False),
            said=request.form.get("words", ""),
        )
        return url_for("ceremonies.invited", token=token)

    def again(error: DomainError) -> Answer:
        refusal, status = refusal_of(error, step)
        return _invited_page(queries.get_guest_by_token(token), refusal), status

    return _private(done_once(current_actor(), answer_it, again, _ANSWERED))


def _own_page(actor: Actor, ceremony_id: int, refusal: Refusal = NOTHING) -> str:
    return _guest_page(
        "ceremonies/mine_one.html", queries.get_own_guest(actor, ceremony_id), refusal
    )


def _invited_page(guest: CeremonyGuest, refusal: Refusal = NOTHING) -> str:
    return _guest_page("ceremonies/invited.html", guest, refusal)


def _guest_page(template: str, guest: CeremonyGuest, refusal: Refusal) -> str:
    ceremony = guest.ceremony
    rows = read_rows(ceremony.id, ceremony.grouping)
    return render_template(
        template,
        guest=guest,
        ceremony=ceremony,
        own=[row for row in rows if guest.organisation_id in row.unit_ids],
        day=queries.read_timetable(ceremony, rows),
        closed=answering.why_not_answer(guest),
        refusal=refusal,
    )


def _private(answer: Answer) -> Response:
    made = make_response(answer)
    # The address is the key: it is kept nowhere, and told to nobody.
    made.headers["Cache-Control"] = "no-store"
    made.headers["Referrer-Policy"] = "no-referrer"
    made.headers["X-Robots-Tag"] = "noindex"
    return made
