"""The catalogue and the project page in the browser."""

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from matchplatform.catalogue.indexing import open_index, rebuild
from matchplatform.kernel import clock
from matchplatform.organisations.queries import list_members
from matchplatform.projects.states import ProjectState
from tests.factories import (
    DETAILS,
    make_admin,
    make_auditor,
    make_claim,
    make_officer,
    make_organisation,
    make_project,
    sign_in,
)

EVIL = "<script>alert(1)</script>"
MEGABYTE = "长" * 110_000  # nine bytes each on the way


def rebuild_index(client: FlaskClient) -> None:
    """Bring the index up to date."""
    rebuild(open_index(client.application.extensions["settings"]))


def links_of(page: str) -> set[str]:
    """Return every address on this site that a page leads to."""
    return {unescape(link) for link in re.findall(r'<a\s[^>]*href="(/[^"]*)"', page)}


class TestLinks:
    @pytest.mark.parametrize(
        "path",
        [
            "/projects",
            "/projects?q=张北县 热水&state=open&sector=education&city=130700&sort=gap",
            "/projects?county=130722&county=130826&amount=20&people=200&want=goods&kind=project",
            "/projects?q=没有这个词&page=7",
        ],
    )
    def test_every_link_leads_somewhere(self, client: FlaskClient, path: str) -> None:
        for region in ("130722", "130826"):
            make_project(region=region)
        rebuild_index(client)
        page = client.get(path)
        assert page.status_code == 200
        links = links_of(page.text)
        assert len(links) > 5
        for link in sorted(links):
            answer = client.get(link)
            assert answer.status_code in (200, 303), link

    def test_every_link_of_a_project_leads_somewhere(self, client: FlaskClient) -> None:
        number = make_project().number
        make_project(region="130826")
        for link in sorted(links_of(client.get(f"/projects/{number}").text)):
            assert client.get(link).status_code in (200, 303), link

    def test_pages_keep_the_filters(self, client: FlaskClient) -> None:
        for _number in range(11):
            make_project()
        page = client.get("/projects?sector=education&sort=gap").text
        (second,) = {link for link in links_of(page) if "page=2" in link}
        assert "sector=education" in second
        assert "sort=gap" in second
        assert client.get(second).text.count('<li class="res">') == 1


class TestFound:
    def test_nothing_found_has_no_sum(self, client: FlaskClient) -> None:
        page = client.get("/projects?q=没有这个词").text
        assert "找到 0 项" in page
        assert "0.00" not in page

    def test_the_chip_takes_the_code_out_of_the_words(self, client: FlaskClient) -> None:
        make_project()
        rebuild_index(client)
        links = links_of(client.get("/projects?q=130722").text)
        assert "/projects?county=130722" in links

    def test_one_page_says_only_how_many(self, client: FlaskClient) -> None:
        make_project()
        page = client.get("/projects").text
        assert "共 1 项" in page
        assert "第 1–1 项" not in page


class TestOddRequests:
    @pytest.mark.parametrize(
        "query",
        [
            "state=nonsense&sector=&county=abc&sort=up&page=-3",
            "page=" + "9" * 5000,
            "page=0x10&q=",
            "q=%ED%A0%80%FF",
            "q=" + quote("[]*?:~^\"'\\ AND OR NOT"),
            "county=130722' OR '1'='1",
            "amount=5&amount=5&amount=more",
            "unknown=1&q=&q=x",
        ],
        ids=lambda query: query[:20],
    )
    def test_what_is_unknown_is_passed_over(self, client: FlaskClient, query: str) -> None:
        make_project()
        assert client.get(f"/projects?{query}").status_code == 200

    @pytest.mark.parametrize("name", ["q", "county", "sort", "page", "state", "x"])
    def test_a_nul_is_400_wherever_it_stands(self, client: FlaskClient, name: str) -> None:
        assert client.get(f"/projects?{name}=%00").status_code == 400
        assert client.get(f"/projects?{name}=fine&{name}=a%00b").status_code == 400

    @pytest.mark.parametrize("name", ["q", "county", "sort", "page"])
    def test_a_megabyte_is_cut_or_refused(self, client: FlaskClient, name: str) -> None:
        answer = client.get("/projects", query_string={name: MEGABYTE})
        assert answer.status_code < 500
        assert len(answer.text) < 300_000


class TestEscaping:
    def test_a_title_is_text_in_every_place(self, client: FlaskClient) -> None:
        details = replace(
            DETAILS,
            name=f"热水{EVIL}",
            place=EVIL[:30],
            scope_text=f"东水泉{EVIL}" * 8,
            outcome_target=EVIL,
            owner_unit=EVIL,
            contact_name=EVIL,
        )
        number = make_project(details=details).number
        make_project(details=replace(details, name=f"被褥{EVIL}"))
        for indexed in (False, True):
            if indexed:
                rebuild_index(client)
            for path in ("/", "/projects", "/projects?q=东水泉", "/projects?q=script 热水",
                         f"/projects/{number}", "/counties"):  # fmt: skip
                page = client.get(path)
                assert page.status_code == 200
                assert "<script>alert" not in page.text, path
        assert "<mark>" in client.get("/projects?q=东水泉").text

    def test_the_words_of_a_search_are_text(self, client: FlaskClient) -> None:
        make_project()
        page = client.get("/projects", query_string={"q": f'"><svg onload=1>{EVIL}'}).text
        assert "<script>alert" not in page
        assert "<svg onload" not in page

    def test_the_name_of_an_organisation_is_text_in_the_story(self, client: FlaskClient) -> None:
        project = make_project()
        number = project.number
        organisation, agent = make_organisation(name=f"测试公益基金会{EVIL}")
        make_claim(project, organisation, agent, signed=True)
        for path in (f"/projects/{number}", "/"):
            page = client.get(path).text
            assert "测试公益基金会" in page
            assert "<script>alert" not in page


class TestNotices:
    def test_parts_found_are_said_to_be_parts(self, client: FlaskClient) -> None:
        make_project()
        rebuild_index(client)
        assert "含有其中一部分" in client.get("/projects?q=东水泉 直升机").text
        assert "含有其中一部分" not in client.get("/projects?q=东水泉").text

    def test_a_place_is_offered_as_a_filter(self, client: FlaskClient) -> None:
        make_project(region="130722")
        make_project(region="130826")
        rebuild_index(client)
        page = client.get("/projects?q=张北县").text
        assert "只看张北县" in page
        (offered,) = {
            link for link in links_of(page) if "county=130722" in link and "/projects?" in link
        }
        assert "q=" not in offered
        assert client.get(offered).text.count('<li class="res">') == 1

    def test_nothing_found_says_so(self, client: FlaskClient) -> None:
        page = client.get("/projects?q=潜水艇")
        assert page.status_code == 200
        assert "没有符合这些条件的项目" in page.text


class TestScope:
    @pytest.mark.parametrize(
        "state", [ProjectState.DRAFT, ProjectState.SUBMITTED, ProjectState.VERIFIED]
    )
    def test_hidden_projects_show_nowhere_in_public(
        self, client: FlaskClient, state: ProjectState
    ) -> None:
        secret = "黑崖沟隐"
        shown = make_project().number
        hidden = make_project(
            state=state, region="130826", details=replace(DETAILS, name=f"{secret}越冬")
        ).number
        rebuild_index(client)
        _organisation, agent = make_organisation()
        for user in (None, agent, make_admin(), make_officer("11")):
            if user is not None:
                sign_in(client, user)
            for path in ("/", "/projects", f"/projects?q={hidden}", f"/projects?q={secret}",
                         f"/projects/{shown}", "/counties"):  # fmt: skip
                page = client.get(path).text
                assert f"{secret}越冬" not in page, path
                assert f"/projects/{hidden}" not in page, path
            assert client.get(f"/projects/{hidden}").status_code == 404
        assert 'value="130826"' not in client.get("/projects").text

    def test_those_whom_it_concerns_are_led_to_it(self, client: FlaskClient) -> None:
        hidden = make_project(state=ProjectState.VERIFIED).number
        for user in (make_officer(), make_officer("13"), make_auditor()):
            sign_in(client, user)
            answer = client.get(f"/projects/{hidden}", follow_redirects=True)
            assert answer.status_code == 200

    def test_the_contact_shows_to_verified_members_officers_and_auditors_only(
        self, client: FlaskClient
    ) -> None:
        number = make_project().number
        _one, member = make_organisation()
        _two, pending = make_organisation(verified=False)
        sees = [member, make_officer(), make_officer("13"), make_auditor()]
        sees_not = [pending, make_officer("130723"), make_officer("11"), make_admin()]
        assert "0313-0001000" not in client.get(f"/projects/{number}").text
        for user in sees + sees_not:
            sign_in(client, user)
            page = client.get(f"/projects/{number}").text
            assert ("0313-0001000" in page) == (user in sees), user.username
        assert list_members(_one) == [member]

    def test_who_only_reserved_stays_unnamed(self, client: FlaskClient) -> None:
        project = make_project()
        number = project.number
        organisation, agent = make_organisation(name="不愿具名的公益基金会")
        make_claim(project, organisation, agent, submitted=True)
        for path in (f"/projects/{number}", "/", "/projects"):
            assert "不愿具名" not in client.get(path).text


class TestProjectPage:
    def test_it_says_when_claiming_ends(self, client: FlaskClient) -> None:
        number = make_project(deadline=clock.today()).number
        assert "今天" in client.get(f"/projects/{number}").text
        with clock.set_clock(clock.now() + timedelta(days=1)):
            assert "认领已经截止" in client.get(f"/projects/{number}").text

    def test_an_own_claim_stands_in_place_of_the_panel(self, client: FlaskClient) -> None:
        project = make_project()
        number = project.number
        organisation, agent = make_organisation()
        claim = make_claim(project, organisation, agent)
        claim_id, until = claim.id, claim.hold_until
        sign_in(client, agent)
        page = client.get(f"/projects/{number}").text
        assert f"/claims/{claim_id}" in page
        assert "认领这些条目" not in page
        with clock.set_clock(until):
            sign_in(client, agent)
            assert "认领这些条目" in client.get(f"/projects/{number}").text
