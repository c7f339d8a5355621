"""Nothing a visitor types can hurt."""

import random
import time

import pytest

from matchplatform.search import SearchIndex, highlight, parse_query

HOSTILE = [
    "*", "?", "a*", "*a", "**", "水*", "?水", "[", "]", "[a TO z]", "{a TO z}", "id:1", "gram:水",
    "entry:x", "number:*", "_stored:x", "NOT 水", "水 AND", "OR OR OR", "AND", "(((((((((", ")))))",
    "((水)", '"', '"水', "'", "''; DROP TABLE projects; --", "1' OR '1'='1", "%", "_", "%%%", "\\",
    "\\*", "水~2", "水^9999", "~", "^", "<script>alert(1)</script>", "&lt;b&gt;",
    "{{7*7}}", "${7*7}", "../../etc/passwd", "\x00", "水\x00水", "\ud800", "\udfff\ud800",
    "\ufeff", "\u202e水", "\u200b" * 100, "\u0301" * 100, "\ufdfa" * 100, "水" * 100, "水 " * 100,
    "a" * 1_000_000, " " * 1_000_000, "9" * 100, "-" * 100, "1-1-1-1-1-1-1-1-1-1-1-1", "𠮷" * 100,
    "👨‍👩‍👧‍👦" * 20, "(a+)+$", "İ" * 100,
]  # fmt: skip


class TestHostile:
    def test_there_are_sixty(self) -> None:
        assert len(HOSTILE) >= 60

    @pytest.mark.parametrize("match_any", [False, True])
    def test_hostile_queries_are_answered_at_once(
        self, seed_index: SearchIndex, match_any: bool
    ) -> None:
        for raw in HOSTILE:
            began = time.thread_time()
            for terms in (parse_query(raw), [raw], raw.split()):
                seed_index.find(terms, 1000, match_any=match_any)
                seed_index.loosen(terms)
                highlight("坝头上冻土最深到两米一。" * 30, terms[:10], width=80)
            assert time.thread_time() - began < 1, raw[:40]

    def test_random_queries_are_answered_at_once(self, seed_index: SearchIndex) -> None:
        dice = random.Random(10_000)
        alphabets = [
            "".join(map(chr, range(0x20, 0x7F))),
            "水光村县路小学户的一二三60-. *",
            "".join(chr(dice.randrange(0x110000)) for _ in range(5000)),
        ]
        for turn in range(10_000):
            raw = "".join(dice.choices(alphabets[turn % 3], k=dice.randint(0, 120)))
            began = time.thread_time()
            seed_index.find(parse_query(raw), 1000, match_any=turn % 2 == 0)
            assert time.thread_time() - began < 1, raw
