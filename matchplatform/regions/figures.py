"""What is typed of a county's people in a quarter: its shape, what it must fulfil, what is odd."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from matchplatform.kernel import clock
from matchplatform.kernel.errors import InvalidInput
from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.money import format_number
from matchplatform.kernel.text import tidy
from matchplatform.regions.columns import (
    CAUSES,
    HOUSEHOLDS,
    NEEDS,
    PAIRED,
    PEOPLE,
    TYPED,
    UNABLE,
    WATCHED,
)
from matchplatform.regions.divisions import poverty_counties
from matchplatform.regions.models import PoorFigures
from matchplatform.regions.quarters import first_day, last_day

LONGEST_SOURCE = 120
# What asks for a second yes: a rise, a fall, or a share of the county's people.
RISE, FALL, SMALL_CHANGE = 1.2, 0.4, 50
SHARE = 0.1


@dataclass(frozen=True)
class CountyFigures:
    """What a county counted: ``counts`` by the columns of columns.TYPED; what is left out is zero."""

    counts: Mapping[str, int]
    as_of: date
    source: str


def checked(region_code: str, quarter: str, figures: CountyFigures) -> dict[str, object]:
    """Return what is to be kept, by the names of the columns.

    Raises:
        InvalidInput: something does not add up, or cannot be.
    """
    counts = {name: figures.counts.get(name, 0) for name in TYPED}
    wrongs = _find_wrongs(region_code, counts)
    source = tidy(figures.source)
    if not source:
        wrongs["source"] = _("请写数从哪里来，例如“县扶贫信息系统”。")
    elif len(source) > LONGEST_SOURCE:
        wrongs["source"] = _("最多 %(count)s 个字。", count=LONGEST_SOURCE)
    if not first_day(quarter) <= figures.as_of <= min(last_day(quarter), clock.today()):
        wrongs["as_of"] = _("截至日期要在这个季度里，也不能在今天之后。")
    if wrongs:
        raise InvalidInput(fields=wrongs)
    return {**counts, "as_of": figures.as_of, "source": source}


def _find_wrongs(region_code: str, counts: Mapping[str, int]) -> dict[str, Words]:
    wrongs: dict[str, Words] = {
        name: _("人数和户数不能是负数。") for name, count in counts.items() if count < 0
    }
    people = counts[PEOPLE]
    causes = sum(counts[name] for name in CAUSES)
    if causes != people:
        wrongs[PEOPLE] = _(
            "各项致贫原因加起来是 %(causes)s 人，和未脱贫人口 %(people)s 人对不上。",
            causes=format_number(causes),
            people=format_number(people),
        )
    population = poverty_counties()[region_code].population
    if people > population:
        wrongs[PEOPLE] = _("比全县人口（%(count)s 人）还多。", count=format_number(population))
    if counts[HOUSEHOLDS] > people:
        wrongs[HOUSEHOLDS] = _("户数比人数还多。")
    elif people and not counts[HOUSEHOLDS]:
        wrongs[HOUSEHOLDS] = _("有人就有户，请填户数。")
    for name in NEEDS:
        if counts[name] > people:
            wrongs[name] = _("需要的人比未脱贫人口还多。")
    for name in (*WATCHED, *UNABLE, *PAIRED):
        if counts[name] > population:
            wrongs[name] = _("比全县人口（%(count)s 人）还多。", count=format_number(population))
    return _find_pairing_wrongs(counts) | wrongs


def _find_pairing_wrongs(counts: Mapping[str, int]) -> dict[str, Words]:
    wrongs: dict[str, Words] = {}
    for unit in (HOUSEHOLDS, PEOPLE):
        if counts[f"paired_{unit}"] > counts[f"unable_{unit}"]:
            wrongs[f"paired_{unit}"] = _("已结对的比无劳动能力户还多。")
    for state in ("unable", "paired"):
        households, people = counts[f"{state}_{HOUSEHOLDS}"], counts[f"{state}_{PEOPLE}"]
        if households > people:
            wrongs[f"{state}_{HOUSEHOLDS}"] = _("户数比人数还多。")
        elif people and not households:
            wrongs[f"{state}_{HOUSEHOLDS}"] = _("有人就有户，请填户数。")
    waiting = {
        unit: counts[f"unable_{unit}"] - counts[f"paired_{unit}"] for unit in (HOUSEHOLDS, PEOPLE)
    }
    if not wrongs and waiting[HOUSEHOLDS] > waiting[PEOPLE]:
        wrongs[f"paired_{PEOPLE}"] = _(
            "还没结对的有 %(households)s 户、%(people)s 人，户数比人数还多。",
            households=waiting[HOUSEHOLDS],
            people=waiting[PEOPLE],
        )
    return wrongs


def find_questions(
    region_code: str, counts: Mapping[str, int], before: PoorFigures | None
) -> list[Words]:
    """List what is out of the ordinary, against the quarter before and the county's people."""
    questions: list[Words] = []
    population = poverty_counties()[region_code].population
    if counts[PEOPLE] > population * SHARE:
        questions.append(
            _("未脱贫人口超过全县人口的 %(share)s%%，是不是单位填错了？", share=int(SHARE * 100))
        )
    watched = ("watched_unstable", "watched_marginal", "unable_households", "unable_people")
    for name in (PEOPLE, HOUSEHOLDS, *watched) if before is not None else ():
        earlier, now = int(getattr(before, name)), counts[name]
        jumps = now > earlier * RISE or now < earlier * FALL
        if jumps and abs(now - earlier) > SMALL_CHANGE:
            questions.append(
                _(
                    "%(what)s：上一次填报是 %(earlier)s，这次是 %(now)s，变化很大，请核对。",
                    what=TYPED[name],
                    earlier=format_number(earlier),
                    now=format_number(now),
                )
            )
    return questions
