"""How alike the names of two things are: characters and pairs of them, weighed by rarity."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from math import log, sqrt

from matchplatform.kernel.text import fold
from matchplatform.matching.supply_weights import (
    GENERAL_ENDS,
    HEAD_LENGTH,
    OTHER_HEAD,
    SAME_HEAD,
    SHORT_NAME,
)

_ASIDE = re.compile(r"[（(【\[].*?[)）】\]]")
_END = re.compile(r"[，,。；;：:、/]")
_SILENT = re.compile(r"[\s\W_]+")
SHARED_NAMED = 3


def plain(name: str) -> str:
    """Return a name without what stands in brackets, and without signs."""
    return _SILENT.sub("", _ASIDE.sub("", fold(name)))


def head_of(name: str) -> str:
    """Return the last two characters of what a name is about: 轮椅 of 护理型轮椅（可折叠）."""
    about = _SILENT.sub("", _END.split(_ASIDE.sub("", fold(name)))[0])
    while end := next((end for end in GENERAL_ENDS if about.endswith(end)), ""):
        about = about.removesuffix(end)
    return about[-HEAD_LENGTH:]


def pieces_of(name: str) -> frozenset[str]:
    """Return the characters of a name and the pairs of neighbours."""
    text = plain(name)
    return frozenset(text) | {text[at : at + 2] for at in range(len(text) - 1)}


def shared_of(name: str, other: str) -> tuple[str, ...]:
    """Return the longest pieces that two names have in common, in the first one's order."""
    mine, theirs = plain(name), plain(other)
    blocks = SequenceMatcher(None, mine, theirs, autojunk=False).get_matching_blocks()
    found = [mine[block.a : block.a + block.size] for block in blocks if block.size]
    longer = [piece for piece in found if len(piece) > 1]
    return tuple((longer or found)[:SHARED_NAMED])


class NameSpace:
    """The names of some things. Once built it is only read, from any thread."""

    def __init__(self, names: Sequence[str]) -> None:
        self._count = len(names)
        self._pieces = [pieces_of(name) for name in names]
        self._seen = Counter(piece for own in self._pieces for piece in own)
        self._heads = [head_of(name) for name in names]
        self._plain = [plain(name) for name in names]
        self._postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for row, own in enumerate(self._pieces):
            length = self._length(own)
            for piece in own:
                self._postings[piece].append((row, self._weight(piece) / length))

    def alike(self, name: str, rows: Sequence[int] | None = None) -> dict[int, float]:
        """Return how alike the names of the space are, 0..1, by place; of some ``rows`` or all.

        What has nothing in common is not among them.
        """
        own = pieces_of(name)
        length, head, text = self._length(own), head_of(name), plain(name)
        found: dict[int, float] = defaultdict(float)
        paired: set[int] = set()
        # In order, so that a sum of floats is the same in every process.
        for piece in sorted(own):
            weight = self._weight(piece) / length
            for row, other in self._with(piece, rows):
                found[row] += weight * other
                if len(piece) > 1:
                    paired.add(row)
        return {
            row: self._judged(row, cosine, head, text)
            for row, cosine in found.items()
            if row in paired or min(len(text), len(self._plain[row])) <= SHORT_NAME
        }

    def _with(self, piece: str, rows: Sequence[int] | None) -> Iterable[tuple[int, float]]:
        if rows is None:
            return self._postings.get(piece, ())
        return [
            (row, self._weight(piece) / self._length(self._pieces[row]))
            for row in rows
            if piece in self._pieces[row]
        ]

    def _judged(self, row: int, cosine: float, head: str, text: str) -> float:
        if self._same_head(row, head, text):
            return max(cosine, SAME_HEAD)
        is_short = min(len(text), len(self._plain[row])) <= SHORT_NAME
        return cosine if is_short else cosine * OTHER_HEAD

    def _same_head(self, row: int, head: str, text: str) -> bool:
        theirs = self._heads[row]
        if len(head) < HEAD_LENGTH or len(theirs) < HEAD_LENGTH:
            return text == self._plain[row]
        return head == theirs or head in self._plain[row]

    def _weight(self, piece: str) -> float:
        return log((1 + self._count) / (1 + self._seen.get(piece, 0))) + 1

    def _length(self, pieces: frozenset[str]) -> float:
        return sqrt(sum(self._weight(piece) ** 2 for piece in sorted(pieces))) or 1.0
