"""When what happens on the day: the agenda and the rounds laid out from the start. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from matchplatform.ceremonies.states import AgendaKind


class Item(Protocol):
    """What the timetable reads of an item of the agenda."""

    id: int
    kind: AgendaKind
    title: str
    speaker: str
    minutes: int


@dataclass(frozen=True)
class Slot:
    """A stretch of the day: an item of the agenda, or one round of its signing.

    ``round``: counted from 1, and 0 for an item; ``entries``: what is signed in the round.
    """

    starts_at: datetime
    minutes: int
    item: Item | None
    round: int = 0
    entries: tuple[int, ...] = ()

    @property
    def ends_at(self) -> datetime:
        """Return when the next one begins."""
        return self.starts_at + timedelta(minutes=self.minutes)


@dataclass(frozen=True)
class Timetable:
    """A whole day; ``starts``: when each entry is called."""

    slots: tuple[Slot, ...]
    ends_at: datetime
    starts: dict[int, datetime]

    @property
    def rounds(self) -> int:
        """Return how many rounds are signed."""
        return sum(1 for slot in self.slots if slot.round)


def plan_day(
    starts_at: datetime,
    agenda: Iterable[Item],
    rounds: Sequence[tuple[int, ...]],
    round_minutes: int,
) -> Timetable:
    """Lay out a day: the rounds stand at the first item of signing, or at the end without one.

    A signing without rounds takes no time; a further item of signing takes its own minutes.
    """
    slots: list[Slot] = []
    at, waiting = starts_at, list(enumerate(rounds, 1))

    def add(
        minutes: int, item: Item | None, number: int = 0, entries: tuple[int, ...] = ()
    ) -> None:
        nonlocal at
        slots.append(Slot(at, minutes, item, number, entries))
        at += timedelta(minutes=minutes)

    def sign(item: Item | None) -> None:
        for number, entries in waiting:
            add(round_minutes, item, number, entries)
        waiting.clear()

    for item in agenda:
        add(item.minutes, item)
        if item.kind is AgendaKind.SIGNING:
            sign(item)
    sign(None)
    starts = {entry: slot.starts_at for slot in slots for entry in slot.entries}
    return Timetable(tuple(slots), at, starts)
