"""Verbs of the check-in: who has arrived, who came unannounced, who stands in for whom."""

import secrets
from collections.abc import Sequence

from sqlalchemy import select

from matchplatform.access.actor import Actor
from matchplatform.access.policy import Permission, check, permits
from matchplatform.ceremonies.models import Ceremony, CeremonyAttendee, CeremonyGuest
from matchplatform.ceremonies.states import (
    CHECK_IN_STATES,
    GUEST_WORKFLOW,
    GuestAction,
    GuestKind,
    GuestState,
)
from matchplatform.ceremonies.steps import record_on
from matchplatform.files.kinds import Place, Purpose
from matchplatform.files.owners import register_owner
from matchplatform.files.photo_uploads import PhotoUpload
from matchplatform.files.services import store_photo
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Conflict, IllegalMove, InvalidInput
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.identity import holds_id_number
from matchplatform.kernel.reasons import ID_NUMBER
from matchplatform.kernel.text import tidy
from matchplatform.organisations.models import Organisation

OWNER = "ceremony_attendee"
LONGEST_NAME, LONGEST_POST, LONGEST_UNIT, LONGEST_SEAT = 40, 60, 120, 20
MOST_ATTENDEES = 20


def answer_for_files() -> None:
    """Say who may see and add the letters of those who stand in; when the site is put together."""
    register_owner(
        OWNER,
        may_read=lambda actor, place: _may_read(actor, place.owner_id),
        may_change=lambda actor, place: _permits(
            actor, Permission.CEREMONY_CHECK_IN, place.owner_id
        ),
    )


def check_in(
    *, actor: Actor, guest: CeremonyGuest, attendees: Sequence[CeremonyAttendee]
) -> CeremonyGuest:
    """Note that these people of a unit have arrived; who had arrived already stays as they were.

    Raises:
        Conflict: it is not the day, or nobody is named.
    """
    _check_open(actor, guest)
    if not attendees:
        raise Conflict(_("这家单位还没有报名参会的人，请先登记到场的人。"))
    new = [person for person in attendees if person.arrived_at is None]
    for person in new:
        _arrive(actor, person)
    if new:
        _record(actor, "ceremony.arrive", guest, new)
    return guest


def undo_check_in(*, actor: Actor, attendee: CeremonyAttendee) -> CeremonyAttendee:
    """Take an arrival back that was noted for the wrong person."""
    _check_open(actor, attendee.guest)
    if attendee.arrived_at is None:
        raise Conflict(_("这位还没有签到。"))
    attendee.arrived_at = None
    attendee.arrived_by_id = None
    _record(actor, "ceremony.unarrive", attendee.guest, [attendee])
    return attendee


def add_arrival(
    *, actor: Actor, guest: CeremonyGuest, name: str, post: str = "", is_signer: bool = False
) -> CeremonyAttendee:
    """Write down somebody of an invited unit who was not announced, as arrived.

    Raises:
        InvalidInput: no name, or too much.
    """
    _check_open(actor, guest)
    person = _new_person(guest, name, post)
    person.is_signer = is_signer
    _arrive(actor, person)
    _record(actor, "ceremony.arrive", guest, [person])
    return person


def add_walk_in(
    *, actor: Actor, ceremony: Ceremony, unit: str, name: str, post: str = ""
) -> CeremonyGuest:
    """Let a unit in that was not on the list; one that is registered under this name is that one.

    Raises:
        InvalidInput: no unit or no name.
    """
    check(actor, Permission.CEREMONY_CHECK_IN, ceremony)
    _check_day(ceremony)
    unit = _clean(unit, LONGEST_UNIT, "unit")
    guest = _find_guest(ceremony, unit) or _new_guest(ceremony, unit)
    person = _new_person(guest, name, post)
    _arrive(actor, person)
    _record(actor, "ceremony.walk_in", guest, [person])
    return guest


def add_proxy(
    *, actor: Actor, instead_of: CeremonyAttendee, name: str, post: str, letter: PhotoUpload
) -> CeremonyAttendee:
    """Let somebody stand in for an announced attendee, with a photograph of the letter.

    Raises:
        Conflict: whom they stand in for has arrived.
        InvalidInput: no name.
    """
    guest = instead_of.guest
    _check_open(actor, guest)
    if instead_of.arrived_at is not None:
        raise Conflict(_("%(name)s已经签到，不用代签。", name=instead_of.name))
    person = _new_person(guest, name, post)
    person.proxy_for = instead_of.name
    person.is_signer = instead_of.is_signer
    person.seat = instead_of.seat
    _arrive(actor, person)
    db.session.flush()
    store_photo(actor=actor, upload=letter, place=Place(OWNER, person.id, Purpose.EVIDENCE))
    _record(actor, "ceremony.proxy", guest, [person])
    return person


def _check_open(actor: Actor, guest: CeremonyGuest) -> None:
    check(actor, Permission.CEREMONY_CHECK_IN, guest.ceremony)
    _check_day(guest.ceremony)
    if guest.status is GuestState.REMOVED:
        raise IllegalMove()


def _check_day(ceremony: Ceremony) -> None:
    if ceremony.status not in CHECK_IN_STATES:
        raise Conflict(_("名单锁定之后、大会结束之前才能签到。"))


def _arrive(actor: Actor, person: CeremonyAttendee) -> None:
    person.arrived_at = clock.now()
    person.arrived_by_id = actor.user_id


def _find_guest(ceremony: Ceremony, unit: str) -> CeremonyGuest | None:
    return db.session.scalar(
        select(CeremonyGuest)
        .where(
            CeremonyGuest.ceremony_id == ceremony.id,
            CeremonyGuest.unit == unit,
            CeremonyGuest.status != GuestState.REMOVED,
        )
        .order_by(CeremonyGuest.id)
        .limit(1)
    )


def _new_guest(ceremony: Ceremony, unit: str) -> CeremonyGuest:
    organisation = _find_organisation(ceremony, unit)
    guest = CeremonyGuest(
        ceremony=ceremony,
        kind=GuestKind.ORGANISATION if organisation else GuestKind.OTHER,
        organisation=organisation,
        unit=unit,
        token=secrets.token_urlsafe(32),
        status=GuestState.ACCEPTED,
        walk_in=True,
        answered_at=clock.now(),
    )
    db.session.add(guest)
    db.session.flush()
    return guest


def _find_organisation(ceremony: Ceremony, unit: str) -> Organisation | None:
    """Return the registered organisation of this very name that is no guest yet, or None."""
    known = select(CeremonyGuest.organisation_id).where(
        CeremonyGuest.ceremony_id == ceremony.id, CeremonyGuest.organisation_id.is_not(None)
    )
    return db.session.scalar(
        select(Organisation)
        .where(
            Organisation.name == unit,
            Organisation.merged_into_id.is_(None),
            Organisation.id.not_in(known),
        )
        .order_by(Organisation.id)
        .limit(1)
    )


def _new_person(guest: CeremonyGuest, name: str, post: str) -> CeremonyAttendee:
    if guest.status is GuestState.DECLINED:
        # It said that nobody would come, and somebody has.
        guest.status = GUEST_WORKFLOW.after(guest.status, GuestAction.ACCEPT)
        guest.answered_at = clock.now()
    if len(guest.attendees) >= MOST_ATTENDEES:
        raise Conflict(_("一家单位最多登记 %(most)s 人。", most=MOST_ATTENDEES))
    person = CeremonyAttendee(
        name=_clean(name, LONGEST_NAME, "name"),
        post=_clean(post, LONGEST_POST, "post", needed=False),
    )
    guest.attendees.append(person)
    return person


def _clean(typed: str, longest: int, field: str, *, needed: bool = True) -> str:
    text = " ".join(tidy(typed).split())
    if needed and not text:
        raise InvalidInput(fields={field: _("请填写。")})
    if len(text) > longest:
        raise InvalidInput(fields={field: _("最多 %(most)s 个字。", most=longest)})
    if holds_id_number(text):
        raise InvalidInput(fields={field: ID_NUMBER})
    return text


def _record(
    actor: Actor, action: str, guest: CeremonyGuest, people: Sequence[CeremonyAttendee]
) -> None:
    db.session.flush()
    detail: dict[str, object] = {"guest": guest.id, "attendees": [person.id for person in people]}
    record_on(actor, action, guest.ceremony, detail=detail)


def _may_read(actor: Actor, attendee_id: int) -> bool:
    # A letter names people: it is for those who may read the names, as in the guest list.
    wanted = (Permission.CEREMONY_CHECK_IN, Permission.AUDIT_READ)
    return any(_permits(actor, permission, attendee_id) for permission in wanted)


def _permits(actor: Actor, permission: Permission, attendee_id: int) -> bool:
    person = db.session.get(CeremonyAttendee, attendee_id)
    return person is not None and permits(actor, permission, person.guest.ceremony)
