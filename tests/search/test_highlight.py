"""Hits are shown in the text's own spelling."""

import random

import pytest

from matchplatform.search import highlight


class TestHighlight:
    @pytest.mark.parametrize(
        ("text", "terms", "marked"),
        [
            ("黑崖沟村饮水", ["黑崖沟", "饮水"], "[黑崖沟]村[饮水]"),
            ("共６０吨ＡＢＣ", ["60吨", "abc"], "共[６０吨ＡＢＣ]"),
            ("共100㎡地", ["m2", "100m"], "共[100㎡]地"),
            ("光光光", ["光光"], "[光光光]"),
            ("编号130722-047。", ["130722-047"], "编号[130722-047]。"),
            ("编号130722－047。", ["130722-047"], "编号[130722－047]。"),
            ("cafe\u0301 好", ["café"], "[cafe\u0301] 好"),
            ("黑\u200b崖沟", ["黑崖沟"], "[黑\u200b崖沟]"),
            ("<b>水</b>", ["水", "b"], "<[b]>[水]</[b]>"),
            ("水", [], "水"),
            ("水", ["", "，", "火"], "水"),
            ("", ["水"], ""),
        ],
    )
    def test_it_marks_each_term(self, text: str, terms: list[str], marked: str) -> None:
        pieces = highlight(text, terms)
        assert "".join(f"[{piece}]" if hit else piece for piece, hit in pieces) == marked

    def test_it_loses_no_character(self) -> None:
        dice = random.Random(11)
        alphabet = "黑崖沟水６0kＫ+.-：　 \n\u200b\u0301é㎡½İ"
        for _ in range(2000):
            text = "".join(dice.choices(alphabet, k=30))
            pieces = highlight(text, [*dice.choices(alphabet, k=2), text[5:8]])
            assert "".join(piece for piece, _ in pieces) == text
            assert all(piece for piece, _ in pieces)


class TestSnippet:
    def test_it_shows_the_densest_hits(self) -> None:
        text = "水" + "地" * 100 + "饮水和热水" + "山" * 100
        pieces = highlight(text, ["水"], width=20)
        shown = "".join(piece for piece, _ in pieces)
        assert "饮水和热水" in shown
        assert shown.startswith("…")
        assert shown.endswith("…")
        assert len(shown) == 22

    def test_it_leaves_a_short_text_whole(self) -> None:
        assert highlight("黑崖沟饮水", ["水"], width=5) == [("黑崖沟饮", False), ("水", True)]

    def test_it_begins_at_the_beginning_without_hits(self) -> None:
        assert highlight("甲乙丙丁戊", ["水"], width=3) == [("甲乙丙…", False)]

    def test_it_cuts_a_hit_longer_than_the_window(self) -> None:
        assert highlight("甲水水水水乙", ["水水水水"], width=2) == [
            ("…", False),
            ("水水", True),
            ("…", False),
        ]

    def test_it_never_shows_more_than_the_width(self) -> None:
        dice = random.Random(5)
        for _ in range(500):
            text = "".join(dice.choices("水火山石", k=dice.randint(0, 60)))
            width = dice.randint(0, 40)
            pieces = highlight(text, ["水火"], width=width)
            assert len("".join(piece for piece, _ in pieces).replace("…", "")) <= width
