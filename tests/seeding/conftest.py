"""The demo, loaded once for all the tests here."""

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


@pytest.fixture(scope="session")
def environ(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The variables of a site with the demo in it."""
    environ = environ_of(tmp_path_factory.mktemp("demo"))
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
