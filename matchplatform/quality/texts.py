"""The fields of a need that everybody will read, and how to hide what stands in them."""

import re
from collections.abc import Iterator

from matchplatform.kernel.text import fold, tidy
from matchplatform.quality.needs import NeedText

# Folding makes all marks narrow; between words they are wide, between digits they stay.
_WIDE = {",": "，", ";": "；"}
_MARKS = re.compile(r",(?!\d{3}(?!\d))|(?<!\d),|;")

FIELDS = ("name", "place", "scope_text", "outcome_target", "owner_unit", "supervising_unit")


def public_texts(need: NeedText) -> Iterator[tuple[str, str]]:
    """Yield the path and the folded text of each public field that is filled in."""
    for field in FIELDS:
        if text := plain(getattr(need, field)):
            yield field, text
    for place, line in enumerate(need.lines):
        for field in ("item", "note"):
            if text := plain(getattr(line, field)):
                yield f"lines.{place}.{field}", text


def plain(text: str) -> str:
    """Fold a text, drop invisible letters that would hide a number, and part clauses by wide marks."""
    return _MARKS.sub(lambda mark: _WIDE[mark.group()], fold(tidy(text)))


def masked(text: str, first: int = 3, last: int = 2) -> str:
    """Return a text with its middle hidden."""
    if len(text) <= first + last:
        return text[:1] + "*" * (len(text) - 1)
    return text[:first] + "*" * (len(text) - first - last) + text[len(text) - last :]
