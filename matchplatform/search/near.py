"""Words near to a term that nothing holds: of the same sound, or one letter away."""

from collections.abc import Iterable, Iterator, Sequence

from matchplatform.search.shelf import Vocabulary
from matchplatform.search.sound import readings

_SHORTEST_WORD, _LONGEST_WORD = 2, 6
_SHORTEST_LATIN = 5


def near_terms(term: str, vocabularies: Sequence[Vocabulary]) -> list[str]:
    """Return what may have been meant by ``term``, the likeliest first."""
    if term.isascii():
        found = _near_in_letters(term.replace(" ", ""), vocabularies)
    elif term.isalpha():
        found = [*_same_in_sound(term, vocabularies), *_near_in_characters(term, vocabularies)]
    else:
        found = []
    return list(dict.fromkeys(found))


def _same_in_sound(term: str, vocabularies: Sequence[Vocabulary]) -> Iterator[str]:
    """Yield the term with a part of it written otherwise, the longest parts first."""
    longest = min(len(term), _LONGEST_WORD)
    for length in range(longest, _SHORTEST_WORD - 1, -1):
        found: list[tuple[int, str]] = []
        for start in range(len(term) - length + 1):
            run = term[start : start + length]
            for word, weight in _that_sound_like(readings(run), vocabularies):
                if word != run:
                    found.append((-weight, term[:start] + word + term[start + length :]))
        yield from (word for _weight, word in sorted(found))


def _that_sound_like(
    sounds: Iterable[str], vocabularies: Sequence[Vocabulary]
) -> Iterator[tuple[str, int]]:
    for sound in sounds:
        for vocabulary in vocabularies:
            for word in vocabulary.by_sound.get(sound, ()):
                yield word, vocabulary.weights[word]


def _near_in_characters(term: str, vocabularies: Sequence[Vocabulary]) -> list[str]:
    """Return the words one character away; a word of two must also sound much the same."""
    found = {
        word: weight
        for vocabulary in vocabularies
        for word, weight in vocabulary.weights.items()
        if abs(len(word) - len(term)) <= 1 and is_one_apart(word, term)
    }
    heard = readings(term)
    near = {word for word in found if _sounds_near(word, heard)}
    if len(term) == _SHORTEST_WORD:
        found = {word: found[word] for word in near}
    return sorted(found, key=lambda word: (word not in near, -found[word], word))


def _sounds_near(word: str, heard: Sequence[str]) -> bool:
    return any(said == one or is_one_apart(said, one) for said in readings(word) for one in heard)


def _near_in_letters(term: str, vocabularies: Sequence[Vocabulary]) -> list[str]:
    if len(term) < _SHORTEST_LATIN:
        return []
    found = {
        word: vocabulary.weights[word]
        for vocabulary in vocabularies
        for sound, words in vocabulary.by_sound.items()
        if sound.startswith(term)
        or (abs(len(sound) - len(term)) <= 1 and is_one_apart(sound, term))
        for word in words
    }
    return sorted(found, key=lambda word: (-found[word], len(word), word))


def is_one_apart(some: str, other: str) -> bool:
    """Tell whether one letter put in, taken out, changed or swapped with its neighbour does it."""
    if len(some) > len(other):
        some, other = other, some
    if len(other) - len(some) > 1 or some == other:
        return False
    first = next((i for i, (a, b) in enumerate(zip(some, other, strict=False)) if a != b), None)
    if first is None:
        return True
    if len(some) < len(other):
        return some[first:] == other[first + 1 :]
    if some[first + 1 :] == other[first + 1 :]:
        return True
    swapped = some[first : first + 2][::-1] + some[first + 2 :]
    return swapped == other[first:]
