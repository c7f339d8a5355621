"""What goes into the index, and what is kept of it."""

from dataclasses import astuple, dataclass, fields
from typing import Any

from matchplatform.search.normal import normalise
from matchplatform.search.sound import Sound, make_sound
from matchplatform.search.words import WordCutter

# The fields, the weightiest first; within an entry they stand in this order.
FIELDS = ("title", "place", "region", "text", "extra")
NAMES = 3  # the first fields, which are also found by their pinyin
_PLACES = ("place", "region")


@dataclass(frozen=True)
class SearchDoc:
    """A document as the caller knows it.

    ``region``: "张家口市 张北县"; ``extra``: sector words, items of lines.
    """

    id: int
    number: str
    title: str
    place: str
    region: str
    text: str
    extra: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A document as the index keeps it.

    ``number``: without its hyphen; ``serial``: how long its last part is;
    ``normal``: the fields in normal form, a line each; ``starts``: where each field begins;
    ``marks``: for each place in ``normal``, whether words start or end there;
    ``sound``: the names, title, place and region, in pinyin.
    """

    id: int
    number: str
    serial: int
    normal: str
    starts: tuple[int, ...]
    marks: bytes
    sound: Sound

    @property
    def names(self) -> str:
        """Return title, place and region in normal form, a line each."""
        return self.normal[: self.starts[NAMES] - 1]

    def number_tails(self) -> list[str]:
        """List the ends of the number that stand for it: from its serial to the whole."""
        return [self.number[-n:] for n in range(self.serial, len(self.number) + 1) if n]

    def begins_number(self, typed: str) -> bool:
        """Tell whether the number goes on from what is typed so far, in normal form."""
        return self.number.startswith(typed.replace(" ", ""))

    def answers_number(self, term: str) -> bool:
        """Tell whether ``term``, in normal form, is the number or an end of it."""
        tail = term.replace(" ", "")
        return len(tail) >= self.serial and self.number.endswith(tail)


def make_entry(doc: SearchDoc, cutter: WordCutter) -> Entry:
    """Turn a document into what the index keeps of it."""
    parts = [normalise(getattr(doc, field)) for field in FIELDS]
    marks = [
        cutter.mark(part, is_name=field in _PLACES)
        for field, part in zip(FIELDS, parts, strict=True)
    ]
    starts = [0]
    for part in parts[:-1]:
        starts.append(starts[-1] + len(part) + 1)
    number = normalise(doc.number)
    all_marks = b"".join(marks)
    return Entry(
        id=doc.id,
        number=number.replace(" ", ""),
        serial=len(number.rpartition(" ")[2]),
        normal="\n".join(parts),
        starts=tuple(starts),
        marks=all_marks,
        sound=make_sound("\n".join(parts[:NAMES]), all_marks),
    )


def pack(entry: Entry) -> tuple[object, ...]:
    """Turn an entry into plain values, to be stored."""
    plain = (getattr(entry, each.name) for each in fields(Entry))
    return tuple(astuple(value) if isinstance(value, Sound) else value for value in plain)


def unpack(stored: tuple[Any, ...]) -> Entry:
    """Turn stored values back into an entry."""
    id_, number, serial, normal, starts, marks, sound = stored
    return Entry(id_, number, serial, normal, starts, marks, Sound(*sound))
