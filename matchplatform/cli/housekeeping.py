"""Once a day: drop rows that have served, and say so in the trail."""

from datetime import timedelta

from sqlalchemy import CursorResult, delete

from matchplatform.access.actor import SYSTEM
from matchplatform.audit.services import record
from matchplatform.commitments.bundles import drop_old_bundles
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.idempotency import IdempotencyKey
from matchplatform.kernel.outbox import OutboxEntry
from matchplatform.projects.kept import drop_old_kept

KEEP_KEYS = timedelta(days=7)
KEEP_DONE_WORK = timedelta(days=30)


def drop_old_rows() -> int:
    """Drop spent form keys after a week, work done and forms left a month ago; return how many."""
    at = clock.now()
    dropped = {
        "idempotency_keys": _count(
            db.session.execute(
                delete(IdempotencyKey).where(IdempotencyKey.created_at < at - KEEP_KEYS)
            )
        ),
        "outbox": _count(
            db.session.execute(delete(OutboxEntry).where(OutboxEntry.done_at < at - KEEP_DONE_WORK))
        ),
        "kept_forms": drop_old_kept(),
        "bundles": drop_old_bundles(),
    }
    if any(dropped.values()):
        record(
            actor=SYSTEM,
            action="site.tidy",
            subject_type="site",
            subject_id="rows",
            subject_label="过期的表单凭证、已办结的后台任务、久未接着写的表单和旧的协议包",
            detail=dropped,
        )
    return sum(dropped.values())


def _count(result: object) -> int:
    return result.rowcount if isinstance(result, CursorResult) else 0
