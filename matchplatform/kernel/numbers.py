"""Numbers as people type them: full-width digits, thousands separators, 1.2万."""

import re
from decimal import Decimal

from matchplatform.kernel.errors import InvalidInput
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.text import fold

# Separators only between whole groups of three or four digits: "1,5" may mean 1.5 or 15.
_WHOLE = r"[0-9]{1,12}|[0-9]{1,3}(?:[, ][0-9]{3}){1,3}|[0-9]{1,4}(?:[, ][0-9]{4}){1,2}"
_NUMBER = re.compile(rf"({_WHOLE})(?:\.([0-9]{{1,6}}))? ?(万|亿)?")
# No amount or quantity comes near it, and the columns hold a thousand times as much.
BEYOND = Decimal(10**12)
_TIMES = {None: Decimal(1), "万": Decimal(10_000), "亿": Decimal(100_000_000)}


def parse_decimal(typed: str) -> Decimal | None:
    """Read a number; None where nothing was typed.

    Raises:
        InvalidInput: it is no number that we can read without guessing, or beyond any use.
    """
    text = fold(typed)
    if not text:
        return None
    match = _NUMBER.fullmatch(text)
    if match is None:
        raise InvalidInput(
            _("“%(typed)s”不是能读懂的数，请用数字填写，例如 5000 或 1.2万。", typed=typed[:20])
        )
    whole, decimals, times = match.groups()
    digits = whole.replace(",", "").replace(" ", "")
    value = Decimal(f"{digits}.{decimals or 0}") * _TIMES[times]
    if value >= BEYOND:
        raise InvalidInput(_("“%(typed)s”太大了，请核对。", typed=typed[:20]))
    return value
