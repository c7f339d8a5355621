"""What the database refuses at the last moment comes back to the page with what was typed."""

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import event, insert, update
from sqlalchemy.orm import Session

from matchplatform.accounts.models import User
from matchplatform.claims import services
from matchplatform.claims.grants import ask_capacity
from matchplatform.claims.models import Claim
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.idempotency import IdempotencyKey
from tests.claims.conftest import Scene
from tests.factories import sign_in

WHY = "县里让我们换一个批次"


@contextmanager
def just_before_the_flush(statement: Any) -> Iterator[None]:
    """Run a statement once, under the first write: what somebody quicker has done meanwhile."""
    done: list[int] = []

    def overtake(session: Session, *_: object) -> None:
        if not done:
            done.append(1)
            session.connection().execute(statement)

    event.listen(db.session, "before_flush", overtake)
    try:
        yield
    finally:
        event.remove(db.session, "before_flush", overtake)
    assert done


def as_agent(scene: Scene, client: FlaskClient) -> None:
    sign_in(client, db.session.get_one(User, scene.agent.user_id))


class TestAnOvertakenForm:
    def test_a_claim_moved_at_the_flush(self, scene: Scene, client: FlaskClient) -> None:
        claim = scene.reserve({"被褥": "25"})
        services.submit_claim(actor=scene.agent, claim=claim, version=claim.version, message="")
        db.session.commit()
        as_agent(scene, client)
        sent = {"version": str(claim.version), "words": WHY, "form_key": "once"}
        moved = update(Claim).where(Claim.id == claim.id).values(version=claim.version + 1)
        path = f"/claims/{claim.id}/withdraw"
        with just_before_the_flush(moved):
            answer = client.post(path, data=sent)
        assert answer.status_code == 409
        page = answer.get_data(as_text=True)
        assert "您打开页面之后" in page
        assert WHY in page
        assert client.post(path, data=sent).status_code == 303

    def test_a_row_was_there_first(self, scene: Scene, client: FlaskClient) -> None:
        claim = scene.reserve({"被褥": "25"})
        as_agent(scene, client)
        spent = insert(IdempotencyKey).values(
            key="once",
            owner=f"user:{scene.agent.user_id}",
            body_hash="",
            answer="/my",
            created_at=clock.now(),
        )
        sent = {"words": WHY, "form_key": "once"}
        with just_before_the_flush(spent):
            answer = client.post(f"/claims/{claim.id}/messages", data=sent)
        assert answer.status_code == 409
        page = answer.get_data(as_text=True)
        assert "刚刚有人办了同一件事" in page
        assert WHY in page

    def test_a_panel_keeps_its_quantities(self, scene: Scene, client: FlaskClient) -> None:
        as_agent(scene, client)
        (line,) = scene.ids("被褥")
        spent = insert(IdempotencyKey).values(
            key="once",
            owner=f"user:{scene.agent.user_id}",
            body_hash="",
            answer="/my",
            created_at=clock.now(),
        )
        sent = {
            "version": str(scene.project.version),
            f"line-{line}": "17",
            "confirmed": "yes",
            "form_key": "once",
        }
        with just_before_the_flush(spent):
            answer = client.post(f"/projects/{scene.project.number}/claims", data=sent)
        assert answer.status_code == 409
        assert 'value="17"' in answer.get_data(as_text=True)
        assert scene.held("被褥") == 0

    def test_a_decision_about_capacity_moved_at_the_flush(
        self, scene: Scene, client: FlaskClient
    ) -> None:
        scene.organisation.annual_budget = Decimal(100)
        db.session.commit()
        grant = ask_capacity(
            actor=scene.agent,
            organisation=scene.organisation,
            project=scene.project,
            value=2 * scene.organisation.annual_budget,
            message="合作方已经承诺出资",
        )
        db.session.commit()
        sign_in(client, db.session.get_one(User, scene.officer.user_id))
        moved = update(type(grant)).where(type(grant).id == grant.id).values(version=9)
        with just_before_the_flush(moved):
            answer = client.post(
                f"/capacity/{grant.id}/refuse",
                data={"version": str(grant.version), "words": WHY, "form_key": "once"},
            )
        assert answer.status_code == 409
        assert WHY in answer.get_data(as_text=True)
