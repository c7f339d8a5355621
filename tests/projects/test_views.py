"""Posting in the browser."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from matchplatform.accounts.models import User
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.projects.models import Project
from matchplatform.projects.states import CloseOutcome, ProjectState
from tests.factories import (
    DETAILS,
    ZHANGBEI,
    make_auditor,
    make_claim,
    make_officer,
    make_organisation,
    make_project,
    sign_in,
)

CITY, PROVINCE, OTHER_COUNTY = "1307", "13", "130723"


def whole_form(**changes: Any) -> dict[str, Any]:
    """Return what an officer types for a project that lacks nothing."""
    today = clock.today()
    typed = {
        "name": DETAILS.name,
        "kind": "project",
        "sector": "education",
        "batch_id": "",
        "place": DETAILS.place,
        "scope_text": DETAILS.scope_text,
        "outcome_target": DETAILS.outcome_target,
        "direct_people": "186",
        "households": "142",
        "person_times": "2,400",
        "starts_on": today.isoformat(),
        "ends_on": (today + timedelta(days=200)).isoformat(),
        "claim_deadline": (today + timedelta(days=60)).isoformat(),
        "owner_unit": DETAILS.owner_unit,
        "supervising_unit": DETAILS.supervising_unit,
        "contact_name": DETAILS.contact_name,
        "contact_phone": DETAILS.contact_phone,
        "lines-0-kind": "goods",
        "lines-0-item": "冬季被褥三件套",
        "lines-0-quantity": "240",
        "lines-0-unit": "套",
        "lines-0-unit_price": "260",
        "lines-0-min_lot": "10",
        "lines-0-note": "",
        "go": "save",
    }
    return {**typed, **changes}


def fresh(number: str = f"{ZHANGBEI}-001") -> Project:
    """Return the project as the database has it now."""
    db.session.remove()
    return db.session.scalars(select(Project).where(Project.number == number)).one()


def count_projects() -> int:
    """Count all projects."""
    db.session.remove()
    return db.session.scalar(select(func.count()).select_from(Project)) or 0


def text_of(answer: TestResponse) -> str:
    """Return the page's source with entities resolved."""
    return unescape(answer.get_data(as_text=True))


def value_of(page: str, name: str) -> str:
    """Return what stands in an input of the page."""
    found = re.search(rf'<input[^>]*name="{name}"[^>]*>', page)
    assert found, name
    value = re.search(r'value="([^"]*)"', found[0])
    return value[1] if value else ""


def become(client: FlaskClient, user_id: int) -> None:
    """Sign in as this user."""
    sign_in(client, db.session.get_one(User, user_id))


def act(client: FlaskClient, number: str, action: str, **typed: Any) -> TestResponse:
    """Send a step's form as the page of this moment would."""
    data = {"version": str(fresh(number).version), **typed}
    return client.post(f"/desk/projects/{number}/{action}", data=data)


class TestDeskList:
    def test_it_shows_the_own_county_by_state(self, client: FlaskClient) -> None:
        mine = make_project(state=ProjectState.DRAFT).number
        handed_on = make_project(state=ProjectState.SUBMITTED).number
        other = make_project(state=ProjectState.DRAFT, region=OTHER_COUNTY).number
        sign_in(client, make_officer())
        page = text_of(client.get("/desk/projects"))
        assert mine in page
        assert handed_on in page
        assert other not in page
        assert "写一个需求" in page
        drafts = text_of(client.get("/desk/projects?state=draft"))
        assert mine in drafts
        assert handed_on not in drafts

    def test_the_city_sees_its_counties_and_writes_nothing(self, client: FlaskClient) -> None:
        mine = make_project(state=ProjectState.DRAFT).number
        other = make_project(state=ProjectState.DRAFT, region=OTHER_COUNTY).number
        elsewhere = make_project(state=ProjectState.DRAFT, region="130826").number
        sign_in(client, make_officer(CITY))
        page = text_of(client.get("/desk/projects"))
        assert mine in page
        assert other in page
        assert elsewhere not in page
        assert "写一个需求" not in page

    def test_an_auditor_sees_everything(self, client: FlaskClient) -> None:
        number = make_project(state=ProjectState.DRAFT).number
        sign_in(client, make_auditor())
        page = text_of(client.get("/desk/projects"))
        assert number in page
        assert "全部项目" in page

    @pytest.mark.parametrize("query", ["state=nonsense", "page=-1", "page=99999", "state="])
    def test_odd_addresses_show_a_list(self, client: FlaskClient, query: str) -> None:
        number = make_project(state=ProjectState.DRAFT).number
        sign_in(client, make_officer())
        assert number in text_of(client.get(f"/desk/projects?{query}"))

    def test_pages_keep_the_state(self, client: FlaskClient) -> None:
        sign_in(client, make_officer())
        for _ in range(21):
            client.post(
                "/desk/projects/new",
                data={"name": "一个", "sector": "health"} | {"go": "save", "kind": "need"},
            )
        page = text_of(client.get("/desk/projects?state=draft"))
        assert "/desk/projects?state=draft&page=2" in page
        assert "第 21–21 项，共 21 项" in text_of(client.get("/desk/projects?state=draft&page=2"))


class TestNew:
    def test_a_draft_needs_only_a_name_and_a_sector(self, client: FlaskClient) -> None:
        sign_in(client, make_officer())
        answer = client.post(
            "/desk/projects/new",
            data={"name": "只有名字", "kind": "need", "sector": "health", "go": "save"},
        )
        assert answer.status_code == 303
        assert answer.location == f"/desk/projects/{ZHANGBEI}-001"
        page = text_of(client.get(answer.location))
        assert "草稿已保存" in page
        assert "还差" in page
        assert fresh().status is ProjectState.DRAFT

    def test_numbers_are_read_as_people_type_them(self, client: FlaskClient) -> None:
        sign_in(client, make_officer())
        typed = whole_form(
            **{
                "person_times": "１２，０００",
                "lines-0-quantity": "5,000",
                "lines-0-unit_price": "２．５",
                "lines-0-min_lot": "",
            }
        )
        assert client.post("/desk/projects/new", data=typed).status_code == 303
        project = fresh()
        assert project.person_times == 12000
        assert project.lines[0].quantity == 5000
        assert project.lines[0].min_lot == 1
        assert project.value_needed == 12500

    @pytest.mark.parametrize(
        ("field", "typed", "words"),
        [
            ("lines-0-quantity", "许多", "不是能读懂的数"),
            ("lines-0-quantity", "", "请填数量"),
            ("lines-0-quantity", "-5", "不是能读懂的数"),
            ("direct_people", "1.5", "这里请填整数"),
            ("direct_people", "9999999999", "1000 万之间"),
            ("starts_on", "明年春天", "这样写日期"),
            ("sector", "", "请选一个类别"),
            ("name", " ", "请先给项目起个名字"),
            ("name", "长" * 61, "最多 60 个字"),
            ("lines-0-min_lot", "241", "起领数量要大于 0"),
        ],
    )
    def test_what_cannot_be_used_is_shown_again_with_words(
        self, client: FlaskClient, field: str, typed: str, words: str
    ) -> None:
        sign_in(client, make_officer())
        answer = client.post("/desk/projects/new", data=whole_form(**{field: typed}))
        page = text_of(answer)
        assert answer.status_code == 400
        assert words in page
        assert "有 1 处需要改" in page
        assert DETAILS.scope_text in page
        if field != "sector":
            assert value_of(page, field) == typed
        assert count_projects() == 0

    def test_unknown_choices_are_refused(self, client: FlaskClient) -> None:
        sign_in(client, make_officer())
        for field in ("kind", "sector", "batch_id", "lines-0-kind"):
            answer = client.post("/desk/projects/new", data=whole_form(**{field: "77"}))
            assert answer.status_code == 400, field
        assert count_projects() == 0

    def test_a_line_is_added_without_script_and_nothing_is_lost_or_saved(
        self, client: FlaskClient
    ) -> None:
        sign_in(client, make_officer())
        typed = whole_form(add_line="1", households="一百多")
        del typed["go"]
        answer = client.post("/desk/projects/new", data=typed)
        page = text_of(answer)
        assert answer.status_code == 200
        assert value_of(page, "lines-0-item") == "冬季被褥三件套"
        assert value_of(page, "lines-1-item") == ""
        assert value_of(page, "households") == "一百多"
        assert DETAILS.outcome_target in page
        assert count_projects() == 0

    def test_a_line_is_dropped_without_script(self, client: FlaskClient) -> None:
        sign_in(client, make_officer())
        typed = whole_form(
            **{
                "lines-1-kind": "money",
                "lines-1-item": "热水改造款",
                "lines-1-quantity": "100000",
                "drop_line": "0",
            }
        )
        del typed["go"]
        page = text_of(client.post("/desk/projects/new", data=typed))
        assert "冬季被褥三件套" not in page
        assert "热水改造款" in page
        assert count_projects() == 0
        left = {name: value for name, value in typed.items() if not name.startswith("lines-0")}
        del left["drop_line"]
        left["go"] = "save"
        assert client.post("/desk/projects/new", data=left).status_code == 303
        assert [line.item for line in fresh().lines] == ["热水改造款"]

    @pytest.mark.parametrize("name", ["lines-²-item", f"lines-{'9' * 5000}-item", "lines--1-x"])
    def test_odd_names_of_lines_are_ignored_or_refused(
        self, client: FlaskClient, name: str
    ) -> None:
        sign_in(client, make_officer())
        answer = client.post("/desk/projects/new", data=whole_form(**{name: "x"}))
        assert answer.status_code in (303, 400)

    def test_odd_line_buttons_do_nothing(self, client: FlaskClient) -> None:
        sign_in(client, make_officer())
        for odd in ("", "7", "-1", "²", "x" * 999, "9" * 999):
            answer = client.post("/desk/projects/new", data=whole_form(drop_line=odd))
            assert answer.status_code == 200
            assert "冬季被褥三件套" in text_of(answer)

    def test_empty_lines_are_left_out(self, client: FlaskClient) -> None:
        sign_in(client, make_officer())
        typed = whole_form(
            **{
                "lines-1-kind": "goods",
                "lines-1-item": " ",
                "lines-1-quantity": "",
                "lines-2-kind": "jobs",
                "lines-2-item": "宿舍管理员",
                "lines-2-quantity": "2",
                "lines-2-unit": "个",
            }
        )
        assert client.post("/desk/projects/new", data=typed).status_code == 303
        assert [line.item for line in fresh().lines] == ["冬季被褥三件套", "宿舍管理员"]

    def test_wrong_lines_are_named_at_their_place_after_an_empty_one(
        self, client: FlaskClient
    ) -> None:
        sign_in(client, make_officer())
        typed = whole_form(
            **{
                "lines-0-item": "",
                "lines-0-quantity": "",
                "lines-0-unit": "",
                "lines-0-unit_price": "",
                "lines-0-min_lot": "",
                "lines-3-kind": "goods",
                "lines-3-item": "水壶",
                "lines-3-quantity": "2",
                "lines-3-unit": "",
                "lines-3-unit_price": "45",
            }
        )
        answer = client.post("/desk/projects/new", data=typed)
        assert answer.status_code == 400
        page = text_of(answer)
        assert 'href="#lines-1-unit"' in page
        assert value_of(page, "lines-1-item") == "水壶"

    def test_more_than_thirty_lines_are_refused_and_kept_on_the_page(
        self, client: FlaskClient
    ) -> None:
        sign_in(client, make_officer())
        typed = whole_form()
        for place in range(31):
            typed |= {
                f"lines-{place}-kind": "money",
                f"lines-{place}-item": f"第{place}笔",
                f"lines-{place}-quantity": "1000",
            }
        answer = client.post("/desk/projects/new", data=typed)
        assert answer.status_code == 400
        page = text_of(answer)
        assert "一个项目最多 30 个条目" in page
        assert "第30笔" in page

    def test_save_and_submit_is_one_step(self, client: FlaskClient) -> None:
        sign_in(client, make_officer())
        answer = client.post("/desk/projects/new", data=whole_form(go="submit"))
        assert answer.status_code == 303
        assert fresh().status is ProjectState.SUBMITTED
        assert "已提交" in text_of(client.get(answer.location))

    def test_an_incomplete_one_is_saved_and_shown_with_what_is_missing(
        self, client: FlaskClient
    ) -> None:
        sign_in(client, make_officer())
        typed = whole_form(go="submit", place="", outcome_target="做完")
        answer = client.post("/desk/projects/new", data=typed)
        page = text_of(answer)
        assert answer.status_code == 400
        assert "草稿已保存，还没有提交" in page
        assert "提交前要填这一项" in page
        assert "至少 10 个字" in page
        assert f'action="/desk/projects/{ZHANGBEI}-001/edit"' in page
        project = fresh()
        assert project.status is ProjectState.DRAFT
        again = whole_form(go="submit", version=value_of(page, "version"))
        answer = client.post(f"/desk/projects/{ZHANGBEI}-001/edit", data=again)
        assert answer.status_code == 303
        assert fresh().status is ProjectState.SUBMITTED
        assert count_projects() == 1

    @pytest.mark.parametrize("go", ["save", "submit"])
    def test_a_double_click_makes_one_project_and_is_answered_alike(
        self, client: FlaskClient, go: str
    ) -> None:
        sign_in(client, make_officer())
        typed = whole_form(form_key="the same key twice", go=go)
        first = client.post("/desk/projects/new", data=typed)
        again = client.post("/desk/projects/new", data=typed)
        assert (first.status_code, again.status_code) == (303, 303)
        assert again.location == first.location
        assert client.get(again.location).status_code == 200
        other = client.post("/desk/projects/new", data={**typed, "name": "另一个名字"})
        assert other.status_code == 422
        assert "另一个名字" in text_of(other)
        assert count_projects() == 1

    def test_what_is_not_on_the_form_is_ignored(self, client: FlaskClient) -> None:
        officer = make_officer().id
        become(client, officer)
        typed = whole_form(
            region_code=OTHER_COUNTY,
            status="published",
            number="130723-999",
            verified="1",
            verifier_id="1",
            author_ids="[]",
            published_at="2020-01-01",
            held="1",
            state_reason="没有",
            **{"lines-0-held": "5", "lines-0-extra": "5", "lines-0-position": "9"},
        )
        assert client.post("/desk/projects/new", data=typed).status_code == 303
        project = fresh()
        assert project.region_code == ZHANGBEI
        assert project.status is ProjectState.DRAFT
        assert project.author_ids == [officer]
        assert (project.verifier_id, project.published_at) == (None, None)
        line = project.lines[0]
        assert line.held == line.extra == 0
        assert line.position == 1

    @pytest.mark.parametrize("region", [CITY, PROVINCE])
    def test_officers_above_the_county_are_refused(self, client: FlaskClient, region: str) -> None:
        sign_in(client, make_officer(region))
        assert client.get("/desk/projects/new").status_code == 403
        assert client.post("/desk/projects/new", data=whole_form()).status_code == 403
        assert count_projects() == 0


class TestEdit:
    def test_it_shows_what_was_written_and_saves_what_is_changed(self, client: FlaskClient) -> None:
        number = make_project(state=ProjectState.DRAFT).number
        sign_in(client, make_officer())
        page = text_of(client.get(f"/desk/projects/{number}/edit"))
        assert value_of(page, "person_times") == "2,400"
        assert value_of(page, "lines-0-quantity") == "100,000"
        assert value_of(page, "lines-1-unit_price") == "260"
        typed = whole_form(version=value_of(page, "version"), name="改过的名字")
        answer = client.post(f"/desk/projects/{number}/edit", data=typed)
        assert answer.status_code == 303
        project = fresh(number)
        assert project.name == "改过的名字"
        assert [line.item for line in project.lines] == ["冬季被褥三件套"]

    def test_what_is_shown_can_be_sent_back_unchanged(self, client: FlaskClient) -> None:
        number = make_project(state=ProjectState.DRAFT).number
        before = [(line.item, line.quantity, line.unit_price) for line in fresh(number).lines]
        sign_in(client, make_officer())
        page = text_of(client.get(f"/desk/projects/{number}/edit"))
        typed = whole_form(version=value_of(page, "version"))
        for place, kind in enumerate(("money", "goods")):
            typed[f"lines-{place}-kind"] = kind
            for name in ("item", "quantity", "unit", "unit_price", "min_lot", "note"):
                typed[f"lines-{place}-{name}"] = value_of(page, f"lines-{place}-{name}")
        assert client.post(f"/desk/projects/{number}/edit", data=typed).status_code == 303
        after = [(line.item, line.quantity, line.unit_price) for line in fresh(number).lines]
        assert after == before

    def test_a_stale_page_keeps_what_was_typed_and_shows_what_is_there(
        self, client: FlaskClient
    ) -> None:
        number = make_project(state=ProjectState.DRAFT).number
        sign_in(client, make_officer())
        stale = str(fresh(number).version)
        quicker = whole_form(version=stale, place="黑崖沟", households="15")
        assert client.post(f"/desk/projects/{number}/edit", data=quicker).status_code == 303
        slower = whole_form(version=stale, place="光明村")
        answer = client.post(f"/desk/projects/{number}/edit", data=slower)
        page = text_of(answer)
        assert answer.status_code == 409
        assert "有了变化" in page
        assert value_of(page, "place") == "光明村"
        assert "<dd>黑崖沟</dd>" in page
        assert "<dd>15</dd>" in page
        assert fresh(number).place == "黑崖沟"
        again = {**slower, "version": value_of(page, "version")}
        assert client.post(f"/desk/projects/{number}/edit", data=again).status_code == 303
        assert fresh(number).place == "光明村"

    def test_what_was_handed_on_meanwhile_keeps_what_was_typed(self, client: FlaskClient) -> None:
        number = make_project(state=ProjectState.SUBMITTED).number
        sign_in(client, make_officer())
        assert client.get(f"/desk/projects/{number}/edit").status_code == 409
        typed = whole_form(version=str(fresh(number).version), place="光明村")
        answer = client.post(f"/desk/projects/{number}/edit", data=typed)
        assert answer.status_code == 409
        assert value_of(text_of(answer), "place") == "光明村"
        assert fresh(number).place == DETAILS.place

    @pytest.mark.parametrize("version", ["", "abc", "-1", "²", "9" * 40])
    def test_an_invented_version_is_stale(self, client: FlaskClient, version: str) -> None:
        number = make_project(state=ProjectState.DRAFT).number
        sign_in(client, make_officer())
        answer = client.post(f"/desk/projects/{number}/edit", data=whole_form(version=version))
        assert answer.status_code == 409

    def test_an_incomplete_edit_is_saved_and_not_submitted(self, client: FlaskClient) -> None:
        number = make_project(state=ProjectState.DRAFT).number
        sign_in(client, make_officer())
        typed = whole_form(version=str(fresh(number).version), go="submit", contact_phone="")
        answer = client.post(f"/desk/projects/{number}/edit", data=typed)
        assert answer.status_code == 400
        assert "草稿已保存" in text_of(answer)
        project = fresh(number)
        assert (project.status, project.contact_phone) == (ProjectState.DRAFT, "")
        assert value_of(text_of(answer), "version") == str(project.version)

    def test_other_counties_and_the_city_may_not(self, client: FlaskClient) -> None:
        number = make_project(state=ProjectState.DRAFT).number
        for region, code in ((OTHER_COUNTY, 404), (CITY, 403)):
            sign_in(client, make_officer(region))
            assert client.get(f"/desk/projects/{number}/edit").status_code == code
            typed = whole_form(version=str(fresh(number).version))
            assert client.post(f"/desk/projects/{number}/edit", data=typed).status_code == code
        assert fresh(number).version == 1


class TestReview:
    def test_it_shows_everything_the_total_in_capitals_and_the_history(
        self, client: FlaskClient
    ) -> None:
        number = make_project(state=ProjectState.SUBMITTED).number
        sign_in(client, make_officer())
        page = text_of(client.get(f"/desk/projects/{number}"))
        for words in (
            DETAILS.scope_text,
            DETAILS.contact_phone,
            "162,400",
            "壹拾陆万贰仟肆佰元整",
            "提交核验",
            "核验通过",
            "退回修改",
        ):
            assert words in page, words

    def test_the_writer_is_told_why_not(self, client: FlaskClient) -> None:
        writer = make_officer()
        make_officer()
        sign_in(client, writer)
        client.post("/desk/projects/new", data=whole_form(go="submit"))
        page = text_of(client.get(f"/desk/projects/{ZHANGBEI}-001"))
        assert "自己写的需求不能自己核验" in page
        assert f"{ZHANGBEI}-001/verify" not in page
        assert f"{ZHANGBEI}-001/return" not in page

    def test_an_auditor_reads_and_has_no_buttons(self, client: FlaskClient) -> None:
        number = make_project(state=ProjectState.SUBMITTED).number
        sign_in(client, make_auditor())
        page = text_of(client.get(f"/desk/projects/{number}"))
        assert DETAILS.contact_phone in page
        assert f'action="/desk/projects/{number}' not in page
        assert act(client, number, "verify").status_code == 403

    def test_other_counties_see_neither_drafts_nor_the_desk_page_of_what_is_public(
        self, client: FlaskClient
    ) -> None:
        draft = make_project(state=ProjectState.DRAFT).number
        published = make_project().number
        sign_in(client, make_officer(OTHER_COUNTY))
        assert client.get(f"/desk/projects/{draft}").status_code == 404
        assert client.get(f"/desk/projects/{published}").status_code == 403
        assert act(client, published, "suspend", reason="想暂停一下它").status_code == 403

    def test_agents_and_visitors_are_kept_out(self, client: FlaskClient) -> None:
        number = make_project(state=ProjectState.SUBMITTED).number
        paths = ["/desk/projects", "/desk/projects/new", f"/desk/projects/{number}"]
        paths.append(f"/desk/projects/{number}/edit")
        for path in paths:
            answer = client.get(path)
            assert answer.status_code == 303
            assert answer.location.startswith("/sign-in")
        sign_in(client, make_organisation()[1])
        for path in paths:
            assert client.get(path).status_code == 403
        assert act(client, number, "verify").status_code == 403
        assert fresh(number).status is ProjectState.SUBMITTED

    def test_an_unknown_number_is_not_found(self, client: FlaskClient) -> None:
        sign_in(client, make_officer())
        for number in ("130722-999", "x", "' OR 1=1", "９"):
            assert client.get(f"/desk/projects/{number}").status_code == 404


class TestAct:
    def test_from_draft_to_published_and_closed(self, client: FlaskClient) -> None:
        writer, second, city = (make_officer(region).id for region in (ZHANGBEI, ZHANGBEI, CITY))
        number = f"{ZHANGBEI}-001"
        become(client, writer)
        client.post("/desk/projects/new", data=whole_form())
        assert act(client, number, "submit").status_code == 303
        become(client, second)
        answer = act(client, number, "return", reason="单价请按县里询价改")
        assert answer.status_code == 303
        assert "已退回" in text_of(client.get(answer.location))
        become(client, writer)
        assert "单价请按县里询价改" in text_of(client.get(f"/desk/projects/{number}/edit"))
        typed = whole_form(
            version=str(fresh(number).version), go="submit", **{"lines-0-unit_price": "240"}
        )
        assert client.post(f"/desk/projects/{number}/edit", data=typed).status_code == 303
        become(client, second)
        assert act(client, number, "verify").status_code == 303
        become(client, city)
        assert act(client, number, "publish").status_code == 303
        assert fresh(number).is_public
        assert act(client, number, "suspend", reason="村里重新核实人数").status_code == 303
        assert "暂停的原因" in text_of(client.get(f"/desk/projects/{number}"))
        assert act(client, number, "resume").status_code == 303
        answer = act(client, number, "close", outcome="cancelled", reason="今年不再需要了")
        assert answer.status_code == 303
        page = text_of(client.get(answer.location))
        assert "关闭的原因（取消）" in page
        assert f'action="/desk/projects/{number}' not in page
        project = fresh(number)
        assert project.close_outcome is CloseOutcome.CANCELLED
        assert project.lines[0].unit_price == 240

    def test_a_short_reason_comes_back_as_it_was_typed(self, client: FlaskClient) -> None:
        number = make_project(state=ProjectState.SUBMITTED).number
        sign_in(client, make_officer())
        answer = act(client, number, "return", reason="不行")
        page = text_of(answer)
        assert answer.status_code == 400
        assert "至少五个字" in page
        assert ">\n不行</textarea>" in page.replace("\r", "")
        assert '<details class="act" open>' in page
        assert fresh(number).status is ProjectState.SUBMITTED

    def test_only_the_form_that_was_sent_comes_back_filled(self, client: FlaskClient) -> None:
        number = make_project().number
        sign_in(client, make_officer(CITY))
        page = text_of(act(client, number, "suspend", reason="不行"))
        assert page.count("不行") == 1
        assert page.count('<details class="act" open>') == 1

    def test_a_stale_page_comes_back_with_what_was_typed(self, client: FlaskClient) -> None:
        number = make_project(state=ProjectState.SUBMITTED).number
        sign_in(client, make_officer())
        typed = {"version": "1", "reason": "单价请按县里询价改"}
        answer = client.post(f"/desk/projects/{number}/return", data=typed)
        page = text_of(answer)
        assert answer.status_code == 409
        assert "有了变化" in page
        assert "单价请按县里询价改" in page
        assert fresh(number).status is ProjectState.SUBMITTED

    @pytest.mark.parametrize(
        ("state", "region", "quicker"),
        [(ProjectState.SUBMITTED, ZHANGBEI, "verify"), (ProjectState.VERIFIED, CITY, "publish")],
    )
    def test_a_reason_is_not_lost_when_its_form_is_gone(
        self, client: FlaskClient, state: ProjectState, region: str, quicker: str
    ) -> None:
        number = make_project(state=state).number
        sign_in(client, make_officer(region))
        stale = str(fresh(number).version)
        assert act(client, number, quicker).status_code == 303
        typed = {"version": stale, "reason": "绩效目标查不到数"}
        answer = client.post(f"/desk/projects/{number}/return", data=typed)
        page = text_of(answer)
        assert answer.status_code == 409
        assert "您刚才写的原因" in page
        assert "绩效目标查不到数" in page
        assert fresh(number).status is not ProjectState.RETURNED

    def test_twice_the_same_button_is_told_kindly(self, client: FlaskClient) -> None:
        number = make_project(state=ProjectState.SUBMITTED).number
        sign_in(client, make_officer())
        version = str(fresh(number).version)
        assert act(client, number, "verify").status_code == 303
        again = client.post(f"/desk/projects/{number}/verify", data={"version": version})
        assert again.status_code == 409
        assert "没有办成" in text_of(again)

    def test_closing_what_is_held_is_refused_with_the_reason_kept(
        self, client: FlaskClient
    ) -> None:
        project = make_project()
        number = project.number
        make_claim(project, *make_organisation())
        sign_in(client, make_officer(CITY))
        answer = act(client, number, "close", outcome="expired", reason="已经过了截止日")
        page = text_of(answer)
        assert answer.status_code == 409
        assert "还有 1 笔认领在预留或等受理" in page
        assert "已经过了截止日" in page
        assert fresh(number).status is ProjectState.PUBLISHED

    def test_closing_asks_for_a_known_outcome(self, client: FlaskClient) -> None:
        number = make_project().number
        sign_in(client, make_officer(CITY))
        answer = act(client, number, "close", outcome="burnt", reason="今年不再需要了")
        assert answer.status_code == 400
        assert fresh(number).status is ProjectState.PUBLISHED

    def test_an_incomplete_draft_is_listed_by_name(self, client: FlaskClient) -> None:
        sign_in(client, make_officer())
        client.post("/desk/projects/new", data=whole_form(place="", contact_name=""))
        number = f"{ZHANGBEI}-001"
        page = text_of(client.get(f"/desk/projects/{number}"))
        assert "还差 2 项" in page
        assert f"/desk/projects/{number}/edit#place" in page
        assert f"{number}/submit" not in page
        answer = act(client, number, "submit")
        assert answer.status_code == 400
        assert "还差几项" in text_of(answer)
        assert fresh(number).status is ProjectState.DRAFT

    def test_extra_fields_change_nothing(self, client: FlaskClient) -> None:
        number = make_project(state=ProjectState.SUBMITTED).number
        officer = make_officer().id
        become(client, officer)
        answer = act(
            client, number, "verify", status="published", region_code=OTHER_COUNTY, verifier_id="1"
        )
        assert answer.status_code == 303
        project = fresh(number)
        assert project.status is ProjectState.VERIFIED
        assert project.region_code == ZHANGBEI
        assert project.verifier_id == officer

    def test_steps_that_do_not_exist_are_not_found(self, client: FlaskClient) -> None:
        number = make_project(state=ProjectState.SUBMITTED).number
        sign_in(client, make_officer())
        for action in ("delete", "approve", "VERIFY"):
            assert act(client, number, action).status_code == 404
        assert client.get(f"/desk/projects/{number}/verify").status_code == 405

    def test_without_the_token_nothing_happens(self, client: FlaskClient) -> None:
        number = make_project(state=ProjectState.SUBMITTED).number
        sign_in(client, make_officer())
        data = {"version": str(fresh(number).version)}
        answer = client.post(f"/desk/projects/{number}/verify", data=data, csrf=False)
        assert answer.status_code == 400
        assert fresh(number).status is ProjectState.SUBMITTED

    def test_markup_in_what_was_typed_is_only_text(self, client: FlaskClient) -> None:
        sign_in(client, make_officer())
        evil = "<script>alert(1)</script>"
        typed = whole_form(name=evil, scope_text=evil * 3, **{"lines-0-item": evil})
        answer = client.post("/desk/projects/new", data=typed)
        for path in (answer.location, f"{answer.location}/edit", "/desk/projects"):
            assert evil not in client.get(path).get_data(as_text=True)
