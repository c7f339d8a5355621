"""State tables: which action leads from which state to which."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from matchplatform.kernel.errors import IllegalMove

S = TypeVar("S", bound=StrEnum)
A = TypeVar("A", bound=StrEnum)


@dataclass(frozen=True)
class Workflow(Generic[S, A]):
    """A table of moves: ``moves[state, action]`` is the state it leads to."""

    moves: Mapping[tuple[S, A], S]

    def allows(self, state: S, action: A) -> bool:
        """Tell whether ``action`` is in the table for ``state``."""
        return (state, action) in self.moves

    def after(self, state: S, action: A) -> S:
        """Return the state that ``action`` leads to.

        Raises:
            IllegalMove: the table has no such move.
        """
        if (state, action) not in self.moves:
            raise IllegalMove()
        return self.moves[state, action]

    def actions(self, state: S) -> list[A]:
        """List the actions that ``state`` allows, in the table's order."""
        return [action for (at, action) in self.moves if at == state]
