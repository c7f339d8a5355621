"""Bring a database to the newest schema."""

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from matchplatform.config.paths import MIGRATIONS


def migrate(engine: Engine, revision: str = "head") -> None:
    """Run the migrations up to ``revision`` in one connection."""
    with engine.begin() as connection:
        command.upgrade(config_of(connection), revision)


def migrate_down(engine: Engine, revision: str = "base") -> None:
    """Undo the migrations down to ``revision``."""
    with engine.begin() as connection:
        command.downgrade(config_of(connection), revision)


def is_current(engine: Engine) -> bool:
    """Tell whether the database has the newest schema."""
    with engine.connect() as connection:
        at = set(MigrationContext.configure(connection).get_current_heads())
        return at == set(ScriptDirectory.from_config(config_of(connection)).get_heads())


def config_of(connection: object) -> Config:
    """Return Alembic's settings for a connection."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config
