"""A private person's full name beside an illness or a poverty status."""

import re
from collections.abc import Iterator
from functools import lru_cache

from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.quality.lexicon import persons as lexicon
from matchplatform.quality.needs import Finding, NeedText, RuleName, Severity
from matchplatform.quality.needs import Surroundings as Around
from matchplatform.quality.texts import public_texts
from matchplatform.quality.words import cutter

_SENTENCE = re.compile(r"[^。！？!?\n]+")
_HAN = r"[\u4e00-\u9fff]"
# A name between two marks: what stands before a person, and what follows one.
_CLAUSE = r"(?:^|(?<=[，,。；;：:、\s“\"(（》]))"
_MARKED = re.compile(rf"(?=({lexicon.SURNAME})({_HAN}{{1,2}}?)({lexicon.AFTER}))")
_ANY = re.compile(rf"(?=({lexicon.SURNAME}{_HAN}{{2}}))")
_NAME = re.compile(rf"{lexicon.SURNAME}{_HAN}{{1,2}}")
_SURE = re.compile(lexicon.SURE_AFTER)
_ANY_MARK = re.compile(r"[,，]")
_OF = re.compile(lexicon.OF)
_PARTED = re.compile(rf"{lexicon.OF}|[、，。：:\s]$")
_ENDS = re.compile(rf"$|[，,、。；（(]|{lexicon.AFTER}")
# How the cutter tags given names that are names of places or things as well.
_GIVEN_TAGS = frozenset(["nz", "ns", "nt"])
_DOUBLES = frozenset(lexicon.DOUBLES.split())
_FIRST = re.compile(_CLAUSE + "$")
_LED_TO = re.compile(lexicon.BEFORE + "$")
_PERSON_TAG, _UNKNOWN_TAG = "nr", "x"
_NEAR = 60


def check_persons(need: NeedText, around: Around) -> Iterator[Finding]:
    """Yield names of private people in sentences that speak of illness or poverty."""
    known = around.names | {need.place}
    told: set[str] = set()
    title_is_about = bool(lexicon.SENSITIVE.search(need.name + need.scope_text[:80]))
    for where, text in public_texts(need):
        if where in ("place", "owner_unit", "supervising_unit"):
            continue
        for sentence in _SENTENCE.finditer(text):
            words = sentence.group()
            if not lexicon.SENSITIVE.search(words) and not (where == "name" and title_is_about):
                continue
            for name, start in names_in(words, known):
                close = words[max(0, start - _NEAR) : start + _NEAR]
                if name in told or not (lexicon.SENSITIVE.search(close) or where == "name"):
                    continue
                told.add(name)
                yield Finding(
                    RuleName.PRIVATE_PERSON,
                    Severity.BLOCKER,
                    where,
                    _("这里有个人的姓名，同一句里说到病情或困境。"),
                    _("请改成“村民李某某”“一户低保家庭”这样的说法，不写全名。"),
                    name[:1] + "*" * (len(name) - 1),
                )


def names_in(sentence: str, known: frozenset[str] | set[str]) -> list[tuple[str, int]]:
    """Return the full names of private people in a sentence and where they stand."""
    found: dict[int, str] = {}
    for word, tag, start in _tagged(sentence):
        if tag.startswith(_PERSON_TAG) and _may_be_name(word, sentence, start, known, is_cut=True):
            found[start] = word
    for match in _MARKED.finditer(sentence):
        word, start = match.group(1) + match.group(2), match.start()
        parted = _FIRST.search(sentence[:start]) or _OF.search(sentence[:start])
        sure = _SURE.match(sentence[start + len(word) :])
        first = parted and (sure or word[0] not in lexicon.RARE)
        if not first and not _LED_TO.search(sentence[max(0, start - 6) : start]):
            continue
        if _may_be_name(word, sentence, start, known) and not _is_common(word):
            found.setdefault(start, word)
    for match in _ANY.finditer(sentence):
        word, start = match.group(1), match.start()
        led = lexicon.LED.search(sentence[max(0, start - 6) : start])
        after = sentence[start + len(word) :]
        ill = lexicon.ILL_AFTER.match(after) and not _ANY_MARK.match(after)
        rare = word[0] in lexicon.RARE and not _PARTED.search(sentence[:start])
        if rare or not (led or ill) or _is_common(word):
            continue
        if cutter().has_word(word[:2]) and not (ill or _ENDS.match(after)):
            continue
        if _may_be_name(word, sentence, start, known):
            found.setdefault(start, word)
    for word, start in _unknown(sentence):
        if _may_be_name(word, sentence, start, known, is_cut=True):
            found.setdefault(start, word)
    return sorted(((name, start) for start, name in found.items()), key=lambda pair: pair[1])


def _before(sentence: str, start: int) -> bool:
    return bool(_PARTED.search(sentence[:start]) or not start)


def _unknown(sentence: str) -> Iterator[tuple[str, int]]:
    """Yield three letters from a surname on that the cutter could make no other words of."""
    tokens = _tagged(sentence)
    for at, (_word, _tag, start) in enumerate(tokens):
        if sentence[start] in lexicon.RARE or not _ANY.match(sentence, start):
            continue
        letters, plain = "", True
        for word, tag, _start in tokens[at:]:
            given = letters and len(word) == 2 and tag in _GIVEN_TAGS and _before(sentence, start)
            person = tag.startswith(_PERSON_TAG) or tag == _UNKNOWN_TAG
            plain = plain and (len(word) == 1 or person or bool(given))
            letters += word
            if len(letters) >= 3:
                break
        if plain and len(letters) == 3 and not set(letters[1:]) & lexicon.HARDLY_GIVEN:
            yield letters, start


@lru_cache(maxsize=2048)
def _tagged(sentence: str) -> tuple[tuple[str, str, int], ...]:
    at, found = 0, []
    for word, tag in cutter().tag(sentence):
        found.append((word, tag, at))
        at += len(word)
    return tuple(found)


def _is_common(word: str) -> bool:
    """Tell whether a word stands in the dictionary as something other than a name."""
    if not cutter().has_word(word):
        return False
    parts = cutter().tag(word)
    return len(parts) == 1 and not parts[0][1].startswith(_PERSON_TAG)


def _may_be_name(
    word: str, sentence: str, start: int, known: frozenset[str] | set[str], *, is_cut: bool = False
) -> bool:
    """Tell whether letters can be a private person's name; ``is_cut``: the cutter says so."""
    if not _NAME.fullmatch(word) or word in lexicon.NO_NAMES:
        return False
    given = word[2:] if word[:2] in _DOUBLES and len(word) > 2 else word[1:]
    after, before = sentence[start + len(word) :], sentence[:start]
    ill = bool(lexicon.ILL_AFTER.match(after))
    marked = bool(re.match(lexicon.AFTER, after) or _LED_TO.search(before[-6:]))
    never = lexicon.NOT_GIVEN if is_cut else lexicon.HARDLY_GIVEN
    if marked:
        never -= lexicon.NUMERALS
    if given in lexicon.KIN or set(given) & never or any(word in name for name in known):
        return False
    if lexicon.PLACE_AFTER.match(after) or (word[-1] in lexicon.PLACE_ENDS and not ill):
        return False
    # Short names and names that begin as other words do need a mark of a person beside them.
    other_word = word[:2] not in _DOUBLES and cutter().has_word(word[:2])
    if (word[0] in lexicon.RARE or len(word) < 3 or other_word) and not marked:
        return False
    acts = lexicon.ROLE_BEFORE.search(before[-8:]) or lexicon.ROLE_AFTER.match(after)
    # Whoever is named by a poverty status stays private, whatever work is told of.
    return ill or not acts or bool(lexicon.BY_STATUS.search(before[-6:]))
