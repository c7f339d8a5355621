"""The page of a county."""

from decimal import Decimal

import pytest
from flask.testing import FlaskClient

from matchplatform.catalogue.indexing import open_index, rebuild
from matchplatform.kernel.db import db
from matchplatform.projects.states import ProjectState
from tests.factories import make_claim, make_organisation, make_project
from tests.regions.poor import publish_people, type_figures


class TestCountyPage:
    def test_it_tells_the_facts(self, client: FlaskClient) -> None:
        publish_people({"130722": 412})
        page = client.get("/counties/130722").text
        assert "张家口市张北县" in page
        assert "国家级贫困县" in page
        assert "2020 年普查人口" in page
        assert "412" in page

    def test_it_keeps_back_cells_under_five(self, client: FlaskClient) -> None:
        publish_people({"130722": 4})
        page = client.get("/counties/130722").text
        assert "少于 5 人" in page
        assert ">4<" not in page

    def test_it_shows_the_quarters_and_the_causes_once_they_are_public(
        self, client: FlaskClient
    ) -> None:
        type_figures(people=431, quarter="2020Q1")
        assert "还有多少人没有脱贫" not in client.get("/counties/130722").text
        publish_people({"130722": 412})
        publish_people({"130722": 433}, "2019Q3")
        page = client.get("/counties/130722").text
        assert "2019 年第三季度" in page
        assert "433" in page
        assert "431" not in page
        assert "折线图" in page
        assert "待结对（户）" in page

    def test_it_lists_what_is_open_there_and_nothing_hidden(self, client: FlaskClient) -> None:
        here = make_project().number
        there = make_project(region="130726").number
        hidden = make_project(state=ProjectState.VERIFIED).number
        page = client.get("/counties/130722").text
        assert here in page
        assert there not in page
        assert hidden not in page

    def test_it_searches_within_the_county(self, client: FlaskClient) -> None:
        here = make_project().number
        there = make_project(region="130726").number
        rebuild(open_index(client.application.extensions["settings"]))
        page = client.get("/counties/130722?q=被褥").text
        assert here in page
        assert there not in page
        assert "<mark>" in page
        assert "没有符合" in client.get("/counties/130722?q=拖拉机").text

    def test_it_names_who_promised_only_once_the_county_accepted(self, client: FlaskClient) -> None:
        project = make_project()
        silent, agent = make_organisation(name="静默基金会")
        make_claim(project, silent, agent, submitted=True)
        open_, other = make_organisation(name="公开基金会")
        make_claim(project, open_, other, accepted=True)
        page = client.get("/counties/130722").text
        assert "公开基金会" in page
        assert "静默基金会" not in page
        assert "不是签约" in page

    def test_it_counts_what_was_signed_apart(self, client: FlaskClient) -> None:
        project = make_project()
        make_claim(project, *make_organisation(name="签过的基金会"), signed=True)
        make_claim(project, *make_organisation(name="受理的基金会"), accepted=True)
        make_claim(project, *make_organisation(name="又受理的协会"), accepted=True)
        page = client.get("/counties/130722").text
        assert "已签约 1 笔" in page
        assert "已受理、还没有签约 2 笔" in page
        assert all(name in page for name in ("签过的基金会", "受理的基金会", "又受理的协会"))

    def test_what_is_over_is_said_in_words(self, client: FlaskClient) -> None:
        project = make_project()
        line = project.lines[0]
        line.extra = Decimal(20000)
        db.session.commit()
        assert "超额" not in client.get("/counties/130722").text
        organisation, agent = make_organisation()
        make_claim(project, organisation, agent, {line.id: line.quantity + line.extra})
        assert "2.00 万元超出了条目的需要" in client.get("/counties/130722").text

    def test_a_county_without_projects_says_so(self, client: FlaskClient) -> None:
        page = client.get("/counties/130722").text
        assert "本批没有项目" in page
        assert "还没有受理或签约的认领" in page

    @pytest.mark.parametrize(
        "code", ["130102", "110101", "130700", "999999", "abc", "1307229", "１"]
    )
    def test_others_are_not_found(self, client: FlaskClient, code: str) -> None:
        assert client.get(f"/counties/{code}").status_code == 404

    def test_the_table_and_the_map_lead_there(self, client: FlaskClient) -> None:
        make_project()
        for address in ("/", "/counties"):
            assert "/counties/130722" in client.get(address).text
