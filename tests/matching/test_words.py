"""Cutting texts into words."""

import pytest

from matchplatform.matching.words import STOP_WORDS, words_of


class TestWordsOf:
    def test_domain_terms_stay_whole_with_their_pieces_beside_them(self) -> None:
        assert {"留守儿童", "留守", "儿童"} <= set(words_of("陪伴留守儿童"))

    @pytest.mark.parametrize(
        "text", ["", "，。！", "水", "三十二", "1,200", "12.5%", "一根", "四十位"]
    )
    def test_signs_single_characters_numbers_and_measures_go(self, text: str) -> None:
        assert words_of(text) == []

    def test_stop_words_go(self) -> None:
        assert not set(words_of("通过开展公益项目促进发展")) & STOP_WORDS

    def test_words_that_tell_nothing_apart_go(self) -> None:
        assert words_of("有人从外县搬出，五年里地方有了旺季") == []

    def test_full_width_forms_and_case_are_folded(self) -> None:
        assert words_of("ＰＥ管") == words_of("pe管")

    def test_it_cuts_the_same_way_every_time(self) -> None:
        text = "坝头四十位老人的白内障手术"
        assert words_of(text) == words_of(text)
        assert "白内障" in words_of(text)
