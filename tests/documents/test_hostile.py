"""What people typed is text on paper: never markup, never code, never more than it can hold."""

from decimal import Decimal

import pytest

from matchplatform.documents import (
    AgreementText,
    ArticleText,
    ChangeText,
    Facts,
    Heading,
    ItemText,
    Paragraph,
    PartyText,
    Qr,
    SeatCard,
    SheetOfPaper,
    SignatureText,
    SignRow,
    Table,
    render_agreement_docx,
    render_agreement_pdf,
    render_paper_docx,
    render_paper_pdf,
    render_seat_cards_docx,
    render_seat_cards_pdf,
)
from tests.documents.samples import pages_of, words_of

CODE = "{{7*7}}{%if%}{#x#}"
MARKUP = '<img src="file:///etc/passwd"><w:p/>&amp;]]>'
UNSEEN = "\x00\x08\x0b\x0c\ufffe\uffff\ud800\u202e\u200b"
HOSTILE = f"{CODE}{MARKUP}{UNSEEN}'\"𠮷😀"
LEFT = f"{CODE}{MARKUP}'\"𠮷😀"


def filled_with(words: str) -> AgreementText:
    return AgreementText(
        title=words[:40],
        number=words[:40],
        parties=(PartyText(*[words] * 6),),
        recitals=(words,),
        facts=((words[:40], words),),
        items=(ItemText(words, words[:40], words[:40], words[:40], words[:40], words[:90]),),
        total=Decimal(1),
        total_capital=words[:40],
        articles=(ArticleText(words[:90], (words, words)),),
        changes=(ChangeText(words[:40], words, words),),
        signatures=(SignatureText(words[:90], words[:90]),),
        sha256="ab" * 32,
        verify_url="https://example.org/" + "x" * 40,
        stamp=words[:10],
    )


def paper_of(words: str) -> SheetOfPaper:
    return SheetOfPaper(
        words[:90],
        words[:90],
        (
            Heading(words, 0),
            Heading(words, 1),
            Heading(words, 2),
            Paragraph(words),
            Facts(((words[:40], words),)),
            Table((words[:40], "乙"), ((words, "二"),), caption=words, total=(words, "合")),
            SignRow((SignatureText(words[:90], words[:90]),)),
            Qr("https://example.org/", words),
        ),
        number=words[:40],
        stamp=words[:10],
    )


class TestHostileText:
    def test_it_stands_in_an_agreement_as_it_was_typed(self) -> None:
        paper = "".join(pages_of(render_agreement_pdf(filled_with(HOSTILE))))
        assert paper.count(CODE) > 10
        assert paper.count('<imgsrc="file:///etc/passwd"><w:p/>&amp;]]>') > 6
        assert "root:" not in paper
        words = words_of(render_agreement_docx(filled_with(HOSTILE)))
        assert words.count(LEFT) > 10

    def test_it_stands_in_a_paper_as_it_was_typed(self) -> None:
        assert "".join(pages_of(render_paper_pdf(paper_of(HOSTILE)))).count(CODE) > 8
        assert words_of(render_paper_docx(paper_of(HOSTILE))).count(LEFT) > 8

    def test_it_stands_on_a_card_as_it_was_typed(self) -> None:
        cards = [SeatCard(HOSTILE, HOSTILE, HOSTILE, HOSTILE), SeatCard(HOSTILE)]
        assert CODE in "".join(pages_of(render_seat_cards_pdf(cards)))
        assert CODE in words_of(render_seat_cards_docx(cards))

    # Were the columns of tables not fixed, each of these would take minutes.
    @pytest.mark.parametrize("word", ["长", "W", "1 ", "😀"])
    def test_a_very_long_word_breaks_and_none_of_it_is_lost(self, word: str) -> None:
        text = AgreementText(
            title="协议",
            number="1",
            parties=(PartyText("甲方", "县", address=word * 1000),),
            facts=(("说明", word * 1000),),
            items=(ItemText(word * 1000, Decimal(1), "套"),),
            changes=(ChangeText("一", word * 1000, ""),),
            articles=(ArticleText("", (word * 4000,)),),
        )
        paper = "".join(pages_of(render_agreement_pdf(text)))
        if word in {"长", "W"}:
            assert paper.count(word) == 8_000
        assert words_of(render_agreement_docx(text)).count(word.strip()) >= 8_000

    def test_long_words_on_papers_and_cards_break_too(self) -> None:
        long = "长" * 2000
        assert "".join(pages_of(render_paper_pdf(paper_of(long)))).count("长") > 12_000
        render_seat_cards_pdf([SeatCard(long[:500], long[:500], long[:500], long[:500])])

    def test_lines_that_were_typed_stay_lines(self) -> None:
        text = filled_with("第一行\r\n第二行\u2028第三行")
        words = words_of(render_agreement_docx(text))
        assert "第一行" in words
        assert "\u2028" not in words
        assert "第三行" in "".join(pages_of(render_agreement_pdf(text)))
