"""Papers for people as PDF and DOCX: text in, bytes out. It knows neither Flask nor the database."""

from matchplatform.documents.agreement import render_agreement_docx, render_agreement_pdf
from matchplatform.documents.cards import render_seat_cards_docx, render_seat_cards_pdf
from matchplatform.documents.codes import qr_png, qr_svg
from matchplatform.documents.paper import render_paper_docx, render_paper_pdf
from matchplatform.documents.texts import (
    AgreementText,
    ArticleText,
    Block,
    ChangeText,
    Facts,
    Heading,
    ItemText,
    PageBreak,
    Paragraph,
    PartyText,
    Qr,
    SeatCard,
    SheetOfPaper,
    SignatureText,
    SignRow,
    Table,
)

__all__ = [
    "AgreementText",
    "ArticleText",
    "Block",
    "ChangeText",
    "Facts",
    "Heading",
    "ItemText",
    "PageBreak",
    "Paragraph",
    "PartyText",
    "Qr",
    "SeatCard",
    "SheetOfPaper",
    "SignRow",
    "SignatureText",
    "Table",
    "qr_png",
    "qr_svg",
    "render_agreement_docx",
    "render_agreement_pdf",
    "render_paper_docx",
    "render_paper_pdf",
    "render_seat_cards_docx",
    "render_seat_cards_pdf",
]
