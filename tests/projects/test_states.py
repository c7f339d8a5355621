"""The workflow of projects, each cell of it."""

import pytest

from matchplatform.kernel.errors import IllegalMove
from matchplatform.projects.states import (
    KIND_WORDS,
    LINE_WORDS,
    OUTCOME_WORDS,
    PUBLIC_STATES,
    SECTOR_WORDS,
    WORKFLOW,
    CloseOutcome,
    LineKind,
    ProjectAction,
    ProjectKind,
    ProjectState,
    Sector,
)

# One row a state, written out by hand: what each action leads to; absent means refused.
TABLE: dict[str, dict[str, str]] = {
    "draft": {"edit": "draft", "submit": "submitted"},
    "submitted": {"verify": "verified", "return": "returned"},
    "returned": {"edit": "returned", "submit": "submitted"},
    "verified": {"publish": "published", "return": "returned"},
    "published": {
        "suspend": "suspended",
        "close": "closed",
        "change": "published",
        "merge": "closed",
    },
    "suspended": {
        "resume": "published",
        "close": "closed",
        "change": "suspended",
        "merge": "closed",
    },
    "closed": {},
}

CELLS = [(state, action) for state in ProjectState for action in ProjectAction]


class TestWorkflow:
    @pytest.mark.parametrize(("state", "action"), CELLS)
    def test_each_cell_is_as_written_down(self, state: ProjectState, action: ProjectAction) -> None:
        expected = TABLE[state].get(action)
        assert WORKFLOW.allows(state, action) is (expected is not None)
        if expected is None:
            with pytest.raises(IllegalMove):
                WORKFLOW.after(state, action)
        else:
            assert WORKFLOW.after(state, action) == expected

    def test_the_table_names_every_state(self) -> None:
        assert set(TABLE) == set(ProjectState)

    def test_every_state_but_the_draft_is_led_to(self) -> None:
        assert set(WORKFLOW.moves.values()) == set(ProjectState)

    def test_nothing_leaves_a_closed_project(self) -> None:
        assert WORKFLOW.actions(ProjectState.CLOSED) == []

    def test_the_public_sees_only_what_was_published_once(self) -> None:
        assert set(PUBLIC_STATES) == {"published", "suspended", "closed"}


class TestWords:
    def test_every_member_has_words(self) -> None:
        assert set(KIND_WORDS) == set(ProjectKind)
        assert set(SECTOR_WORDS) == set(Sector)
        assert set(LINE_WORDS) == set(LineKind)
        assert set(OUTCOME_WORDS) == set(CloseOutcome)
