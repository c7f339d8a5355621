"""What an organisation writes of an offer, and the rules that it must meet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from matchplatform.kernel import clock
from matchplatform.kernel.errors import InvalidInput
from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.identity import holds_id_number
from matchplatform.kernel.money import FEN, WAN
from matchplatform.kernel.reasons import ID_NUMBER
from matchplatform.kernel.sectors import Sector
from matchplatform.kernel.text import tidy
from matchplatform.offers.units import WAN_UNITS, YUAN_UNITS
from matchplatform.projects.details import LARGEST_QUANTITY, LARGEST_VALUE, fits_unit
from matchplatform.projects.models import YUAN
from matchplatform.projects.states import LineKind
from matchplatform.regions.divisions import poverty_counties

LONGEST_ITEM, LONGEST_UNIT, LONGEST_NOTE = 60, 10, 500
LONGEST_STANDING = timedelta(days=731)


@dataclass(frozen=True)
class OfferDetails:
    """An offer as written; ``unit_price`` in yuan, None where no price is named."""

    kind: LineKind
    item: str
    quantity: Decimal
    unit: str
    unit_price: Decimal | None
    valid_until: date
    sectors: Sequence[str] = ()
    regions: Sequence[str] = ()
    note: str = ""

    def tidied(self) -> dict[str, Any]:
        """Return the columns: texts tidied, money in yuan (5 万元 becomes 50000), lists in order."""
        unit, quantity, price = tidy(self.unit), self.quantity, self.unit_price
        if self.kind is LineKind.MONEY:
            quantity = quantity * WAN if unit in WAN_UNITS else quantity
            unit = YUAN if unit in WAN_UNITS | YUAN_UNITS else unit
            price = Decimal(1)
        if self.kind is LineKind.JOBS:
            price = None
        return {
            "kind": self.kind,
            "item": tidy(self.item).replace("\n", " "),
            "quantity": quantity,
            "unit": unit,
            "unit_price": price,
            "sectors": sorted(set(self.sectors)),
            "regions": sorted(set(self.regions)),
            "valid_until": self.valid_until,
            "note": tidy(self.note),
        }


def region_choices() -> dict[str, list[str]]:
    """Return the counties that can be chosen by the code of their city, both in order."""
    groups: dict[str, list[str]] = {}
    for code in sorted(poverty_counties()):
        groups.setdefault(code[:4] + "00", []).append(code)
    return groups


def checked(details: OfferDetails) -> dict[str, Any]:
    """Return the columns of what was written.

    Raises:
        InvalidInput: with a message at each field.
    """
    columns = details.tidied()
    wrong = _text_wrongs(columns) | _amount_wrongs(columns) | _reach_wrongs(columns)
    if wrong:
        raise InvalidInput(fields=wrong)
    return columns


def _text_wrongs(columns: dict[str, Any]) -> dict[str, Words]:
    wrong: dict[str, Words] = {}
    if not columns["item"]:
        wrong["item"] = _("请写明能提供什么。")
    for name, most in (("item", LONGEST_ITEM), ("unit", LONGEST_UNIT), ("note", LONGEST_NOTE)):
        if len(columns[name]) > most:
            wrong[name] = _("最多 %(count)s 个字。", count=most)
        elif holds_id_number(columns[name]):
            wrong[name] = ID_NUMBER
    if columns["kind"] is LineKind.MONEY and columns["unit"] != YUAN:
        wrong.setdefault("unit", _("资金以元或万元计。"))
    elif not columns["unit"]:
        wrong["unit"] = _("请填单位。")
    return wrong


def _amount_wrongs(columns: dict[str, Any]) -> dict[str, Words]:
    quantity, unit, price = columns["quantity"], columns["unit"], columns["unit_price"]
    wrong: dict[str, Words] = {}
    if not 0 < quantity <= LARGEST_QUANTITY:
        wrong["quantity"] = _("数量要大于 0，且不超过 10 亿。")
    elif not fits_unit(quantity, unit):
        wrong["quantity"] = _("按“%(unit)s”计的数量，小数位太多。", unit=unit)
    if price is None:
        return wrong
    if price < 0 or price != price.quantize(FEN):
        wrong["unit_price"] = _("单价不能是负数，最多两位小数。")
    elif price * quantity > LARGEST_VALUE:
        wrong.setdefault("unit_price", _("合计超过 10 亿元，请核对单位和单价。"))
    return wrong


def _reach_wrongs(columns: dict[str, Any]) -> dict[str, Words]:
    wrong: dict[str, Words] = {}
    known = region_choices()
    counties = {code for members in known.values() for code in members}
    if not set(columns["sectors"]) <= set(Sector):
        wrong["sectors"] = _("请从列表里选。")
    if not set(columns["regions"]) <= counties | set(known):
        wrong["regions"] = _("请从列表里选。")
    if columns["valid_until"] < clock.today():
        wrong["valid_until"] = _("这一天已经过去，请填今天或以后。")
    elif columns["valid_until"] > clock.today() + LONGEST_STANDING:
        wrong["valid_until"] = _("最长写到两年以后，到期可以再延。")
    return wrong
