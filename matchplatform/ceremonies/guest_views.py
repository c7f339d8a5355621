"""The guest list of a ceremony in the browser, and where each organisation stands."""

from collections.abc import Callable

from flask import current_app, render_template, request, url_for

from matchplatform.access.actor import Actor
from matchplatform.access.answers import Answer, done_once
from matchplatform.access.current import current_actor
from matchplatform.access.guards import requires
from matchplatform.access.policy import Permission, permits
from matchplatform.ceremonies import answering, guests, inviting, queries
from matchplatform.ceremonies.blueprint import bp
from matchplatform.ceremonies.forms import (
    NOTHING,
    Refusal,
    county_choices,
    read_ids,
    read_people,
    refusal_of,
)
from matchplatform.ceremonies.hitches import count_people, find_room
from matchplatform.ceremonies.models import Ceremony
from matchplatform.ceremonies.standing import count_up, list_standing
from matchplatform.ceremonies.states import UPCOMING_STATES, GuestKind
from matchplatform.ceremonies.words import GUEST_KIND_WORDS
from matchplatform.config.settings import Settings
from matchplatform.documents import qr_svg
from matchplatform.kernel.errors import DomainError
from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.paging import read_version


@bp.get("/desk/ceremonies/<int:ceremony_id>/guests")
@requires(Permission.CEREMONY_READ)
def show_guests(ceremony_id: int) -> Answer:
    """Show who is invited, with the forms to invite."""
    return _guests_page(current_actor(), ceremony_id)


@bp.post("/desk/ceremonies/<int:ceremony_id>/guests/<any(add,paste,listed):way>")
@requires(Permission.CEREMONY_PLAN)
def add_guests(ceremony_id: int, way: str) -> Answer:
    """Put units onto the guest list: one, a pasted list, or all that are to sign."""

    def put(actor: Actor, ceremony: Ceremony) -> None:
        guests.add_guests(actor=actor, ceremony=ceremony, guests=_read_new(ceremony, way))

    return _change(ceremony_id, way, put, _("已列入邀请名单，还没有发出。"))


@bp.post("/desk/ceremonies/<int:ceremony_id>/guests/<any(invite,remind):way>")
@requires(Permission.CEREMONY_PLAN)
def send(ceremony_id: int, way: str) -> Answer:
    """Send invitations, or remind whoever has not answered."""

    def put(actor: Actor, ceremony: Ceremony) -> None:
        if way == "remind":
            inviting.remind_guests(actor=actor, ceremony=ceremony)
        else:
            inviting.send_invitations(actor=actor, ceremony=ceremony, guest_ids=read_ids("guest"))

    said = _("已再次提醒。") if way == "remind" else _("已发出邀请，已通知对方。")
    return _change(ceremony_id, way, put, said)


@bp.get("/desk/ceremonies/<int:ceremony_id>/guests/<int:guest_id>")
@requires(Permission.CEREMONY_READ)
def show_guest(ceremony_id: int, guest_id: int) -> Answer:
    """Show one unit: its invitation, its answer, who comes."""
    return _guest_page(current_actor(), ceremony_id, guest_id)


@bp.post("/desk/ceremonies/<int:ceremony_id>/guests/<int:guest_id>/<any(people,remove):step>")
@requires(Permission.CEREMONY_PLAN)
def change_guest(ceremony_id: int, guest_id: int, step: str) -> Answer:
    """Write down who comes and where they sit, or take the unit off the list."""
    actor = current_actor()
    ceremony = queries.get_ceremony(actor, ceremony_id)
    guest = queries.get_guest(ceremony, guest_id)
    version = read_version(request.form.get("version"))

    def change() -> str:
        if step == "people":
            people = read_people(with_seats=True)
            answering.set_people(actor=actor, guest=guest, version=version, people=people)
        else:
            inviting.remove_guest(
                actor=actor,
                ceremony=ceremony,
                guest_id=guest_id,
                reason=request.form.get("words", ""),
            )
        return url_for("ceremonies.show_guest", ceremony_id=ceremony_id, guest_id=guest_id)

    said = _("已存好。") if step == "people" else _("已移出邀请名单。")
    return done_once(actor, change, _guest_again(actor, ceremony_id, guest_id, step), said)


@bp.post("/desk/ceremonies/<int:ceremony_id>/guests/<int:guest_id>/<any(coming,declining):step>")
@requires(Permission.CEREMONY_PLAN)
def answer_for(ceremony_id: int, guest_id: int, step: str) -> Answer:
    """Write down an answer that was given on the telephone."""
    actor = current_actor()
    guest = queries.get_guest(queries.get_ceremony(actor, ceremony_id), guest_id)

    def answer() -> str:
        answering.answer_invitation(
            actor=actor,
            guest=guest,
            version=read_version(request.form.get("version")),
            coming=step == "coming",
            people=[
                answering.Person(one.name, one.post, one.is_signer, one.id)
                for one in guest.attendees
            ],
            said=request.form.get("words", ""),
        )
        return url_for("ceremonies.show_guest", ceremony_id=ceremony_id, guest_id=guest_id)

    again = _guest_again(actor, ceremony_id, guest_id, step)
    return done_once(actor, answer, again, _("已记下答复。"))


@bp.get("/desk/ceremonies/<int:ceremony_id>/standing")
@requires(Permission.CEREMONY_READ)
def show_standing(ceremony_id: int) -> Answer:
    """Show where each organisation stands."""
    actor = current_actor()
    ceremony = queries.get_ceremony(actor, ceremony_id)
    rows = list_standing(ceremony, queries.list_counting(ceremony.id))
    return render_template(
        "ceremonies/standing.html",
        ceremony=ceremony,
        rows=rows,
        tally=count_up(rows),
        may_plan=permits(actor, Permission.CEREMONY_PLAN, ceremony),
    )


def _read_new(ceremony: Ceremony, way: str) -> list[guests.NewGuest]:
    if way == "listed":
        return [
            guests.NewGuest(GuestKind.ORGANISATION, unit.name, organisation=unit)
            for unit in guests.list_missing_units(ceremony)
        ]
    typed = request.form.get("kind", "")
    kind = GuestKind(typed) if typed in set(GuestKind) else GuestKind.ORGANISATION
    if way == "paste":
        return guests.read_pasted(request.form.get("words", ""), kind)
    unit, contact = request.form.get("unit", ""), request.form.get("contact", "")
    return [guests.read_unit(kind, unit, contact, request.form.get("region_code", ""))]


def _change(
    ceremony_id: int, tried: str, do: Callable[[Actor, Ceremony], None], said: Words
) -> Answer:
    actor = current_actor()
    ceremony = queries.get_ceremony(actor, ceremony_id)

    def change() -> str:
        do(actor, ceremony)
        return url_for("ceremonies.show_guests", ceremony_id=ceremony_id)

    def again(error: DomainError) -> Answer:
        refusal, status = refusal_of(error, tried)
        return _guests_page(actor, ceremony_id, refusal), status

    return done_once(actor, change, again, said)


def _guests_page(actor: Actor, ceremony_id: int, refusal: Refusal = NOTHING) -> str:
    ceremony = queries.get_ceremony(actor, ceremony_id)
    found = queries.list_guests(ceremony.id)
    return render_template(
        "ceremonies/guests.html",
        ceremony=ceremony,
        guests=found,
        waiting=[guest for guest in found if guest.status in inviting.NOT_INVITED[:1]],
        missing=guests.list_missing_units(ceremony),
        people=count_people(found),
        room=find_room(ceremony, found),
        kinds=GUEST_KIND_WORDS,
        counties=county_choices(),
        may_see=queries.may_see_names(actor, ceremony),
        may_plan=_may_plan(actor, ceremony),
        refusal=refusal,
    )


def _guest_again(
    actor: Actor, ceremony_id: int, guest_id: int, tried: str
) -> Callable[[DomainError], Answer]:
    def again(error: DomainError) -> Answer:
        refusal, status = refusal_of(error, tried)
        return _guest_page(actor, ceremony_id, guest_id, refusal), status

    return again


def _guest_page(actor: Actor, ceremony_id: int, guest_id: int, refusal: Refusal = NOTHING) -> str:
    ceremony = queries.get_ceremony(actor, ceremony_id)
    guest = queries.get_guest(ceremony, guest_id)
    settings: Settings = current_app.extensions["settings"]
    may_plan = _may_plan(actor, ceremony)
    link = f"{settings.base_url.rstrip('/')}{url_for('ceremonies.invited', token=guest.token)}"
    return render_template(
        "ceremonies/guest.html",
        ceremony=ceremony,
        guest=guest,
        kinds=GUEST_KIND_WORDS,
        link=link,
        code=qr_svg(link),
        may_hand_out=queries.may_hand_out(actor, ceremony),
        may_see=queries.may_see_names(actor, ceremony),
        may_plan=may_plan,
        refusal=refusal,
    )


def _may_plan(actor: Actor, ceremony: Ceremony) -> bool:
    is_upcoming = ceremony.status in UPCOMING_STATES
    return is_upcoming and permits(actor, Permission.CEREMONY_PLAN, ceremony)
