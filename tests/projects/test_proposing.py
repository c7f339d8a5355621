"""A county proposes to change what is public; whoever publishes puts it in force or refuses."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from matchplatform.audit.queries import list_history
from matchplatform.home.desk import read_desk
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Conflict, Forbidden, IllegalMove, InvalidInput, StaleVersion
from matchplatform.projects.changing import change_project
from matchplatform.projects.copying import details_of
from matchplatform.projects.models import Project
from matchplatform.projects.posting_models import ChangeProposal, ProjectVersion
from matchplatform.projects.proposals import find_open_proposal
from matchplatform.projects.proposing import propose_change, refuse_proposal, withdraw_proposal
from matchplatform.projects.services import close_project
from matchplatform.projects.states import CloseOutcome, ProjectState, ProposalState
from tests.factories import (
    actor_for,
    make_claim,
    make_officer,
    make_organisation,
    make_project,
    sign_in,
)
from tests.projects.test_changing import WHY, form_of, same_lines, with_quantity
from tests.projects.test_services import told
from tests.projects.test_views import fresh, text_of, value_of

pytestmark = pytest.mark.usefixtures("db_session")
COUNTY, CITY, PROVINCE = "130722", "1307", "13"


def propose(project: Project, **changes: Any) -> ChangeProposal:
    """Propose a change as an officer of the county and commit."""
    region = changes.pop("region", COUNTY)
    lines = changes.pop("lines", None)
    proposal = propose_change(
        actor=actor_for(make_officer(region)),
        project=project,
        version=changes.pop("version", project.version),
        details=replace(details_of(project), **changes),
        lines=same_lines(project) if lines is None else lines,
        reason=WHY,
        typed=form_of(project, **changes).items(),
    )
    db.session.commit()
    return proposal


class TestPropose:
    def test_nothing_changes_and_those_who_publish_are_told(self) -> None:
        city, project = make_officer(CITY), make_project()
        seen = (project.version, project.place)
        money, quilts = same_lines(project)
        proposal = propose(project, place="西水泉村", lines=[money, with_quantity(quilts, 200)])
        assert (project.version, project.place) == seen
        assert [line.quantity for line in project.lines][1] == Decimal(240)
        assert set(proposal.after) == {"place", "lines"}
        assert db.session.scalars(select(ProjectVersion)).all() == []
        assert city.id in told("等您核准")
        (task,) = read_desk(actor_for(city)).of("changes")
        assert task.url == f"/desk/projects/{project.number}"
        assert "地点" in task.meta
        for region in (COUNTY, "1308", "11"):
            assert read_desk(actor_for(make_officer(region))).of("changes") == []
        assert list_history("project", project.number)[0].action == "project.propose"

    def test_what_would_be_refused_is_refused_at_once(self) -> None:
        project = make_project()
        make_claim(project, *make_organisation(), {project.lines[1].id: Decimal(100)})
        money, quilts = same_lines(project)
        with pytest.raises(InvalidInput) as refused:
            propose(project, lines=[money, with_quantity(quilts, 99)])
        db.session.rollback()
        assert set(refused.value.fields) == {"lines-1-quantity"}
        with pytest.raises(InvalidInput, match="没有改动"):
            propose(project)
        db.session.rollback()

    def test_only_its_county_and_only_what_is_public(self) -> None:
        project = make_project()
        for region in ("130723", CITY, PROVINCE):
            with pytest.raises(Forbidden):
                propose(project, region=region, place="西水泉村")
        with pytest.raises(StaleVersion):
            propose(project, version=project.version - 1, place="西水泉村")
        draft = make_project(state=ProjectState.DRAFT)
        with pytest.raises(IllegalMove):
            propose(draft, place="西水泉村")

    def test_one_at_a_time(self) -> None:
        project = make_project()
        proposal = propose(project, place="西水泉村")
        with pytest.raises(Conflict, match="等着核准"):
            propose(project, place="北水泉村")
        db.session.rollback()
        withdraw_proposal(actor=actor_for(make_officer()), project=project, proposal=proposal)
        db.session.commit()
        assert (proposal.state, proposal.typed) == (ProposalState.WITHDRAWN, [])
        assert propose(project, place="北水泉村").is_open


class TestDecide:
    def put_in_force(self, project: Project, proposal: ChangeProposal, **changes: Any) -> None:
        """Put a proposal in force as an officer of the city and commit."""
        change_project(
            actor=actor_for(make_officer(CITY)),
            project=project,
            version=project.version,
            details=replace(details_of(project), **changes),
            lines=same_lines(project),
            reason=WHY,
            proposal=proposal,
        )
        db.session.commit()

    def test_in_force_it_is_a_version_and_whoever_wrote_it_is_told(self) -> None:
        project = make_project()
        proposal = propose(project, place="西水泉村")
        self.put_in_force(project, proposal, place="西水泉村")
        assert (proposal.state, proposal.typed) == (ProposalState.IN_FORCE, [])
        assert db.session.scalars(select(ProjectVersion)).one().after == {"place": "西水泉村"}
        assert proposal.by_id in told("发布后改动了")
        with pytest.raises(Conflict, match="已经有了结果"):
            self.put_in_force(project, proposal, place="北水泉村")
        db.session.rollback()
        assert fresh(project.number).place == "西水泉村"

    def test_what_was_claimed_meanwhile_is_not_cut(self) -> None:
        project = make_project()
        money, quilts = same_lines(project)
        less = [money, with_quantity(quilts, 50)]
        proposal = propose(project, lines=less)
        make_claim(project, *make_organisation(), {project.lines[1].id: Decimal(100)})
        with pytest.raises(InvalidInput) as refused:
            change_project(
                actor=actor_for(make_officer(CITY)), project=project, version=project.version,
                details=details_of(project), lines=less, reason=WHY, proposal=proposal,
            )  # fmt: skip
        db.session.rollback()
        assert set(refused.value.fields) == {"lines-1-quantity"}
        assert find_open_proposal(project) is not None

    def test_refused_it_says_why_and_leaves_the_form_to_be_mended(self) -> None:
        project = make_project()
        proposal = propose(project, place="西水泉村")
        refusing: dict[str, Any] = {"project": project, "proposal": proposal}
        with pytest.raises(Forbidden):
            refuse_proposal(actor=actor_for(make_officer()), reason="地点请再核一核", **refusing)
        with pytest.raises(InvalidInput):
            refuse_proposal(actor=actor_for(make_officer(CITY)), reason="不", **refusing)
        db.session.rollback()
        refuse_proposal(actor=actor_for(make_officer(CITY)), reason="地点请再核一核", **refusing)
        db.session.commit()
        assert proposal.state is ProposalState.REFUSED
        assert proposal.typed
        assert proposal.by_id in told("没有核准")
        assert propose(project, place="北水泉村").is_open
        assert proposal.typed == []

    def test_a_project_that_closes_takes_it_along(self) -> None:
        project = make_project()
        proposal = propose(project, place="西水泉村")
        close_project(
            actor=actor_for(make_officer(CITY)), project=project, version=project.version,
            outcome=CloseOutcome.CANCELLED, reason="省里的专项资金已经安排。",
        )  # fmt: skip
        db.session.commit()
        assert (proposal.state, proposal.answer) == (ProposalState.WITHDRAWN, "项目已经关闭。")


class TestPages:
    def test_from_the_county_to_the_public(self, client: FlaskClient) -> None:
        number = make_project().number
        sign_in(client, make_officer())
        assert "提出改动，报上级核准" in text_of(client.get(f"/desk/projects/{number}"))
        page = text_of(client.get(f"/desk/projects/{number}/propose"))
        assert "核准以前，公开的内容不变" in page
        typed = form_of(fresh(number), place="西水泉村")
        answer = client.post(f"/desk/projects/{number}/propose", data=typed)
        assert answer.location == f"/desk/projects/{number}"
        page = text_of(client.get(f"/desk/projects/{number}"))
        assert "有一份改动等核准" in page
        assert "撤回这份改动" in page
        assert "西水泉村" not in text_of(client.get(f"/projects/{number}"))
        sign_in(client, make_officer(CITY))
        assert "改动核准" in text_of(client.get("/desk"))
        page = text_of(client.get(f"/desk/projects/{number}/change"))
        assert "县里提出的改动" in page
        assert value_of(page, "place") == "西水泉村"
        typed |= {"proposal": value_of(page, "proposal"), "version": value_of(page, "version")}
        answer = client.post(f"/desk/projects/{number}/change", data=typed)
        assert answer.location == f"/desk/projects/{number}"
        assert "西水泉村" in text_of(client.get(f"/projects/{number}"))
        assert find_open_proposal(fresh(number)) is None

    def test_what_else_was_sent_with_the_form_hides_no_proposal(self, client: FlaskClient) -> None:
        project = make_project()
        number = project.number
        sign_in(client, make_officer())
        typed = form_of(fresh(number), place="西水泉村") | {"proposal": "0"}
        assert client.post(f"/desk/projects/{number}/propose", data=typed).status_code == 303
        sign_in(client, make_officer(CITY))
        page = text_of(client.get(f"/desk/projects/{number}/change"))
        waiting = find_open_proposal(fresh(number))
        assert waiting is not None
        assert value_of(page, "proposal") == str(waiting.id)

    def test_refused_with_a_reason_it_is_mended_by_the_county(self, client: FlaskClient) -> None:
        project = make_project()
        number, proposal = project.number, propose(project, place="西水泉村").id
        path = f"/desk/projects/{number}/proposal/{proposal}/refuse"
        sign_in(client, make_officer(CITY))
        assert "西水泉村" in text_of(client.get(path))
        assert client.post(path, data={"reason": ""}).status_code == 400
        assert client.post(path, data={"reason": "不"}).status_code == 400
        assert client.post(path, data={"reason": "地点请再核一核"}).status_code == 303
        sign_in(client, make_officer())
        page = text_of(client.get(f"/desk/projects/{number}/propose"))
        assert "地点请再核一核" in page
        assert value_of(page, "place") == "西水泉村"
        assert client.post(path, data={"reason": "地点请再核一核"}).status_code == 403

    def test_what_cannot_be_is_shown_at_its_field(self, client: FlaskClient) -> None:
        project = make_project()
        number = project.number
        make_claim(project, *make_organisation(), {project.lines[1].id: Decimal(100)})
        sign_in(client, make_officer())
        typed = form_of(fresh(number), **{"lines-1-quantity": "50"})
        answer = client.post(f"/desk/projects/{number}/propose", data=typed)
        assert answer.status_code == 400
        assert "不能改到这个数以下" in text_of(answer)
        assert value_of(text_of(answer), "lines-1-quantity") == "50"

    def test_what_was_done_meanwhile_is_shown_to_whoever_decides(self, client: FlaskClient) -> None:
        project = make_project()
        number = project.number
        propose(project, place="西水泉村")
        change_project(
            actor=actor_for(make_officer(CITY)), project=project, version=project.version,
            details=replace(details_of(project), direct_people=150), lines=same_lines(project),
            reason=WHY,
        )  # fmt: skip
        db.session.commit()
        sign_in(client, make_officer(PROVINCE))
        page = text_of(client.get(f"/desk/projects/{number}/change"))
        assert "和现在的内容不同的地方" in page
        assert value_of(page, "place") == "西水泉村"
        assert value_of(page, "version") == str(fresh(number).version)
