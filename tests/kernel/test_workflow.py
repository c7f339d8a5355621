"""State tables."""

from enum import StrEnum

import pytest

from matchplatform.kernel.errors import Conflict, IllegalMove
from matchplatform.kernel.workflow import Workflow


class Lamp(StrEnum):
    OFF = "off"
    ON = "on"
    BROKEN = "broken"


class Press(StrEnum):
    SWITCH = "switch"
    SMASH = "smash"


TABLE = Workflow(
    {
        (Lamp.OFF, Press.SWITCH): Lamp.ON,
        (Lamp.ON, Press.SMASH): Lamp.BROKEN,
        (Lamp.ON, Press.SWITCH): Lamp.OFF,
    }
)


class TestWorkflow:
    @pytest.mark.parametrize("state", Lamp)
    @pytest.mark.parametrize("action", Press)
    def test_every_cell_is_allowed_or_an_illegal_move(self, state: Lamp, action: Press) -> None:
        if (state, action) in TABLE.moves:
            assert TABLE.allows(state, action)
            assert TABLE.after(state, action) is TABLE.moves[state, action]
        else:
            assert not TABLE.allows(state, action)
            with pytest.raises(IllegalMove):
                TABLE.after(state, action)

    def test_an_illegal_move_is_a_conflict(self) -> None:
        assert issubclass(IllegalMove, Conflict)

    def test_actions_come_in_the_order_of_the_table(self) -> None:
        assert TABLE.actions(Lamp.ON) == [Press.SMASH, Press.SWITCH]
        assert TABLE.actions(Lamp.BROKEN) == []
