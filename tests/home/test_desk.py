"""The desk: what waits for this officer, and nothing else."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from flask.testing import FlaskClient

from matchplatform.accounts.models import User
from matchplatform.claims.models import Claim
from matchplatform.claims.services import submit_claim
from matchplatform.home.desk import read_desk
from matchplatform.home.tasks import Desk
from matchplatform.kernel import clock
from matchplatform.kernel.clock import set_clock
from matchplatform.kernel.db import db
from matchplatform.organisations.services import return_organisation
from matchplatform.projects.models import Project
from matchplatform.projects.states import ProjectState
from tests.factories import (
    DETAILS,
    QUILTS,
    actor_for,
    make_admin,
    make_auditor,
    make_claim,
    make_officer,
    make_organisation,
    make_project,
    sign_in,
)

pytestmark = pytest.mark.usefixtures("db_session")

KANGBAO, CITY, OTHER_CITY, PROVINCE = "130723", "1307", "1308", "13"


def desk_of(user: User) -> Desk:
    """Return what waits for somebody."""
    return read_desk(actor_for(user))


def waiting_claim(days: int) -> Claim:
    """Make a claim in Zhangbei that was submitted some days ago."""
    project = make_project()
    organisation, agent = make_organisation()
    claim = make_claim(project, organisation, agent)
    with set_clock(clock.now() - timedelta(days=days)):
        submit_claim(actor=actor_for(agent), claim=claim, version=claim.version, message="")
        db.session.commit()
    return claim


def author_of(project: Project) -> User:
    """Return who wrote a project."""
    return db.session.get_one(User, project.author_ids[0])


class TestClaims:
    def test_the_county_has_it_from_the_first_day(self) -> None:
        claim = waiting_claim(0)
        (task,) = desk_of(make_officer()).tasks
        assert (task.queue, task.url, task.days) == ("claims", f"/claims/{claim.id}", 0)
        assert not task.late

    @pytest.mark.parametrize("region", [KANGBAO, OTHER_CITY, PROVINCE, "11", "130826"])
    def test_others_do_not_have_it(self, region: str) -> None:
        waiting_claim(30)
        assert desk_of(make_officer(region)).of("claims") == []

    @pytest.mark.parametrize(
        ("days", "late", "today", "seen_by_city"),
        [(9, False, False, 0), (10, False, True, 0), (11, True, False, 1), (40, True, False, 1)],
    )
    def test_the_city_has_what_the_county_leaves_lying(
        self, days: int, late: bool, today: bool, seen_by_city: int
    ) -> None:
        waiting_claim(days)
        (task,) = desk_of(make_officer()).tasks
        assert (task.late, task.today) == (late, today)
        desk = desk_of(make_officer(CITY))
        assert len(desk.of("claims")) == desk.late == seen_by_city

    def test_days_are_days_in_shanghai(self) -> None:
        midnight = clock.end_of_day(clock.today())
        project = make_project()
        organisation, agent = make_organisation()
        claim = make_claim(project, organisation, agent)
        with set_clock(midnight - timedelta(minutes=1)):
            submit_claim(actor=actor_for(agent), claim=claim, version=claim.version, message="")
            db.session.commit()
        with set_clock(midnight):
            assert desk_of(make_officer()).tasks[0].days == 1

    def test_what_is_only_reserved_waits_for_nobody(self) -> None:
        project = make_project()
        make_claim(project, *make_organisation())
        assert desk_of(make_officer()).tasks == []


class TestWords:
    def test_a_claim_of_many_lines_says_how_many(self) -> None:
        lines = tuple(replace(QUILTS, item=f"{name}被褥") for name in "甲乙丙")
        project = make_project(lines=lines)
        quantities = {line.id: Decimal(10) for line in project.lines}
        make_claim(project, *make_organisation(), quantities, submitted=True)
        (task,) = desk_of(make_officer()).tasks
        assert task.meta.endswith("甲被褥 10 套、乙被褥 10 套等 3 项")

    @pytest.mark.parametrize(
        ("people", "households", "times", "words"),
        [
            (1015, 0, 0, "直接受益 1,015 人"),
            (0, 312, 0, "涉及 312 户"),
            (0, 0, 2400, "服务 2,400 人次"),
            (86, 60, 0, "直接受益 86 人、涉及 60 户"),
        ],
    )
    def test_a_project_says_whom_it_counts(
        self, people: int, households: int, times: int, words: str
    ) -> None:
        details = replace(DETAILS, direct_people=people, households=households, person_times=times)
        make_project(state=ProjectState.SUBMITTED, details=details)
        (task,) = desk_of(make_officer()).of("verify")
        assert task.meta.endswith(f"· {words}")


class TestProjects:
    def test_the_second_officer_verifies_and_the_author_does_not(self) -> None:
        project = make_project(state=ProjectState.SUBMITTED)
        assert desk_of(author_of(project)).of("verify") == []
        (task,) = desk_of(make_officer()).of("verify")
        assert task.url == f"/desk/projects/{project.number}"

    @pytest.mark.parametrize("region", [KANGBAO, CITY, OTHER_CITY, PROVINCE, "11"])
    def test_others_verify_nothing_here(self, region: str) -> None:
        make_project(state=ProjectState.SUBMITTED)
        assert desk_of(make_officer(region)).of("verify") == []

    @pytest.mark.parametrize(
        ("region", "count"), [(CITY, 1), (PROVINCE, 1), (OTHER_CITY, 0), ("130722", 0), ("11", 0)]
    )
    def test_what_is_verified_waits_for_those_who_publish(self, region: str, count: int) -> None:
        make_project(state=ProjectState.VERIFIED)
        assert len(desk_of(make_officer(region)).of("publish")) == count

    @pytest.mark.parametrize("state", [ProjectState.DRAFT, ProjectState.PUBLISHED])
    def test_the_rest_waits_for_nobody(self, state: ProjectState) -> None:
        make_project(state=state)
        for region in ("130722", CITY, PROVINCE):
            assert desk_of(make_officer(region)).tasks == []


class TestOrganisations:
    @pytest.mark.parametrize(
        ("registered", "region", "count"),
        [
            ("110000", "11", 1),
            ("110101", "11", 1),
            ("110101", "110101", 1),
            ("110000", "13", 0),
            ("130722", "130722", 1),
            ("130722", "1307", 1),
            ("130722", "13", 1),
            ("130700", "130722", 0),
            ("100000", "13", 1),
            ("100000", "11", 0),
        ],
    )
    def test_it_waits_where_it_is_registered(
        self, registered: str, region: str, count: int
    ) -> None:
        organisation, _agent = make_organisation(verified=False, region=registered)
        found = desk_of(make_officer(region)).of("organisations")
        assert [task.url for task in found] == [f"/desk/organisations/{organisation.id}"] * count

    def test_what_was_verified_or_returned_waits_no_more(self) -> None:
        make_organisation()
        organisation, _agent = make_organisation(verified=False)
        officer = make_officer("11")
        return_organisation(
            actor=actor_for(officer),
            organisation=organisation,
            version=organisation.version,
            reason="证书编号不清楚",
        )
        db.session.commit()
        assert desk_of(officer).tasks == []


class TestPage:
    def test_every_task_leads_to_a_page_with_its_button(self, client: FlaskClient) -> None:
        waiting_claim(12)
        make_project(state=ProjectState.SUBMITTED)
        make_organisation(verified=False, region="130722")
        officer = make_officer()
        tasks = desk_of(officer).tasks
        urls = [task.url for task in tasks]
        assert {task.queue for task in tasks} == {"claims", "verify", "organisations"}
        assert tasks == sorted(tasks, key=lambda task: task.since)
        sign_in(client, officer)
        page = client.get("/desk").text
        for url in urls:
            assert f'href="{url}?queue=all"' in page
            answer = client.get(url)
            assert answer.status_code == 200
            assert '<form method="post"' in answer.text

    @pytest.mark.parametrize(
        ("days", "words"), [(3, "还有 7 天"), (10, "今天到期"), (13, "超期 3 天")]
    )
    def test_it_says_in_words_how_much_time_is_left(
        self, client: FlaskClient, days: int, words: str
    ) -> None:
        waiting_claim(days)
        sign_in(client, make_officer())
        assert words in client.get("/desk").text.replace("\N{NO-BREAK SPACE}", " ")

    @pytest.mark.parametrize("queue", ["claims", "verify", "returned", "organisations", "nonsense"])
    def test_a_queue_shows_only_its_own(self, client: FlaskClient, queue: str) -> None:
        claim_url = f"/claims/{waiting_claim(1).id}"
        project_url = f"/desk/projects/{make_project(state=ProjectState.SUBMITTED).number}"
        sign_in(client, make_officer())
        page = client.get(f"/desk?queue={queue}").text
        assert (f'href="{claim_url}?' in page) == (queue in ("claims", "nonsense"))
        assert (f'href="{project_url}?' in page) == (queue in ("verify", "nonsense"))

    def test_an_empty_desk_says_so(self, client: FlaskClient) -> None:
        sign_in(client, make_officer())
        assert "都办完了" in client.get("/desk").text

    @pytest.mark.parametrize(("region", "here"), [("11", False), ("120101", False), ("13", True)])
    def test_projects_are_for_hebei(self, client: FlaskClient, region: str, here: bool) -> None:
        sign_in(client, make_officer(region))
        for queue in ("", "verify"):
            page = client.get(f"/desk?queue={queue}").text
            assert ("本地区的项目" in page) == here
            assert ("需求发布" in page) == here
            assert "写一个需求" not in page
            assert "组织核验" in page

    def test_only_officers_have_one(self, client: FlaskClient) -> None:
        _organisation, agent = make_organisation()
        for user in (agent, make_admin(), make_auditor()):
            sign_in(client, user)
            assert client.get("/desk").status_code == 403
