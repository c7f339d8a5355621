"""Verbs of the invited: whether they come, and who."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm.attributes import flag_modified

from matchplatform.access.actor import Actor, Role
from matchplatform.access.policy import Permission, check, permits
from matchplatform.audit.services import record
from matchplatform.ceremonies.arrivals import (
    LONGEST_NAME,
    LONGEST_POST,
    LONGEST_SEAT,
    MOST_ATTENDEES,
)
from matchplatform.ceremonies.models import CeremonyAttendee, CeremonyGuest
from matchplatform.ceremonies.states import (
    GUEST_WORKFLOW,
    UPCOMING_STATES,
    CeremonyState,
    GuestAction,
    GuestState,
)
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Conflict, InvalidInput, StaleVersion
from matchplatform.kernel.i18n import Words, mark
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.identity import holds_id_number
from matchplatform.kernel.reasons import ID_NUMBER, clean_reason
from matchplatform.kernel.text import tidy
from matchplatform.notifications.services import tell


@dataclass(frozen=True)
class Person:
    """Somebody who comes, as typed; ``id`` is 0 for who is new."""

    name: str
    post: str = ""
    is_signer: bool = False
    id: int = 0
    seat: str | None = None


def answer_invitation(
    *,
    actor: Actor,
    guest: CeremonyGuest,
    version: int,
    coming: bool,
    people: Sequence[Person] = (),
    said: str = "",
) -> CeremonyGuest:
    """Answer for a unit: its own members when signed in, or the organiser who was told by phone.

    Raises:
        StaleVersion: somebody of the unit was quicker.
        Conflict: the day has passed, or the ceremony is off.
        InvalidInput: who does not come gave no reason, or a person has no name.
    """
    if not permits(actor, Permission.CEREMONY_PLAN, guest.ceremony):
        check(actor, Permission.CEREMONY_ANSWER, guest)
    return _answer(actor, guest, version, coming, people, said)


def answer_as_bearer(
    *,
    token: str,
    guest: CeremonyGuest,
    version: int,
    coming: bool,
    people: Sequence[Person] = (),
    said: str = "",
) -> CeremonyGuest:
    """Answer as whoever holds the invitation: its token is the right.

    Raises:
        StaleVersion: the token is not this invitation's, or somebody of the unit was quicker.
    """
    if token != guest.token:
        raise StaleVersion()
    bearer = Actor(user_id=None, label=guest.unit, role=Role.VISITOR, unit=guest.unit)
    return _answer(bearer, guest, version, coming, people, said)


def set_people(
    *, actor: Actor, guest: CeremonyGuest, version: int, people: Sequence[Person]
) -> CeremonyGuest:
    """Write down for a unit who comes and where they sit; the organiser's, until the day is over.

    Raises:
        StaleVersion: the unit changed it meanwhile.
        InvalidInput: a person has no name, or too much is written.
    """
    check(actor, Permission.CEREMONY_PLAN, guest.ceremony)
    _lock_current(guest, version)
    if guest.ceremony.status not in UPCOMING_STATES:
        raise Conflict(_("大会已经结束、延期或取消，不能再改参会人员。"))
    _put_people(guest, people)
    # Names hang on the guest; its version tells the other page that they changed.
    flag_modified(guest, "said")
    _record(actor, "ceremony.people", guest)
    return guest


def _answer(
    actor: Actor,
    guest: CeremonyGuest,
    version: int,
    coming: bool,
    people: Sequence[Person],
    said: str,
) -> CeremonyGuest:
    _lock_current(guest, version)
    hindrance = why_not_answer(guest)
    if hindrance:
        raise Conflict(hindrance)
    status = GUEST_WORKFLOW.after(
        guest.status, GuestAction.ACCEPT if coming else GuestAction.DECLINE
    )
    guest.said = clean_reason(said, needed=not coming, field="words")
    if coming:
        _put_people(guest, people)
    elif any(person.arrived_at for person in guest.attendees):
        raise Conflict(_("这家单位已经有人签到，不能改成不参加。"))
    else:
        guest.attendees.clear()
    guest.status = status
    guest.answered_at = clock.now()
    if actor.user_id != guest.ceremony.created_by_id:
        tell(
            [guest.ceremony.created_by_id],
            mark("%(unit)s答复参加“%(title)s”，%(count)s 人。")
            if coming
            else mark("%(unit)s答复不参加“%(title)s”：%(said)s"),
            f"/desk/ceremonies/{guest.ceremony_id}/guests/{guest.id}",
            unit=guest.unit,
            title=guest.ceremony.title,
            count=str(len(guest.attendees)),
            said=guest.said,
        )
    _record(actor, "ceremony.accept" if coming else "ceremony.decline", guest, guest.said)
    return guest


def why_not_answer(guest: CeremonyGuest) -> Words:
    """Say why an invitation cannot be answered any more, or nothing."""
    ceremony = guest.ceremony
    if ceremony.status is CeremonyState.POSTPONED:
        return _("大会延期了，有了新的时间再请您答复。")
    if ceremony.status is CeremonyState.CANCELLED:
        return _("大会取消了，不用再答复。")
    if ceremony.status not in UPCOMING_STATES:
        return _("大会已经结束。")
    if guest.status in (GuestState.LISTED, GuestState.REMOVED):
        return _("这份邀请已经收回。")
    return ""


def _put_people(guest: CeremonyGuest, people: Sequence[Person]) -> None:
    named = [_clean(at, person) for at, person in enumerate(people) if _is_filled(person)]
    if len(named) > MOST_ATTENDEES:
        raise InvalidInput(_("一家单位最多登记 %(most)s 人。", most=MOST_ATTENDEES))
    known = {attendee.id: attendee for attendee in guest.attendees}
    kept: set[int] = set()
    for person in named:
        attendee = known.get(person.id)
        if attendee is None:
            attendee = CeremonyAttendee(seat="", proxy_for="")
            guest.attendees.append(attendee)
        else:
            kept.add(person.id)
        attendee.name = person.name
        attendee.post = person.post
        attendee.is_signer = person.is_signer
        if person.seat is not None:
            attendee.seat = person.seat
    for key, attendee in known.items():
        # Who has arrived is here, whatever the form says.
        if key not in kept and attendee.arrived_at is None:
            guest.attendees.remove(attendee)
    db.session.flush()


def _is_filled(person: Person) -> bool:
    return bool(tidy(person.name) or tidy(person.post))


def _clean(at: int, person: Person) -> Person:
    name, post = tidy(person.name), tidy(person.post)
    seat = None if person.seat is None else tidy(person.seat)
    wrong: dict[str, Words] = {}
    if not name:
        wrong[f"name-{at}"] = _("请写姓名。")
    for field, text, most in (
        ("name", name, LONGEST_NAME),
        ("post", post, LONGEST_POST),
        ("seat", seat or "", LONGEST_SEAT),
    ):
        if len(text) > most:
            wrong[f"{field}-{at}"] = _("最多 %(count)s 个字。", count=most)
        elif holds_id_number(text):
            wrong[f"{field}-{at}"] = ID_NUMBER
    if wrong:
        raise InvalidInput(fields=wrong)
    return Person(name, post, person.is_signer, person.id, seat)


def _lock_current(guest: CeremonyGuest, version: int) -> None:
    db.session.refresh(guest, with_for_update={"of": CeremonyGuest})
    if guest.version != version:
        raise StaleVersion()


def _record(actor: Actor, action: str, guest: CeremonyGuest, reason: str = "") -> None:
    record(
        actor=actor,
        action=action,
        subject_type="ceremony",
        subject_id=guest.ceremony_id,
        subject_label=f"{guest.ceremony.title} · {guest.unit}",
        region_code=guest.ceremony.region_code,
        reason=reason,
        # Names stay out of the trail: they are the unit's business.
        detail={"guest": guest.id, "people": len(guest.attendees)},
    )
