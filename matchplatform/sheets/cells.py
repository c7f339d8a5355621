"""What a cell may hold, as a spreadsheet can take it."""

import re
import unicodedata
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from matchplatform.kernel import clock
from matchplatform.kernel.money import FEN, WAN, format_number
from matchplatform.sheets.sheet import Cell, Kind

LONGEST_TEXT = 32_767  # Source: Excel's own limit for a cell.
_NOT_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NUMERIC = (Kind.MONEY_YUAN, Kind.WAN, Kind.NUMBER, Kind.PERCENT)


def text_of(value: Cell) -> str:
    """Return a cell as plain text that every spreadsheet can hold."""
    return _NOT_XML.sub("", "" if value is None else str(value))[:LONGEST_TEXT]


def number_of(value: Cell, kind: Kind) -> Decimal | None:
    """Return the number that a cell of a numeric column shows, or None: words say why there is none.

    Raises:
        TypeError: a float, which is never exact.
    """
    if isinstance(value, float | bool):
        raise TypeError(f"a cell holds a Decimal or an int, not {type(value).__name__}")
    if kind not in _NUMERIC or not isinstance(value, Decimal | int):
        return None
    if kind is Kind.WAN:
        return (Decimal(value) / WAN).quantize(FEN, ROUND_HALF_UP)
    # A sum that began at a bare zero has no decimals yet; money always shows its two.
    return Decimal(value).quantize(FEN) if kind is Kind.MONEY_YUAN else Decimal(value)


def day_of(value: Cell) -> date | None:
    """Return the day, in Shanghai, that a cell of a date column shows, or None."""
    if isinstance(value, datetime):
        return value.astimezone(clock.SHANGHAI).date()
    return value if isinstance(value, date) else None


def width_of(value: Cell, kind: Kind) -> int:
    """Return how many digits wide a cell is; Chinese characters take two."""
    if kind is Kind.DATE:
        return 10
    if kind is Kind.LINK:
        return 8
    number = number_of(value, kind)
    if number is None:
        return max(map(width_of_text, text_of(value).split("\n")))
    return len(format_number(number)) + (0 if kind is Kind.NUMBER else 3)


def width_of_text(text: str) -> int:
    """Return how many digits wide a text is."""
    return sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in text)
