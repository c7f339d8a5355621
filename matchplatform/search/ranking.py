"""How well an entry answers: words over stray characters, title over place over text."""

import math
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from matchplatform.search.document import Entry
from matchplatform.search.sound import Spoken
from matchplatform.search.words import ENDS, STARTS

# One weight for each of document.FIELDS. The steps are 1 or more, and how often a term stands
# there adds less than 1: the best place decides, their number only among equals.
WORD_WEIGHTS = (16.0, 13.0, 11.0, 9.0, 8.0)
STRAY_WEIGHTS = (5.0, 4.0, 3.0, 2.0, 1.0)
NUMBER_SCORE = 10_000.0

# What only sounds like the term: less than whatever holds it, by whole words, parts, initials.
SOUND_WEIGHTS = (0.9, 0.85, 0.8)
STRAY_SOUND_WEIGHTS = (0.6, 0.55, 0.5)
# Initials mean a place more often than words of a title.
INITIAL_WEIGHTS = (0.3, 0.35, 0.4)
STRAY_INITIAL_WEIGHTS = (0.1, 0.15, 0.2)
_TELLING_INITIALS = 3


@dataclass(frozen=True, slots=True)
class Hit:
    """A document found, and how well it answers (more is better; no upper bound)."""

    id: int
    score: float


@dataclass(frozen=True, slots=True)
class Term:
    """A term in normal form, and how much it tells: ``rarity`` is the log of 1 + total / df.

    ``spoken``: the term as pinyin, where it may be that.
    """

    normal: str
    spoken: Spoken | None
    rarity: float

    @classmethod
    def weigh(cls, normal: str, spoken: Spoken | None, frequency: int, total: int) -> "Term":
        """Return the term that ``frequency`` of ``total`` documents may hold."""
        return cls(normal, spoken, math.log(1.0 + total / max(frequency, 1)))


def grade(entry: Entry, term: str) -> float:
    """Return how well ``entry`` answers one term in normal form; 0 when not at all."""
    normal, marks, length = entry.normal, entry.marks, len(term)
    place = normal.find(term)
    if place < 0:
        return 0.0
    # Fields stand in the order of their weight, so the first place is the best stray one,
    # and the first whole word is the best word.
    best = STRAY_WEIGHTS[bisect_right(entry.starts, place) - 1]
    while place >= 0:
        if marks[place] & STARTS and marks[place + length] & ENDS:
            best = WORD_WEIGHTS[bisect_right(entry.starts, place) - 1]
            break
        place = normal.find(term, place + 1)
    return best + 1.0 - 1.0 / normal.count(term)


def grade_sound(entry: Entry, spoken: Spoken) -> float:
    """Return how well an entry's names sound like a term, under 1; 0 when not at all."""
    letters, beats = entry.sound.letters, entry.sound.beats
    best = 0.0
    for place, end in spoken.places(entry.sound):
        is_word = beats[place] & STARTS and beats[end] & ENDS
        weights = SOUND_WEIGHTS if is_word else STRAY_SOUND_WEIGHTS
        best = max(best, weights[letters.count("\n", 0, place)])
    return best or _grade_initials(entry, spoken)


def _grade_initials(entry: Entry, spoken: Spoken) -> float:
    initials, marks, length = entry.sound.initials, entry.marks, len(spoken.letters)
    best = 0.0
    place = -1 if spoken.joints else initials.find(spoken.letters)
    while place >= 0:
        if marks[place] & STARTS:
            number = initials.count("\n", 0, place)
            if marks[place + length] & ENDS:
                best = max(best, INITIAL_WEIGHTS[number])
            elif length >= _TELLING_INITIALS:
                best = max(best, STRAY_INITIAL_WEIGHTS[number])
        place = initials.find(spoken.letters, place + 1)
    return best


def grade_term(entry: Entry, term: Term) -> float:
    """Return how well ``entry`` answers one term, by its letters or else by its sound."""
    points = grade(entry, term.normal)
    if points or term.spoken is None:
        return points
    # Syllables typed apart may also be words apart.
    if term.spoken.joints and all(piece in entry.normal for piece in term.normal.split()):
        return STRAY_WEIGHTS[-1]
    return grade_sound(entry, term.spoken)


def score(entry: Entry, terms: Sequence[Term], *, match_any: bool) -> float:
    """Return how well ``entry`` answers all the terms, or any of them; 0 when it does not."""
    total = 0.0
    for term in terms:
        points = grade_term(entry, term) * term.rarity
        if entry.answers_number(term.normal):
            points += NUMBER_SCORE
        if not points and not match_any:
            return 0.0
        total += points
    return round(total, 6)


def rank(entries: Iterable[Entry], terms: Sequence[Term], *, match_any: bool) -> list[Hit]:
    """Rank the entries that match, the best first, equal ones by id."""
    scored = ((score(entry, terms, match_any=match_any), entry.id) for entry in entries)
    ordered = sorted((-points, id_) for points, id_ in scored if points)
    return [Hit(id_, -negative) for negative, id_ in ordered]
