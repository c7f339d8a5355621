"""Quarters of a year as they are written in codes (2019Q4) and in words."""

import re
from datetime import date, timedelta

from matchplatform.kernel.errors import InvalidInput
from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _

# The first year of the aid, and one far enough away.
_CODE = re.compile(r"(20(?:1[5-9]|[2-9][0-9]))Q([1-4])")
_WORDS: dict[int, Words] = {1: _("一"), 2: _("二"), 3: _("三"), 4: _("四")}


def find_quarter(typed: str) -> str:
    """Return a quarter's code, or nothing where it is none."""
    return typed if len(typed) == 6 and _CODE.fullmatch(typed) else ""


def clean_quarter(typed: str) -> str:
    """Return a quarter's code.

    Raises:
        InvalidInput: it is none.
    """
    code = find_quarter(typed.strip().upper())
    if not code:
        raise InvalidInput(fields={"quarter": _("请按 2019Q4 这样写季度。")})
    return code


def quarter_words(code: str) -> Words:
    """Write a quarter for people: 2019 年第四季度."""
    return _("%(year)s 年第%(number)s季度", year=code[:4], number=_WORDS[int(code[5])])


def last_day(code: str) -> date:
    """Return the last day of a quarter."""
    year, number = int(code[:4]), int(code[5])
    return date(year + number // 4, number % 4 * 3 + 1, 1) - timedelta(days=1)


def first_day(code: str) -> date:
    """Return the first day of a quarter."""
    return date(int(code[:4]), int(code[5]) * 3 - 2, 1)


def quarter_of(day: date) -> str:
    """Return the quarter in which a day lies."""
    return f"{day.year}Q{(day.month + 2) // 3}"


def quarter_before(code: str) -> str:
    """Return the quarter before this one."""
    return quarter_of(first_day(code) - timedelta(days=1))


def list_recent(day: date, count: int) -> list[str]:
    """List the quarters up to that in which a day lies, the newest first."""
    found = [quarter_of(day)]
    while len(found) < count:
        found.append(quarter_before(found[-1]))
    return found
