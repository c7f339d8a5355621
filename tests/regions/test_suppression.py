"""What is kept back cannot be worked out: tried by another solver on many tables."""

from collections.abc import Callable, Collection

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from matchplatform.regions.exposure import SMALLEST_SHOWN, Cell, Sum, Table
from matchplatform.regions.suppression import Unprotected, choose_hidden

FAR = 10_000
Dark = Callable[[int, int], bool]


def table_of(rows: list[list[int]]) -> Table:
    """Make a table with a total for each row, each column, and of all."""
    values: dict[Cell, int] = {}
    for number, row in enumerate(rows):
        for place, count in enumerate(row):
            values[f"r{number}", f"c{place}"] = count
        values[f"r{number}", "all"] = sum(row)
    columns = [*(f"c{place}" for place in range(len(rows[0]))), "all"]
    names = [f"r{number}" for number in range(len(rows))]
    for column in columns:
        values["all", column] = sum(values[name, column] for name in names)
    across = [
        Sum((name, "all"), tuple((name, column) for column in columns[:-1]))
        for name in (*names, "all")
    ]
    down = [Sum(("all", column), tuple((name, column) for name in names)) for column in columns]
    return Table(values, (*across, *down))


class Outsider:
    """Somebody who knows all that is shown and how it adds up, and solves for the rest.

    It knows nothing of the code under test: every cell is a variable, what is shown is fixed.
    """

    def __init__(self, table: Table, hidden: Collection[Cell]) -> None:
        self.cells = sorted(table.values)
        self.place = {name: number for number, name in enumerate(self.cells)}
        lower = [table.least.get(c, 0) if c in hidden else table.values[c] for c in self.cells]
        upper = [FAR if c in hidden else table.values[c] for c in self.cells]
        rows, low = [], []
        for one in table.sums:
            row = np.zeros(len(self.cells))
            for part in one.parts:
                row[self.place[part]] += 1
            row[self.place[one.total]] -= 1
            rows.append(row)
            low.append(0.0)
        for less, more in table.within:
            row = np.zeros(len(self.cells))
            row[self.place[less]], row[self.place[more]] = 1, -1
            rows.append(row)
            low.append(-np.inf)
        self.given = {
            "constraints": LinearConstraint(np.array(rows), low, np.zeros(len(rows))),
            "bounds": Bounds(lower, upper),
            "integrality": np.ones(len(self.cells)),
        }
        truth = np.array([table.values[cell] for cell in self.cells], dtype=float)
        self.low, self.high = truth.copy(), truth.copy()

    def knows(self, cell: Cell, dark: Dark) -> str:
        """Say between what a cell must lie, where that is too close; tables seen before count."""
        place = self.place[cell]
        for sign in (1, -1):
            if dark(round(self.low[place]), round(self.high[place])):
                return ""
            aim = np.zeros(len(self.cells))
            aim[place] = sign
            found = milp(aim, **self.given)
            assert found.status == 0, found.message
            self.low = np.minimum(self.low, np.round(found.x))
            self.high = np.maximum(self.high, np.round(found.x))
        low, high = round(self.low[place]), round(self.high[place])
        return "" if dark(low, high) else f"{low} to {high}"


def _is_wide(low: int, high: int) -> bool:
    return high - low >= 3


def _is_any_small(low: int, high: int) -> bool:
    return low <= 1 and high >= 4


def find_told(table: Table, hidden: Collection[Cell], *, from_one: bool = True) -> list[str]:
    """List the hidden cells that what is shown tells too closely.

    ``from_one``: a small one must be able to be anything from one to four; else any four will do.
    """
    outsider = Outsider(table, hidden)
    told = []
    for cell in sorted(hidden):
        value = table.values[cell]
        dark = _is_any_small if from_one and value < SMALLEST_SHOWN else _is_wide
        known = outsider.knows(cell, dark)
        if known:
            told.append(f"{cell} is {value}, known to be {known}")
    return told


counts = st.one_of(st.integers(0, 6), st.integers(0, 40), st.integers(100, 500))
tables = st.integers(1, 4).flatmap(
    lambda width: st.lists(st.lists(counts, min_size=width, max_size=width), min_size=1, max_size=5)
)


class TestChoosing:
    @settings(max_examples=60, deadline=None, derandomize=True)
    @given(tables)
    def test_nothing_kept_back_can_be_worked_out(self, rows: list[list[int]]) -> None:
        table = table_of(rows)
        hidden = choose_hidden(table)
        assert table.small() <= hidden
        assert find_told(table, hidden) == []

    def test_hiding_the_small_alone_would_tell_them(self) -> None:
        table = table_of([[3, 40, 50], [60, 70, 80], [90, 10, 20]])
        assert table.small() == {("r0", "c0")}
        assert find_told(table, table.small())
        assert find_told(table, choose_hidden(table)) == []

    def test_two_small_ones_with_a_small_sum_get_a_third(self) -> None:
        table = table_of([[1, 1, 50], [1, 1, 80], [90, 95, 20]])
        assert find_told(table, table.small())
        assert find_told(table, choose_hidden(table)) == []

    def test_a_table_without_small_numbers_is_shown_whole(self) -> None:
        assert choose_hidden(table_of([[5, 6], [7, 8]])) == frozenset()

    def test_totals_are_kept_as_long_as_may_be(self) -> None:
        table = table_of([[3, 40, 50], [60, 70, 80], [90, 10, 20]])
        hidden = choose_hidden(table)
        assert not any("all" in cell for cell in hidden)
        assert len(hidden) == 4

    def test_what_was_shown_once_is_not_kept_back_in_vain(self) -> None:
        table = table_of([[3, 40, 50], [60, 70, 80], [90, 10, 20]])
        settled = {("r0", "c1"), ("r1", "c0")}
        hidden = choose_hidden(table, settled=settled)
        assert not hidden & settled
        assert find_told(table, hidden) == []

    def test_it_says_when_all_that_is_public_tells(self) -> None:
        table = table_of([[3, 40], [60, 70]])
        with pytest.raises(Unprotected):
            choose_hidden(table, settled=set(table.values) - {("r0", "c0")})

    def test_it_knows_what_is_never_more_than_something_else(self) -> None:
        people, households = ("r", "people"), ("r", "households")
        table = Table(
            values={people: 6, households: 2, ("s", "people"): 50, ("s", "households"): 20,
                    ("all", "people"): 56, ("all", "households"): 22},
            sums=(Sum(("all", "people"), (people, ("s", "people"))),
                  Sum(("all", "households"), (households, ("s", "households")))),
            within=((households, people), (("s", "households"), ("s", "people"))),
        )  # fmt: skip
        hidden = choose_hidden(table)
        assert households in hidden
        assert find_told(table, hidden) == []
