"""What stands on a paper: frozen text, put into words by whoever asks for the paper."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal, TypeAlias

Figure: TypeAlias = Decimal | str | None
Align: TypeAlias = Literal["left", "center", "right"]


@dataclass(frozen=True)
class PartyText:
    """A party to an agreement; ``role`` is 甲方, 乙方 and so on. Empty fields are left out."""

    role: str
    name: str
    uscc: str = ""
    representative: str = ""
    contact: str = ""
    address: str = ""


@dataclass(frozen=True)
class ItemText:
    """One line of what is given; numbers as Decimals are written with thousands separators.

    ``unit_price`` and ``value`` are yuan and None where a line has no price.
    """

    item: str
    quantity: Figure
    unit: str
    unit_price: Figure = None
    value: Figure = None
    note: str = ""


@dataclass(frozen=True)
class ArticleText:
    """One article; its number (第一条) is counted here."""

    title: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True)
class ChangeText:
    """What a supplementary agreement changes."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class SignatureText:
    """Who signs and seals; ``role`` as in the parties."""

    role: str
    name: str


@dataclass(frozen=True)
class AgreementText:
    """An agreement, or with ``version`` above 0 the supplementary agreement of that number.

    ``facts``: label and text. ``total``: yuan, None where nothing has a price. ``stamp``: a word
    across every page, such as 草稿. ``demo`` prints that the paper has no legal effect. ``dated``:
    the day that the file itself names; without it the file names a fixed one.
    """

    title: str
    number: str
    version: int = 0
    parties: tuple[PartyText, ...] = ()
    recitals: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    items: tuple[ItemText, ...] = ()
    total: Decimal | None = None
    total_capital: str = ""
    articles: tuple[ArticleText, ...] = ()
    changes: tuple[ChangeText, ...] = ()
    signatures: tuple[SignatureText, ...] = ()
    sha256: str = ""
    verify_url: str = ""
    stamp: str = ""
    demo: bool = False
    dated: date | None = None


@dataclass(frozen=True)
class Heading:
    """A heading: ``level`` 0 is a title as large as the paper's own, 1 and 2 stand in the text."""

    text: str
    level: int = 1


@dataclass(frozen=True)
class Paragraph:
    """A paragraph, its first line indented by two characters where it is aligned left."""

    text: str
    align: Align = "left"
    indent: bool = True
    strong: bool = False


@dataclass(frozen=True)
class Facts:
    """Labels, each with its text."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Table:
    """A table; its heads are repeated on every page and no row is cut.

    ``widths``: shares of the paper's width, by column. ``aligns``: by column, left if not said.
    ``total``: a last row in heavier type.
    """

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...] = ()
    aligns: tuple[Align, ...] = ()
    caption: str = ""
    total: tuple[str, ...] = ()


@dataclass(frozen=True)
class SignRow:
    """Places to sign and seal, side by side."""

    signatures: tuple[SignatureText, ...]


@dataclass(frozen=True)
class PageBreak:
    """What follows begins on a new page."""


@dataclass(frozen=True)
class Qr:
    """A QR code of ``text`` with words beside it."""

    text: str
    caption: str = ""


Block: TypeAlias = Heading | Paragraph | Facts | Table | SignRow | PageBreak | Qr


@dataclass(frozen=True)
class SheetOfPaper:
    """Any other paper: a programme, a list of names, a report, an invitation.

    ``number`` stands in the running head; ``numbered`` puts page numbers below. ``stamp``,
    ``demo`` and ``dated`` as in ``AgreementText``.
    """

    title: str
    subtitle: str = ""
    blocks: tuple[Block, ...] = ()
    number: str = ""
    numbered: bool = True
    landscape: bool = False
    stamp: str = ""
    demo: bool = False
    dated: date | None = None


@dataclass(frozen=True)
class SeatCard:
    """A name card for a seat; without a name it is the organisation's."""

    unit: str
    name: str = ""
    post: str = ""
    seat: str = ""
