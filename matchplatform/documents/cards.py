"""Name cards for seats, folded once, two on a sheet."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from matchplatform.documents.pages import render_pdf
from matchplatform.documents.texts import SeatCard
from matchplatform.documents.word import render_docx
from matchplatform.documents.words import chinese_width, clean, title_lines
from matchplatform.kernel.i18n import mark

SIZES = (96, 84, 72, 60, 50, 42, 36, 30, 26, 22, 18)
PAGE_WIDTH, FACE_HEIGHT = 595.3, 209.2  # points
TEXT_WIDTH = 527.0
_LEADING = 1.25


@dataclass(frozen=True)
class Line:
    """One line of a card, with the size of type that it fits in, in points."""

    text: str
    size: int
    strong: bool = False


@dataclass(frozen=True)
class Art:
    """A line as a drawing: where it lies on its sheet, in points."""

    text: str
    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True)
class Card:
    """A card as both formats want it: its lines upright, and as drawings on their head."""

    upright: tuple[Line, ...]
    turned: tuple[Art, ...]
    seat: str


def render_seat_cards_pdf(cards: Sequence[SeatCard], dated: date | None = None) -> bytes:
    """Return the cards, two on an A4 sheet.

    Raises:
        Busy: too many papers are being made just now.
    """
    return render_pdf("cards.html", dated, {"cards": _lay_out(cards)})


def render_seat_cards_docx(cards: Sequence[SeatCard], dated: date | None = None) -> bytes:
    """Return the cards as a document for word processors.

    Raises:
        Busy: too many papers are being made just now.
    """
    return render_docx("cards.docx", dated, mark("席签"), {"cards": _lay_out(cards)})


def _lay_out(cards: Sequence[SeatCard]) -> list[Card]:
    made = []
    for place, card in enumerate(cards):
        lines = tuple(_lines(card))
        made.append(Card(lines, tuple(_turn(lines, place % 2)), clean(card.seat).strip()))
    return made


def _lines(card: SeatCard) -> Iterator[Line]:
    unit, name, post = (clean(text).strip() for text in (card.unit, card.name, card.post))
    if name:
        yield from _fit(unit, 22, 2)
    yield from _fit(_spaced(name) or unit, 96 if name else 72, 2, strong=True)
    yield from _fit(post, 22, 1)


def _fit(text: str, largest: int, most: int, strong: bool = False) -> list[Line]:
    """Return a text in as large a type, and as few lines of it, as fit."""
    if not text:
        return []
    least = max(min(50, largest), SIZES[-1])
    for count in range(1, most + 1):
        lines = title_lines(text, -(-math.ceil(chinese_width(text)) // count)).split("\n")
        widest = max(map(chinese_width, lines))
        size = next((size for size in SIZES if size <= largest and size * widest <= TEXT_WIDTH), 0)
        if size >= least or (count == most and size):
            break
    return [Line(line, size or SIZES[-1], strong) for line in lines]


def _turn(lines: Sequence[Line], place: int) -> Iterator[Art]:
    """Place lines on their head in the upper half of a card: the last one uppermost."""
    heights = [line.size * _LEADING for line in lines]
    top = place * 2 * FACE_HEIGHT + (FACE_HEIGHT - sum(heights)) / 2
    for line, height in zip(reversed(lines), reversed(heights), strict=True):
        # A drawing is stretched until the ink fills it: a little less than the type's own box.
        width, tall = chinese_width(line.text) * line.size * 0.97, line.size * 0.88
        yield Art(
            line.text,
            round((PAGE_WIDTH - width) / 2, 1),
            round(top + (height - tall) / 2, 1),
            round(width, 1),
            round(tall, 1),
        )
        top += height


def _spaced(name: str) -> str:
    """Part the two characters of a short name, as cards do."""
    return f"{name[0]}\u3000{name[1]}" if len(name) == 2 and chinese_width(name) == 2 else name
