"""Lock the list: every agreement is frozen, and who signs what is kept under a hash."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from matchplatform.access.actor import Actor
from matchplatform.access.policy import Permission, check
from matchplatform.ceremonies.hitches import find_hitches
from matchplatform.ceremonies.models import Ceremony, CeremonyEntry, CeremonySnapshot
from matchplatform.ceremonies.ordering import OVERTAKEN
from matchplatform.ceremonies.queries import list_main_entries
from matchplatform.ceremonies.states import WORKFLOW, CeremonyAction
from matchplatform.ceremonies.steps import record_on, take_turn
from matchplatform.claims.locks import lock_signing
from matchplatform.claims.models import Claim
from matchplatform.claims.signing import list_signing
from matchplatform.commitments.freezing import freeze_agreement
from matchplatform.commitments.models import Agreement
from matchplatform.commitments.queries import agreements_of
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Conflict, StaleVersion
from matchplatform.kernel.i18n import lazy_gettext as _


def lock_list(
    *, actor: Actor, ceremony: Ceremony, version: int, seen: Sequence[int]
) -> CeremonySnapshot:
    """Lock who signs what, in the order ``seen``; every agreement is frozen with it.

    Raises:
        StaleVersion: the ceremony or its list has changed meanwhile.
        Conflict: the list is empty, or something on it cannot be signed yet.
    """
    check(actor, Permission.CEREMONY_PLAN, ceremony)
    ceremony = take_turn(ceremony)
    if ceremony.version != version:
        raise StaleVersion()
    status = WORKFLOW.after(ceremony.status, CeremonyAction.LOCK)
    entries = list_main_entries(ceremony.id)
    if [entry.id for entry in entries] != list(seen):
        raise StaleVersion(OVERTAKEN)
    if not entries:
        raise Conflict(_("名单还是空的，先列入要签的认领。"))
    freeze_all(actor, ceremony, entries)
    ceremony.status = status
    snapshot = take_snapshot(actor, ceremony, 0, entries)
    record_on(
        actor,
        "ceremony.lock",
        ceremony,
        detail={"sha256": snapshot.sha256, "entries": len(entries)},
    )
    return snapshot


def freeze_all(actor: Actor, ceremony: Ceremony, entries: Sequence[CeremonyEntry]) -> None:
    """Freeze the agreements of what is to be signed, and tie each to its entry.

    Raises:
        Conflict: one cannot be signed yet; the words name it and say how many there are.
    """
    lock_signing(entry.claim for entry in entries)
    hitches = find_hitches(ceremony, entries)
    stopped = [(entry, hitch) for entry in entries for hitch in hitches[entry.id] if hitch.stops]
    if stopped:
        entry, hitch = stopped[0]
        raise Conflict(
            _(
                "还有 %(count)s 项不能签，逐项列在下面。第一项：%(number)s（%(name)s）%(why)s。",
                count=len({each.id for each, _hitch in stopped}),
                number=entry.claim.number,
                name=entry.claim.organisation.name,
                why=hitch.words,
            )
        )
    agreements = agreements_of([entry.claim_id for entry in entries])
    for entry in entries:
        agreement = agreements[entry.claim_id]
        if not agreement.is_fixed:
            agreement = freeze_agreement(actor=actor, agreement=agreement)
        entry.agreement = agreement


def take_snapshot(
    actor: Actor, ceremony: Ceremony, number: int, entries: Sequence[CeremonyEntry]
) -> CeremonySnapshot:
    """Keep who signs what under its hash."""
    content = content_of(ceremony, number, entries)
    snapshot = CeremonySnapshot(
        ceremony_id=ceremony.id,
        number=number,
        content=content,
        sha256=digest_of(content),
        locked_by_id=actor.user_id,
        locked_at=clock.now(),
    )
    db.session.add(snapshot)
    db.session.flush()
    return snapshot


def content_of(ceremony: Ceremony, number: int, entries: Sequence[CeremonyEntry]) -> dict[str, Any]:
    """Return what is locked as JSON: every value a text or a whole number."""
    return {
        "ceremony": {
            "number": ceremony.number,
            "title": ceremony.title,
            "place": ceremony.place,
            "region": ceremony.region_code,
            "starts_at": ceremony.starts_at.astimezone(clock.SHANGHAI).isoformat(),
        },
        "addendum": number,
        "entries": [_entry(place, entry) for place, entry in enumerate(entries, 1)],
    }


def digest_of(content: Mapping[str, Any]) -> str:
    """Return the SHA-256 of the canonical JSON: keys sorted, no spaces, UTF-8."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _entry(place: int, entry: CeremonyEntry) -> dict[str, Any]:
    agreement: Agreement | None = entry.agreement
    return {
        "place": place,
        **_claim(entry.claim),
        "agreement": agreement.number if agreement else "",
        "agreement_sha256": agreement.sha256 if agreement else "",
    }


def _claim(claim: Claim) -> dict[str, Any]:
    return {
        "claim": claim.number,
        "claim_id": claim.id,
        "project": claim.project.number,
        "project_name": claim.project.name,
        "region": claim.region_code,
        "organisations": [{"uscc": unit.uscc, "name": unit.name} for unit in list_signing(claim)],
        "lines": [
            {
                "item": part.line.item,
                "quantity": f"{part.quantity:f}",
                "unit": part.line.unit,
                "unit_price": "" if part.unit_price is None else f"{part.unit_price:f}",
            }
            for part in claim.lines
        ],
        "value": f"{claim.value:f}",
    }
