"""What somebody outside can note who keeps every release, and what that tells them."""

import random
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from matchplatform.regions.columns import (
    CAUSES,
    COLUMNS,
    HOUSEHOLDS,
    NEEDS,
    OF_THE_POOR,
    PEOPLE,
    TYPED,
)
from matchplatform.regions.exposure import Cell, Sum, Table
from matchplatform.regions.models import PoorFigures, PoorRelease
from matchplatform.regions.releasing import choose_kept_back

QUARTER = "2019Q4"


def small_counts(chance: random.Random) -> dict[str, int]:
    """Return counts as of a county where few are left, many of them under five."""
    most = chance.choice([0, 2, 6, 30])
    counts = {name: chance.randint(0, most) for name in CAUSES}
    people = sum(counts.values())
    counts |= {name: chance.randint(0, people) for name in NEEDS}
    counts |= {PEOPLE: people, HOUSEHOLDS: chance.randint(min(people, 1), people)}
    unable = chance.randint(0, 12)
    paired = chance.randint(0, unable)
    return {
        **counts, "watched_unstable": chance.randint(0, 9), "watched_marginal": 40,
        "unable_households": unable, "unable_people": unable * 2,
        "paired_households": paired, "paired_people": paired * 2,
    }  # fmt: skip


def few_counts(chance: random.Random) -> dict[str, int]:
    """Return counts as of a county in which many are left, and few of them for some cause."""
    counts = {name: chance.randint(10, 90) for name in CAUSES}
    counts |= {name: chance.randint(0, 9) for name in chance.sample(list(CAUSES), 2)}
    people = sum(counts.values())
    counts |= {name: chance.randint(3, people // 2) for name in NEEDS}
    unable = chance.randint(10, 80)
    paired = chance.randint(0, 9)
    return {
        **counts, PEOPLE: people, HOUSEHOLDS: people // 2, "watched_unstable": 90,
        "watched_marginal": 80, "unable_households": unable, "unable_people": unable * 2,
        "paired_households": paired, "paired_people": paired + 2,
    }  # fmt: skip


def moved(counts: dict[str, int], chance: random.Random) -> dict[str, int]:
    """Return counts of which little changed: one person came, or one left, for one cause."""
    cause = chance.choice(list(CAUSES))
    step = 1 if not counts[cause] else chance.choice([-1, 1])
    people = counts[PEOPLE] + step
    after = {**counts, cause: counts[cause] + step, PEOPLE: people}
    for name in (*NEEDS, HOUSEHOLDS):
        after[name] = min(after[name], people)
    after[HOUSEHOLDS] = max(after[HOUSEHOLDS], min(people, 1))
    return after


@dataclass
class Notes:
    """What somebody noted of all they saw, with the numbers that they were not shown."""

    values: dict[Cell, int] = field(default_factory=dict)
    hidden: set[Cell] = field(default_factory=set)
    shown: set[Cell] = field(default_factory=set)
    sums: set[Sum] = field(default_factory=set)
    within: set[tuple[Cell, Cell]] = field(default_factory=set)
    least: dict[Cell, int] = field(default_factory=dict)

    def note(self, place: str, counts: Mapping[str, int], kept: Collection[str]) -> dict[str, Cell]:
        """Note a row, and what everybody knows of rows; the best of guessers knows what stayed."""
        empty = {name: not counts[PEOPLE] and name in OF_THE_POOR for name in counts}
        cells = {
            name: (f"{place} {'empty' if empty[name] else ''}", f"{name} {count}")
            for name, count in counts.items()
        }
        self._keep(cells, counts, kept)
        return cells

    def note_total(self, rows: Sequence[Mapping[str, Cell]], kept: Collection[str]) -> None:
        """Note the sum of rows, which is another one wherever a part is."""
        parts = {name: tuple(row[name] for row in rows) for name in COLUMNS}
        cells = {name: (f"all {parts[name]}", name) for name in COLUMNS}
        counts = {name: sum(self.values[cell] for cell in parts[name]) for name in COLUMNS}
        self._keep(cells, counts, kept)
        self.sums |= {Sum(cells[name], parts[name]) for name in COLUMNS}

    def _keep(
        self, cells: Mapping[str, Cell], counts: Mapping[str, int], kept: Collection[str]
    ) -> None:
        for name, cell in cells.items():
            count = counts[name]
            self.values[cell] = count
            (self.hidden if name in kept else self.shown).add(cell)
            if counts[PEOPLE] and name in (PEOPLE, HOUSEHOLDS):
                self.least[cell] = 1
        self.sums.add(Sum(cells[PEOPLE], tuple(cells[name] for name in CAUSES)))
        for unit in (PEOPLE, HOUSEHOLDS):
            parts = (cells[f"paired_{unit}"], cells[f"waiting_{unit}"])
            self.sums.add(Sum(cells[f"unable_{unit}"], parts))
        self.within |= {(cells[name], cells[PEOPLE]) for name in (HOUSEHOLDS, *NEEDS)}
        self.within |= {
            (cells[f"{state}_households"], cells[f"{state}_people"])
            for state in ("unable", "paired", "waiting")
        }

    def table(self) -> Table:
        """Return what is known."""
        return Table(self.values, tuple(self.sums), tuple(self.within), self.least)

    def secrets(self) -> set[Cell]:
        """Return what was kept back, and never shown at another time."""
        return self.hidden - self.shown


@dataclass
class City:
    """A city as it is published again and again, and what somebody outside can note.

    ``guessed`` are the notes of who takes it that what need not have changed did not, from quarter
    to quarter; ``known`` of who looks at each quarter for itself.
    """

    rows: list[PoorFigures] = field(default_factory=list)
    releases: list[PoorRelease] = field(default_factory=list)
    guessed: Notes = field(default_factory=Notes)
    known: dict[str, Notes] = field(default_factory=lambda: defaultdict(Notes))

    def type(self, code: str, counts: Mapping[str, int], quarter: str = QUARTER) -> None:
        """Let a county type its figures, anew or once more."""
        number = sum((row.region_code, row.quarter) == (code, quarter) for row in self.rows) + 1
        typed = {name: counts[name] for name in TYPED}
        row = PoorFigures(
            id=len(self.rows) + 1, region_code=code, quarter=quarter, revision=number, hidden=[],
            release_id=None, **typed,
        )  # fmt: skip
        self.rows.append(row)
        self.rows.sort(key=lambda each: (each.quarter, each.region_code, each.revision))

    def newest(self, code: str, quarter: str = QUARTER) -> dict[str, int]:
        """Return what a county typed last."""
        found = [row for row in self.rows if (row.region_code, row.quarter) == (code, quarter)]
        return dict(found[-1].counts)

    def publish(self, quarter: str = QUARTER) -> None:
        """Publish, and note what everybody sees: the newest table with its totals.

        Raises:
            Unprotected: it was refused, and nobody saw anything.
        """
        hidden, totals = choose_kept_back(self.rows, self.releases, quarter)
        release = PoorRelease(
            id=len(self.releases) + 1, quarter=quarter, number=len(self.releases) + 1, hidden=totals
        )
        newest = {row.region_code: row for row in self.rows if row.quarter == quarter}
        for row in newest.values():
            if row.release_id is None:
                row.release_id, row.hidden = release.id, hidden[row.id]
            # What was public already stays as it was.
            assert sorted(row.hidden) == sorted(hidden[row.id])
        self.releases.append(release)
        for notes in (self.guessed, self.known[quarter]):
            seen = [notes.note(code, row.counts, row.hidden) for code, row in newest.items()]
            notes.note_total(seen, totals)

    def wrongly_shown(self) -> list[tuple[str, str, str]]:
        """List small numbers that are shown, but for the zeros where nobody is left."""
        return [
            (row.quarter, row.region_code, name)
            for row in self.rows
            for name, count in row.counts.items()
            if row.release_id is not None
            and count < 5
            and name not in row.hidden
            and not (row.people == 0 and name in OF_THE_POOR)
        ]
