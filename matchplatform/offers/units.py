"""Units that say the same amount in another measure. Every factor is exact, and so is every answer."""

from decimal import Decimal

# Unit -> its measure, and how much of that measure's base it is.
_MEASURES: dict[str, tuple[str, Decimal]] = {
    "公斤": ("mass", Decimal(1)),
    "千克": ("mass", Decimal(1)),
    "kg": ("mass", Decimal(1)),
    "斤": ("mass", Decimal("0.5")),
    "吨": ("mass", Decimal(1000)),
    "元": ("money", Decimal(1)),
    "万元": ("money", Decimal(10000)),
    "人·天": ("work", Decimal(1)),
    "人天": ("work", Decimal(1)),
    "人/天": ("work", Decimal(1)),
    "工日": ("work", Decimal(1)),
}
# What people write into the box of the unit when they mean ten thousand yuan.
WAN_UNITS = frozenset({"万元", "万", "万块"})
YUAN_UNITS = frozenset({"", "元", "块", "人民币", "人民币元"})
TON, KILO = "吨", "公斤"


def convert(quantity: Decimal, unit: str, other: str) -> Decimal | None:
    """Return a quantity in another unit, exactly, or None where the two cannot be compared."""
    if unit == other:
        return quantity
    mine, theirs = _find(unit), _find(other)
    if mine is None or theirs is None or mine[0] != theirs[0]:
        return None
    return quantity * mine[1] / theirs[1]


def is_mass(unit: str) -> bool:
    """Tell whether a unit weighs things."""
    found = _find(unit)
    return found is not None and found[0] == "mass"


def _find(unit: str) -> tuple[str, Decimal] | None:
    return _MEASURES.get(unit.strip().casefold())
