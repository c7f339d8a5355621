"""Days, months and quarters as people type them into a spreadsheet."""

import calendar
import re
from datetime import date, timedelta
from decimal import Decimal

from matchplatform.confined.troubles import Trouble
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.text import fold, tidy
from matchplatform.sheets.amounts import unquoted
from matchplatform.sheets.grid import Raw
from matchplatform.sheets.layout import ColumnSpec, Month
from matchplatform.sheets.problems import Misread, quoted

FIRST_YEAR, LAST_YEAR = 1949, 2100
# Excel counts days from here; that day 60 is a 29 February that never was is long past.
_DAY_ZERO = date(1899, 12, 30)
_TIME = r"(?: [0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.0+)?)?)?"
_DAY = re.compile(
    r"([0-9]{4}) ?[-/.年] ?([0-9]{1,2}) ?[-/.月] ?([0-9]{1,2}) ?[日号]?" + _TIME
    + r"|([0-9]{4})([0-9]{2})([0-9]{2})"
)  # fmt: skip
_MONTH = re.compile(
    r"([0-9]{4}) ?(?:[-/.] ?([0-9]{1,2})|年 ?([0-9]{1,2}) ?月)|([0-9]{4})([0-9]{2})"
)
_SERIAL = re.compile(r"([345][0-9]{4})(?:\.[0-9]+)?")
# 2020.10 that a spreadsheet took for a number shows as 2020.1.
_LOST_ZERO = re.compile(r"[0-9]{4} ?\. ?1")
_VAGUE = re.compile(r".*(底|末|初|中旬|上旬|下旬|前|后|左右|约|大概|季度|年内|上半年|下半年).*")
_QUARTER = re.compile(r"([0-9]{4}) ?(?:年|-|/|\.)? ?(?:q([1-4])|第?([一二三四1-4]) ?季度?)")
_NUMERALS = "一二三四"


def read_day(raw: Raw, column: ColumnSpec) -> date | None:
    """Read a day; a month alone is taken as the column says.

    Raises:
        Misread: it is none, or leaves open which.
    """
    if raw is None or (isinstance(raw, date) and FIRST_YEAR <= raw.year <= LAST_YEAR):
        return raw
    text = _typed(raw)
    if not text:
        return None
    if match := _SERIAL.fullmatch(text):
        return _DAY_ZERO + timedelta(days=int(match[1]))
    if match := _DAY.fullmatch(text):
        year, month, day = (int(part) for part in match.groups() if part)
        return _day(year, month, day, raw)
    if _LOST_ZERO.fullmatch(text):
        words = _("“%(typed)s”可能是 1 月，也可能是 10 月，请写成 2020-10 这样", typed=text)
        raise Misread(Trouble.VAGUE_DATE, words)
    if match := _MONTH.fullmatch(text):
        year, month = (int(part) for part in match.groups() if part)
        return _month(year, month, column, raw)
    if _VAGUE.fullmatch(text):
        raise Misread(
            Trouble.VAGUE_DATE,
            _("“%(typed)s”不是确切的日期，请写明年月日，例如 2020-05-30", typed=quoted(raw)),
        )
    raise Misread(
        Trouble.NOT_DATE, _("看不懂“%(typed)s”，请写成 2020-05-30 这样的日期", typed=quoted(raw))
    )


def read_quarter(raw: Raw, column: ColumnSpec) -> str | None:
    """Read a quarter as ``2020Q1``.

    Raises:
        Misread: it is none.
    """
    text = _typed(raw)
    if not text:
        return None
    match = _QUARTER.fullmatch(text)
    if match is None:
        raise Misread(
            Trouble.NOT_DATE, _("看不懂“%(typed)s”，请写成 2020Q1 这样的季度", typed=quoted(raw))
        )
    year, digit, numeral = match.groups()
    number = digit or numeral
    return f"{year}Q{_NUMERALS.index(number) + 1 if number in _NUMERALS else number}"


def _typed(raw: Raw) -> str:
    if isinstance(raw, date):
        return raw.isoformat()
    if isinstance(raw, Decimal):
        return f"{raw.normalize():f}"
    return unquoted(fold(tidy(str(raw)))) if raw is not None else ""


def _day(year: int, month: int, day: int, raw: Raw) -> date:
    try:
        if FIRST_YEAR <= year <= LAST_YEAR:
            return date(year, month, day)
    except ValueError:
        pass
    raise Misread(Trouble.NOT_DATE, _("没有“%(typed)s”这一天，请核对", typed=quoted(raw)))


def _month(year: int, month: int, column: ColumnSpec, raw: Raw) -> date:
    first = _day(year, month, 1, raw)
    if column.month is Month.REFUSED:
        raise Misread(
            Trouble.VAGUE_DATE,
            _("“%(typed)s”只写到月，请写明哪一天，例如 2020-05-30", typed=quoted(raw)),
        )
    if column.month is Month.FIRST_DAY:
        return first
    return first.replace(day=calendar.monthrange(year, month)[1])
