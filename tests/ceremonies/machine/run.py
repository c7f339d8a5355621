"""Run the machine, short or long, or one opening with a verb that was broken on purpose."""

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.ceremonies.machine.base import Tally
from tests.ceremonies.machine.openings import OPENINGS, AllRules, Opening, Twin
from tests.ceremonies.machine.world import World


def run(
    world: World,
    examples: int,
    *,
    steps: int = 40,
    checks_every: int = 1,
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
    for opening in OPENINGS:
        machine = _machine(world, tally, opening, checks_every)
        machine.keep_opening(opening.__name__, opening)
        run_state_machine_as_test(machine, settings=how)
    return tally


def run_twin(world: World, twin: Twin) -> None:
    """Go through the opening of a twin while it is broken; raises what the judge finds."""
    whole = getattr(twin.module, twin.name)
    machine = _machine(world, Tally(), twin.opening, 1)()
    machine.begin()
    setattr(twin.module, twin.name, twin.instead)
    try:
        twin.opening(machine)
    finally:
        setattr(twin.module, twin.name, whole)


def _machine(world: World, tally: Tally, opening: Opening, checks_every: int) -> type[AllRules]:
    told = {"world": world, "tally": tally, "checks_every": checks_every}
    return type(f"From_{opening.__name__}", (AllRules,), told)
