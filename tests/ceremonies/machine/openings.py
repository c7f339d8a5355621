"""How runs begin: with nothing, or in the middle of a day that takes many steps to reach."""

from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from matchplatform.ceremonies import addenda, running, services, signing
from tests.ceremonies.machine.claim_rules import ClaimRules
from tests.ceremonies.machine.live_rules import LiveRules
from tests.ceremonies.machine.planning_rules import PlanningRules

# Picks: of the first and second that can succeed, and what a rule that goes seldom goes on.
ANY, FIRST, THIRD, FOURTH, SECOND = 0, 1, 3, 4, 9
SELDOM = 0


class AllRules(PlanningRules, LiveRules, ClaimRules):
    """Every rule there is."""


Opening = Callable[[AllRules], None]


def planned(to: AllRules) -> None:
    """Begin with a ceremony that was only thought of, while claims and their papers change."""
    to.open(2)
    to.accept(FIRST)
    to.prepare(FIRST)
    to.discard(FIRST, SELDOM)
    to.prepare(FIRST)
    to.suspend_or_lift(FIRST, SELDOM)
    to.suspend_or_lift(FIRST, SELDOM)
    to.withdraw(SECOND, SELDOM)


def listed(to: AllRules) -> None:
    """Begin with a list in another order, and a second ceremony."""
    to.open(2)
    to.open_intake(FIRST, stale=False)
    to.add(FIRST, FIRST, 4)
    to.order(ANY, 1, stale=False)
    to.open(1)


def live(to: AllRules) -> None:
    """Begin with a day that has begun: a round signed, undone and signed, and an addendum."""
    listed(to)
    to.lock(FIRST, stale=False)
    to.begin_day(FIRST)
    to.call(FIRST, FIRST, stale=False)
    to.sign(FIRST, FIRST, stage=True)
    to.undo(FIRST, stale=False)
    to.sign(FIRST, FIRST, stage=True)
    to.make_addendum(FIRST, FIRST)


def over(to: AllRules) -> None:
    """Begin with a day that is over, one signed elsewhere, one late."""
    live(to)
    to.pause_or_resume(FIRST)
    to.pause_or_resume(FIRST)
    to.begin_item(FIRST, FIRST)
    to.pass_over(FIRST, FIRST, words=True)
    to.sign_elsewhere(FIRST, SELDOM)
    to.close(FOURTH, stale=False)
    to.make_addendum(FIRST, ANY)
    to.sign_late(FIRST, FIRST, back=False)
    to.sign_late(FIRST, FIRST, back=True)
    to.track(FIRST, stale=False)


def put_off(to: AllRules) -> None:
    """Begin with a day that was broken off before anybody had signed, and is to come again."""
    listed(to)
    to.lock(FIRST, stale=False)
    to.begin_day(FIRST)
    to.break_off(THIRD, cancel=False, stale=False)
    to.reschedule(FIRST, stale=False)
    to.add(FIRST, FIRST, 4)
    to.drop(FIRST, FIRST)
    to.break_off(SECOND, cancel=True, stale=False)


OPENINGS: tuple[Opening, ...] = (planned, listed, live, over, put_off)
# What every form of the machine must have done, by the names of the counts.
VERBS = frozenset(
    """
    open open_intake add drop order lock make_addendum postpone cancel reschedule track
    begin call sign_round pass_over begin_item pause resume undo close sign_late undo_late
    accept withdraw prepare discard sign_elsewhere suspend lift
    """.split()
)


def _nothing(*_given: object, **_named: object) -> None:
    """Forget to do it."""


def _none(*_given: object, **_named: object) -> list[Any]:
    """Find nothing."""
    return []


@dataclass(frozen=True)
class Twin:
    """What is broken: where, by which name, with what instead; where it is met, and what is said."""

    module: ModuleType
    name: str
    instead: Any
    opening: Opening
    says: str


TWINS = {
    "an undo leaves the promise": Twin(running, "unsign_entry", _nothing, live, "claims: "),
    "what is put off frees nothing": Twin(
        services, "list_listed", _none, put_off, "the model says"
    ),
    "a signature promises nothing": Twin(signing, "_sign", _nothing, live, "claims: "),
    "an addendum freezes nothing": Twin(addenda, "freeze_all", _nothing, live, "agreements: "),
}
