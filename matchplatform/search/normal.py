"""The form in which texts and terms are compared: letters and digits, and one space for the rest.

Each character is folded by itself. So the normal form of a run of characters is always a part
of the normal form of the text it was taken from, and a place in it leads back to the original.
"""

import re
import unicodedata
from functools import lru_cache

from matchplatform.kernel.text import fold

_GAP = re.compile(r"[ -]+")


def _without_marks(text: str) -> str:
    kept = (c for c in unicodedata.normalize("NFD", text) if unicodedata.category(c)[0] != "M")
    return unicodedata.normalize("NFC", "".join(kept))


def _kind(char: str) -> str:
    if char.isalnum() or char == "-":
        return char
    return "" if unicodedata.category(char) in ("Mn", "Mc", "Me", "Cf") else " "


@lru_cache(maxsize=1 << 16)
def fold_char(char: str) -> str:
    """Return what ``char`` compares as.

    Letters and digits folded; ``-`` itself; nothing for what is invisible or a mark on the
    letter before; a space for everything else.
    """
    plain = _without_marks(fold(char))
    if not plain:
        return " " if char.isspace() else _kind(char)
    folded = "".join(map(_kind, plain))
    return folded if folded == char else "".join(map(fold_char, folded))


def fold_chars(text: str) -> str:
    """Fold every character of ``text``; gaps and hyphens stay as they come."""
    return "".join(map(fold_char, text))


def normalise(text: str) -> str:
    """Return the normal form: folded pieces of letters and digits, one space between them."""
    return _GAP.sub(" ", fold_chars(text)).strip()


def trace(text: str) -> tuple[str, list[int]]:
    """Return the normal form, not stripped, and for each character where it came from."""
    folded: list[str] = []
    origins: list[int] = []
    for origin, char in enumerate(text):
        for piece in fold_char(char):
            if piece in " -":
                if folded and folded[-1] == " ":
                    continue
                piece = " "
            folded.append(piece)
            origins.append(origin)
    return "".join(folded), origins


def pairs_or_char(piece: str) -> list[str]:
    """Return the neighbouring pairs of ``piece``, or itself when it is one character."""
    return [piece] if len(piece) == 1 else [piece[i : i + 2] for i in range(len(piece) - 1)]


def grams(normal: str) -> set[str]:
    """Return every character and every pair of neighbours in a normal text."""
    found: set[str] = set()
    for piece in normal.split():
        found.update(piece)
        found.update(pairs_or_char(piece))
    return found
