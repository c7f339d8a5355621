"""Fixtures: a site of its own for every test, on an empty migrated database."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from matchplatform.accounts import passwords
from matchplatform.app import create_app
from matchplatform.cli.database import migrate
from matchplatform.config.settings import Settings
from matchplatform.kernel.db import db, set_only_reading
from tests import beginnings, databases
from tests.client import CheckingClient

TEST_SETTINGS = {
    "env": "test",
    "secret_key": "a secret that only the tests know, long enough",
    "argon2_memory_kib": 8,
    "argon2_time": 1,
}


LONGEST_ID = 40
# Who asks for one of these has a database behind it.
SITES = frozenset({"app", "demo", "environ", "world"})
# Tests of pages, which run on one database: the verbs and queries behind them have tests of their
# own on both, and the matrix asks every route on both.
PAGES = re.compile(r"test_(\w+_)?(views|pages|printing)\.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that touch a database, which run on each of the two."""
    for item in items:
        has_site = SITES.intersection(getattr(item, "fixturenames", ()))
        if has_site and not PAGES.fullmatch(item.path.name):
            item.add_marker(pytest.mark.database)


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name a test with a file in it after the parameter: what is in the file may tell the time."""
    return argname if isinstance(val, bytes) and len(val) > LONGEST_ID else None


def pytest_sessionfinish() -> None:
    """Remove the databases that single tests asked for."""
    databases.close_all()


@pytest.fixture(scope="session")
def _instance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("instance")


@pytest.fixture(scope="session")
def stage(_instance: Path) -> Iterator[databases.Stage]:
    """The database of the site; `keep` and `put_back` are for whoever makes a world once."""
    with databases.open_stage(_instance) as opened:
        yield opened


@pytest.fixture(scope="session")
def _site(_instance: Path, stage: databases.Stage) -> Iterator[Flask]:
    settings = Settings(instance=str(_instance), database_url=stage.url, **TEST_SETTINGS)  # type: ignore[arg-type]
    app = create_app(settings)
    app.test_client_class = CheckingClient
    with app.app_context():
        migrate(db.engine)
        db.engine.dispose()
    stage.keep(databases.EMPTY)
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="session")
def _beginnings(_site: Flask, stage: databases.Stage) -> beginnings.Beginnings:
    return beginnings.Beginnings(_site, stage)


@pytest.fixture
def app(_site: Flask, stage: databases.Stage, _beginnings: beginnings.Beginnings) -> Flask:
    """The site on an empty database; requests of the client have contexts of their own."""
    with _site.app_context():
        db.engine.dispose()
    stage.put_back(databases.EMPTY)
    settings: Settings = _site.extensions["settings"]
    # A command that a test ran made another site here, with hashes as costly as real ones.
    passwords.configure(settings.argon2_memory_kib, settings.argon2_time, settings.hash_slots)
    shutil.rmtree(settings.index_path, ignore_errors=True)
    set_only_reading(False)
    beginnings.begin(_beginnings)
    return _site


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
def open_trail(db_session: Flask) -> Iterator[None]:
    """The guards of the trail are away, as after somebody with rights to the database."""
    for statement in databases.OPEN_TRAIL:
        db.session.execute(text(statement))
    db.session.commit()
    yield
    db.session.rollback()
    for statement in databases.CLOSE_TRAIL:
        db.session.execute(text(statement))
    db.session.commit()


@pytest.fixture
def client(db_session: Flask) -> FlaskClient:
    """A browser that checks every page it gets."""
    return db_session.test_client()
