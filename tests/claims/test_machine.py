"""No order of what can be done with organisations and claims breaks a rule: the short form.

`python -m tests.claims.machine --examples 2000` is the long one.
"""

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.claims.machine.openings import VERBS
from tests.claims.machine.run import run
from tests.claims.machine.twins import TWINS, broken
from tests.claims.machine.world import World, made_world
from tests.databases import ON_ONE_DATABASE, Stage

# Of each opening; the first is the simplest that there is.
EXAMPLES, STEPS = 4, 25


@pytest.fixture
def world(app: Flask, stage: Stage) -> Iterator[World]:
    """Two projects, five organisations, and who acts for and over them."""
    with made_world(app, stage) as made:
        yield made


class TestMachine:
    def test_no_order_of_events_breaks_a_rule(self, world: World) -> None:
        tally = run(world, EXAMPLES, steps=STEPS, checks_every=4)
        assert {verb for verb in VERBS if not tally.done[verb]} == set()
        assert tally.done["edit_published"] == 0

    @ON_ONE_DATABASE
    def test_it_catches_every_verb_that_is_broken(self, world: World) -> None:
        for twin in TWINS.values():
            with broken(twin), pytest.raises(AssertionError, match=twin.says):
                run(world, EXAMPLES, openings=(twin.opening,))
