"""Needs to try the rules on."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from matchplatform.quality.gate import check_need
from matchplatform.quality.needs import (
    Finding,
    LineText,
    NeedText,
    RuleName,
    Severity,
    Surroundings,
)

RAILING = LineText("goods", "波形护栏", Decimal(300), "米", Decimal(160), Decimal(10))
PLAIN = NeedText(
    name="北坡村出村路的护栏",
    region_code="130726",
    place="北坡村",
    scope_text="北坡村出村的路挨着沟，雨天滑下去过两辆三轮车。想装三百米护栏，每米160元，立柱的坑村民自己挖。",
    outcome_target="汛期前300米全部装完，交通所验收合格。",
    direct_people=310,
    households=120,
    owner_unit="蔚县交通运输局",
    supervising_unit="蔚县民政局",
    contact_name="冯海山",
    contact_phone="13800001111",
    lines=(RAILING,),
)


def need(**changes: Any) -> NeedText:
    return replace(PLAIN, **changes)


def said(words: str) -> NeedText:
    return need(scope_text=PLAIN.scope_text + words)


def line(**changes: Any) -> NeedText:
    return need(
        scope_text="出村的路挨着沟，雨天滑，想请人帮着把沟边护起来，坑自己挖，料要从外面运进来才行。",
        lines=(replace(RAILING, **changes),),
    )


def found(tried: NeedText, around: Surroundings | None = None) -> dict[RuleName, Finding]:
    return {finding.rule: finding for finding in reversed(check_need(tried, around))}


def stopped(tried: NeedText, around: Surroundings | None = None) -> set[RuleName]:
    everything = check_need(tried, around)
    return {one.rule for one in everything if one.severity is Severity.BLOCKER}
