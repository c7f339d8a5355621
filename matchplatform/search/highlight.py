"""Where the terms stand in a text, for <mark>, and the piece of a long text around them."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import accumulate

from matchplatform.search.normal import fold_char, fold_chars, folds_evenly, normalise, trace
from matchplatform.search.query import MAX_CHARS
from matchplatform.search.sound import Spoken, join_syllables, syllables

Span = tuple[int, int]
_CUT = "…"


def highlight(
    text: str, terms: Sequence[str], *, width: int | None = None, by_sound: bool = False
) -> list[tuple[str, bool]]:
    """Cut ``text`` into pieces ``(text, is_hit)`` in its own spelling.

    With ``width``, at most that many characters around the densest hits, with … where cut.
    With ``by_sound``, for names: where no term stands, what sounds like one typed in pinyin.
    """
    spans = _find_spans(text, terms, by_sound=by_sound)
    start, end = (0, len(text)) if width is None else _choose_window(spans, len(text), width)
    pieces = [(_CUT, False)] if start > 0 else []
    place = start
    for hit_start, hit_end in spans:
        hit_start, hit_end = max(hit_start, start), min(hit_end, end)
        if hit_start >= hit_end:
            continue
        pieces += [(text[place:hit_start], False), (text[hit_start:hit_end], True)]
        place = hit_end
    pieces.append((text[place:end] + (_CUT if end < len(text) else ""), False))
    return _join_plain(pieces)


def _join_plain(pieces: list[tuple[str, bool]]) -> list[tuple[str, bool]]:
    joined: list[tuple[str, bool]] = []
    for text, is_hit in pieces:
        if not text:
            continue
        if joined and not is_hit and not joined[-1][1]:
            joined[-1] = (joined[-1][0] + text, False)
        else:
            joined.append((text, is_hit))
    return joined


def _find_spans(text: str, terms: Sequence[str], *, by_sound: bool) -> list[Span]:
    cut = (normalise(term[:MAX_CHARS]) for term in terms)
    wanted = [term for term in dict.fromkeys(cut) if term]
    if not wanted:
        return []
    folded = fold_chars(text)
    if folds_evenly(text):
        # Nearly every text: place for place the same, so the folded one is searched as it is.
        return _merge_spans(
            sorted(match.span(1) for term in wanted for match in _pattern(term).finditer(folded))
            or (_sound_spans(folded, wanted) if by_sound else [])
        )
    return _merge_spans(sorted(_trace_spans(text, wanted)))


@lru_cache(maxsize=1024)
def _pattern(term: str) -> re.Pattern[str]:
    # Looking ahead finds those that overlap, too.
    return re.compile("(?=(" + "[ -]+".join(map(re.escape, term.split())) + "))")


def _sound_spans(folded: str, terms: list[str]) -> list[Span]:
    """Return where names stand that sound like a term typed in Latin letters."""
    spoken = [said for said in map(Spoken.of, join_syllables(terms)) if said]
    if not spoken:
        return []
    said = syllables(folded)
    starts = list(accumulate(map(len, said), initial=0))
    letters = "".join(said)
    spans = []
    for term in spoken:
        place = letters.find(term.letters)
        while place >= 0:
            first, last = bisect_left(starts, place), bisect_left(starts, place + len(term.letters))
            if starts[first] == place and starts[last] == place + len(term.letters):
                spans.append((first, last))
            place = letters.find(term.letters, place + 1)
    return sorted(spans)


def _trace_spans(text: str, terms: Iterable[str]) -> Iterator[Span]:
    normal, origins = trace(text)
    for term in terms:
        place = normal.find(term)
        while place >= 0:
            end = origins[place + len(term) - 1] + 1
            # A mark or an invisible character belongs to the letter before it.
            while end < len(text) and not fold_char(text[end]):
                end += 1
            yield origins[place], end
            place = normal.find(term, place + 1)


def _merge_spans(spans: list[Span]) -> list[Span]:
    merged: list[Span] = []
    for start, end in spans:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _choose_window(spans: list[Span], length: int, width: int) -> Span:
    if length <= width:
        return 0, length
    best, covered = (0, 0), -1
    last = 0
    for first, (start, _) in enumerate(spans):
        last = max(last, first)
        while last + 1 < len(spans) and spans[last + 1][1] <= start + width:
            last += 1
        hits = sum(end - begin for begin, end in spans[first : last + 1])
        if hits > covered:
            best, covered = (start, min(spans[last][1], start + width)), hits
    start = best[0] - (width - (best[1] - best[0])) // 2 if spans else 0
    start = max(0, min(start, length - width))
    return start, start + width
