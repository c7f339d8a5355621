"""Bring a database to the newest schema."""

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine

from matchplatform.config.paths import MIGRATIONS


def migrate(engine: Engine, revision: str = "head") -> None:
    """Run the migrations up to ``revision`` in one connection."""
    with engine.begin() as connection:
        command.upgrade(_config(connection), revision)


def migrate_down(engine: Engine, revision: str = "base") -> None:
    """Undo the migrations down to ``revision``."""
    with engine.begin() as connection:
        command.downgrade(_config(connection), revision)


def _config(connection: object) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config
