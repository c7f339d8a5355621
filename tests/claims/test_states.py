"""The workflow of claims, cell by cell, against a table written out here."""

import pytest

from matchplatform.claims.states import (
    ASK_WORKFLOW,
    HOLDING_STATES,
    OPEN_STATES,
    UNDECIDED_STATES,
    WAIT_WORKFLOW,
    WORKFLOW,
    AskAction,
    AskState,
    ClaimAction,
    ClaimState,
    WaitAction,
    WaitState,
)
from matchplatform.kernel.errors import IllegalMove

# One row a state; the columns are the actions; "-" is illegal.
COLUMNS = [
    "extend",
    "submit",
    "accept",
    "decline",
    "withdraw",
    "expire",
    "release",
    "sign",
    "unsign",
]
TABLE = {
    "reserved": ["reserved", "submitted", "-", "-", "withdrawn", "expired", "-", "-", "-"],
    "submitted": ["-", "-", "accepted", "declined", "withdrawn", "-", "released", "-", "-"],
    "accepted": ["-", "-", "-", "-", "withdrawn", "-", "released", "signed", "-"],
    "signed": ["-", "-", "-", "-", "-", "-", "-", "-", "accepted"],
    "declined": ["-", "-", "-", "-", "-", "-", "-", "-", "-"],
    "withdrawn": ["-", "-", "-", "-", "-", "-", "-", "-", "-"],
    "expired": ["-", "-", "-", "-", "-", "-", "-", "-", "-"],
    "released": ["-", "-", "-", "-", "-", "-", "-", "-", "-"],
}
CELLS = [
    (state, action, to)
    for state, row in TABLE.items()
    for action, to in zip(COLUMNS, row, strict=True)
]


class TestWorkflow:
    def test_the_table_names_every_state_and_action(self) -> None:
        assert set(TABLE) == {str(state) for state in ClaimState}
        assert set(COLUMNS) == {str(action) for action in ClaimAction}

    @pytest.mark.parametrize(("state", "action", "to"), CELLS)
    def test_each_cell_leads_where_it_should(self, state: str, action: str, to: str) -> None:
        at, do = ClaimState(state), ClaimAction(action)
        assert WORKFLOW.allows(at, do) == (to != "-")
        if to == "-":
            with pytest.raises(IllegalMove):
                WORKFLOW.after(at, do)
        else:
            assert WORKFLOW.after(at, do) == ClaimState(to)

    def test_only_states_that_hold_can_still_move(self) -> None:
        moving = {state for state, _action in WORKFLOW.moves}
        assert moving == set(HOLDING_STATES)
        assert set(OPEN_STATES) == set(HOLDING_STATES) - {ClaimState.SIGNED}
        assert set(UNDECIDED_STATES) < set(OPEN_STATES)


class TestWaitWorkflow:
    def test_only_waiting_moves_and_every_action_ends_it(self) -> None:
        assert WAIT_WORKFLOW.moves == {
            (WaitState.WAITING, WaitAction.PROMOTE): WaitState.PROMOTED,
            (WaitState.WAITING, WaitAction.LEAVE): WaitState.LEFT,
            (WaitState.WAITING, WaitAction.DROP): WaitState.DROPPED,
        }


class TestAskWorkflow:
    def test_only_an_open_one_moves_and_an_answer_leaves_it_open(self) -> None:
        assert ASK_WORKFLOW.moves == {
            (AskState.OPEN, AskAction.ANSWER): AskState.OPEN,
            (AskState.OPEN, AskAction.GRANT): AskState.GRANTED,
            (AskState.OPEN, AskAction.REFUSE): AskState.REFUSED,
            (AskState.OPEN, AskAction.SETTLE): AskState.MOOT,
        }
