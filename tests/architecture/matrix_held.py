"""A database of which one connection is held: what a cell of the matrix did there is undone."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from sqlalchemy import Connection, event
from sqlalchemy.orm import Session

from matchplatform.kernel import db as database
from matchplatform.kernel.db import db

_WRITES = re.compile(r'\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+"?(\w+)', re.IGNORECASE)
# What PostgreSQL and SQLite call it when nothing but reading is allowed, and anything again.
_READ_ONLY = {
    "sqlite": ("PRAGMA query_only=ON", "PRAGMA query_only=OFF"),
    "postgresql": ("SET LOCAL transaction_read_only = on", None),
}
Rows = list[str]


class Held:
    """One connection under every session of the site; a commit ends no more than a savepoint.

    ``written`` are the tables that got or lost something since the cell began.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.written: set[str] = set()
        self.before: dict[str, Rows] = {}
        self.strict = self.reading = False

    @contextmanager
    def cell(self, *, keep: bool = False) -> Iterator[None]:
        """Undo at the end of the block all that was done in it, but for what shall be kept."""
        database.set_only_reading(False)
        self.written.clear()
        transaction = self.connection.begin()
        try:
            yield
            if keep:
                transaction.commit()
        finally:
            self._set_reading(False)
            transaction.close()

    def remember(self) -> None:
        """Note what is in every table, and hold readers to reading from now on."""
        self.before = {name: self.rows_of(name) for name in db.metadata.tables}
        self.strict = True

    def changed(self, but: tuple[str, ...]) -> set[str]:
        """Return the tables that are not what they were, but for some of them."""
        return {
            name
            for name in self.written.difference(but)
            if self.rows_of(name) != self.before.get(name)
        }

    def rows_of(self, table: str) -> Rows:
        """Return every row of a table, in an order of its own."""
        rows = self.connection.exec_driver_sql(f'SELECT * FROM "{table}"')  # noqa: S608
        return sorted(map(repr, rows))

    def note_write(self, _connection: object, cursor: Any, statement: str, *_rest: object) -> None:
        """Note the table that a statement wrote to."""
        found = _WRITES.match(statement)
        if found and cursor.rowcount != 0:
            self.written.add(found[1].lower())

    def hold_readers(self, _session: Session, _transaction: object, _connection: object) -> None:
        """Let the database itself refuse a write to whoever only reads."""
        self._set_reading(self.strict and database._only_reading.get())

    def _set_reading(self, reading: bool) -> None:
        # PostgreSQL forgets it with the savepoint, so a reader says it anew each time.
        if reading or self.reading:
            self.reading = reading
            said = _READ_ONLY[self.connection.dialect.name][0 if reading else 1]
            if said is not None:
                self.connection.exec_driver_sql(said)


@contextmanager
def hold(app: Flask) -> Iterator[Held]:
    """Put one connection under every session of the site while the block runs."""
    database.set_only_reading(False)
    with app.app_context():
        engine = db.engine
    factory: Any = db.session.session_factory
    with engine.connect() as connection:
        held = Held(connection)
        event.listen(engine, "after_cursor_execute", held.note_write)
        event.listen(factory, "after_begin", held.hold_readers)
        factory.class_.get_bind = lambda *_args, **_kwargs: connection
        factory.configure(join_transaction_mode="create_savepoint")
        try:
            yield held
        finally:
            del factory.class_.get_bind
            del factory.kw["join_transaction_mode"]
            event.remove(factory, "after_begin", held.hold_readers)
            event.remove(engine, "after_cursor_execute", held.note_write)
            database.set_only_reading(False)
    with app.app_context():
        engine.dispose()
