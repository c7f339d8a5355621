"""Find the needs that may be the same one: at another level, in another batch, in other words."""

import re
from collections.abc import Container, Sequence
from copy import copy
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
from scipy.sparse import vstack
from sklearn.feature_extraction.text import TfidfVectorizer

from matchplatform.kernel.text import fold
from matchplatform.quality.lexicon.numbers import PLACE_KINDS
from matchplatform.quality.needs import Likeness, LineText, NeedText
from matchplatform.quality.prices import head_of, per_unit
from matchplatform.quality.words import words_of

# What words, lines and place give; words count in full from this cosine on.
WORDS, LINES, PLACE = 0.5, 0.3, 0.2
FULL_COSINE = 0.6
# Tried on tests/data: below it two needs are two.
LISTED_FROM = 0.5
# How many of the nearest by words are looked at closely.
CLOSELY = 60
WORDS_NAMED = 6
TITLE_TIMES = 2
NEAR_QUANTITY = Decimal("0.1")
SAME_LINES_FROM = 0.6
PLACE_FROM = 0.7

_KINDS = re.compile(PLACE_KINDS)
_SPLIT = re.compile(r"[，,、；;（(：:\s].*$")


@dataclass(frozen=True)
class OtherNeed:
    """A need that is already known; ``is_open`` while it may still be claimed or is in review."""

    id: int
    need: NeedText
    is_open: bool = True


class LikenessIndex:
    """A TF-IDF model of the known needs. Once fitted it is only read, from any thread."""

    def __init__(self, others: Sequence[OtherNeed]) -> None:
        self._others = sorted(others, key=lambda other: other.id)
        self._vectorizer: Any = TfidfVectorizer(analyzer=_as_it_is, sublinear_tf=True)
        documents = [_document(other.need) for other in self._others]
        self._is_fitted = any(documents)
        if self._is_fitted:
            # matrix: needs x terms, rows of length one, so that a product is a cosine.
            self._matrix: Any = self._vectorizer.fit_transform(documents)
            self._terms: Any = self._vectorizer.get_feature_names_out()

    def likely(self, need: NeedText, limit: int, without: int | None = None) -> list[Likeness]:
        """Return the needs that may be the same: by score, then by id."""
        if not self._is_fitted:
            return []
        vector = self._vectorizer.transform([_document(need)])
        cosines = (self._matrix @ vector.T).toarray()[:, 0]
        found = []
        for row in np.argsort(-cosines, kind="stable")[:CLOSELY]:
            other = self._others[int(row)]
            if other.id == without or cosines[row] <= 0:
                continue
            lines, place = _lines_alike(need, other.need), _place_alike(need, other.need)
            words = min(float(cosines[row]) / FULL_COSINE, 1.0)
            score = round(WORDS * words + LINES * lines + PLACE * place, 4)
            if score < LISTED_FROM:
                continue
            found.append(
                Likeness(
                    other.id,
                    score,
                    self._shared(vector, int(row)),
                    same_place=place >= PLACE_FROM,
                    same_lines=lines >= SAME_LINES_FROM,
                    is_open=other.is_open,
                )
            )
        return sorted(found, key=lambda like: (-like.score, like.id))[:limit]

    def extended(self, others: Sequence[OtherNeed], still: Container[int]) -> "LikenessIndex":
        """Return an index that also reads these, in the terms of this one's fit.

        What has one of their ids is replaced; of the rest those stay that ``still`` names.
        """
        if not self._is_fitted:
            return LikenessIndex(others)
        new = {other.id: other for other in others}
        rows = [
            row
            for row, other in enumerate(self._others)
            if other.id not in new and other.id in still
        ]
        made = copy(self)
        made._others = [*(self._others[row] for row in rows), *new.values()]
        documents = [_document(other.need) for other in new.values()]
        parts = [self._matrix[np.array(rows, dtype=int)]]
        if documents:
            parts.append(self._vectorizer.transform(documents))
        made._matrix = vstack(parts).tocsr()
        return made

    def _shared(self, vector: Any, row: int) -> tuple[str, ...]:
        """Return the words that both have, strongest first, none inside another."""
        products = self._matrix[row].multiply(vector).tocoo()
        ordered = sorted(
            zip(products.data, products.coords[1], strict=True),
            key=lambda pair: (-pair[0], pair[1]),
        )
        words: list[str] = []
        for _product, column in ordered:
            word = str(self._terms[column])
            if not any(word in longer or longer in word for longer in words):
                words.append(word)
        return tuple(words[:WORDS_NAMED])


def likely_duplicates(
    need: NeedText,
    others: LikenessIndex | Sequence[OtherNeed],
    limit: int = 5,
    without: int | None = None,
) -> list[Likeness]:
    """Return the known needs that may be the same as this one; ``without`` is its own id."""
    index = others if isinstance(others, LikenessIndex) else LikenessIndex(others)
    return index.likely(need, limit, without)


def _as_it_is(words: list[str]) -> list[str]:
    return words


def _document(need: NeedText) -> list[str]:
    said = [*words_of(need.name)] * TITLE_TIMES
    for text in (need.scope_text, need.outcome_target, *(line.item for line in need.lines)):
        said += words_of(text)
    return said


def _lines_alike(need: NeedText, other: NeedText) -> float:
    """Return which part of the lines both have, 0..1; a line counts more with its quantity."""
    if not need.lines or not other.lines:
        return 0.0
    total, free = 0.0, list(other.lines)
    for line in need.lines:
        scored = [(_line_alike(line, candidate), at) for at, candidate in enumerate(free)]
        best, at = max(scored, default=(0.0, -1))
        if best:
            free.pop(at)
            total += best
    return total / max(len(need.lines), len(other.lines))


def _line_alike(line: LineText, other: LineText) -> float:
    per, base = per_unit(line.unit)
    other_per, other_base = per_unit(other.unit)
    if base != other_base or line.kind != other.kind:
        return 0.0
    mine, theirs = set(words_of(head_of(line.item))), set(words_of(head_of(other.item)))
    shared = len(mine & theirs) / min(len(mine), len(theirs)) if mine and theirs else 0.0
    if shared < 0.5:
        return 0.0
    one, two = line.quantity * per, other.quantity * other_per
    close = abs(one - two) <= max(one, two) * NEAR_QUANTITY
    return 1.0 if close else 0.4


def _cores(place: str) -> set[str]:
    """Return the bare names in a place, such as 古月 of 平山县古月小学."""
    return {part for part in _KINDS.split(place) if len(part) > 1}


def _place_alike(need: NeedText, other: NeedText) -> float:
    """Return 1 for the same place, less where only the county is the same."""
    if need.region_code[:4] != other.region_code[:4]:
        return 0.0
    mine, theirs = _SPLIT.sub("", fold(need.place)), _SPLIT.sub("", fold(other.place))
    same_county = need.region_code == other.region_code or len(other.region_code) < 6
    cores = _cores(mine) & _cores(theirs)
    if mine and theirs and (mine in theirs or theirs in mine or cores):
        return 1.0 if same_county else 0.7
    spoken = fold(other.name + other.scope_text)
    own = fold(need.name + need.scope_text)
    if (len(mine) > 2 and mine in spoken) or (len(theirs) > 2 and theirs in own):
        return 0.9 if same_county else 0.6
    return 0.3 if same_county else 0.0
