"""Programmes, lists of names, reports and invitations as PDF and DOCX."""

from collections.abc import Sequence
from dataclasses import dataclass

from matchplatform.documents.pages import render_pdf
from matchplatform.documents.texts import (
    Align,
    Block,
    Facts,
    Heading,
    PageBreak,
    Paragraph,
    Qr,
    SheetOfPaper,
    SignRow,
    Table,
)
from matchplatform.documents.word import render_docx
from matchplatform.documents.words import chinese_width, clean

_KINDS: dict[type, str] = {
    Heading: "heading",
    Paragraph: "paragraph",
    Facts: "facts",
    Table: "table",
    SignRow: "sign_row",
    PageBreak: "page_break",
    Qr: "qr",
}
UPRIGHT_TWIPS, ACROSS_TWIPS = 8844, 14343  # 156 and 253 mm
LEFT: Align = "left"
NARROWEST, WIDEST = 3.0, 24.0


@dataclass(frozen=True)
class Column:
    """A column as both formats want it: ``share`` in percent, ``twips`` for Word."""

    head: str
    align: Align
    share: float
    twips: int


@dataclass(frozen=True)
class Grid:
    """A table with its columns worked out."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    total: tuple[str, ...]
    twips: int


def render_paper_pdf(paper: SheetOfPaper) -> bytes:
    """Return a paper as A4 pages.

    Raises:
        Busy: too many papers are being made just now.
    """
    return render_pdf("paper.html", paper.dated, _context(paper))


def render_paper_docx(paper: SheetOfPaper) -> bytes:
    """Return a paper as a document for word processors.

    Raises:
        Busy: too many papers are being made just now.
    """
    return render_docx("paper.docx", paper.dated, paper.title, _context(paper), paper.landscape)


def _context(paper: SheetOfPaper) -> dict[str, object]:
    width = ACROSS_TWIPS if paper.landscape else UPRIGHT_TWIPS
    blocks = [(_KINDS[type(block)], _prepare(block, width)) for block in paper.blocks]
    return {"paper": paper, "blocks": blocks}


def _prepare(block: Block, width: int) -> object:
    return _grid(block, width) if isinstance(block, Table) else block


def _grid(table: Table, width: int) -> Grid:
    """Work out the columns; a row that is short is filled, so that nothing shifts."""
    count = len(table.heads)
    rows = tuple(_filled(row, count) for row in table.rows)
    total = _filled(table.total, count) if table.total else ()
    wants = table.widths or _measure((table.heads, *rows))
    columns = tuple(
        Column(head, align, round(100 * want / sum(wants), 3), round(width * want / sum(wants)))
        for head, align, want in zip(
            table.heads, (*table.aligns, *(LEFT,) * count), wants, strict=False
        )
    )
    return Grid(table.caption, columns, rows, total, width)


def _filled(row: Sequence[str], count: int) -> tuple[str, ...]:
    return (*row, *("",) * (count - len(row)))[:count]


def _measure(rows: Sequence[Sequence[str]]) -> tuple[float, ...]:
    """Return how wide columns want to be that were given no widths."""
    return tuple(
        min(max(NARROWEST, *(_longest_line(text) for text in column)), WIDEST)
        for column in zip(*rows, strict=True)
    )


def _longest_line(text: str) -> float:
    return max((chinese_width(line) + 1 for line in clean(text).split("\n")), default=0)
