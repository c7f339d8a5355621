"""What a release of a city's quarter keeps back, so that it tells nothing beside those before it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from matchplatform.regions.columns import COLUMNS, HOUSEHOLDS, OF_THE_POOR, PEOPLE, ROW_SUMS
from matchplatform.regions.columns import ROW_WITHIN as WITHIN
from matchplatform.regions.exposure import Cell, Sum, Table
from matchplatform.regions.models import PoorFigures, PoorRelease
from matchplatform.regions.suppression import choose_hidden

TOTAL = "total"
Row = dict[str, Cell]
Kept = tuple[dict[int, list[str]], list[str]]
NOTHING: Kept = ({}, [])


class _Public:
    """Everything that was ever public of a city, and what is about to be.

    A county's number has one name over all quarters and releases as long as it stays the same, for
    whoever kept an older one may guess that it did.
    """

    def __init__(self) -> None:
        self.names: dict[tuple[object, str, int, bool], Cell] = {}
        self.values: dict[Cell, int] = {}
        self.sums: list[Sum] = []
        self.within: list[tuple[Cell, Cell]] = []
        self.least: dict[Cell, int] = {}
        self.open: set[Cell] = set()
        self.hidden: set[Cell] = set()
        self.settled: set[Cell] = set()

    def add_row(self, name: str, counts: Mapping[str, int], places: Mapping[str, object]) -> Row:
        """Add a row, and return its cells by column; ``places`` say of what each number is."""
        row: Row = {}
        for column, count in counts.items():
            # Nobody is left: that is shown, so whatever is kept back elsewhere is somebody.
            empty = not counts[PEOPLE] and column in OF_THE_POOR
            cell = self.names.setdefault((places[column], column, count, empty), (name, column))
            row[column] = cell
            self.values[cell] = count
            if empty:
                self.open.add(cell)
            if counts[PEOPLE] and column in (PEOPLE, HOUSEHOLDS):
                self.least[cell] = 1
        self.sums += [
            Sum(row[total], tuple(row[part] for part in parts)) for total, parts in ROW_SUMS
        ]
        self.within += [(row[less], row[more]) for less, more in WITHIN]
        return row

    def add_total(self, name: str, members: Sequence[Row]) -> Row:
        """Add the totals of a release."""
        counts = {column: sum(self.values[row[column]] for row in members) for column in COLUMNS}
        parts = {column: tuple(row[column] for row in members) for column in COLUMNS}
        # Of the same parts it is the same total, whenever it was.
        total = self.add_row(name, counts, parts)
        for column, cell in total.items():
            self.sums.append(Sum(cell, parts[column]))
            # Two counties in which somebody is left have two households, whatever is shown.
            self.least[cell] = sum(self.least.get(part, 0) for part in parts[column])
        return total

    def settle(self, row: Row, hidden: Sequence[str]) -> None:
        """Note what of a row is public, and what is not."""
        for column, cell in row.items():
            if column in hidden:
                self.hidden.add(cell)
            else:
                self.settled.add(cell)

    def choose(self, *, as_far_as_may_be: bool) -> frozenset[Cell]:
        """Return the cells to keep back."""
        settled = self.settled
        table = Table(
            values=self.values,
            sums=tuple(dict.fromkeys(self.sums)),
            within=tuple(dict.fromkeys(self.within)),
            least=self.least,
            open=frozenset(self.open | settled),
        )
        return choose_hidden(
            table, self.hidden - settled, settled, as_far_as_may_be=as_far_as_may_be
        )


def choose_kept_back(
    revisions: Sequence[PoorFigures], releases: Sequence[PoorRelease], quarter: str
) -> Kept:
    """Return the columns kept back by id of the figures, and those of the city's total.

    ``revisions``: all of a city by quarter, county and revision; the latest of each county in the
    ``quarter`` are about to be published, after ``releases``.

    Raises:
        Unprotected: what is public of the quarter tells a small number, whatever is kept back.
    """
    # That a number stayed from one quarter to the next is a guess, and a guess must not keep a city
    # from publishing; what is known of this quarter alone must hold.
    guessed = _choose(
        *_of(revisions, releases, _neighbours(releases, quarter)),
        quarter,
        NOTHING,
        as_far_as_may_be=True,
    )
    alone = _of(revisions, releases, {quarter})
    return _choose(*alone, quarter, guessed, as_far_as_may_be=False)


def _neighbours(releases: Sequence[PoorRelease], quarter: str) -> set[str]:
    """Return a quarter with the nearest public ones before and after it."""
    public = {release.quarter for release in releases}
    before = [code for code in public if code < quarter]
    after = [code for code in public if code > quarter]
    return {quarter, max(before, default=quarter), min(after, default=quarter)}


def _of(
    revisions: Sequence[PoorFigures], releases: Sequence[PoorRelease], quarters: set[str]
) -> tuple[list[PoorFigures], list[PoorRelease]]:
    return (
        [row for row in revisions if row.quarter in quarters],
        [release for release in releases if release.quarter in quarters],
    )


def _choose(
    revisions: Sequence[PoorFigures],
    releases: Sequence[PoorRelease],
    quarter: str,
    kept: Kept,
    *,
    as_far_as_may_be: bool,
) -> Kept:
    """Choose beside these revisions and releases; what is ``kept`` back already stays so."""
    public = _Public()
    rows: dict[int, Row] = {}
    found: dict[str, dict[str, list[PoorFigures]]] = defaultdict(lambda: defaultdict(list))
    for figures in revisions:
        found[figures.quarter][figures.region_code].append(figures)
    newest = [of_county[-1] for of_county in found[quarter].values()]
    for figures in revisions:
        if figures.is_public or figures in newest:
            places = dict.fromkeys(COLUMNS, figures.region_code)
            row = public.add_row(f"{figures.id}", figures.counts, places)
            rows[figures.id] = row
            if figures.is_public:
                public.settle(row, figures.hidden)
    for release in releases:
        members = [
            rows[_member_of(release, of_county).id]
            for of_county in found[release.quarter].values()
            if any(figures.is_public for figures in of_county)
        ]
        total = public.add_total(f"{TOTAL} {release.quarter} {release.number}", members)
        public.settle(total, release.hidden)
    total = public.add_total(TOTAL, [rows[figures.id] for figures in newest])
    of_rows, of_total = kept
    public.hidden |= {rows[number][name] for number, names in of_rows.items() for name in names}
    public.hidden |= {total[name] for name in of_total}
    hidden = public.choose(as_far_as_may_be=as_far_as_may_be)
    return (
        {row.id: [name for name in COLUMNS if rows[row.id][name] in hidden] for row in newest},
        [name for name in COLUMNS if total[name] in hidden],
    )


def _member_of(release: PoorRelease, revisions: Sequence[PoorFigures]) -> PoorFigures:
    """Return the revision of a county that a release showed: the last that was public by then."""
    return [
        row for row in revisions if row.release_id is not None and row.release_id <= release.id
    ][-1]
