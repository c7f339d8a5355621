"""Read the numbers and what they count out of a Chinese text."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import combinations

from matchplatform.quality.lexicon.numbers import (
    DIGITS,
    GROUPS,
    GUESSES,
    JIAO,
    NUMBER,
    PLACES,
    POINT,
    TALK,
    TEN,
    UNITS,
    VOUCHER,
    YUAN,
    ZEROS,
)

HALVES = Decimal("0.5")


@dataclass(frozen=True)
class Mention:
    """A number in a text with its unit, "" where none follows; ``start`` and ``end`` its place.

    ``value`` is counted in ``unit``: 斤 and 吨 are turned into 公斤; ``number`` and ``written`` are
    the number and the unit as they stand there. ``is_rough`` where 多 or 余 says about so much.
    """

    value: Decimal
    unit: str
    start: int
    end: int
    number: Decimal = Decimal(0)
    written: str = ""
    is_rough: bool = False

    @property
    def digits(self) -> int:
        """Return how many significant digits the number has."""
        return len(self.value.normalize().as_tuple().digits)


def read_chinese(numeral: str) -> Decimal | None:
    """Read a Chinese numeral such as 一万二千 or 二百七; None where it is none."""
    if POINT in numeral:
        whole, _point, tail = numeral.partition(POINT)
        times = Decimal(1)
        if tail[-1:] in GROUPS:
            times, tail = Decimal(GROUPS[tail[-1]]), tail[:-1]
        before = read_chinese(whole) if whole else None
        if before is None or not tail or any(sign not in DIGITS for sign in tail):
            return None
        return Decimal(f"{before}.{''.join(str(DIGITS[sign]) for sign in tail)}") * times
    if len(numeral) == 2 and numeral in GUESSES:
        return None
    if len(numeral) > 1 and all(sign in DIGITS for sign in numeral):
        return Decimal("".join(str(DIGITS[sign]) for sign in numeral))
    total = group = digit = 0
    last = 1
    for sign in numeral:
        if sign in DIGITS:
            digit = DIGITS[sign]
            if sign in ZEROS:
                last = 10
        elif sign in PLACES:
            group += (digit or 1) * PLACES[sign]
            last, digit = PLACES[sign], 0
        else:
            total += (group + digit) * GROUPS[sign]
            group, digit, last = 0, 0, GROUPS[sign]
    # 二百七 is 270 and 一万五 is 15000: a last digit counts in the place below.
    return Decimal(total + group + digit * (last // 10 if last > 10 else 1))


@lru_cache(maxsize=512)
def mentions_of(text: str) -> tuple[Mention, ...]:
    """Return the numbers of a folded text in the order in which they stand."""
    found = list(_spoken_sums(text))
    taken = {at for one in found for at in range(one.start, one.end)}
    for match in NUMBER.finditer(text.translate(VOUCHER)):
        if not match.group() or match.start() in taken:
            continue
        if match["unit3"]:
            value: Decimal | None = HALVES
            unit, rough = match["unit3"], False
        elif match["arabic"]:
            value = Decimal(match["arabic"].replace(",", ""))
            times = match["times"]
            if value is not None and times:
                value *= GROUPS.get(times) or PLACES[times]
            unit, rough = match["unit"], bool(match["rough"])
        else:
            # 千组 or 万户 alone is part of another word, or no number.
            bare = match["chinese"] in ("", *(p for p in PLACES if p != TEN), *GROUPS)
            value = None if bare else read_chinese(match["chinese"])
            unit, rough = match["unit2"], bool(match["rough2"])
            if value is not None and match["half"] and unit:
                continue
        if value is None:
            continue
        if match["over"] or match["over2"]:
            value += HALVES
        name, times_unit = UNITS[unit] if unit else ("", Decimal(1))
        where = match.span()
        found.append(Mention(value * times_unit, name, *where, value, unit or "", rough))
    return tuple(sorted(found, key=lambda one: one.start))


def _spoken_sums(text: str) -> Iterator[Mention]:
    """Yield sums of money as people speak of them: 一块四, 八毛五."""
    for match in TALK.finditer(text):
        parts = (("yuan", Decimal(1)), ("jiao", JIAO), ("mao", JIAO), ("fen", JIAO * JIAO))
        value = sum(
            (each * (_read(match[part]) or 0) for part, each in parts if match[part]), Decimal(0)
        )
        if value:
            yield Mention(value, YUAN, *match.span(), value, YUAN)


def _read(numeral: str) -> Decimal | None:
    return Decimal(numeral) if numeral.isdecimal() else read_chinese(numeral)


def power_of_ten(one: Decimal, other: Decimal) -> int | None:
    """Return the k, other than 0 and from -6 to 6, for which one is other times 10**k."""
    if one <= 0 or other <= 0:
        return None
    a, b = one.normalize().as_tuple(), other.normalize().as_tuple()
    if a.digits != b.digits:
        return None
    power = int(a.exponent) - int(b.exponent)
    return power if 0 < abs(power) <= 6 else None


def sums_of(values: Iterable[Decimal], most: int = 3, among: int = 10) -> set[Decimal]:
    """Return the values and what up to so many of the smallest ``among`` of them add up to."""
    few = sorted(set(values))[:among]
    return {
        sum(chosen, Decimal(0)) for size in range(1, most + 1) for chosen in combinations(few, size)
    } | set(values)
