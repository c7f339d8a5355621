"""Names are found by their pinyin and initials, after everything that holds the letters."""

import pytest

from matchplatform.search import SearchDoc, SearchIndex, highlight, parse_query
from matchplatform.search.sound import Spoken, join_syllables, make_sound, readings, syllables


def _doc(id_: int, title: str, place: str = "", region: str = "", text: str = "") -> SearchDoc:
    return SearchDoc(id_, "", title, place, region, text, "")


@pytest.fixture
def counties(index: SearchIndex) -> SearchIndex:
    index.rebuild(
        [
            _doc(1, "寄宿小学淋浴间", "德胜村", "张家口市 张北县 张北"),
            _doc(2, "窗花车间", "西关堡村", "张家口市 蔚县 蔚"),
            _doc(3, "拍片机和彩超", "", "保定市 望都县 望都"),
            _doc(4, "Zhangbei LED 路灯", "", "保定市 阜平县 阜平"),
            _doc(5, "寻找西安来的先生", "", "保定市 曲阳县 曲阳", "张北的马铃薯。"),
        ]
    )
    return index


def _found(index: SearchIndex, typed: str) -> list[int]:
    return [hit.id for hit in index.find(parse_query(typed), 10)]


class TestFind:
    @pytest.mark.parametrize(
        ("typed", "ids"),
        [
            ("yuxian", [2]),
            ("YuXian", [2]),
            ("yu xian", [2]),
            ("ｙｕｘｉａｎ", [2]),
            ("wangdu", [3]),
            ("quyang", [5]),
            ("jisuxiaoxue", [1]),
            ("deshengcun", [1]),
            ("jsxx", [1]),
            ("wd", [3]),
            ("engcun", []),
            ("eshengcun", []),
            ("deshengcu", []),
            ("z", [4]),
            ("malingshu", []),
        ],
    )
    def test_it_goes_by_whole_syllables_of_names(
        self, counties: SearchIndex, typed: str, ids: list[int]
    ) -> None:
        assert _found(counties, typed) == ids

    def test_what_holds_the_letters_comes_first(self, counties: SearchIndex) -> None:
        assert _found(counties, "zhangbei") == [4, 1]
        assert _found(counties, "zb")[0] == 1

    def test_syllables_typed_apart_stand_beside_each_other(self, counties: SearchIndex) -> None:
        assert _found(counties, "xi an") == [5]
        assert _found(counties, "zhang bei") == [4, 1]
        assert _found(counties, "sheng de") == []

    def test_it_goes_together_with_characters(self, counties: SearchIndex) -> None:
        assert _found(counties, "zhangbei 淋浴") == [1]
        assert _found(counties, "zhangbei 窗花") == []

    def test_a_project_taken_out_is_not_heard_of(self, counties: SearchIndex) -> None:
        counties.drop(2)
        assert _found(counties, "yuxian") == []
        counties.put(_doc(6, "剪纸", "", "张家口市 蔚县 蔚"))
        assert _found(counties, "yuxian") == [6]


class TestReadings:
    @pytest.mark.parametrize(
        ("name", "said"),
        [
            ("蔚县", "yu xian"),
            ("蔚蓝", "wei lan"),
            ("涿鹿县", "zhuo lu xian"),
            ("涞水", "lai shui"),
            ("滦平", "luan ping"),
            ("曲阳", "qu yang"),
            ("尚义", "shang yi"),
            ("沽源", "gu yuan"),
            ("阳原", "yang yuan"),
            ("行唐", "xing tang"),
            ("望都", "wang du"),
            ("重建", "chong jian"),
            ("音乐", "yin yue"),
        ],
    )
    def test_it_reads_names_as_their_people_do(self, name: str, said: str) -> None:
        assert " ".join(syllables(name)) == said

    def test_there_is_one_for_each_character(self) -> None:
        for text in ("", "k1+2路 光", "𠮷田㐀", "60吨"):
            assert len(syllables(text)) == len(text)
            make_sound(text, bytes(len(text) + 1))

    def test_a_run_may_be_read_in_several_ways_but_not_in_thousands(self) -> None:
        assert "zhangbei" in readings("章北")
        assert len(readings("行行行行行行行行")) <= 9

    def test_syllables_join_and_words_do_not(self) -> None:
        assert join_syllables(["zhang", "bei", "led", "xian"]) == ["zhang bei", "led", "xian"]
        assert Spoken.of("张北") is None
        assert Spoken.of("k1") is None


class TestHighlight:
    def test_it_marks_what_sounds_like_the_term(self) -> None:
        pieces = highlight("东水泉寄宿小学越冬", ["jisuxiaoxue"], by_sound=True)
        assert pieces == [("东水泉", False), ("寄宿小学", True), ("越冬", False)]

    def test_only_when_asked_and_only_whole_syllables(self) -> None:
        assert highlight("张北", ["zhangbei"]) == [("张北", False)]
        assert highlight("张北", ["hangbei"], by_sound=True) == [("张北", False)]


class TestTraditional:
    def test_both_sides_are_folded_and_what_stands_is_kept(self, counties: SearchIndex) -> None:
        counties.put(_doc(7, "張北縣熱水"))
        assert _found(counties, "張北") == _found(counties, "张北")
        assert 7 in _found(counties, "热水")
        assert highlight("張北縣熱水", ["张北", "热水"]) == [
            ("張北", True),
            ("縣", False),
            ("熱水", True),
        ]


class TestCorrect:
    @pytest.mark.parametrize(
        ("typed", "meant"),
        [
            ("章北", "张北"),
            ("埠平", "阜平"),
            ("章北 淋浴", "张北 淋浴"),
            ("zhangbie", "张北"),
            ("qvyang", "曲阳"),
            ("yuxia", "蔚县"),
        ],
    )
    def test_it_offers_what_sounds_or_looks_the_same(
        self, counties: SearchIndex, typed: str, meant: str
    ) -> None:
        assert meant in counties.correct(parse_query(typed))

    def test_it_offers_only_what_finds_something(self, counties: SearchIndex) -> None:
        assert counties.correct(parse_query("章北 窗花")) == []

    def test_it_offers_nothing_for_what_is_there(self, counties: SearchIndex) -> None:
        assert counties.correct(["张北"]) == []
        assert counties.correct([]) == []

    def test_no_more_than_three(self, seed_index: SearchIndex) -> None:
        assert len(seed_index.correct(["卫生员"])) <= 3


class TestComplete:
    @pytest.mark.parametrize(
        "typed", ["寄宿", "jisux", "jsxx", "德胜", "desheng", "寄宿小学淋浴间"]
    )
    def test_a_beginning_is_enough(self, counties: SearchIndex, typed: str) -> None:
        assert 1 in counties.complete(typed, 5)

    def test_a_title_that_begins_so_comes_first(self, counties: SearchIndex) -> None:
        counties.put(_doc(8, "中心小学的寄宿生"))
        assert counties.complete("寄宿", 5) == [1, 8]
        assert counties.complete("寄宿", 1) == [1]

    @pytest.mark.parametrize("typed", ["", "。", "县城没有的"])
    def test_nothing_to_go_on_gives_nothing(self, counties: SearchIndex, typed: str) -> None:
        assert counties.complete(typed, 5) == []
