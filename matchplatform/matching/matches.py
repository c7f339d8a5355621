"""What goes into the engine and what comes out of it: plain values."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from matchplatform.matching.weights import Nearness

ZERO = Decimal(0)


@dataclass(frozen=True)
class ProjectText:
    """What the engine may know of a project: nothing private and nothing of a draft.

    ``region_code`` and ``city_code`` have six digits; ``items`` are the names of its lines;
    ``value_gap`` is in yuan, None where nothing that is missing has a price; ``smallest_claim``
    is the least that can be claimed, in yuan, None where that has no price.
    """

    id: int
    number: str
    title: str
    text: str
    sector: str
    region_code: str
    city_code: str
    value_gap: Decimal | None
    items: tuple[str, ...] = ()
    smallest_claim: Decimal | None = None


@dataclass(frozen=True)
class Profile:
    """What the engine may know of an organisation.

    ``text`` is its mission and scope and what it claimed before; ``worked_regions`` are counties;
    ``annual_budget`` is in yuan, None where it has stated none; ``open_promises`` is what it
    holds and has not yet fulfilled, in yuan.
    """

    text: str
    sectors: frozenset[str] = frozenset()
    home_region: str = ""
    worked_regions: frozenset[str] = frozenset()
    annual_budget: Decimal | None = None
    open_promises: Decimal = ZERO

    @property
    def budget_left(self) -> Decimal | None:
        """Return the yearly budget less what is promised; below zero when promised beyond it."""
        return None if self.annual_budget is None else self.annual_budget - self.open_promises


class PartName(StrEnum):
    """The parts of a score."""

    WORDS = "words"
    SECTOR = "sector"
    PLACE = "place"


@dataclass(frozen=True)
class WordShare:
    """A word that both texts have, and the points it gave."""

    word: str
    points: Decimal


@dataclass(frozen=True)
class Part:
    """One part of a score: ``points`` of ``most``, and what they came from.

    ``words`` and ``rest`` add up to the points of the words part.
    """

    name: PartName
    points: Decimal
    most: Decimal
    words: tuple[WordShare, ...] = ()
    rest: Decimal = ZERO
    nearness: Nearness | None = None


class CautionKind(StrEnum):
    """What speaks against a match."""

    OVER_BUDGET = "over_budget"
    GAP_OVER_BUDGET = "gap_over_budget"
    OTHER_SECTOR = "other_sector"
    NEVER_THERE = "never_there"


@dataclass(frozen=True)
class Caution:
    """A caution; ``needs`` and ``has`` in yuan where it is about money."""

    kind: CautionKind
    needs: Decimal | None = None
    has: Decimal | None = None


@dataclass(frozen=True)
class Match:
    """A project for an organisation: ``score`` is 0..100 and the sum of its parts."""

    project_id: int
    score: Decimal
    parts: tuple[Part, ...]
    cautions: tuple[Caution, ...] = ()


@dataclass(frozen=True)
class Fit:
    """The same match seen from a project: for which organisation."""

    organisation_id: int
    match: Match


@dataclass(frozen=True)
class Alike:
    """A project like another one: ``likeness`` orders, the rest says why."""

    project_id: int
    likeness: float
    same_county: bool
    same_sector: bool
    words: tuple[str, ...]
