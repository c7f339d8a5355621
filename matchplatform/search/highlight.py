"""Where the terms stand in a text, for <mark>, and the piece of a long text around them."""

from collections.abc import Sequence

from matchplatform.search.normal import fold_char, normalise, trace

Span = tuple[int, int]
_CUT = "…"


def highlight(
    text: str, terms: Sequence[str], *, width: int | None = None
) -> list[tuple[str, bool]]:
    """Cut ``text`` into pieces ``(text, is_hit)`` in its own spelling.

    With ``width``, at most that many characters around the densest hits, with … where cut.
    """
    spans = _find_spans(text, terms)
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


def _find_spans(text: str, terms: Sequence[str]) -> list[Span]:
    normal, origins = trace(text)
    spans: list[Span] = []
    for term in {normalise(term) for term in terms} - {""}:
        place = normal.find(term)
        while place >= 0:
            end = origins[place + len(term) - 1] + 1
            # A mark or an invisible character belongs to the letter before it.
            while end < len(text) and not fold_char(text[end]):
                end += 1
            spans.append((origins[place], end))
            place = normal.find(term, place + 1)
    return _merge_spans(sorted(spans))


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
