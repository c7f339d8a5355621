"""Verbs of inviting: invitations go out, are called to mind and taken back."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select

from matchplatform.access.actor import Actor
from matchplatform.access.policy import Permission, check
from matchplatform.accounts.queries import list_officer_ids
from matchplatform.ceremonies.guests import check_upcoming, record_guests
from matchplatform.ceremonies.models import Ceremony, CeremonyGuest
from matchplatform.ceremonies.queries import list_member_ids_of
from matchplatform.ceremonies.states import (
    GUEST_WORKFLOW,
    CeremonyState,
    GuestAction,
    GuestState,
)
from matchplatform.ceremonies.steps import take_turn
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Conflict, NotFound
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.i18n import mark
from matchplatform.kernel.reasons import clean_reason
from matchplatform.notifications.services import tell
from matchplatform.regions.divisions import prefix_of

NOT_INVITED = (GuestState.LISTED, GuestState.REMOVED, GuestState.DECLINED)


def send_invitations(
    *, actor: Actor, ceremony: Ceremony, guest_ids: Iterable[int]
) -> list[CeremonyGuest]:
    """Invite those of the guest list who were not yet, and tell them.

    Raises:
        Conflict: the ceremony is not announced, or nobody waits to be invited.
    """
    check(actor, Permission.CEREMONY_PLAN, ceremony)
    ceremony = take_turn(ceremony)
    check_upcoming(ceremony)
    if ceremony.status is CeremonyState.PLANNING:
        raise Conflict(_("大会还没有公布。先“公布并开始征集”，再发邀请。"))
    guests = [guest for guest in _lock_guests(ceremony, guest_ids) if guest.status in NOT_INVITED]
    if not guests:
        raise Conflict(_("没有待发邀请的单位。"))
    for guest in guests:
        guest.status = GUEST_WORKFLOW.after(guest.status, GuestAction.INVITE)
        guest.invited_at = clock.now()
    _tell_invited(ceremony, guests)
    record_guests(actor, "ceremony.invite", ceremony, guests)
    return guests


def remind_guests(*, actor: Actor, ceremony: Ceremony) -> list[CeremonyGuest]:
    """Remind whoever was invited and has not answered.

    Raises:
        Conflict: everybody has answered.
    """
    check(actor, Permission.CEREMONY_PLAN, ceremony)
    ceremony = take_turn(ceremony)
    check_upcoming(ceremony)
    silent = list(
        db.session.scalars(
            select(CeremonyGuest)
            .where(
                CeremonyGuest.ceremony_id == ceremony.id,
                CeremonyGuest.status == GuestState.INVITED,
            )
            .order_by(CeremonyGuest.id)
        ).unique()
    )
    if not silent:
        raise Conflict(_("都已经答复了，不用提醒。"))
    for guest in silent:
        guest.invited_at = clock.now()
    _tell_invited(ceremony, silent)
    record_guests(actor, "ceremony.remind", ceremony, silent)
    return silent


def remove_guest(*, actor: Actor, ceremony: Ceremony, guest_id: int, reason: str) -> CeremonyGuest:
    """Take a unit off the guest list, with a reason; who is to sign cannot be.

    Raises:
        Conflict: it has arrived, or the ceremony is over.
        InvalidInput: no reason.
    """
    check(actor, Permission.CEREMONY_PLAN, ceremony)
    ceremony = take_turn(ceremony)
    check_upcoming(ceremony)
    guest = _lock_guests(ceremony, [guest_id])[0]
    status = GUEST_WORKFLOW.after(guest.status, GuestAction.REMOVE)
    if any(person.arrived_at for person in guest.attendees):
        raise Conflict(_("这家单位已经有人签到，不能移出。"))
    cleaned = clean_reason(reason, field="words")
    was_told = guest.status in (GuestState.INVITED, GuestState.ACCEPTED)
    guest.status = status
    if was_told and guest.organisation_id is not None:
        tell(
            list_member_ids_of([guest.organisation_id]),
            mark("“%(title)s”收回了给贵会的邀请：%(reason)s"),
            "/my/ceremonies",
            title=ceremony.title,
            reason=cleaned,
        )
    record_guests(actor, "ceremony.uninvite", ceremony, [guest], cleaned)
    return guest


def _lock_guests(ceremony: Ceremony, guest_ids: Iterable[int]) -> list[CeremonyGuest]:
    guests = db.session.scalars(
        select(CeremonyGuest)
        .where(
            CeremonyGuest.ceremony_id == ceremony.id, CeremonyGuest.id.in_(sorted(set(guest_ids)))
        )
        .order_by(CeremonyGuest.id)
        .with_for_update(of=CeremonyGuest)
        .execution_options(populate_existing=True)
    ).unique()
    found = list(guests)
    if not found:
        raise NotFound()
    return found


def _tell_invited(ceremony: Ceremony, guests: Sequence[CeremonyGuest]) -> None:
    params = {
        "title": ceremony.title,
        "when": f"{ceremony.starts_at.astimezone(clock.SHANGHAI):%Y-%m-%d %H:%M}",
        "place": ceremony.place,
        "until": f"{ceremony.answer_by:%Y-%m-%d}",
    }
    words = mark("邀请贵会参加“%(title)s”：%(when)s，%(place)s。请在 %(until)s 前答复。")
    organisations = [guest.organisation_id for guest in guests if guest.organisation_id]
    url = f"/my/ceremonies/{ceremony.id}"
    if organisations:
        tell(list_member_ids_of(organisations), words, url, **params)
    for guest in guests:
        if guest.region_code:
            officers = list_officer_ids([prefix_of(guest.region_code)])
            tell(officers, words, f"/invited/{guest.token}", **params)
