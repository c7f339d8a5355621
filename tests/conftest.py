"""Fixtures: a site of its own for every test, on a fresh copy of an empty migrated database."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from matchplatform.app import create_app
from matchplatform.cli.database import migrate
from matchplatform.config.settings import Settings
from matchplatform.kernel.db import db, set_only_reading
from tests.client import CheckingClient

TEST_SETTINGS = {
    "env": "test",
    "secret_key": "a secret that only the tests know, long enough",
    "argon2_memory_kib": 8,
    "argon2_time": 1,
}


@pytest.fixture(scope="session")
def _site(tmp_path_factory: pytest.TempPathFactory) -> tuple[Flask, Path, Path]:
    instance = tmp_path_factory.mktemp("instance")
    app = create_app(Settings(instance=str(instance), **TEST_SETTINGS))  # type: ignore[arg-type]
    app.test_client_class = CheckingClient
    kept = instance / "empty.db"
    with app.app_context():
        migrate(db.engine)
        db.engine.dispose()
    database = instance / "matchplatform.db"
    shutil.copy(database, kept)
    return app, database, kept


@pytest.fixture
def app(_site: tuple[Flask, Path, Path]) -> Flask:
    """The site on an empty database; requests of the client have contexts of their own."""
    app, database, kept = _site
    with app.app_context():
        db.engine.dispose()
    for leftover in (database, Path(f"{database}-wal"), Path(f"{database}-shm")):
        leftover.unlink(missing_ok=True)
    shutil.rmtree(database.parent / "index", ignore_errors=True)
    shutil.copy(kept, database)
    set_only_reading(False)
    return app


@pytest.fixture
def db_session(app: Flask) -> Iterator[Flask]:
    """An application context with the database behind it; a session left dirty fails the test."""
    with app.app_context():
        yield app
        dirty = bool(db.session.new or db.session.dirty or db.session.deleted)
        db.session.rollback()
        db.session.remove()
        assert not dirty, "the test left changes that nobody committed"


@pytest.fixture
def client(db_session: Flask) -> FlaskClient:
    """A browser that checks every page it gets."""
    return db_session.test_client()
