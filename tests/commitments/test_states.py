"""The workflow tables, cell by cell."""

from itertools import product

import pytest

from matchplatform.commitments.states import (
    COMMITMENT_WORKFLOW,
    STATE_WORDS,
    WORKFLOW,
    AgreementAction,
    AgreementState,
    CommitmentAction,
    CommitmentState,
)
from matchplatform.kernel.errors import IllegalMove

MOVES = {
    "draft": {"edit": "draft", "confirm": "confirmed", "discard": "void"},
    "confirmed": {
        "edit": "draft",
        "confirm": "confirmed",
        "freeze": "frozen",
        "discard": "void",
    },
    "frozen": {"sign": "in_force", "discard": "void"},
    "in_force": {"unsign": "frozen", "end": "ended"},
    "ended": {},
    "void": {},
}


@pytest.mark.parametrize(("state", "action"), list(product(AgreementState, AgreementAction)))
def test_an_agreement_moves_as_the_table_says(
    state: AgreementState, action: AgreementAction
) -> None:
    wanted = MOVES[state].get(action)
    if wanted is None:
        with pytest.raises(IllegalMove):
            WORKFLOW.after(state, action)
    else:
        assert WORKFLOW.after(state, action) == wanted


def test_every_state_has_words() -> None:
    assert set(STATE_WORDS) == set(AgreementState)


def test_only_a_standing_commitment_is_revoked() -> None:
    revoke = CommitmentAction.REVOKE
    after = COMMITMENT_WORKFLOW.after(CommitmentState.IN_DELIVERY, revoke)
    assert after is CommitmentState.REVOKED
    assert not COMMITMENT_WORKFLOW.allows(CommitmentState.REVOKED, revoke)
