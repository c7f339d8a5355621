"""Do the work of the outbox: notices, and the entries of the search index."""

import logging

from sqlalchemy import func, select

from matchplatform.accounts.forgotten import TOPIC as RESET_TOPIC
from matchplatform.catalogue.changed import tell_of_change
from matchplatform.catalogue.indexing import index_project
from matchplatform.claims.halts import tell_of_halt
from matchplatform.kernel import clock
from matchplatform.kernel.db import db, reading
from matchplatform.kernel.outbox import OutboxEntry, list_due, mark_failed
from matchplatform.matching.supply import current_matcher
from matchplatform.matching.supply_news import tell_of_offer
from matchplatform.notifications.resets import mail_reset
from matchplatform.notifications.services import TOPIC as NOTICE_TOPIC
from matchplatform.notifications.services import deliver
from matchplatform.offers.services import TOPIC as OFFER_TOPIC
from matchplatform.projects.services import HALT_TOPIC, INDEX_TOPIC
from matchplatform.projects.telling import CHANGE_TOPIC
from matchplatform.search import SearchIndex

TOPICS = [NOTICE_TOPIC, INDEX_TOPIC, HALT_TOPIC, CHANGE_TOPIC, RESET_TOPIC, OFFER_TOPIC]
AT_ONCE = 50

log = logging.getLogger(__name__)


def list_due_ids(limit: int = AT_ONCE) -> list[int]:
    """List the entries that are due, oldest first, without waiting for a writer."""
    with reading():
        ids = [entry.id for entry in list_due(TOPICS, limit)]
        db.session.rollback()
    return ids


def count_waiting(topic: str | None = None) -> int:
    """Count the entries not yet done, of one topic or all."""
    statement = select(func.count()).select_from(OutboxEntry).where(OutboxEntry.done_at.is_(None))
    if topic is not None:
        statement = statement.where(OutboxEntry.topic == topic)
    return db.session.scalar(statement) or 0


def do_entry(entry_id: int, index: SearchIndex) -> bool:
    """Do one entry in a transaction of its own; a failure is kept for later. Tell whether it went."""
    try:
        _index_first(entry_id, index)
        entry = db.session.get(OutboxEntry, entry_id)
        if entry is not None and entry.done_at is None:
            _do(entry)
            entry.done_at = clock.now()
        db.session.commit()
    except Exception as error:
        # Whatever one entry stumbles over, the others must not wait for it.
        db.session.rollback()
        log.exception("outbox entry %s failed", entry_id)
        mark_failed(db.session.get_one(OutboxEntry, entry_id), repr(error))
        db.session.commit()
        return False
    return True


def work_off_rebuilt() -> None:
    """Do everything that waits, in one transaction, just after the whole index was rebuilt."""
    while entries := list_due(TOPICS, AT_ONCE):
        for entry in entries:
            _do(entry)
            entry.done_at = clock.now()
        db.session.flush()


def _do(entry: OutboxEntry) -> None:
    if entry.topic == NOTICE_TOPIC:
        deliver(entry)
    elif entry.topic == HALT_TOPIC:
        tell_of_halt(entry.payload)
    elif entry.topic == CHANGE_TOPIC:
        tell_of_change(entry.payload)
    elif entry.topic == RESET_TOPIC:
        mail_reset(entry.payload)
    elif entry.topic == OFFER_TOPIC:
        tell_of_offer(entry.payload)


def _index_first(entry_id: int, index: SearchIndex) -> None:
    # Writing the index takes long, so it happens before the database is locked for the note that
    # it is done; a change in between has an entry of its own.
    with reading():
        entry = db.session.get(OutboxEntry, entry_id)
        if entry is not None and entry.done_at is None and entry.topic == INDEX_TOPIC:
            index_project(index, int(entry.payload["project_id"]))
        if entry is not None and entry.done_at is None and entry.topic == OFFER_TOPIC:
            # The comparison itself is quick once the open lines are in memory.
            current_matcher()
        db.session.rollback()
