"""Names as they sound: the pinyin of titles, places and regions, and terms typed in it.

A name is found by its pinyin from the beginning of one syllable to the end of another, joined or
with spaces (zhangbei, zhang bei), and by the initials of its characters (zb).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import rjieba
from pypinyin import Style, lazy_pinyin, pinyin

from matchplatform.search.readings import NAMES
from matchplatform.search.words import ENDS, STARTS

# Where a syllable begins and where one ends, in the same byte as where words do.
BEGINS, STOPS = 4, 8

_NAMES = re.compile("(" + "|".join(sorted(NAMES, key=len, reverse=True)) + ")")
_LATIN = re.compile(r"[a-z]+(?: [a-z]+)*")
_SYLLABLE = re.compile(
    r"(?:[zcs]h|[b-df-hj-np-tw-z])?(?:a(?:i|o|ng?)?|e(?:i|r|ng?)?|i(?:a(?:o|ng?)?|e|ng?|u|ong)?"
    r"|o(?:u|ng)?|u(?:a(?:i|ng?)?|e|i|n|o)?|ve?)"
)
_SHORTEST = 2
_MOST_READINGS = 8


@lru_cache(maxsize=1 << 13)
def syllables(normal: str) -> tuple[str, ...]:
    """Return for each character of a normal text how it sounds; what is not Chinese as itself."""
    said: list[str] = []
    for part in _NAMES.split(normal):
        for word in [part] if part in NAMES else rjieba.cut(part):
            said += _read(word)
    return tuple(said)


@lru_cache(maxsize=1 << 15)
def _read(word: str) -> Sequence[str]:
    # By the word, which repeats, for the dictionary's own way through a whole title is slow.
    if word in NAMES:
        return NAMES[word].split()
    if word.isascii():
        return word
    read: list[str] = lazy_pinyin(word, errors=_each)
    # Rare characters have no reading; then none is better than one in the wrong place.
    return read if len(read) == len(word) and all(map(str.isascii, read)) else word


def _each(run: str) -> Any:
    return list(run)


def readings(run: str) -> list[str]:
    """Return how a run of Chinese may sound, joined; the likeliest first, not all of many."""
    found = ["".join(syllables(run))]
    options = [one[:3] for one in pinyin(run, style=Style.NORMAL, heteronym=True, errors=_each)]
    combined = [""]
    for option in options:
        combined = [start + one for start in combined for one in option][:_MOST_READINGS]
    return list(dict.fromkeys([*found, *combined]))


@dataclass(frozen=True, slots=True)
class Sound:
    """The names of an entry in pinyin.

    ``letters``: the syllables, joined; breaks as in the text; ``beats``: for each place in
    ``letters``, whether syllables and words begin or end there; ``initials``: a letter for each
    character of the names.
    """

    letters: str
    beats: bytes
    initials: str


def make_sound(names: str, marks: bytes) -> Sound:
    """Turn names in normal form, and the marks of their words, into their sound."""
    said = [one for name in names.splitlines(keepends=True) for one in syllables(name)]
    letters = "".join(said)
    beats = bytearray(len(letters) + 1)
    place = 0
    for index, one in enumerate(said):
        goes_on = _is_letter(names, index) and _is_letter(names, index - 1)
        if not one.isspace():
            if not goes_on:
                beats[place] |= BEGINS | (marks[index] & STARTS)
            place += len(one)
            if not (_is_letter(names, index) and _is_letter(names, index + 1)):
                beats[place] |= STOPS | (marks[index + 1] & ENDS)
        else:
            place += len(one)
    return Sound(letters, bytes(beats), "".join(one[0] for one in said))


def _is_letter(text: str, index: int) -> bool:
    return 0 <= index < len(text) and text[index].isascii() and text[index].isalnum()


@dataclass(frozen=True, slots=True)
class Spoken:
    """A term typed in Latin letters: ``letters`` without spaces, ``joints``: where those were."""

    letters: str
    joints: tuple[int, ...]

    @classmethod
    def of(cls, term: str) -> "Spoken | None":
        """Return the term as pinyin, or None for one that cannot be."""
        if not _LATIN.fullmatch(term) or len(term) < _SHORTEST:
            return None
        joints: list[int] = []
        for piece in term.split()[:-1]:
            joints.append(len(piece) + (joints[-1] if joints else 0))
        return cls(term.replace(" ", ""), tuple(joints))

    def may_stand_in(self, sound: Sound) -> bool:
        """Tell quickly whether it is worth a closer look."""
        return self.letters in sound.letters or self.letters in sound.initials

    def places(self, sound: Sound, *, unfinished: bool = False) -> Iterator[tuple[int, int]]:
        """Yield where it stands in ``sound.letters``; ``unfinished``: its end may be missing."""
        beats, length = sound.beats, len(self.letters)
        place = sound.letters.find(self.letters)
        while place >= 0:
            begins = beats[place] & BEGINS and all(beats[place + n] & BEGINS for n in self.joints)
            if begins and (unfinished or beats[place + length] & STOPS):
                yield place, place + length
            place = sound.letters.find(self.letters, place + 1)


def join_syllables(terms: list[str]) -> list[str]:
    """Join neighbours that are a syllable each into one term: zhang bei."""
    joined: list[str] = []
    open_run = False
    for term in terms:
        is_syllable = len(term) >= _SHORTEST and _SYLLABLE.fullmatch(term) is not None
        if is_syllable and open_run:
            joined[-1] += " " + term
        else:
            joined.append(term)
        open_run = is_syllable
    return joined
