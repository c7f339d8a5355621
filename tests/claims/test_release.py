"""Silent holders on a real database: the sixty days, requests, and their pages."""

from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from matchplatform.claims import services
from matchplatform.claims.asked import ReleaseRequest
from matchplatform.claims.models import Claim
from matchplatform.claims.queries import list_on_project
from matchplatform.claims.release import (
    answer_request,
    ask_release,
    refuse_request,
    release_claim,
)
from matchplatform.claims.requests import find_open_request
from matchplatform.claims.states import AskState, ClaimState
from matchplatform.claims.waitlist import join_waitlist, promote_waiting
from matchplatform.home.desk import read_desk
from matchplatform.home.tasks import Desk
from matchplatform.kernel.clock import set_clock
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import (
    Conflict,
    Forbidden,
    IllegalMove,
    InvalidInput,
    NotFound,
    StaleVersion,
)
from tests.claims.conftest import LINES, Scene, assert_clean, told
from tests.factories import (
    actor_for,
    make_claim,
    make_officer,
    make_organisation,
    make_project,
    sign_in,
)

NOON = datetime.now(UTC).replace(hour=4, minute=0, second=0, microsecond=0)
WHY = "我们可以在一个月内送到"
DUE = timedelta(days=61)


def later(days: int) -> datetime:
    """Return noon of some days later."""
    return NOON + timedelta(days=days)


@pytest.fixture
def long_scene(scene: Scene) -> Scene:
    """The scene on a project that can be claimed for half a year."""
    project = make_project(lines=LINES, deadline=(NOON + timedelta(days=180)).date())
    return Scene(project, scene.organisation, scene.agent, scene.officer)


def accepted(scene: Scene) -> Claim:
    """Take a claim of every quilt to accepted, today."""
    claim = scene.reserve({"被褥": "25"})
    services.submit_claim(actor=scene.agent, claim=claim, version=claim.version, message="")
    services.accept_claim(actor=scene.officer, claim=claim, version=claim.version)
    db.session.commit()
    return claim


def release(scene: Scene, claim: Claim, reason: str = WHY) -> None:
    """Release and commit."""
    release_claim(actor=scene.officer, claim=claim, version=claim.version, reason=reason)
    db.session.commit()


def ask(other: Scene, claim: Claim, reason: str = WHY) -> ReleaseRequest:
    """Ask and commit."""
    request = ask_release(
        actor=other.agent, organisation=other.organisation, claim=claim, reason=reason
    )
    db.session.commit()
    return request


def waits(desk: Desk) -> list[tuple[str, int]]:
    """Return what waits under 长期占用."""
    return [(task.url, task.due) for task in desk.of("release")]


class TestRelease:
    def test_sixty_days_are_still_in_time(self, long_scene: Scene) -> None:
        claim = accepted(long_scene)
        with set_clock(later(60)):
            assert waits(read_desk(long_scene.officer)) == []
            with pytest.raises(Conflict):
                release(long_scene, claim)
            db.session.rollback()

    def test_the_county_sees_it_and_frees_it_for_who_waits(self, long_scene: Scene) -> None:
        with set_clock(NOON):
            claim = accepted(long_scene)
            other = long_scene.other()
            join_waitlist(
                actor=other.agent,
                organisation=other.organisation,
                project=long_scene.project,
                quantities=long_scene.amounts({"被褥": "20"}),
            )
            db.session.commit()
        with set_clock(later(61)):
            assert waits(read_desk(long_scene.officer)) == [(f"/claims/{claim.id}", -1)]
            assert waits(read_desk(actor_for(make_officer("1307")))) == []
            release(long_scene, claim)
            assert claim.status is ClaimState.RELEASED
            assert long_scene.held("被褥") == 0
            assert [made.organisation_id for made in promote_waiting()] == [other.organisation.id]
            db.session.commit()
            assert waits(read_desk(long_scene.officer)) == []
        assert long_scene.agent.user_id in told("县里已把贵会对")
        assert_clean()

    def test_the_city_sees_what_the_county_leaves_lying(self, long_scene: Scene) -> None:
        with set_clock(NOON):
            claim = accepted(long_scene)
        city = actor_for(make_officer("1307"))
        with set_clock(later(71)):
            assert waits(read_desk(city)) == [(f"/claims/{claim.id}", -11)]

    def test_a_reason_the_right_and_the_version_are_needed(self, long_scene: Scene) -> None:
        with set_clock(NOON):
            claim = accepted(long_scene)
        elsewhere = actor_for(make_officer("130826"))
        with set_clock(later(61)):
            with pytest.raises(InvalidInput):
                release(long_scene, claim, "短")
            db.session.rollback()
            with pytest.raises(StaleVersion):
                release_claim(
                    actor=long_scene.officer, claim=claim, version=claim.version - 1, reason=WHY
                )
            db.session.rollback()
            for actor in (elsewhere, long_scene.agent):
                with pytest.raises(Forbidden):
                    release_claim(actor=actor, claim=claim, version=claim.version, reason=WHY)
                db.session.rollback()
        assert claim.status is ClaimState.ACCEPTED

    def test_a_reservation_is_not_released(self, long_scene: Scene) -> None:
        claim = long_scene.reserve({"被褥": "25"})
        with pytest.raises(IllegalMove):
            release(long_scene, claim)
        db.session.rollback()


class TestAsk:
    def test_county_and_holder_are_told_and_the_holder_has_seven_days(
        self, long_scene: Scene
    ) -> None:
        with set_clock(NOON):
            claim = accepted(long_scene)
        other = long_scene.other()
        with set_clock(later(61)):
            request = ask(other, claim)
            assert (request.last_day - NOON.date()).days == 68
            assert long_scene.officer.user_id in told("请求放回")
            assert long_scene.agent.user_id in told("请在 %(days)s 天内答复")
            assert waits(read_desk(long_scene.officer)) == [(f"/claims/{claim.id}", 7)]
            with pytest.raises(Conflict):
                release(long_scene, claim)
            db.session.rollback()
        with set_clock(later(69)):
            release(long_scene, claim)
        assert request.status is AskState.GRANTED
        assert other.agent.user_id in told("已放回项目，可以去认领")
        assert_clean()

    def test_an_answer_lets_the_county_decide_at_once(self, long_scene: Scene) -> None:
        with set_clock(NOON):
            claim = accepted(long_scene)
        with set_clock(later(62)):
            request = ask(long_scene.other(), claim)
            answer_request(
                actor=long_scene.agent, request=request, version=request.version, answer=WHY
            )
            db.session.commit()
            with pytest.raises(Conflict):
                answer_request(
                    actor=long_scene.agent, request=request, version=request.version, answer=WHY
                )
            db.session.rollback()
            release(long_scene, claim)
        assert claim.status is ClaimState.RELEASED
        assert_clean()

    def test_a_refusal_keeps_the_claim_and_is_not_asked_again(self, long_scene: Scene) -> None:
        with set_clock(NOON):
            claim = accepted(long_scene)
        other = long_scene.other()
        with set_clock(later(62)):
            request = ask(other, claim)
            with pytest.raises(Forbidden):
                refuse_request(
                    actor=other.agent, request=request, version=request.version, reason=WHY
                )
            db.session.rollback()
            refuse_request(
                actor=long_scene.officer, request=request, version=request.version, reason=WHY
            )
            db.session.commit()
            assert request.status is AskState.REFUSED
            assert other.agent.user_id in told("县里决定维持：")
            with pytest.raises(Conflict):
                ask(other, claim)
            db.session.rollback()
        assert claim.status is ClaimState.ACCEPTED
        assert_clean()

    def test_a_submitted_claim_that_moves_settles_it(self, long_scene: Scene) -> None:
        with set_clock(NOON):
            claim = long_scene.reserve({"被褥": "25"})
            services.submit_claim(
                actor=long_scene.agent, claim=claim, version=claim.version, message=""
            )
            db.session.commit()
        other = long_scene.other()
        with set_clock(later(10)):
            with pytest.raises(Conflict):
                ask(other, claim)
            db.session.rollback()
        with set_clock(later(11)):
            request = ask(other, claim)
            services.accept_claim(actor=long_scene.officer, claim=claim, version=claim.version)
            db.session.commit()
        assert request.status is AskState.MOOT
        assert find_open_request(claim.id) is None
        assert_clean()

    def test_one_asks_once_never_about_oneself_and_only_verified(self, long_scene: Scene) -> None:
        with set_clock(NOON):
            claim = accepted(long_scene)
        organisation, agent = make_organisation(verified=False)
        fresh = Scene(long_scene.project, organisation, actor_for(agent), long_scene.officer)
        first, second = long_scene.other(), long_scene.other()
        with set_clock(later(61)):
            ask(first, claim)
            for who in (long_scene, fresh, second):
                with pytest.raises(Conflict):
                    ask(who, claim)
                db.session.rollback()


class TestPages:
    @staticmethod
    def old_claim(client: FlaskClient) -> Claim:
        with set_clock(datetime.now(UTC) - timedelta(days=70)):
            project = make_project(deadline=(NOON + timedelta(days=60)).date())
            organisation, agent = make_organisation()
            return make_claim(project, organisation, agent, accepted=True)

    def test_one_asks_the_holder_answers_the_county_decides(
        self, db_session: object, client: FlaskClient
    ) -> None:
        claim = self.old_claim(client)
        claim_id, number = claim.id, claim.project.number
        holder = claim.organisation.memberships[0].user
        _organisation, agent = make_organisation()
        sign_in(client, agent)
        page = client.get(f"/projects/{number}/waitlist").get_data(as_text=True)
        assert "已受理 70 天" in page
        assert claim.organisation.name not in page
        path = f"/claims/{claim_id}/release-request"
        assert client.post(path, data={"words": "短"}).status_code == 400
        assert client.post(path, data={"words": WHY}).status_code == 303
        assert "县里正在处理" in client.get(f"/projects/{number}/waitlist").get_data(as_text=True)
        assert client.get(f"/claims/{claim_id}").status_code == 404
        asked = db.session.scalars(select(ReleaseRequest)).one()
        key, asker = asked.id, asked.organisation.name
        sign_in(client, holder)
        page = client.get(f"/claims/{claim_id}").get_data(as_text=True)
        assert WHY in page
        assert asker not in page
        assert agent.display_name not in page
        sent = {"version": "1", "words": "正在备货，下月签约"}
        assert (
            client.post(f"/release-requests/{key}/answer", data={**sent, "words": ""}).status_code
            == 400
        )
        assert client.post(f"/release-requests/{key}/answer", data=sent).status_code == 303
        assert client.post(f"/release-requests/{key}/refuse", data=sent).status_code == 403
        sign_in(client, make_officer())
        assert asker in client.get(f"/claims/{claim_id}").get_data(as_text=True)
        assert "有社会组织请求放回" in client.get("/desk?queue=release").get_data(as_text=True)
        stale = client.post(f"/release-requests/{key}/refuse", data=sent)
        assert stale.status_code == 409
        assert "正在备货" in stale.get_data(as_text=True)
        version = db.session.get_one(Claim, claim_id).version
        done = client.post(
            f"/claims/{claim_id}/release", data={"version": str(version), "words": WHY}
        )
        assert done.status_code == 303
        assert "县里已放回" in client.get(f"/claims/{claim_id}").get_data(as_text=True)
        assert list_on_project(db.session.get_one(Claim, claim_id).project_id) == []
        assert_clean()

    def test_a_claim_in_time_is_nobody_elses_business(
        self, scene: Scene, client: FlaskClient
    ) -> None:
        claim = scene.reserve({"被褥": "25"})
        _organisation, agent = make_organisation()
        sign_in(client, agent)
        path = f"/claims/{claim.id}/release-request"
        assert client.post(path, data={"words": WHY}).status_code == 404


def test_not_found_is_what_a_strange_request_is(scene: Scene) -> None:
    from matchplatform.claims.requests import get_request

    with pytest.raises(NotFound):
        get_request(scene.officer, 99)
