"""What goes into the comparison of offers and lines, and what comes out of it: plain values."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


@dataclass(frozen=True)
class OfferText:
    """What the engine may know of an offer; empty ``sectors`` or ``regions``: any will do."""

    id: int
    kind: str
    item: str
    quantity: Decimal
    unit: str
    valid_until: date
    note: str = ""
    unit_price: Decimal | None = None
    sectors: frozenset[str] = frozenset()
    regions: frozenset[str] = frozenset()


@dataclass(frozen=True)
class LineText:
    """What the engine may know of an open line and its project.

    ``gap`` is what is missing and ``least`` the least that can be claimed, both in ``unit``.
    """

    id: int
    project_id: int
    number: str
    title: str
    kind: str
    item: str
    unit: str
    gap: Decimal
    least: Decimal
    sector: str
    region_code: str
    unit_price: Decimal | None = None
    deadline: date | None = None


class FitPart(StrEnum):
    """The parts of a fit."""

    ITEM = "item"
    TITLE = "title"
    AMOUNT = "amount"
    SECTOR = "sector"
    PLACE = "place"
    TIME = "time"


class FitCaution(StrEnum):
    """What speaks against a fit."""

    OTHER_UNIT = "other_unit"
    BELOW_LOT = "below_lot"
    LOW_PRICE = "low_price"
    OTHER_SECTOR = "other_sector"
    OTHER_PLACE = "other_place"
    SHORT_TIME = "short_time"


@dataclass(frozen=True)
class Points:
    """One part: ``points`` of ``most``."""

    name: FitPart
    points: Decimal
    most: Decimal


@dataclass(frozen=True)
class Fit:
    """An offer and a line: ``score`` is 0..100 and the sum of its parts.

    ``shared`` are the pieces that both names have, ``words`` the words that the offer has in common
    with the title; ``offered`` is the offer's quantity in the line's unit, None where the two units
    cannot be compared; ``price`` is the offer's price for one of the line's units.
    """

    offer_id: int
    line: LineText
    score: Decimal
    parts: tuple[Points, ...]
    cautions: tuple[FitCaution, ...]
    shared: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    offered: Decimal | None = None
    price: Decimal | None = None
    days: int = 0

    @property
    def covers_all(self) -> bool:
        """Tell whether the offer would close the whole gap."""
        return self.offered is not None and self.offered >= self.line.gap
