"""The page of what fits, and the reads behind it, on a database."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from flask import Flask
from flask.testing import FlaskClient

from matchplatform.access.actor import Role
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Forbidden
from matchplatform.matching.queries import Fitting, list_best, list_fitting, list_similar
from matchplatform.matching.snapshot import current_recommender
from matchplatform.organisations.models import Organisation
from matchplatform.projects.models import Project
from matchplatform.projects.services import suspend_project
from matchplatform.projects.states import ProjectState, Sector
from tests import factories as make

WATER = replace(
    make.DETAILS,
    name="盐淖沿三村换深井降氟改水",
    sector=Sector.HOUSING_WATER,
    scope_text="三个村的浅井氟超标，打一眼深井，铺管网，装消毒器，每月化验水样，教会管水员。",
)


def fitting(organisation: Organisation, agent_id: int, *, weak: bool = False) -> Fitting:
    from matchplatform.accounts.models import User

    agent = db.session.get_one(User, agent_id)
    return list_fitting(make.actor_for(agent), organisation, 1, weak=weak)


def numbers(found: Fitting) -> list[str]:
    return [row.project.number for row in found.page.items]


@pytest.mark.usefixtures("db_session")
class TestListFitting:
    def test_it_lists_what_fits_and_counts_what_does_not(self) -> None:
        school, water = make.make_project(), make.make_project(details=WATER)
        organisation, agent = make.make_organisation()
        found = fitting(organisation, agent.id)
        assert numbers(found) == [school.number]
        assert found.left_out.weak == 1
        assert numbers(fitting(organisation, agent.id, weak=True)) == [school.number, water.number]

    def test_nothing_of_an_unpublished_project_goes_in(self) -> None:
        for state in (ProjectState.DRAFT, ProjectState.SUBMITTED, ProjectState.VERIFIED):
            make.make_project(state=state)
        assert current_recommender().project_ids == frozenset()

    def test_what_the_organisation_holds_is_left_out_and_counted(self) -> None:
        project = make.make_project()
        organisation, agent = make.make_organisation()
        make.make_claim(project, organisation, agent)
        found = fitting(organisation, agent.id)
        assert numbers(found) == []
        assert found.left_out.claimed == 1
        assert found.profile.open_promises == Decimal(20000)

    def test_a_reservation_that_ran_out_holds_nothing(self) -> None:
        project = make.make_project()
        organisation, agent = make.make_organisation()
        make.make_claim(project, organisation, agent)
        with clock.set_clock(clock.now() + timedelta(days=20)):
            found = fitting(organisation, agent.id)
        assert numbers(found) == [project.number]
        assert found.profile.open_promises == 0

    def test_a_past_deadline_is_left_out_and_counted(self) -> None:
        make.make_project(deadline=clock.today() + timedelta(days=5))
        organisation, agent = make.make_organisation()
        assert fitting(organisation, agent.id).listed == 1
        with clock.set_clock(clock.now() + timedelta(days=6)):
            found = fitting(organisation, agent.id)
        assert (found.listed, found.left_out.past_deadline) == (0, 1)

    def test_what_misses_nothing_is_left_out_and_counted(self) -> None:
        project = make.make_project()
        organisation, agent = make.make_organisation()
        other, its_agent = make.make_organisation()
        everything = {line.id: line.quantity for line in project.lines}
        make.make_claim(project, other, its_agent, everything)
        found = fitting(organisation, agent.id)
        assert (found.listed, found.left_out.no_gap) == (0, 1)

    def test_a_suspended_project_is_left_out_and_counted(self) -> None:
        project = make.make_project()
        city = make.actor_for(make.make_officer("1307"))
        suspend_project(
            actor=city, project=project, version=project.version, reason="核对清单后再开放认领"
        )
        db.session.commit()
        organisation, agent = make.make_organisation()
        found = fitting(organisation, agent.id)
        assert (found.listed, found.left_out.paused) == (0, 1)

    def test_a_county_where_it_claimed_counts_as_known(self) -> None:
        first, second = make.make_project(), make.make_project()
        organisation, agent = make.make_organisation()
        make.make_claim(first, organisation, agent, submitted=True)
        found = fitting(organisation, agent.id)
        assert found.profile.worked_regions == {make.ZHANGBEI}
        assert found.page.items[0].project.number == second.number
        assert found.page.items[0].match.parts[2].points > 0

    def test_somebody_elses_matches_are_refused(self) -> None:
        organisation, _agent = make.make_organisation()
        _other, stranger = make.make_organisation()
        with pytest.raises(Forbidden):
            fitting(organisation, stranger.id)


@pytest.mark.usefixtures("db_session")
class TestSnapshot:
    def test_nothing_new_means_the_same_model(self) -> None:
        make.make_project()
        assert current_recommender() is current_recommender()

    def test_a_new_project_is_in_at_once(self) -> None:
        first = make.make_project()
        assert current_recommender().project_ids == {first.id}
        second = make.make_project(details=WATER)
        assert current_recommender().project_ids == {first.id, second.id}

    def test_a_claim_changes_the_gap_without_a_fit(self) -> None:
        project = make.make_project()
        organisation, agent = make.make_organisation(budget=Decimal(150_000))
        before = current_recommender()
        assert list_best(make.actor_for(agent), organisation, 1)[0].match.cautions
        other, its_agent = make.make_organisation()
        make.make_claim(project, other, its_agent, {project.lines[0].id: Decimal(90_000)})
        after = current_recommender()
        assert after is not before
        assert after.shares_fit_with(before)
        assert list_best(make.actor_for(agent), organisation, 1)[0].match.cautions == ()

    def test_new_text_means_a_new_fit(self) -> None:
        make.make_project()
        before = current_recommender()
        make.make_project(details=WATER)
        assert not current_recommender().shares_fit_with(before)


@pytest.mark.usefixtures("db_session")
class TestListSimilar:
    def test_it_says_what_they_have_in_common(self) -> None:
        project = make.make_project()
        twin = make.make_project(region="130723")
        found = list_similar(project)
        assert [other.number for other in found] == [twin.number]
        assert "同类别" in found[0].why
        assert "同县" not in found[0].why

    def test_a_project_that_was_closed_to_claims_still_has_some(self) -> None:
        project, twin = make.make_project(), make.make_project()
        project = db.session.get_one(Project, project.id)
        city = make.actor_for(make.make_officer("1307"))
        suspend_project(
            actor=city, project=project, version=project.version, reason="核对清单后再开放认领"
        )
        db.session.commit()
        assert [other.number for other in list_similar(project)] == [twin.number]


class TestMatchesPage:
    def test_it_shows_score_reasons_and_the_way_to_claim(self, client: FlaskClient) -> None:
        number = make.make_project().number
        _organisation, agent = make.make_organisation()
        make.sign_in(client, agent)
        page = client.get("/matches").get_data(as_text=True)
        assert "有 1 项和贵会对得上" in page
        assert f"/projects/{number}#claim" in page
        assert "两边都写到" in page
        assert make.DETAILS.contact_name not in page
        assert make.DETAILS.contact_phone not in page

    def test_an_unverified_organisation_sees_the_list_without_claiming(
        self, client: FlaskClient
    ) -> None:
        number = make.make_project().number
        _organisation, agent = make.make_organisation(verified=False)
        make.sign_in(client, agent)
        page = client.get("/matches").get_data(as_text=True)
        assert "贵会还在核验中" in page
        assert f"/projects/{number}" in page
        assert "#claim" not in page

    def test_an_agent_of_no_organisation_is_told_what_to_do(self, client: FlaskClient) -> None:
        make.sign_in(client, make.make_user(Role.AGENT))
        answer = client.get("/matches")
        assert answer.status_code == 200
        assert "还没有关联社会组织" in answer.get_data(as_text=True)

    def test_an_empty_site_says_so(self, client: FlaskClient) -> None:
        _organisation, agent = make.make_organisation()
        make.sign_in(client, agent)
        page = client.get("/matches?page=9&weak=1").get_data(as_text=True)
        assert "眼下没有和贵会对得上的项目" in page

    def test_an_officer_is_refused(self, client: FlaskClient) -> None:
        make.sign_in(client, make.make_officer())
        assert client.get("/matches").status_code == 403

    def test_a_visitor_is_sent_to_sign_in(self, db_session: Flask) -> None:
        assert db_session.test_client().get("/matches").status_code in (302, 303, 401)
