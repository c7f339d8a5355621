"""The verbs of the day: each is one step, and the steps are the whole truth."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import select

from matchplatform.access.actor import VISITOR
from matchplatform.audit.queries import list_history
from matchplatform.ceremonies.intake import drop_entry
from matchplatform.ceremonies.models import CeremonyStep
from matchplatform.ceremonies.running import (
    begin_ceremony,
    begin_item,
    call_round,
    close_ceremony,
    pass_over,
    pause_ceremony,
    resume_ceremony,
    undo_last,
)
from matchplatform.ceremonies.signing import sign_entry, sign_late, sign_round, undo_late
from matchplatform.ceremonies.states import CeremonyState, EntryState, StepKind
from matchplatform.ceremonies.steps import list_steps
from matchplatform.claims.queries import find_breaches
from matchplatform.claims.services import withdraw_claim
from matchplatform.claims.states import ClaimState
from matchplatform.commitments.models import Commitment
from matchplatform.commitments.services import discard_agreement
from matchplatform.commitments.states import AgreementState, CommitmentState
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import (
    Conflict,
    Forbidden,
    IllegalMove,
    InvalidInput,
    NotFound,
    StaleVersion,
)
from matchplatform.organisations.models import Organisation
from matchplatform.organisations.rulings import rule_on_organisation
from matchplatform.organisations.states import OrganisationAction
from tests.ceremonies.day import WHY, Day, add_entry_again, list_claim, make_day
from tests.ceremonies.planning import make_accepted
from tests.factories import actor_for, make_admin, make_auditor, make_officer


@pytest.fixture
def day(db_session: Flask) -> Day:
    """A day that has begun, with three claims and room for two on the stage."""
    return make_day().begin()


@pytest.fixture
def before(db_session: Flask) -> Day:
    """A day that has not begun."""
    return make_day(2)


def call(day: Day, *places: int) -> CeremonyStep:
    """Call entries by their places from 0, and commit."""
    entries = [day.entries[place] for place in places]
    step = call_round(
        actor=day.operator, ceremony=day.ceremony, entries=entries, seen=day.ceremony.seq
    )
    db.session.commit()
    return step


def sign(day: Day, place: int) -> CeremonyStep:
    """Sign an entry by its place, and commit."""
    step = sign_entry(actor=day.operator, entry=day.entries[place])
    db.session.commit()
    return step


def undo(day: Day, reason: str = WHY) -> CeremonyStep:
    """Take the last step back, and commit."""
    last = day.stage.last
    assert last is not None
    step = undo_last(actor=day.operator, ceremony=day.ceremony, seq=last, reason=reason)
    db.session.commit()
    return step


def close(day: Day) -> None:
    """Close the day, and commit."""
    close_ceremony(actor=day.operator, ceremony=day.ceremony, seen=day.ceremony.seq)
    db.session.commit()


def suspend(organisation: Organisation) -> None:
    """Let the registration authority suspend an organisation."""
    rule_on_organisation(
        actor=actor_for(make_officer(organisation.registration_region[:2])),
        organisation=organisation,
        version=organisation.version,
        action=OrganisationAction.SUSPEND,
        reason="年检没有通过，先停下来",
    )
    db.session.commit()


def withdraw(day: Day, place: int) -> None:
    """Let an organisation withdraw what it was to sign."""
    claim = day.entries[place].claim
    agent = actor_for(day.agents[place])
    withdraw_claim(actor=agent, claim=claim, version=claim.version, reason="资金来源有变化")
    db.session.commit()


@contextmanager
def refused(day: Day, kind: type[Exception], words: str = ".") -> Iterator[None]:
    """Expect a refusal that leaves no step behind."""
    seq = day.ceremony.seq
    with pytest.raises(kind, match=words):
        yield
    db.session.rollback()
    assert [step.seq for step in list_steps(day.ceremony.id)] == list(range(1, seq + 1))


class TestBegin:
    def test_a_locked_list_goes_live(self, before: Day) -> None:
        before.begin()
        assert before.ceremony.status is CeremonyState.LIVE
        assert before.stage.is_running
        assert list_history("ceremony", before.ceremony.id)[0].action == "ceremony.begin"

    def test_it_begins_once(self, day: Day) -> None:
        with refused(day, IllegalMove):
            begin_ceremony(actor=day.operator, ceremony=day.ceremony)

    def test_only_organisers_run_it(self, before: Day) -> None:
        for user in (make_officer(), make_admin(), make_auditor(), before.agents[0]):
            with pytest.raises(Forbidden):
                begin_ceremony(actor=actor_for(user), ceremony=before.ceremony)
        with pytest.raises(Forbidden):
            begin_ceremony(actor=VISITOR, ceremony=before.ceremony)


class TestCall:
    def test_a_round_comes_on_the_stage(self, day: Day) -> None:
        call(day, 0, 1)
        assert day.stage.stage == tuple(entry.id for entry in day.entries[:2])

    def test_the_stage_must_be_free(self, day: Day) -> None:
        call(day, 0, 1)
        with refused(day, Conflict, "台上还有 2 项"):
            call(day, 2)

    def test_no_more_come_than_the_stage_holds(self, day: Day) -> None:
        with refused(day, Conflict, "最多 2 项"):
            call(day, 0, 1, 2)

    def test_nobody_is_called_who_was_signed(self, day: Day) -> None:
        sign(day, 0)
        with refused(day, Conflict, "已经签过"):
            call(day, 0)

    def test_nobody_is_called_whose_claim_is_gone(self, day: Day) -> None:
        withdraw(day, 0)
        with refused(day, Conflict, "撤回"):
            call(day, 0)

    def test_who_is_dropped_from_an_addendum_leaves_the_stage_free(self, day: Day) -> None:
        added = list_claim(day.ceremony, make_accepted(), 1, addendum=1)
        call(day, 3)
        drop_entry(actor=day.operator, ceremony=day.ceremony, entry_id=added.id, reason=WHY)
        db.session.commit()
        call(day, 0)
        assert day.stage.stage == (day.entries[0].id,)

    def test_nobody_is_called_whose_agreement_was_thrown_away(self, day: Day) -> None:
        agreement = day.entries[0].agreement
        assert agreement is not None
        officer = actor_for(make_officer(agreement.region_code))
        discard_agreement(
            actor=officer, agreement=agreement, version=agreement.row_version, reason="金额写错了"
        )
        db.session.commit()
        with refused(day, Conflict, "协议已作废"):
            call(day, 0)
        with refused(day, Conflict, "协议已作废"):
            sign_entry(actor=day.operator, entry=day.entries[0])

    def test_a_page_that_was_overtaken_calls_nobody(self, day: Day) -> None:
        sign(day, 0)
        with refused(day, StaleVersion):
            call_round(actor=day.operator, ceremony=day.ceremony, entries=[day.entries[1]], seen=1)

    def test_who_was_passed_over_is_called_again(self, day: Day) -> None:
        call(day, 0)
        pass_over(actor=day.operator, ceremony=day.ceremony, entries=[day.entries[0]])
        db.session.commit()
        call(day, 0)
        assert day.stage.stage == (day.entries[0].id,)


class TestSign:
    def test_a_signature_makes_the_promise(self, day: Day) -> None:
        step = sign(day, 0)
        entry = day.entries[0]
        assert (entry.status, entry.claim.status) == (EntryState.SIGNED, ClaimState.SIGNED)
        assert entry.commitment is not None
        assert entry.commitment.occasion == day.ceremony.title
        assert entry.agreement is not None
        assert entry.agreement.status is AgreementState.IN_FORCE
        assert (step.seq, day.ceremony.seq) == (2, 2)
        assert day.stage.signed == (entry.id,)
        assert list(find_breaches()) == []

    def test_it_need_not_have_been_called(self, day: Day) -> None:
        sign(day, 2)
        assert day.stage.signed == (day.entries[2].id,)

    def test_a_second_signature_says_who_signed_when(self, day: Day) -> None:
        sign(day, 0)
        with refused(day, Conflict, f"这一项{day.operator.label}已在 .* 签过"):
            sign(day, 0)
        assert len(db.session.scalars(select(Commitment)).all()) == 1

    def test_a_claim_that_was_withdrawn_cannot_be_signed(self, day: Day) -> None:
        withdraw(day, 1)
        with refused(day, Conflict, "不能签：社会组织已撤回认领"):
            sign(day, 1)

    def test_an_organisation_that_was_suspended_cannot_sign(self, day: Day) -> None:
        suspend(day.organisations[1])
        with refused(day, Conflict, "不能签：测试公益基金会第2现在不能签约：[^。]*。$"):
            sign(day, 1)

    def test_nothing_is_signed_before_the_day_begins(self, before: Day) -> None:
        with refused(before, Conflict, "不在进行中"):
            sign(before, 0)

    def test_only_organisers_sign(self, day: Day) -> None:
        with pytest.raises(Forbidden):
            sign_entry(actor=actor_for(make_officer()), entry=day.entries[0])

    def test_nothing_without_an_agreement(self, day: Day) -> None:
        entry = day.entries[0]
        entry.agreement_id = None
        db.session.commit()
        with refused(day, Conflict, "协议还没有定稿"):
            sign(day, 0)


class TestSignRound:
    def test_each_is_a_step_of_its_own_in_order(self, day: Day) -> None:
        call(day, 0, 1)
        steps = sign_round(actor=day.operator, ceremony=day.ceremony, entries=day.entries[:2])
        db.session.commit()
        assert [step.seq for step in steps] == [3, 4]
        assert day.stage.signed == tuple(entry.id for entry in day.entries[:2])

    def test_all_or_none(self, day: Day) -> None:
        withdraw(day, 1)
        with refused(day, Conflict, "撤回"):
            sign_round(actor=day.operator, ceremony=day.ceremony, entries=day.entries[:2])
        assert {entry.status for entry in day.entries} == {EntryState.LISTED}

    def test_an_empty_stage_signs_nothing(self, day: Day) -> None:
        with refused(day, Conflict, "没有待签"):
            sign_round(actor=day.operator, ceremony=day.ceremony, entries=[])

    def test_what_stands_on_another_list_is_not_signed_here(self, day: Day) -> None:
        other = make_day(1).begin()
        with refused(day, Conflict, "不在本场"):
            sign_round(actor=day.operator, ceremony=day.ceremony, entries=other.entries)


class TestPassOver:
    def test_the_stage_is_free_and_the_reason_kept(self, day: Day) -> None:
        call(day, 0)
        entries = day.entries[:1]
        pass_over(actor=day.operator, ceremony=day.ceremony, entries=entries, reason="人还没有到场")
        db.session.commit()
        assert (day.stage.stage, day.stage.passed) == ((), (day.entries[0].id,))
        assert list_steps(day.ceremony.id)[-1].reason == "人还没有到场"

    def test_what_was_signed_is_not_passed_over(self, day: Day) -> None:
        sign(day, 0)
        with refused(day, Conflict, "不能跳过"):
            pass_over(actor=day.operator, ceremony=day.ceremony, entries=day.entries[:1])


class TestPause:
    def test_nothing_is_signed_or_called_meanwhile(self, day: Day) -> None:
        pause_ceremony(actor=day.operator, ceremony=day.ceremony)
        db.session.commit()
        with refused(day, Conflict, "暂停"):
            sign(day, 0)
        with refused(day, Conflict, "暂停"):
            call(day, 0)
        resume_ceremony(actor=day.operator, ceremony=day.ceremony)
        db.session.commit()
        sign(day, 0)

    def test_only_what_stands_still_goes_on(self, day: Day) -> None:
        with refused(day, Conflict, "没有暂停"):
            resume_ceremony(actor=day.operator, ceremony=day.ceremony)


class TestItem:
    def test_an_item_of_the_agenda_begins(self, day: Day) -> None:
        item = day.ceremony.agenda[0]
        begin_item(actor=day.operator, ceremony=day.ceremony, item_id=item.id, seen=1)
        db.session.commit()
        assert day.stage.item_id == item.id

    def test_an_item_of_another_day_is_none(self, day: Day) -> None:
        other = make_day(1)
        with refused(day, NotFound):
            begin_item(
                actor=day.operator,
                ceremony=day.ceremony,
                item_id=other.ceremony.agenda[0].id,
                seen=1,
            )


class TestUndo:
    def test_a_signature_is_taken_back_with_its_promise(self, day: Day) -> None:
        sign(day, 0)
        undo(day)
        entry = day.entries[0]
        assert (entry.status, entry.claim.status) == (EntryState.LISTED, ClaimState.ACCEPTED)
        assert entry.commitment_id is None
        assert entry.agreement is not None
        assert entry.agreement.status is AgreementState.FROZEN
        revoked = db.session.scalars(select(Commitment)).one()
        assert (revoked.status, revoked.reason) == (CommitmentState.REVOKED, WHY)
        assert [step.kind for step in list_steps(day.ceremony.id)] == [
            StepKind.BEGIN, StepKind.SIGN, StepKind.UNDO,
        ]  # fmt: skip
        assert list(find_breaches()) == []

    def test_it_can_be_signed_again(self, day: Day) -> None:
        sign(day, 0)
        undo(day)
        sign(day, 0)
        assert day.stage.signed == (day.entries[0].id,)

    def test_it_wants_a_reason(self, day: Day) -> None:
        sign(day, 0)
        with refused(day, InvalidInput):
            undo(day, "")

    def test_the_begin_is_not_taken_back(self, day: Day) -> None:
        with refused(day, Conflict, "没有可以撤销"):
            undo_last(actor=day.operator, ceremony=day.ceremony, seq=1, reason=WHY)

    def test_it_takes_back_what_was_seen_and_nothing_newer(self, day: Day) -> None:
        sign(day, 0)
        sign(day, 1)
        with refused(day, Conflict, "最后一步是什么"):
            undo_last(actor=day.operator, ceremony=day.ceremony, seq=2, reason=WHY)

    def test_steps_go_back_one_after_the_other(self, day: Day) -> None:
        call(day, 0, 1)
        sign(day, 0)
        undo(day)
        undo(day)
        assert (day.stage.stage, day.stage.signed, day.stage.last) == ((), (), None)

    def test_a_closed_day_is_not_taken_back(self, day: Day) -> None:
        sign(day, 0)
        close(day)
        with refused(day, Conflict):
            undo_last(actor=day.operator, ceremony=day.ceremony, seq=2, reason=WHY)


class TestClose:
    def test_what_was_not_signed_leaves_with_its_reason(self, day: Day) -> None:
        sign(day, 0)
        pass_over(
            actor=day.operator,
            ceremony=day.ceremony,
            entries=[day.entries[1]],
            reason="人还没有到场",
        )
        close(day)
        assert [(entry.status, entry.reason) for entry in day.entries] == [
            (EntryState.SIGNED, ""),
            (EntryState.UNSIGNED, "人还没有到场"),
            (EntryState.UNSIGNED, "没有轮到"),
        ]
        assert day.ceremony.status is CeremonyState.CLOSED
        assert {entry.claim.status for entry in day.entries[1:]} == {ClaimState.ACCEPTED}

    def test_the_reason_of_a_claim_that_is_gone_is_that(self, day: Day) -> None:
        withdraw(day, 2)
        close(day)
        assert day.entries[2].reason == "社会组织已撤回认领"

    def test_so_it_is_where_it_was_passed_over_and_nobody_said_why(self, day: Day) -> None:
        withdraw(day, 1)
        entries = day.entries
        pass_over(actor=day.operator, ceremony=day.ceremony, entries=entries[1:])
        close(day)
        assert [entry.reason for entry in day.entries] == [
            "没有轮到",
            "社会组织已撤回认领",
            "台上跳过，当场没有签",
        ]

    def test_it_closes_what_was_seen(self, day: Day) -> None:
        sign(day, 0)
        with refused(day, StaleVersion):
            close_ceremony(actor=day.operator, ceremony=day.ceremony, seen=1)

    def test_nothing_is_signed_after_it(self, day: Day) -> None:
        close(day)
        with refused(day, Conflict):
            sign(day, 0)


class TestLate:
    @pytest.fixture
    def closed(self, day: Day) -> Day:
        """A day that was closed without the third, which is on an addendum now."""
        sign(day, 0)
        sign(day, 1)
        close(day)
        late = day.entries[2]
        add_entry_again(day, late.claim)
        return day

    def test_what_stands_on_an_addendum_is_signed_without_a_step(self, closed: Day) -> None:
        entry = sign_late(actor=closed.operator, entry=closed.entries[3])
        db.session.commit()
        assert entry.claim.status is ClaimState.SIGNED
        assert closed.stage.seq == closed.ceremony.seq == 4
        assert list_history("ceremony", closed.ceremony.id)[0].action == "ceremony.sign_late"

    def test_it_is_taken_back_with_a_reason(self, closed: Day) -> None:
        entry = sign_late(actor=closed.operator, entry=closed.entries[3])
        db.session.commit()
        with pytest.raises(InvalidInput):
            undo_late(actor=closed.operator, entry=entry, reason="")
        db.session.rollback()
        undo_late(actor=closed.operator, entry=closed.entries[3], reason=WHY)
        db.session.commit()
        assert closed.entries[3].claim.status is ClaimState.ACCEPTED

    def test_what_was_left_on_the_day_needs_an_addendum_first(self, closed: Day) -> None:
        with pytest.raises(Conflict, match="补签名单"):
            sign_late(actor=closed.operator, entry=closed.entries[2])

    def test_a_signature_of_the_day_is_none_of_its_business(self, closed: Day) -> None:
        with pytest.raises(Conflict):
            undo_late(actor=closed.operator, entry=closed.entries[0], reason=WHY)

    def test_it_is_not_signed_twice(self, closed: Day) -> None:
        sign_late(actor=closed.operator, entry=closed.entries[3])
        db.session.commit()
        with pytest.raises(Conflict, match="已经补签"):
            sign_late(actor=closed.operator, entry=closed.entries[3])
        db.session.rollback()
