"""No order of what can be done with ceremonies and their claims breaks a rule: the short form.

`python -m tests.ceremonies.machine --examples 400` is the long one.
"""

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.ceremonies.machine.openings import TWINS, VERBS
from tests.ceremonies.machine.run import run, run_twin
from tests.ceremonies.machine.world import World, made_world
from tests.databases import ON_ONE_DATABASE, Stage

# Of each opening; the first is the simplest that there is.
EXAMPLES, STEPS = 3, 15


@pytest.fixture
def world(app: Flask, stage: Stage) -> Iterator[World]:
    """Seven claims of four organisations on two projects, and who acts for and over them."""
    with made_world(app, stage) as made:
        yield made


class TestMachine:
    def test_no_order_of_events_breaks_a_rule(self, world: World) -> None:
        tally = run(world, EXAMPLES, steps=STEPS, checks_every=4)
        assert {verb for verb in VERBS if not tally.done[verb]} == set()

    @ON_ONE_DATABASE
    def test_it_catches_every_verb_that_is_broken(self, world: World) -> None:
        for twin in TWINS.values():
            with pytest.raises(AssertionError, match=twin.says):
                run_twin(world, twin)
