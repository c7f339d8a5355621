"""Agreements and supplementary agreements as PDF and DOCX."""

from collections.abc import Iterator
from dataclasses import dataclass

from matchplatform.documents.pages import render_pdf
from matchplatform.documents.texts import AgreementText, ArticleText, PartyText
from matchplatform.documents.word import render_docx
from matchplatform.documents.words import clean, lines, ordinal
from matchplatform.kernel.i18n import mark


@dataclass(frozen=True)
class Clause:
    """One paragraph of the articles; ``lead`` is its number (第一条) where it opens one."""

    text: str
    lead: str = ""
    is_title: bool = False


@dataclass(frozen=True)
class Party:
    """A party with those of its particulars that are known."""

    role: str
    name: str
    particulars: tuple[tuple[str, str], ...]


def render_agreement_pdf(text: AgreementText) -> bytes:
    """Return an agreement as A4 pages.

    Raises:
        Busy: too many papers are being made just now.
    """
    return render_pdf("agreement.html", text.dated, _context(text))


def render_agreement_docx(text: AgreementText) -> bytes:
    """Return an agreement as a document for word processors.

    Raises:
        Busy: too many papers are being made just now.
    """
    return render_docx("agreement.docx", text.dated, text.title, _context(text))


def _context(text: AgreementText) -> dict[str, object]:
    clauses = [clause for place in _numbered(text) for clause in _clauses(*place)]
    # The signatures never stand alone on a page: what they close goes with them.
    last = 2 if len(clauses) > 1 and clauses[-2].is_title else 1
    return {
        "text": text,
        "parties": tuple(_party(party) for party in text.parties),
        "headings": _headings(text),
        "clauses": clauses[:-last],
        "closing": clauses[-last:],
    }


def _headings(text: AgreementText) -> dict[str, str]:
    """Return the headings of those parts that there are, counted."""
    parts = {
        "facts": (text.facts, mark("项目概况")),
        "items": (text.items, mark("认领内容")),
        "changes": (text.changes, mark("变更内容")),
        "articles": (text.articles, mark("协议条款")),
    }
    there = [(name, words) for name, (rows, words) in parts.items() if rows]
    return {
        name: f"{ordinal(place)}{mark('、')}{words}" for place, (name, words) in enumerate(there, 1)
    }


def _numbered(text: AgreementText) -> Iterator[tuple[str, ArticleText]]:
    for place, article in enumerate(text.articles, 1):
        yield mark("第%s条") % ordinal(place), article


def _clauses(lead: str, article: ArticleText) -> Iterator[Clause]:
    if title := clean(article.title):
        yield Clause(title, lead, is_title=True)
        lead = ""
    for line in (line for paragraph in article.paragraphs for line in lines(paragraph)):
        yield Clause(line, lead)
        lead = ""


def _party(party: PartyText) -> Party:
    known = (
        (mark("统一社会信用代码"), clean(party.uscc)),
        (mark("法定代表人（负责人）"), clean(party.representative)),
        (mark("联系人及联系方式"), clean(party.contact)),
        (mark("地址"), clean(party.address)),
    )
    return Party(
        clean(party.role),
        clean(party.name),
        tuple((f"{label}{mark('：')}", value) for label, value in known if value),
    )
