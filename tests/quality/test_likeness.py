"""The same need in other words, at another level, in another batch."""

from dataclasses import replace
from decimal import Decimal

from matchplatform.quality.likeness import LikenessIndex, OtherNeed, likely_duplicates
from matchplatform.quality.needs import LineText
from tests.quality.making import PLAIN, RAILING, need

PUMP = need(
    name="灰窑村两口机井换泵",
    place="灰窑村",
    scope_text="去年水位又降了十一米，两口井的泵够不着水，换两台两百米扬程的深井泵，每台1.86万元。",
    outcome_target="五月底前装好，天天有水。",
    lines=(LineText("goods", "深井泵", Decimal(2), "台", Decimal(18600), Decimal(1)),),
)
AGAIN = need(
    name="西合营镇农村公路安全护栏",
    place="西合营镇北坡村",
    scope_text="镇里的北坡村出村路临沟，雨天有三轮车滑下去过。计划安装护栏300米，每米160元，村民负责挖立柱的坑。",
)
ELSEWHERE = replace(
    PLAIN,
    place="石门村",
    region_code="130825",
    name="石门村的护栏",
    lines=(replace(RAILING, quantity=Decimal(900)),),
)


class TestLikelyDuplicates:
    others = (OtherNeed(1, PLAIN), OtherNeed(2, PUMP), OtherNeed(3, ELSEWHERE, is_open=False))

    def test_it_finds_the_same_need_told_by_the_township(self) -> None:
        first = likely_duplicates(AGAIN, self.others, 1)[0]
        assert first.id == 1
        assert first.same_place
        assert first.same_lines
        assert "护栏" in "".join(first.in_common)
        assert 0.5 <= first.score <= 1

    def test_another_thing_in_the_county_is_not_the_same(self) -> None:
        assert 2 not in {like.id for like in likely_duplicates(AGAIN, self.others, 5)}

    def test_it_leaves_itself_out(self) -> None:
        assert 1 not in {like.id for like in likely_duplicates(PLAIN, self.others, 5, without=1)}

    def test_it_says_which_are_closed(self) -> None:
        likes = {like.id: like for like in likely_duplicates(ELSEWHERE, self.others, 5)}
        assert not likes[3].is_open

    def test_a_fitted_index_answers_the_same(self) -> None:
        index = LikenessIndex(self.others)
        assert likely_duplicates(AGAIN, index, 5) == likely_duplicates(AGAIN, self.others, 5)

    def test_nothing_is_like_nothing(self) -> None:
        assert likely_duplicates(PLAIN, (), 5) == []
