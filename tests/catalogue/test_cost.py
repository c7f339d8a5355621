"""How many statements a page may ask of the database; more would be a query a row somewhere."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from matchplatform.claims.states import ClaimState
from matchplatform.kernel.db import db
from tests.factories import make_claim, make_organisation, make_project, sign_in

MOST_OF_A_PROJECT = 21


@contextmanager
def statements() -> Iterator[list[str]]:
    """Gather what is sent to the database inside the block."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


class TestProjectPage:
    def test_an_agent_sees_it_for_few_statements(
        self, db_session: Flask, client: FlaskClient
    ) -> None:
        project = make_project()
        for _ in range(3):
            make_claim(project, *make_organisation(), accepted=True)
        for _ in range(4):
            make_project()
        organisation, agent = make_organisation()
        assert make_claim(project, organisation, agent).status is ClaimState.RESERVED
        sign_in(client, agent)
        path = f"/projects/{project.number}"
        client.get(path)
        db.session.rollback()
        with statements() as sent:
            page = client.get(path)
        assert page.status_code == 200
        asked = [each for each in sent if not each.startswith("SET ") and "BEGIN" not in each]
        assert len(asked) <= MOST_OF_A_PROJECT, "\n\n".join(asked)
