"""Inviting, answering and taking back, on a real database."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from matchplatform.audit.queries import list_history
from matchplatform.claims.services import withdraw_claim
from matchplatform.invitations import services
from matchplatform.invitations.models import LONGEST_WORDS, ProjectInvitation
from matchplatform.invitations.moving import move_invitations
from matchplatform.invitations.queries import (
    count_for_desk,
    find_breaches,
    find_claim_since,
    list_for_desk,
)
from matchplatform.invitations.services import (
    MOST_OPEN,
    answer_invitation,
    invite_organisation,
    withdraw_invitation,
)
from matchplatform.invitations.states import WORKFLOW, InvitationAction, InvitationState, Shown
from matchplatform.kernel.clock import set_clock
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import (
    Conflict,
    Forbidden,
    IllegalMove,
    InvalidInput,
    StaleVersion,
)
from matchplatform.organisations.rulings import rule_on_organisation
from matchplatform.organisations.states import OrganisationAction
from matchplatform.projects.services import suspend_project
from matchplatform.projects.states import ProjectState
from tests.claims.conftest import told
from tests.factories import (
    actor_for,
    make_claim,
    make_officer,
    make_organisation,
    make_project,
)
from tests.invitations.conftest import NOON, WHY, WORDS, Scene, later


def refused(scene: Scene) -> str:
    """Return the words with which inviting is refused, with nothing left behind."""
    with pytest.raises(Conflict) as caught:
        scene.invite()
    db.session.rollback()
    return str(caught.value)


def states() -> list[InvitationState]:
    """Return the state of every invitation by id."""
    rows = db.session.scalars(select(ProjectInvitation).order_by(ProjectInvitation.id))
    return [row.status for row in rows]


class TestInvite:
    def test_it_tells_the_agents_keeps_the_reasons_and_holds_nothing(self, scene: Scene) -> None:
        with set_clock(NOON):
            invitation = scene.invite()
            assert invitation.is_waiting
        assert invitation.reasons == ["业务范围与项目都写到被褥"]
        assert invitation.words == WORDS
        assert (invitation.last_day - NOON.date()).days == 14
        assert invitation.inviting_unit == "张北县民政局"
        assert told("邀请贵会认领") == {scene.agent.user_id}
        assert all(line.held == 0 for line in scene.project.lines)
        [entry] = list_history("invitation", invitation.id)
        assert (entry.action, entry.region_code) == ("invitation.send", "130722")
        assert list(find_breaches()) == []

    def test_the_days_never_outlast_the_project(self, scene: Scene) -> None:
        with set_clock(NOON):
            deadline = (NOON + timedelta(days=3)).date()
            scene.project = make_project(deadline=deadline)
            assert scene.invite().last_day == deadline

    @pytest.mark.parametrize("region", ["1307", "13"])
    def test_city_and_province_may_too(self, scene: Scene, region: str) -> None:
        scene.officer = actor_for(make_officer(region))
        assert scene.invite().invited_from == region

    def test_nobody_else_may(self, scene: Scene) -> None:
        others = [make_officer(region) for region in ("130723", "1308", "11")]
        for actor in (*map(actor_for, others), scene.agent):
            with pytest.raises(Forbidden):
                invite_organisation(
                    actor=actor,
                    project=scene.project,
                    organisation=scene.organisation,
                    words="",
                )
            db.session.rollback()
        assert states() == []

    def test_a_project_that_takes_no_claims_is_refused(self, scene: Scene) -> None:
        city = actor_for(make_officer("1307"))
        suspend_project(
            actor=city, project=scene.project, version=scene.project.version, reason=WHY
        )
        db.session.commit()
        assert "不接受认领" in refused(scene)
        scene.project = make_project(state=ProjectState.VERIFIED)
        assert "不接受认领" in refused(scene)

    def test_a_passed_deadline_is_refused(self, scene: Scene) -> None:
        with set_clock(later(100)):
            assert "不接受认领" in refused(scene)

    def test_who_may_not_claim_is_refused(self, scene: Scene) -> None:
        scene.organisation, _agent = make_organisation(verified=False)
        assert "还没有通过核验" in refused(scene)
        scene.organisation, _agent = make_organisation()
        beijing = actor_for(make_officer("11"))
        rule_on_organisation(
            actor=beijing,
            organisation=scene.organisation,
            action=OrganisationAction.SUSPEND,
            version=scene.organisation.version,
            reason=WHY,
        )
        db.session.commit()
        assert "已被暂停办理" in refused(scene)

    def test_a_certificate_that_ran_out_is_refused(self, scene: Scene) -> None:
        scene.organisation.certificate_expires_on = (NOON - timedelta(days=2)).date()
        db.session.commit()
        assert "已到期" in refused(scene)

    def test_who_holds_something_here_is_refused(self, scene: Scene) -> None:
        make_claim(scene.project, scene.organisation, scene.agent_user)
        assert "已有在办的认领" in refused(scene)

    def test_who_was_asked_already_is_refused_until_it_lapses(self, scene: Scene) -> None:
        with set_clock(NOON):
            first = scene.invite()
            assert "已经邀请过" in refused(scene)
        with set_clock(later(14)):
            assert "已经邀请过" in refused(scene)
        with set_clock(later(15)):
            assert first.standing is InvitationState.LAPSED
            assert first.status is InvitationState.SENT
            scene.invite()
        assert states() == [InvitationState.LAPSED, InvitationState.SENT]
        assert list(find_breaches()) == []

    def test_who_declined_may_be_asked_again(self, scene: Scene) -> None:
        scene.answer(scene.invite(), interested=False, words=WHY)
        scene.invite()
        assert states() == [InvitationState.DECLINED, InvitationState.SENT]

    def test_interest_stays_open_until_it_was_claimed_and_ended(self, scene: Scene) -> None:
        scene.answer(scene.invite(), interested=True)
        assert "已经邀请过" in refused(scene)
        claim = make_claim(scene.project, scene.organisation, scene.agent_user)
        assert "已有在办的认领" in refused(scene)
        withdraw_claim(actor=scene.agent, claim=claim, version=claim.version, reason=WHY)
        db.session.commit()
        assert "已经邀请过" in refused(scene)

    def test_ten_open_invitations_are_enough(self, scene: Scene) -> None:
        first = scene.invite()
        for _each in range(MOST_OPEN - 1):
            scene.invite(make_organisation()[0])
        declined, scene.organisation = first, make_organisation()[0]
        assert "已有 10 份邀请还有效" in refused(scene)
        scene.answer(declined, interested=False, words=WHY)
        scene.invite()
        claimed, agent = make_organisation()
        scene.organisation = claimed
        assert "已有 10 份邀请还有效" in refused(scene)
        asked = db.session.scalars(
            select(ProjectInvitation).where(ProjectInvitation.status == InvitationState.SENT)
        ).first()
        assert asked is not None
        asked.organisation = claimed
        db.session.commit()
        make_claim(scene.project, claimed, agent)
        scene.organisation = make_organisation()[0]
        scene.invite()

    @pytest.mark.parametrize("words", ["好" * (LONGEST_WORDS + 1), "请找李某，11010519491231002X"])
    def test_a_message_too_long_or_with_an_id_number_is_said_at_its_field(
        self, scene: Scene, words: str
    ) -> None:
        with pytest.raises(InvalidInput) as caught:
            invite_organisation(
                actor=scene.officer,
                project=scene.project,
                organisation=scene.organisation,
                words=words,
            )
        assert "words" in caught.value.fields
        db.session.rollback()

    def test_a_line_of_another_project_is_refused(self, scene: Scene) -> None:
        other = make_project()
        with pytest.raises(Conflict):
            invite_organisation(
                actor=scene.officer,
                project=scene.project,
                organisation=scene.organisation,
                words="",
                line=other.lines[0],
            )
        db.session.rollback()

    def test_the_index_keeps_two_at_the_same_moment_apart(
        self, scene: Scene, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        scene.invite()
        # As if the other one had not been there yet when this one looked.
        monkeypatch.setattr(services, "list_open_on", lambda _project_id: [])
        assert "刚刚有人邀请过" in refused(scene)
        assert states() == [InvitationState.SENT]

    def test_the_database_itself_refuses_the_second(self, scene: Scene) -> None:
        first = scene.invite()
        columns = [c.key for c in ProjectInvitation.__table__.columns if c.key != "id"]
        db.session.add(ProjectInvitation(**{key: getattr(first, key) for key in columns}))
        with pytest.raises(IntegrityError):
            db.session.flush()
        db.session.rollback()


class TestAnswer:
    def test_interest_is_told_to_who_asked_and_to_the_county(self, scene: Scene) -> None:
        county = make_officer()
        city = make_officer("1307")
        scene.officer = actor_for(city)
        invitation = scene.answer(scene.invite(), interested=True, words="下周给数量")
        assert invitation.status is InvitationState.INTERESTED
        assert invitation.answer == "下周给数量"
        assert {city.id, county.id, scene.officer_user.id} <= told("有意向")
        assert all(line.held == 0 for line in scene.project.lines)

    def test_interest_needs_no_words(self, scene: Scene) -> None:
        assert scene.answer(scene.invite(), interested=True).answer == ""

    def test_declining_needs_a_reason(self, scene: Scene) -> None:
        invitation = scene.invite()
        with pytest.raises(InvalidInput) as caught:
            scene.answer(invitation, interested=False, words="忙")
        assert "words" in caught.value.fields
        db.session.rollback()
        assert invitation.is_waiting
        scene.answer(invitation, interested=False, words=WHY)
        assert invitation.status is InvitationState.DECLINED
        assert scene.officer.user_id in told("谢绝了认领")

    def test_only_the_organisation_answers(self, scene: Scene) -> None:
        invitation = scene.invite()
        _other, stranger = make_organisation()
        for actor in (scene.officer, actor_for(stranger)):
            with pytest.raises(Forbidden):
                answer_invitation(
                    actor=actor, invitation=invitation, version=1, interested=True, words=""
                )
            db.session.rollback()

    def test_it_is_answered_once(self, scene: Scene) -> None:
        invitation = scene.answer(scene.invite(), interested=True)
        with pytest.raises(StaleVersion):
            answer_invitation(
                actor=scene.agent, invitation=invitation, version=1, interested=True, words=""
            )
        db.session.rollback()
        with pytest.raises(IllegalMove):
            scene.answer(invitation, interested=False, words=WHY)
        db.session.rollback()

    def test_after_the_last_day_it_is_too_late(self, scene: Scene) -> None:
        with set_clock(NOON):
            invitation = scene.invite()
        with set_clock(later(14)):
            assert invitation.is_waiting
        with set_clock(later(15)), pytest.raises(Conflict, match="期限已经过了"):
            scene.answer(invitation, interested=True)
        db.session.rollback()

    def test_a_project_suspended_since_can_only_be_declined(self, scene: Scene) -> None:
        invitation = scene.invite()
        city = actor_for(make_officer("1307"))
        suspend_project(
            actor=city, project=scene.project, version=scene.project.version, reason=WHY
        )
        db.session.commit()
        with pytest.raises(Conflict, match="不接受认领"):
            scene.answer(invitation, interested=True)
        db.session.rollback()
        scene.answer(invitation, interested=False, words=WHY)


class TestWithdraw:
    def withdraw(self, scene: Scene, invitation: ProjectInvitation, reason: str = WHY) -> None:
        withdraw_invitation(
            actor=scene.officer, invitation=invitation, version=invitation.version, reason=reason
        )
        db.session.commit()

    def test_the_organisation_is_told_why(self, scene: Scene) -> None:
        invitation = scene.invite()
        self.withdraw(scene, invitation)
        assert invitation.status is InvitationState.WITHDRAWN
        assert told("收回了认领") == {scene.agent.user_id}
        scene.invite()

    def test_interest_can_be_taken_up_no_longer(self, scene: Scene) -> None:
        invitation = scene.answer(scene.invite(), interested=True)
        self.withdraw(scene, invitation)
        assert invitation.answered_at is not None
        scene.invite()

    def test_a_reason_the_right_and_the_version_are_needed(self, scene: Scene) -> None:
        invitation = scene.invite()
        with pytest.raises(InvalidInput):
            self.withdraw(scene, invitation, "短")
        db.session.rollback()
        with pytest.raises(StaleVersion):
            withdraw_invitation(actor=scene.officer, invitation=invitation, version=9, reason=WHY)
        db.session.rollback()
        for actor in (scene.agent, actor_for(make_officer("130723"))):
            with pytest.raises(Forbidden):
                withdraw_invitation(actor=actor, invitation=invitation, version=1, reason=WHY)
            db.session.rollback()

    def test_what_was_declined_or_lapsed_stays_as_it_is(self, scene: Scene) -> None:
        with set_clock(NOON):
            invitation = scene.invite()
        with set_clock(later(15)), pytest.raises(Conflict, match="已经失效"):
            self.withdraw(scene, invitation)
        db.session.rollback()
        with set_clock(NOON):
            scene.answer(invitation, interested=False, words=WHY)
        with pytest.raises(IllegalMove):
            self.withdraw(scene, invitation)
        db.session.rollback()


class TestWorkflow:
    def test_each_cell(self) -> None:
        allowed = {
            (InvitationState.SENT, InvitationAction.SHOW_INTEREST),
            (InvitationState.SENT, InvitationAction.DECLINE),
            (InvitationState.SENT, InvitationAction.WITHDRAW),
            (InvitationState.SENT, InvitationAction.LAPSE),
            (InvitationState.INTERESTED, InvitationAction.WITHDRAW),
        }
        for state in InvitationState:
            for action in InvitationAction:
                assert WORKFLOW.allows(state, action) == ((state, action) in allowed)


class TestLists:
    def test_counts_and_lists_agree_for_each_state(self, scene: Scene) -> None:
        with set_clock(NOON - timedelta(days=20)):
            lapsed = scene.invite()
        interested = scene.invite(make_organisation()[0])
        other, agent = make_organisation()
        scene.organisation, scene.agent, scene.agent_user = other, actor_for(agent), agent
        claimed = scene.answer(scene.invite(), interested=True)
        make_claim(scene.project, other, agent)
        db.session.expire_all()
        counts = count_for_desk(scene.officer)
        assert counts == {
            Shown.WAITING: 1,
            Shown.INTERESTED: 1,
            Shown.DECLINED: 0,
            Shown.LAPSED: 1,
            Shown.WITHDRAWN: 0,
            Shown.CLAIMED: 1,
        }
        for shown, count in counts.items():
            assert list_for_desk(scene.officer, shown, 1).total == count
        everything = list_for_desk(scene.officer, None, 1)
        assert [row.invitation.id for row in everything.items] == [
            claimed.id,
            interested.id,
            lapsed.id,
        ]
        assert [row.claim is not None for row in everything.items] == [True, False, False]

    def test_a_claim_made_before_does_not_answer_an_invitation(self, scene: Scene) -> None:
        claim = make_claim(scene.project, scene.organisation, scene.agent_user)
        withdraw_claim(actor=scene.agent, claim=claim, version=claim.version, reason=WHY)
        db.session.commit()
        invitation = scene.invite()
        assert find_claim_since(invitation) is None
        made = make_claim(
            scene.project,
            scene.organisation,
            scene.agent_user,
            {scene.project.lines[1].id: Decimal(10)},
        )
        found = find_claim_since(invitation)
        assert found is not None
        assert found.id == made.id

    def test_another_county_and_a_stranger_see_none(self, scene: Scene) -> None:
        scene.invite()
        for region in ("130723", "1308", "11"):
            assert list_for_desk(actor_for(make_officer(region)), None, 1).total == 0
        assert list_for_desk(actor_for(make_officer("13")), None, 1).total == 1


class TestMove:
    def test_a_merged_record_brings_its_invitations(self, scene: Scene) -> None:
        other, _agent = make_organisation()
        kept = scene.invite()
        moved = scene.invite(other)
        elsewhere = make_project()
        scene.project = elsewhere
        alone = scene.invite(other)
        move_invitations(other, scene.organisation, WHY)
        db.session.commit()
        assert {row.organisation_id for row in (kept, moved, alone)} == {scene.organisation.id}
        assert states() == [
            InvitationState.SENT,
            InvitationState.WITHDRAWN,
            InvitationState.SENT,
        ]
        assert list(find_breaches()) == []
