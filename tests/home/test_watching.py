"""The lists of what to keep an eye on, the way through a list, and its file."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from flask.testing import FlaskClient

from matchplatform.claims.services import withdraw_claim
from matchplatform.home.desk import read_desk
from matchplatform.home.watching import count_watched, list_watched
from matchplatform.interests.services import drop_favourite, keep_favourite
from matchplatform.kernel import clock
from matchplatform.kernel.clock import set_clock
from matchplatform.kernel.db import db
from matchplatform.projects import services
from matchplatform.projects.models import Project
from matchplatform.projects.states import ProjectState
from tests.factories import (
    actor_for,
    make_claim,
    make_officer,
    make_organisation,
    make_project,
    sign_in,
)
from tests.projects.test_views import fresh

pytestmark = pytest.mark.usefixtures("db_session")
CITY, PROVINCE, KANGBAO = "1307", "13", "130723"


def published(days: int, until: int = 60, region: str = "130722") -> Project:
    """Make a project that was published some days ago and takes claims so many days more."""
    with set_clock(clock.now() - timedelta(days=days)):
        return make_project(region=region, deadline=clock.today() + timedelta(days=days + until))


def numbers(region: str, key: str) -> list[str]:
    """Return the numbers on a list of an officer of this region."""
    page = list_watched(actor_for(make_officer(region)), key, 1)
    return [task.url.rpartition("/")[2] for task in page.items]


class TestDeadline:
    def test_what_runs_out_soon_with_something_missing_stands_there(self) -> None:
        late, soon = published(1, until=14), published(1, until=3)
        published(1, until=15)
        full = published(1, until=2)
        quantities = {line.id: line.quantity for line in full.lines}
        organisation, agent = make_organisation(budget=Decimal(90_000_000))
        make_claim(full, organisation, agent, quantities)
        published(1, until=3, region="130826")
        assert numbers(CITY, "deadline") == [soon.number, late.number]
        assert numbers(KANGBAO, "deadline") == []

    def test_what_ran_out_stands_there_no_more(self) -> None:
        published(5, until=-1)
        assert numbers(CITY, "deadline") == []


class TestUnseen:
    def test_what_left_no_trace_of_anybody_stands_there(self) -> None:
        unseen = published(14)
        published(13)
        assert numbers(CITY, "unseen") == [unseen.number]

    def test_a_favourite_or_a_claim_even_if_withdrawn_is_a_trace(self) -> None:
        watched, claimed = published(20), published(20)
        organisation, agent = make_organisation()
        actor = actor_for(agent)
        keep_favourite(actor=actor, project=watched)
        claim = make_claim(claimed, organisation, agent)
        withdraw_claim(actor=actor, claim=claim, version=claim.version, reason="我们改了计划。")
        db.session.commit()
        assert numbers(CITY, "unseen") == []
        drop_favourite(actor=actor, project=watched)
        db.session.commit()
        assert numbers(CITY, "unseen") == [watched.number]


class TestUnclaimed:
    def test_what_nobody_holds_after_thirty_days_stands_there(self) -> None:
        older, old = published(40), published(30)
        published(29)
        held = published(50)
        make_claim(held, *make_organisation())
        suspended = published(50)
        services.suspend_project(
            actor=actor_for(make_officer(CITY)),
            project=suspended,
            version=suspended.version,
            reason="村里重新核实人数",
        )
        db.session.commit()
        assert numbers(PROVINCE, "unclaimed") == [older.number, old.number]
        counts = count_watched(actor_for(make_officer(CITY)))
        assert counts == {"deadline": 0, "unseen": 3, "unclaimed": 2}


class TestReturned:
    def test_it_waits_for_its_author_from_the_day_it_came_back(self) -> None:
        project = make_project(state=ProjectState.SUBMITTED)
        with set_clock(clock.now() + timedelta(days=2)):
            services.return_project(
                actor=actor_for(make_officer()),
                project=project,
                version=project.version,
                reason="单价高了一倍",
            )
            db.session.commit()
        with set_clock(clock.now() + timedelta(days=5)):
            author = db.session.get_one(type(make_officer()), project.author_ids[0])
            (task,) = read_desk(actor_for(author)).tasks
            assert (task.queue, task.days) == ("returned", 3)
            assert isinstance(task.since, datetime)
            assert read_desk(actor_for(make_officer())).tasks == []


class TestPages:
    def test_the_desk_counts_and_shows_them(self, client: FlaskClient) -> None:
        number = published(40).number
        sign_in(client, make_officer(CITY))
        page = client.get("/desk").text
        assert "30 天没人认领" in page
        page = client.get("/desk?queue=unclaimed").text
        assert f"/desk/projects/{number}?queue=unclaimed" in page
        assert client.get("/desk?queue=deadline").status_code == 200

    def test_beijing_has_none(self, client: FlaskClient) -> None:
        sign_in(client, make_officer("11"))
        assert "没人认领" not in client.get("/desk?queue=unclaimed").text

    def test_from_one_to_the_next_and_back(self, client: FlaskClient) -> None:
        first, second = published(50).number, published(40).number
        sign_in(client, make_officer(CITY))
        page = client.get(f"/desk/projects/{first}?queue=unclaimed").text
        assert 'data-key="n"' in page
        assert "data-key" not in client.get(f"/desk/projects/{first}").text
        step = f"/desk/step?queue=unclaimed&at=/desk/projects/{first}"
        answer = client.get(f"{step}&way=next")
        assert answer.location == f"/desk/projects/{second}?queue=unclaimed"
        assert client.get(f"{step}&way=back").location == "/desk?queue=unclaimed"
        last = f"/desk/step?queue=unclaimed&at=/desk/projects/{second}&way=next"
        assert client.get(last).location == "/desk?queue=unclaimed"
        # What was just done is on the list no more: the first one is next.
        gone = client.get("/desk/step?queue=unclaimed&at=//elsewhere.example&way=next")
        assert gone.location == f"/desk/projects/{first}?queue=unclaimed"

    def test_the_list_stays_through_forms_and_their_answers(self, client: FlaskClient) -> None:
        number = make_project(state=ProjectState.SUBMITTED).number
        version = fresh(number).version
        path = f"/desk/projects/{number}"
        sign_in(client, make_officer())
        page = client.get(f"{path}?queue=verify").text
        assert f'action="{path}/verify?queue=verify"' in page
        page = client.get(f"{path}/remarks?queue=verify").text
        assert 'data-key="n"' in page
        # What belongs to a thing is at its place in the list.
        step = client.get(f"/desk/step?queue=verify&at={path}/remarks&way=next")
        assert step.location == "/desk?queue=verify"
        answer = client.post(f"{path}/verify?queue=verify", data={"version": str(version)})
        assert answer.location == f"{path}?queue=verify"

    def test_claims_and_organisations_are_stepped_through_too(self, client: FlaskClient) -> None:
        claim = make_claim(make_project(), *make_organisation(), submitted=True)
        sign_in(client, make_officer())
        assert 'data-key="n"' in client.get(f"/claims/{claim.id}?queue=claims").text
        assert "data-key" not in client.get(f"/claims/{claim.id}?queue=nonsense").text
        waiting, _agent = make_organisation(verified=False)
        sign_in(client, make_officer("11"))
        page = client.get(f"/desk/organisations/{waiting.id}?queue=organisations")
        assert 'data-key="n"' in page.text

    @pytest.mark.parametrize("queue", ["", "verify", "unclaimed", "nonsense"])
    def test_a_list_as_a_file(self, client: FlaskClient, queue: str) -> None:
        number = published(40).number
        waiting = make_project(state=ProjectState.SUBMITTED).number
        sign_in(client, make_officer())
        answer = client.get(f"/desk/export.csv?queue={queue}")
        text = answer.get_data().decode("utf-8-sig")
        assert (number in text) == (queue == "unclaimed")
        assert (waiting in text) == (queue != "unclaimed")
        assert client.get(f"/desk/export.xlsx?queue={queue}").status_code == 200
