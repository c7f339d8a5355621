"""Two records of one body become one."""

from decimal import Decimal

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from matchplatform.accounts.models import User
from matchplatform.audit.models import AuditEntry
from matchplatform.claims.asked import WaitlistEntry
from matchplatform.claims.joint import reserve_jointly
from matchplatform.claims.queries import find_breaches, list_ended_of, list_open_of
from matchplatform.claims.services import withdraw_claim
from matchplatform.claims.states import WaitState
from matchplatform.claims.waitlist import join_waitlist
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Conflict, Forbidden, IllegalMove, InvalidInput, StaleVersion
from matchplatform.organisations.merging import get_target, merge_organisation
from matchplatform.organisations.models import Organisation
from matchplatform.organisations.states import OrganisationState
from tests.factories import (
    actor_for,
    make_claim,
    make_officer,
    make_organisation,
    make_project,
    sign_in,
)

pytestmark = pytest.mark.usefixtures("db_session")
REASON = "信用代码填错后又登记了一份。"


def merge(source: Organisation, target: Organisation, officer: User | None = None) -> None:
    """Merge as an officer of the place of registration."""
    merge_organisation(
        actor=actor_for(officer or make_officer("11")), source=source, target=target,
        version=source.version, reason=REASON,
    )  # fmt: skip
    db.session.commit()


class TestMerge:
    def test_people_and_claims_move_and_the_link_is_kept(self) -> None:
        source, agent = make_organisation()
        target, other = make_organisation()
        open_one = make_claim(make_project(), source, agent, submitted=True)
        ended = make_claim(make_project(), source, agent)
        withdraw_claim(actor=actor_for(agent), claim=ended, version=ended.version, reason="")
        db.session.commit()
        merge(source, target)
        assert (source.status, source.merged_into) == (OrganisationState.MERGED, target)
        assert list_open_of(target.id) == [open_one]
        assert list_ended_of(target.id, 1).items == [ended]
        assert list_open_of(source.id) == []
        for user in (agent, other):
            actor = actor_for(user)
            assert actor.organisation_ids == actor.signer_ids == {target.id}
        trail = db.session.scalars(
            select(AuditEntry.subject_id).where(AuditEntry.action == "organisation.merge")
        ).all()
        assert set(trail) == {str(source.id), str(target.id)}
        assert list(find_breaches()) == []

    def test_it_refuses_where_both_have_an_undecided_claim_on_one_project(self) -> None:
        (source, agent), (target, other) = make_organisation(), make_organisation()
        project = make_project()
        mine = make_claim(project, source, agent)
        make_claim(project, target, other)
        with pytest.raises(Conflict) as caught:
            merge(source, target)
        db.session.rollback()
        assert mine.number in str(caught.value.words)
        assert source.status is OrganisationState.VERIFIED
        assert list_open_of(source.id) == [mine]
        withdraw_claim(actor=actor_for(agent), claim=mine, version=mine.version, reason="")
        db.session.commit()
        merge(source, target)
        assert list(find_breaches()) == []

    def test_it_refuses_where_both_are_in_one_joint_claim(self) -> None:
        (source, agent), (target, _other) = make_organisation(), make_organisation()
        project = make_project()
        line = project.lines[0]
        reserve_jointly(
            actor=actor_for(agent), organisation=source, partners=[target], project=project,
            version=project.version, confirmed=True,
            shares={each.id: {line.id: Decimal(10000)} for each in (source, target)},
        )  # fmt: skip
        db.session.commit()
        for one, two in ((source, target), (target, source)):
            with pytest.raises(Conflict):
                merge(one, two)
            db.session.rollback()

    def test_a_share_in_the_joint_claim_of_others_moves(self) -> None:
        (lead, agent), (source, _a) = make_organisation(), make_organisation()
        target, _b = make_organisation()
        project = make_project()
        line = project.lines[0]
        claim = reserve_jointly(
            actor=actor_for(agent), organisation=lead, partners=[source], project=project,
            version=project.version, confirmed=True,
            shares={each.id: {line.id: Decimal(10000)} for each in (lead, source)},
        )  # fmt: skip
        db.session.commit()
        merge(source, target)
        assert claim.party_ids == {lead.id, target.id}
        assert list(find_breaches()) == []

    def test_two_places_in_one_waiting_become_one(self) -> None:
        (holder, holding), (source, agent) = make_organisation(), make_organisation()
        target, other = make_organisation()
        project = make_project()
        quilts = {project.lines[1].id: Decimal(240)}
        make_claim(project, holder, holding, quilts)
        for each, user in ((source, agent), (target, other)):
            join_waitlist(
                actor=actor_for(user), organisation=each, project=project, quantities=quilts,
                confirmed=True,
            )  # fmt: skip
        db.session.commit()
        merge(source, target)
        entries = db.session.scalars(select(WaitlistEntry).order_by(WaitlistEntry.id)).all()
        assert [entry.status for entry in entries] == [WaitState.DROPPED, WaitState.WAITING]
        assert {entry.organisation_id for entry in entries} == {target.id}

    def test_only_who_verifies_both_may_and_only_into_a_verified_one(self) -> None:
        (source, agent), (target, _o) = make_organisation(), make_organisation()
        elsewhere, _e = make_organisation(region="120000")
        for user in (agent, make_officer("1307")):
            with pytest.raises(Forbidden):
                merge(source, target, user)
            db.session.rollback()
        with pytest.raises(Forbidden):
            merge(source, elsewhere)
        db.session.rollback()
        waiting, _w = make_organisation(verified=False)
        with pytest.raises(Conflict):
            merge(source, waiting)
        db.session.rollback()
        merge(waiting, target)
        with pytest.raises(IllegalMove):
            merge(waiting, target)
        db.session.rollback()

    def test_it_refuses_itself_no_reason_and_an_overtaken_page(self) -> None:
        (source, _a), (target, _b) = make_organisation(), make_organisation()
        actor = actor_for(make_officer("11"))
        with pytest.raises(InvalidInput):
            merge(source, source)
        db.session.rollback()
        for version, reason, error in (
            (1, REASON, StaleVersion),
            (source.version, "", InvalidInput),
        ):
            with pytest.raises(error):
                merge_organisation(
                    actor=actor, source=source, target=target, version=version, reason=reason
                )
            db.session.rollback()
        with pytest.raises(InvalidInput):
            get_target(actor, "没有的代码")


class TestPages:
    def test_the_officer_merges_by_the_code_of_the_record_that_stays(
        self, client: FlaskClient
    ) -> None:
        (source, agent), (target, _b) = make_organisation(), make_organisation()
        officer, key, version = make_officer("11"), source.id, source.version
        code, name, target_id = target.uscc, target.name, target.id
        sign_in(client, officer)
        path = f"/desk/organisations/{key}/merge"
        for data, status, words in (
            ({"uscc": "", "reason": REASON}, 400, "请填这一项"),
            ({"uscc": "无", "reason": REASON}, 400, "没有这个代码"),
            ({"uscc": code, "reason": "短"}, 400, "至少五个字"),
            ({"uscc": code, "reason": REASON, "version": 99}, 409, "有了变化"),
        ):
            answer = client.post(path, data={"version": version, **data})
            assert answer.status_code == status
            assert words in answer.text
        answer = client.post(
            path, data={"version": version, "uscc": f" {code.lower()}", "reason": REASON}
        )
        assert (answer.status_code, answer.location) == (303, f"/desk/organisations/{target_id}")
        page = client.get(f"/desk/organisations/{key}").text
        assert "已并入" in page
        assert name in page
        sign_in(client, agent)
        assert name in client.get("/my").text
