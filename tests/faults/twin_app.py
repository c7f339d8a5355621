"""The site with a hold that reads, then writes: what the race must be able to catch."""

import time
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from flask import Flask
from sqlalchemy import Engine, event, select, update

from matchplatform.app import create_app
from matchplatform.claims import services
from matchplatform.claims.holds import NothingLeft
from matchplatform.kernel import db as kernel_db
from matchplatform.kernel.db import db
from matchplatform.projects.models import ProjectLine

A_THOUGHT = 0.02


def read_then_write(lines: Iterable[ProjectLine], quantities: Mapping[int, Decimal]) -> None:
    """Look what is held, think, and write the sum: two who look at once both win."""
    for line in lines:
        if line.id not in quantities:
            continue
        seen = db.session.scalar(select(ProjectLine.held).where(ProjectLine.id == line.id))
        held = (seen or Decimal(0)) + quantities[line.id]
        if held > line.quantity + line.extra:
            raise NothingLeft("nothing left", {line.id: line.left})
        time.sleep(A_THOUGHT)
        db.session.execute(update(ProjectLine).where(ProjectLine.id == line.id).values(held=held))


def make_twin() -> Flask:
    """Return the site with the broken hold, in SQLAlchemy's default mode for SQLite."""
    # BEGIN IMMEDIATE alone would hide the fault: it lets one request at a time do anything.
    event.remove(Engine, "begin", kernel_db._begin_sqlite)
    event.listen(Engine, "connect", _leave_sqlite_alone)
    vars(services)["hold"] = read_then_write
    return create_app()


def _leave_sqlite_alone(connection: Any, _record: Any) -> None:
    connection.isolation_level = ""
