"""The list as a file and on paper: the same figures as the page, the same scope, no formulas."""

import csv
import io
from dataclasses import replace
from decimal import Decimal
from typing import Any
from urllib.parse import quote

import openpyxl
import pytest
from flask.testing import FlaskClient

from matchplatform.catalogue import answers
from matchplatform.catalogue.asked import read_asked, tell_asked
from matchplatform.catalogue.indexing import open_index, rebuild
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.facts import DEMO, set_fact
from matchplatform.kernel.money import format_wan
from matchplatform.projects.states import ProjectState, Sector
from tests.factories import (
    DETAILS,
    MONEY,
    make_auditor,
    make_claim,
    make_organisation,
    make_project,
    sign_in,
)

KANGBAO = "130723"
FIRST_ROW = 5  # title, condition, count and time, headings


def _book(client: FlaskClient, address: str = "/projects/export.xlsx") -> Any:
    answer = client.get(address)
    assert answer.status_code == 200
    return openpyxl.load_workbook(io.BytesIO(answer.data))


def _table(page: Any, heading: int = FIRST_ROW - 1) -> list[dict[str, Any]]:
    rows = list(page.iter_rows(min_row=heading, values_only=True))
    # The last row is the foot line.
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:-1]]


def _csv(client: FlaskClient, address: str = "/projects/export.csv") -> list[list[str]]:
    return list(csv.reader(io.StringIO(client.get(address).data.decode("utf-8-sig"), newline="")))


class TestProjectsXlsx:
    def test_its_figures_are_those_of_the_page(self, client: FlaskClient) -> None:
        project = make_project()
        organisation, agent = make_organisation()
        number = project.number
        make_claim(project, organisation, agent, {project.lines[0].id: Decimal(30000)})
        (row,) = _table(_book(client).worksheets[0])
        page = client.get("/projects").text
        assert row["编号"] == number
        assert row["县"] == "张北县"
        assert row["需要（元）"] == 162_400
        assert row["意向（元）"] == 30_000
        assert row["尚缺（元）"] == 132_400
        assert (row["签约（元）"], row["交付（元）"], row["确认（元）"]) == (0, 0, 0)
        for words in ("需要（元）", "意向（元）", "尚缺（元）"):
            assert format_wan(Decimal(row[words])) in page
        assert (row["直接受益（人）"], row["涉及（户）"], row["服务量（人次）"]) == (186, 142, 2400)
        assert row["网页"].endswith(f"/projects/{number}")

    def test_the_second_sheet_holds_the_lines_in_their_own_units(self, client: FlaskClient) -> None:
        project = make_project()
        organisation, agent = make_organisation()
        make_claim(project, organisation, agent, {project.lines[1].id: Decimal(40)})
        first, second = _table(_book(client).worksheets[1])
        assert (first["条目"], first["单位"], first["需要"]) == ("热水改造款", "元", 100_000)
        assert (second["条目"], second["单价（元）"], second["起认数量"]) == (
            "冬季被褥三件套",
            260,
            10,
        )
        assert (second["需要"], second["意向"], second["尚缺"]) == (240, 40, 200)

    def test_it_holds_all_pages_of_the_list_in_its_order(self, client: FlaskClient) -> None:
        for serial in range(12):
            lines = (replace(MONEY, quantity=Decimal(10_000 * (serial + 1))),)
            make_project(lines=lines)
        rows = _table(_book(client, "/projects/export.xlsx?sort=gap").worksheets[0])
        gaps = [row["尚缺（元）"] for row in rows]
        assert len(gaps) == 12
        assert gaps == sorted(gaps, reverse=True)
        assert "导出这 12 项" in client.get("/projects?sort=gap&page=2").text

    def test_it_filters_as_the_list_does(self, client: FlaskClient) -> None:
        make_project()
        health = replace(DETAILS, sector=Sector.HEALTH, name="黑崖沟卫生室添置心电图机")
        wanted = make_project(region=KANGBAO, details=health).number
        address = f"?county={KANGBAO}&sector=health&state=open"
        (row,) = _table(_book(client, f"/projects/export.xlsx{address}").worksheets[0])
        assert row["编号"] == wanted
        assert (
            f'href="/projects/export.xlsx?state=open&amp;sector=health&amp;county={KANGBAO}"'
            in (client.get(f"/projects{address}").text)
        )

    def test_it_finds_words_as_the_list_does(self, client: FlaskClient) -> None:
        make_project()
        other = replace(DETAILS, name="黑崖沟卫生室添置心电图机", place="黑崖沟村")
        wanted = make_project(details=other).number
        rebuild(open_index(client.application.extensions["settings"]))
        (row,) = _table(_book(client, "/projects/export.xlsx?q=心电图机").worksheets[0])
        assert row["编号"] == wanted

    def test_what_is_not_public_is_not_in_it_for_anyone(self, client: FlaskClient) -> None:
        shown = make_project().number
        hidden = [
            make_project(state=state).number
            for state in (ProjectState.DRAFT, ProjectState.SUBMITTED, ProjectState.VERIFIED)
        ]
        for _who in ("visitor", "auditor"):
            book = _book(client)
            text = str([list(page.values) for page in book.worksheets])
            text += str(_csv(client)) + client.get("/projects/print").text
            assert shown in text
            assert not any(number in text for number in hidden)
            sign_in(client, make_auditor())

    def test_contacts_are_not_in_it_even_for_those_who_may_read_them(
        self, client: FlaskClient
    ) -> None:
        make_project()
        _organisation, agent = make_organisation()
        sign_in(client, agent)
        text = str([list(page.values) for page in _book(client).worksheets])
        text += str(_csv(client)) + client.get("/projects/print").text
        assert "0313-0001000" not in text
        assert "赵一鸣" not in text

    def test_the_head_says_what_was_asked_when_and_where(self, client: FlaskClient) -> None:
        make_project()
        page = _book(
            client, f"/projects/export.xlsx?county=130722&kind=project&q={quote('东水泉')}"
        )
        said = [page.worksheets[0].cell(row, 1).value for row in (1, 2, 3)]
        assert said[0] == "项目与需求"
        assert said[1] == "条件：字词“东水泉”；县：张北县；类型：项目"
        assert said[2].startswith(f"共 1 项，{clock.today():%Y-%m-%d}")
        assert "京津冀社会组织帮扶对接平台" in said[2]

    def test_it_says_when_the_words_were_found_without_an_index(self, client: FlaskClient) -> None:
        make_project()
        page = _book(client, f"/projects/export.xlsx?q={quote('东水泉')}").worksheets[0]
        assert "正在重建检索" in page.cell(4, 1).value

    def test_demo_data_say_so_and_real_data_do_not(self, client: FlaskClient) -> None:
        make_project()
        assert "演示数据" not in str(_csv(client))
        set_fact(DEMO, "yes")
        db.session.commit()
        assert any(row[0].startswith("演示数据") for row in _csv(client))
        assert _book(client).worksheets[0].cell(4, 1).value.startswith("演示数据")

    def test_a_formula_in_a_title_or_an_item_stays_text(self, client: FlaskClient) -> None:
        # The gate lets little of this through, and a file relies on nobody.
        project = make_project()
        project.name, project.place = "=1+1 的村小学", "-2+3 村"
        line = project.lines[-1]
        line.item, line.unit, line.note = "=cmd|' /C calc'!A0", "@件", "+1+1"
        db.session.commit()
        for page in _book(client).worksheets:
            assert {cell.data_type for row in page.iter_rows() for cell in row} <= {"s", "n", "d"}
        row = _csv(client)[-2]
        assert row[1] == "'=1+1 的村小学"
        assert row[6] == "'-2+3 村"


class TestFileNames:
    @pytest.mark.parametrize(
        ("address", "name", "plain"),
        [
            ("/projects/export.xlsx", "项目与需求", "projects"),
            ("/projects/export.csv", "项目与需求", "projects"),
            ("/counties/export.xlsx", "各县一览", "counties"),
            ("/counties/export.csv", "各县一览", "counties"),
        ],
    )
    def test_they_are_chinese_with_the_date(
        self, client: FlaskClient, address: str, name: str, plain: str
    ) -> None:
        make_project()
        said = str(client.get(address).headers["Content-Disposition"])
        dated = f"-{clock.today():%Y-%m-%d}.{address[-4:].strip('.')}"
        assert said.startswith(f'attachment; filename="{plain}{dated}"')
        assert said.endswith(f"filename*=UTF-8''{quote(name + dated, safe='')}")

    def test_the_media_type_says_what_it_is(self, client: FlaskClient) -> None:
        assert client.get("/projects/export.csv").content_type == "text/csv; charset=utf-8"
        assert "spreadsheetml.sheet" in str(client.get("/projects/export.xlsx").mimetype)
        assert client.get("/projects/export.xlsx").headers["X-Content-Type-Options"] == "nosniff"

    def test_another_form_is_not_found(self, client: FlaskClient) -> None:
        assert client.get("/projects/export.pdf").status_code == 404


class TestTooMany:
    def test_the_third_at_once_is_told_to_come_back(
        self, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(answers, "WAIT_SECONDS", 0.01)
        for _place in range(answers.AT_ONCE):
            assert answers._places.acquire(timeout=1)
        try:
            answer = client.get("/projects/export.csv")
        finally:
            for _place in range(answers.AT_ONCE):
                answers._places.release()
        assert answer.status_code == 503
        assert "Retry-After" in answer.headers
        assert client.get("/projects/export.csv").status_code == 200


class TestPrint:
    def test_it_shows_every_page_with_the_filter_in_words(self, client: FlaskClient) -> None:
        numbers = [make_project().number for _serial in range(12)]
        page = client.get("/projects/print?sector=education").text
        assert all(number in page for number in numbers)
        assert "条件：类别：教育" in page
        assert "共 12 项" in page

    def test_its_sums_are_those_of_the_rows(self, client: FlaskClient) -> None:
        for _serial in range(3):
            make_project()
        page = client.get("/projects/print").text
        assert format_wan(Decimal(162_400 * 3)) in page
        assert "558" in page

    def test_it_stands_on_an_empty_site(self, client: FlaskClient) -> None:
        assert "没有符合这些条件的项目" in client.get("/projects/print?q=无").text
        assert _table(_book(client).worksheets[0]) == []


class TestAsked:
    def test_what_is_unknown_is_passed_over(self) -> None:
        given = {"q": ["  煤 "], "sector": ["health", "x"], "county": ["999999"], "sort": ["x"]}
        asked = read_asked(lambda name: given.get(name, []))
        assert asked.query() == [("q", "煤"), ("sector", "health")]
        assert asked.filters() == {"sector": ["health"]}

    def test_nothing_asked_is_all_projects(self, db_session: object) -> None:
        asked = read_asked(lambda _name: [])
        assert asked.is_everything
        assert tell_asked(asked) == "全部项目"
