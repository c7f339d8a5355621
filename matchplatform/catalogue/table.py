"""The public rows as a table of bits: one bit a row, one mask for each value of each facet.

Filtering is then a handful of ANDs, and a count is the number of bits left, at any size that a
province has.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import reduce
from itertools import compress
from operator import and_, or_
from typing import Any

from matchplatform.catalogue.rows import ProjectRow

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
ORDERS: dict[str, Callable[[ProjectRow], Any]] = {
    "deadline": lambda row: (not row.is_claimable, row.claim_deadline or date.max),
    "gap": lambda row: -row.figures.gap,
    "new": lambda row: -(row.published_at or LONG_AGO).timestamp(),
    "people": lambda row: -row.direct_people,
}
_TO_DIGITS = bytes.maketrans(b"\x00\x01", b"01")
_FROM_DIGITS = bytes.maketrans(b"01", b"\x00\x01")

Values = Mapping[str, tuple[str, ...]]


class RowTable:
    """Rows by number, which of them have which value, and their orders."""

    def __init__(
        self, rows: Sequence[ProjectRow], values_of: Callable[[ProjectRow], Values]
    ) -> None:
        self.rows = rows
        self.everything = (1 << len(rows)) - 1
        self.regions = {row.region_code for row in rows} | {row.city_code for row in rows}
        self._places = {row.id: place for place, row in enumerate(rows)}
        self._orders: dict[str, list[int]] = {}
        flags: defaultdict[str, defaultdict[str, bytearray]] = defaultdict(
            lambda: defaultdict(lambda: bytearray(len(rows)))
        )
        for place, row in enumerate(rows):
            for facet, values in values_of(row).items():
                for value in values:
                    flags[facet][value][place] = 1
        self.masks: dict[str, dict[str, int]] = {
            facet: {value: _to_mask(row) for value, row in by_value.items()}
            for facet, by_value in flags.items()
        }

    def mask_of(self, ids: Iterable[int]) -> int:
        """Return the mask of some ids; those that are no row's are passed over."""
        flags = bytearray(len(self.rows))
        for id_ in ids:
            place = self._places.get(id_)
            if place is not None:
                flags[place] = 1
        return _to_mask(flags)

    def find_row(self, id_: int) -> ProjectRow | None:
        """Return the row of an id, or None."""
        place = self._places.get(id_)
        return None if place is None else self.rows[place]

    def union(self, facet: str, values: Iterable[str]) -> int:
        """Return the rows that have one of the values."""
        masks = self.masks.get(facet, {})
        return reduce(or_, (masks.get(value, 0) for value in values), 0)

    def count(self, passing: Mapping[str, int], among: int) -> dict[str, Counter[str]]:
        """Count each value of each facet among the rows that pass all the other facets."""
        counts = {}
        for facet in passing:
            others = (mask for other, mask in passing.items() if other != facet)
            left = reduce(and_, others, among)
            masks = self.masks.get(facet, {})
            numbers = {value: (mask & left).bit_count() for value, mask in masks.items()}
            counts[facet] = Counter({value: n for value, n in numbers.items() if n})
        return counts

    def rows_in(self, mask: int) -> list[ProjectRow]:
        """Return the rows of a mask by number."""
        return list(compress(self.rows, self._flags(mask)))

    def ordered(self, mask: int, sort: str) -> list[ProjectRow]:
        """Return the rows of a mask in an order of ORDERS, equal ones by number."""
        if sort not in self._orders:
            key = ORDERS[sort]
            self._orders[sort] = sorted(
                range(len(self.rows)), key=lambda place: key(self.rows[place])
            )
        flags = self._flags(mask)
        return [self.rows[place] for place in self._orders[sort] if flags[place]]

    def _flags(self, mask: int) -> bytes:
        return f"{mask:0{len(self.rows)}b}".encode()[::-1].translate(_FROM_DIGITS)


def _to_mask(flags: bytearray) -> int:
    return int(flags[::-1].translate(_TO_DIGITS) or b"0", 2)
