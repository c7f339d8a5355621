"""The front page, the counties and an organisation's own page."""

import re
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from matchplatform.catalogue.facets import Wanted
from matchplatform.catalogue.indexing import open_index
from matchplatform.catalogue.queries import list_projects
from matchplatform.claims.services import withdraw_claim
from matchplatform.home.queries import list_counties, read_front
from matchplatform.kernel import clock
from matchplatform.kernel.clock import set_clock
from matchplatform.kernel.db import db
from matchplatform.organisations.services import return_organisation
from matchplatform.projects.details import LineDetails
from matchplatform.projects.services import close_project, suspend_project
from matchplatform.projects.states import CloseOutcome, LineKind, ProjectState
from matchplatform.regions.divisions import poverty_counties
from tests.databases import ON_POSTGRES
from tests.factories import (
    DETAILS,
    actor_for,
    make_admin,
    make_claim,
    make_officer,
    make_organisation,
    make_project,
    make_user,
    sign_in,
)
from tests.regions.poor import publish_people

pytestmark = pytest.mark.usefixtures("db_session")


def money(yuan: int) -> tuple[LineDetails, ...]:
    """Return one line that asks for so many yuan."""
    return (LineDetails(LineKind.MONEY, "热水改造款", Decimal(yuan), "元", Decimal(1), Decimal(1)),)


class TestFront:
    def test_an_empty_site_has_nothing_and_says_so(self, client: FlaskClient) -> None:
        said = read_front()
        assert (said.projects, said.claimable) == (0, 0)
        assert said.figures.gap == 0
        assert [*said.newest, *said.signed, *said.counties] == []
        assert client.get("/").status_code == 200
        assert client.get("/counties").status_code == 200
        assert client.get("/help").status_code == 200

    def test_it_adds_up_what_is_public(self) -> None:
        project = make_project(lines=money(300_000))
        make_project(region="130826", lines=money(50_000))
        make_project(state=ProjectState.VERIFIED, lines=money(10**6))
        organisation, agent = make_organisation()
        make_claim(project, organisation, agent, {project.lines[0].id: Decimal(100_000)})
        said = read_front()
        assert (said.projects, said.claimable, said.small) == (2, 2, 1)
        assert said.figures.needed == 350_000
        assert said.figures.intended == 100_000
        assert said.figures.gap == 250_000
        assert said.figures.signed == said.figures.delivered == said.figures.confirmed == 0
        assert (said.direct_people, said.households, said.person_times) == (372, 284, 4800)
        assert said.signed == []

    def test_what_is_full_or_over_is_not_claimable(self) -> None:
        project = make_project(lines=money(1000))
        organisation, agent = make_organisation()
        make_claim(project, organisation, agent, {project.lines[0].id: Decimal(1000)}, signed=True)
        said = read_front()
        assert (said.projects, said.claimable) == (1, 0)
        assert said.newest == []
        assert [said.figures.signed, said.figures.intended] == [1000, 0]
        assert [claim.project_id for claim in said.signed] == [project.id]

    def test_the_newest_signings_are_told_and_what_is_only_accepted_is_not(
        self, client: FlaskClient
    ) -> None:
        project = make_project(lines=money(300_000))
        part = {project.lines[0].id: Decimal(100_000)}
        make_claim(project, *make_organisation(name="受理的基金会"), part, accepted=True)
        make_claim(project, *make_organisation(name="先签的基金会"), part, signed=True)
        make_claim(project, *make_organisation(name="后签的协会"), part, signed=True)
        page = client.get("/").text
        assert page.index("后签的协会签约 10.00 万元") < page.index("先签的基金会")
        assert "受理的基金会" not in page
        said = read_front()
        assert [said.figures.intended, said.figures.signed] == [100_000, 200_000]
        assert said.figures.gap == 0

    def test_the_newest_come_first_and_five_at_most(self) -> None:
        made = [make_project().number for _number in range(6)]
        assert [row.number for row in read_front().newest] == made[:0:-1]

    def test_numbers_of_claims_given_up_go(self) -> None:
        project = make_project(lines=money(1000))
        organisation, agent = make_organisation()
        claim = make_claim(project, organisation, agent, {project.lines[0].id: Decimal(400)})
        assert read_front().figures.gap == 600
        withdraw_claim(actor=actor_for(agent), claim=claim, version=claim.version, reason="")
        db.session.commit()
        assert read_front().figures.gap == 1000


class TestWhatIsMissing:
    """Of a suspended, a closed and an ended project two are still missing, and none is open."""

    @pytest.fixture(autouse=True)
    def world(self, db_session: Flask) -> None:
        city = actor_for(make_officer("1307"))
        make_project(lines=money(10_000))
        suspended, closed = make_project(lines=money(200_000)), make_project(lines=money(3_000_000))
        with set_clock(clock.now() - timedelta(days=9)):
            make_project(
                region="130826",
                lines=money(4_000_000),
                deadline=clock.today() + timedelta(days=2),
            )
        why = "县里另有资金"
        suspend_project(actor=city, project=suspended, version=suspended.version, reason=why)
        close_project(
            actor=city,
            project=closed,
            version=closed.version,
            outcome=CloseOutcome.CANCELLED,
            reason=why,
        )
        db.session.commit()

    def test_the_front_page_says_what_is_open_today(self) -> None:
        said = read_front()
        assert (said.projects, said.claimable) == (4, 1)
        assert said.claimable_gap == 10_000
        assert said.figures.gap == 4_210_000
        assert said.figures.needed == 7_210_000

    def test_front_counties_map_and_list_agree(self, client: FlaskClient) -> None:
        index = open_index(client.application.extensions["settings"])
        everything = list_projects(index, "", Wanted(), "", 1)
        is_open = list_projects(index, "", Wanted(state=frozenset({"open"})), "", 1)
        counties = list_counties(with_all=True)
        assert everything.gap == sum(row.figures.gap for row in counties) == 4_210_000
        assert is_open.gap == read_front().claimable_gap
        page = client.get("/").text
        assert "尚缺 21.00 万元，可认领 1 项" in page
        assert "尚缺 400.00 万元，可认领 0 项" in page
        assert "其中今天可认领 1 万元" in page
        assert "今天就可以认领" not in page
        assert "421.00" in client.get("/projects").text

    def test_a_county_that_gave_everything_up_has_completed_nothing(
        self, client: FlaskClient
    ) -> None:
        given_up, met = make_project(region="130723"), make_project(region="130724")
        city = actor_for(make_officer("1307"))
        for project, outcome in (
            (given_up, CloseOutcome.CANCELLED),
            (met, CloseOutcome.MET),
        ):
            close_project(
                actor=city,
                project=project,
                version=project.version,
                outcome=outcome,
                reason="县里另有资金",
            )
        db.session.commit()
        page = client.get("/").text
        assert "康保县：项目都已关闭" in page
        assert "康保县：已配齐" not in page
        assert "沽源县：已配齐" in page

    def test_what_is_closed_wants_nothing(self, client: FlaskClient) -> None:
        page = client.get("/projects?state=closed").text
        assert "不再认领" in page
        assert "还要：" not in page


class TestCounties:
    def test_they_add_up_to_the_front_page(self) -> None:
        for region, yuan in (("130722", 1000), ("130722", 2500), ("130826", 9000)):
            make_project(region=region, lines=money(yuan))
        rows = list_counties(with_all=False)
        assert [(row.code, row.projects, int(row.figures.gap)) for row in rows] == [
            ("130826", 1, 9000),
            ("130722", 2, 3500),
        ]
        assert sum(row.figures.gap for row in rows) == read_front().figures.gap
        assert sum(row.projects for row in rows) == read_front().projects

    def test_all_poverty_counties_are_listed_projects_or_not(self) -> None:
        make_project(region="130722", lines=money(1000))
        rows = list_counties(with_all=True)
        assert {row.code for row in rows} == set(poverty_counties())
        assert rows[0].code == "130722"
        assert [row.code for row in rows[1:]] == sorted(row.code for row in rows[1:])

    def test_small_cells_are_kept_back(self, client: FlaskClient) -> None:
        publish_people({"130722": 4, "130723": 55, "130826": 9876})
        poor = {row.code: row.poor for row in list_counties(with_all=True)}
        assert (poor["130722"], poor["130723"], poor["130826"]) == (None, None, 9876)
        page = client.get("/counties").text
        assert "9,876" in page
        assert "少于 5 人的和会让人推算出来的不公布" in page
        # The sum is of what is shown, so that nothing can be taken from it.
        assert f"公布的各县合计 {9876 + 700 * (10 + 6):,} 人。" in page
        assert "32,600" not in page

    def test_every_number_says_what_it_is_on_a_narrow_screen(self, client: FlaskClient) -> None:
        make_project(region="130722", lines=money(1000))
        page = client.get("/counties").text
        assert f"河北 {len(poverty_counties())} 个贫困县" in page
        assert page.count("<td data-label=") == page.count("<td") == 9


class TestMyPage:
    def test_a_verified_organisation_sees_what_it_holds_and_what_fits(
        self, client: FlaskClient
    ) -> None:
        project = make_project()
        other = make_project(details=replace(DETAILS, name="西辛营村寄宿小学热水与被褥"))
        organisation, agent = make_organisation()
        claim = make_claim(project, organisation, agent)
        claim_id, number = claim.id, other.number
        sign_in(client, agent)
        page = client.get("/my").text
        assert f"/claims/{claim_id}" in page
        assert f"/projects/{number}" in page

    def test_it_sees_nothing_of_others(self, client: FlaskClient) -> None:
        project = make_project()
        other, other_agent = make_organisation(name="别家公益基金会名下")
        theirs = make_claim(project, other, other_agent).id
        _organisation, agent = make_organisation()
        sign_in(client, agent)
        page = client.get("/my").text
        assert "别家公益基金会" not in page
        assert f"/claims/{theirs}" not in page

    def test_one_that_waits_or_was_returned_is_told_so(self, client: FlaskClient) -> None:
        organisation, agent = make_organisation(verified=False)
        sign_in(client, agent)
        waiting = client.get("/my")
        assert waiting.status_code == 200
        assert "核验" in waiting.text
        return_organisation(
            actor=actor_for(make_officer("11")),
            organisation=organisation,
            version=organisation.version,
            reason="证书编号不清楚",
        )
        db.session.commit()
        returned = client.get("/my").text
        assert "退回" in returned
        assert "/my/organisation" in returned

    def test_an_agent_of_none_is_told_so(self, client: FlaskClient) -> None:
        sign_in(client, make_user(make_organisation()[1].role))
        assert client.get("/my").status_code == 200

    def test_a_reservation_that_lapsed_is_not_shown_as_held(self, client: FlaskClient) -> None:
        project = make_project()
        organisation, agent = make_organisation()
        until = make_claim(project, organisation, agent).hold_until
        with set_clock(until):
            sign_in(client, agent)
            page = client.get("/my")
        assert page.status_code == 200
        assert not re.search(r"还有\s*-\d", page.text)

    def test_others_have_none(self, client: FlaskClient) -> None:
        for user in (make_officer(), make_admin()):
            sign_in(client, user)
            assert client.get("/my").status_code == 403


class TestHelp:
    def test_it_tells_the_ways_and_their_days(self, client: FlaskClient) -> None:
        page = client.get("/help").get_data(as_text=True)
        for words in ("排队候补", "预留 5 天", "满 60 天", "联合认领", "供给意向", "忘了密码"):
            assert words in page


class TestHealth:
    def test_it_answers_plainly(self, client: FlaskClient) -> None:
        answer = client.get("/healthz")
        assert (answer.status_code, answer.text) == (200, "ok\n")
        assert answer.mimetype == "text/plain"

    @pytest.mark.parametrize("harm", ["a table is lost", "the file is no database"])
    def test_a_database_that_cannot_be_read_is_503_and_says_when_to_ask_again(
        self, client: FlaskClient, harm: str
    ) -> None:
        if harm == "a table is lost":
            db.session.execute(text("ALTER TABLE site_facts RENAME TO lost"))
            db.session.commit()
        elif ON_POSTGRES:
            pytest.skip("only SQLite is a file")
        else:
            path = Path(str(db.engine.url.database))
            db.engine.dispose()
            path.write_bytes(b"no database at all" * 1000)
        answer = client.get("/healthz")
        assert (answer.status_code, answer.text) == (503, "database\n")
        assert int(answer.headers["Retry-After"]) > 0
        assert answer.mimetype == "text/plain"
        if harm == "a table is lost":
            db.session.rollback()
            db.session.execute(text("ALTER TABLE lost RENAME TO site_facts"))
            db.session.commit()


class TestSoon:
    def test_soon_counts_up_to_thirty_days(self) -> None:
        today = clock.today()
        for days in (0, 30, 31):
            make_project(deadline=today + timedelta(days=days))
        assert read_front().soon == 2
