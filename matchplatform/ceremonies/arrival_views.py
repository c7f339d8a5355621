"""The check-in desk: by the QR code of an invitation, or by typing; on a phone."""

from collections.abc import Callable

from flask import redirect, render_template, request, url_for
from flask_wtf import FlaskForm

from matchplatform.access.actor import Actor
from matchplatform.access.answers import Answer, done_once, said_by
from matchplatform.access.current import current_actor
from matchplatform.access.forms import show_wrongs
from matchplatform.access.guards import requires
from matchplatform.access.policy import Permission
from matchplatform.ceremonies import arrivals
from matchplatform.ceremonies.arrival_forms import PersonForm, ProxyForm, WalkInForm
from matchplatform.ceremonies.arrival_queries import (
    LONGEST_SEARCH,
    count_attendance,
    get_attendee,
    is_here,
    letters_of,
    list_guests,
    pick_guests,
    places_of,
)
from matchplatform.ceremonies.blueprint import bp
from matchplatform.ceremonies.live_queries import get_ceremony_for
from matchplatform.ceremonies.models import Ceremony
from matchplatform.ceremonies.queries import get_guest
from matchplatform.ceremonies.rows import read_rows
from matchplatform.files.receiving import accepts_upload, received_photo
from matchplatform.kernel.errors import DomainError, InvalidInput
from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.paging import Page, clamp_page, page_number, read_version

PAGE_SIZE = 30
_DESK = "/desk/ceremonies/<int:ceremony_id>/check-in"


@bp.get(_DESK)
@requires(Permission.CEREMONY_CHECK_IN)
def check_in(ceremony_id: int) -> Answer:
    """Show who is expected and who is there, and find a unit by what is typed."""
    ceremony = _load(ceremony_id)
    typed = request.args.get("q", "")
    found = pick_guests(list_guests(ceremony.id), typed)
    if typed and len(found) == 1:
        return redirect(_guest_url(ceremony.id, found[0].id), 303)
    return _desk_page(ceremony, WalkInForm(formdata=None))


@bp.post(f"{_DESK}/walk-ins")
@requires(Permission.CEREMONY_CHECK_IN)
def walk_in(ceremony_id: int) -> Answer:
    """Let a unit in that was not on the list."""
    form = WalkInForm()
    if not form.validate():
        return _desk_page(_load(ceremony_id), form), 400

    def act() -> str:
        guest = arrivals.add_walk_in(
            actor=current_actor(),
            ceremony=_load(ceremony_id),
            unit=form.unit.data or "",
            name=form.name.data or "",
            post=form.post.data or "",
        )
        return _guest_url(ceremony_id, guest.id)

    def again(error: DomainError) -> Answer:
        return _desk_page(_load(ceremony_id), form), _refused(form, error)

    return done_once(current_actor(), act, again, _("已登记并签到。"))


@bp.get(f"{_DESK}/<int:guest_id>")
@requires(Permission.CEREMONY_CHECK_IN)
def guest_desk(ceremony_id: int, guest_id: int) -> str:
    """Show one unit: who comes for it, who is there, what it signs."""
    return _guest_page(ceremony_id, guest_id, proxy_of=read_version(request.args.get("proxy")))


@bp.post(f"{_DESK}/<int:guest_id>/<any(arrive,undo):step>")
@requires(Permission.CEREMONY_CHECK_IN)
def arrive(ceremony_id: int, guest_id: int, step: str) -> Answer:
    """Check one person in, or all of a unit; or take an arrival back."""

    def act() -> str:
        guest = get_guest(_load(ceremony_id), guest_id)
        typed = request.form.get("attendee")
        if typed or step == "undo":
            people = [get_attendee(guest, read_version(typed))]
        else:
            people = list(guest.attendees)
        if step == "undo":
            arrivals.undo_check_in(actor=current_actor(), attendee=people[0])
        else:
            arrivals.check_in(actor=current_actor(), guest=guest, attendees=people)
        return _guest_url(ceremony_id, guest_id)

    def again(error: DomainError) -> Answer:
        words, status = said_by(error)
        return _guest_page(ceremony_id, guest_id, problem=words), status

    return done_once(current_actor(), act, again)


@bp.post(f"{_DESK}/<int:guest_id>/people")
@requires(Permission.CEREMONY_CHECK_IN)
def add_person(ceremony_id: int, guest_id: int) -> Answer:
    """Write down somebody who was not announced."""
    form = PersonForm()
    if not form.validate():
        return _guest_page(ceremony_id, guest_id, person=form), 400

    def add(actor: Actor) -> None:
        arrivals.add_arrival(
            actor=actor,
            guest=get_guest(_load(ceremony_id), guest_id),
            name=form.name.data or "",
            post=form.post.data or "",
            is_signer=bool(form.is_signer.data),
        )

    return _done(ceremony_id, guest_id, add, form, "person")


@bp.post(f"{_DESK}/<int:guest_id>/proxies/<int:attendee_id>")
@requires(Permission.CEREMONY_CHECK_IN)
@accepts_upload()
def add_proxy(ceremony_id: int, guest_id: int, attendee_id: int) -> Answer:
    """Let somebody stand in, with a photograph of the letter."""
    # Who may not act here is refused before a file is looked at.
    get_attendee(get_guest(_load(ceremony_id), guest_id), attendee_id)
    form = ProxyForm()
    if not form.validate():
        return _guest_page(ceremony_id, guest_id, proxy=form, proxy_of=attendee_id), 400

    def add(actor: Actor) -> None:
        with received_photo(form.letter) as letter:
            guest = get_guest(_load(ceremony_id), guest_id)
            arrivals.add_proxy(
                actor=actor,
                instead_of=get_attendee(guest, attendee_id),
                name=form.name.data or "",
                post=form.post.data or "",
                letter=letter,
            )

    return _done(ceremony_id, guest_id, add, form, "proxy", attendee_id)


def _done(
    ceremony_id: int,
    guest_id: int,
    add: Callable[[Actor], None],
    form: FlaskForm,
    name: str,
    attendee_id: int = 0,
) -> Answer:
    def act() -> str:
        add(current_actor())
        return _guest_url(ceremony_id, guest_id)

    def again(error: DomainError) -> Answer:
        status = _refused(form, error)
        page = _guest_page(ceremony_id, guest_id, proxy_of=attendee_id, **{name: form})
        return page, status

    return done_once(current_actor(), act, again, _("已登记并签到。"))


def _load(ceremony_id: int) -> Ceremony:
    return get_ceremony_for(current_actor(), ceremony_id, Permission.CEREMONY_CHECK_IN)


def _guest_url(ceremony_id: int, guest_id: int) -> str:
    return url_for("ceremonies.guest_desk", ceremony_id=ceremony_id, guest_id=guest_id)


def _refused(form: FlaskForm, error: DomainError) -> int:
    if isinstance(error, InvalidInput):
        show_wrongs(form, error)
    else:
        form.form_errors = [str(error.words)]
    return said_by(error)[1]


def _desk_page(ceremony: Ceremony, walk_in_form: WalkInForm) -> str:
    guests = list_guests(ceremony.id)
    typed = request.args.get("q", "")[:LONGEST_SEARCH]
    missing = request.args.get("who") == "missing"
    found = [one for one in pick_guests(guests, typed) if not (missing and is_here(one))]
    number = clamp_page(page_number(request.args.get("page")), PAGE_SIZE, len(found))
    shown = found[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
    return render_template(
        "ceremonies/live/check_in.html",
        ceremony=ceremony,
        attendance=count_attendance(guests),
        page=Page(shown, number, PAGE_SIZE, len(found)),
        typed=typed,
        missing=missing,
        is_here=is_here,
        form=walk_in_form,
    )


def _guest_page(
    ceremony_id: int,
    guest_id: int,
    *,
    problem: Words = "",
    person: PersonForm | None = None,
    proxy: ProxyForm | None = None,
    proxy_of: int = 0,
) -> str:
    ceremony = _load(ceremony_id)
    guest = get_guest(ceremony, guest_id)
    rows = places_of(read_rows(ceremony.id))
    absent = {person.id for person in guest.attendees if person.arrived_at is None}
    return render_template(
        "ceremonies/live/guest.html",
        ceremony=ceremony,
        guest=guest,
        rows=rows.get(guest.organisation_id or 0, []),
        letters=letters_of(guest, arrivals.OWNER),
        problem=problem,
        form=proxy or person or PersonForm(formdata=None),
        person=person or PersonForm(formdata=None),
        proxy=proxy or ProxyForm(formdata=None),
        proxy_of=proxy_of if proxy_of in absent else 0,
    )
