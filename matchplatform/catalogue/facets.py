"""Filters and the counts beside them, each count computed under the other filters."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import reduce
from operator import and_

from matchplatform.catalogue.rows import Availability, ProjectRow
from matchplatform.catalogue.table import RowTable
from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.projects.states import KIND_WORDS, LINE_WORDS, SECTOR_WORDS
from matchplatform.regions.divisions import find_division, name_of

STATE_WORDS: dict[str, Words] = {
    "open": _("可认领"),
    "taken": _("已认领满"),
    "ended": _("认领截止"),
    "suspended": _("已暂停"),
    "closed": _("已关闭"),
}
AMOUNTS: dict[str, tuple[Words, Decimal, Decimal]] = {
    "5": (_("5 万元以内"), Decimal(0), Decimal(50_000)),
    "20": (_("5 至 20 万元"), Decimal(50_000), Decimal(200_000)),
    "100": (_("20 至 100 万元"), Decimal(200_000), Decimal(1_000_000)),
    "more": (_("100 万元以上"), Decimal(1_000_000), Decimal("Infinity")),
}
PEOPLE: dict[str, tuple[Words, int, int]] = {
    "50": (_("50 人以内"), 0, 50),
    "200": (_("51 至 200 人"), 50, 200),
    "1000": (_("201 至 1,000 人"), 200, 1000),
    "more": (_("1,000 人以上"), 1000, 10**9),
}
DUE: dict[str, tuple[Words, int]] = {"7": (_("7 天内"), 7), "30": (_("30 天内"), 30)}
FACETS = ("state", "due", "sector", "place", "kind", "want", "amount", "people")
MULTIPLE = ("state", "due", "sector", "city", "county", "kind", "want", "amount", "people")


@dataclass(frozen=True)
class Wanted:
    """What a visitor filters by: sets of values by facet; an empty set filters nothing."""

    state: frozenset[str] = frozenset()
    due: frozenset[str] = frozenset()
    sector: frozenset[str] = frozenset()
    city: frozenset[str] = frozenset()
    county: frozenset[str] = frozenset()
    kind: frozenset[str] = frozenset()
    want: frozenset[str] = frozenset()
    amount: frozenset[str] = frozenset()
    people: frozenset[str] = frozenset()

    def toggled(self, facet: str, value: str) -> "Wanted":
        """Return the same filters with one value put in or taken out."""
        return replace(self, **{facet: getattr(self, facet) ^ {value}})

    def chosen(self) -> list[tuple[str, str]]:
        """List (facet, value) of everything chosen, in the order of the facets."""
        return [(facet, value) for facet in MULTIPLE for value in sorted(getattr(self, facet))]


@dataclass
class Filtered:
    """The rows that pass, and the counts by facet and value."""

    rows: list[ProjectRow] = field(default_factory=list)
    counts: dict[str, Counter[str]] = field(
        default_factory=lambda: {facet: Counter() for facet in (*FACETS, "city", "county")}
    )


def read_wanted(values: Callable[[str], Iterable[str]]) -> Wanted:
    """Read the filters of a link; a value that does not exist is passed over."""
    known: dict[str, Iterable[str]] = {
        "state": STATE_WORDS,
        "due": DUE,
        "sector": SECTOR_WORDS,
        "kind": KIND_WORDS,
        "want": LINE_WORDS,
        "amount": AMOUNTS,
        "people": PEOPLE,
    }
    chosen = {
        facet: frozenset(value for value in values(facet) if value in {str(k) for k in options})
        for facet, options in known.items()
    }
    cities = frozenset(value for value in values("city") if _is_city(value))
    counties = frozenset(
        value for value in values("county") if find_division(value) and value[4:] != "00"
    )
    return Wanted(**chosen, city=cities, county=counties)


def filter_rows(rows: Iterable[ProjectRow], wanted: Wanted) -> Filtered:
    """Filter rows; one that fails a single facet still counts in that facet."""
    table = RowTable(list(rows), values_of)
    return read_filtered(table, *filter_table(table, wanted, table.everything))


_kept: list[RowTable] = []


def table_of(rows: Sequence[ProjectRow]) -> RowTable:
    """Return the table of the kept rows, made anew when they are."""
    found = _kept[0] if _kept else None
    if found is None or found.rows is not rows:
        found = RowTable(rows, values_of)
        _kept[:] = [found]
    return found


def filter_table(
    table: RowTable, wanted: Wanted, among: int
) -> tuple[int, dict[str, Counter[str]]]:
    """Filter some rows of a table; return the mask of those that pass, and the counts."""
    passing = {facet: _passing(table, facet, wanted) for facet in FACETS}
    counts = table.count(passing, among)
    counts["county"], counts["city"] = Counter(counts["place"]), Counter()
    for code, count in counts["place"].items():
        counts["city"][code[:4] + "00"] += count
    return reduce(and_, passing.values(), among), counts


def read_filtered(table: RowTable, mask: int, counts: dict[str, Counter[str]]) -> Filtered:
    """Return what passed, with its rows by number."""
    return Filtered(table.rows_in(mask), counts)


def words_of(facet: str, value: str) -> Words:
    """Return the words of one value of a facet."""
    if facet in ("city", "county"):
        return name_of(value)
    tables: Mapping[str, Mapping[str, Words]] = {
        "state": STATE_WORDS,
        "sector": {str(key): words for key, words in SECTOR_WORDS.items()},
        "kind": {str(key): words for key, words in KIND_WORDS.items()},
        "want": {str(key): words for key, words in LINE_WORDS.items()},
        "due": {key: band[0] for key, band in DUE.items()},
        "amount": {key: band[0] for key, band in AMOUNTS.items()},
        "people": {key: band[0] for key, band in PEOPLE.items()},
    }
    return tables[facet][value]


def values_of(row: ProjectRow) -> dict[str, tuple[str, ...]]:
    """Return what a row counts as in each facet; its county stands under "place"."""
    gap = row.figures.gap
    state = "open" if row.availability is Availability.PARTLY else str(row.availability)
    return {
        "state": (state,),
        "due": _due_values(row),
        "sector": (str(row.sector),),
        "place": (row.region_code,),
        "kind": (str(row.kind),),
        "want": tuple({str(want.kind) for want in row.wants}),
        "amount": tuple(key for key, (_w, low, high) in AMOUNTS.items() if low < gap <= high),
        "people": tuple(
            key for key, (_w, low, high) in PEOPLE.items() if low < row.direct_people <= high
        ),
    }


def _is_city(code: str) -> bool:
    return find_division(code) is not None and code[2:4] != "00" and code[4:] == "00"


def _due_values(row: ProjectRow) -> tuple[str, ...]:
    if not row.is_claimable or row.days_left is None:
        return ()
    return tuple(key for key, (_words, most) in DUE.items() if row.days_left <= most)


def _passing(table: RowTable, facet: str, wanted: Wanted) -> int:
    if facet != "place":
        chosen: frozenset[str] = getattr(wanted, facet)
        return table.union(facet, chosen) if chosen else table.everything
    if not wanted.city and not wanted.county:
        return table.everything
    # A city stands for all its counties until some of them are chosen by name.
    whole = {city[:4] for city in wanted.city} - {county[:4] for county in wanted.county}
    counties = table.masks.get("place", {})
    return table.union(
        "place", {code for code in counties if code in wanted.county or code[:4] in whole}
    )
