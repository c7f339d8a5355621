"""The verbs of claims on a real database."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select, text

from matchplatform.access.actor import SYSTEM, VISITOR
from matchplatform.audit.queries import list_history
from matchplatform.claims import services
from matchplatform.claims.holds import NothingLeft, expire_claim, expire_lapsed
from matchplatform.claims.models import Claim
from matchplatform.claims.states import ClaimState
from matchplatform.kernel import clock
from matchplatform.kernel.clock import set_clock
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import (
    AskAgain,
    Conflict,
    Forbidden,
    IllegalMove,
    InvalidInput,
    StaleVersion,
)
from matchplatform.projects.services import suspend_project
from matchplatform.projects.states import ProjectState
from tests.claims.conftest import JOBS, LINES, MONEY, Scene, assert_clean, told
from tests.factories import (
    actor_for,
    make_admin,
    make_auditor,
    make_officer,
    make_organisation,
    make_project,
)

LATER = timedelta(days=15)
WHY = "资金来源有变化，先撤回"


def count_claims() -> int:
    """Count the claims of every state."""
    return db.session.scalar(select(func.count()).select_from(Claim)) or 0


def actions_on(claim: Claim) -> list[str]:
    """List what the trail says of a claim, oldest first."""
    return [entry.action for entry in reversed(list_history("claim", claim.id))]


def submit(scene: Scene, claim: Claim, message: str = "") -> Claim:
    """Submit and commit."""
    services.submit_claim(actor=scene.agent, claim=claim, version=claim.version, message=message)
    db.session.commit()
    return claim


def accept(scene: Scene, claim: Claim) -> Claim:
    """Submit, accept and commit."""
    submit(scene, claim)
    services.accept_claim(actor=scene.officer, claim=claim, version=claim.version)
    db.session.commit()
    return claim


class TestReserve:
    def test_a_part_of_one_line_is_held_for_fourteen_days(self, scene: Scene) -> None:
        with set_clock(datetime(2020, 3, 1, 15, 30, tzinfo=UTC)):
            claim = scene.reserve({"取暖款": "20000"})
        assert claim.status is ClaimState.RESERVED
        assert claim.value == Decimal("20000.00")
        assert claim.hold_until == datetime(2020, 3, 15, 16, tzinfo=UTC)
        assert claim.last_day.isoformat() == "2020-03-15"
        assert scene.held("取暖款") == 20000
        assert scene.held("被褥") == 0
        assert actions_on(claim) == ["claim.reserve"]
        assert_clean()

    def test_everything_can_be_taken(self, scene: Scene) -> None:
        claim = scene.reserve({line.item: str(line.quantity) for line in scene.project.lines})
        assert claim.value == Decimal("115750.00")
        assert all(scene.held(line.item) == line.quantity for line in LINES)
        assert_clean()

    def test_chosen_lines_leave_the_others_alone(self, scene: Scene) -> None:
        scene.reserve({"被褥": "12", "驻校社工": "2.5"})
        assert [scene.held(line.item) for line in LINES] == [0, 12, Decimal("2.5"), 0, 0]
        assert_clean()

    def test_moving_held_leaves_the_version_that_guards_edits(self, scene: Scene) -> None:
        before = scene.project.version
        scene.reserve({"取暖款": "20000"})
        db.session.expire_all()
        assert scene.project.version == before

    def test_the_price_of_the_day_is_kept(self, scene: Scene) -> None:
        claim = scene.reserve({"被褥": "10", "宿管岗位": "1"})
        assert [part.unit_price for part in claim.lines] == [Decimal("260.00"), None]
        assert claim.value == Decimal("2600.00")

    @pytest.mark.parametrize(
        ("item", "amount"),
        [
            ("被褥", "9"),
            ("被褥", "1"),
            ("被褥", "10.5"),
            ("宿管岗位", "0.5"),
            ("心电图机", "1.001"),
            ("取暖款", "100.005"),
            ("取暖款", "99.99"),
            ("驻校社工", "1.0001"),
            ("被褥", "26"),
            ("取暖款", "95000.01"),
            ("被褥", "0"),
            ("被褥", "-10"),
        ],
    )
    def test_a_quantity_that_does_not_fit_is_named_at_its_line(
        self, scene: Scene, item: str, amount: str
    ) -> None:
        with pytest.raises(InvalidInput) as caught:
            scene.reserve({item: amount, **({} if item == "取暖款" else {"取暖款": "500"})})
        assert list(caught.value.fields) == [f"line-{scene.ids(item)[0]}"]
        db.session.rollback()
        assert count_claims() == 0
        assert scene.held(item) == 0

    @pytest.mark.parametrize(
        ("item", "amount"), [("取暖款", "100.05"), ("驻校社工", "1.125"), ("被褥", "10.000")]
    )
    def test_the_decimals_that_a_unit_bears_are_taken(
        self, scene: Scene, item: str, amount: str
    ) -> None:
        scene.reserve({item: amount})
        assert scene.held(item) == Decimal(amount)

    def test_a_rest_below_the_least_lot_is_taken_whole(self, scene: Scene) -> None:
        scene.reserve({"被褥": "20"})
        other = scene.other()
        with pytest.raises(InvalidInput):
            other.reserve({"被褥": "4"})
        db.session.rollback()
        other.reserve({"被褥": "5"})
        assert scene.held("被褥") == 25
        assert_clean()

    def test_without_a_quantity_there_is_no_claim(self, scene: Scene) -> None:
        with pytest.raises(InvalidInput):
            scene.reserve({})
        db.session.rollback()
        assert count_claims() == 0

    def test_a_line_of_another_project_is_refused(self, scene: Scene) -> None:
        foreign = make_project(lines=LINES).lines[0].id
        with pytest.raises(InvalidInput):
            services.reserve_claim(
                actor=scene.agent,
                organisation=scene.organisation,
                project=scene.project,
                version=scene.project.version,
                quantities={foreign: Decimal(500)},
            )
        db.session.rollback()
        assert count_claims() == 0

    def test_an_unverified_organisation_may_not(self, scene: Scene) -> None:
        organisation, agent = make_organisation(verified=False)
        with pytest.raises(Conflict, match="核验"):
            Scene(scene.project, organisation, actor_for(agent), scene.officer).reserve(
                {"取暖款": "500"}
            )
        db.session.rollback()
        assert count_claims() == 0

    @pytest.mark.parametrize(
        "state", [ProjectState.DRAFT, ProjectState.SUBMITTED, ProjectState.VERIFIED]
    )
    def test_a_project_that_is_not_published_takes_none(
        self, scene: Scene, state: ProjectState
    ) -> None:
        scene.project = make_project(state=state, lines=LINES)
        with pytest.raises(Conflict, match="不接受"):
            scene.reserve({"取暖款": "500"})
        db.session.rollback()
        assert count_claims() == 0

    def test_a_suspended_project_takes_none(self, scene: Scene) -> None:
        city = actor_for(make_officer("1307"))
        suspend_project(
            actor=city, project=scene.project, version=scene.project.version, reason="核对条目数量"
        )
        db.session.commit()
        with pytest.raises(Conflict, match="不接受"):
            scene.reserve({"取暖款": "500"})
        db.session.rollback()

    def test_the_deadline_counts_to_its_end_in_shanghai(self, scene: Scene) -> None:
        deadline = scene.project.claim_deadline
        assert deadline is not None
        with set_clock(clock.end_of_day(deadline)), pytest.raises(Conflict, match="截止"):
            scene.reserve({"取暖款": "500"})
        db.session.rollback()
        with set_clock(clock.end_of_day(deadline) - clock.A_MOMENT):
            scene.reserve({"取暖款": "500"})
        assert scene.held("取暖款") == 500

    def test_the_agent_of_another_organisation_is_forbidden(self, scene: Scene) -> None:
        other = scene.other()
        scene.agent = other.agent
        with pytest.raises(Forbidden):
            scene.reserve({"取暖款": "500"})
        db.session.rollback()
        assert count_claims() == 0

    def test_nobody_else_may(self, scene: Scene) -> None:
        for actor in (
            VISITOR, SYSTEM, scene.officer, actor_for(make_admin()), actor_for(make_auditor())
        ):  # fmt: skip
            scene.agent = actor
            with pytest.raises(Forbidden):
                scene.reserve({"取暖款": "500"})
            db.session.rollback()
        assert count_claims() == 0

    def test_a_second_claim_waits_until_the_first_is_decided(self, scene: Scene) -> None:
        first = scene.reserve({"取暖款": "500"})
        number = first.number
        with pytest.raises(Conflict, match=number):
            scene.reserve({"被褥": "10"})
        db.session.rollback()
        submit(scene, first)
        with pytest.raises(Conflict, match=number):
            scene.reserve({"被褥": "10"})
        db.session.rollback()
        services.accept_claim(actor=scene.officer, claim=first, version=first.version)
        db.session.commit()
        scene.reserve({"被褥": "10"})
        assert_clean()

    def test_a_stale_page_is_refused(self, scene: Scene) -> None:
        with pytest.raises(StaleVersion):
            services.reserve_claim(
                actor=scene.agent,
                organisation=scene.organisation,
                project=scene.project,
                version=scene.project.version - 1,
                quantities=scene.amounts({"取暖款": "500"}),
            )
        db.session.rollback()
        assert count_claims() == 0

    def test_the_loser_of_the_last_unit_learns_what_is_left(self, scene: Scene) -> None:
        scene.reserve({"心电图机": "1"})
        other = scene.other()
        with pytest.raises(NothingLeft) as caught:
            other.reserve({"取暖款": "500", "心电图机": "1"})
        assert caught.value.left == {scene.ids("心电图机")[0]: 0}
        assert "心电图机" in str(caught.value.words)
        db.session.rollback()
        assert count_claims() == 1
        assert scene.held("心电图机") == 1
        assert scene.held("取暖款") == 0
        assert_clean()

    def test_several_lines_are_all_held_or_none(self, scene: Scene) -> None:
        scene.reserve({"被褥": "20"})
        other = scene.other()
        with pytest.raises(NothingLeft) as caught:
            other.reserve({"取暖款": "500", "被褥": "10", "宿管岗位": "2"})
        assert caught.value.left == {scene.ids("被褥")[0]: 5}
        db.session.rollback()
        assert [scene.held(line.item) for line in LINES] == [0, 20, 0, 0, 0]
        assert_clean()


class TestReserveAfterLapse:
    def test_the_next_claimant_frees_what_has_run_out(self, scene: Scene) -> None:
        first = scene.reserve({"心电图机": "1", "取暖款": "500"})
        other = scene.other()
        with set_clock(first.hold_until):
            second = other.reserve({"心电图机": "1"})
        assert first.status is ClaimState.EXPIRED
        assert second.status is ClaimState.RESERVED
        assert scene.held("取暖款") == 0
        assert scene.held("心电图机") == 1
        assert actions_on(first) == ["claim.reserve", "claim.expire"]
        assert told("已到期释放") == {scene.agent.user_id}
        assert_clean()

    def test_until_the_last_moment_it_is_held(self, scene: Scene) -> None:
        first = scene.reserve({"心电图机": "1"})
        other = scene.other()
        with set_clock(first.hold_until - clock.A_MOMENT), pytest.raises(NothingLeft):
            other.reserve({"心电图机": "1"})
        db.session.rollback()

    def test_the_same_organisation_may_take_another_line(self, scene: Scene) -> None:
        first = scene.reserve({"心电图机": "1"})
        with set_clock(first.hold_until):
            scene.reserve({"被褥": "10"})
        assert first.status is ClaimState.EXPIRED
        assert scene.held("心电图机") == 0
        assert_clean()

    def test_a_rest_below_the_least_lot_is_judged_by_what_is_free_by_then(
        self, scene: Scene
    ) -> None:
        with set_clock(clock.now() - timedelta(days=2)):
            scene.reserve({"被褥": "20"})
        scene.other().reserve({"被褥": "5"})
        with set_clock(clock.now() + timedelta(days=13)):
            third = scene.other()
            with pytest.raises(InvalidInput):
                third.reserve({"被褥": "5"})
            db.session.rollback()
            third.reserve({"被褥": "20"})
        assert scene.held("被褥") == 25
        assert_clean()


class TestAskAgain:
    def test_yuan_that_look_like_wan_are_asked_about(self, scene: Scene) -> None:
        with pytest.raises(AskAgain) as caught:
            scene.reserve({"取暖款": "500"}, confirmed=False)
        assert "确定是 500 元吗" in str(caught.value.questions[0])
        db.session.rollback()
        assert count_claims() == 0
        scene.reserve({"取暖款": "500"}, confirmed=True)
        assert scene.held("取暖款") == 500

    def test_a_thousand_yuan_is_not_asked_about(self, scene: Scene) -> None:
        assert scene.reserve({"取暖款": "1000"}, confirmed=False)

    def test_a_small_line_is_not_asked_about(self, scene: Scene) -> None:
        line = MONEY.__class__(MONEY.kind, "电费", Decimal(9999), "元", Decimal(1), Decimal(1))
        scene.project = make_project(lines=(line,))
        assert scene.reserve({"电费": "3"}, confirmed=False)

    def test_over_ten_times_the_median_is_asked_about(self, scene: Scene) -> None:
        for _organisation in range(5):
            scene.other().reserve({"取暖款": "1000"})
        with pytest.raises(AskAgain) as caught:
            scene.reserve({"取暖款": "10000.01"}, confirmed=False)
        assert "0.10 万元" in str(caught.value.questions[0])
        db.session.rollback()
        assert scene.reserve({"取暖款": "10000"}, confirmed=False)

    def test_fewer_than_five_claims_compare_with_nothing(self, scene: Scene) -> None:
        for _organisation in range(4):
            scene.other().reserve({"取暖款": "1000"})
        assert scene.reserve({"取暖款": "90000"}, confirmed=False)

    def test_what_has_no_price_is_not_asked_about(self, scene: Scene) -> None:
        scene.project = make_project(lines=(MONEY, JOBS))
        assert scene.reserve({"宿管岗位": "2"}, confirmed=False).value == 0


class TestExtend:
    def test_it_adds_fourteen_days_once(self, scene: Scene) -> None:
        claim = scene.reserve({"取暖款": "500"})
        before = claim.hold_until
        services.extend_claim(actor=scene.agent, claim=claim, version=claim.version)
        db.session.commit()
        assert claim.hold_until - before == timedelta(days=14)
        assert actions_on(claim) == ["claim.reserve", "claim.extend"]
        with pytest.raises(Conflict, match="一次"):
            services.extend_claim(actor=scene.agent, claim=claim, version=claim.version)
        db.session.rollback()
        assert_clean()

    def test_what_has_lapsed_cannot_be_extended(self, scene: Scene) -> None:
        claim = scene.reserve({"取暖款": "500"})
        with set_clock(claim.hold_until), pytest.raises(Conflict, match="到期"):
            services.extend_claim(actor=scene.agent, claim=claim, version=claim.version)
        db.session.rollback()

    def test_what_was_submitted_cannot_be_extended(self, scene: Scene) -> None:
        claim = submit(scene, scene.reserve({"取暖款": "500"}))
        with pytest.raises(IllegalMove):
            services.extend_claim(actor=scene.agent, claim=claim, version=claim.version)
        db.session.rollback()

    def test_an_extended_hold_is_not_freed_at_its_first_end(self, scene: Scene) -> None:
        claim = scene.reserve({"心电图机": "1"})
        first_end = claim.hold_until
        services.extend_claim(actor=scene.agent, claim=claim, version=claim.version)
        db.session.commit()
        with set_clock(first_end):
            assert expire_lapsed() == 0
        with set_clock(first_end + timedelta(days=14)):
            assert expire_lapsed() == 1
        db.session.commit()


class TestSubmit:
    def test_it_goes_to_the_officers_of_the_county(self, scene: Scene) -> None:
        claim = submit(scene, scene.reserve({"取暖款": "500"}), "  我们想尽快开始。\u200b ")
        assert claim.status is ClaimState.SUBMITTED
        assert claim.message == "我们想尽快开始。"
        assert claim.submitted_at is not None
        assert scene.officer.user_id in told("等您受理")
        assert actions_on(claim) == ["claim.reserve", "claim.submit"]
        assert scene.held("取暖款") == 500
        assert_clean()

    def test_a_submitted_claim_lapses_no_more(self, scene: Scene) -> None:
        claim = submit(scene, scene.reserve({"取暖款": "500"}))
        with set_clock(claim.hold_until + LATER):
            assert expire_lapsed() == 0
        assert scene.held("取暖款") == 500

    def test_a_long_message_is_refused(self, scene: Scene) -> None:
        claim = scene.reserve({"取暖款": "500"})
        with pytest.raises(InvalidInput):
            submit(scene, claim, "长" * 501)
        db.session.rollback()
        submit(scene, claim, "长" * 500)

    def test_on_a_suspended_project_it_goes_on_as_the_days_of_the_hold_do(
        self, scene: Scene
    ) -> None:
        claim = scene.reserve({"取暖款": "500"})
        suspend_project(
            actor=actor_for(make_officer("1307")),
            project=scene.project,
            version=scene.project.version,
            reason="核对条目数量",
        )
        db.session.commit()
        assert accept(scene, claim).status is ClaimState.ACCEPTED
        assert_clean()

    def test_a_closed_project_takes_no_submission(self, scene: Scene) -> None:
        claim = scene.reserve({"取暖款": "500"})
        db.session.execute(text("UPDATE projects SET status = 'closed', close_outcome = 'met'"))
        db.session.commit()
        db.session.expire_all()
        with pytest.raises(Conflict, match="已关闭"):
            submit(scene, claim)
        db.session.rollback()
        assert claim.status is ClaimState.RESERVED

    def test_what_has_lapsed_cannot_be_submitted(self, scene: Scene) -> None:
        claim = scene.reserve({"取暖款": "500"})
        with set_clock(claim.hold_until), pytest.raises(Conflict, match="到期"):
            submit(scene, claim)
        db.session.rollback()


class TestAccept:
    def test_the_county_accepts_and_the_organisation_learns_of_it(self, scene: Scene) -> None:
        claim = accept(scene, scene.reserve({"取暖款": "500"}))
        assert claim.status is ClaimState.ACCEPTED
        assert claim.decided_at is not None
        assert claim.ended_at is None
        assert told("已受理") == {scene.agent.user_id}
        assert actions_on(claim)[-1] == "claim.accept"
        assert scene.held("取暖款") == 500
        assert_clean()

    def test_the_city_may_and_others_may_not(self, scene: Scene) -> None:
        claim = submit(scene, scene.reserve({"取暖款": "500"}))
        for region in ("130723", "1308", "13", "110101"):
            with pytest.raises(Forbidden):
                services.accept_claim(
                    actor=actor_for(make_officer(region)), claim=claim, version=claim.version
                )
            db.session.rollback()
        for actor in (scene.agent, SYSTEM, VISITOR):
            with pytest.raises(Forbidden):
                services.accept_claim(actor=actor, claim=claim, version=claim.version)
            db.session.rollback()
        city = actor_for(make_officer("1307"))
        services.accept_claim(actor=city, claim=claim, version=claim.version)
        db.session.commit()
        assert claim.status is ClaimState.ACCEPTED

    def test_two_officers_decide_once(self, scene: Scene) -> None:
        claim = submit(scene, scene.reserve({"取暖款": "500"}))
        seen = claim.version
        services.accept_claim(actor=scene.officer, claim=claim, version=seen)
        db.session.commit()
        with pytest.raises(StaleVersion):
            services.decline_claim(
                actor=scene.officer, claim=claim, version=seen, reason="已经有别家"
            )
        db.session.rollback()
        assert claim.status is ClaimState.ACCEPTED


class TestDecline:
    def test_it_says_why_and_gives_back(self, scene: Scene) -> None:
        claim = submit(scene, scene.reserve({"取暖款": "500", "被褥": "10"}))
        services.decline_claim(
            actor=scene.officer, claim=claim, version=claim.version, reason=" 规格与学校不符 "
        )
        db.session.commit()
        assert claim.status is ClaimState.DECLINED
        assert claim.reason == "规格与学校不符"
        assert claim.decided_at == claim.ended_at is not None
        assert scene.held("取暖款") == scene.held("被褥") == 0
        assert told("没有受理") == {scene.agent.user_id}
        entry = list_history("claim", claim.id)[0]
        assert (entry.action, entry.reason) == ("claim.decline", "规格与学校不符")
        assert_clean()

    @pytest.mark.parametrize("reason", ["", "  ", "不行", "一二三四\u200b\u200b", "长" * 501])
    def test_without_a_fitting_reason_nothing_happens(self, scene: Scene, reason: str) -> None:
        claim = submit(scene, scene.reserve({"取暖款": "500"}))
        with pytest.raises(InvalidInput) as caught:
            services.decline_claim(
                actor=scene.officer, claim=claim, version=claim.version, reason=reason
            )
        assert "reason" in caught.value.fields
        db.session.rollback()
        assert claim.status is ClaimState.SUBMITTED
        assert scene.held("取暖款") == 500


class TestWithdraw:
    def test_a_reservation_needs_no_reason(self, scene: Scene) -> None:
        claim = scene.reserve({"取暖款": "500"})
        services.withdraw_claim(actor=scene.agent, claim=claim, version=claim.version, reason="")
        db.session.commit()
        assert claim.status is ClaimState.WITHDRAWN
        assert scene.held("取暖款") == 0
        assert told("撤回了") == set()
        assert actions_on(claim) == ["claim.reserve", "claim.withdraw"]
        assert_clean()

    @pytest.mark.parametrize("accepted", [False, True])
    def test_after_submitting_the_county_learns_why(self, scene: Scene, accepted: bool) -> None:
        claim = scene.reserve({"取暖款": "500"})
        (accept if accepted else submit)(scene, claim)
        with pytest.raises(InvalidInput):
            services.withdraw_claim(
                actor=scene.agent, claim=claim, version=claim.version, reason=""
            )
        db.session.rollback()
        assert scene.held("取暖款") == 500
        services.withdraw_claim(actor=scene.agent, claim=claim, version=claim.version, reason=WHY)
        db.session.commit()
        assert claim.status is ClaimState.WITHDRAWN
        assert claim.reason == WHY
        assert scene.held("取暖款") == 0
        assert scene.officer.user_id in told("撤回了")
        assert_clean()

    def test_a_reason_of_a_megabyte_is_refused(self, scene: Scene) -> None:
        claim = scene.reserve({"取暖款": "500"})
        with pytest.raises(InvalidInput):
            services.withdraw_claim(
                actor=scene.agent, claim=claim, version=claim.version, reason="长" * 10**6
            )
        db.session.rollback()

    def test_the_city_is_told_where_the_county_has_nobody(self, scene: Scene) -> None:
        claim = accept(scene, scene.reserve({"取暖款": "500"}))
        city = make_officer("1307")
        db.session.execute(
            text("UPDATE users SET is_active = FALSE WHERE region_prefix = :county"),
            {"county": scene.project.region_code},
        )
        db.session.commit()
        services.withdraw_claim(actor=scene.agent, claim=claim, version=claim.version, reason=WHY)
        db.session.commit()
        assert city.id in told("撤回了对")

    def test_after_withdrawing_one_may_claim_again(self, scene: Scene) -> None:
        claim = scene.reserve({"心电图机": "1"})
        services.withdraw_claim(actor=scene.agent, claim=claim, version=claim.version, reason="")
        db.session.commit()
        scene.reserve({"心电图机": "1"})
        assert_clean()

    def test_the_officer_and_other_organisations_may_not(self, scene: Scene) -> None:
        claim = scene.reserve({"取暖款": "500"})
        for actor in (scene.officer, scene.other().agent, VISITOR, SYSTEM):
            with pytest.raises(Forbidden):
                services.withdraw_claim(actor=actor, claim=claim, version=claim.version, reason=WHY)
            db.session.rollback()
        assert claim.status is ClaimState.RESERVED

    @pytest.mark.parametrize("how", ["withdrawn", "declined", "expired"])
    def test_what_is_over_stays_over(self, scene: Scene, how: str) -> None:
        claim = scene.reserve({"取暖款": "500"})
        if how == "expired":
            with set_clock(claim.hold_until):
                expire_lapsed()
        elif how == "declined":
            submit(scene, claim)
            services.decline_claim(
                actor=scene.officer, claim=claim, version=claim.version, reason=WHY
            )
        else:
            services.withdraw_claim(
                actor=scene.agent, claim=claim, version=claim.version, reason=WHY
            )
        db.session.commit()
        version = claim.version
        with pytest.raises(IllegalMove):
            services.withdraw_claim(actor=scene.agent, claim=claim, version=version, reason=WHY)
        with pytest.raises(IllegalMove):
            services.submit_claim(actor=scene.agent, claim=claim, version=version, message="")
        with pytest.raises(IllegalMove):
            services.accept_claim(actor=scene.officer, claim=claim, version=version)
        db.session.rollback()
        assert scene.held("取暖款") == 0
        assert_clean()


class TestStaleVersions:
    @pytest.mark.parametrize("verb", ["extend", "submit", "withdraw", "accept", "decline"])
    def test_every_verb_refuses_a_page_that_was_overtaken(self, scene: Scene, verb: str) -> None:
        claim = scene.reserve({"取暖款": "500"})
        if verb in ("accept", "decline"):
            submit(scene, claim)
        said: dict[str, Any] = {
            "actor": scene.officer if verb in ("accept", "decline") else scene.agent,
            "claim": claim,
            "version": claim.version - 1,
        }
        if verb in ("withdraw", "decline"):
            said["reason"] = WHY
        if verb == "submit":
            said["message"] = ""
        with pytest.raises(StaleVersion):
            getattr(services, f"{verb}_claim")(**said)
        db.session.rollback()


class TestExpire:
    def test_only_reservations_that_ran_out_are_freed(self, scene: Scene) -> None:
        lapsing = scene.reserve({"取暖款": "500"})
        other = scene.other()
        kept = other.reserve({"取暖款": "700"})
        submit(other, kept)
        with set_clock(lapsing.hold_until):
            assert expire_lapsed() == 1
            db.session.commit()
            assert expire_lapsed() == 0
        assert lapsing.status is ClaimState.EXPIRED
        assert lapsing.ended_at == lapsing.hold_until
        assert kept.status is ClaimState.SUBMITTED
        assert scene.held("取暖款") == 700
        assert actions_on(lapsing) == ["claim.reserve", "claim.expire"]
        assert list_history("claim", lapsing.id)[0].actor_label == SYSTEM.label
        assert told("已到期释放") == {scene.agent.user_id}
        assert_clean()

    def test_it_goes_in_helpings(self, scene: Scene) -> None:
        claims = [scene.other().reserve({"取暖款": "500"}) for _organisation in range(3)]
        with set_clock(claims[-1].hold_until + LATER):
            assert [expire_lapsed(limit=2), expire_lapsed(limit=2), expire_lapsed(limit=2)] == [
                2, 1, 0
            ]  # fmt: skip
        db.session.commit()
        assert scene.held("取暖款") == 0

    def test_nobody_but_the_system_may(self, scene: Scene) -> None:
        claim = scene.reserve({"取暖款": "500"})
        for actor in (scene.agent, scene.officer, actor_for(make_admin())):
            with pytest.raises(Forbidden):
                expire_claim(actor=actor, claim=claim)
        assert claim.status is ClaimState.RESERVED
