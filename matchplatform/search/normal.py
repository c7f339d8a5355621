"""The form in which texts and terms are compared: letters and digits, and one space for the rest.

Each character is folded by itself. So the normal form of a run of characters is always a part
of the normal form of the text it was taken from, and a place in it leads back to the original.
"""

import re
import unicodedata

from matchplatform.kernel.text import fold
from matchplatform.search.script import simplified

_GAP = re.compile(r"[ -]+")
_MOST_KEPT = 1 << 16


def _without_marks(text: str) -> str:
    kept = (c for c in unicodedata.normalize("NFD", text) if unicodedata.category(c)[0] != "M")
    return unicodedata.normalize("NFC", "".join(kept))


def _kind(char: str) -> str:
    if char.isalnum() or char == "-":
        return char
    return "" if unicodedata.category(char) in ("Mn", "Mc", "Me", "Cf") else " "


class _Folds(dict[int, str]):
    """What each character folds into, by its code: a table for ``str.translate``."""

    def __init__(self) -> None:
        self.uneven: set[str] = set()

    def __missing__(self, code: int) -> str:
        if len(self) >= _MOST_KEPT:
            self.clear()
        char = chr(code)
        folded = self[code] = _fold(char)
        if len(folded) != 1:
            self.uneven.add(char)
        return folded


_folds = _Folds()


def _fold(char: str) -> str:
    plain = _without_marks(fold(char))
    if not plain:
        return " " if char.isspace() else _kind(char)
    folded = "".join(simplified().get(c, c) for c in map(_kind, plain))
    return folded if folded == char else "".join(map(fold_char, folded))


def fold_char(char: str) -> str:
    """Return what ``char`` compares as.

    Letters and digits folded, traditional characters simplified; ``-`` itself; nothing for
    what is invisible or a mark on the letter before; a space for everything else.
    """
    return _folds[ord(char)]


def fold_chars(text: str) -> str:
    """Fold every character of ``text``; gaps and hyphens stay as they come."""
    return text.translate(_folds)


def folds_evenly(text: str) -> bool:
    """Tell whether a text that was folded kept one character for each of its own."""
    return _folds.uneven.isdisjoint(text)


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
