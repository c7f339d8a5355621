"""What stands against signing what is listed: named one by one, before the list is locked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from matchplatform.ceremonies.models import Ceremony, CeremonyEntry, CeremonyGuest
from matchplatform.ceremonies.queries import list_guests
from matchplatform.ceremonies.signing import why_not
from matchplatform.ceremonies.states import UPCOMING_STATES, EntryState, GuestState
from matchplatform.claims.models import Claim
from matchplatform.claims.promises import sum_promises
from matchplatform.claims.signing import find_hindrance, list_signing
from matchplatform.commitments.models import Agreement
from matchplatform.commitments.queries import agreements_of
from matchplatform.commitments.readiness import has_drifted, list_missing
from matchplatform.kernel.db import db
from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.money import format_wan
from matchplatform.organisations.models import Membership, Organisation
from matchplatform.organisations.queries import is_live_today

A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Hitch:
    """One thing that is not as it should be; ``stops``: the list cannot be locked with it."""

    words: Words
    stops: bool = False


def find_hitches(ceremony: Ceremony, entries: Sequence[CeremonyEntry]) -> dict[int, list[Hitch]]:
    """Return what stands against each entry by its id, in a fixed number of queries."""
    claims = [entry.claim for entry in entries]
    hitches = hitches_of(ceremony, claims)
    return {entry.id: _gone(entry) or hitches[entry.claim_id] for entry in entries}


def hitches_of(ceremony: Ceremony, claims: Sequence[Claim]) -> dict[int, list[Hitch]]:
    """Return what stands against signing these claims there, by claim id."""
    agreements = agreements_of(claim.id for claim in claims)
    units = {unit.id: unit for claim in claims for unit in list_signing(claim)}
    signers = _with_signer(units)
    guests = {guest.organisation_id: guest for guest in list_guests(ceremony.id)}
    elsewhere = _busy_elsewhere(ceremony, units)
    promises = sum_promises() if units else {}
    found: dict[int, list[Hitch]] = {}
    for claim in claims:
        missing = _missing_of(agreements.get(claim.id))
        hitches = [Hitch(words, stops=True) for words in missing]
        hindrance = find_hindrance(claim)
        if hindrance is not None:
            hitches.append(Hitch(hindrance, stops=True))
        for unit in list_signing(claim):
            if unit.id not in signers:
                hitches.append(Hitch(_("%(name)s没有签署人", name=unit.name), stops=True))
            hitches += _on_the_day(ceremony, unit)
            hitches += _about_guest(unit, guests.get(unit.id))
            if unit.id in elsewhere:
                hitches.append(
                    Hitch(
                        _(
                            "%(name)s同一天还要在“%(other)s”签约",
                            name=unit.name,
                            other=elsewhere[unit.id],
                        )
                    )
                )
            if 0 < unit.annual_budget < promises.get(unit.id, 0):
                hitches.append(
                    Hitch(
                        _(
                            "%(name)s在办的认领共 %(all)s 万元，超过年度预算 %(budget)s 万元",
                            name=unit.name,
                            all=format_wan(promises[unit.id]),
                            budget=format_wan(unit.annual_budget),
                        )
                    )
                )
        found[claim.id] = hitches
    return found


def find_room(ceremony: Ceremony, guests: Iterable[CeremonyGuest]) -> Hitch | None:
    """Say that more people have said yes than the place holds, or None."""
    people = count_people(guests)
    if people <= ceremony.capacity:
        return None
    return Hitch(
        _("已报名 %(people)s 人，会场只容 %(most)s 人", people=people, most=ceremony.capacity)
    )


def count_people(guests: Iterable[CeremonyGuest]) -> int:
    """Count who comes; a unit that comes and has named nobody yet counts as one."""
    coming = (guest for guest in guests if guest.status is GuestState.ACCEPTED)
    return sum(len(guest.attendees) or 1 for guest in coming)


def find_listed_elsewhere(ceremony_id: int, claim_ids: Iterable[int]) -> dict[int, Ceremony]:
    """Return by claim id the other ceremony at which it is listed."""
    rows = db.session.execute(
        select(CeremonyEntry.claim_id, Ceremony)
        .join(Ceremony, Ceremony.id == CeremonyEntry.ceremony_id)
        .where(
            CeremonyEntry.claim_id.in_(list(claim_ids)),
            CeremonyEntry.status == EntryState.LISTED,
            CeremonyEntry.ceremony_id != ceremony_id,
        )
    )
    return dict(rows.all())


def _missing_of(agreement: Agreement | None) -> list[Words]:
    """Say what misses before an agreement can be frozen with the list, or signed as it is."""
    if agreement is None:
        return [_("还没有起草协议")]
    if agreement.is_signed:
        return []
    if agreement.is_fixed:
        drifted = has_drifted(agreement)
        return [_("定稿以后认领或组织的情况有变化，要作废重拟")] if drifted else []
    return list_missing(agreement)


def _gone(entry: CeremonyEntry) -> list[Hitch]:
    why = why_not(entry)
    return [Hitch(why, stops=True)] if why else []


def _with_signer(units: Iterable[int]) -> set[int]:
    return set(
        db.session.scalars(
            select(Membership.organisation_id).where(
                Membership.organisation_id.in_(list(units)),
                Membership.is_signer.is_(True),
                is_live_today(),
            )
        )
    )


def _busy_elsewhere(ceremony: Ceremony, units: Mapping[int, Organisation]) -> dict[int, str]:
    near = select(Ceremony).where(
        Ceremony.id != ceremony.id,
        Ceremony.status.in_(UPCOMING_STATES),
        Ceremony.starts_at > ceremony.starts_at - A_DAY,
        Ceremony.starts_at < ceremony.starts_at + A_DAY,
    )
    same_day = {each.id: each for each in db.session.scalars(near) if each.day == ceremony.day}
    if not same_day:
        return {}
    rows = db.session.execute(
        select(Claim.organisation_id, CeremonyEntry.ceremony_id)
        .join(CeremonyEntry, CeremonyEntry.claim_id == Claim.id)
        .where(
            CeremonyEntry.ceremony_id.in_(same_day),
            CeremonyEntry.status == EntryState.LISTED,
            Claim.organisation_id.in_(list(units)),
        )
        .order_by(CeremonyEntry.ceremony_id, Claim.organisation_id)
    )
    return {organisation_id: same_day[key].title for organisation_id, key in rows}


def _on_the_day(ceremony: Ceremony, unit: Organisation) -> list[Hitch]:
    until = unit.certificate_expires_on
    if until is None or until >= ceremony.day:
        return []
    return [
        Hitch(
            _(
                "%(name)s的登记证书 %(month)s 月 %(day)s 日到期，早于大会当天",
                name=unit.name,
                month=until.month,
                day=until.day,
            )
        )
    ]


def _about_guest(unit: Organisation, guest: CeremonyGuest | None) -> list[Hitch]:
    if guest is None or guest.status is GuestState.REMOVED:
        return [Hitch(_("%(name)s还没有邀请", name=unit.name))]
    if guest.status is GuestState.DECLINED:
        return [Hitch(_("%(name)s答复不参加", name=unit.name))]
    if guest.status is not GuestState.ACCEPTED:
        return [Hitch(_("%(name)s还没有答复", name=unit.name))]
    if not any(person.is_signer for person in guest.attendees):
        return [Hitch(_("%(name)s还没有定谁来签", name=unit.name))]
    return []
