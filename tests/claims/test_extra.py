"""Approved extra on a real database, and its page."""

from decimal import Decimal

import pytest
from flask.testing import FlaskClient

from matchplatform.audit.queries import list_history
from matchplatform.claims.extra import approve_extra
from matchplatform.claims.figures import line_figures
from matchplatform.claims.queries import sum_claimed
from matchplatform.claims.waitlist import join_waitlist, promote_waiting
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Conflict, Forbidden, InvalidInput, StaleVersion
from matchplatform.projects.models import ProjectLine
from matchplatform.projects.services import suspend_project
from tests.claims.conftest import Scene, assert_clean
from tests.factories import actor_for, make_officer, sign_in

WHY = "新转来六名住宿生，多备一些"


def quilts(scene: Scene) -> ProjectLine:
    """Return the line of the quilts as it is now."""
    db.session.expire_all()
    return next(line for line in scene.project.lines if line.item == "被褥")


def approve(scene: Scene, extra: str, *, seen: str = "0", reason: str = WHY) -> ProjectLine:
    """Approve and commit."""
    line = approve_extra(
        actor=scene.officer,
        line=quilts(scene),
        seen=Decimal(seen),
        extra=Decimal(extra),
        reason=reason,
    )
    db.session.commit()
    return line


class TestApprove:
    def test_what_is_beyond_need_can_then_be_claimed_and_shows_apart(self, scene: Scene) -> None:
        scene.reserve({"被褥": "25"})
        other = scene.other()
        with pytest.raises(Conflict):
            other.reserve({"被褥": "10"})
        db.session.rollback()
        approve(scene, "10")
        other.reserve({"被褥": "10"})
        line = quilts(scene)
        figures = line_figures(line, sum_claimed().intended[line.id], Decimal(0))
        assert [figures.needed, figures.intended, figures.gap] == [Decimal(25), Decimal(35), 0]
        assert [figures.over, figures.extra] == [Decimal(10), Decimal(10)]
        entry = list_history("project", scene.project.number)[0]
        assert (entry.action, entry.reason) == ("project.extra", WHY)
        assert_clean()

    @pytest.mark.parametrize("extra", ["26", "-1", "1.5"])
    def test_it_is_at_most_as_much_again(self, scene: Scene, extra: str) -> None:
        with pytest.raises(InvalidInput):
            approve(scene, extra)
        db.session.rollback()
        assert quilts(scene).extra == 0

    def test_a_reason_is_due(self, scene: Scene) -> None:
        with pytest.raises(InvalidInput) as caught:
            approve(scene, "5", reason="好")
        assert "reason" in caught.value.fields
        db.session.rollback()

    def test_what_is_claimed_of_it_is_not_taken_back(self, scene: Scene) -> None:
        approve(scene, "10")
        scene.reserve({"被褥": "30"})
        with pytest.raises(InvalidInput):
            approve(scene, "4", seen="10")
        db.session.rollback()
        assert approve(scene, "5", seen="10").extra == 5
        assert_clean()

    def test_an_overtaken_page_is_refused(self, scene: Scene) -> None:
        approve(scene, "10")
        with pytest.raises(StaleVersion):
            approve(scene, "3")
        db.session.rollback()

    def test_only_the_own_county(self, scene: Scene) -> None:
        others = [actor_for(make_officer(region)) for region in ("130723", "1307", "13")]
        for actor in (*others, scene.agent):
            with pytest.raises(Forbidden):
                approve_extra(
                    actor=actor,
                    line=quilts(scene),
                    seen=Decimal(0),
                    extra=Decimal(1),
                    reason=WHY,
                )
            db.session.rollback()

    def test_not_while_suspended(self, scene: Scene) -> None:
        project = scene.project
        city = actor_for(make_officer("1307"))
        suspend_project(actor=city, project=project, version=project.version, reason="核对情况中")
        db.session.commit()
        with pytest.raises(Conflict):
            approve(scene, "5")
        db.session.rollback()

    def test_who_waits_gets_it_first(self, scene: Scene) -> None:
        scene.reserve({"被褥": "25"})
        other = scene.other()
        join_waitlist(
            actor=other.agent,
            organisation=other.organisation,
            project=scene.project,
            quantities=scene.amounts({"被褥": "12"}),
        )
        db.session.commit()
        approve(scene, "12")
        assert [claim.organisation_id for claim in promote_waiting()] == [other.organisation.id]
        db.session.commit()
        assert_clean()


class TestPage:
    def test_the_county_approves_in_the_browser(self, scene: Scene, client: FlaskClient) -> None:
        line, number = quilts(scene).id, scene.project.number
        sign_in(client, make_officer())
        assert f"/projects/{number}/extra" in client.get(f"/projects/{number}").get_data(
            as_text=True
        )
        path = f"/projects/{number}/extra/{line}"
        sent = {"seen": "0", "extra": "99", "reason": WHY}
        wrong = client.post(path, data=sent)
        assert wrong.status_code == 400
        assert 'value="99"' in wrong.get_data(as_text=True)
        assert client.post(path, data={**sent, "extra": "很多"}).status_code == 400
        assert client.post(path, data={**sent, "extra": "10"}).status_code == 303
        assert client.post(path, data={**sent, "extra": "11"}).status_code == 409
        page = client.get(f"/projects/{number}").get_data(as_text=True)
        assert "县里同意超额 10 套" in page
        elsewhere = client.post(f"/projects/{number}/extra/99999", data=sent)
        assert elsewhere.status_code == 404

    def test_it_is_no_business_of_other_counties(self, scene: Scene, client: FlaskClient) -> None:
        line, number = quilts(scene).id, scene.project.number
        sign_in(client, make_officer("130723"))
        assert client.get(f"/projects/{number}/extra").status_code == 403
        sent = {"seen": "0", "extra": "10", "reason": WHY}
        assert client.post(f"/projects/{number}/extra/{line}", data=sent).status_code == 403
