"""What can be worked out of a table of which some cells are kept back.

Source: Hundepool et al., Statistical Disclosure Control (2012), chapter 4: the audit of a table by
linear programming.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import linprog

Cell = tuple[str, str]
SMALLEST_SHOWN = 5
# A small value must be able to be anything from one to four, any other one of four values.
LOWEST, HIGHEST = 1, SMALLEST_SHOWN - 1
_WIDTH = HIGHEST - LOWEST
# Nobody looks for an interval wider than this, and no solver shall look for an end of it.
_FAR = 1_000
_NEARLY = 1e-6


@dataclass(frozen=True)
class Sum:
    """A total and its parts."""

    total: Cell
    parts: tuple[Cell, ...]

    @property
    def cells(self) -> tuple[Cell, ...]:
        """Return all of it."""
        return (self.total, *self.parts)


@dataclass(frozen=True)
class Table:
    """Whole numbers, and what anybody knows of them.

    ``within``: pairs of which the first is never more than the second; ``least``: what a cell that
    is kept back is at least (0 where nothing is said); ``open``: shown however small it is.
    """

    values: Mapping[Cell, int]
    sums: tuple[Sum, ...]
    within: tuple[tuple[Cell, Cell], ...] = ()
    least: Mapping[Cell, int] = field(default_factory=dict)
    open: frozenset[Cell] = frozenset()

    def small(self) -> set[Cell]:
        """Return the cells that are too small to be shown."""
        return {
            cell
            for cell, value in self.values.items()
            if value < SMALLEST_SHOWN and cell not in self.open
        }


def protected(value: int, low: int, high: int, least: int = 0) -> bool:
    """Tell whether an interval leaves a value that is kept back in the dark; it is ``least`` anyway."""
    if value < SMALLEST_SHOWN:
        lowest = max(LOWEST, least)
        return low <= lowest and high >= lowest + _WIDTH
    return is_wide(low, high)


def is_wide(low: int, high: int) -> bool:
    """Tell whether an interval holds as many numbers as that from one to four."""
    return high - low >= _WIDTH


class Audit:
    """What is found out about the hidden cells of a table, of which there are more and more.

    A table that could be stays one when further cells are hidden, so what was found is kept.
    """

    def __init__(self, table: Table) -> None:
        self.table = table
        self.low, self.high = dict(table.values), dict(table.values)

    def find_exposed(self, hidden: set[Cell], passed: set[Cell]) -> Cell | None:
        """Return a hidden cell that can be worked out too closely; ``passed`` need no look."""
        for cells in self._groups(hidden):
            waiting = [cell for cell in cells if cell not in passed and not self._is_safe(cell)]
            if waiting:
                system = _System(self.table, cells)
                for cell in waiting:
                    if not self._becomes_safe(system, cell):
                        return cell
        return None

    def is_wide(self, cell: Cell) -> bool:
        """Tell whether what was found of a cell leaves it enough room, be it not from one."""
        return is_wide(self.low[cell], self.high[cell])

    def _is_safe(self, cell: Cell) -> bool:
        value, least = self.table.values[cell], self.table.least.get(cell, 0)
        return protected(value, self.low[cell], self.high[cell], least)

    def _becomes_safe(self, system: "_System", cell: Cell) -> bool:
        for sign in (1.0, -1.0):
            if self._is_safe(cell):
                return True
            # Every solution is a table that could be, for each of its cells.
            for one, value in system.reach(cell, sign):
                self.low[one] = min(self.low[one], value)
                self.high[one] = max(self.high[one], value)
        return self._is_safe(cell)

    def _groups(self, hidden: set[Cell]) -> Iterator[list[Cell]]:
        """Part the hidden cells where nothing known ties one to another."""
        tied: dict[Cell, set[Cell]] = defaultdict(set)
        for cells in (*(one.cells for one in self.table.sums), *self.table.within):
            members = [cell for cell in cells if cell in hidden]
            for cell in members[1:]:
                tied[members[0]].add(cell)
                tied[cell].add(members[0])
        left = set(hidden)
        for first in sorted(hidden):
            if first in left:
                left.discard(first)
                group = [first]
                for cell in group:
                    near = tied[cell] & left
                    left -= near
                    group.extend(near)
                yield sorted(group)


class _System:
    """What is known of some hidden cells."""

    def __init__(self, table: Table, cells: list[Cell]) -> None:
        self.cells = cells
        self.place = {cell: number for number, cell in enumerate(cells)}
        values = table.values
        self.bounds = [
            (min(table.least.get(cell, 0), values[cell]), values[cell] + _FAR) for cell in cells
        ]
        equal = [
            self._row([(one.total, -1.0), *((part, 1.0) for part in one.parts)], values)
            for one in table.sums
            if self._is_of(one.cells)
        ]
        within = [
            self._row([(less, 1.0), (more, -1.0)], values)
            for less, more in table.within
            if self._is_of((less, more))
        ]
        self.given = {
            "A_eq": np.array([row for row, _rest in equal]) if equal else None,
            "b_eq": [rest for _row, rest in equal] or None,
            "A_ub": np.array([row for row, _rest in within]) if within else None,
            "b_ub": [rest for _row, rest in within] or None,
        }

    def _is_of(self, cells: Iterable[Cell]) -> bool:
        return any(cell in self.place for cell in cells)

    def _row(
        self, members: Iterable[tuple[Cell, float]], values: Mapping[Cell, int]
    ) -> tuple[np.ndarray, float]:
        """Return the factors of the hidden cells, and what the shown ones leave for them."""
        row, rest = np.zeros(len(self.cells)), 0.0
        for cell, sign in members:
            if cell in self.place:
                row[self.place[cell]] += sign
            else:
                rest -= sign * values[cell]
        return row, rest

    def reach(self, cell: Cell, sign: float) -> Iterator[tuple[Cell, int]]:
        """Find a table that could be, with this cell as low (1) or as high (-1) as it goes."""
        aim = np.zeros(len(self.cells))
        aim[self.place[cell]] = sign
        found = linprog(aim, bounds=self.bounds, method="highs", **self.given)
        if found.status == 0 and np.abs(found.x - np.round(found.x)).max() > _NEARLY:
            # People are whole, and half of one would seem to leave more room than there is.
            found = linprog(aim, bounds=self.bounds, method="highs", integrality=1, **self.given)
        if found.status != 0:
            raise RuntimeError(f"the audit of a table failed: {found.message}")
        return zip(self.cells, (round(value) for value in found.x), strict=True)
