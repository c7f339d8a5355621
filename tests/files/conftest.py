"""A storage of the test's own, and organisations as owners of files."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask

from matchplatform.access.actor import Actor
from matchplatform.access.policy import Permission, permits
from matchplatform.files import owners
from matchplatform.files.examine import Upload, examine
from matchplatform.files.kinds import Place
from matchplatform.files.storage import Storage
from matchplatform.files.verdicts import Limits
from matchplatform.kernel.db import db
from matchplatform.organisations.models import Organisation


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    """An empty folder of uploads."""
    return Storage(tmp_path / "files")


@pytest.fixture
def organisations_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Papers of an organisation: read by who reads it, changed by who edits it."""
    monkeypatch.setattr(owners, "_rules", {})

    def reaches(permission: Permission, actor: Actor, place: Place) -> bool:
        thing = db.session.get(Organisation, place.owner_id)
        return thing is not None and permits(actor, permission, thing)

    owners.register_owner(
        "organisation",
        may_read=lambda actor, place: reaches(Permission.ORGANISATION_READ, actor, place),
        may_change=lambda actor, place: reaches(Permission.ORGANISATION_EDIT, actor, place),
    )


@pytest.fixture
def site_storage(db_session: Flask) -> Iterator[Storage]:
    """The site's own folder of uploads, empty."""
    import shutil

    root: Path = db_session.extensions["settings"].files_path
    shutil.rmtree(root, ignore_errors=True)
    yield Storage(root)
    shutil.rmtree(root, ignore_errors=True)


def take(storage: Storage, data: bytes, name: str, limits: Limits | None = None) -> Upload:
    """Examine bytes as an upload."""
    return examine(storage, BytesIO(data), name, limits or Limits())
