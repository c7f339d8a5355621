"""Compare what is offered with the open lines, and take every fit apart. Plain values in and out."""

from collections.abc import Iterable, Sequence
from copy import copy
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Self

from matchplatform.matching import supply_weights as weights
from matchplatform.matching.fits import Fit, FitCaution, FitPart, LineText, OfferText, Points
from matchplatform.matching.names import SHARED_NAMED, NameSpace, plain, shared_of
from matchplatform.matching.supply_weights import TENTH
from matchplatform.matching.words import words_of
from matchplatform.offers.units import convert

MONEY = "money"
TOLD_BY_PURPOSE = (MONEY, "service")
ZERO = Decimal(0)


class SupplyMatcher:
    """The open lines by what they ask for. Once built it is only read, from any thread."""

    def __init__(self, lines: Sequence[LineText]) -> None:
        self._lines = tuple(lines)
        self._names = NameSpace([line.item for line in lines])
        self._rows_of: dict[int, list[int]] = {}
        for row, line in enumerate(lines):
            self._rows_of.setdefault(line.project_id, []).append(row)
        titles = {line.project_id: line.title for line in lines}
        self._title_words = {key: frozenset(words_of(title)) for key, title in titles.items()}

    @property
    def lines(self) -> tuple[LineText, ...]:
        """Return the lines in the model."""
        return self._lines

    def with_lines(self, lines: Sequence[LineText]) -> Self:
        """Return the same model for lines with the same texts in the same order, but other gaps."""
        other = copy(self)
        other._lines = tuple(lines)
        return other

    def fits_of(self, offer: OfferText, today: date, project_id: int | None = None) -> list[Fit]:
        """Return the lines that fit an offer: by score, then by number; of one project or all."""
        rows = None if project_id is None else self._rows_of.get(project_id, [])
        alike = self._names.alike(offer.item, rows)
        said = _said(offer)
        found = []
        for row in range(len(self._lines)) if rows is None else rows:
            line = self._lines[row]
            if line.kind != offer.kind or line.gap <= ZERO:
                continue
            likeness = _likeness(offer, alike.get(row, 0.0))
            words = _longest(said & self._title_words[line.project_id])
            if likeness >= weights.LEAST_LIKENESS or words:
                found.append(_fit(offer, line, likeness, words, today))
        return sorted(found, key=lambda fit: (-fit.score, fit.line.number, fit.line.id))


def _likeness(offer: OfferText, likeness: float) -> float:
    if offer.kind == MONEY and plain(offer.item) in weights.GENERAL_MONEY:
        return max(likeness, weights.ANY_MONEY)
    return likeness


def _in_common(name: str, other: str) -> tuple[str, ...]:
    """Return the words that two names share, or where they share none their longest pieces."""
    words = _longest(set(words_of(name)) & set(words_of(other)))
    return words[:SHARED_NAMED] or shared_of(name, other)


def _said(offer: OfferText) -> frozenset[str]:
    """Return the words to be looked for in titles: of money and services also what they are for."""
    text = f"{offer.item}\n{offer.note}" if offer.kind in TOLD_BY_PURPOSE else offer.item
    return frozenset(words_of(text))


def _longest(words: Iterable[str]) -> tuple[str, ...]:
    """Return words in order, without those that stand inside another one."""
    kept: list[str] = []
    for word in sorted(words, key=lambda word: (-len(word), word)):
        if not any(word in longer for longer in kept):
            kept.append(word)
    return tuple(kept)


def _fit(
    offer: OfferText, line: LineText, likeness: float, words: tuple[str, ...], today: date
) -> Fit:
    offered = convert(offer.quantity, offer.unit, line.unit)
    price = _price_of(offer, line)
    days = (min(offer.valid_until, line.deadline or offer.valid_until) - today).days
    parts = (
        Points(FitPart.ITEM, _share(weights.ITEM, likeness / weights.FULL_LIKENESS), weights.ITEM),
        Points(
            FitPart.TITLE, _share(weights.TITLE, len(words) / weights.FULL_WORDS), weights.TITLE
        ),
        Points(FitPart.AMOUNT, _amount_points(line, offered), weights.AMOUNT),
        Points(FitPart.SECTOR, _sector_points(offer, line), weights.SECTOR),
        Points(FitPart.PLACE, _place_points(offer, line), weights.PLACE),
        Points(FitPart.TIME, _share(weights.TIME, days / weights.ENOUGH_DAYS), weights.TIME),
    )
    return Fit(
        offer_id=offer.id,
        line=line,
        score=sum((part.points for part in parts), ZERO),
        parts=parts,
        cautions=_cautions(offer, line, offered, price, days),
        shared=_in_common(offer.item, line.item) if likeness >= weights.LEAST_LIKENESS else (),
        words=words,
        offered=offered,
        price=price,
        days=days,
    )


def _share(most: Decimal, share: float) -> Decimal:
    return (most * Decimal(max(0.0, min(share, 1.0)))).quantize(TENTH, ROUND_HALF_UP)


def _amount_points(line: LineText, offered: Decimal | None) -> Decimal:
    if offered is None or offered < line.least:
        return ZERO
    if offered >= line.gap:
        return weights.AMOUNT
    more = (weights.AMOUNT - weights.PART_LEAST) * offered / line.gap
    return (weights.PART_LEAST + more).quantize(TENTH, ROUND_HALF_UP)


def _sector_points(offer: OfferText, line: LineText) -> Decimal:
    return weights.SECTOR if not offer.sectors or line.sector in offer.sectors else ZERO


def _place_points(offer: OfferText, line: LineText) -> Decimal:
    city = line.region_code[:4]
    if not offer.regions or offer.regions & {line.region_code, city + "00"}:
        return weights.PLACE
    return weights.SAME_CITY if any(code.startswith(city) for code in offer.regions) else ZERO


def _price_of(offer: OfferText, line: LineText) -> Decimal | None:
    """Return the offer's price for one of the line's units, in yuan."""
    one = convert(Decimal(1), line.unit, offer.unit)
    if offer.unit_price is None or one is None or offer.kind == MONEY:
        return None
    return offer.unit_price * one


def _cautions(
    offer: OfferText, line: LineText, offered: Decimal | None, price: Decimal | None, days: int
) -> tuple[FitCaution, ...]:
    # Only who buys pays the price; of goods and services it is what they are worth.
    buys_below = (
        offer.kind == "purchase"
        and price is not None
        and line.unit_price is not None
        and price < line.unit_price
    )
    found = (
        (FitCaution.OTHER_UNIT, offered is None),
        (FitCaution.BELOW_LOT, offered is not None and offered < line.least),
        (FitCaution.LOW_PRICE, buys_below),
        (FitCaution.OTHER_SECTOR, not _sector_points(offer, line)),
        (FitCaution.OTHER_PLACE, _place_points(offer, line) < weights.PLACE),
        (FitCaution.SHORT_TIME, days < weights.FEW_DAYS),
    )
    return tuple(caution for caution, holds in found if holds)
