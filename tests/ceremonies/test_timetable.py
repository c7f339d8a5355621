from dataclasses import dataclass
from datetime import UTC, datetime

from matchplatform.ceremonies.ordering import gathered, moved, placed
from matchplatform.ceremonies.states import AgendaKind
from matchplatform.ceremonies.timetable import plan_day

NINE = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)


@dataclass
class Item:
    id: int
    kind: AgendaKind
    minutes: int
    title: str = "议程"
    speaker: str = ""


OPENING = Item(1, AgendaKind.SPEECH, 15)
SIGNING = Item(2, AgendaKind.SIGNING, 0)
CLOSING = Item(3, AgendaKind.OTHER, 10)


def minutes_after(at: datetime) -> int:
    return int((at - NINE).total_seconds()) // 60


class TestPlanDay:
    def test_rounds_follow_each_other_inside_the_signing(self) -> None:
        day = plan_day(NINE, [OPENING, SIGNING, CLOSING], [(7, 8), (9,), (10, 11)], 3)
        assert {entry: minutes_after(at) for entry, at in day.starts.items()} == {
            7: 15, 8: 15, 9: 18, 10: 21, 11: 21,
        }  # fmt: skip
        assert [minutes_after(slot.starts_at) for slot in day.slots] == [0, 15, 15, 18, 21, 24]
        assert minutes_after(day.ends_at) == 34
        assert day.rounds == 3

    def test_without_a_signing_on_the_agenda_the_rounds_come_last(self) -> None:
        day = plan_day(NINE, [OPENING], [(7,)], 5)
        assert minutes_after(day.starts[7]) == 15
        assert minutes_after(day.ends_at) == 20

    def test_a_day_without_rounds_is_its_agenda(self) -> None:
        day = plan_day(NINE, [OPENING, SIGNING, CLOSING], [], 3)
        assert minutes_after(day.ends_at) == 25
        assert day.rounds == 0

    def test_an_empty_day_ends_as_it_begins(self) -> None:
        assert plan_day(NINE, [], [], 3).ends_at == NINE


class TestMoved:
    def test_it_moves_up_down_and_to_the_ends(self) -> None:
        order = [1, 2, 3, 4]
        assert moved(order, 3, 2) == [1, 3, 2, 4]
        assert moved(order, 3, 4) == [1, 2, 4, 3]
        assert moved(order, 3, 3) == order
        assert moved(order, 3, 0) == [3, 1, 2, 4]
        assert moved(order, 3, 99) == [1, 2, 4, 3]


class TestGathered:
    def test_groups_stand_as_their_first_stood_and_keep_their_order(self) -> None:
        pairs = [(1, "b"), (2, "a"), (3, "b"), (4, "a")]
        assert gathered(pairs) == [1, 3, 2, 4]


class TestPlaced:
    def test_each_goes_to_the_place_that_was_typed(self) -> None:
        assert placed([1, 2, 3], {1: 3, 2: 2, 3: 1}) == [3, 2, 1]
        assert placed([1, 2, 3, 4], {4: 2}) == [1, 4, 2, 3]
        assert placed([1, 2, 3], {1: 99}) == [2, 3, 1]
        assert placed([1, 2, 3], {}) == [1, 2, 3]
