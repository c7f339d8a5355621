"""Restricted, suspended, deregistered, let go on again; and what becomes of what they hold."""

from decimal import Decimal

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from matchplatform.accounts.models import User
from matchplatform.audit.models import AuditEntry
from matchplatform.claims.asked import WaitlistEntry
from matchplatform.claims.joint import confirm_share, reserve_jointly
from matchplatform.claims.models import Claim
from matchplatform.claims.queries import find_breaches
from matchplatform.claims.services import reserve_claim, submit_claim, withdraw_claim
from matchplatform.claims.states import ClaimState, MemberState, WaitState
from matchplatform.claims.waitlist import join_waitlist, promote_waiting
from matchplatform.home.desk import read_desk
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Conflict, Forbidden, IllegalMove, InvalidInput, StaleVersion
from matchplatform.kernel.outbox import OutboxEntry
from matchplatform.organisations.models import Organisation
from matchplatform.organisations.rulings import RULING_WORDS, rule_on_organisation
from matchplatform.organisations.states import WORKFLOW, OrganisationAction, OrganisationState
from tests.factories import (
    actor_for,
    make_claim,
    make_officer,
    make_organisation,
    make_project,
    sign_in,
)

pytestmark = pytest.mark.usefixtures("db_session")

S, A = OrganisationState, OrganisationAction
REASON = "连续两年没有报送年度工作报告。"


def rule(
    organisation: Organisation, action: OrganisationAction, officer: User | None = None
) -> Organisation:
    """Rule as an officer of the place of registration."""
    rule_on_organisation(
        actor=actor_for(officer or make_officer("11")),
        organisation=organisation,
        version=organisation.version,
        action=action,
        reason=REASON,
    )
    db.session.commit()
    return organisation


def told_to(user: User) -> list[str]:
    """List what a user was told, oldest first."""
    rows = db.session.scalars(
        select(OutboxEntry).where(OutboxEntry.topic == "notice").order_by(OutboxEntry.id)
    )
    return [row.payload["template"] for row in rows if user.id in row.payload["user_ids"]]


def is_whole() -> bool:
    return list(find_breaches()) == []


class TestWorkflow:
    def test_each_cell_is_as_written(self) -> None:
        ruled = (S.VERIFIED, S.RESTRICTED, S.SUSPENDED)
        legal = {
            (S.PENDING, A.VERIFY): S.VERIFIED,
            (S.PENDING, A.RETURN): S.RETURNED,
            (S.RETURNED, A.RESUBMIT): S.PENDING,
            **{(state, A.HAND_IN): state for state in (S.PENDING, S.RETURNED, *ruled)},
            (S.VERIFIED, A.RESTRICT): S.RESTRICTED,
            (S.SUSPENDED, A.RESTRICT): S.RESTRICTED,
            (S.VERIFIED, A.SUSPEND): S.SUSPENDED,
            (S.RESTRICTED, A.SUSPEND): S.SUSPENDED,
            (S.RESTRICTED, A.LIFT): S.VERIFIED,
            (S.SUSPENDED, A.LIFT): S.VERIFIED,
            **{(state, A.MERGE): S.MERGED for state in (S.PENDING, S.RETURNED, *ruled)},
            **{(state, A.DEREGISTER): S.DEREGISTERED for state in ruled},
        }
        for state in S:
            for action in A:
                if (state, action) in legal:
                    assert WORKFLOW.after(state, action) is legal[state, action]
                else:
                    with pytest.raises(IllegalMove):
                        WORKFLOW.after(state, action)

    def test_only_a_verified_one_may_claim_and_each_other_says_why(self) -> None:
        organisation, _agent = make_organisation()
        for state in S:
            organisation.status = state
            assert organisation.may_claim is (state is S.VERIFIED)
            assert bool(organisation.hindrance) is (state is not S.VERIFIED)
        db.session.rollback()


class TestRule:
    def test_it_is_recorded_with_its_reason_and_the_members_are_told(self) -> None:
        organisation, agent = make_organisation()
        rule(organisation, A.RESTRICT)
        assert organisation.standing_reason == REASON
        entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc())).first()
        assert entry is not None
        assert (entry.action, entry.reason) == ("organisation.restrict", REASON)
        assert "异常名录" in told_to(agent)[-1]

    def test_only_the_registering_officer_may(self) -> None:
        organisation, agent = make_organisation()
        for user in (agent, make_officer("130722")):
            with pytest.raises(Forbidden):
                rule(organisation, A.SUSPEND, user)
            db.session.rollback()

    def test_it_wants_a_reason_and_the_present_version(self) -> None:
        organisation, _agent = make_organisation()
        actor = actor_for(make_officer("11"))
        with pytest.raises(InvalidInput):
            rule_on_organisation(
                actor=actor, organisation=organisation, version=organisation.version,
                action=A.SUSPEND, reason="无",
            )  # fmt: skip
        db.session.rollback()
        with pytest.raises(StaleVersion):
            rule_on_organisation(
                actor=actor, organisation=organisation, version=1, action=A.SUSPEND, reason=REASON
            )
        db.session.rollback()

    def test_verifying_is_no_ruling(self) -> None:
        organisation, _agent = make_organisation(verified=False)
        with pytest.raises(Forbidden):
            rule(organisation, A.VERIFY)
        db.session.rollback()
        with pytest.raises(IllegalMove):
            rule(organisation, A.SUSPEND)
        db.session.rollback()


class TestRestrict:
    def test_it_may_finish_and_may_not_claim_until_it_is_lifted(self) -> None:
        county = make_officer("130722")
        organisation, agent = make_organisation()
        project, other = make_project(), make_project()
        claim = make_claim(project, organisation, agent)
        rule(organisation, A.RESTRICT)
        assert "异常名录" in told_to(county)[-1]
        with pytest.raises(Conflict):
            make_claim(other, organisation, agent)
        db.session.rollback()
        submit_claim(actor=actor_for(agent), claim=claim, version=claim.version, message="")
        db.session.commit()
        assert actor_for(agent).verified_ids
        rule(organisation, A.LIFT)
        assert make_claim(other, organisation, agent).is_open
        assert is_whole()


class TestSuspend:
    def test_reservations_are_freed_and_the_next_in_line_has_the_turn(self) -> None:
        organisation, agent = make_organisation()
        next_one, next_agent = make_organisation()
        project = make_project()
        quilts = project.lines[1]
        claim = make_claim(project, organisation, agent, {quilts.id: Decimal(240)})
        join_waitlist(
            actor=actor_for(next_agent), organisation=next_one, project=project,
            quantities={quilts.id: Decimal(240)}, confirmed=True,
        )  # fmt: skip
        db.session.commit()
        rule(organisation, A.SUSPEND)
        assert (claim.status, claim.reason) == (ClaimState.WITHDRAWN, REASON)
        assert quilts.held == 0
        assert "系统撤回" in told_to(agent)[-1]
        promoted = promote_waiting()
        db.session.commit()
        assert [each.organisation_id for each in promoted] == [next_one.id]
        assert is_whole()

    def test_submitted_and_accepted_ones_stay_and_the_county_sees_a_flag(self) -> None:
        county = make_officer("130722")
        organisation, agent = make_organisation()
        submitted = make_claim(make_project(), organisation, agent, submitted=True)
        accepted = make_claim(make_project(), organisation, agent, accepted=True)
        rule(organisation, A.SUSPEND)
        assert [submitted.status, accepted.status] == [ClaimState.SUBMITTED, ClaimState.ACCEPTED]
        assert "请您决定" in told_to(county)[-1]
        (task,) = read_desk(actor_for(county)).of("claims")
        assert str(task.flag) == "已被暂停办理"
        withdraw_claim(
            actor=actor_for(agent), claim=submitted, version=submitted.version, reason=REASON
        )
        db.session.commit()

    def test_it_may_do_nothing_new(self) -> None:
        organisation, agent = make_organisation()
        project = make_project()
        rule(organisation, A.SUSPEND)
        quantities = {project.lines[0].id: Decimal(5000)}
        with pytest.raises(Conflict):
            reserve_claim(
                actor=actor_for(agent), organisation=organisation, project=project,
                version=project.version, quantities=quantities,
            )  # fmt: skip
        db.session.rollback()
        with pytest.raises(Conflict):
            join_waitlist(
                actor=actor_for(agent), organisation=organisation, project=project,
                quantities=quantities,
            )  # fmt: skip
        db.session.rollback()
        assert not actor_for(agent).verified_ids

    def test_its_turn_on_the_waitlist_waits_until_it_goes_on(self) -> None:
        holder, holder_agent = make_organisation()
        organisation, agent = make_organisation()
        project = make_project()
        quilts = {project.lines[1].id: Decimal(240)}
        claim = make_claim(project, holder, holder_agent, quilts)
        join_waitlist(
            actor=actor_for(agent), organisation=organisation, project=project,
            quantities=quilts, confirmed=True,
        )  # fmt: skip
        db.session.commit()
        rule(organisation, A.SUSPEND)
        withdraw_claim(actor=actor_for(holder_agent), claim=claim, version=claim.version, reason="")
        db.session.commit()
        assert promote_waiting() == []
        db.session.commit()
        rule(organisation, A.LIFT)
        assert len(promote_waiting()) == 1
        db.session.commit()


def make_joint(lead: tuple[Organisation, User], partner: tuple[Organisation, User]) -> Claim:
    """Make a reserved joint claim that everybody has confirmed."""
    project = make_project()
    line = project.lines[0]
    claim = reserve_jointly(
        actor=actor_for(lead[1]), organisation=lead[0], partners=[partner[0]], project=project,
        version=project.version, confirmed=True,
        shares={each[0].id: {line.id: Decimal(10000)} for each in (lead, partner)},
    )  # fmt: skip
    db.session.commit()
    member = next(each for each in claim.members if not each.is_lead)
    confirm_share(actor=actor_for(partner[1]), member=member, version=claim.version)
    db.session.commit()
    return claim


class TestJoint:
    @pytest.mark.parametrize("action", [A.SUSPEND, A.DEREGISTER])
    def test_the_share_of_a_partner_is_offered_to_the_others(
        self, action: OrganisationAction
    ) -> None:
        lead, partner = make_organisation(), make_organisation()
        claim = make_joint(lead, partner)
        rule(partner[0], action)
        member = next(each for each in claim.members if not each.is_lead)
        assert (claim.status, member.status) == (ClaimState.RESERVED, MemberState.LEFT)
        assert member.is_offered
        assert "退出了" in told_to(lead[1])[-1]
        assert is_whole()

    def test_with_its_lead_a_reserved_one_ends_and_all_are_told(self) -> None:
        lead, partner = make_organisation(), make_organisation()
        claim = make_joint(lead, partner)
        rule(lead[0], A.SUSPEND)
        assert claim.status is ClaimState.WITHDRAWN
        assert "系统撤回" in told_to(partner[1])[-1]
        assert is_whole()


class TestDeregister:
    def test_everything_unsigned_is_withdrawn_and_the_counties_are_told(self) -> None:
        county = make_officer("130722")
        organisation, agent = make_organisation()
        claims = [
            make_claim(make_project(), organisation, agent),
            make_claim(make_project(), organisation, agent, submitted=True),
            make_claim(make_project(), organisation, agent, accepted=True),
        ]
        holder, holder_agent = make_organisation()
        project = make_project()
        quilts = {project.lines[1].id: Decimal(240)}
        make_claim(project, holder, holder_agent, quilts)
        join_waitlist(
            actor=actor_for(agent), organisation=organisation, project=project,
            quantities=quilts, confirmed=True,
        )  # fmt: skip
        db.session.commit()
        rule(organisation, A.DEREGISTER)
        assert {claim.status for claim in claims} == {ClaimState.WITHDRAWN}
        assert all(line.held == 0 for claim in claims for line in claim.project.lines)
        entry = db.session.scalars(select(WaitlistEntry)).one()
        assert entry.status is WaitState.DROPPED
        assert "系统撤回" in told_to(county)[-1]
        actions = db.session.scalars(
            select(AuditEntry.action).where(AuditEntry.subject_type == "claim")
        ).all()
        assert actions.count("claim.stop") == 3
        assert is_whole()

    @pytest.mark.parametrize("action", list(RULING_WORDS))
    def test_it_is_final(self, action: OrganisationAction) -> None:
        organisation, _agent = make_organisation()
        rule(organisation, A.DEREGISTER)
        with pytest.raises(IllegalMove):
            rule(organisation, action)
        db.session.rollback()


class TestPages:
    def test_the_officer_rules_and_everybody_reads_it(self, client: FlaskClient) -> None:
        officer = make_officer("11")
        organisation, agent = make_organisation()
        number, key, version = make_project().number, organisation.id, organisation.version
        sign_in(client, officer)
        page = client.get(f"/desk/organisations/{key}").text
        for words in ("列入活动异常名录", "暂停办理", "注销"):
            assert words in page
        assert "恢复办理" not in page
        path = f"/desk/organisations/{key}"
        answer = client.post(f"{path}/suspend", data={"version": version, "reason": "短"})
        assert answer.status_code == 400
        assert "至少五个字" in answer.text
        assert client.post(f"{path}/suspend", data={"reason": REASON}).status_code == 409
        answer = client.post(f"{path}/suspend", data={"version": 99, "reason": REASON})
        assert answer.status_code == 409
        assert REASON in answer.text
        answer = client.post(f"{path}/suspend", data={"version": version, "reason": REASON})
        assert answer.status_code == 303
        page = client.get(path).text
        assert "恢复办理" in page
        assert REASON in page
        sign_in(client, agent)
        for where in ("/my", "/my/organisation", f"/projects/{number}", "/matches"):
            assert "贵会已被暂停办理" in client.get(where).text, where
        assert client.post(f"{path}/lift", data={"version": 9, "reason": REASON}).status_code in (
            403, 404,
        )  # fmt: skip

    def test_the_county_reads_it_beside_the_claim(self, client: FlaskClient) -> None:
        county = make_officer("130722")
        organisation, agent = make_organisation()
        claim_id = make_claim(make_project(), organisation, agent, submitted=True).id
        rule(organisation, A.SUSPEND)
        sign_in(client, county)
        assert "已被暂停办理" in client.get(f"/claims/{claim_id}").text
