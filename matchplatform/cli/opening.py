"""Open the site for a command: its settings, and the database behind an application context."""

from collections.abc import Iterator
from contextlib import contextmanager

from matchplatform.app import create_app
from matchplatform.config.settings import Settings, read_settings
from matchplatform.kernel.db import db


@contextmanager
def open_site() -> Iterator[Settings]:
    """Open the site that the MATCHPLATFORM_* variables describe.

    Raises:
        UnsafeSettings: a setting is malformed or unsafe.
    """
    settings = read_settings()
    settings.instance_path.mkdir(parents=True, exist_ok=True)
    with create_app(settings).app_context():
        try:
            yield settings
        finally:
            db.session.remove()
            db.engine.dispose()
