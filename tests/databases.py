"""The database behind a test site, SQLite or PostgreSQL: emptied, kept and put back.

MATCHPLATFORM_TEST_DATABASE says which of the two a run is on; SQLite when it says nothing.
"""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path
from typing import Any, Protocol

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo
from sqlalchemy import event
from sqlalchemy.engine import Engine

from tests import postgres

KIND = os.environ.get("MATCHPLATFORM_TEST_DATABASE", "sqlite")
ON_POSTGRES = KIND == "postgresql"
EMPTY = "empty"
# So often is what was deleted swept out, which DELETE leaves behind in the files.
SWEPT_EVERY = 100
# What a tamperer with the rights of the site's role would do first, and how it is undone; the
# SQLite file is put back whole.
OPEN_TRAIL = (
    (
        "ALTER TABLE audit_entries DISABLE TRIGGER USER",
        "GRANT UPDATE, DELETE ON audit_entries TO CURRENT_USER",
    )
    if ON_POSTGRES
    else ("DROP TRIGGER audit_entries_no_update", "DROP TRIGGER audit_entries_no_delete")
)
CLOSE_TRAIL = (
    (
        "REVOKE UPDATE, DELETE ON audit_entries FROM CURRENT_USER",
        "ALTER TABLE audit_entries ENABLE TRIGGER USER",
    )
    if ON_POSTGRES
    else ()
)
# For what goes through the same lines of code whatever the database is: it runs on SQLite alone.
# What is left for PostgreSQL are verbs, queries, races, migrations, commands and odd values.
ON_ONE_DATABASE = pytest.mark.skipif(ON_POSTGRES, reason="says nothing of the database")
_numbers = count(1)
_opened = ExitStack()
_addresses: list[str] = []


@event.listens_for(Engine, "connect")
def wait_for_no_disk(connection: Any, _record: Any) -> None:
    """Let commits of this process return before they are on the disk."""
    # A test's file need not outlive the machine; the servers of tests.faults are other processes.
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA synchronous=OFF")


class Stage(Protocol):
    """A migrated database. Nobody may have a transaction open while it is kept or put back.

    ``url`` is the setting: empty for SQLite, whose file lies in the site's own folder.
    """

    url: str

    def keep(self, name: str) -> None:
        """Remember what is in the database now."""

    def put_back(self, name: str) -> None:
        """Make the database what it was when ``name`` was kept."""


class SqliteStage:
    """A file, and copies of it."""

    def __init__(self, path: Path) -> None:
        self.path, self.url = path, ""

    def keep(self, name: str) -> None:
        """Copy the file; its last connection has written everything into it."""
        shutil.copy(self.path, self.path.with_suffix(f".{name}"))

    def put_back(self, name: str) -> None:
        """Copy the kept file over it."""
        for leftover in (self.path, Path(f"{self.path}-wal"), Path(f"{self.path}-shm")):
            leftover.unlink(missing_ok=True)
        shutil.copy(self.path.with_suffix(f".{name}"), self.path)


class PostgresStage:
    """A database of a cluster; what is kept lies beside it in schemas of its own."""

    def __init__(self, address: str, url: str) -> None:
        self.url = url
        name = url.partition("?")[0].rpartition("/")[2]
        self._superuser = psycopg.connect(make_conninfo(address, dbname=name), autocommit=True)
        # Triggers and foreign keys sleep, so that rows go and come in any order.
        self._superuser.execute("SET session_replication_role = replica; SET lock_timeout = '5s'")
        self._put_back: dict[str, str] = {}
        self._times = 0

    def keep(self, name: str) -> None:
        """Copy every table into a schema, and note where the sequences stand."""
        statements = []
        with self._superuser.transaction():
            self._run(f'DROP SCHEMA IF EXISTS "{name}" CASCADE', f'CREATE SCHEMA "{name}"')
            for table in self._names("tablename", "pg_tables WHERE schemaname = 'public'"):
                statements.append(f'DELETE FROM public."{table}"')
                if self._one(f'SELECT EXISTS (SELECT FROM public."{table}")'):
                    self._run(f'CREATE TABLE "{name}"."{table}" AS TABLE public."{table}"')
                    copied = f'public."{table}" OVERRIDING SYSTEM VALUE SELECT * FROM'
                    statements.append(f'INSERT INTO {copied} "{name}"."{table}"')
            for sequence in self._names("sequencename", "pg_sequences WHERE schemaname = 'public'"):
                at = self._one(f'SELECT last_value FROM public."{sequence}"')
                called = self._one(f'SELECT is_called FROM public."{sequence}"')
                statements.append(f"SELECT setval('public.\"{sequence}\"', {at}, {called})")
        self._put_back[name] = ";".join(statements)

    def put_back(self, name: str) -> None:
        """Delete everything and copy back what was kept."""
        # Statements that are sent together are one transaction.
        self._run(self._put_back[name])
        self._times += 1
        if self._times % SWEPT_EVERY == 0:
            self._run("VACUUM")

    def close(self) -> None:
        """Leave the database."""
        self._superuser.close()

    def _run(self, *statements: str) -> None:
        for statement in statements:
            self._superuser.execute(sql.SQL(statement))  # type: ignore[arg-type]

    def _one(self, question: str) -> object:
        row = self._superuser.execute(sql.SQL(question)).fetchone()  # type: ignore[arg-type]
        return row[0] if row else None

    def _names(self, column: str, where: str) -> list[str]:
        asked = sql.SQL(f"SELECT {column} FROM {where} ORDER BY 1")  # type: ignore[arg-type]
        return [name for (name,) in self._superuser.execute(asked)]


@contextmanager
def open_stage(instance: Path) -> Iterator[Stage]:
    """Open the database of a site with this folder: its file there, or one of a cluster."""
    if not ON_POSTGRES:
        yield SqliteStage(instance / "matchplatform.db")
        return
    with postgres.database(_address(), _fresh_name()) as url:
        stage = PostgresStage(_address(), url)
        try:
            yield stage
        finally:
            stage.close()


def fresh_url() -> str:
    """Return the address of a new, empty database for a site with a folder of its own.

    Empty on SQLite, whose file lies in that folder; the database goes when the run ends.
    """
    if not ON_POSTGRES:
        return ""
    return _opened.enter_context(postgres.database(_address(), _fresh_name()))


def close_all() -> None:
    """Drop what `fresh_url` made, and the cluster if it is ours."""
    _opened.close()
    _addresses.clear()


def _address() -> str:
    if not _addresses:
        _addresses.append(_opened.enter_context(postgres.any_cluster()))
    return _addresses[0]


def _fresh_name() -> str:
    return f"site_{os.getpid()}_{next(_numbers)}"
