"""Verbs of the guest list: which units are to come."""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from matchplatform.access.actor import Actor
from matchplatform.access.policy import Permission, check
from matchplatform.audit.services import record
from matchplatform.ceremonies.models import Ceremony, CeremonyGuest
from matchplatform.ceremonies.queries import list_listed
from matchplatform.ceremonies.services import TOKEN_BYTES
from matchplatform.ceremonies.states import (
    UPCOMING_STATES,
    GuestKind,
    GuestState,
)
from matchplatform.ceremonies.steps import take_turn
from matchplatform.claims.signing import list_signing
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Conflict, InvalidInput
from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.identity import holds_id_number
from matchplatform.kernel.reasons import ID_NUMBER
from matchplatform.kernel.text import fold, tidy
from matchplatform.organisations.models import Organisation
from matchplatform.organisations.states import OrganisationState
from matchplatform.regions.divisions import find_division

LONGEST_UNIT = 120
MOST_LINES, MOST_GUESTS = 300, 600
_SEPARATORS = "，,\t;；"


@dataclass(frozen=True)
class NewGuest:
    """A unit to be put onto the guest list; ``region_code``: of an office, else empty."""

    kind: GuestKind
    unit: str
    contact: str = ""
    region_code: str = ""
    organisation: Organisation | None = None


def add_guests(
    *, actor: Actor, ceremony: Ceremony, guests: Iterable[NewGuest]
) -> list[CeremonyGuest]:
    """Put units onto the guest list; whoever is on it stays as they are.

    Raises:
        InvalidInput: a unit without a name, or with too long a one.
        Conflict: the ceremony is over, or nobody is new.
    """
    check(actor, Permission.CEREMONY_PLAN, ceremony)
    ceremony = take_turn(ceremony)
    check_upcoming(ceremony)
    known = _known(ceremony)
    added: list[CeremonyGuest] = []
    for new in guests:
        key = _key(new.organisation, new.unit)
        if key not in known:
            known.add(key)
            added.append(_add(ceremony, new))
    if not added:
        raise Conflict(_("这些单位都已经在名单上了。"))
    if len(known) > MOST_GUESTS:
        raise Conflict(_("一场最多邀请 %(most)s 家单位。", most=MOST_GUESTS))
    db.session.flush()
    record_guests(actor, "ceremony.guests", ceremony, added)
    return added


def list_missing_units(ceremony: Ceremony) -> list[Organisation]:
    """List the organisations that are to sign and are not on the guest list."""
    known = _known(ceremony)
    units = {
        unit.id: unit
        for entry in list_listed(ceremony.id)
        for unit in list_signing(entry.claim)
        if f"#{unit.id}" not in known
    }
    return sorted(units.values(), key=lambda unit: (unit.name, unit.id))


def read_pasted(typed: str, kind: GuestKind) -> list[NewGuest]:
    """Read units, one a line with whom to ask after a comma; a code or a name finds an organisation.

    Raises:
        InvalidInput: no line, too many, or one that cannot be read; its number is told.
    """
    lines = [line for line in tidy(typed).split("\n") if line.strip()]
    if not lines:
        raise InvalidInput(fields={"words": _("请粘贴单位名单，一行一家。")})
    if len(lines) > MOST_LINES:
        raise InvalidInput(fields={"words": _("一次最多 %(most)s 行。", most=MOST_LINES)})
    pairs = [_split(line) for line in lines]
    known = _find_organisations([unit for unit, _contact in pairs])
    found: list[NewGuest] = []
    for place, (unit, contact) in enumerate(pairs, 1):
        organisation = known.get(fold(unit))
        wrong = "" if organisation else _why_not_named(unit, kind)
        wrong = wrong or (_too_long(contact) if len(contact) > LONGEST_UNIT else "")
        if wrong:
            raise InvalidInput(
                fields={"words": _("第 %(place)s 行：%(why)s", place=place, why=wrong)}
            )
        if organisation:
            found.append(
                NewGuest(GuestKind.ORGANISATION, organisation.name, contact, "", organisation)
            )
        else:
            found.append(NewGuest(kind, unit, contact))
    return found


def read_unit(kind: GuestKind, unit: str, contact: str, region_code: str) -> NewGuest:
    """Return one unit as typed; an organisation is found by its code or its name.

    Raises:
        InvalidInput: no such organisation, or no name; at its field.
    """
    name = tidy(unit)
    if kind is not GuestKind.ORGANISATION:
        return NewGuest(kind, name, contact, region_code)
    organisation = _find_organisations([name]).get(fold(name)) if name else None
    if organisation is None:
        raise InvalidInput(fields={"unit": _why_not_named(name, kind)})
    return NewGuest(kind, organisation.name, contact, "", organisation)


def _add(ceremony: Ceremony, new: NewGuest) -> CeremonyGuest:
    unit, contact = tidy(new.unit), tidy(new.contact)
    wrong = _why_not_named(unit, new.kind) if new.organisation is None else ""
    if wrong:
        raise InvalidInput(fields={"unit": wrong})
    if len(contact) > LONGEST_UNIT:
        raise InvalidInput(fields={"contact": _too_long(contact)})
    if holds_id_number(contact):
        raise InvalidInput(fields={"contact": ID_NUMBER})
    if new.region_code and find_division(new.region_code) is None:
        raise InvalidInput(fields={"region_code": _("没有这个地区。")})
    guest = CeremonyGuest(
        ceremony=ceremony,
        kind=new.kind,
        organisation=new.organisation,
        unit=unit,
        contact=contact,
        region_code=new.region_code if new.kind is GuestKind.OFFICE else "",
        token=secrets.token_urlsafe(TOKEN_BYTES),
        status=GuestState.LISTED,
        said="",
    )
    db.session.add(guest)
    return guest


def _why_not_named(unit: str, kind: GuestKind) -> Words:
    if not unit:
        return _("请写单位名称。")
    if len(unit) > LONGEST_UNIT:
        return _too_long(unit)
    if holds_id_number(unit):
        return ID_NUMBER
    if kind is GuestKind.ORGANISATION:
        return _("没有找到叫“%(unit)s”的已登记社会组织，可以改粘贴统一社会信用代码。", unit=unit)
    return ""


def _too_long(text: str) -> Words:
    return _("“%(text)s…”太长，最多 %(count)s 个字。", text=text[:10], count=LONGEST_UNIT)


def _split(line: str) -> tuple[str, str]:
    for at, sign in enumerate(line):
        if sign in _SEPARATORS:
            return line[:at].strip(), line[at + 1 :].strip(_SEPARATORS + " ")
    return line.strip(), ""


def _find_organisations(units: Sequence[str]) -> dict[str, Organisation]:
    usable = (OrganisationState.VERIFIED, OrganisationState.RESTRICTED)
    rows = db.session.scalars(
        select(Organisation)
        .where(
            Organisation.status.in_(usable),
            Organisation.name.in_(units) | Organisation.uscc.in_([u.upper() for u in units]),
        )
        .order_by(Organisation.id.desc())
    )
    found: dict[str, Organisation] = {}
    for row in rows:
        found[fold(row.name)] = row
        found[fold(row.uscc)] = row
    return found


def _known(ceremony: Ceremony) -> set[str]:
    rows = db.session.execute(
        select(CeremonyGuest.organisation_id, CeremonyGuest.unit).where(
            CeremonyGuest.ceremony_id == ceremony.id
        )
    )
    return {f"#{key}" if key else fold(unit) for key, unit in rows}


def _key(organisation: Organisation | None, unit: str) -> str:
    return f"#{organisation.id}" if organisation else fold(unit)


def check_upcoming(ceremony: Ceremony) -> None:
    """Let pass what is done about guests before the day is over.

    Raises:
        Conflict: it is over, or off.
    """
    if ceremony.status not in UPCOMING_STATES:
        raise Conflict(_("大会已经结束、延期或取消，不能再改邀请名单。"))


def record_guests(
    actor: Actor,
    action: str,
    ceremony: Ceremony,
    guests: Sequence[CeremonyGuest],
    reason: str = "",
) -> None:
    """Record what was done about guests."""
    record(
        actor=actor,
        action=action,
        subject_type="ceremony",
        subject_id=ceremony.id,
        subject_label=ceremony.title,
        region_code=ceremony.region_code,
        reason=reason,
        detail={"guests": [guest.id for guest in guests], "count": len(guests)},
    )
