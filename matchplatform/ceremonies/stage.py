"""The stage of a ceremony as the steps of the day have made it: a pure fold over them."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from matchplatform.ceremonies.states import StepKind


class Step(Protocol):
    """What the fold reads of a step."""

    seq: int
    kind: StepKind
    entry_id: int | None
    entry_ids: list[int]
    item_id: int | None
    undoes: int | None
    at: datetime


@dataclass(frozen=True)
class StageState:
    """Where a ceremony stands after its last step.

    ``stage``: the entries of the round that was called last and not passed over, signed or not, until
    another round or item of the agenda; ``signed`` and ``passed`` in the order in which it happened; ``last``: the step that an undo
    would take back, None where there is none.
    """

    seq: int = 0
    begun_at: datetime | None = None
    closed_at: datetime | None = None
    paused: bool = False
    item_id: int | None = None
    stage: tuple[int, ...] = ()
    signed: tuple[int, ...] = ()
    passed: tuple[int, ...] = ()
    rounds: int = 0
    last: int | None = None

    @property
    def is_running(self) -> bool:
        """Tell whether something may be signed now."""
        return self.begun_at is not None and self.closed_at is None and not self.paused

    @property
    def on_stage(self) -> tuple[int, ...]:
        """Return the entries on the stage that are not signed yet."""
        done = set(self.signed)
        return tuple(entry for entry in self.stage if entry not in done)


def fold(steps: Iterable[Step]) -> StageState:
    """Return what the steps of a day, in their order, have made of the stage."""
    ordered = sorted(steps, key=lambda step: step.seq)
    undone = {step.undoes for step in ordered if step.kind is StepKind.UNDO}
    state = StageState()
    for step in ordered:
        if step.kind is not StepKind.UNDO and step.seq not in undone:
            state = _after(state, step)
    return replace(state, seq=ordered[-1].seq if ordered else 0)


def _after(state: StageState, step: Step) -> StageState:
    entry = step.entry_id
    match step.kind:
        case StepKind.BEGIN:
            # A day that was broken off and came again starts from nothing; its start stays.
            return StageState(begun_at=step.at)
        case StepKind.CLOSE:
            return replace(state, closed_at=step.at, stage=(), last=None)
        case StepKind.ITEM:
            state = replace(state, item_id=step.item_id, stage=())
        case StepKind.CALL:
            called = tuple(step.entry_ids)
            left = _without(state.passed, called)
            state = replace(state, stage=called, passed=left, rounds=state.rounds + 1)
        case StepKind.SIGN if entry is not None:
            left = _without(state.passed, (entry,))
            state = replace(state, signed=(*state.signed, entry), passed=left)
        case StepKind.PASS if entry is not None:
            left = _without(state.passed, (entry,))
            stage = _without(state.stage, (entry,))
            state = replace(state, stage=stage, passed=(*left, entry))
        case StepKind.PAUSE | StepKind.RESUME:
            state = replace(state, paused=step.kind is StepKind.PAUSE)
    return replace(state, last=step.seq)


def plan_rounds(order: Iterable[tuple[int, str]], slots: int) -> list[tuple[int, ...]]:
    """Part entries, each with its group, into rounds of at most ``slots``, one group a round."""
    rounds: list[tuple[int, ...]] = []
    before: str | None = None
    for entry, group in order:
        if rounds and group == before and len(rounds[-1]) < slots:
            rounds[-1] = (*rounds[-1], entry)
        else:
            rounds.append((entry,))
        before = group
    return rounds


def coming_rounds(
    order: Iterable[tuple[int, str]], state: StageState, slots: int, without: Collection[int] = ()
) -> list[tuple[int, ...]]:
    """Return the rounds that are still to come.

    Those passed over come again when they are called, not by themselves; ``without``: entries
    that cannot be signed.
    """
    gone = {*state.stage, *state.signed, *state.passed, *without}
    return plan_rounds(((entry, group) for entry, group in order if entry not in gone), slots)


def _without(entries: Sequence[int], taken: Collection[int]) -> tuple[int, ...]:
    return tuple(entry for entry in entries if entry not in taken)
