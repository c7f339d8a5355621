"""The database: typed base, exact types, and how SQLite and PostgreSQL are opened."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from flask_sqlalchemy import SQLAlchemy
from psycopg import IsolationLevel
from sqlalchemy import BigInteger, DateTime, Engine, Enum, Integer, MetaData, TypeDecorator, event
from sqlalchemy.engine import Connection, Dialect, ExceptionContext
from sqlalchemy.orm import DeclarativeBase

from matchplatform.kernel.money import THOUSANDTH, from_fen, to_fen

# How long a transaction waits for its turn before the page answers 503.
LOCK_SECONDS = 10
STATEMENT_SECONDS = 30
# A transaction that nobody goes on with holds up everybody who waits for its rows.
IDLE_SECONDS = 60
# The number of the advisory lock; it means nothing, and only this site's database sees it.
WRITERS_TURN = 20_200_501

BigId = BigInteger().with_variant(Integer, "sqlite")


class Base(DeclarativeBase):
    """The declarative base of every table, with names for every constraint."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


db = SQLAlchemy(model_class=Base)


class Money(TypeDecorator[Decimal]):
    """Decimal yuan in Python, BIGINT fen in the database."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        """Turn yuan into fen."""
        return None if value is None else to_fen(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        """Turn fen into yuan."""
        return None if value is None else from_fen(value)


class Quantity(TypeDecorator[Decimal]):
    """A Decimal to three places in Python, an integer of thousandths in the database."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        """Turn units into thousandths, and refuse what they cannot say exactly."""
        if value is None:
            return None
        if not isinstance(value, Decimal):
            raise TypeError("a quantity is a Decimal")
        thousandths = int(value * 1000)
        if thousandths != value * 1000:
            raise ValueError("more decimals than thousandths")
        return thousandths

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        """Turn thousandths into units."""
        return None if value is None else (Decimal(value) / 1000).quantize(THOUSANDTH)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, stored as UTC on every database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive moments; turn the rest into UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("naive datetime")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give SQLite's naive answers their zone back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def engine_options(url: str, threads: int) -> dict[str, Any]:
    """Return what the engine of ``url`` is opened with, for a process of ``threads`` threads."""
    options: dict[str, Any] = {
        "pool_size": threads + 2,
        "max_overflow": 4,
        "pool_pre_ping": True,
        "pool_timeout": LOCK_SECONDS,
        # Errors go to the log, and what people typed does not.
        "hide_parameters": True,
    }
    if url.startswith("postgresql"):
        timeouts = {
            "lock_timeout": LOCK_SECONDS,
            "statement_timeout": STATEMENT_SECONDS,
            "idle_in_transaction_session_timeout": IDLE_SECONDS,
        }
        asked = " ".join(f"-c {name}={seconds}s" for name, seconds in timeouts.items())
        options["connect_args"] = {"connect_timeout": LOCK_SECONDS, "options": asked}
    return options


def words_of(states: type[StrEnum]) -> Enum:
    """Return the column type of a StrEnum: its words, held to them by a CHECK."""
    return Enum(
        states,
        native_enum=False,
        length=24,
        create_constraint=True,
        name=states.__name__.lower(),
        values_callable=lambda members: [member.value for member in members],
    )


_only_reading: ContextVar[bool] = ContextVar("only_reading", default=False)


def set_only_reading(flag: bool) -> None:
    """Say whether the transactions begun from here on only read (a GET) or may write."""
    _only_reading.set(flag)


@contextmanager
def reading() -> Iterator[None]:
    """Begin transactions inside the block as readers, which never wait for a writer."""
    token = _only_reading.set(True)
    try:
        yield
    finally:
        _only_reading.reset(token)


@contextmanager
def reading_aside() -> Iterator[None]:
    """End the transaction under way; what the block reads waits for nobody, and nobody for it.

    Whatever was loaded before is loaded anew after it.
    """
    db.session.rollback()
    with reading():
        try:
            yield
        finally:
            db.session.rollback()


@event.listens_for(Engine, "handle_error")
def _leave_out_values(context: ExceptionContext) -> None:
    """Cut what PostgreSQL adds to its message, which repeats keys and whole rows."""
    error = context.original_exception
    said = getattr(getattr(error, "diag", None), "message_primary", None)
    if said:
        told = context.sqlalchemy_exception
        if told is not None:
            told.args = (str(told.args[0]).replace(str(error), said),)
        error.args = (said,)


@event.listens_for(Engine, "connect")
def _open_sqlite(dbapi_connection: Any, _record: Any) -> None:
    if isinstance(dbapi_connection, sqlite3.Connection):
        # SQLAlchemy's own BEGIN comes too late for writers: see _begin.
        dbapi_connection.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            f"busy_timeout={LOCK_SECONDS * 1000}",
        ):
            dbapi_connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "begin")
def _begin(connection: Connection) -> None:
    """Let a writer take its turn with its first word; hold a reader to reading.

    A reader that turns writer half way can fail at once (SQLite) or act on what it read before
    somebody else changed it (PostgreSQL); so writers take turns on both.
    """
    only_reading = _only_reading.get()
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN" if only_reading else "BEGIN IMMEDIATE")
    elif connection.dialect.name == "postgresql":
        raw: Any = connection.connection.dbapi_connection
        raw.read_only = only_reading
        # A page adds up one state of the data; a writer sees what the one before it left.
        raw.isolation_level = (
            IsolationLevel.REPEATABLE_READ if only_reading else IsolationLevel.READ_COMMITTED
        )
        if not only_reading:
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITERS_TURN})")
