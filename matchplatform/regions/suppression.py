"""Which cells of a published table are kept back, so that no small one can be worked out.

A small cell is kept back, and further ones with it, until every value that is kept back could
also be another one, for somebody who knows all that is shown and how it adds up.

Source: Hundepool et al., Statistical Disclosure Control (2012), chapter 4: complementary
suppression.
"""

from collections import defaultdict
from collections.abc import Iterable

from matchplatform.regions.exposure import HIGHEST, Audit, Cell, Sum, Table


class Unprotected(ValueError):
    """What is public already tells a small value, whatever else is kept back."""


def choose_hidden(
    table: Table,
    hidden: Iterable[Cell] = (),
    settled: Iterable[Cell] = (),
    *,
    as_far_as_may_be: bool = False,
) -> frozenset[Cell]:
    """Return the cells to keep back; ``settled`` were shown before, and so stay known for ever.

    ``hidden`` are kept back whatever else is. ``as_far_as_may_be`` leaves alone what cannot be
    protected any more.

    Raises:
        Unprotected: what is settled tells too much.
    """
    fixed = frozenset(settled) | table.open
    return _Choice(table, set(hidden) | table.small(), fixed, as_far_as_may_be).run()


class _Choice:
    def __init__(
        self, table: Table, hidden: set[Cell], fixed: frozenset[Cell], gives_up: bool
    ) -> None:
        self.table, self.hidden, self.fixed = table, hidden - fixed, fixed
        self.gives_up = gives_up
        self.passed: set[Cell] = set()
        self.sums_of: dict[Cell, list[Sum]] = defaultdict(list)
        for one in table.sums:
            for cell in one.cells:
                self.sums_of[cell].append(one)
        self.audit = Audit(table)
        self.tied_to: dict[Cell, list[Cell]] = defaultdict(list)
        for less, more in table.within:
            self.tied_to[less].append(more)
            self.tied_to[more].append(less)

    def run(self) -> frozenset[Cell]:
        while True:
            self._close_sums()
            exposed = self.audit.find_exposed(self.hidden, self.passed)
            if exposed is None:
                return frozenset(self.hidden)
            # One at a time: what protects it often protects the others, too.
            self._hide_beside(exposed)

    def _close_sums(self) -> None:
        """Hide more wherever a single sum would tell, which needs no solver."""
        waiting = list(self.table.sums)
        while waiting:
            one = waiting.pop()
            if self._tells(one):
                found = self._best(one.cells)
                if found is not None:
                    self.hidden.add(found)
                    waiting += self.sums_of[found]

    def _tells(self, one: Sum) -> bool:
        parts = [cell for cell in one.parts if cell in self.hidden]
        if one.total in self.hidden:
            return not parts
        left = sum(self.table.values[cell] for cell in parts)
        return bool(parts) and (len(parts) == 1 or left < HIGHEST)

    def _best(self, cells: Iterable[Cell]) -> Cell | None:
        """Return the shown cell that costs least: one that other sums want too, then the smallest."""
        free = [cell for cell in cells if cell not in self.hidden and cell not in self.fixed]
        return min(free, key=self._cost, default=None)

    def _cost(self, cell: Cell) -> tuple[bool, int, int, Cell]:
        sums = self.sums_of[cell]
        wanted = sum(self._tells(one) for one in sums)
        # The total of a column is worth more to readers than any single county.
        is_total = any(one.total == cell for one in sums)
        return is_total, -wanted, self.table.values[cell], cell

    def _hide_beside(self, cell: Cell) -> None:
        """Hide the nearest cell that may still be hidden, however many sums away it stands.

        Raises:
            Unprotected: there is none, and none is given up.
        """
        near, seen = [cell], {cell}
        while near:
            around = [
                other
                for one in near
                for other in (
                    *(member for each in self.sums_of[one] for member in each.cells),
                    *self.tied_to[one],
                )
                if other not in seen
            ]
            found = self._best(around)
            if found is not None:
                self.hidden.add(found)
                return
            seen.update(around)
            near = list(dict.fromkeys(around))
        # Nothing is left to hide beside what was shown before, so room elsewhere must do.
        if not self.gives_up and not self.audit.is_wide(cell):
            raise Unprotected(f"{cell} can be worked out")
        self.passed.add(cell)
