"""What is told as if it were not there: the page is the plain 404, the trail knows better."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from matchplatform.audit.models import AuditEntry
from matchplatform.kernel.db import db
from matchplatform.kernel.outbox import OutboxEntry
from matchplatform.notifications.models import Notice
from matchplatform.notifications.services import TOPIC, deliver, tell
from matchplatform.projects.states import ProjectState
from tests.factories import (
    make_admin,
    make_claim,
    make_officer,
    make_organisation,
    make_project,
    sign_in,
)


def refusals() -> list[str]:
    """List what was refused, by method and path."""
    return list(
        db.session.scalars(
            select(AuditEntry.subject_label).where(AuditEntry.action == "access.refused")
        )
    )


def make_notice() -> int:
    """Make somebody's notice."""
    tell([make_admin().id], "x", "/")
    db.session.flush()
    deliver(db.session.scalars(select(OutboxEntry).where(OutboxEntry.topic == TOPIC)).one())
    db.session.commit()
    return db.session.scalars(select(Notice.id)).one()


def without_tokens(page: str) -> str:
    """Return a page without its form tokens, which carry the second they were signed in."""
    return re.sub(r'(name="csrf_token"[^>]* value=)"[^"]*"', r"\1", page)


class TestHidden:
    def test_what_is_none_of_their_business_is_audited(self, client: FlaskClient) -> None:
        notice_id = make_notice()
        organisation, agent = make_organisation(region="130722")
        claim_id = make_claim(make_project(), organisation, agent).id
        draft = make_project(state=ProjectState.DRAFT).number
        organisation_id = organisation.id
        sign_in(client, make_officer("130826"))
        asked = [
            f"GET /claims/{claim_id}",
            f"GET /projects/{draft}",
            f"GET /desk/projects/{draft}",
            f"GET /desk/organisations/{organisation_id}",
            f"POST /notices/{notice_id}/open",
        ]
        pages = []
        for question in asked:
            method, _, path = question.partition(" ")
            answer = client.open(path, method=method)
            assert answer.status_code == 404
            pages.append(answer.text)
        assert refusals() == asked
        nowhere = client.get("/claims/999999").text
        assert without_tokens(pages[0]) == without_tokens(nowhere.replace("999999", str(claim_id)))

    @pytest.mark.parametrize("path", ["/claims/9", "/projects/130722-009", "/desk/organisations/9"])
    def test_what_is_not_there_is_not(self, client: FlaskClient, path: str) -> None:
        sign_in(client, make_officer("130826"))
        assert client.get(path).status_code == 404
        assert refusals() == []

    def test_strangers_who_guess_leave_the_trail_as_it_is(self, client: FlaskClient) -> None:
        draft = make_project(state=ProjectState.DRAFT).number
        assert client.get(f"/projects/{draft}").status_code == 404
        assert refusals() == []
