"""Text as people type it, folded so that the same words are equal."""

import re
import unicodedata
from functools import lru_cache

_SPACES = re.compile(r"\s+")
_CONTROL = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """Fold full-width forms and case, and squeeze white space: what search compares."""
    return _SPACES.sub(" ", unicodedata.normalize("NFKC", text)).strip().casefold()


def tidy(text: str) -> str:
    """Drop control and invisible characters and the white space at the ends."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
