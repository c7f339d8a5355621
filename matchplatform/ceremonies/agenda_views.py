"""The agenda of a ceremony in the browser."""

from collections.abc import Callable

from flask import render_template, request, url_for

from matchplatform.access.actor import Actor
from matchplatform.access.answers import Answer, done_once
from matchplatform.access.current import current_actor
from matchplatform.access.guards import requires
from matchplatform.access.policy import Permission, permits
from matchplatform.ceremonies import agenda, queries
from matchplatform.ceremonies.blueprint import bp
from matchplatform.ceremonies.forms import NOTHING, Refusal, read_ids, read_item, refusal_of
from matchplatform.ceremonies.models import Ceremony
from matchplatform.ceremonies.states import UPCOMING_STATES, CeremonyState
from matchplatform.ceremonies.words import AGENDA_WORDS
from matchplatform.kernel.errors import DomainError
from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _


@bp.get("/desk/ceremonies/<int:ceremony_id>/agenda")
@requires(Permission.CEREMONY_READ)
def show_agenda(ceremony_id: int) -> Answer:
    """Show what happens when, with the forms to change it."""
    return _page(current_actor(), ceremony_id)


@bp.post("/desk/ceremonies/<int:ceremony_id>/agenda")
@requires(Permission.CEREMONY_PLAN)
def add_item(ceremony_id: int) -> Answer:
    """Put an item at the end."""

    def put(actor: Actor, ceremony: Ceremony) -> None:
        agenda.add_item(actor=actor, ceremony=ceremony, details=read_item())

    return _change(ceremony_id, "new", put, _("已加上。"))


@bp.post("/desk/ceremonies/<int:ceremony_id>/agenda/<int:item_id>")
@requires(Permission.CEREMONY_PLAN)
def change_item(ceremony_id: int, item_id: int) -> Answer:
    """Write an item anew."""

    def put(actor: Actor, ceremony: Ceremony) -> None:
        agenda.change_item(actor=actor, ceremony=ceremony, item_id=item_id, details=read_item())

    return _change(ceremony_id, f"item-{item_id}", put, _("已改好。"))


@bp.post("/desk/ceremonies/<int:ceremony_id>/agenda/<int:item_id>/<any(up,down,drop):step>")
@requires(Permission.CEREMONY_PLAN)
def move_item(ceremony_id: int, item_id: int, step: str) -> Answer:
    """Move an item one place, or take it off."""

    def put(actor: Actor, ceremony: Ceremony) -> None:
        if step == "drop":
            agenda.drop_item(actor=actor, ceremony=ceremony, item_id=item_id)
        else:
            agenda.move_item(actor=actor, ceremony=ceremony, item_id=item_id, up=step == "up")

    return _change(ceremony_id, "move", put, "")


def _change(
    ceremony_id: int, tried: str, do: Callable[[Actor, Ceremony], None], said: Words
) -> Answer:
    actor = current_actor()
    ceremony = queries.get_ceremony(actor, ceremony_id)

    def change() -> str:
        if "seen" in request.form:
            agenda.check_seen_agenda(ceremony, read_ids("seen"))
        do(actor, ceremony)
        return url_for("ceremonies.show_agenda", ceremony_id=ceremony_id)

    def again(error: DomainError) -> Answer:
        refusal, status = refusal_of(error, tried)
        return _page(actor, ceremony_id, refusal), status

    return done_once(actor, change, again, said)


def _page(actor: Actor, ceremony_id: int, refusal: Refusal = NOTHING) -> str:
    ceremony = queries.get_ceremony(actor, ceremony_id)
    may_change = ceremony.status in UPCOMING_STATES and ceremony.status is not CeremonyState.LIVE
    return render_template(
        "ceremonies/agenda.html",
        ceremony=ceremony,
        day=queries.read_timetable(ceremony),
        kinds=AGENDA_WORDS,
        may_plan=may_change and permits(actor, Permission.CEREMONY_PLAN, ceremony),
        refusal=refusal,
    )
