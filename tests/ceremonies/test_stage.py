"""The stage as a pure fold over the steps of a day."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from matchplatform.ceremonies.stage import StageState, coming_rounds, fold, plan_rounds
from matchplatform.ceremonies.states import StepKind

K = StepKind
NINE = datetime(2020, 10, 20, 1, 0, tzinfo=UTC)


@dataclass
class Step:
    """A step as the fold reads it."""

    seq: int
    kind: StepKind
    entry_id: int | None = None
    entry_ids: list[int] = field(default_factory=list)
    item_id: int | None = None
    undoes: int | None = None
    at: datetime = NINE


def day(*told: tuple[StepKind, object]) -> StageState:
    """Fold a day that is told as kinds, each with its entry, entries, item or undone step."""
    steps = []
    for seq, (kind, what) in enumerate(told, 1):
        step = Step(seq, kind)
        if kind is K.CALL:
            assert isinstance(what, list)
            step.entry_ids = what
        elif kind is K.ITEM:
            step.item_id = what if isinstance(what, int) else None
        elif kind is K.UNDO:
            step.undoes = what if isinstance(what, int) else None
        else:
            step.entry_id = what if isinstance(what, int) else None
        steps.append(step)
    return fold(steps)


BEGUN = (K.BEGIN, None)


class TestFold:
    def test_nothing_has_happened_yet(self) -> None:
        state = fold([])
        assert state == StageState()
        assert not state.is_running

    def test_a_day_that_began_runs_and_has_nothing_to_undo(self) -> None:
        state = day(BEGUN)
        assert (state.is_running, state.begun_at, state.last, state.seq) == (True, NINE, None, 1)

    def test_a_called_round_stands_on_the_stage(self) -> None:
        state = day(BEGUN, (K.CALL, [1, 2]))
        assert state.stage == state.on_stage == (1, 2)
        assert (state.rounds, state.last) == (1, 2)

    def test_who_signed_stays_on_the_stage_until_the_next_round(self) -> None:
        state = day(BEGUN, (K.CALL, [1, 2]), (K.SIGN, 2))
        assert (state.stage, state.on_stage, state.signed) == ((1, 2), (1,), (2,))
        assert day(BEGUN, (K.CALL, [1, 2]), (K.SIGN, 2), (K.CALL, [3])).stage == (3,)

    def test_who_is_passed_over_leaves_the_stage_and_can_be_called_again(self) -> None:
        passed = (BEGUN, (K.CALL, [1, 2]), (K.PASS, 1))
        assert (day(*passed).stage, day(*passed).passed) == ((2,), (1,))
        again = day(*passed, (K.SIGN, 2), (K.CALL, [1]))
        assert (again.stage, again.passed) == ((1,), ())

    def test_passing_over_twice_names_the_entry_once(self) -> None:
        assert day(BEGUN, (K.PASS, 1), (K.PASS, 2), (K.PASS, 1)).passed == (2, 1)

    def test_who_was_passed_over_may_sign_without_being_called(self) -> None:
        state = day(BEGUN, (K.PASS, 1), (K.SIGN, 1))
        assert (state.signed, state.passed) == ((1,), ())

    def test_a_pause_stops_the_signing_until_it_goes_on(self) -> None:
        assert not day(BEGUN, (K.PAUSE, None)).is_running
        assert day(BEGUN, (K.PAUSE, None), (K.RESUME, None)).is_running

    def test_an_item_of_the_agenda_clears_the_stage(self) -> None:
        state = day(BEGUN, (K.CALL, [1]), (K.SIGN, 1), (K.ITEM, 7))
        assert (state.item_id, state.stage, state.signed) == (7, (), (1,))
        assert day(BEGUN, (K.ITEM, 7), (K.CALL, [1])).item_id == 7

    def test_a_closed_day_runs_no_more_and_has_nothing_to_undo(self) -> None:
        state = day(BEGUN, (K.CALL, [1]), (K.SIGN, 1), (K.CLOSE, None))
        assert (state.is_running, state.stage, state.signed, state.last) == (False, (), (1,), None)

    def test_a_day_that_was_broken_off_begins_from_nothing(self) -> None:
        state = day(BEGUN, (K.CALL, [1]), (K.PASS, 1), BEGUN)
        assert (state.stage, state.passed, state.seq) == ((), (), 4)

    def test_steps_may_come_in_any_order(self) -> None:
        steps = [Step(3, K.SIGN, 1), Step(1, K.BEGIN), Step(2, K.CALL, entry_ids=[1])]
        assert fold(steps).signed == (1,)


class TestUndo:
    def test_a_signature_that_is_taken_back_does_not_count(self) -> None:
        state = day(BEGUN, (K.CALL, [1]), (K.SIGN, 1), (K.UNDO, 3))
        assert (state.on_stage, state.signed) == ((1,), ())
        assert (state.seq, state.last) == (4, 2)

    def test_a_round_that_is_taken_back_gives_the_one_before(self) -> None:
        state = day(BEGUN, (K.CALL, [1]), (K.SIGN, 1), (K.CALL, [2]), (K.UNDO, 4))
        assert (state.stage, state.rounds) == ((1,), 1)

    def test_who_was_passed_over_by_mistake_is_on_the_stage_again(self) -> None:
        state = day(BEGUN, (K.CALL, [1, 2]), (K.PASS, 1), (K.UNDO, 3))
        assert (state.stage, state.passed) == ((1, 2), ())

    def test_steps_are_taken_back_one_after_the_other(self) -> None:
        state = day(BEGUN, (K.CALL, [1]), (K.SIGN, 1), (K.UNDO, 3), (K.UNDO, 2))
        assert (state.stage, state.last) == ((), None)

    def test_what_was_taken_back_can_be_done_again(self) -> None:
        state = day(BEGUN, (K.SIGN, 1), (K.UNDO, 2), (K.SIGN, 1))
        assert (state.signed, state.last) == ((1,), 4)

    @given(st.lists(st.integers(1, 5), unique=True, max_size=5), st.integers(0, 5))
    def test_taking_back_everything_leaves_a_day_that_just_began(
        self, entries: list[int], paused: int
    ) -> None:
        told: list[tuple[StepKind, object]] = [BEGUN, *((K.SIGN, entry) for entry in entries)]
        if paused in entries:
            told.append((K.PAUSE, None))
        told += [(K.UNDO, seq) for seq in range(len(told), 1, -1)]
        state = day(*told)
        assert (state.signed, state.paused, state.last) == ((), False, None)


class TestRounds:
    def test_a_round_holds_as_many_as_the_stage(self) -> None:
        assert plan_rounds([(n, "") for n in range(5)], 2) == [(0, 1), (2, 3), (4,)]

    def test_a_round_never_mixes_two_groups(self) -> None:
        order = [(1, "a"), (2, "a"), (3, "b"), (4, "a")]
        assert plan_rounds(order, 4) == [(1, 2), (3,), (4,)]

    def test_nothing_to_sign_makes_no_round(self) -> None:
        assert plan_rounds([], 4) == []

    def test_what_is_still_to_come_leaves_out_what_was_called_passed_over_or_cannot_be(
        self,
    ) -> None:
        state = day(BEGUN, (K.CALL, [1, 2]), (K.SIGN, 1), (K.PASS, 2), (K.CALL, [3, 4]))
        order = [(n, "") for n in range(1, 9)]
        assert coming_rounds(order, state, 2, without={6}) == [(5, 7), (8,)]
