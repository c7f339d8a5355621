"""Words for people: sources are Chinese, catalogues come from translations/."""

from flask_babel import LazyString, gettext, lazy_gettext

Words = str | LazyString

__all__ = ["LazyString", "Words", "gettext", "lazy_gettext", "mark"]


def mark(words: str) -> str:
    """Mark a source string for translation where it is stored and shown only later."""
    return words
