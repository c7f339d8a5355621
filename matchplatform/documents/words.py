"""How text and numbers are written on paper."""

import math
import re
from collections.abc import Sequence
from decimal import Decimal

import rjieba
from markupsafe import Markup

from matchplatform.documents.texts import Figure, SignatureText
from matchplatform.kernel.i18n import mark
from matchplatform.kernel.money import format_number

_DIGITS = mark("零一二三四五六七八九")
_TEN = mark("十")
_HUNDRED = mark("百")
# What XML cannot hold, what is unseen, and what turns the direction of writing.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
    "\ufffe\uffff\ud800-\udfff]"
)
TITLE_WIDTH = 20
HEAD_LENGTH = 26
_NEVER_FIRST = frozenset(mark("，。、；：！？）》”’】〕"))
_NEVER_LAST = tuple(mark("（《“‘【〔"))
_LINE_ENDS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")


def clean(value: object) -> str:
    """Return what people typed without characters that a paper cannot hold or that deceive."""
    return _UNSEEN.sub("", _LINE_ENDS.sub("\n", str(value))).replace("\t", " ")


def finalize(value: object) -> object:
    """Clean whatever a template prints, but for markup of our own."""
    return value if isinstance(value, Markup) else clean(value)


def lines(text: str) -> list[str]:
    """Return the paragraphs of a text, without empty ones."""
    return [line for line in map(str.strip, clean(text).split("\n")) if line]


def ordinal(number: int) -> str:
    """Write 1..999 as articles are counted (一, 十二, 一百零三)."""
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    words = _DIGITS[hundreds] + _HUNDRED if hundreds else ""
    if tens:
        words += ("" if tens == 1 and not hundreds else _DIGITS[tens]) + _TEN
    elif hundreds and ones:
        words += _DIGITS[0]
    return words + (_DIGITS[ones] if ones else "")


def yuan(value: Figure) -> str:
    """Write an amount with two decimals and thousands separators; words as they are."""
    if isinstance(value, Decimal):
        return f"{value:,.2f}"
    return value or ""


def quantity(value: Figure) -> str:
    """Write a quantity without trailing zeros; words as they are."""
    return format_number(value) if isinstance(value, Decimal) else value or ""


def title_lines(text: str, line: int = TITLE_WIDTH) -> str:
    """Part a title that is wider than a line between words, into lines of about one width."""
    title = clean(text).strip()
    wide = chinese_width(title)
    count = -(-math.ceil(wide) // line)
    if count == 1 or "\n" in title:
        return title
    rows = [""]
    for word in rjieba.cut(title):
        grown = chinese_width(rows[-1] + word)
        is_fit = grown <= wide / count + 1 or len(rows) == count
        if is_fit or word in _NEVER_FIRST or rows[-1].endswith(_NEVER_LAST):
            rows[-1] += word
        else:
            rows.append(word)
    return "\n".join(rows)


def shortened(text: str) -> str:
    """Return a title as a running head has room for it."""
    title = " ".join(clean(text).split())
    return title if len(title) <= HEAD_LENGTH else title[: HEAD_LENGTH - 1] + "…"


def groups(digest: str) -> str:
    """Part a hash into groups of eight, four in a line, that a person can compare."""
    parts = [digest[at : at + 8] for at in range(0, len(digest), 8)]
    return "\n".join(" ".join(parts[at : at + 4]) for at in range(0, len(parts), 4))


def sign_pairs(signatures: Sequence[SignatureText]) -> list[Sequence[SignatureText]]:
    """Return two signatures at a time: they stand side by side."""
    return [signatures[at : at + 2] for at in range(0, len(signatures), 2)]


def chinese_width(text: str) -> float:
    """Return how many Chinese characters wide a text is."""
    return sum(1 if ord(char) > 0x2E7F else 0.55 for char in text)
