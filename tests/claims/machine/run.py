"""Run the machine, short or long, whole or with a verb that was broken on purpose."""

from collections.abc import Iterable

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.claims.machine.base import Tally
from tests.claims.machine.openings import OPENINGS, AllRules, Opening
from tests.claims.machine.world import World


def run(
    world: World,
    examples: int,
    *,
    steps: int = 40,
    checks_every: int = 1,
    openings: Iterable[Opening] = OPENINGS,
    shrinks: bool = False,
    derandomize: bool = True,
) -> Tally:
    """Run so many examples of each opening; return what was done and refused.

    Whatever an example finds is raised, as short as it can be had where the run ``shrinks``.
    """
    tally = Tally()
    how = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        derandomize=derandomize,
        database=None,
        print_blob=False,
        report_multiple_bugs=False,
        phases=(Phase.generate, Phase.shrink) if shrinks else (Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    for opening in openings:
        told = {"world": world, "tally": tally, "checks_every": checks_every}
        machine: type[AllRules] = type(f"From_{opening.__name__}", (AllRules,), told)
        machine.keep_opening(opening.__name__, opening)
        run_state_machine_as_test(machine, settings=how)
    return tally
