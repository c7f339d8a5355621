"""Faults to be put into the site's own processes: what the harnesses beside this file must catch."""

import re
import time
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from sqlite3 import Connection
from typing import Any

from sqlalchemy import Engine, event, select, update

from matchplatform.access import once
from matchplatform.access.actor import Actor
from matchplatform.ceremonies import signing, steps
from matchplatform.ceremonies.models import Ceremony, CeremonyEntry, CeremonyStep
from matchplatform.ceremonies.states import EntryState, StepKind
from matchplatform.claims import services
from matchplatform.claims.holds import NothingLeft
from matchplatform.kernel import db as kernel_db
from matchplatform.kernel.db import db
from matchplatform.projects.models import ProjectLine

A_THOUGHT = 0.02
_sign = signing._sign
_counted: dict[int, int] = {}
_ROW_LOCK = re.compile(r"\sFOR (NO KEY UPDATE|UPDATE|KEY SHARE|SHARE)( OF \w+(, \w+)*)?")


def hold_by_reading_first() -> None:
    """Let a hold read and then write, in the databases' default modes: two who look at once win."""
    # Writers who take turns would hide the fault: then one request at a time may do anything.
    event.remove(Engine, "begin", kernel_db._begin)
    event.listen(Engine, "connect", _leave_sqlite_alone)
    event.listen(Engine, "before_cursor_execute", _lock_no_rows, retval=True)
    vars(services)["hold"] = _read_then_write


def forget_keys() -> None:
    """Let the keys of forms be ignored: a form sent twice is done twice."""
    vars(once)["earlier_answer"] = _forget_answer
    vars(once)["remember_answer"] = _forget_to_remember


def sign_without_asking() -> None:
    """Let a step be added for a signature without asking whether the entry was signed already."""
    vars(signing)["_sign"] = _sign_unless_signed


def count_steps_alone() -> None:
    """Let each server number the steps of a day by those that it has added itself."""
    vars(signing)["add_step"] = _add_counted_alone


def _sign_unless_signed(
    actor: Actor, ceremony: Ceremony, entry: CeremonyEntry, at: datetime
) -> None:
    db.session.refresh(entry, ["status", "commitment_id"])
    if entry.status is not EntryState.SIGNED:
        _sign(actor, ceremony, entry, at)


def _add_counted_alone(
    actor: Actor, ceremony: Ceremony, kind: StepKind, **named: Any
) -> CeremonyStep:
    # What this server knows of is the beginning.
    ceremony.seq = _counted.get(ceremony.id, 1)
    step = steps.add_step(actor, ceremony, kind, **named)
    _counted[ceremony.id] = ceremony.seq
    return step


def _read_then_write(lines: Iterable[ProjectLine], quantities: Mapping[int, Decimal]) -> None:
    for line in lines:
        if line.id not in quantities:
            continue
        seen = db.session.scalar(select(ProjectLine.held).where(ProjectLine.id == line.id))
        held = (seen or Decimal(0)) + quantities[line.id]
        if held > line.quantity + line.extra:
            raise NothingLeft("nothing left", {line.id: line.left})
        time.sleep(A_THOUGHT)
        db.session.execute(update(ProjectLine).where(ProjectLine.id == line.id).values(held=held))


def _lock_no_rows(
    _connection: Any, _cursor: Any, statement: str, parameters: Any, *_more: Any
) -> tuple[str, Any]:
    # The trail keeps its lock, or most of the race would end in a broken chain instead.
    is_of_trail = "audit_head" in statement
    return statement if is_of_trail else _ROW_LOCK.sub("", statement), parameters


def _leave_sqlite_alone(connection: Any, _record: Any) -> None:
    if isinstance(connection, Connection):
        connection.isolation_level = "DEFERRED"


def _forget_answer(_actor: Actor) -> str | None:
    return None


def _forget_to_remember(_actor: Actor, _url: str) -> None:
    return None
