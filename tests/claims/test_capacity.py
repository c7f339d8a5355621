"""The capacity guard on a real database: budget, open promises, what a county granted."""

from decimal import Decimal

import pytest
from flask import Flask
from flask.testing import FlaskClient

from matchplatform.claims import services
from matchplatform.claims.asked import CapacityGrant
from matchplatform.claims.capacity import Capacity, OverCapacity, read_capacity
from matchplatform.claims.grants import ask_capacity, grant_capacity, refuse_capacity
from matchplatform.claims.states import AskState
from matchplatform.claims.waitlist import join_waitlist, promote_waiting
from matchplatform.home.desk import read_desk
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Conflict, Forbidden, InvalidInput, StaleVersion
from tests.claims.conftest import LINES, Scene, assert_clean, told
from tests.factories import (
    actor_for,
    make_claim,
    make_officer,
    make_organisation,
    make_project,
    sign_in,
)

WHY = "有一笔专项捐赠，已到账"


@pytest.fixture
def small(db_session: Flask) -> Scene:
    """The scene with an organisation that has 50,000 yuan a year."""
    project = make_project(lines=LINES)
    officer = make_officer(project.region_code)
    organisation, agent = make_organisation(budget=Decimal(50000))
    return Scene(project, organisation, actor_for(agent), actor_for(officer))


def ask(scene: Scene, value: str, message: str = WHY) -> CapacityGrant:
    """Ask and commit."""
    grant = ask_capacity(
        actor=scene.agent,
        organisation=scene.organisation,
        project=scene.project,
        value=Decimal(value),
        message=message,
    )
    db.session.commit()
    return grant


def granted(scene: Scene, value: str) -> CapacityGrant:
    """Ask, grant and commit."""
    grant = ask(scene, value)
    grant_capacity(actor=scene.officer, grant=grant, version=grant.version, reason=WHY)
    db.session.commit()
    return grant


class TestCapacity:
    @pytest.mark.parametrize(
        ("budget", "promised", "here", "given", "left"),
        [
            ("100", "0", "0", "0", "100"),
            ("100", "60", "0", "0", "40"),
            ("100", "130", "0", "0", "-30"),
            ("100", "60", "10", "150", "140"),
            ("100", "250", "10", "150", "50"),
            ("100", "20", "0", "30", "80"),
        ],
    )
    def test_what_is_left(
        self, budget: str, promised: str, here: str, given: str, left: str
    ) -> None:
        capacity = Capacity(Decimal(budget), Decimal(promised), Decimal(here), Decimal(given))
        assert capacity.left == Decimal(left)

    def test_without_a_budget_nothing_is_judged(self) -> None:
        assert Capacity(Decimal(0), Decimal(5), Decimal(5), Decimal(0)).fits(Decimal(10**9))

    def test_what_has_no_price_always_fits(self) -> None:
        assert Capacity(Decimal(1), Decimal(5), Decimal(5), Decimal(0)).fits(Decimal(0))


class TestReserve:
    def test_the_budget_can_be_used_up_and_not_overdrawn(self, small: Scene) -> None:
        claim = small.reserve({"取暖款": "50000"})
        services.submit_claim(actor=small.agent, claim=claim, version=claim.version, message="")
        services.accept_claim(actor=small.officer, claim=claim, version=claim.version)
        db.session.commit()
        with pytest.raises(OverCapacity) as caught:
            small.reserve({"取暖款": "100"})
        assert "5.00 万元" in str(caught.value.words)
        db.session.rollback()
        small.reserve({"宿管岗位": "1"})
        assert_clean()

    def test_promises_elsewhere_count(self, small: Scene) -> None:
        elsewhere = make_project()
        agent = small.organisation.memberships[0].user
        make_claim(elsewhere, small.organisation, agent)
        with pytest.raises(OverCapacity):
            small.reserve({"取暖款": "30000.01"})
        db.session.rollback()
        small.reserve({"取暖款": "30000"})

    def test_a_grant_opens_its_project_up_to_its_value(self, small: Scene) -> None:
        granted(small, "80000")
        with pytest.raises(OverCapacity):
            small.reserve({"取暖款": "80000.01"})
        db.session.rollback()
        small.reserve({"取暖款": "80000"})
        elsewhere = Scene(make_project(), small.organisation, small.agent, small.officer)
        with pytest.raises(OverCapacity):
            elsewhere.reserve({"热水改造款": "1000"})
        db.session.rollback()
        assert_clean()

    def test_nobody_waits_for_or_is_given_more_than_fits(self, small: Scene) -> None:
        other = small.other()
        claim = other.reserve({"取暖款": "95000"})
        wish = {
            "actor": small.agent,
            "organisation": small.organisation,
            "project": small.project,
            "confirmed": True,
        }
        with pytest.raises(OverCapacity):
            join_waitlist(**wish, quantities=small.amounts({"取暖款": "60000"}))  # type: ignore[arg-type]
        db.session.rollback()
        join_waitlist(**wish, quantities=small.amounts({"取暖款": "40000"}))  # type: ignore[arg-type]
        db.session.commit()
        busy = Scene(make_project(), small.organisation, small.agent, small.officer)
        theirs = busy.reserve({"热水改造款": "20000"})
        services.withdraw_claim(actor=other.agent, claim=claim, version=claim.version, reason="")
        db.session.commit()
        assert promote_waiting() == []
        services.withdraw_claim(actor=small.agent, claim=theirs, version=theirs.version, reason="")
        db.session.commit()
        assert [made.value for made in promote_waiting()] == [Decimal("40000.00")]
        db.session.commit()
        assert_clean()


class TestAsk:
    def test_the_county_is_told_and_decides(self, small: Scene) -> None:
        grant = ask(small, "120000")
        assert small.officer.user_id in told("申请在")
        assert [task.url for task in read_desk(small.officer).of("capacity")] == [
            f"/capacity/{grant.id}"
        ]
        refuse_capacity(actor=small.officer, grant=grant, version=grant.version, reason=WHY)
        db.session.commit()
        assert grant.status is AskState.REFUSED
        assert small.agent.user_id in told("没有同意")
        assert read_desk(small.officer).of("capacity") == []
        assert read_capacity(small.organisation, small.project).granted == 0

    @pytest.mark.parametrize("value", ["0", "-1", "60000.001", "150000.01"])
    def test_an_amount_out_of_bounds_is_refused(self, small: Scene, value: str) -> None:
        with pytest.raises(InvalidInput) as caught:
            ask(small, value)
        assert "value" in caught.value.fields
        db.session.rollback()

    def test_what_fits_needs_no_asking_and_one_asks_once(self, small: Scene) -> None:
        with pytest.raises(Conflict):
            ask(small, "50000")
        db.session.rollback()
        ask(small, "60000")
        with pytest.raises(Conflict):
            ask(small, "70000")
        db.session.rollback()

    def test_only_this_county_decides_with_a_reason_and_once(self, small: Scene) -> None:
        grant = ask(small, "60000")
        for actor in (small.agent, actor_for(make_officer("130723"))):
            with pytest.raises(Forbidden):
                grant_capacity(actor=actor, grant=grant, version=grant.version, reason=WHY)
            db.session.rollback()
        with pytest.raises(InvalidInput):
            grant_capacity(actor=small.officer, grant=grant, version=grant.version, reason="")
        db.session.rollback()
        version = grant.version
        grant_capacity(actor=small.officer, grant=grant, version=version, reason=WHY)
        db.session.commit()
        with pytest.raises(StaleVersion):
            refuse_capacity(actor=small.officer, grant=grant, version=version, reason=WHY)
        db.session.rollback()


class TestPages:
    def test_one_sees_it_before_typing_asks_and_is_let(
        self, small: Scene, client: FlaskClient
    ) -> None:
        number = small.project.number
        line = small.ids("取暖款")[0]
        version = str(small.project.version)
        sign_in(client, small.organisation.memberships[0].user)
        page = client.get(f"/projects/{number}").get_data(as_text=True)
        assert "还可认领 5.00 万元" in page
        claim = {f"line-{line}": "60000", "version": version, "confirmed": "yes"}
        refused = client.post(f"/projects/{number}/claims", data=claim)
        assert refused.status_code == 409
        assert "超出了" in refused.get_data(as_text=True)
        assert 'value="60000"' in refused.get_data(as_text=True)
        path = f"/projects/{number}/capacity"
        wrong = client.post(path, data={"value": "很多", "message": WHY})
        assert wrong.status_code == 400
        assert client.post(path, data={"value": "50万", "message": WHY}).status_code == 400
        ask_for = {"value": "6万", "message": WHY, "form_key": "twice"}
        assert client.post(path, data=ask_for).status_code == 303
        reused = client.post(path, data={**ask_for, "value": "7万"})
        assert reused.status_code == 422
        assert "先前那次已经办成" in reused.get_data(as_text=True)
        assert "已经申请" in client.get(path).get_data(as_text=True)
        key = db.session.query(CapacityGrant).one().id
        assert client.get(f"/capacity/{key}").status_code == 200
        sent = {"version": "1", "words": WHY}
        assert client.post(f"/capacity/{key}/grant", data=sent).status_code == 403
        sign_in(client, make_officer())
        assert f"/capacity/{key}" in client.get("/desk?queue=capacity").get_data(as_text=True)
        assert client.post(f"/capacity/{key}/grant", data={**sent, "words": ""}).status_code == 400
        assert client.post(f"/capacity/{key}/grant", data=sent).status_code == 303
        again = client.post(f"/capacity/{key}/refuse", data=sent)
        assert again.status_code == 409
        sign_in(client, small.organisation.memberships[0].user)
        assert client.post(f"/projects/{number}/claims", data=claim).status_code == 303

    def test_somebody_elses_request_is_not_there(self, small: Scene, client: FlaskClient) -> None:
        key = ask(small, "60000").id
        _organisation, agent = make_organisation()
        sign_in(client, agent)
        assert client.get(f"/capacity/{key}").status_code == 404
