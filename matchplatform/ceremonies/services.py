"""Verbs of a ceremony's life: opened, changed, announced, put off, called off, kept."""

import secrets

from sqlalchemy import exists, select

from matchplatform.access.actor import Actor
from matchplatform.access.policy import Permission, check
from matchplatform.ceremonies.details import CeremonyDetails, clean_details
from matchplatform.ceremonies.models import (
    AgendaItem,
    Ceremony,
    CeremonyEntry,
    CeremonySnapshot,
)
from matchplatform.ceremonies.queries import list_listed, list_told_ids
from matchplatform.ceremonies.states import (
    ENTRY_WORKFLOW,
    WORKFLOW,
    AgendaKind,
    CeremonyAction,
    CeremonyState,
    EntryAction,
    EntryState,
)
from matchplatform.ceremonies.steps import record_on, take_turn
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Conflict, StaleVersion
from matchplatform.kernel.i18n import gettext, mark
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.reasons import clean_reason
from matchplatform.notifications.services import tell

TOKEN_BYTES = 24
_FIELDS = (
    "title", "place", "region_code", "host", "contact", "starts_at", "answer_by", "capacity",
    "stage_slots", "round_minutes",
)  # fmt: skip
_AGENDA = (
    (AgendaKind.OTHER, mark("主持人开场，介绍来宾"), 5),
    (AgendaKind.SPEECH, mark("致辞"), 10),
    (AgendaKind.SIGNING, mark("签约"), 0),
    (AgendaKind.OTHER, mark("合影"), 10),
)


def open_ceremony(*, actor: Actor, details: CeremonyDetails) -> Ceremony:
    """Begin to plan a ceremony, with an agenda to go on from.

    Raises:
        InvalidInput: something is missing or cannot be.
    """
    check(actor, Permission.CEREMONY_PLAN, details)
    cleaned = clean_details(details)
    ceremony = Ceremony(
        **{name: getattr(cleaned, name) for name in _FIELDS},
        status=CeremonyState.PLANNING,
        reason="",
        hall_token=secrets.token_urlsafe(TOKEN_BYTES),
        created_by_id=actor.user_id,
        created_at=clock.now(),
        agenda=[
            AgendaItem(position=place, kind=kind, title=gettext(title), speaker="", minutes=minutes)
            for place, (kind, title, minutes) in enumerate(_AGENDA, 1)
        ],
    )
    db.session.add(ceremony)
    db.session.flush()
    record_on(actor, "ceremony.open", ceremony)
    return ceremony


def change_ceremony(
    *, actor: Actor, ceremony: Ceremony, version: int, details: CeremonyDetails
) -> Ceremony:
    """Change the particulars; whoever is invited is told of another day or place.

    Raises:
        StaleVersion: somebody changed it meanwhile.
        IllegalMove: the list is locked.
        InvalidInput: something is missing or cannot be.
    """
    check(actor, Permission.CEREMONY_PLAN, ceremony)
    ceremony = _lock_current(ceremony, version)
    WORKFLOW.after(ceremony.status, CeremonyAction.CHANGE)
    cleaned = clean_details(details)
    changed = [name for name in _FIELDS if getattr(ceremony, name) != getattr(cleaned, name)]
    _fill(ceremony, cleaned)
    if {"starts_at", "place"} & set(changed):
        _tell_all(
            ceremony,
            mark("“%(title)s”改为 %(when)s 在%(place)s举行。"),
            when=_when(ceremony),
            place=ceremony.place,
        )
    record_on(actor, "ceremony.change", ceremony, detail={"changed": changed})
    return ceremony


def open_intake(*, actor: Actor, ceremony: Ceremony, version: int) -> Ceremony:
    """Announce a ceremony: everybody sees the day, and invitations may go out."""
    check(actor, Permission.CEREMONY_PLAN, ceremony)
    ceremony = _lock_current(ceremony, version)
    ceremony.status = WORKFLOW.after(ceremony.status, CeremonyAction.OPEN_INTAKE)
    record_on(actor, "ceremony.announce", ceremony)
    return ceremony


def postpone_ceremony(*, actor: Actor, ceremony: Ceremony, version: int, reason: str) -> Ceremony:
    """Put a ceremony off without a new day; what is listed is free again.

    Raises:
        Conflict: something was signed already, so that there is a result.
        InvalidInput: no reason.
    """
    ceremony = _break_off(actor, ceremony, version, CeremonyAction.POSTPONE, reason)
    _tell_all(
        ceremony, mark("“%(title)s”延期举行，时间另行通知：%(reason)s"), reason=ceremony.reason
    )
    record_on(actor, "ceremony.postpone", ceremony, reason=ceremony.reason)
    return ceremony


def cancel_ceremony(*, actor: Actor, ceremony: Ceremony, version: int, reason: str) -> Ceremony:
    """Call a ceremony off for good; what is listed is free again.

    Raises:
        Conflict: something was signed already, so that there is a result.
        InvalidInput: no reason.
    """
    ceremony = _break_off(actor, ceremony, version, CeremonyAction.CANCEL, reason)
    ceremony.ended_at = clock.now()
    _tell_all(ceremony, mark("“%(title)s”取消了：%(reason)s"), reason=ceremony.reason)
    record_on(actor, "ceremony.cancel", ceremony, reason=ceremony.reason)
    return ceremony


def reschedule_ceremony(
    *, actor: Actor, ceremony: Ceremony, version: int, details: CeremonyDetails
) -> Ceremony:
    """Give a postponed ceremony a new day; guests stay invited, and the list is made anew."""
    check(actor, Permission.CEREMONY_PLAN, ceremony)
    ceremony = _lock_current(ceremony, version)
    status = WORKFLOW.after(ceremony.status, CeremonyAction.RESCHEDULE)
    _fill(ceremony, clean_details(details))
    ceremony.status = status
    ceremony.reason = ""
    _tell_all(
        ceremony,
        mark("“%(title)s”定于 %(when)s 在%(place)s举行，请再看一下能不能参加。"),
        when=_when(ceremony),
        place=ceremony.place,
    )
    record_on(actor, "ceremony.reschedule", ceremony)
    return ceremony


def track_ceremony(*, actor: Actor, ceremony: Ceremony, version: int) -> Ceremony:
    """Follow what was signed, once the day is over."""
    return _go_on(actor, ceremony, version, CeremonyAction.TRACK)


def archive_ceremony(*, actor: Actor, ceremony: Ceremony, version: int) -> Ceremony:
    """Put a ceremony away; nothing is added to it any more.

    Raises:
        Conflict: something on an addendum still waits for its signature.
    """
    return _go_on(actor, ceremony, version, CeremonyAction.ARCHIVE)


def _go_on(actor: Actor, ceremony: Ceremony, version: int, action: CeremonyAction) -> Ceremony:
    check(actor, Permission.CEREMONY_PLAN, ceremony)
    ceremony = _lock_current(ceremony, version)
    status = WORKFLOW.after(ceremony.status, action)
    if action is CeremonyAction.ARCHIVE and list_listed(ceremony.id):
        raise Conflict(_("补签名单上还有没签的，签完或移出以后再归档。"))
    ceremony.status = status
    record_on(actor, f"ceremony.{action}", ceremony)
    return ceremony


def _break_off(
    actor: Actor, ceremony: Ceremony, version: int, action: CeremonyAction, reason: str
) -> Ceremony:
    check(actor, Permission.CEREMONY_PLAN, ceremony)
    ceremony = _lock_current(ceremony, version)
    status = WORKFLOW.after(ceremony.status, action)
    if _has_signed(ceremony.id):
        raise Conflict(_("已经有签了的，不能延期或取消。请结束大会，没签的另约。"))
    cleaned = clean_reason(reason, field="words")
    now = clock.now()
    for entry in list_listed(ceremony.id):
        entry.status = ENTRY_WORKFLOW.after(entry.status, EntryAction.FREE)
        entry.reason = cleaned
        entry.ended_at = now
    for snapshot in _list_standing(ceremony.id):
        snapshot.void_at = now
    ceremony.status = status
    ceremony.reason = cleaned
    return ceremony


def _lock_current(ceremony: Ceremony, version: int) -> Ceremony:
    ceremony = take_turn(ceremony)
    if ceremony.version != version:
        raise StaleVersion()
    return ceremony


def _fill(ceremony: Ceremony, details: CeremonyDetails) -> None:
    for name in _FIELDS:
        setattr(ceremony, name, getattr(details, name))


def _has_signed(ceremony_id: int) -> bool:
    signed = exists().where(
        CeremonyEntry.ceremony_id == ceremony_id, CeremonyEntry.status == EntryState.SIGNED
    )
    return bool(db.session.scalar(select(signed)))


def _list_standing(ceremony_id: int) -> list[CeremonySnapshot]:
    return list(
        db.session.scalars(
            select(CeremonySnapshot)
            .where(CeremonySnapshot.ceremony_id == ceremony_id, CeremonySnapshot.void_at.is_(None))
            .order_by(CeremonySnapshot.id)
        )
    )


def _when(ceremony: Ceremony) -> str:
    return f"{ceremony.starts_at.astimezone(clock.SHANGHAI):%Y-%m-%d %H:%M}"


def _tell_all(ceremony: Ceremony, template: str, **params: str) -> None:
    told = list_told_ids(ceremony.id)
    tell(told, template, f"/my/ceremonies/{ceremony.id}", title=ceremony.title, **params)
