"""The public pages, on a few projects."""

from decimal import Decimal

from flask.testing import FlaskClient

from matchplatform.catalogue.indexing import open_index, rebuild
from matchplatform.kernel.db import db
from matchplatform.projects.details import LineDetails
from matchplatform.projects.services import close_project, suspend_project
from matchplatform.projects.states import CloseOutcome, LineKind, ProjectState
from tests.factories import (
    actor_for,
    make_claim,
    make_officer,
    make_organisation,
    make_project,
    sign_in,
)


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

    def test_the_deadline_counts_only_while_it_means_something(self, client: FlaskClient) -> None:
        project = make_project()
        number = project.number
        city = actor_for(make_officer("1307"))
        assert "天后" in client.get(f"/projects/{number}").text
        suspend_project(actor=city, project=project, version=project.version, reason="核对条目数量")
        db.session.commit()
        page = client.get(f"/projects/{number}").text
        assert "天后" not in page
        assert '<dd class="num">已暂停</dd>' in page
        close_project(
            actor=city,
            project=project,
            version=project.version,
            outcome=CloseOutcome.CANCELLED,
            reason="县里另有资金安排",
        )
        db.session.commit()
        page = client.get(f"/projects/{number}").text
        assert "天后" not in page
        assert '<dd class="num">已关闭</dd>' in page

    def test_a_like_project_that_lacks_jobs_only_says_so(self, client: FlaskClient) -> None:
        number = make_project().number
        jobs = LineDetails(LineKind.JOBS, "宿管岗位", Decimal(2), "个", None, Decimal(1))
        make_project(lines=(jobs,))
        page = client.get(f"/projects/{number}").text
        like = page[page.index("相近的项目") :]
        assert "<small>缺</small> 2 <small>个</small>" in like
        assert "0.00" not in like[like.index('<p class="note">') :]
