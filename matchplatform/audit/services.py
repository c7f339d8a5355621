"""Write the trail."""

from collections.abc import Mapping
from contextvars import ContextVar
from typing import Any

from sqlalchemy import select

from matchplatform.access.actor import Actor
from matchplatform.audit.models import GENESIS, AuditEntry, AuditHead
from matchplatform.kernel import clock
from matchplatform.kernel.db import db

LONGEST_ADDRESS = 60
_address: ContextVar[str] = ContextVar("address", default="")


def set_address(address: str) -> None:
    """Remember where the request under way comes from."""
    _address.set(address[:LONGEST_ADDRESS])


def record(
    *,
    actor: Actor,
    action: str,
    subject_type: str,
    subject_id: object,
    subject_label: str,
    region_code: str = "",
    reason: str = "",
    detail: Mapping[str, Any] | None = None,
) -> AuditEntry:
    """Append one link; call it last in a verb, for it holds the head's lock until the commit."""
    db.session.flush()
    head = db.session.scalars(
        select(AuditHead).where(AuditHead.id == 1).with_for_update()
    ).one_or_none()
    if head is None:
        head = AuditHead(id=1, seq=0, hash=GENESIS)
        db.session.add(head)
    entry = AuditEntry(
        seq=head.seq + 1,
        at=clock.now(),
        actor_id=actor.user_id,
        actor_label=actor.label[:120],
        actor_role=str(actor.role),
        action=action,
        subject_type=subject_type,
        subject_id=str(subject_id),
        subject_label=subject_label[:200],
        region_code=region_code,
        reason=reason,
        detail=dict(detail or {}),
        address=_address.get(),
        previous_hash=head.hash,
    )
    entry.hash = entry.computed_hash()
    head.seq, head.hash = entry.seq, entry.hash
    db.session.add(entry)
    db.session.flush()
    return entry
