"""A table that people fill in: its columns, what each may hold, and what the template says of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import TypeAlias

from matchplatform.kernel.i18n import Words

Value: TypeAlias = str | Decimal | int | bool | date | None


class CellType(StrEnum):
    """What a column holds, and what its cells become.

    ``TEXT``, ``CODE``, ``USCC``, ``QUARTER`` (2020Q1) and ``CHOICE`` (its key) become ``str``;
    ``NUMBER``, ``MONEY`` (in yuan) and ``PERCENT`` (a share of one) become ``Decimal``; ``WHOLE``
    becomes ``int``, ``DATE`` becomes ``date``, ``YES_NO`` becomes ``bool``.
    """

    TEXT = "text"
    CODE = "code"
    USCC = "uscc"
    CHOICE = "choice"
    NUMBER = "number"
    WHOLE = "whole"
    MONEY = "money"
    PERCENT = "percent"
    DATE = "date"
    QUARTER = "quarter"
    YES_NO = "yes_no"


class Month(StrEnum):
    """Which day a month alone (2020年5月) stands for in a column of dates."""

    REFUSED = "refused"
    FIRST_DAY = "first_day"
    LAST_DAY = "last_day"


@dataclass(frozen=True)
class ColumnSpec:
    """One column; ``key`` is its name in code, ``words`` its heading.

    ``needed``: it must be there, and no cell of it empty. ``choices``: key -> words.
    ``suffixes``: units that people write behind a number and that change nothing.
    ``places``: decimals of a number. ``longest``: characters of a text.
    """

    key: str
    words: Words
    type: CellType = CellType.TEXT
    needed: bool = False
    choices: Mapping[str, Words] = field(default_factory=lambda: MappingProxyType({}))
    suffixes: Sequence[str] = ()
    places: int = 2
    longest: int = 2000
    month: Month = Month.REFUSED
    other_words: Sequence[Words] = ()
    note: Words = ""
    example: str = ""
    width: int = 0


@dataclass(frozen=True)
class Layout:
    """A whole table: the name of its sheet, its columns, and advice for the 说明 sheet."""

    sheet: Words
    columns: Sequence[ColumnSpec]
    advice: Sequence[Words] = ()

    def column(self, key: str) -> ColumnSpec:
        """Return the column of that key."""
        return next(column for column in self.columns if column.key == key)
