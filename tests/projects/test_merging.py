"""Merging a need that was posted twice, with its claims."""

from dataclasses import replace
from decimal import Decimal

import pytest
from flask.testing import FlaskClient

from matchplatform.audit.queries import list_history
from matchplatform.claims import joint
from matchplatform.claims.queries import find_breaches
from matchplatform.claims.waitlist import join_waitlist
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Conflict, Forbidden, IllegalMove, InvalidInput, StaleVersion
from matchplatform.projects.merging import get_target, merge_projects
from matchplatform.projects.models import Project
from matchplatform.projects.states import CloseOutcome, ProjectState
from tests.factories import (
    MONEY,
    QUILTS,
    actor_for,
    make_claim,
    make_officer,
    make_organisation,
    make_project,
    sign_in,
)
from tests.projects.test_services import told
from tests.projects.test_views import fresh, text_of

pytestmark = pytest.mark.usefixtures("db_session")
CITY, PROVINCE = "1307", "13"
WHY = "村里和县里各发了一次"


def merge(source: Project, target: Project, region: str = CITY, off: int = 0) -> Project:
    """Merge one project into another as an officer, and commit."""
    merge_projects(
        actor=actor_for(make_officer(region)),
        source=source,
        target=target,
        version=source.version - off,
        target_version=target.version,
        reason=WHY,
    )
    db.session.commit()
    return source


def take(project: Project, place: int, quantity: int) -> dict[int, Decimal]:
    """Return a quantity of the line at this place."""
    return {project.lines[place].id: Decimal(quantity)}


class TestMerge:
    def test_claims_go_to_the_like_lines(self) -> None:
        source, target = make_project(), make_project(lines=(QUILTS, MONEY))
        organisation, agent = make_organisation()
        claim = make_claim(source, organisation, agent, take(source, 1, 100), accepted=True)
        value = claim.value
        merge(source, target)
        assert (source.status, source.close_outcome) == (ProjectState.CLOSED, CloseOutcome.MERGED)
        assert source.merged_into_id == target.id
        assert claim.project_id == target.id
        assert [part.line_id for part in claim.lines] == [target.lines[0].id]
        assert claim.value == value
        assert [line.held for line in target.lines] == [100, 0]
        assert [line.held for line in source.lines] == [0, 0]
        assert told("是重复发布的") == {agent.id}
        assert told("已并入“%(target)s”") == {*source.author_ids, *target.author_ids}
        assert list_history("project", source.number)[0].action == "project.merge"
        assert list_history("project", target.number)[0].action == "project.take_in"
        assert list_history("claim", str(claim.id))[0].action == "claim.rehome"
        assert list(find_breaches()) == []

    def test_what_was_signed_goes_along(self) -> None:
        source, target = make_project(), make_project()
        claim = make_claim(source, *make_organisation(), take(source, 1, 100), signed=True)
        merge(source, target)
        assert claim.project_id == target.id
        assert [target.lines[1].held, source.lines[1].held] == [100, 0]
        assert list(find_breaches()) == []

    def test_two_lines_that_ask_for_the_same_go_each_to_one(self) -> None:
        source, target = make_project(lines=(QUILTS, QUILTS)), make_project(lines=(QUILTS, QUILTS))
        organisation, agent = make_organisation()
        amounts = take(source, 0, 50) | take(source, 1, 60)
        make_claim(source, organisation, agent, amounts, accepted=True)
        merge(source, target)
        assert [line.held for line in target.lines] == [50, 60]
        assert list(find_breaches()) == []

    def test_a_joint_claim_goes_with_its_shares(self) -> None:
        source, target = make_project(), make_project()
        lead, agent = make_organisation()
        friend, _second = make_organisation()
        claim = joint.reserve_jointly(
            actor=actor_for(agent),
            organisation=lead,
            partners=[friend],
            project=source,
            version=source.version,
            shares={each.id: take(source, 1, 60) for each in (lead, friend)},
            confirmed=True,
        )
        db.session.commit()
        merge(source, target)
        assert {share.line_id for member in claim.members for share in member.shares} == {
            target.lines[1].id
        }
        assert target.lines[1].held == 120
        assert list(find_breaches()) == []

    def test_places_in_the_waiting_go_along(self) -> None:
        source, target = make_project(), make_project()
        make_claim(source, *make_organisation(), take(source, 1, 240))
        waiting, agent = make_organisation()
        (entry,) = join_waitlist(
            actor=actor_for(agent),
            organisation=waiting,
            project=source,
            quantities=take(source, 1, 50),
            confirmed=True,
        )
        db.session.commit()
        merge(source, target)
        assert entry.line_id == target.lines[1].id
        assert list(find_breaches()) == []

    def test_it_is_refused_where_there_is_not_enough(self) -> None:
        source, target = make_project(), make_project()
        make_claim(source, *make_organisation(), take(source, 1, 200))
        make_claim(target, *make_organisation(), take(target, 1, 100))
        with pytest.raises(Conflict, match="要移去 200 套，那里只剩 140 套"):
            merge(source, target)
        db.session.rollback()
        assert source.status is ProjectState.PUBLISHED
        assert [line.held for line in target.lines] == [0, 100]

    def test_it_is_refused_where_nothing_is_like_it(self) -> None:
        source = make_project()
        target = make_project(lines=(MONEY, replace(QUILTS, unit="床")))
        make_claim(source, *make_organisation(), take(source, 1, 100))
        with pytest.raises(Conflict, match="没有同样的条目"):
            merge(source, target)
        db.session.rollback()

    def test_it_is_refused_while_one_organisation_has_two_undecided(self) -> None:
        source, target = make_project(), make_project()
        made = make_organisation()
        for project in (source, target):
            make_claim(project, *made, take(project, 1, 20))
        with pytest.raises(Conflict, match="都有在办的认领"):
            merge(source, target)
        db.session.rollback()

    def test_what_has_lapsed_is_freed_and_stays(self) -> None:
        source, target = make_project(), make_project()
        claim = make_claim(source, *make_organisation(), take(source, 1, 240))
        actor = actor_for(make_officer(CITY))
        with clock.set_clock(claim.hold_until):
            merge_projects(
                actor=actor, source=source, target=target, version=source.version,
                target_version=target.version, reason=WHY,
            )  # fmt: skip
            db.session.commit()
        assert claim.project_id == source.id
        assert not claim.is_open
        assert target.lines[1].held == 0

    def test_a_stale_page_the_county_and_drafts_are_refused(self) -> None:
        source, target = make_project(), make_project()
        with pytest.raises(StaleVersion):
            merge(source, target, off=1)
        for region in (source.region_code, "1308"):
            with pytest.raises(Forbidden):
                merge(source, target, region)
        with pytest.raises(IllegalMove):
            merge(make_project(state=ProjectState.VERIFIED), target)
        with pytest.raises(Conflict):
            merge(source, make_project(state=ProjectState.VERIFIED))

    def test_only_a_public_project_of_the_county_stays(self) -> None:
        source, actor = make_project(), actor_for(make_officer(PROVINCE))
        draft = make_project(state=ProjectState.DRAFT)
        away = make_project(region="130723")
        for number in ("", "130722-999", source.number, draft.number, away.number):
            with pytest.raises(InvalidInput):
                get_target(actor, source, number)


class TestPage:
    def test_from_the_number_to_the_merged_project(self, client: FlaskClient) -> None:
        source, target = make_project(), make_project()
        make_claim(source, *make_organisation(), take(source, 1, 100))
        number, there = source.number, target.number
        sign_in(client, make_officer(CITY))
        assert "并入另一个项目" in text_of(client.get(f"/desk/projects/{number}"))
        assert client.get(f"/desk/projects/{number}/merge").status_code == 200
        page = text_of(client.get(f"/desk/projects/{number}/merge?into=130722-999"))
        assert "没有这个编号" in page
        page = text_of(client.get(f"/desk/projects/{number}/merge?into={there}"))
        assert "两个项目对照" in page
        assert "已占 100" in page
        data = {
            "version": str(source.version),
            "into": there,
            "into_version": str(target.version),
            "reason": "",
        }
        address = f"/desk/projects/{number}/merge"
        assert client.post(address, data=data).status_code == 400
        answer = client.post(address, data={**data, "reason": WHY})
        assert answer.location == f"/desk/projects/{there}"
        page = text_of(client.get(f"/projects/{number}"))
        assert f"/projects/{there}" in page
        assert WHY in page
        assert "另一个重复发布的项目并入" in text_of(client.get(f"/projects/{there}"))

    def test_a_refusal_is_shown_and_nothing_moves(self, client: FlaskClient) -> None:
        source, target = make_project(), make_project(lines=(MONEY,))
        make_claim(source, *make_organisation(), take(source, 1, 100))
        number, there = source.number, target.number
        sign_in(client, make_officer(CITY))
        data = {
            "version": str(source.version),
            "into": there,
            "into_version": str(target.version),
            "reason": WHY,
        }
        answer = client.post(f"/desk/projects/{number}/merge", data=data)
        assert answer.status_code == 409
        assert "没有同样的条目" in text_of(answer)
        assert WHY in text_of(answer)
        assert fresh(number).status is ProjectState.PUBLISHED
