"""Words for people: sources are Chinese, catalogues come from translations/."""

import flask_babel
from flask_babel import gettext
from markupsafe import Markup, escape

__all__ = ["LazyString", "Words", "gettext", "lazy_gettext", "mark"]


class LazyString(flask_babel.LazyString):  # type: ignore[misc]
    """Words that are looked up when they are shown.

    Flask-Babel's own calls itself safe HTML, with whatever a person typed in its variables.
    """

    def __html__(self) -> Markup:
        """Return the words escaped, as any other text."""
        return escape(str(self))


Words = str | LazyString


def lazy_gettext(string: str, **variables: object) -> LazyString:
    """Return words to be looked up later, with these variables put in."""
    return LazyString(gettext, string, **variables)


def mark(words: str) -> str:
    """Mark a source string for translation where it is stored and shown only later."""
    return words
