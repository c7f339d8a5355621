"""What the text says against what the lines say: amounts and the whole."""

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import combinations

from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.money import format_number
from matchplatform.quality.lexicon.numbers import (
    ALL_ITEMS,
    ASKED_FOR,
    EACH,
    EACH_AFTER,
    EACH_BEFORE,
    EACH_SUM,
    EARNED,
    NOT_QUITE,
    ONE_OF,
    ROUGHLY_AFTER,
    SHARED_COST,
    TOTAL_BEFORE,
    WEIGHTS,
    WHOLE_BEGINS,
    YUAN,
)
from matchplatform.quality.needs import Finding, LineText, NeedText, RuleName, Severity
from matchplatform.quality.needs import Surroundings as Around
from matchplatform.quality.numerals import Mention, mentions_of, power_of_ten
from matchplatform.quality.prices import head_of
from matchplatform.quality.texts import plain

WAN = 4
NEAR = 14
SHARED_NEAR = 40
# From this factor on a whole that does not agree with the lines is stopped.
STOPS_FROM = Decimal("1.05")


def texts_of(need: NeedText) -> str:
    """Return all that a need says in sentences, folded."""
    notes = [part for line in need.lines for part in (line.item, line.note)]
    return plain("\n".join([need.name, need.scope_text, need.outcome_target, *notes]))


def check_amounts(need: NeedText, around: Around) -> Iterator[Finding]:
    """Yield lines whose amount or price the text gives with another number of noughts."""
    text = texts_of(need)
    amounts = [m for m in mentions_of(text) if m.unit == YUAN]
    values = {mention.value for mention in amounts}
    for place, line in enumerate(need.lines):
        if line.unit_price is None or not line.value:
            continue
        if line.value in values or _is_about(line.value, values):
            continue
        money = line.kind == "money"
        if not money and (line.unit_price in values or _per_other_weight(line, text) & values):
            continue
        wrong = _slipped(line.value if money else line.unit_price, line, amounts, text)
        if wrong is None and not money:
            wrong = _slipped(line.value, line, amounts, text, whole=True)
        if wrong is None:
            continue
        typed = line.value if money else line.unit_price
        yield Finding(
            RuleName.YUAN_OR_WAN,
            Severity.BLOCKER,
            f"lines.{place}.quantity" if money else f"lines.{place}.unit_price",
            _(
                "“%(item)s”填的是 %(typed)s 元，正文写的是 %(said)s 元，差了几个零。",
                item=line.item,
                typed=format_number(typed),
                said=format_number(wrong.value),
            ),
            _("这里以元计。请核对是不是把万元当成了元，或者多打、少打了零。"),
            text[wrong.start : wrong.end],
        )


def _per_other_weight(line: LineText, text: str) -> set[Decimal]:
    """Return what a weighed thing costs in the other units of weight that the text counts it in."""
    per = WEIGHTS.get(line.unit)
    if per is None or line.unit_price is None:
        return set()
    return {
        line.unit_price / per * other
        for unit, other in WEIGHTS.items()
        if unit != line.unit and re.search(ONE_OF.format(unit=unit), text)
    }


def _slipped(
    typed: Decimal, line: LineText, amounts: list[Mention], text: str, *, whole: bool = False
) -> Mention | None:
    """Return the amount in the text that is the same but for its noughts."""
    for mention in amounts:
        power = power_of_ten(typed, mention.value)
        if power is None:
            continue
        near = speaks_of(line.item, text, mention)
        if abs(power) == WAN and (mention.digits > 1 or near or line.kind == "money"):
            return mention
        each = bool(EACH_BEFORE.search(text[max(0, mention.start - 10) : mention.start]))
        if line.kind == "money" or whole:
            if (mention.digits > 1 and not each) or (near and not each):
                return mention
        elif near and (each or mention.digits > 2):
            return mention
    return None


def speaks_of(item: str, text: str, mention: Mention) -> bool:
    """Tell whether two letters of an item's name stand close to a number, in the same clause."""
    head = head_of(item)
    pairs = {head[at : at + 2] for at in range(len(head) - 1)} or {head}
    before = text[max(0, mention.start - NEAR) : mention.start]
    after = text[mention.end : mention.end + NEAR]
    for stop in "。；！\n":
        before, after = before.rpartition(stop)[2], after.partition(stop)[0]
    return any(pair in before or pair in after for pair in pairs)


def _is_about(value: Decimal, said: set[Decimal]) -> bool:
    return any(abs(value - other) <= value * Decimal("0.03") for other in said)


def check_total(need: NeedText, around: Around) -> Iterator[Finding]:
    """Yield a whole that the text names and the lines do not add up to."""
    total = need.value
    text = plain(f"{need.name}\n{need.scope_text}")
    amounts = [m for m in mentions_of(text) if m.unit == YUAN]
    if not total or not amounts:
        return
    known = {line.value for line in need.lines} | {total}
    for mention in amounts:
        before = text[max(0, mention.start - 18) : mention.start]
        anchor = TOTAL_BEFORE.search(before)
        if anchor is None or mention.value < 1000:
            continue
        if (
            EARNED.search(before)
            or EACH_SUM.search(before[: anchor.start()])
            or EACH.search(before[anchor.end(1) :])
        ):
            continue
        if _fits(mention.value, known, need):
            continue
        around_it = text[max(0, mention.start - SHARED_NEAR) : mention.end + SHARED_NEAR]
        asked = ASKED_FOR.search(anchor.group(1))
        shared = SHARED_COST.search(around_it) and not asked
        if shared and not power_of_ten(mention.value, total):
            continue
        if EACH_AFTER.match(text[mention.end :]):
            continue
        after = text[mention.end : mention.end + 1]
        rough = mention.is_rough or NOT_QUITE.search(before) or after in ROUGHLY_AFTER
        rate = max(mention.value / total, total / mention.value)
        # 合计 and the like often sum up a part; only a part cannot be more than the whole.
        if rough and rate < 2:
            continue
        whole = (
            asked
            or anchor.group(1)[0] in WHOLE_BEGINS
            or ALL_ITEMS.search(before[: anchor.start()])
        )
        partly = not whole and mention.value < total
        if partly and not power_of_ten(mention.value, total):
            continue
        yield Finding(
            RuleName.TOTAL_SAID,
            Severity.BLOCKER if rate >= STOPS_FROM else Severity.WARNING,
            "scope_text",
            _(
                "正文写的总额是 %(said)s 元，条目合计是 %(total)s 元。",
                said=format_number(mention.value),
                total=format_number(total),
            ),
            _("请核对总额和每个条目；由别处承担的部分，请在正文里写明。"),
            text[mention.start : mention.end],
        )
        return


def _fits(said: Decimal, known: set[Decimal], need: NeedText) -> bool:
    """Tell whether an amount is the whole, a line, or the sum of some lines."""
    values = [line.value for line in need.lines if line.value][:10]
    sums = set(known)
    for size in range(2, len(values)):
        sums |= {sum(chosen, Decimal(0)) for chosen in combinations(values, size)}
    return any(abs(said - one) <= max(one, said) * Decimal("0.04") for one in sums)
