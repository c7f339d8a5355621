"""What a visitor may be about to type: names that hold what stands there so far."""

import heapq
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from matchplatform.search.document import Entry
from matchplatform.search.normal import normalise
from matchplatform.search.sound import Sound, Spoken, make_sound
from matchplatform.search.words import STARTS

_TITLE_AND_PLACE = 2
_AT_THE_START, _AT_A_WORD, _INSIDE, _BY_SOUND, _BY_INITIALS = 5, 4, 3, 2, 1


def complete(entries: Iterable[Entry], typed: str, limit: int) -> list[int]:
    """Return the ids of entries whose title or place holds ``typed``, the best first."""
    spoken = Spoken.of(typed)
    graded = {(_grade(entry, typed, spoken), -entry.id) for entry in entries}
    return [-id_ for _points, id_ in heapq.nlargest(limit, (one for one in graded if one[0]))]


@dataclass(frozen=True, slots=True)
class Name:
    """A name outside the index that may be typed: a county's, a sector's."""

    normal: str
    sound: Sound

    @classmethod
    def of(cls, text: str) -> "Name":
        """Return the name of a text."""
        normal = normalise(text)
        return cls(normal, make_sound(normal, bytes(len(normal) + 1)))


def grade_names(raw: str, names: Mapping[str, Name]) -> dict[str, int]:
    """Return how well each name goes on from what is typed so far, those that do, by key."""
    typed = normalise(raw)
    spoken = Spoken.of(typed)
    graded = {key: _grade_name(name, typed, spoken) for key, name in names.items() if typed}
    return {key: points for key, points in graded.items() if points}


def _grade_name(name: Name, typed: str, spoken: Spoken | None) -> int:
    place = name.normal.find(typed)
    if place >= 0:
        return _INSIDE if place else _AT_THE_START
    if spoken is None or not spoken.may_stand_in(name.sound):
        return 0
    return _grade_sound(spoken, name.sound, len(name.normal))


def _grade(entry: Entry, typed: str, spoken: Spoken | None) -> int:
    end = entry.starts[_TITLE_AND_PLACE] - 1
    place = entry.normal.find(typed, 0, end)
    if place >= 0:
        if place in entry.starts:
            return _AT_THE_START
        return _AT_A_WORD if entry.marks[place] & STARTS else _INSIDE
    if entry.begins_number(typed) or entry.answers_number(typed):
        return _AT_A_WORD
    if spoken is None or not spoken.may_stand_in(entry.sound):
        return 0
    return _grade_sound(spoken, entry.sound, end)


def _grade_sound(spoken: Spoken, sound: Sound, end: int) -> int:
    """``end``: how many characters of the names count."""
    lines = sound.initials.count("\n", 0, end)
    for place, _stop in spoken.places(sound, unfinished=True):
        if sound.letters.count("\n", 0, place) <= lines:
            return _BY_SOUND
    place = sound.initials.find(spoken.letters, 0, end)
    while place >= 0 and not spoken.joints:
        if place == 0 or sound.initials[place - 1] in " \n" or len(spoken.letters) > _BY_SOUND:
            return _BY_INITIALS
        place = sound.initials.find(spoken.letters, place + 1, end)
    return 0
