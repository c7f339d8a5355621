"""What is typed becomes plain terms."""

import random

import pytest

from matchplatform.search import parse_query
from matchplatform.search.normal import normalise, trace


class TestParse:
    @pytest.mark.parametrize(
        ("raw", "terms"),
        [
            ("黑崖沟 饮水", ["黑崖沟", "饮水"]),
            ("　黑崖沟，饮水！", ["黑崖沟", "饮水"]),
            ("小学越冬：热水", ["小学越冬", "热水"]),
            ("ＡＢＣ　６０吨", ["abc", "60吨"]),
            ("130722-047", ["130722-047"]),
            ("１３０７２２－０４７", ["130722-047"]),
            ("-047 a-b 张北-县 60-", ["047", "a", "b", "张北", "县", "60"]),
            ("1.8 公里", ["1", "8", "公里"]),
            ("k1+2", ["k1", "2"]),
            ("水 水 水", ["水"]),
            ("黑\u200b崖\ufeff沟", ["黑崖沟"]),
            ("cafe\u0301 CAFÉ", ["cafe"]),
            ("", []),
            (" \t\n\x00", []),
            ("*?~^\"'()[]{}:;,.!@#$%&/\\|<>=+-_`…—《》", []),
            ("title:水 AND id:[1 TO 9] 水*", ["title", "水", "and", "id", "1", "to", "9"]),
            ("\ud800水\udfff", ["水"]),
            ("𠮷田", ["𠮷田"]),
        ],
    )
    def test_it_splits_at_space_and_punctuation(self, raw: str, terms: list[str]) -> None:
        assert parse_query(raw) == terms

    def test_it_takes_a_hundred_characters(self) -> None:
        assert parse_query("水" * 1_000_000) == ["水" * 100]
        assert sum(map(len, parse_query("\ufdfa" * 100))) <= 100

    def test_it_takes_ten_terms(self) -> None:
        assert parse_query(" ".join("甲乙丙丁戊己庚辛壬癸子丑")) == list("甲乙丙丁戊己庚辛壬癸")

    def test_it_gives_the_same_for_its_own_answer(self) -> None:
        for raw in ("ＡＢＣ，130722-047", "ﬁ ½ ℃ ㎡ İ ẞ Ǆ"):
            terms = parse_query(raw)
            assert parse_query(" ".join(terms)) == terms


class TestNormalise:
    def test_it_is_stable_for_every_character(self) -> None:
        for code in range(0x30000):
            once = normalise(chr(code))
            assert normalise(once) == once
            assert all(char.isalnum() or char == " " for char in once)

    def test_it_keeps_every_run_a_part_of_its_text(self) -> None:
        dice = random.Random(7)
        alphabet = "黑崖沟水60kＫ１＋２.-－—：　 \n\u200b\u0301é㎡½℃①İ\ud800…”"
        for _ in range(3000):
            text = "".join(dice.choices(alphabet, k=20))
            start = dice.randrange(20)
            run = text[start : start + dice.randint(1, 8)]
            assert normalise(run) in normalise(text)

    def test_it_traces_every_character_back(self) -> None:
        text = "１．㎡：é－黑崖沟"
        normal, origins = trace(text)
        assert normal.strip() == normalise(text)
        assert [text[origin] for origin in origins] == list("１．㎡㎡：é－黑崖沟")
