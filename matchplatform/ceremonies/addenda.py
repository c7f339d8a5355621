"""Addenda: what is to be signed after the list was locked, at the ceremony or late."""

from collections.abc import Iterable

from sqlalchemy import func, select

from matchplatform.access.actor import Actor
from matchplatform.access.policy import Permission, check
from matchplatform.ceremonies.intake import MOST_ENTRIES, Added, choose_claims, new_entry
from matchplatform.ceremonies.locking import freeze_all, take_snapshot
from matchplatform.ceremonies.models import Ceremony, CeremonyEntry, CeremonySnapshot
from matchplatform.ceremonies.states import LATE_STATES, CeremonyState
from matchplatform.ceremonies.steps import record_on, take_turn
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Conflict
from matchplatform.kernel.i18n import lazy_gettext as _

ADDENDUM_STATES = (CeremonyState.LOCKED, CeremonyState.LIVE, *LATE_STATES)


def make_addendum(*, actor: Actor, ceremony: Ceremony, claim_ids: Iterable[int]) -> Added:
    """Lock a further list beside the first: its agreements are frozen, and it has its own hash.

    Raises:
        Conflict: its list is not locked yet, or one of the claims cannot be signed.
    """
    check(actor, Permission.CEREMONY_PLAN, ceremony)
    ceremony = take_turn(ceremony)
    if ceremony.status not in ADDENDUM_STATES:
        raise Conflict(_("名单还没有锁定，直接列入名单就行。"))
    claims, refused = choose_claims(ceremony, claim_ids, room=MOST_ENTRIES)
    number = _last_number(ceremony.id) + 1
    entries = [new_entry(ceremony, claim, at, number) for at, claim in enumerate(claims, 1)]
    freeze_all(actor, ceremony, entries)
    snapshot = take_snapshot(actor, ceremony, number, entries)
    record_on(
        actor,
        "ceremony.addendum",
        ceremony,
        detail={
            "addendum": number,
            "claims": [claim.number for claim in claims],
            "sha256": snapshot.sha256,
        },
    )
    return Added(entries, refused)


def _last_number(ceremony_id: int) -> int:
    entries = select(func.max(CeremonyEntry.addendum)).where(
        CeremonyEntry.ceremony_id == ceremony_id
    )
    snapshots = select(func.max(CeremonySnapshot.number)).where(
        CeremonySnapshot.ceremony_id == ceremony_id
    )
    return max(db.session.scalar(entries) or 0, db.session.scalar(snapshots) or 0)
