"""The demo, loaded once for all the tests here."""

import shutil
from collections.abc import Iterator

import pytest
from click.testing import CliRunner
from flask import Flask

from matchplatform.app import create_app
from matchplatform.cli import main
from matchplatform.config.settings import read_settings
from matchplatform.kernel.db import db
from tests.cli.environ import environ_of
from tests.client import CheckingClient
from tests.databases import ON_POSTGRES
from tests.demo import made_before


@pytest.fixture(scope="session")
def environ(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The variables of a site with the demo in it."""
    folder, made = tmp_path_factory.mktemp("demo"), made_before()
    environ = environ_of(folder)
    if made and not ON_POSTGRES:
        shutil.copytree(made, folder, dirs_exist_ok=True)
        return environ
    result = CliRunner().invoke(main, ["init", "--demo"], env=environ)
    assert result.exit_code == 0, result.output
    return environ


@pytest.fixture
def demo(environ: dict[str, str]) -> Iterator[Flask]:
    """The demo site, with an application context."""
    app = create_app(read_settings(environ))
    app.test_client_class = CheckingClient
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()
