"""How many the text says are reached against how many the form counts."""

from collections.abc import Iterator
from decimal import Decimal

from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.money import format_number
from matchplatform.quality.lexicon.counts import EACH_ONE, HIRED, REACHED_AFTER, REACHED_BEFORE
from matchplatform.quality.lexicon.numbers import HOUSEHOLD, PERSON, TIMES
from matchplatform.quality.needs import Finding, NeedText, RuleName, Severity
from matchplatform.quality.needs import Surroundings as Around
from matchplatform.quality.numerals import Mention, mentions_of, sums_of
from matchplatform.quality.said import texts_of

# From these factors on a count that the text gives otherwise is asked about, and is stopped.
ASKS, STOPS = Decimal("1.3"), Decimal("1.8")
NEAR_ENOUGH = Decimal("0.1")
LEAST = 10


def check_reached(need: NeedText, around: Around) -> Iterator[Finding]:
    """Yield people, households and visits that the text names as reached in another number."""
    text = texts_of(need)
    for where, rule, unit, typed in (
        ("direct_people", RuleName.POPULATION, PERSON, need.direct_people),
        ("households", RuleName.HOUSEHOLDS, HOUSEHOLD, need.households),
        ("person_times", RuleName.PEOPLE_OR_TIMES, TIMES, need.person_times),
    ):
        same = [m for m in mentions_of(text) if m.unit == unit and m.value]
        if typed < LEAST or _is_explained(Decimal(typed), same, text, need):
            continue
        for mention in same:
            if not _is_reached(text, mention) or mention.value < LEAST:
                continue
            rate = max(mention.value / typed, typed / mention.value)
            if rate < ASKS:
                continue
            yield Finding(
                rule,
                Severity.BLOCKER if rate >= STOPS else Severity.WARNING,
                where,
                _(
                    "填的是 %(typed)s，正文写的是“%(said)s”。",
                    typed=format_number(typed),
                    said=text[mention.start : mention.end],
                ),
                _("请核对，让表格和正文一致；两个数说的不是一回事的，请在正文里写明。"),
                text[mention.start : mention.end],
            )
            break


def _is_reached(text: str, mention: Mention) -> bool:
    before = text[max(0, mention.start - 16) : mention.start]
    if EACH_ONE.search(before) or HIRED.search(before[-8:]):
        return False
    after = text[mention.end : mention.end + 14]
    return bool(REACHED_BEFORE.search(before) or REACHED_AFTER.search(after))


def _is_explained(typed: Decimal, same: list[Mention], text: str, need: NeedText) -> bool:
    """Tell whether a count follows from the numbers of the text: one, a sum, or a product."""
    if any(abs(typed - one) <= typed * NEAR_ENOUGH for one in sums_of(m.value for m in same)):
        return True
    numbers = {m.value for m in mentions_of(text) if 1 < m.value < 100_000}
    return any(one * other == typed for one in numbers for other in numbers)
