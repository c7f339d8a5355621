"""The entries of a segment in memory, and the words of their names."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from matchplatform.search.document import Entry
from matchplatform.search.sound import BEGINS, STOPS
from matchplatform.search.words import ENDS, STARTS

_UNIT = re.compile(r"[0-9a-z]+|\S")
_SHORTEST, _LONGEST = 2, 6
_ENDS_TAKEN = (2, 4, 4)  # how many words may begin at one place, by field


@dataclass
class Vocabulary:
    """The words of names: how much each tells (a region's most), and by their sound."""

    weights: dict[str, int] = field(default_factory=dict)
    by_sound: dict[str, set[str]] = field(default_factory=dict)

    def add(self, word: str, sound: str, weight: int) -> None:
        """Put a word in."""
        if self.weights.get(word, 0) < weight:
            self.weights[word] = weight
        self.by_sound.setdefault(sound, set()).add(word)


class Shelf:
    """Entries by their place in the segment."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.entries = list(entries)

    def __getitem__(self, place: int) -> Entry:
        return self.entries[place]

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """Return the words of all names; made when first asked for, for a segment never changes."""
        found = Vocabulary()
        for entry in self.entries:
            for word, sound, number in _words_of(entry):
                found.add(word, sound, number + 1)
        return found


def _words_of(entry: Entry) -> Iterator[tuple[str, str, int]]:
    """Yield the Chinese words of an entry's names, how they sound, and the field's number."""
    names, marks = entry.names, entry.marks
    begins = [place for place, beat in enumerate(entry.sound.beats) if beat & BEGINS]
    stops = [place for place, beat in enumerate(entry.sound.beats) if beat & STOPS]
    units = [match.span() for match in _UNIT.finditer(names)]
    first = {start: begin for (start, _end), begin in zip(units, begins, strict=True)}
    last = {end: stop for (_start, end), stop in zip(units, stops, strict=True)}
    number = 0
    for start, char in enumerate(names):
        number += char == "\n"
        if not marks[start] & STARTS or start not in first:
            continue
        ends = [
            end
            for end in range(start + _SHORTEST, min(start + _LONGEST, len(names)) + 1)
            if marks[end] & ENDS and end in last
        ]
        for end in ends[: _ENDS_TAKEN[number]]:
            word = names[start:end]
            if word.isalpha() and not word.isascii():
                yield word, entry.sound.letters[first[start] : last[end]], number
