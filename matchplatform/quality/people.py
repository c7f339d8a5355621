"""People, households and person-times: against each other, the text and the county."""

from collections.abc import Iterator
from decimal import Decimal

from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.money import format_number
from matchplatform.quality.lexicon.numbers import (
    HOUSEHOLD,
    PERSON,
    SCHOOL,
    SEVERAL,
    TIMES,
    TOWNSHIP,
    VILLAGE,
)
from matchplatform.quality.needs import Finding, NeedText, RuleName, Severity
from matchplatform.quality.needs import Surroundings as Around
from matchplatform.quality.numerals import mentions_of, power_of_ten
from matchplatform.quality.said import texts_of

# No village, school or township of a poor county holds more than these.
VILLAGE_HOLDS, SCHOOL_HOLDS, TOWNSHIP_HOLDS = 8_000, 8_000, 80_000
LARGEST_COUNTY = 1_200_000


def check_times(need: NeedText, around: Around) -> Iterator[Finding]:
    """Yield people counted as person-times, and the other way round."""
    text = texts_of(need)
    mentions = mentions_of(text)
    people = {int(m.value) for m in mentions if m.unit == PERSON}
    times = {int(m.value) for m in mentions if m.unit == TIMES}
    direct, visits = need.direct_people, need.person_times
    advice = _("同一个人来几次算一个人、几个人次。请分别填写。")
    if direct >= 20 and direct in times and direct not in people:
        yield _people(
            RuleName.PEOPLE_OR_TIMES,
            Severity.BLOCKER,
            "direct_people",
            _("受益人数 %(direct)s 在正文里写的是人次。", direct=format_number(direct)),
            advice,
        )
    elif 0 < visits < direct and not (visits in times and visits not in people):
        stops = visits in people and direct not in people
        yield _people(
            RuleName.PEOPLE_OR_TIMES,
            Severity.BLOCKER if stops else Severity.WARNING,
            "person_times",
            _(
                "人次 %(visits)s 比人数 %(direct)s 还少。",
                visits=format_number(visits),
                direct=format_number(direct),
            ),
            advice,
        )
    elif visits and direct >= 5 and visits > direct * 2000:
        yield _people(
            RuleName.PEOPLE_OR_TIMES,
            Severity.WARNING,
            "person_times",
            _("平均每人 %(rate)s 次，太多了。", rate=format_number(visits // direct)),
            advice,
        )


def check_population(need: NeedText, around: Around) -> Iterator[Finding]:
    """Yield more people than the county, the township, the village or the school has."""
    direct, population = need.direct_people, around.population
    whole = population or LARGEST_COUNTY
    advice = _("请核对受益人数，是不是多打了零，或者填成了人次、户数。")
    if direct > whole or need.households > whole // 2:
        yield _people(
            RuleName.POPULATION,
            Severity.BLOCKER,
            "direct_people" if direct > whole else "households",
            _(
                "填写的人数或户数超过了全县人口 %(whole)s。",
                whole=format_number(whole),
            ),
            advice,
        )
        return
    holds = _holds(need.place.strip())
    if holds and direct > holds:
        yield _people(
            RuleName.POPULATION,
            Severity.BLOCKER,
            "direct_people",
            _(
                "受益人数 %(direct)s 超过了“%(place)s”这样的地方可能有的人数。",
                direct=format_number(direct),
                place=need.place,
            ),
            advice,
        )
        return
    yield from _said_otherwise(need)
    if population and direct > population * Decimal("0.6"):
        yield _people(
            RuleName.POPULATION,
            Severity.WARNING,
            "direct_people",
            _("受益人数超过了全县人口的六成。"),
            advice,
        )


def _holds(place: str) -> int | None:
    several = SEVERAL.search(place)
    if SCHOOL.search(place) and not several:
        return SCHOOL_HOLDS
    if VILLAGE.search(place) and not several:
        return VILLAGE_HOLDS
    return TOWNSHIP_HOLDS if TOWNSHIP.search(place) and not several else None


def _said_otherwise(need: NeedText) -> Iterator[Finding]:
    """Yield people and households that the text gives with other noughts."""
    text = texts_of(need)
    for where, unit, typed in (
        ("direct_people", PERSON, need.direct_people),
        ("households", HOUSEHOLD, need.households),
        ("person_times", TIMES, need.person_times),
    ):
        said = {int(m.value): m for m in mentions_of(text) if m.unit == unit and m.value >= 2}
        if typed < 20 or typed in said:
            continue
        for value, mention in said.items():
            power = power_of_ten(Decimal(typed), Decimal(value))
            if power is None or (mention.digits == 1 and power < 2) or value < 11:
                continue
            yield _people(
                RuleName.POPULATION
                if unit == PERSON
                else RuleName.HOUSEHOLDS
                if unit == HOUSEHOLD
                else RuleName.PEOPLE_OR_TIMES,
                Severity.BLOCKER if mention.digits > 1 else Severity.WARNING,
                where,
                _(
                    "填的是 %(typed)s，正文写的是“%(said)s”，差了几个零。",
                    typed=format_number(typed),
                    said=text[mention.start : mention.end],
                ),
                _("请核对，让表格和正文一致。"),
            )
            break


def check_households(need: NeedText, around: Around) -> Iterator[Finding]:
    """Yield households that cannot hold so many people, or so few."""
    people, households = need.direct_people, need.households
    if not people or not households:
        return
    rate = Decimal(people) / households
    text = texts_of(need)
    persons = {int(m.value) for m in mentions_of(text) if m.unit == PERSON}
    homes = {int(m.value) for m in mentions_of(text) if m.unit == HOUSEHOLD}
    swapped = people in homes and households in persons and people not in persons
    if swapped:
        words: Words = _("户数和人数像是填反了。")
    elif rate > 8:
        words = _("平均每户 %(rate)s 人，太多了。", rate=format_number(round(rate, 1)))
    elif rate < 1 and households not in homes:
        words = _(
            "户数 %(households)s 比人数 %(people)s 还多。",
            households=format_number(households),
            people=format_number(people),
        )
    else:
        return
    stops = swapped or rate > 15 or (rate < 1 and people not in persons)
    yield _people(
        RuleName.HOUSEHOLDS,
        Severity.BLOCKER if stops else Severity.WARNING,
        "households",
        words,
        _("请核对户数和人数：一户通常一到八人。"),
    )


def _people(rule: RuleName, severity: Severity, where: str, words: Words, advice: Words) -> Finding:
    return Finding(rule, severity, where, words, advice)
