"""Money is Decimal yuan here and integer fen in the database; quantities have three decimals."""

from decimal import ROUND_HALF_UP, Decimal

FEN = Decimal("0.01")
THOUSANDTH = Decimal("0.001")
WAN = Decimal(10000)

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "万亿")


def to_fen(yuan: Decimal) -> int:
    """Turn yuan into fen, rounding half up.

    Raises:
        TypeError: a float, which is never exact.
    """
    if isinstance(yuan, float):
        raise TypeError("money is no float")
    return int((Decimal(yuan) * 100).quantize(Decimal(1), ROUND_HALF_UP))


def from_fen(fen: int) -> Decimal:
    """Turn fen into yuan with two decimals."""
    return (Decimal(fen) / 100).quantize(FEN)


def line_value(quantity: Decimal, unit_price: Decimal | None) -> Decimal:
    """Return the value of a line in yuan, rounded half up to fen; zero where it has no price."""
    if unit_price is None:
        return Decimal("0.00")
    return (quantity * unit_price).quantize(FEN, ROUND_HALF_UP)


def format_wan(yuan: Decimal) -> str:
    """Write yuan as 万元 with two decimals and thousands separators."""
    return f"{(yuan / WAN).quantize(FEN, ROUND_HALF_UP):,}"


def format_number(value: Decimal | int) -> str:
    """Write a number with thousands separators and without trailing zeros."""
    text = f"{Decimal(value):,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _group_capitals(group: int) -> str:
    words, zero = "", False
    for place in range(3, -1, -1):
        digit = group // 10**place % 10
        if digit == 0:
            zero = bool(words)
            continue
        words += ("零" if zero else "") + _DIGITS[digit] + _PLACES[place]
        zero = False
    return words


def capital_numerals(yuan: Decimal) -> str:
    """Write an amount in the capital numerals of Chinese bills (叁万伍仟肆佰元整).

    Source: 支付结算办法 annex 1 (正确填写票据和结算凭证的基本规定).

    Raises:
        ValueError: negative, or 10**16 yuan and more.
    """
    fen = to_fen(yuan)
    if fen < 0 or fen >= 10**18:
        raise ValueError("amount out of range")
    whole, jiao, cents = fen // 100, fen // 10 % 10, fen % 10
    words = ""
    for index in range(3, -1, -1):
        group = whole // 10 ** (4 * index) % 10000
        if group == 0:
            continue
        if words and (group < 1000 or whole // 10 ** (4 * index + 4) % 10 == 0):
            words += "零"
        # 万亿 says 亿 once: the group of 亿 below it says it where there is one.
        shared = index == 3 and whole // 10**8 % 10000 > 0
        words += _group_capitals(group) + (_GROUPS[1] if shared else _GROUPS[index])
    words = words + "元" if words else ""
    if jiao == 0 and cents == 0:
        return (words or "零元") + "整"
    if jiao:
        words += _DIGITS[jiao] + "角"
    elif words:
        words += "零"
    return words + (_DIGITS[cents] + "分" if cents else "整")
