"""Returning at the fields, copying, publishing several at once."""

from dataclasses import replace
from decimal import Decimal

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from matchplatform.audit.queries import list_history
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Forbidden, InvalidInput
from matchplatform.projects import services
from matchplatform.projects.bulk import publish_many
from matchplatform.projects.copying import copy_project, details_of, lines_of
from matchplatform.projects.models import Batch, Project
from matchplatform.projects.posting_models import FieldRemark
from matchplatform.projects.remarks import list_remarks
from matchplatform.projects.states import ProjectState
from tests.factories import (
    QUILTS,
    actor_for,
    make_claim,
    make_officer,
    make_organisation,
    make_project,
    sign_in,
)
from tests.projects.test_services import told
from tests.projects.test_views import act, become, fresh, text_of

pytestmark = pytest.mark.usefixtures("db_session")
CITY, PROVINCE, OTHER_COUNTY = "1307", "13", "130723"


def return_at(project: Project, remarks: dict[str, str], reason: str = "") -> Project:
    """Return a submitted project as a second officer of its county, and commit."""
    services.return_project(
        actor=actor_for(make_officer()),
        project=project,
        version=project.version,
        reason=reason,
        remarks=remarks,
    )
    db.session.commit()
    return project


def said(project: Project) -> dict[str, str]:
    """Return what is open at the fields of a project."""
    return {remark.field: remark.words for remark in list_remarks(project)}


class TestReturnAtFields:
    def test_what_is_said_stands_at_the_fields_and_in_the_trail(self) -> None:
        project = make_project(state=ProjectState.SUBMITTED)
        quilts = project.lines[1]
        return_at(project, {f"line-{quilts.id}": "单价高了一倍", "place": "写到村", "name": " "})
        assert said(project) == {"place": "写到村", f"lines:{quilts.item}": "单价高了一倍"}
        assert project.state_reason == "有 2 处要改，见各处的意见。"
        entry = list_history("project", project.number)[0]
        assert entry.detail["remarks"] == said(project)

    def test_a_reason_is_needed_where_nothing_is_said(self) -> None:
        project = make_project(state=ProjectState.SUBMITTED)
        with pytest.raises(InvalidInput):
            return_at(project, {"place": " "})
        assert project.status is ProjectState.SUBMITTED

    def test_unknown_fields_and_long_words_are_refused(self) -> None:
        project = make_project(state=ProjectState.SUBMITTED)
        number = "删掉13072219900307001X"
        for remarks in (
            {"status": "x"}, {"line-0": "x"}, {"place": "长" * 301}, {"place": number},
        ):  # fmt: skip
            with pytest.raises(InvalidInput):
                return_at(project, remarks)

    def test_the_next_return_or_the_verification_settles_them(self) -> None:
        project = make_project(state=ProjectState.SUBMITTED)
        writer = project.author_ids[0]
        for words in ("写到村", "村名还是不对"):
            return_at(project, {"place": words})
            services.submit_project(
                actor=actor_for(db.session.get_one(type(make_officer()), writer)),
                project=project,
                version=project.version,
            )
            db.session.commit()
        assert said(project) == {"place": "村名还是不对"}
        services.verify_project(
            actor=actor_for(make_officer()), project=project, version=project.version
        )
        db.session.commit()
        assert said(project) == {}
        assert len(db.session.scalars(select(FieldRemark)).all()) == 2


class TestRemarksPage:
    def test_from_the_sheet_to_the_authors_form(self, client: FlaskClient) -> None:
        project = make_project(state=ProjectState.SUBMITTED)
        number, writer = project.number, project.author_ids[0]
        quilts = project.lines[1]
        sign_in(client, make_officer())
        assert "逐项写意见退回" in text_of(client.get(f"/desk/projects/{number}"))
        page = text_of(client.get(f"/desk/projects/{number}/remarks"))
        assert QUILTS.item in page
        data = {
            "version": str(project.version),
            "at-outcome_target": "查不到数",
            f"at-line-{quilts.id}": "单价高了一倍",
        }
        answer = client.post(f"/desk/projects/{number}/remarks", data=data)
        assert answer.location == f"/desk/projects/{number}"
        become(client, writer)
        assert "查不到数" in text_of(client.get(f"/desk/projects/{number}"))
        page = text_of(client.get(f"/desk/projects/{number}/edit"))
        assert 'id="outcome_target-said-1"' in page
        assert 'id="lines-1-said-1"' in page
        assert 'aria-describedby="outcome_target-said-1' in page

    def test_what_was_typed_is_shown_again(self, client: FlaskClient) -> None:
        project = make_project(state=ProjectState.SUBMITTED)
        sign_in(client, make_officer())
        data = {
            "version": str(project.version),
            "at-place": "长" * 301,
            "at-name": "起个清楚的名字",
        }
        answer = client.post(f"/desk/projects/{project.number}/remarks", data=data)
        page = text_of(answer)
        assert answer.status_code == 400
        assert "起个清楚的名字" in page
        assert "最多 300 个字" in page

    @pytest.mark.parametrize(
        ("state", "answer"), [(ProjectState.DRAFT, 409), (ProjectState.VERIFIED, 403)]
    )
    def test_only_whose_turn_it_is(
        self, client: FlaskClient, state: ProjectState, answer: int
    ) -> None:
        number = make_project(state=state).number
        sign_in(client, make_officer())
        assert client.get(f"/desk/projects/{number}/remarks").status_code == answer


class TestCopy:
    def test_it_copies_what_is_written_and_nothing_else(self) -> None:
        project = make_project()
        make_claim(project, *make_organisation())
        batch = Batch(name="2021 年第一批")
        db.session.add(batch)
        db.session.commit()
        writer = make_officer()
        made = copy_project(actor=actor_for(writer), project=project, batch_id=batch.id)
        db.session.commit()
        assert made.status is ProjectState.DRAFT
        assert (made.author_ids, made.batch_id) == ([writer.id], batch.id)
        assert made.starts_on is made.ends_on is made.claim_deadline is None
        assert lines_of(made) == lines_of(project)
        assert [line.held for line in made.lines] == [0, 0]
        open_days = {"starts_on": None, "ends_on": None, "claim_deadline": None}
        assert details_of(made) == replace(
            details_of(project), batch_id=batch.id, starts_on=None, ends_on=None,
            claim_deadline=None,
        )  # fmt: skip
        assert open_days
        actions = [entry.action for entry in list_history("project", made.number)]
        assert actions == ["project.copy", "project.create"]

    @pytest.mark.parametrize("region", [OTHER_COUNTY, CITY])
    def test_only_the_own_county_copies(self, region: str) -> None:
        project = make_project()
        with pytest.raises(Forbidden):
            copy_project(actor=actor_for(make_officer(region)), project=project, batch_id=None)

    def test_the_button_leads_to_the_new_draft_once(self, client: FlaskClient) -> None:
        number = make_project().number
        sign_in(client, make_officer())
        assert "复制到下一批" in text_of(client.get(f"/desk/projects/{number}"))
        data = {"batch_id": "", "form_key": "one"}
        first, again = (client.post(f"/desk/projects/{number}/copy", data=data) for _ in range(2))
        assert first.status_code == again.status_code == 303
        assert first.location == again.location
        assert "已复制成新的草稿" in text_of(client.get(first.location))
        assert client.post(
            f"/desk/projects/{number}/copy", data={"batch_id": "77"}
        ).status_code == 400  # fmt: skip


class TestPublishSeveral:
    def test_each_is_judged_by_itself(self) -> None:
        city = make_officer(CITY)
        good, second = (make_project(state=ProjectState.VERIFIED) for _ in range(2))
        moved = make_project(state=ProjectState.SUBMITTED)
        own = make_project(state=ProjectState.SUBMITTED)
        own.author_ids = [city.id]
        elsewhere = make_project(state=ProjectState.VERIFIED, region="130826")
        bad = make_project(state=ProjectState.VERIFIED)
        bad.outcome_target = ""
        db.session.commit()
        everything = (good, second, moved, own, elsewhere, bad)
        outcomes = publish_many(
            actor=actor_for(city), picks=[(one.number, one.version) for one in everything]
        )
        db.session.commit()
        done = {one.number for one in outcomes if one.why_not is None}
        assert done == {good.number, second.number}
        why = {one.number: str(one.why_not) for one in outcomes if one.why_not is not None}
        assert "当前状态" in why[moved.number]
        assert "不能再发布" in why[own.number]
        assert "不归您管" in why[elsewhere.number]
        assert "绩效目标" in why[bad.number]
        assert fresh(bad.number).status is ProjectState.VERIFIED
        assert told("已发布。") == {*good.author_ids, *second.author_ids}

    def test_an_overtaken_page_holds_up_no_other(self) -> None:
        good, stale = (make_project(state=ProjectState.VERIFIED) for _ in range(2))
        outcomes = publish_many(
            actor=actor_for(make_officer(CITY)),
            picks=[(good.number, good.version), (stale.number, stale.version - 1)],
        )
        db.session.commit()
        assert [one.why_not is None for one in outcomes] == [True, False]

    def test_none_and_too_many_are_refused(self) -> None:
        actor = actor_for(make_officer(CITY))
        for picks in ([], [(f"130722-{place:03d}", 1) for place in range(51)]):
            with pytest.raises(InvalidInput):
                publish_many(actor=actor, picks=picks)

    def test_from_the_list_to_the_result(self, client: FlaskClient) -> None:
        good, stale = (make_project(state=ProjectState.VERIFIED) for _ in range(2))
        numbers = good.number, stale.number
        sign_in(client, make_officer(CITY))
        page = text_of(client.get("/desk/projects?state=verified"))
        assert page.count('name="pick"') == 2
        picks = [f"{good.number}:{good.version}", f"{stale.number}:1", "odd"]
        page = text_of(client.post("/desk/projects/publish", data={"pick": picks}))
        assert "发布了 1 个，没有发布 2 个" in page
        assert fresh(numbers[0]).is_public
        assert not fresh(numbers[1]).is_public
        answer = client.post("/desk/projects/publish", follow_redirects=True)
        assert "请先在要发布的项目前打勾" in text_of(answer)

    def test_the_county_has_no_boxes(self, client: FlaskClient) -> None:
        make_project(state=ProjectState.VERIFIED)
        sign_in(client, make_officer())
        assert 'name="pick"' not in text_of(client.get("/desk/projects?state=verified"))


class TestSteps:
    def test_the_short_way_to_return_is_still_there(self, client: FlaskClient) -> None:
        number = make_project(state=ProjectState.SUBMITTED).number
        sign_in(client, make_officer())
        assert act(client, number, "return", reason="单价高了一倍").status_code == 303
        assert fresh(number).value_needed == Decimal("162400.00")
