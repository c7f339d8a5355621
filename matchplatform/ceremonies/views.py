"""Ceremonies at the desk: the list, one of them, its particulars and its life."""

from flask import render_template, request, url_for

from matchplatform.access.actor import Actor
from matchplatform.access.answers import Answer, done_once
from matchplatform.access.current import current_actor
from matchplatform.access.forms import show_wrongs
from matchplatform.access.guards import requires
from matchplatform.access.policy import Permission, permits
from matchplatform.audit.actions import tell_history
from matchplatform.audit.queries import list_history
from matchplatform.ceremonies import (
    agenda_views,
    arrival_views,
    guest_views,
    hall_views,
    list_views,
    listing,
    live_views,
    paper_views,
    public_views,
    queries,
    result_views,
    services,
)
from matchplatform.ceremonies.blueprint import bp
from matchplatform.ceremonies.forms import (
    NOTHING,
    CeremonyForm,
    Refusal,
    filled_form,
    refusal_of,
)
from matchplatform.ceremonies.hitches import count_people, find_room
from matchplatform.ceremonies.models import Ceremony
from matchplatform.ceremonies.rows import add_up, read_rows
from matchplatform.ceremonies.states import CeremonyAction, CeremonyState
from matchplatform.ceremonies.words import STATE_WORDS
from matchplatform.commitments.queries import agreements_of
from matchplatform.kernel.errors import DomainError, InvalidInput, KeyReused
from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.paging import page_number, read_version

# The routes beside this file register themselves with the same blueprint.
__all__ = [
    "agenda_views",
    "arrival_views",
    "bp",
    "guest_views",
    "hall_views",
    "list_views",
    "live_views",
    "paper_views",
    "public_views",
    "result_views",
]

DONE: dict[str, Words] = {
    "announce": _("已公布。公众能看到时间地点，现在可以发邀请、列入要签的认领。"),
    "postpone": _("已延期，名单上的认领都放回“已受理”，已通知受邀的社会组织。"),
    "cancel": _("已取消，名单上的认领都放回“已受理”，已通知受邀的社会组织。"),
    "track": _("已转入跟踪落实。"),
    "archive": _("已归档。"),
}


@bp.get("/desk/ceremonies")
@requires(Permission.CEREMONY_READ)
def desk_list() -> Answer:
    """List the ceremonies that the actor may look into."""
    actor = current_actor()
    state = read_state()
    return render_template(
        "ceremonies/desk_list.html",
        page=listing.list_for_desk(actor, state, page_number(request.args.get("page"))),
        state=state,
        words=STATE_WORDS,
    )


@bp.route("/desk/ceremonies/new", methods=["GET", "POST"])
@requires(Permission.CEREMONY_PLAN)
def new() -> Answer:
    """Begin to plan a ceremony."""
    actor = current_actor()
    form = CeremonyForm().fill_choices()
    if request.method == "GET":
        return _form_page(form)
    if not form.validate():
        return _form_page(form), 400

    def open_it() -> str:
        ceremony = services.open_ceremony(actor=actor, details=form.details())
        return url_for("ceremonies.show", ceremony_id=ceremony.id)

    said = _("已开始筹备。只有组织者和当地民政部门看得到，公布以后才公开。")
    return done_once(actor, open_it, lambda error: _form_again(form, error), said)


@bp.get("/desk/ceremonies/<int:ceremony_id>")
@requires(Permission.CEREMONY_READ)
def show(ceremony_id: int) -> Answer:
    """Show a ceremony: where its planning stands, and what comes next."""
    return _show_page(current_actor(), ceremony_id)


@bp.route("/desk/ceremonies/<int:ceremony_id>/edit", methods=["GET", "POST"])
@requires(Permission.CEREMONY_PLAN)
def edit(ceremony_id: int) -> Answer:
    """Change the particulars of a ceremony, or give a postponed one its new day."""
    actor = current_actor()
    ceremony = queries.get_ceremony(actor, ceremony_id)
    if request.method == "GET":
        return _form_page(filled_form(ceremony), ceremony)
    form = CeremonyForm().fill_choices()
    if not form.validate():
        return _form_page(form, ceremony), 400
    late = ceremony.status is CeremonyState.POSTPONED

    def change() -> str:
        verb = services.reschedule_ceremony if late else services.change_ceremony
        verb(actor=actor, ceremony=ceremony, version=form.version.number, details=form.details())
        return url_for("ceremonies.show", ceremony_id=ceremony_id)

    def again(error: DomainError) -> Answer:
        return _form_again(form, error, queries.get_ceremony(actor, ceremony_id))

    said = _("已定新的时间，已通知受邀的单位。请重新列名单。") if late else _("已改好。")
    return done_once(actor, change, again, said)


@bp.post("/desk/ceremonies/<int:ceremony_id>/<any(announce,postpone,cancel,track,archive):step>")
@requires(Permission.CEREMONY_PLAN)
def take_step(ceremony_id: int, step: str) -> Answer:
    """Take a ceremony a step further in its life."""
    actor = current_actor()
    ceremony = queries.get_ceremony(actor, ceremony_id)
    version = read_version(request.form.get("version"))
    words = request.form.get("words", "")

    def act() -> str:
        if step == "postpone":
            services.postpone_ceremony(
                actor=actor, ceremony=ceremony, version=version, reason=words
            )
        elif step == "cancel":
            services.cancel_ceremony(actor=actor, ceremony=ceremony, version=version, reason=words)
        else:
            verbs = {
                "announce": services.open_intake,
                "track": services.track_ceremony,
                "archive": services.archive_ceremony,
            }
            verbs[step](actor=actor, ceremony=ceremony, version=version)
        return url_for("ceremonies.show", ceremony_id=ceremony_id)

    def again(error: DomainError) -> Answer:
        refusal, status = refusal_of(error, step)
        return _show_page(actor, ceremony_id, refusal), status

    return done_once(actor, act, again, DONE[step])


def read_state() -> CeremonyState | None:
    """Read which ceremonies a list is asked for; anything odd is all of them."""
    wanted = request.args.get("state", "")
    return CeremonyState(wanted) if wanted in set(CeremonyState) else None


def _show_page(actor: Actor, ceremony_id: int, refusal: Refusal = NOTHING) -> str:
    ceremony = queries.get_ceremony(actor, ceremony_id)
    rows = read_rows(ceremony.id, ceremony.grouping)
    guests = queries.list_guests(ceremony.id)
    agreements = agreements_of(row.claim_id for row in rows)
    return render_template(
        "ceremonies/show.html",
        ceremony=ceremony,
        rows=rows,
        frozen=[each.id for each in agreements.values() if each.is_fixed],
        totals=add_up(row for row in rows if row.addendum == 0),
        signed=add_up(row for row in rows if row.is_signed),
        day=queries.read_timetable(ceremony, rows),
        guests=guests,
        people=count_people(guests),
        room=find_room(ceremony, guests),
        snapshots=queries.list_snapshots(ceremony.id),
        story=tell_history(list_history("ceremony", ceremony.id)[:30]),
        may_plan=permits(actor, Permission.CEREMONY_PLAN, ceremony),
        allows={action: ceremony.allows(action) for action in CeremonyAction},
        refusal=refusal,
    )


def _form_page(form: CeremonyForm, ceremony: Ceremony | None = None, earlier: str = "") -> str:
    return render_template("ceremonies/form.html", form=form, ceremony=ceremony, earlier=earlier)


def _form_again(form: CeremonyForm, error: DomainError, ceremony: Ceremony | None = None) -> Answer:
    if isinstance(error, InvalidInput):
        show_wrongs(form, error)
        return _form_page(form, ceremony), 400
    form.form_errors = [str(error.words)]
    if ceremony is not None:
        form.version.data = str(ceremony.version)
    if isinstance(error, KeyReused):
        return _form_page(form, ceremony, error.answer), 422
    return _form_page(form, ceremony), 409
