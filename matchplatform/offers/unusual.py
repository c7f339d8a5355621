"""What is out of the ordinary about an offer and is asked once more."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.money import WAN, format_number, format_wan, line_value
from matchplatform.kernel.text import fold
from matchplatform.offers.models import SupplyOffer
from matchplatform.offers.units import KILO, TON, convert, is_mass
from matchplatform.organisations.models import Organisation
from matchplatform.projects.states import LineKind

LOOKS_LIKE_WAN = Decimal(1000)
MANY_TONS = Decimal(1000)
# Between these the price of a kilogram of anything that grows lies.
KILO_FROM, KILO_TO = Decimal("0.2"), Decimal(1000)


def find_questions(
    organisation: Organisation, columns: Mapping[str, Any], others: Iterable[SupplyOffer]
) -> list[Words]:
    """List what should be asked again before an offer is kept; ``others`` are the open ones."""
    asked = (
        _ask_for_wan(columns),
        _ask_for_tons(columns),
        _ask_for_price(columns),
        _ask_for_budget(organisation, columns),
        _ask_for_twice(columns, others),
    )
    return [question for question in asked if question is not None]


def _ask_for_wan(columns: Mapping[str, Any]) -> Words | None:
    quantity = columns["quantity"]
    if columns["kind"] is not LineKind.MONEY or quantity >= LOOKS_LIKE_WAN:
        return None
    return _(
        "您填了 %(typed)s 元。资金以元计，您是不是想填 %(typed)s 万元（%(yuan)s 元）？",
        typed=format_number(quantity),
        yuan=format_number(quantity * WAN),
    )


def _ask_for_tons(columns: Mapping[str, Any]) -> Words | None:
    tons = convert(columns["quantity"], columns["unit"], TON)
    if tons is None or tons < MANY_TONS:
        return None
    return _(
        "您填了 %(typed)s %(unit)s，合 %(tons)s 吨。是不是把公斤、斤和吨写混了？",
        typed=format_number(columns["quantity"]),
        unit=columns["unit"],
        tons=format_number(tons),
    )


def _ask_for_price(columns: Mapping[str, Any]) -> Words | None:
    price, unit = columns["unit_price"], columns["unit"]
    if price is None or not is_mass(unit):
        return None
    kilos = convert(Decimal(1), unit, KILO)
    if kilos is None or KILO_FROM <= price / kilos <= KILO_TO:
        return None
    return _(
        "单价 %(price)s 元一%(unit)s，合每公斤 %(kilo)s 元。单价和单位对得上吗？",
        price=format_number(price),
        unit=unit,
        kilo=format_number(price / kilos),
    )


def _ask_for_budget(organisation: Organisation, columns: Mapping[str, Any]) -> Words | None:
    if columns["unit_price"] is None or not organisation.annual_budget:
        return None
    value = line_value(columns["quantity"], columns["unit_price"])
    if value <= organisation.annual_budget:
        return None
    return _(
        "合 %(value)s 万元，超过贵会全年预算 %(budget)s 万元。是不是把元和万元写混了？",
        value=format_wan(value),
        budget=format_wan(organisation.annual_budget),
    )


def _ask_for_twice(columns: Mapping[str, Any], others: Iterable[SupplyOffer]) -> Words | None:
    item = fold(columns["item"])
    for other in others:
        if other.kind is columns["kind"] and fold(other.item) == item:
            return _(
                "贵会已经有一份“%(item)s”的意向，%(quantity)s %(unit)s，%(day)s 前有效。这是另外一份吗？",
                item=other.item,
                quantity=format_number(other.quantity),
                unit=other.unit,
                day=f"{other.valid_until:%Y-%m-%d}",
            )
    return None
