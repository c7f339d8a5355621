"""A table as people shall see it in a spreadsheet: what stands over it, its columns, its rows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias

from matchplatform.kernel.i18n import Words

Cell: TypeAlias = Words | Decimal | int | date | datetime | None


class Kind(StrEnum):
    """What a column holds, and so how its cells are written.

    ``MONEY_YUAN`` and ``WAN`` take Decimal yuan; ``WAN`` shows them in 万元. ``PERCENT`` takes a
    share of one. ``LINK`` takes an address of our own making, never one that people typed.
    """

    TEXT = "text"
    MONEY_YUAN = "money_yuan"
    WAN = "wan"
    NUMBER = "number"
    DATE = "date"
    PERCENT = "percent"
    LINK = "link"


@dataclass(frozen=True)
class Column:
    """One column; ``width`` in digits, or 0 to measure what it holds."""

    words: Words
    kind: Kind = Kind.TEXT
    width: int = 0


@dataclass(frozen=True)
class Sheet:
    """One table. ``head_lines`` stand over the headings, ``foot_line`` under the last row."""

    title: Words
    headings: Sequence[Column]
    rows: Iterable[Sequence[Cell]]
    head_lines: Sequence[Words] = field(default=())
    foot_line: Words = ""
