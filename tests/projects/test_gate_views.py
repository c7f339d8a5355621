"""The gate in the browser: at the fields, on its own page, side by side, and for the second eyes."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from matchplatform.kernel.db import db
from matchplatform.projects.gate import find_seen
from matchplatform.projects.models import Project
from matchplatform.projects.states import ProjectState
from tests.factories import (
    DETAILS,
    MONEY,
    QUILTS,
    ZHANGBEI,
    actor_for,
    make_auditor,
    make_officer,
    make_project,
    sign_in,
)
from tests.kernel.test_transactions import watched
from tests.projects.test_gate import (
    CITY,
    DEAR,
    ID_NUMBER,
    OTHER_COUNTY,
    WHY,
    draft,
    explain,
    submit,
    usual_quilts,
)
from tests.projects.test_views import act, become, fresh, text_of, whole_form

pytestmark = pytest.mark.usefixtures("db_session")
NUMBER = f"{ZHANGBEI}-001"
GATE = f"/desk/projects/{NUMBER}/gate"


def sent(project: Project, **typed: str) -> dict[str, Any]:
    return {"version": str(project.version), "go": "save", **typed}


def dear_draft(client: FlaskClient) -> tuple[Project, str]:
    """Make a draft with one thing that wants a reason; return it and the name of its box."""
    usual_quilts()
    writer, project = draft((MONEY, DEAR))
    assert writer.user_id is not None
    (one,) = find_seen(writer, project)
    become(client, writer.user_id)
    return project, f"reason-{one.key}"


class TestForm:
    def test_what_stops_is_said_at_the_field_and_nothing_is_lost(self, client: FlaskClient) -> None:
        sign_in(client, make_officer())
        scope = f"{DETAILS.scope_text}户主身份证号{ID_NUMBER}。"
        answer = client.post("/desk/projects/new", data=whole_form(scope_text=scope, go="submit"))
        page = text_of(answer)
        assert answer.status_code == 400
        assert 'href="#scope_text"' in page
        assert "身份证号码" in page
        assert scope in page
        assert fresh().status is ProjectState.DRAFT

    def test_what_wants_a_reason_leads_to_the_page_for_it(self, client: FlaskClient) -> None:
        usual_quilts(150, 240)
        sign_in(client, make_officer())
        answer = client.post("/desk/projects/new", data=whole_form(go="submit"))
        assert answer.status_code == 303
        assert answer.location.endswith(GATE)
        assert fresh().status is ProjectState.DRAFT

    @pytest.mark.parametrize(("low", "high", "go"), [(150, 240, "submit"), (150, 300, "check")])
    def test_the_same_form_sent_again_leads_to_the_same_page(
        self, client: FlaskClient, low: int, high: int, go: str
    ) -> None:
        usual_quilts(low, high)
        sign_in(client, make_officer())
        typed = whole_form(go=go, form_key="the same key twice")
        for _sending in range(2):
            answer = client.post("/desk/projects/new", data=typed)
            assert answer.status_code == 303
            assert answer.location.endswith(GATE)

    def test_what_stopped_is_said_again_where_the_form_comes_again(
        self, client: FlaskClient
    ) -> None:
        sign_in(client, make_officer())
        scope = f"{DETAILS.scope_text}户主身份证号{ID_NUMBER}。"
        typed = whole_form(scope_text=scope, go="submit", form_key="the same key twice")
        assert client.post("/desk/projects/new", data=typed).status_code == 400
        answer = client.post("/desk/projects/new", data=typed)
        assert answer.status_code == 303
        assert "必须改 1 处" in text_of(client.get(answer.location))
        assert len(db.session.scalars(select(Project.id)).all()) == 1

    def test_a_button_saves_and_looks_it_over(self, client: FlaskClient) -> None:
        sign_in(client, make_officer())
        answer = client.post("/desk/projects/new", data=whole_form(go="check"))
        assert answer.location.endswith(GATE)
        assert "没有查出问题" in text_of(client.get(GATE))


class TestPage:
    def test_a_reason_is_kept_and_the_need_goes_on(self, client: FlaskClient) -> None:
        project, box = dear_draft(client)
        page = text_of(client.get(GATE))
        assert box in page
        assert "单价与省价格表" in page
        answer = client.post(GATE, data=sent(project, go="on", **{box: WHY}))
        assert answer.status_code == 303
        assert answer.location.endswith(f"/desk/projects/{NUMBER}")
        assert fresh().status is ProjectState.SUBMITTED
        sign_in(client, make_officer())
        review = text_of(client.get(f"/desk/projects/{NUMBER}"))
        assert WHY in review
        assert "1 处有说明" in text_of(client.get("/desk/projects"))

    def test_a_short_reason_is_shown_again(self, client: FlaskClient) -> None:
        project, box = dear_draft(client)
        answer = client.post(GATE, data=sent(project, **{box: "贵"}))
        page = text_of(answer)
        assert answer.status_code == 400
        assert ">贵</textarea>" in page
        assert f'href="#{box}"' in page
        assert client.post(GATE, data=sent(project)).status_code == 400

    def test_an_overtaken_page_keeps_what_was_typed(self, client: FlaskClient) -> None:
        project, box = dear_draft(client)
        answer = client.post(GATE, data={"version": "77", box: WHY})
        assert answer.status_code == 409
        assert WHY in text_of(answer)
        odd = client.post(GATE, data=sent(fresh(), **{"reason-nothing": WHY}))
        assert odd.status_code == 409

    def test_the_reasons_stay_where_the_next_step_fails(self, client: FlaskClient) -> None:
        usual_quilts()
        writer, project = draft((MONEY, DEAR), owner_unit="")
        (one,) = find_seen(writer, project)
        become(client, writer.user_id or 0)
        answer = client.post(GATE, data=sent(project, go="on", **{f"reason-{one.key}": WHY}))
        assert answer.status_code == 303
        assert "还不能办下一步" in text_of(client.get(answer.location))
        assert fresh().status is ProjectState.DRAFT
        assert WHY in text_of(client.get(GATE))

    def test_a_form_sent_twice_is_done_once(self, client: FlaskClient) -> None:
        project, box = dear_draft(client)
        data = sent(project, form_key="k" * 20, **{box: WHY})
        first, second = client.post(GATE, data=data), client.post(GATE, data=data)
        assert (first.status_code, second.status_code) == (303, 303)
        assert first.location == second.location

    def test_nobody_else_answers(self, client: FlaskClient) -> None:
        project, box = dear_draft(client)
        for user, status in (
            (make_officer(CITY), 403),
            (make_officer(OTHER_COUNTY), 404),
            (make_auditor(), 403),
        ):
            sign_in(client, user)
            assert client.post(GATE, data=sent(project, **{box: WHY})).status_code == status
        sign_in(client, make_auditor())
        assert client.get(GATE).status_code == 200
        sign_in(client, make_officer(OTHER_COUNTY))
        assert client.get(GATE).status_code == 404


class TestSteps:
    def test_a_direct_post_does_not_get_past(self, client: FlaskClient) -> None:
        writer, project = draft((MONEY, replace(QUILTS, item="华为手机")))
        become(client, writer.user_id or 0)
        answer = act(client, project.number, "submit")
        assert answer.status_code == 400
        assert "必须改" in text_of(answer)
        assert fresh().status is ProjectState.DRAFT

    def test_the_publisher_is_asked_and_answers(self, client: FlaskClient) -> None:
        make_project(state=ProjectState.VERIFIED)
        usual_quilts(150, 240)
        city = make_officer(CITY)
        officer = actor_for(city)
        sign_in(client, city)
        assert act(client, NUMBER, "publish").status_code == 400
        (one,) = find_seen(officer, fresh())
        data = sent(fresh(), go="on", **{f"reason-{one.key}": WHY})
        assert client.post(GATE, data=data).status_code == 303
        assert fresh().status is ProjectState.PUBLISHED
        page = text_of(client.get(f"/desk/projects/{NUMBER}"))
        assert WHY in page

    def test_other_writers_need_not_wait_while_all_needs_are_read(
        self, client: FlaskClient, app: Flask
    ) -> None:
        make_project()
        writer, project = draft(place="西河沿村", direct_people=40)
        become(client, writer.user_id or 0)
        with watched(app, "projects.created_at, projects.version") as seen:
            act(client, project.number, "submit")
        # Fitting comes first, aside; in the turn only what came since is read.
        assert seen[:2] == ["goes on", "waits"]

    def test_the_public_does_not_see_it(self, client: FlaskClient) -> None:
        usual_quilts()
        writer, project = draft((MONEY, DEAR))
        explain(writer, project)
        submit(writer, project)
        sign_in(client, make_officer(OTHER_COUNTY))
        assert client.get(GATE).status_code == 404


class TestSideBySide:
    def test_from_two_to_one_answer(self, client: FlaskClient) -> None:
        first = make_project()
        writer, project = draft(direct_people=190)
        number, other = project.number, first.number
        here = f"/desk/projects/{number}/like/{other}"
        become(client, writer.user_id or 0)
        assert here in text_of(client.get(f"/desk/projects/{number}/gate"))
        page = text_of(client.get(here))
        assert "不同" in page
        assert "186" in page
        blank = client.post(here, data={"version": str(project.version), "reason": "看过了的"})
        assert blank.status_code == 400
        short = client.post(
            here, data={"version": str(project.version), "verdict": "not_same", "reason": "不"}
        )
        assert short.status_code == 400
        stale = client.post(here, data={"version": "77", "verdict": "same", "reason": "就是同一个"})
        assert stale.status_code == 409
        assert "就是同一个" in text_of(stale)
        said = {"version": str(project.version), "verdict": "not_same", "reason": "不是一个学校"}
        assert client.post(here, data=said).status_code == 303
        assert "没有查出问题" in text_of(client.get(f"/desk/projects/{number}/gate"))
        assert "不是一个学校" in text_of(client.get(f"/desk/projects/{number}"))

    def test_the_same_leads_the_publisher_to_merge(self, client: FlaskClient) -> None:
        first = make_project()
        second = make_project(lines=(replace(MONEY, quantity=Decimal(99000)), QUILTS))
        sign_in(client, make_officer(CITY))
        here = f"/desk/projects/{second.number}/like/{first.number}"
        said = {"version": str(second.version), "verdict": "same", "reason": "就是同一所小学"}
        answer = client.post(here, data=said)
        assert answer.status_code == 303
        assert f"/desk/projects/{second.number}/merge" in answer.location
        assert "去合并" in text_of(client.get(here))

    def test_what_one_may_not_read_is_not_there(self, client: FlaskClient) -> None:
        _theirs, secret = draft(region=OTHER_COUNTY)
        writer, project = draft()
        become(client, writer.user_id or 0)
        here = f"/desk/projects/{project.number}/like/{secret.number}"
        assert client.get(here).status_code == 404
        said = {"version": str(project.version), "verdict": "same", "reason": "就是同一个"}
        assert client.post(here, data=said).status_code == 404
        own = f"/desk/projects/{project.number}/like/{project.number}"
        assert client.get(own).status_code == 404
        page = text_of(client.get(f"/desk/projects/{project.number}/gate"))
        assert secret.number not in page
        assert "没有公开" in page
