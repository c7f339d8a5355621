"""How the two databases are opened, and who takes the writers' turn when."""

import sqlite3
import traceback
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from flask import Flask
from sqlalchemy import Engine, event, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from matchplatform.kernel.db import WRITERS_TURN, db, reading, reading_aside, set_only_reading
from tests.databases import ON_POSTGRES, wait_for_no_disk

A_FACT = "INSERT INTO site_facts VALUES ('demo', '1')"
FACTS = text("SELECT count(*) FROM site_facts")
TURN = f"SELECT pg_advisory_xact_lock({WRITERS_TURN})" if ON_POSTGRES else "BEGIN IMMEDIATE"
only_sqlite = pytest.mark.skipif(ON_POSTGRES, reason="a setting of SQLite")
only_postgres = pytest.mark.skipif(not ON_POSTGRES, reason="a setting of PostgreSQL")


def come_by(app: Flask) -> Any:
    """Return a connection that is not the site's, and that does not like to wait."""
    settings = app.extensions["settings"]
    if ON_POSTGRES:
        address = settings.database.replace("+psycopg", "")
        return psycopg.connect(address, options="-c lock_timeout=50ms")
    path = Path(settings.instance_path) / "matchplatform.db"
    return sqlite3.connect(path, timeout=0, isolation_level=None)


def try_to_write(app: Flask) -> str:
    """Say what another writer gets at this moment."""
    with closing(come_by(app)) as other:
        try:
            other.execute(TURN)
        except (sqlite3.OperationalError, psycopg.errors.LockNotAvailable):
            return "waits"
        return "goes on"


@contextmanager
def watched(app: Flask, words: str) -> Iterator[list[str]]:
    """List what another writer gets while the site asks the database for something with ``words``."""
    seen: list[str] = []

    def look(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if words in statement:
            seen.append(try_to_write(app))

    event.listen(Engine, "before_cursor_execute", look)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", look)


@pytest.fixture
def waiting_for_the_disk() -> Iterator[None]:
    """Connections as the site makes them; the other tests need not wait so long."""
    event.remove(Engine, "connect", wait_for_no_disk)
    yield
    event.listen(Engine, "connect", wait_for_no_disk)


class TestPragmas:
    @only_sqlite
    @pytest.mark.usefixtures("waiting_for_the_disk")
    @pytest.mark.parametrize(
        ("pragma", "value"),
        [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("busy_timeout", 10000)],
    )
    def test_every_connection_to_sqlite_is_opened_safely(
        self, db_session: Flask, pragma: str, value: object
    ) -> None:
        with db.engine.connect() as connection:
            assert connection.scalar(text(f"PRAGMA {pragma}")) == value

    @only_postgres
    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("lock_timeout", "10s"),
            ("statement_timeout", "30s"),
            ("idle_in_transaction_session_timeout", "1min"),
        ],
    )
    def test_nothing_waits_for_ever_on_postgresql(
        self, db_session: Flask, name: str, value: str
    ) -> None:
        assert db.session.scalar(text(f"SHOW {name}")) == value

    def test_a_foreign_key_is_enforced(self, db_session: Flask) -> None:
        orphan = text("INSERT INTO favourites VALUES (999, 1, '2020-01-01 00:00:00')")
        with pytest.raises(IntegrityError, match=r"(?i)foreign key"):
            db.session.execute(orphan)
        db.session.rollback()


class TestTransactions:
    def test_a_writer_takes_the_turn_with_its_first_word(self, db_session: Flask) -> None:
        db.session.execute(text("SELECT 1"))
        assert try_to_write(db_session) == "waits"
        db.session.rollback()
        assert try_to_write(db_session) == "goes on"

    def test_a_reader_never_stands_in_the_way(self, db_session: Flask) -> None:
        with reading():
            db.session.execute(text("SELECT count(*) FROM users"))
            assert try_to_write(db_session) == "goes on"
            db.session.rollback()

    def test_after_reading_writers_take_turns_again(self, db_session: Flask) -> None:
        with reading():
            pass
        db.session.execute(text("SELECT 1"))
        assert try_to_write(db_session) == "waits"
        db.session.rollback()

    def test_whoever_reads_aside_gives_the_turn_up_and_takes_it_again(
        self, db_session: Flask
    ) -> None:
        db.session.execute(text("SELECT 1"))
        with reading_aside():
            db.session.execute(text("SELECT count(*) FROM users"))
            assert try_to_write(db_session) == "goes on"
        db.session.execute(text("SELECT 1"))
        assert try_to_write(db_session) == "waits"
        db.session.rollback()

    def test_the_flag_of_a_request_counts_until_it_is_set_back(self, db_session: Flask) -> None:
        set_only_reading(True)
        db.session.execute(text("SELECT count(*) FROM users"))
        assert try_to_write(db_session) == "goes on"
        db.session.rollback()
        set_only_reading(False)
        db.session.execute(text("SELECT 1"))
        assert try_to_write(db_session) == "waits"

    def test_a_reader_sees_one_state_of_the_data(self, db_session: Flask) -> None:
        with reading():
            assert db.session.scalar(FACTS) == 0
            with closing(come_by(db_session)) as other:
                other.execute(A_FACT)
                other.commit()
            assert db.session.scalar(FACTS) == 0
            db.session.rollback()
            assert db.session.scalar(FACTS) == 1
            db.session.rollback()

    def test_a_writer_sees_what_was_written_before_its_turn(self, db_session: Flask) -> None:
        with closing(come_by(db_session)) as other:
            other.execute(A_FACT)
            other.commit()
        assert db.session.scalar(FACTS) == 1
        db.session.rollback()

    @only_postgres
    def test_postgresql_itself_refuses_a_write_to_who_only_reads(self, db_session: Flask) -> None:
        with reading():
            with pytest.raises(DBAPIError, match="read-only transaction"):
                db.session.execute(text(A_FACT))
            db.session.rollback()


class TestErrors:
    def test_what_was_written_is_not_in_the_message(self, db_session: Flask) -> None:
        typed = {"name": "demo", "value": "13800000000"}
        fact = text("INSERT INTO site_facts VALUES (:name, :value)")
        db.session.execute(fact, typed)
        with pytest.raises(IntegrityError, match=r"(?i)unique") as raised:
            db.session.execute(fact, typed)
        db.session.rollback()
        said = "".join(traceback.format_exception(raised.value))
        assert "demo" not in said
        assert typed["value"] not in said

    @only_postgres
    def test_postgresql_does_not_repeat_the_row(self, db_session: Flask) -> None:
        fact, number = text("INSERT INTO site_facts VALUES (:name, NULL)"), str(13_800_000_000)
        with pytest.raises(IntegrityError, match="null value in column") as raised:
            db.session.execute(fact, {"name": number})
        db.session.rollback()
        assert number not in "".join(traceback.format_exception(raised.value))
