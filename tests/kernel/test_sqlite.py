"""How SQLite is opened, and who takes its lock when."""

import sqlite3
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from matchplatform.kernel.db import db, reading, set_only_reading


def try_to_write(app: Flask) -> str:
    """Say what a stranger gets who wants to write at this moment."""
    path = Path(app.extensions["settings"].instance_path) / "matchplatform.db"
    stranger = sqlite3.connect(path, timeout=0, isolation_level=None)
    try:
        stranger.execute("BEGIN IMMEDIATE")
        stranger.execute("ROLLBACK")
    except sqlite3.OperationalError as error:
        return str(error)
    finally:
        stranger.close()
    return "free"


class TestPragmas:
    @pytest.mark.parametrize(
        ("pragma", "value"),
        [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("busy_timeout", 10000)],
    )
    def test_every_connection_is_opened_safely(
        self, db_session: Flask, pragma: str, value: object
    ) -> None:
        with db.engine.connect() as connection:
            assert connection.scalar(text(f"PRAGMA {pragma}")) == value

    def test_a_foreign_key_is_enforced(self, db_session: Flask) -> None:
        with pytest.raises(Exception, match="FOREIGN KEY"):
            db.session.execute(
                text(
                    "INSERT INTO notices (user_id, outbox_id, template, params, url, created_at)"
                    " VALUES (999, 1, '', '{}', '/', '2020-01-01')"
                )
            )


class TestTransactions:
    def test_a_writer_takes_the_lock_with_its_first_word(self, db_session: Flask) -> None:
        db.session.execute(text("SELECT 1"))
        assert "locked" in try_to_write(db_session)
        db.session.rollback()
        assert try_to_write(db_session) == "free"

    def test_a_reader_never_stands_in_the_way(self, db_session: Flask) -> None:
        with reading():
            db.session.execute(text("SELECT count(*) FROM users"))
            assert try_to_write(db_session) == "free"
            db.session.rollback()

    def test_after_reading_writers_lock_again(self, db_session: Flask) -> None:
        with reading():
            pass
        db.session.execute(text("SELECT 1"))
        assert "locked" in try_to_write(db_session)
        db.session.rollback()

    def test_the_flag_of_a_request_counts_until_it_is_set_back(self, db_session: Flask) -> None:
        set_only_reading(True)
        db.session.execute(text("SELECT count(*) FROM users"))
        assert try_to_write(db_session) == "free"
        db.session.rollback()
        set_only_reading(False)
        db.session.execute(text("SELECT 1"))
        assert "locked" in try_to_write(db_session)

    def test_a_reader_sees_one_state_of_the_data(self, db_session: Flask) -> None:
        with reading():
            count = text("SELECT count(*) FROM site_facts")
            assert db.session.scalar(count) == 0
            path = Path(db_session.extensions["settings"].instance_path) / "matchplatform.db"
            stranger = sqlite3.connect(path, timeout=0)
            stranger.execute("INSERT INTO site_facts VALUES ('demo', '1')")
            stranger.commit()
            stranger.close()
            assert db.session.scalar(count) == 0
            db.session.rollback()
            assert db.session.scalar(count) == 1
