"""What like things cost: the lines of other needs, and the province's price table."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from math import exp, log
from statistics import median

from matchplatform.kernel.text import fold
from matchplatform.quality.lexicon.numbers import STATES, WEIGHTS
from matchplatform.quality.words import words_of

_REST = re.compile(r"[（(，,、；;：:].*$")
LEAST_LINES = 3


@dataclass(frozen=True)
class PriceRow:
    """A row of the province's price table: from low to high, in yuan."""

    item: str
    unit: str
    low: Decimal
    high: Decimal


@dataclass(frozen=True)
class LikePrices:
    """Unit prices of like lines: their median in yuan, and how far they spread (a factor >= 1)."""

    median: Decimal
    spread: float
    count: int


class PriceBook:
    """The unit prices of known lines, found by the words of the item. Only read once made."""

    def __init__(self, lines: Iterable[tuple[str, str, Decimal]]) -> None:
        self._lines: list[tuple[frozenset[str], str, float]] = []
        self._having: dict[tuple[str, str], list[int]] = {}
        for item, unit, price in lines:
            if price <= 0:
                continue
            words = _words_for_price(item)
            per, base = per_unit(unit)
            for word in words:
                self._having.setdefault((word, base), []).append(len(self._lines))
            self._lines.append((words, base, log(float(price / per))))

    def like(self, item: str, unit: str) -> LikePrices | None:
        """Return what like lines in the same unit cost; None where there are fewer than three."""
        words = _words_for_price(item)
        per, base = per_unit(unit)
        rows = {row for word in words for row in self._having.get((word, base), ())}
        prices = []
        for row in sorted(rows):
            other = self._lines[row][0]
            if words & STATES == other & STATES and len(words & other) / len(words | other) >= 0.5:
                prices.append(self._lines[row][2])
        if len(prices) < LEAST_LINES:
            return None
        middle = median(prices)
        spread = 1.4826 * median(abs(price - middle) for price in prices)
        return LikePrices(Decimal(round(exp(middle), 2)) * per, exp(spread), len(prices))


def head_of(item: str) -> str:
    """Return an item without what is said in brackets or after a comma."""
    folded = fold(item)
    return _REST.sub("", folded) or folded


def _words_for_price(item: str) -> frozenset[str]:
    """Return the words of an item; dried and fresh of the same thing cost quite different sums."""
    head = head_of(item)
    return frozenset(words_of(head)) | (STATES & set(head))


@lru_cache(maxsize=512)
def per_unit(unit: str) -> tuple[Decimal, str]:
    """Return how many of the basic unit a unit holds, and that unit; weights count in 公斤."""
    folded = fold(unit)
    weight = WEIGHTS.get(folded)
    return (weight, next(iter(WEIGHTS))) if weight else (Decimal(1), folded)


def rows_for(item: str, unit: str, table: Iterable[PriceRow]) -> list[tuple[Decimal, Decimal]]:
    """Return low and high of the rows that speak of an item, in the item's own unit."""
    text, (per, base) = head_of(item), per_unit(unit)
    best = 0
    found: list[tuple[Decimal, Decimal]] = []
    for row in table:
        row_per, row_base = per_unit(row.unit)
        name = fold(row.item)
        if name not in text or row_base != base or len(name) < best:
            continue
        if len(name) > best:
            best, found = len(name), []
        found.append((row.low * per / row_per, row.high * per / row_per))
    return found
