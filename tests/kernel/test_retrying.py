"""What PostgreSQL broke off is done again, and only that."""

import io
from collections.abc import Iterator

import pytest
from flask import Flask, request
from sqlalchemy import text
from werkzeug.test import TestResponse

from matchplatform.access.guards import public
from matchplatform.app import create_app
from matchplatform.kernel.db import db
from matchplatform.kernel.retrying import ATTEMPTS
from tests.databases import ON_POSTGRES

pytestmark = pytest.mark.skipif(not ON_POSTGRES, reason="SQLite never breaks off like this")
FACT = text("INSERT INTO site_facts VALUES (:name, 'tried')")
FACTS = text("SELECT name FROM site_facts ORDER BY name")


class Trouble:
    """A page whose statement PostgreSQL ends with ``state`` the first ``times``."""

    def __init__(self, app: Flask) -> None:
        self.app, self.asked, self.read = app, 0, list[bytes]()
        self.times, self.state = 0, "40001"
        app.config["PROPAGATE_EXCEPTIONS"] = False
        app.config["WTF_CSRF_ENABLED"] = False
        app.add_url_rule("/trouble", "trouble", public(lambda: self._answer()), methods=["POST"])

    def ask(self, times: int, state: str) -> TestResponse:
        self.times, self.state = times, state
        data = {"file": (io.BytesIO(b"what was sent"), "a.txt")}
        return self.app.test_client().post("/trouble", data=data)

    def _answer(self) -> str:
        self.asked += 1
        self.read.append(request.files["file"].read())
        db.session.execute(FACT, {"name": str(self.asked)})
        if self.asked <= self.times:
            raised = f"DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '{self.state}'; END $$"
            db.session.execute(text(raised))
        db.session.commit()
        return str(self.asked)


@pytest.fixture
def trouble(db_session: Flask) -> Iterator[Trouble]:
    app = create_app(db_session.extensions["settings"])
    yield Trouble(app)
    with app.app_context():
        db.engine.dispose()


def facts() -> list[str]:
    found = list(db.session.scalars(FACTS))
    db.session.rollback()
    return found


class TestRetries:
    @pytest.mark.parametrize("state", ["40001", "40P01"])
    def test_a_request_is_done_again_until_it_succeeds(self, trouble: Trouble, state: str) -> None:
        answer = trouble.ask(ATTEMPTS - 1, state)
        assert (answer.status_code, answer.text) == (200, str(ATTEMPTS))
        assert facts() == [str(ATTEMPTS)]

    def test_each_time_it_reads_the_whole_upload(self, trouble: Trouble) -> None:
        trouble.ask(2, "40001")
        assert trouble.read == [b"what was sent"] * 3

    def test_the_fifth_failure_is_told_with_when_to_come_back(self, trouble: Trouble) -> None:
        answer = trouble.ask(ATTEMPTS, "40001")
        assert answer.status_code == 503
        assert int(answer.headers["Retry-After"]) > 0
        assert trouble.asked == ATTEMPTS
        assert facts() == []

    @pytest.mark.parametrize(
        ("state", "status"), [("57014", 503), ("55P03", 503), ("25P03", 503), ("22001", 400)]
    )
    def test_what_would_fail_again_is_not_tried_again(
        self, trouble: Trouble, state: str, status: int
    ) -> None:
        assert trouble.ask(1, state).status_code == status
        assert trouble.asked == 1
