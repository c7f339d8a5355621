"""Where words begin and end, so that a term that is a word counts more than stray characters."""

import re
from functools import cached_property

import rjieba

from matchplatform.search.normal import normalise

STARTS, ENDS = 1, 2

# 黑崖沟村 is also 黑崖沟, and 张北县 is also 张北.
_DIVISION = re.compile(r"(?<=\w)[村镇乡县市区](?=\b|\w)")


class WordCutter:
    """Cuts texts into words: jieba's dictionary and the domain's own words."""

    def __init__(self, words: frozenset[str]) -> None:
        self._words = sorted({folded for word in words if (folded := normalise(word))})

    @cached_property
    def _jieba(self) -> rjieba.Jieba:
        # Loading takes a tenth of a second, which readers that never cut need not spend.
        jieba = rjieba.Jieba()
        for word in self._words:
            jieba.add_word(word, None, None)
        return jieba

    def mark(self, normal: str, *, is_name: bool = False) -> bytes:
        """Return a byte for each place in ``normal``, its end included: STARTS, ENDS, both, 0."""
        marks = bytearray(len(normal) + 1)
        for _, start, end in self._jieba.tokenize(normal, mode="search"):
            marks[start] |= STARTS
            marks[end] |= ENDS
        if is_name:
            for match in _DIVISION.finditer(normal):
                marks[match.start()] |= STARTS | ENDS
        return bytes(marks)

    def cut(self, term: str) -> list[str]:
        """Return the words of ``term``, those of one character only if there are no others."""
        words = [word for word in self._jieba.cut(term) if not word.isspace()]
        return [word for word in words if len(word) > 1] or words
