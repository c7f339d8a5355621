"""A desk that imports: an officer, their browser, and the worker's part of it."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from matchplatform.accounts.models import User
from matchplatform.config.settings import Settings
from matchplatform.imports.models import Import, ImportRow
from matchplatform.imports.states import ImportKind, RowState
from matchplatform.imports.working import Importer
from matchplatform.kernel.db import db
from tests.factories import make_officer, sign_in
from tests.imports.sheets import xlsx

Rows = Sequence[Mapping[str, object]]


@dataclass
class Desk:
    """An officer's browser, with the worker behind it."""

    client: FlaskClient
    officer: User
    importer: Importer

    def send(
        self, kind: ImportKind, data: bytes, name: str = "需求.xlsx", status: int = 303
    ) -> TestResponse:
        """Upload a file."""
        answer = self.client.post(
            f"/desk/imports/new/{kind}",
            data={"file": (io.BytesIO(data), name)},
            content_type="multipart/form-data",
        )
        assert answer.status_code == status, answer.text
        return answer

    def work(self, most: int = 1000) -> int:
        """Do what the worker does, step by step; return how many there were."""
        for count in range(most):
            if not self.importer.do_step():
                return count
        return most

    def preview(self, kind: ImportKind, rows: Rows, without: Sequence[str] = ()) -> Import:
        """Upload rows and have them looked through."""
        return self.preview_file(kind, xlsx(kind, rows, without))

    def preview_file(self, kind: ImportKind, data: bytes, name: str = "需求.xlsx") -> Import:
        """Upload a file and have it looked through."""
        self.send(kind, data, name)
        self.work()
        return newest()

    def say_yes(self, found: Import, status: int = 303, **more: str) -> TestResponse:
        """Press the button of the preview."""
        url, version = f"/desk/imports/{found.id}/apply", str(found.version)
        answer = self.client.post(url, data={"version": version, **more})
        assert answer.status_code == status, answer.text
        return answer

    def bring_in(self, kind: ImportKind, rows: Rows) -> Import:
        """Upload, look through, say yes, write."""
        self.say_yes(self.preview(kind, rows))
        self.work()
        return newest()


def newest() -> Import:
    """Return the last import."""
    db.session.rollback()
    return db.session.scalars(select(Import).order_by(Import.id.desc()).limit(1)).one()


def rows_of(found: Import, state: RowState | None = None) -> list[ImportRow]:
    """Return the rows of an import in the order of the file."""
    statement = select(ImportRow).where(ImportRow.import_id == found.id).order_by(ImportRow.number)
    if state is not None:
        statement = statement.where(ImportRow.status == state)
    return list(db.session.scalars(statement))


def said(found: Import) -> list[str]:
    """Return every reason in an import's rows."""
    return [kept["why"] for row in rows_of(found) for kept in row.problems]


def desk_of(client: FlaskClient, officer: User) -> Desk:
    """Return the desk of an officer, in a browser of their own."""
    own = client.application.test_client()
    sign_in(own, officer)
    settings: Settings = client.application.extensions["settings"]
    return Desk(own, officer, Importer(settings))


@pytest.fixture
def desk(client: FlaskClient) -> Desk:
    """The desk of an officer of Zhangbei."""
    return desk_of(client, make_officer())
