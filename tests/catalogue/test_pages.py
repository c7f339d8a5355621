"""The public pages, on a few projects."""

from decimal import Decimal

from flask.testing import FlaskClient

from matchplatform.catalogue.indexing import open_index, rebuild
from matchplatform.projects.states import ProjectState
from tests.factories import make_claim, make_organisation, make_project, sign_in


class TestFrontPage:
    def test_it_stands_on_an_empty_site(self, client: FlaskClient) -> None:
        page = client.get("/")
        assert page.status_code == 200
        assert "0 个帮扶项目" in page.text.replace("\xa0", " ")

    def test_it_counts_what_is_public_and_what_is_open(self, client: FlaskClient) -> None:
        make_project()
        make_project(state=ProjectState.SUBMITTED)
        page = client.get("/").text
        assert "1 个帮扶项目" in page
        assert "张北县" in page


class TestCatalogue:
    def test_it_lists_public_projects_only(self, client: FlaskClient) -> None:
        shown = make_project().number
        hidden = make_project(state=ProjectState.VERIFIED).number
        page = client.get("/projects").text
        assert shown in page
        assert hidden not in page

    def test_it_answers_from_sql_with_a_notice_while_there_is_no_index(
        self, client: FlaskClient
    ) -> None:
        number = make_project().number
        page = client.get("/projects?q=东水泉").text
        assert number in page
        assert "正在重建检索" in page

    def test_it_finds_by_words_and_marks_them(self, client: FlaskClient) -> None:
        number = make_project().number
        rebuild(open_index(client.application.extensions["settings"]))
        page = client.get("/projects?q=东水泉 被褥").text
        assert number in page
        assert "<mark>" in page
        assert "正在重建检索" not in page


class TestProjectPage:
    def test_it_shows_the_lines_and_hides_the_contact(self, client: FlaskClient) -> None:
        number = make_project().number
        page = client.get(f"/projects/{number}").text
        assert "冬季被褥三件套" in page
        assert "0313-0001000" not in page

    def test_a_verified_organisation_sees_the_contact_and_the_panel(
        self, client: FlaskClient
    ) -> None:
        number = make_project().number
        _organisation, agent = make_organisation()
        sign_in(client, agent)
        page = client.get(f"/projects/{number}").text
        assert "0313-0001000" in page
        assert "认领这些条目" in page

    def test_an_unpublished_project_is_not_found(self, client: FlaskClient) -> None:
        number = make_project(state=ProjectState.SUBMITTED).number
        assert client.get(f"/projects/{number}").status_code == 404

    def test_a_claim_shows_as_intended(self, client: FlaskClient) -> None:
        project = make_project()
        organisation, agent = make_organisation()
        number = project.number
        make_claim(project, organisation, agent, {project.lines[0].id: Decimal(30000)})
        page = client.get(f"/projects/{number}").text
        assert "30,000" in page
        assert "70,000" in page
