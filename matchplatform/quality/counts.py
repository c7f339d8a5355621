"""What the text counts against what the lines count."""

import re
from collections.abc import Iterator
from decimal import Decimal

from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.money import format_number
from matchplatform.quality.lexicon import counts as lexicon
from matchplatform.quality.lexicon.numbers import DAY_UNITS, KILO, UNITS, YUAN
from matchplatform.quality.needs import Finding, LineText, NeedText, RuleName, Severity
from matchplatform.quality.needs import Surroundings as Around
from matchplatform.quality.numerals import Mention, mentions_of, power_of_ten, sums_of
from matchplatform.quality.prices import head_of
from matchplatform.quality.said import speaks_of, texts_of
from matchplatform.quality.texts import plain

NEAR_ENOUGH = Decimal("0.05")
# From this factor on a number that the text gives otherwise is stopped.
FAR = Decimal("1.2")
# A price that the text names for one piece is no estimate.
PRICE_FAR = Decimal("1.1")
# From so many on two measures seldom come to the same number.
LEAST_MEASURED = 20
_STOPS = "，。；！、\n"


def check_quantities(need: NeedText, around: Around) -> Iterator[Finding]:
    """Yield lines whose quantity the text gives otherwise: for each line the surest finding."""
    text = texts_of(need)
    for place, line in enumerate(need.lines):
        if line.kind == "money":
            continue
        for rule in (_other_noughts, _other_unit, _other_number):
            if finding := rule(place, line, need, text):
                yield finding
                break


def _counted(line: LineText) -> tuple[str, Decimal]:
    """Return the basic unit of a line, and how many of it there are."""
    unit, per = UNITS.get(line.unit, (line.unit, Decimal(1)))
    return unit, line.quantity * per


def _other_noughts(place: int, line: LineText, need: NeedText, text: str) -> Finding | None:
    """Find a quantity that the text gives with another number of noughts."""
    unit, quantity = _counted(line)
    same = [m for m in mentions_of(text) if m.unit == unit]
    if quantity in sums_of((mention.value for mention in same), 2, 12):
        return None
    others = {_counted(other)[1] for other in need.lines if other is not line}
    for mention in same:
        power = power_of_ten(quantity, mention.value)
        bound = _is_bound(line.item, text, mention) and not _is_other(text, mention)
        near = speaks_of(line.item, text, mention)
        sure = near or mention.digits > 1 or (power and abs(power) > 2)
        if power is None or not sure or (mention.value in others and not bound):
            continue
        # 五公斤袋 tells how it is packed, not how much there is.
        if mention.value < 2 or (mention.digits == 1 and mention.value < 10 and power > 2):
            continue
        heavy = unit == KILO and abs(power) == 3
        return _said(
            RuleName.KILO_OR_TON if heavy else RuleName.QUANTITY_SAID,
            place,
            line,
            _(
                "“%(item)s”填的数量是 %(typed)s %(unit)s，正文写的是“%(said)s”，差了几个零。",
                **_named(line, text, mention),
            ),
            text[mention.start : mention.end],
        )
    return None


def _other_unit(place: int, line: LineText, need: NeedText, text: str) -> Finding | None:
    """Find a quantity that the text gives in another unit, digit for digit."""
    unit, quantity = _counted(line)
    mentions = mentions_of(text)
    if line.quantity < 2 or any(m.unit == unit and m.value == quantity for m in mentions):
        return None
    others = {(other.unit, other.quantity) for other in need.lines if other is not line}
    for mention in mentions:
        written = mention.unit if mention.value == mention.number else mention.written
        if mention.number != line.quantity or (written, mention.number) in others:
            continue
        same = mention.unit == unit and mention.value == quantity
        if not _is_confused(line.unit, written) or same or _is_other(text, mention):
            continue
        bound = _is_bound(line.item, text, mention)
        if not bound and not _is_measured_alike(line, mention, need):
            continue
        return _said(
            RuleName.KILO_OR_TON if mention.unit == KILO == unit else RuleName.QUANTITY_SAID,
            place,
            line,
            _(
                "“%(item)s”填的是 %(typed)s %(unit)s，正文写的是“%(said)s”，单位不同。",
                **_named(line, text, mention),
            ),
            text[mention.start : mention.end],
        )
    return None


def _is_confused(unit: str, other: str) -> bool:
    if unit == other or any(unit in group and other in group for group in lexicon.SAME):
        return False
    return any(unit in group and other in group for group in lexicon.CONFUSED)


def _is_measured_alike(line: LineText, mention: Mention, need: NeedText) -> bool:
    """Tell whether a number is so much one line's own that its measure must be the line's."""
    measures = line.unit in lexicon.MEASURED and mention.unit in lexicon.MEASURED
    alone = sum(other.quantity == line.quantity for other in need.lines) == 1
    return measures and alone and line.quantity >= LEAST_MEASURED


def _other_number(place: int, line: LineText, need: NeedText, text: str) -> Finding | None:
    """Find a quantity that the text, right beside the item's name, gives as another number."""
    unit, quantity = _counted(line)
    mentions = mentions_of(text)
    same = [m for m in mentions if m.unit == unit and m.unit != YUAN]
    alone = sum(_counted(other)[0] == unit for other in need.lines) == 1
    bound = [
        m
        for m in same
        if (_is_bound(line.item, text, m) or (alone and _is_meant(line, text, m)))
        and not _is_other(text, m)
        and not m.is_rough
        and m.value > 1
    ]
    if not bound or quantity < 1 or _is_explained(quantity, same, mentions, need):
        return None
    mention = bound[0]
    rate = max(mention.value / quantity, quantity / mention.value) if mention.value else FAR
    return _said(
        RuleName.QUANTITY_SAID,
        place,
        line,
        _(
            "“%(item)s”填的数量是 %(typed)s %(unit)s，正文写的是“%(said)s”。",
            **_named(line, text, mention),
        ),
        text[mention.start : mention.end],
        Severity.BLOCKER if rate >= FAR else Severity.WARNING,
    )


def _is_explained(
    quantity: Decimal, same: list[Mention], mentions: tuple[Mention, ...], need: NeedText
) -> bool:
    """Tell whether a quantity follows from the numbers of the text: one, a sum, or a product."""
    sums = sums_of(m.value for m in same if m.value)
    if any(abs(quantity - one) <= quantity * NEAR_ENOUGH for one in sums):
        return True
    numbers = {m.value for m in mentions if 1 < m.value < 100_000}
    numbers |= {Decimal(n) for n in (need.direct_people, need.households, need.person_times) if n}
    products = (one * other for one in numbers for other in numbers)
    return any(abs(quantity - one) <= quantity * NEAR_ENOUGH / 10 for one in products)


def _is_bound(item: str, text: str, mention: Mention) -> bool:
    """Tell whether a number stands right beside the name of a thing."""
    head = head_of(item)
    ends = {head[-2:], head} if len(head) > 2 else {head}
    before = _clause_before(text, mention)
    stripped = before[: lexicon.FILLED_BEFORE.search(before).start()]  # type: ignore[union-attr]
    if any(stripped.endswith(end) for end in ends):
        return True
    after = text[mention.end : mention.end + lexicon.AFTER_NEAR]
    for stop in _STOPS:
        after = after.partition(stop)[0]
    return any(end in after for end in ends) and not any(sign.isdigit() for sign in after)


def _is_meant(line: LineText, text: str, mention: Mention) -> bool:
    """Tell whether a number is of the only line in its unit, though the name is worded otherwise."""
    if _is_counted_up(text, mention, line):
        return True
    head, clause = head_of(line.item), _clause_before(text, mention)
    named = any(head[at : at + 2] in clause[-6:] for at in range(len(head) - 1))
    return line.kind == "goods" and named and bool(lexicon.ASKED_HERE.search(clause))


def _is_counted_up(text: str, mention: Mention, line: LineText) -> bool:
    days = line.unit in DAY_UNITS and mention.written in lexicon.WORKED_DAYS
    return days and bool(lexicon.COUNTED_UP.search(_clause_before(text, mention)))


def _is_other(text: str, mention: Mention) -> bool:
    """Tell whether a number is said of what there is, was, or comes from elsewhere."""
    return bool(lexicon.OTHER_NUMBER.search(_clause_before(text, mention)))


def _clause_before(text: str, mention: Mention) -> str:
    before = text[max(0, mention.start - 20) : mention.start]
    for stop in _STOPS:
        before = before.rpartition(stop)[2]
    return before


def _named(line: LineText, text: str, mention: Mention) -> dict[str, str]:
    return {
        "item": line.item,
        "typed": format_number(line.quantity),
        "unit": line.unit,
        "said": text[mention.start : mention.end],
    }


def _said(
    rule: RuleName,
    place: int,
    line: LineText,
    words: Words,
    excerpt: str,
    severity: Severity = Severity.BLOCKER,
) -> Finding:
    return Finding(
        rule,
        severity,
        f"lines.{place}.quantity",
        words,
        _("请核对数量和单位，让条目和正文一致。"),
        excerpt,
    )


def _is_for_one(line: LineText, text: str, mention: Mention, before: str) -> bool:
    """Tell whether an amount is what one of a thing costs: 一辆680元, 680元/辆."""
    unit = re.escape(line.unit)
    return bool(
        re.search(lexicon.ONE_COSTS_BEFORE.format(unit=unit), before)
        or re.match(lexicon.ONE_COSTS_AFTER.format(unit=unit), text[mention.end :])
    )


def check_said_prices(need: NeedText, around: Around) -> Iterator[Finding]:
    """Yield prices that the text, right beside the item's name, gives otherwise."""
    text = plain(f"{need.name}\n{need.scope_text}")
    amounts = [m for m in mentions_of(text) if m.unit == YUAN]
    values = sums_of((m.value for m in amounts), 4)
    alone = sum(line.kind != "money" for line in need.lines) == 1
    for place, line in enumerate(need.lines):
        price = line.unit_price
        if line.kind in ("money", "jobs") or not price or price in values or line.value in values:
            continue
        for mention in amounts:
            before = _clause_before(text, mention)
            each = before.endswith(tuple(said.format(unit=line.unit) for said in lexicon.ONE_COSTS))
            each = each or _is_for_one(line, text, mention, before)
            if not each or not (alone or speaks_of(line.item, text, mention)):
                continue
            rate = max(mention.value / price, price / mention.value)
            if rate < Decimal("1.05"):
                continue
            yield Finding(
                RuleName.PRICE_SAID,
                Severity.BLOCKER if rate >= PRICE_FAR else Severity.WARNING,
                f"lines.{place}.unit_price",
                _(
                    "“%(item)s”填的单价是 %(typed)s 元，正文写的是 %(said)s 元。",
                    item=line.item,
                    typed=format_number(price),
                    said=format_number(mention.value),
                ),
                _("请核对单价和单位，让条目和正文一致。"),
                text[mention.start : mention.end],
            )
            break
