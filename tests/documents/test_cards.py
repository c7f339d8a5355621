"""Name cards: two on a sheet, each with its words twice, in type that fits."""

import io

import docx
import pytest
from pypdf import PdfReader

from matchplatform.documents import SeatCard, render_seat_cards_docx, render_seat_cards_pdf
from matchplatform.documents.cards import FACE_HEIGHT, TEXT_WIDTH, _lay_out
from matchplatform.documents.words import chinese_width
from tests.documents.samples import pages_of, words_of

CARDS = [
    SeatCard("燕山公益基金会", "张三", "理事长", "1 排 3 座"),
    SeatCard("海河志愿服务联合会", "欧阳明月", "副会长兼秘书长"),
    SeatCard("太行社会工作发展中心"),
]
LONG = SeatCard("某某省某某市某某县某某镇某某村" * 3 + "发展基金会", "Alexander Hamilton", "代表")


class TestCards:
    def test_two_stand_on_a_sheet(self) -> None:
        pages = pages_of(render_seat_cards_pdf(CARDS))
        assert len(pages) == 2
        assert "欧阳明月" in pages[0]
        assert "太行社会工作发展中心" in "".join(pages[1].split())

    @pytest.mark.parametrize("count", [1, 2, 4, 9])
    def test_there_are_never_empty_sheets(self, count: int) -> None:
        reader = PdfReader(io.BytesIO(render_seat_cards_pdf(CARDS[:1] * count)))
        assert len(reader.pages) == (count + 1) // 2

    def test_each_card_has_its_words_twice(self) -> None:
        page = pages_of(render_seat_cards_pdf(CARDS[:1]))[0]
        for words in ("张三", "燕山公益基金会", "理事长", "1排3座"):
            assert page.count(words) == 2
        card = words_of(made := render_seat_cards_docx(CARDS[:1]))
        assert "张　三" in card
        drawn = docx.Document(io.BytesIO(made)).element.body.xml
        assert 'string="张　三"' in drawn
        assert "rotation:180" in drawn

    def test_a_card_without_a_name_is_the_organisations(self) -> None:
        (card,) = _lay_out([SeatCard("太行社会工作发展中心")])
        assert "".join(line.text for line in card.upright) == "太行社会工作发展中心"
        assert all(line.strong for line in card.upright)

    @pytest.mark.parametrize("card", [*CARDS, LONG, SeatCard(LONG.unit)])
    def test_the_words_fit(self, card: SeatCard) -> None:
        (laid,) = _lay_out([card])
        assert all(chinese_width(line.text) * line.size <= TEXT_WIDTH for line in laid.upright)
        assert sum(line.size * 1.25 for line in laid.upright) <= FACE_HEIGHT
        assert all(art.top >= 0 and art.top + art.height <= FACE_HEIGHT for art in laid.turned)

    def test_the_second_card_of_a_sheet_is_drawn_on_its_lower_half(self) -> None:
        first, second, third = _lay_out(CARDS)
        assert first.turned[0].top < FACE_HEIGHT < second.turned[0].top
        assert third.turned[0].top < FACE_HEIGHT

    def test_the_same_cards_make_the_same_file(self) -> None:
        assert render_seat_cards_pdf(CARDS) == render_seat_cards_pdf(CARDS)
        assert render_seat_cards_docx(CARDS) == render_seat_cards_docx(CARDS)
