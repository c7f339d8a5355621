"""Numbers, money and percentages as people type them into a spreadsheet."""

import re
from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from matchplatform.confined.troubles import Trouble
from matchplatform.kernel.errors import InvalidInput
from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.money import WAN, format_number
from matchplatform.kernel.numbers import BEYOND, parse_decimal
from matchplatform.kernel.text import fold, tidy
from matchplatform.sheets.grid import Raw
from matchplatform.sheets.layout import ColumnSpec
from matchplatform.sheets.problems import Misread, quoted

ONE = Decimal(1)
YUAN = "元"
_TIMES = "万亿"
_PERCENT = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,4})?) ?%")
# Excel keeps an apostrophe before a number that shall stay a text; exports write it out.
_APOSTROPHES = "'’‘"
_NOTHING = {"-", "--", "—", "——", "/", "无"}


def read_number(raw: Raw, column: ColumnSpec) -> Decimal | None:
    """Read a quantity.

    Raises:
        Misread: it is none, or not one of this column.
    """
    if isinstance(raw, Decimal):
        return _fit(raw, column)
    text = _typed(raw)
    return None if text is None else _fit(_parse(_bare(text, column.suffixes), raw), column)


def read_whole(raw: Raw, column: ColumnSpec) -> int | None:
    """Read a count of people, households or pieces.

    Raises:
        Misread: it is none, or not a whole one.
    """
    value = read_number(raw, column)
    if value is None:
        return None
    if value != value.to_integral_value():
        raise Misread(Trouble.TOO_EXACT, _("“%(typed)s”不是整数，请填整数", typed=quoted(raw)))
    return int(value)


def read_money(raw: Raw, column: ColumnSpec, unit: Decimal = ONE) -> Decimal | None:
    """Read an amount in yuan; ``unit`` is what the heading says that a bare number means.

    Raises:
        Misread: it is none, or may mean two things.
    """
    if isinstance(raw, Decimal):
        return _fit(raw * unit, column)
    text = _typed(raw)
    if text is None:
        return None
    bare = _bare(text.lstrip("¥￥ "), (YUAN, *column.suffixes))
    value = _parse(bare, raw)
    if unit == ONE or text.endswith(YUAN):
        return _fit(value, column)
    if bare[-1:] in _TIMES:
        raise Misread(
            Trouble.NOT_NUMBER,
            _("“%(typed)s”看不出是几万元：这一列已经以万元计，请只填数字", typed=quoted(raw)),
        )
    return _fit(value * unit, column)


def read_percent(raw: Raw, column: ColumnSpec) -> Decimal | None:
    """Read a share of one: 12.5%, or the 0.125 that a cell of percentages keeps.

    Raises:
        Misread: it is none, or may mean two things.
    """
    if isinstance(raw, Decimal):
        if 0 <= raw <= 1:
            return raw
    elif (text := _typed(raw)) is None:
        return None
    elif (match := _PERCENT.fullmatch(text)) and Decimal(match[1]) <= 100:
        return Decimal(match[1]) / 100
    raise Misread(
        Trouble.NOT_NUMBER, _("看不懂“%(typed)s”，请写成百分数，例如 12.5%%", typed=quoted(raw))
    )


def unquoted(text: str) -> str:
    """Drop the apostrophe that keeps a number a text."""
    return text[1:].lstrip() if text[:1] in _APOSTROPHES else text


def _typed(raw: Raw) -> str | None:
    """Return the folded text of a cell, or None where there is nothing in it.

    Raises:
        Misread: it is no text, or a sign for either nothing or zero.
    """
    if raw is None:
        return None
    if isinstance(raw, date):
        words = _("这里是日期 %(typed)s，请把单元格格式改成常规，再填数字", typed=raw.isoformat())
        raise Misread(Trouble.NOT_NUMBER, words)
    if isinstance(raw, bool):
        raise Misread(Trouble.NOT_NUMBER, _unread(_("是") if raw else _("否")))
    text = unquoted(fold(tidy(str(raw))))
    if text in _NOTHING:
        words = _("“%(typed)s”可能是零，也可能是没有：是零请填 0，没有就留空", typed=text)
        raise Misread(Trouble.NOT_NUMBER, words)
    return text or None


def _bare(text: str, suffixes: Sequence[str]) -> str:
    for suffix in suffixes:
        if text.endswith(suffix):
            return text.removesuffix(suffix).rstrip()
    return text


def _parse(text: str, raw: Raw) -> Decimal:
    negative = text.startswith(("-", "−"))
    try:
        value = parse_decimal(text[1:] if negative else text)
    except InvalidInput as error:
        raise Misread(Trouble.NOT_NUMBER, _unread(raw)) from error
    if value is None:
        raise Misread(Trouble.NOT_NUMBER, _unread(raw))
    return -value if negative else value


def _fit(value: Decimal, column: ColumnSpec) -> Decimal:
    shown = format_number(value)
    if value < 0:
        raise Misread(Trouble.NEGATIVE, _("“%(typed)s”是负数，不能小于零", typed=shown))
    if value >= BEYOND:
        raise Misread(Trouble.TOO_MUCH, _("“%(typed)s”太大了，请核对", typed=quoted(shown)))
    fitting = value.quantize(Decimal(1).scaleb(-column.places), ROUND_HALF_UP)
    if fitting != value:
        raise Misread(
            Trouble.TOO_EXACT,
            _("“%(typed)s”小数太多，最多 %(most)s 位", typed=quoted(shown), most=column.places),
        )
    return fitting


def _unread(raw: object) -> Words:
    return _("看不懂“%(typed)s”，请填数字", typed=quoted(raw))


def unit_of(words: str) -> Decimal | None:
    """Return what a bare number means under a heading that ends so: （元）, （万元）."""
    return {"": ONE, YUAN: ONE, "万" + YUAN: WAN}.get(words)
