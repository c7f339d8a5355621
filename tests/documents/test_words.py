"""How text and numbers are written on paper."""

from decimal import Decimal

import pytest

from matchplatform.documents.words import (
    clean,
    groups,
    lines,
    ordinal,
    quantity,
    shortened,
    title_lines,
    yuan,
)


class TestWords:
    @pytest.mark.parametrize(
        ("number", "words"),
        [
            (1, "一"),
            (10, "十"),
            (12, "十二"),
            (20, "二十"),
            (35, "三十五"),
            (100, "一百"),
            (103, "一百零三"),
            (110, "一百一十"),
            (999, "九百九十九"),
        ],
    )
    def test_articles_are_counted_in_chinese(self, number: int, words: str) -> None:
        assert ordinal(number) == words

    def test_amounts_have_two_decimals_and_words_stay_words(self) -> None:
        assert yuan(Decimal("1234567.5")) == "1,234,567.50"
        assert yuan("面议") == "面议"
        assert yuan(None) == ""
        assert quantity(Decimal("1200.500")) == "1,200.5"
        assert quantity(None) == ""

    def test_a_hash_is_parted_for_people(self) -> None:
        assert groups("0123456789abcdef" * 4).split("\n") == [
            "01234567 89abcdef 01234567 89abcdef",
            "01234567 89abcdef 01234567 89abcdef",
        ]

    def test_what_cannot_be_seen_is_dropped_and_every_line_end_is_one(self) -> None:
        assert clean("a\x00\u202eb\r\nc\u2028d\te") == "ab\nc\nd e"
        assert lines(" 一 \n\n 二 ") == ["一", "二"]

    def test_a_long_title_is_parted_between_words(self) -> None:
        title = "京津冀社会组织帮扶项目认领协议补充协议（一）"
        first, second = title_lines(title).split("\n")
        assert first + second == title
        assert not second.startswith(("）", "，"))
        assert abs(len(first) - len(second)) <= 4
        assert title_lines("认领协议") == "认领协议"

    def test_a_running_head_is_short(self) -> None:
        assert shortened("协议") == "协议"
        assert shortened("长" * 100) == "长" * 25 + "…"
