"""The waitlist on a real database: joining, turns in order, leaving, and its page."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from matchplatform.accounts.models import User
from matchplatform.audit.models import AuditEntry
from matchplatform.claims import services
from matchplatform.claims.asked import WaitlistEntry
from matchplatform.claims.holding import read_holding
from matchplatform.claims.holds import NothingLeft, expire_lapsed
from matchplatform.claims.models import Claim
from matchplatform.claims.side import read_side
from matchplatform.claims.states import ClaimState, WaitState
from matchplatform.claims.waiting import list_places
from matchplatform.claims.waitlist import (
    drop_hopeless,
    join_waitlist,
    leave_waitlist,
    promote_waiting,
)
from matchplatform.kernel.clock import set_clock
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import AskAgain, Conflict, Forbidden, IllegalMove, InvalidInput
from matchplatform.projects.services import close_project, resume_project, suspend_project
from matchplatform.projects.states import CloseOutcome
from tests.claims.conftest import Scene, assert_clean, told
from tests.factories import actor_for, make_officer, make_organisation, make_project, sign_in

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
ALL_QUILTS = {"被褥": "25"}


def wait(scene: Scene, wanted: dict[str, str], *, confirmed: bool = True) -> WaitlistEntry:
    """Join and commit; return the first place."""
    entries = join_waitlist(
        actor=scene.agent,
        organisation=scene.organisation,
        project=scene.project,
        quantities=scene.amounts(wanted),
        confirmed=confirmed,
    )
    db.session.commit()
    return entries[0]


def withdraw(scene: Scene, claim: Claim) -> None:
    """Withdraw and commit."""
    services.withdraw_claim(actor=scene.agent, claim=claim, version=claim.version, reason="")
    db.session.commit()


def promote() -> list[Claim]:
    """Do what the worker does."""
    claims = promote_waiting()
    db.session.commit()
    return claims


def shown(claims: list[Claim]) -> list[tuple[int, list[Decimal]]]:
    """Return who got how much."""
    return [(claim.organisation_id, [part.quantity for part in claim.lines]) for claim in claims]


class TestJoin:
    def test_one_waits_for_what_others_hold(self, scene: Scene) -> None:
        scene.reserve(ALL_QUILTS)
        other = scene.other()
        entry = wait(other, {"被褥": "10"})
        assert entry.status is WaitState.WAITING
        assert [place.ahead for place in list_places(other.organisation.id)] == [0]
        assert db.session.scalars(select(AuditEntry.action)).all()[-1] == "waitlist.join"
        assert scene.held("被褥") == 25
        assert_clean()

    def test_what_is_left_is_claimed_not_waited_for(self, scene: Scene) -> None:
        with pytest.raises(InvalidInput) as caught:
            wait(scene, {"被褥": "10"})
        assert "直接认领" in str(next(iter(caught.value.fields.values())))
        db.session.rollback()

    @pytest.mark.parametrize("amount", ["0", "-1", "9", "26", "10.5"])
    def test_a_quantity_that_does_not_fit_is_refused(self, scene: Scene, amount: str) -> None:
        scene.reserve(ALL_QUILTS)
        other = scene.other()
        with pytest.raises(InvalidInput):
            wait(other, {"被褥": amount})
        db.session.rollback()
        assert list_places(other.organisation.id) == []

    def test_nobody_waits_twice_for_one_line(self, scene: Scene) -> None:
        scene.reserve(ALL_QUILTS)
        other = scene.other()
        wait(other, {"被褥": "10"})
        with pytest.raises(InvalidInput):
            wait(other, {"被褥": "12"})
        db.session.rollback()

    def test_what_is_out_of_the_ordinary_is_asked_again(self, scene: Scene) -> None:
        scene.reserve({"取暖款": "95000"})
        other = scene.other()
        with pytest.raises(AskAgain):
            wait(other, {"取暖款": "500"}, confirmed=False)
        db.session.rollback()
        assert wait(other, {"取暖款": "500"}).quantity == 500

    def test_only_the_verified_and_only_for_themselves(self, scene: Scene) -> None:
        scene.reserve(ALL_QUILTS)
        organisation, agent = make_organisation(verified=False)
        fresh = Scene(scene.project, organisation, actor_for(agent), scene.officer)
        with pytest.raises(Conflict):
            wait(fresh, {"被褥": "10"})
        db.session.rollback()
        other = scene.other()
        with pytest.raises(Forbidden):
            wait(Scene(scene.project, other.organisation, scene.agent, scene.officer), ALL_QUILTS)
        db.session.rollback()

    def test_a_line_of_another_project_is_refused(self, scene: Scene) -> None:
        elsewhere = make_project()
        with pytest.raises(InvalidInput):
            join_waitlist(
                actor=scene.agent,
                organisation=scene.organisation,
                project=scene.project,
                quantities={elsewhere.lines[0].id: Decimal(5000)},
            )
        db.session.rollback()


class TestPromote:
    def test_the_first_in_order_has_the_turn_and_five_days(self, scene: Scene) -> None:
        with set_clock(NOON):
            claim = scene.reserve(ALL_QUILTS)
            first, second = scene.other(), scene.other()
            wait(first, {"被褥": "15"})
            wait(second, {"被褥": "15"})
            assert promote() == []
            withdraw(scene, claim)
            made = promote()
        assert shown(made) == [
            (first.organisation.id, [Decimal(15)]),
            (second.organisation.id, [Decimal(10)]),
        ]
        assert made[0].promoted
        assert made[0].last_day.isoformat() == "2026-03-07"
        assert first.agent.user_id in told("轮到您了")
        assert scene.held("被褥") == 25
        entries = db.session.scalars(select(WaitlistEntry)).all()
        assert [(entry.status, entry.claim_id) for entry in entries] == [
            (WaitState.PROMOTED, made[0].id),
            (WaitState.PROMOTED, made[1].id),
        ]
        assert_clean()

    def test_a_turn_that_is_not_taken_goes_to_the_next(self, scene: Scene) -> None:
        with set_clock(NOON):
            claim = scene.reserve(ALL_QUILTS)
            first, second = scene.other(), scene.other()
            wait(first, ALL_QUILTS)
            wait(second, ALL_QUILTS)
            withdraw(scene, claim)
            made = promote()
        assert shown(made) == [(first.organisation.id, [Decimal(25)])]
        with set_clock(NOON + timedelta(days=6)):
            expire_lapsed()
            made = promote()
        assert shown(made) == [(second.organisation.id, [Decimal(25)])]
        assert_clean()

    def test_several_lines_at_once_make_one_claim(self, scene: Scene) -> None:
        claim = scene.reserve({"被褥": "25", "心电图机": "1"})
        other = scene.other()
        wait(other, {"被褥": "20", "心电图机": "1"})
        withdraw(scene, claim)
        assert shown(promote()) == [(other.organisation.id, [Decimal(20), Decimal(1)])]
        assert_clean()

    def test_who_has_an_undecided_claim_there_keeps_the_place(self, scene: Scene) -> None:
        claim = scene.reserve(ALL_QUILTS)
        first, second = scene.other(), scene.other()
        busy = first.reserve({"取暖款": "5000"})
        wait(first, {"被褥": "15"})
        wait(second, {"被褥": "15"})
        withdraw(scene, claim)
        assert shown(promote()) == [(second.organisation.id, [Decimal(15)])]
        withdraw(first, busy)
        assert shown(promote()) == [(first.organisation.id, [Decimal(10)])]
        assert_clean()

    def test_nothing_while_suspended_and_again_when_resumed(self, scene: Scene) -> None:
        claim = scene.reserve(ALL_QUILTS)
        other = scene.other()
        wait(other, ALL_QUILTS)
        withdraw(scene, claim)
        city = actor_for(make_officer("1307"))
        project = scene.project
        suspend_project(actor=city, project=project, version=project.version, reason="核对学校情况")
        db.session.commit()
        assert promote() == []
        resume_project(actor=city, project=project, version=project.version)
        db.session.commit()
        assert len(promote()) == 1

    def test_waiting_ends_when_the_deadline_has_passed(self, scene: Scene) -> None:
        scene.reserve(ALL_QUILTS)
        other = scene.other()
        entry = wait(other, ALL_QUILTS)
        with set_clock(datetime.now(UTC) + timedelta(days=70)):
            expire_lapsed()
            assert promote() == []
            assert drop_hopeless() == 1
            db.session.commit()
        assert entry.status is WaitState.DROPPED
        assert other.agent.user_id in told("候补到此为止")
        assert_clean()

    def test_waiting_ends_when_the_project_is_closed(self, scene: Scene) -> None:
        claim = scene.reserve(ALL_QUILTS)
        entry = wait(scene.other(), ALL_QUILTS)
        withdraw(scene, claim)
        project = scene.project
        close_project(
            actor=actor_for(make_officer("1307")),
            project=project,
            version=project.version,
            outcome=CloseOutcome.CANCELLED,
            reason="学校已经撤并",
        )
        db.session.commit()
        assert promote() == []
        assert drop_hopeless() == 1
        db.session.commit()
        assert entry.status is WaitState.DROPPED
        assert_clean()

    def test_a_promoted_reservation_is_not_extended(self, scene: Scene) -> None:
        claim = scene.reserve(ALL_QUILTS)
        other = scene.other()
        wait(other, ALL_QUILTS)
        withdraw(scene, claim)
        mine = promote()[0]
        with pytest.raises(Conflict):
            services.extend_claim(actor=other.agent, claim=mine, version=mine.version)
        db.session.rollback()


class TestReserveBesideTheWaitlist:
    def test_who_waited_comes_before_who_is_quick(self, scene: Scene) -> None:
        claim = scene.reserve(ALL_QUILTS)
        patient, quick = scene.other(), scene.other()
        wait(patient, ALL_QUILTS)
        withdraw(scene, claim)
        with pytest.raises(NothingLeft):
            quick.reserve(ALL_QUILTS)
        db.session.rollback()
        assert shown(promote()) == [(patient.organisation.id, [Decimal(25)])]

    def test_who_takes_the_rest_gives_the_turn_before_it_its_due(self, scene: Scene) -> None:
        claim = scene.reserve(ALL_QUILTS)
        patient, quick = scene.other(), scene.other()
        wait(patient, {"被褥": "15"})
        withdraw(scene, claim)
        quick.reserve({"被褥": "10"})
        assert scene.held("被褥") == 25
        held = db.session.scalars(select(Claim.organisation_id).where(Claim.promoted)).all()
        assert held == [patient.organisation.id]
        assert_clean()

    def test_who_claims_by_itself_stops_waiting(self, scene: Scene) -> None:
        claim = scene.reserve(ALL_QUILTS)
        other = scene.other()
        entry = wait(other, ALL_QUILTS)
        withdraw(scene, claim)
        mine = other.reserve(ALL_QUILTS)
        assert (entry.status, entry.claim_id) == (WaitState.PROMOTED, mine.id)
        assert not mine.promoted
        assert mine.status is ClaimState.RESERVED
        assert_clean()


class TestLeave:
    def test_the_next_one_moves_up(self, scene: Scene) -> None:
        scene.reserve(ALL_QUILTS)
        first, second = scene.other(), scene.other()
        entry = wait(first, ALL_QUILTS)
        wait(second, ALL_QUILTS)
        assert list_places(second.organisation.id)[0].ahead == 1
        leave_waitlist(actor=first.agent, entry=entry)
        db.session.commit()
        assert list_places(second.organisation.id)[0].ahead == 0
        with pytest.raises(IllegalMove):
            leave_waitlist(actor=first.agent, entry=entry)
        db.session.rollback()
        assert_clean()

    def test_nobody_gives_up_somebody_elses_place(self, scene: Scene) -> None:
        scene.reserve(ALL_QUILTS)
        entry = wait(scene.other(), ALL_QUILTS)
        with pytest.raises(Forbidden):
            leave_waitlist(actor=scene.agent, entry=entry)
        db.session.rollback()


class TestLapsedHolds:
    def test_they_count_as_free_on_every_page(self, scene: Scene, client: FlaskClient) -> None:
        with set_clock(datetime.now(UTC) - timedelta(days=20)):
            scene.reserve({"被褥": "25"})
        other = scene.other()
        holding = read_holding(scene.project)
        assert holding.claimed.intended == {}
        assert holding.left[scene.ids("被褥")[0]] == 25
        assert not read_side(other.organisation, scene.project, holding).may_wait
        sign_in(client, db.session.get_one(User, other.agent.user_id))
        page = client.get(f"/projects/{scene.project.number}/waitlist").get_data(as_text=True)
        assert "还剩 25 套" in page
        assert "已占满" not in page


class TestPages:
    def test_one_joins_and_leaves_in_the_browser(self, scene: Scene, client: FlaskClient) -> None:
        scene.reserve(ALL_QUILTS)
        organisation, agent = make_organisation()
        number, line = scene.project.number, scene.ids("被褥")[0]
        sign_in(client, agent)
        page = client.get(f"/projects/{number}").get_data(as_text=True)
        assert f"/projects/{number}/waitlist" in page
        assert client.get(f"/projects/{number}/waitlist").status_code == 200
        answer = client.post(f"/projects/{number}/waitlist", data={f"line-{line}": "10"})
        assert answer.status_code == 303
        for path in (f"/projects/{number}/waitlist", f"/projects/{number}", "/my"):
            assert "第 1 位" in client.get(path).get_data(as_text=True)
        entry = list_places(organisation.id)[0].entry
        assert client.post(f"/waitlist/{entry.id}/leave").status_code == 303
        assert list_places(organisation.id) == []

    def test_what_was_typed_stays_beside_what_is_wrong(
        self, scene: Scene, client: FlaskClient
    ) -> None:
        scene.reserve(ALL_QUILTS)
        _organisation, agent = make_organisation()
        number, line = scene.project.number, scene.ids("被褥")[0]
        sign_in(client, agent)
        for typed in ("3", "很多"):
            answer = client.post(f"/projects/{number}/waitlist", data={f"line-{line}": typed})
            assert answer.status_code == 400
            assert f'value="{typed}"' in answer.get_data(as_text=True)

    def test_a_form_that_comes_again_with_other_numbers_is_shown_again(
        self, scene: Scene, client: FlaskClient
    ) -> None:
        scene.reserve(ALL_QUILTS)
        organisation, agent = make_organisation()
        path, line = f"/projects/{scene.project.number}/waitlist", scene.ids("被褥")[0]
        sign_in(client, agent)
        for typed, status in (("10", 303), ("10", 303), ("12", 422)):
            answer = client.post(path, data={f"line-{line}": typed, "form_key": "twice"})
            assert answer.status_code == status
        page = answer.get_data(as_text=True)
        assert 'value="12"' in page
        assert "先前那次已经办成" in page
        assert len(list_places(organisation.id)) == 1

    def test_somebody_elses_place_is_not_there(self, scene: Scene, client: FlaskClient) -> None:
        scene.reserve(ALL_QUILTS)
        entry = wait(scene.other(), ALL_QUILTS)
        _organisation, agent = make_organisation()
        sign_in(client, agent)
        assert client.post(f"/waitlist/{entry.id}/leave").status_code == 404

    def test_officers_do_not_queue(self, scene: Scene, client: FlaskClient) -> None:
        officer = make_officer()
        sign_in(client, officer)
        assert client.get(f"/projects/{scene.project.number}/waitlist").status_code == 403
