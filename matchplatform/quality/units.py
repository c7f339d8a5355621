"""Unit prices: against like lines, against the price table, and against plain sense."""

from collections.abc import Iterator
from decimal import Decimal
from math import log

from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.money import format_number
from matchplatform.quality.lexicon.numbers import LOOSE, WEIGHTS
from matchplatform.quality.lexicon.ranges import BY_ITEM, BY_KIND
from matchplatform.quality.needs import Finding, LineText, NeedText, RuleName, Severity
from matchplatform.quality.needs import Surroundings as Around
from matchplatform.quality.prices import head_of, per_unit, rows_for

# From these factors on a price is asked about, and is stopped.
TABLE_STOPS = Decimal(3)
LIKE_ASKS, LIKE_STOPS, LIKE_ENOUGH = 4.0, 8.0, 4
# So far off that three like lines are enough to stop.
LIKE_FAR = 30.0
# How far outside the limits of sense a price may lie before it is stopped.
SENSE_STOPS = 1.3


def check_prices(need: NeedText, around: Around) -> Iterator[Finding]:
    """Yield what is wrong with unit prices: for each line the surest finding alone."""
    for place, line in enumerate(need.lines):
        if line.kind in ("money", "jobs"):
            continue
        if line.unit_price is None:
            continue
        rules = (_kilo_or_ton, _by_table, _by_like, _by_sense)
        found = [one for rule in rules if (one := rule(place, line, around)) is not None]
        # One finding a line is enough: the first that stops, else the first that asks.
        if found:
            yield next((one for one in found if one.stops), found[0])


def _kilo_or_ton(place: int, line: LineText, around: Around) -> Finding | None:
    """Ask where the price fits the other unit of weight, and not its own."""
    price = line.unit_price
    base = WEIGHTS.get(line.unit)
    if price is None or base is None or not price:
        return None
    limits = _limits_per_kilo(line, around)
    if limits is None:
        return None
    low, high = limits
    per_kilo = price / base
    other = price / (Decimal(1000) if base != 1000 else Decimal(1))
    if low / 3 <= per_kilo <= high * 3 or not low / 2 <= other <= high * 2:
        return None
    return Finding(
        RuleName.KILO_OR_TON,
        Severity.BLOCKER,
        f"lines.{place}.unit",
        _(
            "“%(item)s”单价 %(price)s 元/%(unit)s，像是公斤和吨写错了。",
            item=line.item,
            price=format_number(price),
            unit=line.unit,
        ),
        _("请核对单位、数量和单价，三者要用同一个单位。"),
        f"{format_number(line.quantity)} {line.unit}",
    )


def _limits_per_kilo(line: LineText, around: Around) -> tuple[Decimal, Decimal] | None:
    rows = rows_for(line.item, next(iter(WEIGHTS)), around.price_table)
    if rows:
        return min(low for low, _high in rows), max(high for _low, high in rows)
    like = around.prices.like(line.item, next(iter(WEIGHTS)))
    if like is not None and like.count >= LIKE_ENOUGH:
        return like.median / 4, like.median * 4
    for words, units, low, high in BY_ITEM:
        if next(iter(WEIGHTS)) in units and words.search(head_of(line.item)):
            return Decimal(str(low)), Decimal(str(high))
    if line.kind == "purchase":
        return Decimal("0.4"), Decimal(200)
    return None


def _by_table(place: int, line: LineText, around: Around) -> Finding | None:
    rows = rows_for(line.item, line.unit, around.price_table)
    price = line.unit_price
    if not rows or price is None:
        return None
    low, high = min(low for low, _high in rows), max(high for _low, high in rows)
    if low <= price <= high:
        return None
    stops = price > high * TABLE_STOPS or price * TABLE_STOPS < low
    return _odd(
        RuleName.PRICE_TABLE,
        Severity.BLOCKER if stops else Severity.WARNING,
        place,
        line,
        _(
            "“%(item)s”单价 %(price)s 元，省价格表为 %(low)s 至 %(high)s 元。",
            item=line.item,
            price=format_number(price),
            low=format_number(low),
            high=format_number(high),
        ),
    )


def _by_like(place: int, line: LineText, around: Around) -> Finding | None:
    like = around.prices.like(line.item, line.unit)
    price = line.unit_price
    if like is None or price is None or not like.median or not price:
        return None
    away = abs(log(float(price / like.median)))
    # Things that differ widely among themselves must lie much farther off to be odd.
    wide = 3 * log(like.spread)
    if away < max(log(LIKE_ASKS), wide):
        return None
    far = away >= max(log(LIKE_FAR), wide)
    stops = far or (like.count >= LIKE_ENOUGH and away >= max(log(LIKE_STOPS), wide))
    return _odd(
        RuleName.PRICE_LIKE,
        Severity.BLOCKER if stops else Severity.WARNING,
        place,
        line,
        _(
            "“%(item)s”单价 %(price)s 元，%(count)s 个同类条目的中位数是 %(median)s 元。",
            item=line.item,
            price=format_number(price),
            count=like.count,
            median=format_number(like.median),
        ),
    )


def _by_sense(place: int, line: LineText, around: Around) -> Finding | None:
    """Speak of prices that no such thing has anywhere."""
    if line.unit_price is None:
        return None
    price, head = float(line.unit_price), head_of(line.item)
    for words, units, low, high in BY_ITEM:
        alike = bool(units & LOOSE) and line.unit in LOOSE
        if line.kind == "service" or not (line.unit in units or alike):
            continue
        if words.search(head):
            if low <= price <= high:
                return None
            stops = price > high * SENSE_STOPS or price * SENSE_STOPS < low
            return _beyond_sense(place, line, Severity.BLOCKER if stops else Severity.WARNING)
    limits = BY_KIND.get((line.kind, line.unit))
    if limits is None and per_unit(line.unit)[0] != 1:
        return None
    if limits is not None:
        soft_low, soft_high, hard_low, hard_high = limits
        if price < hard_low or price > hard_high:
            return _beyond_sense(place, line, Severity.BLOCKER)
        if price < soft_low or price > soft_high:
            return _beyond_sense(place, line, Severity.WARNING)
    return None


def _beyond_sense(place: int, line: LineText, severity: Severity) -> Finding:
    return _odd(
        RuleName.PRICE_SENSE,
        severity,
        place,
        line,
        _(
            "“%(item)s”每%(unit)s %(price)s 元，不像这类东西的价钱。",
            item=line.item,
            unit=line.unit,
            price=format_number(line.unit_price or Decimal(0)),
        ),
    )


def _odd(rule: RuleName, severity: Severity, place: int, line: LineText, words: Words) -> Finding:
    return Finding(
        rule,
        severity,
        f"lines.{place}.unit_price",
        words,
        _("请核对单价和单位；确实如此的，写明规格和询价依据。"),
        f"{format_number(line.unit_price or Decimal(0))} / {line.unit}",
    )
