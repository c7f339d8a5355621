"""Joint claims on a real database: shares, confirming, leaving, taking over, and the pages."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from matchplatform.claims import services
from matchplatform.claims.capacity import OverCapacity, read_capacity
from matchplatform.claims.holds import expire_lapsed
from matchplatform.claims.joint import (
    confirm_share,
    decline_share,
    free_lapsed_offers,
    give_back,
    leave_jointly,
    reserve_jointly,
    take_over,
)
from matchplatform.claims.models import Claim, ClaimMember, ClaimShare
from matchplatform.claims.queries import find_breaches, get_claim, list_joined_of
from matchplatform.claims.states import (
    MEMBER_WORKFLOW,
    ClaimState,
    MemberAction,
    MemberState,
)
from matchplatform.kernel.clock import set_clock
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import (
    Conflict,
    Forbidden,
    IllegalMove,
    InvalidInput,
    NotFound,
    StaleVersion,
)
from tests.claims.conftest import Scene, assert_clean, told
from tests.factories import make_organisation, sign_in

WHY = "今年的款项已经用完"


def start(scene: Scene, others: list[Scene], parts: list[dict[str, str]]) -> Claim:
    """Reserve jointly and commit; ``parts`` are shares by item, the lead's first."""
    everybody = [scene, *others]
    claim = reserve_jointly(
        actor=scene.agent,
        organisation=scene.organisation,
        partners=[other.organisation for other in others],
        project=scene.project,
        version=scene.project.version,
        shares={
            who.organisation.id: who.amounts(part)
            for who, part in zip(everybody, parts, strict=True)
        },
        confirmed=True,
    )
    db.session.commit()
    return claim


def three(scene: Scene) -> tuple[Claim, Scene, Scene]:
    """Start a claim of three: 10 quilts and money; 10 quilts; 5 quilts."""
    first, second = scene.other(), scene.other()
    parts = [{"被褥": "10", "取暖款": "1000"}, {"被褥": "10"}, {"被褥": "5", "心电图机": "1"}]
    return start(scene, [first, second], parts), first, second


def part_of(claim: Claim, who: Scene) -> ClaimMember:
    """Return somebody's place in a claim."""
    return next(m for m in claim.members if m.organisation_id == who.organisation.id)


def confirm(claim: Claim, *who: Scene) -> None:
    """Confirm for each and commit."""
    for each in who:
        confirm_share(actor=each.agent, member=part_of(claim, each), version=claim.version)
        db.session.commit()


def leave(claim: Claim, who: Scene) -> ClaimMember:
    """Leave and commit."""
    member = leave_jointly(
        actor=who.agent, member=part_of(claim, who), version=claim.version, reason=WHY
    )
    db.session.commit()
    return member


def submit(scene: Scene, claim: Claim) -> None:
    """Submit and commit."""
    services.submit_claim(actor=scene.agent, claim=claim, version=claim.version, message="")
    db.session.commit()


class TestWorkflow:
    def test_three_moves_and_no_more(self) -> None:
        assert MEMBER_WORKFLOW.moves == {
            (MemberState.INVITED, MemberAction.CONFIRM): MemberState.CONFIRMED,
            (MemberState.INVITED, MemberAction.DECLINE): MemberState.DECLINED,
            (MemberState.CONFIRMED, MemberAction.LEAVE): MemberState.LEFT,
        }


class TestReserve:
    def test_the_sum_is_held_at_once_and_the_members_are_told(self, scene: Scene) -> None:
        claim, first, second = three(scene)
        assert scene.held("被褥") == 25
        assert scene.held("心电图机") == 1
        assert [m.status for m in claim.members] == [
            MemberState.CONFIRMED,
            MemberState.INVITED,
            MemberState.INVITED,
        ]
        assert [m.value for m in claim.members] == [Decimal(3600), Decimal(2600), Decimal(13300)]
        assert told("邀请贵会联合认领") == {first.agent.user_id, second.agent.user_id}
        assert list_joined_of(first.organisation.id) == [claim]
        assert get_claim(first.agent, claim.id) is claim
        with pytest.raises(NotFound):
            get_claim(scene.other().agent, claim.id)
        assert_clean()

    def test_a_share_may_be_below_the_least_lot_when_the_sum_is_not(self, scene: Scene) -> None:
        start(scene, [scene.other()], [{"被褥": "6"}, {"被褥": "4"}])
        assert_clean()

    @pytest.mark.parametrize(
        "parts",
        [
            [{"被褥": "10"}, {}],
            [{}, {"被褥": "10"}],
            [{"被褥": "20"}, {"被褥": "10"}],
            [{"被褥": "9.5"}, {"被褥": "1.5"}],
            [{"被褥": "11"}, {"被褥": "-1"}],
            [{"被褥": "4"}, {"被褥": "4"}],
        ],
    )
    def test_what_does_not_fit_is_refused(self, scene: Scene, parts: list[dict[str, str]]) -> None:
        other = scene.other()
        with pytest.raises(InvalidInput):
            start(scene, [other], parts)
        db.session.rollback()
        assert scene.held("被褥") == 0

    def test_one_is_not_together_and_the_unverified_are_not_asked(self, scene: Scene) -> None:
        with pytest.raises(InvalidInput):
            start(scene, [], [{"被褥": "10"}])
        db.session.rollback()
        organisation, _agent = make_organisation(verified=False)
        fresh = Scene(scene.project, organisation, scene.agent, scene.officer)
        with pytest.raises(Conflict):
            start(scene, [fresh], [{"被褥": "10"}, {"被褥": "10"}])
        db.session.rollback()

    def test_the_losers_of_a_race_hold_nothing(self, scene: Scene) -> None:
        scene.other().reserve({"被褥": "20"})
        other = scene.other()
        with pytest.raises(Conflict):
            start(scene, [other], [{"取暖款": "1000"}, {"被褥": "10"}])
        db.session.rollback()
        assert scene.held("取暖款") == 0
        assert_clean()


class TestConfirm:
    def test_all_confirm_before_it_can_be_submitted_and_accepted(self, scene: Scene) -> None:
        claim, first, second = three(scene)
        with pytest.raises(Conflict):
            submit(scene, claim)
        db.session.rollback()
        confirm(claim, first)
        with pytest.raises(Conflict):
            submit(scene, claim)
        db.session.rollback()
        confirm(claim, second)
        submit(scene, claim)
        services.accept_claim(actor=scene.officer, claim=claim, version=claim.version)
        db.session.commit()
        assert told("已受理贵会") >= {first.agent.user_id, second.agent.user_id}
        assert_clean()

    def test_nobody_confirms_for_another_or_on_an_old_page(self, scene: Scene) -> None:
        claim, first, second = three(scene)
        with pytest.raises(Forbidden):
            confirm_share(actor=second.agent, member=part_of(claim, first), version=claim.version)
        db.session.rollback()
        old = claim.version
        confirm(claim, first)
        with pytest.raises(StaleVersion):
            confirm_share(actor=second.agent, member=part_of(claim, second), version=old)
        db.session.rollback()
        with pytest.raises(IllegalMove):
            confirm(claim, first)
        db.session.rollback()

    def test_each_answers_for_its_own_share_with_its_own_budget(self, scene: Scene) -> None:
        claim, first, second = three(scene)
        db.session.execute(
            update(type(first.organisation))
            .where(type(first.organisation).id == first.organisation.id)
            .values(annual_budget=Decimal(2000))
        )
        db.session.commit()
        with pytest.raises(OverCapacity):
            confirm(claim, first)
        db.session.rollback()
        confirm(claim, second)
        assert read_capacity(second.organisation, scene.project).promised == Decimal(13300)
        assert read_capacity(scene.organisation, scene.project).promised == Decimal(3600)

    def test_a_hold_that_has_run_out_frees_everything(self, scene: Scene) -> None:
        claim, first, _second = three(scene)
        with set_clock(datetime.now(UTC) + timedelta(days=16)):
            with pytest.raises(Conflict):
                confirm(claim, first)
            db.session.rollback()
            assert expire_lapsed() == 1
            db.session.commit()
        assert scene.held("被褥") == 0
        assert first.agent.user_id in told("已到期释放")
        assert_clean()


class TestLeave:
    def test_a_share_is_offered_to_the_others_first(self, scene: Scene) -> None:
        claim, first, second = three(scene)
        confirm(claim, first)
        gone = decline_share(
            actor=second.agent, member=part_of(claim, second), version=claim.version, reason=WHY
        )
        db.session.commit()
        assert gone.is_offered
        assert scene.held("被褥") == 25
        with pytest.raises(Conflict):
            submit(scene, claim)
        db.session.rollback()
        take_over(actor=first.agent, member=part_of(claim, first), gone=gone, version=claim.version)
        db.session.commit()
        assert [share.quantity for share in part_of(claim, first).shares] == [15, 1]
        assert not gone.is_offered
        submit(scene, claim)
        assert_clean()

    def test_what_nobody_takes_goes_back_after_five_days(self, scene: Scene) -> None:
        claim, first, second = three(scene)
        confirm(claim, first, second)
        submit(scene, claim)
        leave(claim, second)
        assert scene.officer.user_id in told("的份额先由其他成员接")
        with set_clock(datetime.now(UTC) + timedelta(days=4)):
            assert free_lapsed_offers() == 0
        with set_clock(datetime.now(UTC) + timedelta(days=6)):
            assert free_lapsed_offers() == 1
            db.session.commit()
            assert free_lapsed_offers() == 0
        assert scene.held("被褥") == 20
        assert scene.held("心电图机") == 0
        assert claim.value == Decimal(6200)
        assert claim.status is ClaimState.SUBMITTED
        services.accept_claim(actor=scene.officer, claim=claim, version=claim.version)
        db.session.commit()
        assert_clean()

    def test_the_lead_gives_back_at_once_and_nobody_else_does(self, scene: Scene) -> None:
        claim, first, second = three(scene)
        confirm(claim, first, second)
        gone = leave(claim, second)
        with pytest.raises(Forbidden):
            give_back(actor=first.agent, gone=gone, version=claim.version)
        db.session.rollback()
        give_back(actor=scene.agent, gone=gone, version=claim.version)
        db.session.commit()
        assert scene.held("心电图机") == 0
        with pytest.raises(IllegalMove):
            give_back(actor=scene.agent, gone=gone, version=claim.version)
        db.session.rollback()
        submit(scene, claim)
        assert_clean()

    def test_when_all_have_gone_the_lead_goes_on_alone(self, scene: Scene) -> None:
        claim, first, second = three(scene)
        confirm(claim, first, second)
        for who in (first, second):
            gone = leave(claim, who)
            give_back(actor=scene.agent, gone=gone, version=claim.version)
            db.session.commit()
        submit(scene, claim)
        assert claim.value == Decimal(3600)
        services.withdraw_claim(actor=scene.agent, claim=claim, version=claim.version, reason=WHY)
        db.session.commit()
        assert scene.held("被褥") == 0
        assert_clean()

    def test_the_lead_withdraws_instead_and_a_reason_is_due(self, scene: Scene) -> None:
        claim, first, _second = three(scene)
        with pytest.raises(Conflict):
            leave(claim, scene)
        db.session.rollback()
        with pytest.raises(InvalidInput):
            decline_share(
                actor=first.agent, member=part_of(claim, first), version=claim.version, reason=""
            )
        db.session.rollback()

    def test_who_has_not_confirmed_takes_nothing_over(self, scene: Scene) -> None:
        claim, first, second = three(scene)
        confirm(claim, second)
        gone = leave(claim, second)
        with pytest.raises(Conflict):
            take_over(
                actor=first.agent, member=part_of(claim, first), gone=gone, version=claim.version
            )
        db.session.rollback()
        assert_clean()


class TestCheck:
    def test_shares_that_do_not_sum_are_found(self, scene: Scene) -> None:
        claim, _first, _second = three(scene)
        share = db.session.scalars(select(ClaimShare)).first()
        assert share is not None
        share.quantity += 1
        db.session.commit()
        assert list(find_breaches()) == [f"claim {claim.id}: its shares do not sum to its lines"]


class TestPages:
    def test_one_invites_the_other_confirms(self, scene: Scene, client: FlaskClient) -> None:
        number, version = scene.project.number, str(scene.project.version)
        lead = scene.organisation.memberships[0].user
        partner, agent = make_organisation(name="张家口助学促进会")
        line = scene.ids("被褥")[0]
        mine, theirs = f"share-{scene.organisation.id}-{line}", f"share-{partner.id}-{line}"
        key, code, name = partner.id, partner.uscc, partner.name
        sign_in(client, lead)
        path = f"/projects/{number}/joint"
        assert path in client.get(f"/projects/{number}").get_data(as_text=True)
        for words in ("助学促进", code.lower()):
            assert name in client.get(f"{path}?find={words}").get_data(as_text=True)
        assert "没有找到" in client.get(f"{path}?find=%25").get_data(as_text=True)
        assert theirs in client.get(f"{path}?member={key}").get_data(as_text=True)
        sent = {"member": str(key), "version": version, mine: "15", theirs: "很多"}
        wrong = client.post(path, data=sent)
        assert wrong.status_code == 400
        assert 'value="很多"' in wrong.get_data(as_text=True)
        assert client.post(path, data={**sent, theirs: "11"}).status_code == 400
        sent["form_key"] = "twice"
        done = client.post(path, data={**sent, theirs: "10"})
        assert done.status_code == 303
        again = client.post(path, data={**sent, theirs: "9"})
        assert again.status_code == 422
        assert "先前那次已经办成" in again.get_data(as_text=True)
        address = done.headers["Location"]
        early = client.post(f"{address}/submit", data={"version": "1", "words": ""})
        assert early.status_code == 409
        assert "还没有确认的成员" in early.get_data(as_text=True)
        sign_in(client, agent)
        assert "别家牵头的联合认领" in client.get("/my").get_data(as_text=True)
        page = client.get(address).get_data(as_text=True)
        assert "邀请贵会联合认领" in page
        assert f'{address}/submit"' not in page
        empty = client.post(f"{address}/joint/decline", data={"version": "1", "words": ""})
        assert empty.status_code == 400
        assert client.post(f"{address}/withdraw", data={"version": "1"}).status_code == 403
        assert client.post(f"{address}/joint/confirm", data={"version": "1"}).status_code == 303
        stale = client.post(f"{address}/joint/leave", data={"version": "1", "words": WHY})
        assert stale.status_code == 409
        left = client.post(f"{address}/joint/leave", data={"version": "2", "words": WHY})
        assert left.status_code == 303
        sign_in(client, lead)
        assert "由贵会接下" in client.get(address).get_data(as_text=True)
        member = db.session.scalars(
            select(ClaimMember.id).where(ClaimMember.organisation_id == key)
        ).one()
        take = client.post(f"{address}/joint/{member}/take", data={"version": "3"})
        assert take.status_code == 303
        assert (
            client.post(f"{address}/joint/{member}/give", data={"version": "4"}).status_code == 409
        )
        assert client.post(f"{address}/submit", data={"version": "4"}).status_code == 303
        assert_clean()

    def test_strangers_find_nothing(self, scene: Scene, client: FlaskClient) -> None:
        claim, _first, _second = three(scene)
        claim_id = claim.id
        _organisation, agent = make_organisation()
        sign_in(client, agent)
        assert client.get(f"/claims/{claim_id}").status_code == 404
        path = f"/claims/{claim_id}/joint/confirm"
        assert client.post(path, data={"version": "1"}).status_code == 404
