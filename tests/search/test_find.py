"""Any run of neighbouring characters finds its document, and words come first."""

import random
from collections.abc import Callable, Iterator

import pytest

from matchplatform.search import SearchDoc, SearchIndex, parse_query
from matchplatform.search.normal import normalise

Found = Callable[..., list[int]]


def runs_of(text: str, lengths: range) -> Iterator[str]:
    """Yield every run of neighbouring characters."""
    for length in lengths:
        for start in range(len(text) - length + 1):
            yield text[start : start + length]


class TestRecall:
    def test_every_run_of_every_field_finds_its_document(
        self, index: SearchIndex, docs: list[SearchDoc]
    ) -> None:
        for doc in docs:
            for text in (doc.title, doc.place, doc.region, doc.text, doc.extra):
                for run in runs_of(text, range(1, 9)):
                    if terms := parse_query(run):
                        assert doc.id in {hit.id for hit in index.find(terms, 100)}, run

    def test_a_term_may_hold_punctuation(self, index: SearchIndex, docs: list[SearchDoc]) -> None:
        for doc in docs:
            for run in runs_of(doc.text, range(2, 9)):
                if normalise(run):
                    assert doc.id in {hit.id for hit in index.find([run], 100)}, run

    def test_every_run_of_the_seeds_titles_and_places_finds_it(
        self, seed_index: SearchIndex, seeds: list[SearchDoc]
    ) -> None:
        wanted: dict[str, set[int]] = {}
        for doc in seeds:
            for text in (doc.title, doc.place):
                for run in runs_of(text, range(2, 5)):
                    wanted.setdefault(run, set()).add(doc.id)
        for run, ids in wanted.items():
            if terms := parse_query(run):
                assert ids <= {hit.id for hit in seed_index.find(terms, 1000)}, run

    def test_drawn_runs_of_the_seeds_texts_find_it(
        self, seed_index: SearchIndex, seeds: list[SearchDoc]
    ) -> None:
        dice = random.Random(313)
        for _ in range(3000):
            doc = dice.choice(seeds)
            start = dice.randrange(len(doc.text))
            run = doc.text[start : start + dice.randint(1, 8)]
            if terms := parse_query(run):
                assert doc.id in {hit.id for hit in seed_index.find(terms, 1000)}, run

    def test_it_finds_what_reading_every_text_finds(
        self, seed_index: SearchIndex, seeds: list[SearchDoc]
    ) -> None:
        dice = random.Random(31)
        fields = {
            doc.id: [normalise(text) for text in (doc.title, doc.place, doc.region, doc.text)]
            for doc in seeds
        }
        for _ in range(500):
            text = dice.choice(seeds).text
            start = dice.randrange(len(text) - 3)
            terms = ["".join(parse_query(text[start : start + dice.randint(1, 3)])), text[:1]]
            wanted = [term for term in map(normalise, terms) if term]
            read = {
                id_
                for id_, parts in fields.items()
                if all(any(term in part for part in parts) for term in wanted)
            }
            named = {d.id for d in seeds if any(d.number.endswith(term) for term in wanted)}
            assert {hit.id for hit in seed_index.find(terms, 1000)} - named == read - named


class TestMatch:
    def test_all_terms_are_needed(self, found: Found) -> None:
        assert found("黑崖沟", "剪纸") == [5]
        assert found("黑崖沟", "马铃薯") == []

    def test_any_term_is_enough_when_asked(self, index: SearchIndex) -> None:
        hits = index.find(["黑崖沟", "马铃薯", "食堂"], 10, match_any=True)
        assert {hit.id for hit in hits} == {1, 4, 5}

    def test_a_term_does_not_reach_over_two_fields(self, found: Found) -> None:
        assert found("站黑崖沟") == []

    def test_neighbours_must_be_neighbours(self, found: Found) -> None:
        assert found("崖黑") == []
        assert found("龙泉镇") == []
        assert found("210亩") == [1]
        assert found("21亩") == []

    def test_it_gives_no_more_than_the_limit(self, index: SearchIndex) -> None:
        assert [hit.id for hit in index.find(["县"], 2)] == [
            hit.id for hit in index.find(["县"], 9)
        ][:2]
        assert index.find(["县"], 0) == []

    @pytest.mark.parametrize("terms", [[], [""], ["，。"], ["\ud800"], ["\x00"]])
    def test_nothing_to_find_finds_nothing(self, index: SearchIndex, terms: list[str]) -> None:
        assert index.find(terms, 10) == []


class TestRank:
    def test_a_word_comes_before_stray_characters(self, index: SearchIndex) -> None:
        rows = ["光照好，光线足。", "借光", "光伏"]
        index.rebuild(SearchDoc(n, "", row, "", "", "", "") for n, row in enumerate(rows, 1))
        index.put(SearchDoc(4, "", "路灯", "", "", "村里夜里没有 光 。", ""))
        assert index.find(["光"], 10)[0].id == 4

    def test_title_comes_before_place_region_text_and_extra(self, index: SearchIndex) -> None:
        fields = ["extra", "text", "region", "place", "title"]
        blank = dict.fromkeys(fields, "")
        index.rebuild(
            SearchDoc(id=n, number="", **{**blank, field: "种植食用菌"})
            for n, field in enumerate(fields)
        )
        assert [hit.id for hit in index.find(["食用菌"], 10)] == [4, 3, 2, 1, 0]
        assert [hit.id for hit in index.find(["用菌"], 10)] == [4, 3, 2, 1, 0]

    def test_a_place_is_a_word_without_its_kind(self, index: SearchIndex) -> None:
        index.rebuild(
            [
                SearchDoc(1, "", "东沟口坝石", "", "", "", ""),
                SearchDoc(2, "", "", "沟口坝村", "", "", ""),
            ]
        )
        assert index.find(["沟口坝"], 10)[0].id == 2

    @pytest.mark.parametrize(
        "typed", ["130722-047", "１３０７２２-０４７", "722-047", "047", "130722047"]
    )
    def test_a_number_puts_its_project_first(
        self, index: SearchIndex, docs: list[SearchDoc], typed: str
    ) -> None:
        copies = [SearchDoc(n, "130722-500", f"{typed} 047", "", "", typed, "") for n in (8, 9)]
        index.rebuild([*docs, *copies])
        assert index.find(parse_query(typed), 10)[0].id == 3

    def test_a_part_of_the_serial_is_not_a_number(self, found: Found) -> None:
        assert found("47") == []

    def test_equal_ones_come_in_the_order_of_their_ids(self, index: SearchIndex) -> None:
        index.rebuild(SearchDoc(n, "", "同名项目", "", "", "", "") for n in (5, 3, 9, 1))
        assert [hit.id for hit in index.find(["项目"], 10)] == [1, 3, 5, 9]

    def test_more_terms_come_before_fewer(self, index: SearchIndex) -> None:
        hits = index.find(["张北", "热水"], 10, match_any=True)
        assert [hit.id for hit in hits] == [3, 4]


class TestLoosen:
    def test_it_cuts_a_term_into_its_words(self, index: SearchIndex) -> None:
        assert index.loosen(["张北县食用菌"]) == ["张北县", "食用菌"]

    def test_it_keeps_single_characters_only_alone(self, index: SearchIndex) -> None:
        assert index.loosen(["光"]) == ["光"]
        assert index.loosen(["，"]) == []
