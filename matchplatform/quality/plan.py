"""Sums, quantities, smallest lots and dates that cannot be meant."""

from collections.abc import Iterator
from decimal import Decimal

from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.money import format_number
from matchplatform.quality.lexicon.numbers import (
    BIG_WORKS,
    COUNTED,
    DAY_UNITS,
    FIELD,
    PERSONAL,
    SMALL_BUILT,
    YUAN,
)
from matchplatform.quality.needs import Finding, NeedText, RuleName, Severity
from matchplatform.quality.needs import Surroundings as Around
from matchplatform.quality.numerals import mentions_of
from matchplatform.quality.texts import plain

SMALL_MONEY_STOPS, SMALL_MONEY_ASKS = Decimal(500), Decimal(1000)
LARGE_STOPS, LARGE_ASKS = Decimal(20_000_000), Decimal(8_000_000)
EACH_STOPS = Decimal(500_000)
TAKES_ALL = Decimal(300_000)


def check_sums(need: NeedText, around: Around) -> Iterator[Finding]:
    """Yield amounts that are much too small or too large for any need."""
    total = need.value
    for place, line in enumerate(need.lines):
        if line.kind == "money" and line.unit != YUAN:
            yield Finding(
                RuleName.YUAN_OR_WAN,
                Severity.BLOCKER,
                f"lines.{place}.unit",
                _("“%(item)s”是资金，单位只能是元。", item=line.item),
                _("这里以元计，50 万元请填 500000。"),
                line.unit,
            )
        elif line.kind == "money" and 0 < line.quantity < SMALL_MONEY_ASKS:
            yield Finding(
                RuleName.YUAN_OR_WAN,
                Severity.BLOCKER if line.quantity < SMALL_MONEY_STOPS else Severity.WARNING,
                f"lines.{place}.quantity",
                _(
                    "“%(item)s”只要 %(yuan)s 元，像是把万元当成了元。",
                    item=line.item,
                    yuan=format_number(line.quantity),
                ),
                _("这里以元计，50 万元请填 500000。"),
                format_number(line.quantity),
            )
    people = max(need.direct_people, need.households * 3, need.person_times // 50)
    each = total / people if people >= 5 else Decimal(0)
    if total > LARGE_ASKS or each > EACH_STOPS:
        yield Finding(
            RuleName.TOTAL_SENSE,
            Severity.BLOCKER if total > LARGE_STOPS else Severity.WARNING,
            "lines",
            _("条目合计 %(total)s 元，远远超过一般的项目。", total=format_number(total)),
            _("请核对数量、单价和单位；确实如此的，请写明依据，或者分成几期。"),
            format_number(total),
        )
    elif 0 < total < 300 and all(line.unit_price is not None for line in need.lines):
        yield Finding(
            RuleName.TOTAL_SENSE,
            Severity.BLOCKER if total < 100 else Severity.WARNING,
            "lines",
            _("条目合计只有 %(total)s 元。", total=format_number(total)),
            _("请核对数量、单价和单位。"),
            format_number(total),
        )


def check_counts(need: NeedText, around: Around) -> Iterator[Finding]:
    """Yield halves of whole things, and more things than there are people for."""
    people = max(need.direct_people, need.households * 5, need.person_times)
    for place, line in enumerate(need.lines):
        where = f"lines.{place}.quantity"
        if line.unit in COUNTED and line.quantity != line.quantity.to_integral_value():
            yield Finding(
                RuleName.QUANTITY_SENSE,
                Severity.WARNING,
                where,
                _("“%(item)s”按%(unit)s计，却不是整数。", item=line.item, unit=line.unit),
                _("请核对数量，或者换一个单位。"),
                format_number(line.quantity),
            )
        personal = line.unit in COUNTED and PERSONAL.search(line.item)
        beyond = line.quantity / people if people >= 5 else Decimal(0)
        days = line.unit in DAY_UNITS and line.quantity > 20_000
        jobs = line.kind == "jobs" and line.quantity > 3000
        if (personal and beyond > 4) or days or jobs:
            yield Finding(
                RuleName.QUANTITY_SENSE,
                Severity.BLOCKER if days or jobs or beyond >= 8 else Severity.WARNING,
                where,
                _(
                    "“%(item)s”要 %(quantity)s %(unit)s，和受益人数对不上。",
                    item=line.item,
                    quantity=format_number(line.quantity),
                    unit=line.unit,
                ),
                _("请核对数量，是不是多打了零。"),
                format_number(line.quantity),
            )


def check_ground(need: NeedText, around: Around) -> Iterator[Finding]:
    """Yield small buildings that are said to stand on fields of ground."""
    text = plain(f"{need.name}\n{need.scope_text}")
    for mention in mentions_of(text):
        before = text[max(0, mention.start - 32) : mention.start]
        if mention.unit == FIELD and mention.value >= 1 and SMALL_BUILT.search(before):
            yield Finding(
                RuleName.QUANTITY_SENSE,
                Severity.BLOCKER,
                "scope_text",
                _("这样的房屋占不了“%(said)s”地。", said=text[mention.start : mention.end]),
                _("请核对面积和单位，是不是把平方米写成了亩。"),
                text[mention.start : mention.end],
            )
            return


def check_lots(need: NeedText, around: Around) -> Iterator[Finding]:
    """Yield smallest lots beyond the need, and such as nobody or only one could take."""
    for place, line in enumerate(need.lines):
        lot = line.min_lot
        if lot is None:
            continue
        value = lot * (line.unit_price or Decimal(0))
        severity, words = None, None
        if lot > line.quantity or lot <= 0:
            severity = Severity.BLOCKER
            words = _("“%(item)s”的起领数量不在需要的数量之内。", item=line.item)
        elif line.unit in COUNTED and lot != lot.to_integral_value():
            severity = Severity.WARNING
            words = _("“%(item)s”的起领数量不是整数。", item=line.item)
        elif line.quantity >= 10 and lot * 10 > line.quantity * 8 and value > TAKES_ALL:
            severity = Severity.WARNING
            words = _("“%(item)s”的起领数量几乎是全部，小机构无法参与。", item=line.item)
        elif line.kind == "money" and line.quantity >= 20_000 and lot < 10:
            severity = Severity.BLOCKER if lot < 1 else Severity.WARNING
            words = _("“%(item)s”的起领数量小得没有意义。", item=line.item)
        elif line.quantity >= 100_000 and line.kind != "money" and value and value < 1:
            severity = Severity.WARNING
            words = _("“%(item)s”的起领数量小得没有意义。", item=line.item)
        if severity and words:
            yield Finding(
                RuleName.MIN_LOT,
                severity,
                f"lines.{place}.min_lot",
                words,
                _("起领数量是一家机构至少要认领的数量，请按发运和管理方便来定。"),
                format_number(lot),
            )


def check_dates(need: NeedText, around: Around) -> Iterator[Finding]:
    """Yield dates in the wrong order, too near to each other, or in another age."""
    starts, ends, deadline = need.starts_on, need.ends_on, need.claim_deadline
    stops, asks = Severity.BLOCKER, Severity.WARNING
    found = []
    if starts and ends:
        days = (ends - starts).days
        only_service = all(line.kind in ("service", "jobs") for line in need.lines)
        if days < 0:
            found.append(("ends_on", stops, _("结束日期早于开始日期。")))
        elif days < 10 and not only_service:
            works = BIG_WORKS.search(need.name + need.scope_text)
            found.append(
                (
                    "ends_on",
                    stops if days <= 3 or (works and days < 7) else asks,
                    _("从开始到结束只有 %(days)s 天，来不及交付。", days=days),
                )
            )
        elif days > 365 * 4:
            severity = stops if days > 365 * 8 else asks
            found.append(("ends_on", severity, _("从开始到结束超过四年，年份可能写错了。")))
    if around.today and ends and ends < around.today and not found:
        found.append(("ends_on", stops, _("结束日期已经过去。")))
    if around.today and starts and abs((starts - around.today).days) > 365 * 3 and not found:
        found.append(("starts_on", stops, _("开始日期离今天太远，年份可能写错了。")))
    if deadline and ends and deadline > ends and not found:
        found.append(("claim_deadline", asks, _("认领截止日晚于项目结束日期。")))
    for where, severity, words in found:
        yield Finding(
            RuleName.DATES, severity, where, words, _("请核对年、月、日。"), _shown(need, where)
        )


def _shown(need: NeedText, where: str) -> str:
    value = getattr(need, where)
    return value.isoformat() if value else ""
