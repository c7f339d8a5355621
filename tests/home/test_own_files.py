"""One's own lists as files: what the page shows and nothing of anybody else's."""

import io

import openpyxl
import pytest
from flask.testing import FlaskClient

from matchplatform.imports.states import ImportKind
from matchplatform.interests.services import keep_favourite, save_search
from matchplatform.invitations.services import invite_organisation
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.organisations.models import Organisation
from matchplatform.projects.models import Project
from tests.factories import (
    actor_for,
    make_admin,
    make_claim,
    make_officer,
    make_organisation,
    make_project,
    sign_in,
)
from tests.home.test_list_files import read
from tests.imports.conftest import desk_of, newest
from tests.imports.sheets import FIRST, xlsx
from tests.offers.making import make_offer

EVIL = "=HYPERLINK(1)"


def invite(project: Project, organisation: Organisation, words: str) -> None:
    """Ask an organisation to claim."""
    officer = actor_for(make_officer(project.region_code))
    invite_organisation(
        actor=officer, project=project, organisation=organisation, words=words, reasons=[]
    )
    db.session.commit()


class TestClaims:
    def test_one_gets_what_one_holds_held_and_leads(self, client: FlaskClient) -> None:
        project, (organisation, agent) = make_project(), make_organisation()
        other, other_agent = make_organisation()
        mine = make_claim(project, organisation, agent, submitted=True)
        theirs = make_claim(project, other, other_agent)
        sign_in(client, agent)
        found = read(client, "/my/claims")
        assert mine.number in found
        assert "待受理" in found
        assert "独自认领" in found
        assert "20000.00" in found
        assert theirs.number not in found
        assert "/my/claims/export.xlsx" in client.get("/my").text

    def test_what_was_signed_comes_with_its_day_and_stands_apart(self, client: FlaskClient) -> None:
        project, (organisation, agent) = make_project(), make_organisation()
        claim = make_claim(project, organisation, agent, signed=True)
        sign_in(client, agent)
        found = read(client, "/my/claims")
        assert claim.signed_at is not None
        assert "已签约" in found
        assert f"{claim.signed_at.astimezone(clock.SHANGHAI):%Y-%m-%d}" in found
        page = client.get("/my").text
        assert "已签约的" in page
        assert page.index("现在没有正在办的认领") < page.index(project.name)

    def test_the_workbook_adds_the_lines(self, client: FlaskClient) -> None:
        project, (organisation, agent) = make_project(), make_organisation()
        claim = make_claim(project, organisation, agent)
        sign_in(client, agent)
        data = client.get("/my/claims/export.xlsx").data
        book = openpyxl.load_workbook(io.BytesIO(data))
        assert book.sheetnames == ["我的认领", "认领条目", "排队候补"]
        rows = list(book["认领条目"].iter_rows(values_only=True))
        line = next(row for row in rows if row[0] == claim.number)
        assert line[3] == project.lines[0].item
        assert line[5] == 20000
        assert book["我的认领"].freeze_panes == "B5"


class TestInterests:
    def test_favourites_come_as_the_catalogue_gives_them(self, client: FlaskClient) -> None:
        kept, other, (_organisation, agent) = make_project(), make_project(), make_organisation()
        keep_favourite(actor=actor_for(agent), project=kept)
        db.session.commit()
        sign_in(client, agent)
        found = read(client, "/my/favourites")
        assert kept.number in found
        assert other.number not in found
        assert "/my/favourites/export.csv" in client.get("/my/favourites").text

    def test_a_saved_search_is_told_in_words_and_never_as_a_formula(
        self, client: FlaskClient
    ) -> None:
        agent, other = make_organisation()[1], make_organisation()[1]
        for who, name in ((agent, EVIL), (other, "别人的查找")):
            save_search(
                actor=actor_for(who), name=name, words="被褥",
                filters={"sector": ["education"]}, notify=True,
            )  # fmt: skip
        db.session.commit()
        sign_in(client, agent)
        found = read(client, "/my/searches")
        assert f"'{EVIL}" in found
        assert "教育" in found
        assert "别人的查找" not in found


class TestSupply:
    def test_own_offers_come_with_their_standing(self, client: FlaskClient) -> None:
        organisation, agent = make_organisation()
        make_offer(organisation, agent, item="轮椅")
        make_offer(*make_organisation(), item="拐杖")
        sign_in(client, agent)
        found = read(client, "/my/offers")
        assert "轮椅" in found
        assert "有效" in found
        assert "拐杖" not in found

    def test_own_invitations_come_with_what_was_said(self, client: FlaskClient) -> None:
        project, (organisation, agent) = make_project(), make_organisation()
        invite(project, organisation, "想请贵会看看。")
        invite(project, make_organisation()[0], "另一家的话。")
        sign_in(client, agent)
        found = read(client, "/my/invitations")
        assert "想请贵会看看。" in found
        assert "张北县民政局" in found
        assert "另一家的话。" not in found


class TestFits:
    def test_matches_come_with_their_points(self, client: FlaskClient) -> None:
        project, (_organisation, agent) = make_project(), make_organisation()
        sign_in(client, agent)
        found = read(client, "/matches?weak=1")
        assert project.number in found
        assert "满分 100" in found

    def test_candidates_come_with_reasons_to_the_county_alone(self, client: FlaskClient) -> None:
        project, (organisation, _agent) = make_project(), make_organisation()
        sign_in(client, make_officer())
        url = f"/desk/projects/{project.number}/candidates"
        found = read(client, f"{url}?weak=1")
        assert organisation.uscc in found
        assert f"{url}/export.csv" in client.get(f"{url}?weak=1").text
        sign_in(client, make_officer("130723"))
        assert client.get(f"{url}/export.csv").status_code == 403


class TestOffices:
    def test_accounts_come_without_a_word_of_how_one_signs_in(self, client: FlaskClient) -> None:
        officer, admin = make_officer(), make_admin()
        sign_in(client, admin)
        found = read(client, "/admin/accounts")
        assert officer.username in found
        assert "张北县" in found
        assert officer.password_hash not in found
        assert "argon2" not in found

    def test_prices_come_as_they_were_looked_for_and_can_be_imported_again(
        self, client: FlaskClient
    ) -> None:
        sign_in(client, make_officer("13"))
        for item in ("冬季被褥", "轮椅"):
            answer = client.post(
                "/desk/prices/new",
                data={"item": item, "unit": "套", "low": "180", "high": "320",
                      "source": "政府采购网", "as_of": "2020-05-30"},
            )  # fmt: skip
            assert answer.status_code == 303, answer.text
        found = read(client, "/desk/prices?q=被褥")
        assert "冬季被褥" in found
        assert "180.00" in found
        assert "轮椅" not in found
        assert "/desk/prices/export.xlsx?q=" in client.get("/desk/prices?q=被褥").text
        desk = desk_of(client, make_officer("13"))
        whole = client.get("/desk/prices/export.csv").data
        brought = desk.preview_file(ImportKind.PRICES, whole, "价目.csv")
        assert brought.counts == {"unchanged": 2}

    def test_the_rows_of_an_import_come_problem_by_problem(self, client: FlaskClient) -> None:
        officer = make_officer()
        desk = desk_of(client, officer)
        bad = {**FIRST, "own_key": "K-2", "quantity": "很多", "starts_on": "去年"}
        desk.preview_file(ImportKind.PROJECTS, xlsx(ImportKind.PROJECTS, [FIRST, bad]))
        url = f"/desk/imports/{newest().id}/rows"
        answer = desk.client.get(f"{url}.csv?rows=bad")
        found = str(answer.data, "utf-8-sig")
        assert "很多" in found
        assert "去年" in found
        assert "第 1 条" in str(desk.client.get(f"{url}.csv?rows=new").data, "utf-8-sig")
        assert desk.client.get(f"{url}.xlsx").data.startswith(b"PK")


@pytest.mark.parametrize("url", ["/my/memberships", "/my/organisation/papers"])
def test_an_agent_gets_what_is_their_own(client: FlaskClient, url: str) -> None:
    organisation, agent = make_organisation()
    sign_in(client, agent)
    assert organisation.name in read(client, url)


@pytest.mark.parametrize(
    "url",
    ["/my/claims", "/my/favourites", "/my/searches", "/my/offers", "/my/invitations", "/matches",
     "/my/memberships", "/my/organisation/papers", "/admin/accounts"],
)  # fmt: skip
def test_who_sees_no_list_gets_no_file(client: FlaskClient, url: str) -> None:
    sign_in(client, make_officer())
    assert client.get(f"{url}/export.xlsx").status_code == 403
