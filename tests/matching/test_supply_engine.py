"""Offers beside open lines, without a database."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import permutations

import pytest

from matchplatform.matching import supply_weights as weights
from matchplatform.matching.fits import Fit, FitCaution, FitPart, LineText, OfferText
from matchplatform.matching.names import NameSpace, head_of, shared_of
from matchplatform.matching.supply_engine import SupplyMatcher
from matchplatform.matching.supply_weights import FitGrade, grade_of

TODAY = date(2026, 11, 23)
LATER = TODAY + timedelta(days=60)
ZHANGBEI, KANGBAO, FUPING = "130722", "130723", "130624"


def line(id_: int, kind: str, item: str, gap: str, unit: str, **more: object) -> LineText:
    base = LineText(
        id=id_,
        project_id=int(str(more.pop("project", id_))),
        number=f"{ZHANGBEI}-{id_:03d}",
        title="村里的一件事",
        kind=kind,
        item=item,
        unit=unit,
        gap=Decimal(gap),
        least=Decimal(1),
        sector="care",
        region_code=ZHANGBEI,
        unit_price=Decimal(10),
        deadline=LATER,
    )
    return replace(base, **more)  # type: ignore[arg-type]


LINES = [
    line(1, "goods", "轮椅", "8", "辆", title="残疾人辅具适配"),
    line(2, "goods", "护理床", "20", "张"),
    line(3, "goods", "台式电脑", "30", "台", sector="education"),
    line(4, "goods", "护理型轮椅（可折叠）", "40", "辆", region_code=FUPING),
    line(5, "goods", "制氧机", "5", "台", sector="health"),
    line(6, "goods", "冬季被褥三件套", "240", "套", sector="education"),
    line(7, "purchase", "红富士苹果", "5000", "公斤", sector="consumption"),
    line(8, "purchase", "新黄小米", "8300", "公斤", sector="consumption", unit_price=Decimal(8)),
    line(9, "service", "苹果树修剪师傅", "60", "人·天", sector="industry"),
    line(10, "money", "热水改造款", "100000", "元", unit_price=Decimal(1)),
    line(11, "money", "助学款", "30000", "元", unit_price=Decimal(1), sector="education"),
    line(12, "jobs", "缝纫工", "20", "名", unit_price=None, sector="employment"),
    line(13, "goods", "学生笔记本", "600", "册", sector="education"),
    line(14, "goods", "轮椅坡道扶手", "12", "套", sector="housing_water"),
    line(15, "service", "驻校社会工作者", "300", "人·天", sector="education"),
    line(16, "goods", "棉被", "100", "床"),
    line(17, "purchase", "土豆", "370", "吨", sector="consumption", unit_price=Decimal(1200)),
    line(18, "goods", "绘本", "2000", "册", sector="education", title="山里的图书室"),
]
MATCHER = SupplyMatcher(LINES)
WHEELCHAIRS = OfferText(
    id=1, kind="goods", item="轮椅", quantity=Decimal(10), unit="辆", valid_until=LATER
)
STRONG, FAIR, POSSIBLE = FitGrade.STRONG, FitGrade.FAIR, FitGrade.POSSIBLE


def offer(kind: str, item: str, quantity: str, unit: str, **more: object) -> OfferText:
    base = replace(WHEELCHAIRS, kind=kind, item=item, quantity=Decimal(quantity), unit=unit)
    return replace(base, **more)  # type: ignore[arg-type]


def fit_with(given: OfferText, line_id: int, matcher: SupplyMatcher = MATCHER) -> Fit | None:
    return next((fit for fit in matcher.fits_of(given, TODAY) if fit.line.id == line_id), None)


def points(fit: Fit, name: FitPart) -> Decimal:
    return next(part.points for part in fit.parts if part.name is name)


class TestPairs:
    @pytest.mark.parametrize(
        ("given", "line_id", "grade"),
        [
            (offer("goods", "轮椅", "10", "辆"), 1, STRONG),
            (offer("goods", "轮椅", "10", "辆"), 4, STRONG),
            (offer("goods", "轮椅", "10", "辆"), 2, None),
            (offer("goods", "轮椅", "10", "辆"), 3, None),
            (offer("goods", "手动轮椅", "10", "辆"), 1, STRONG),
            (offer("goods", "护理床", "10", "张"), 2, STRONG),
            (offer("goods", "护理床", "10", "张"), 5, None),
            (offer("goods", "医用制氧机", "3", "台"), 5, STRONG),
            (offer("goods", "打印机", "3", "台"), 5, None),
            (offer("goods", "电脑", "50", "台"), 3, STRONG),
            (offer("goods", "笔记本电脑", "50", "台"), 3, STRONG),
            (offer("goods", "笔记本电脑", "50", "台"), 13, POSSIBLE),
            (offer("goods", "被褥", "300", "套"), 6, STRONG),
            (offer("goods", "棉被", "100", "床"), 16, STRONG),
            (offer("goods", "棉被", "100", "床"), 13, None),
            (offer("purchase", "苹果", "3", "吨"), 7, STRONG),
            (offer("purchase", "苹果", "6000", "斤"), 7, STRONG),
            (offer("purchase", "苹果", "3", "吨"), 9, None),
            (offer("purchase", "小米", "10", "吨"), 8, STRONG),
            (offer("goods", "小米手机", "10", "部"), 8, None),
            (offer("purchase", "土豆", "457000", "公斤"), 17, STRONG),
            (offer("money", "助学金", "30000", "元"), 11, STRONG),
            (offer("money", "资金", "50000", "元"), 10, FAIR),
            (offer("money", "资金", "50000", "元"), 6, None),
            (offer("jobs", "缝纫工", "20", "名"), 12, STRONG),
            (offer("jobs", "护理员岗位", "20", "名"), 12, None),
            (offer("service", "社会工作者", "30", "人天"), 15, STRONG),
            (offer("goods", "儿童绘本", "2000", "册"), 18, STRONG),
            (offer("goods", "图书", "2000", "册"), 18, POSSIBLE),
        ],
        ids=lambda value: getattr(value, "item", str(value)),
    )
    def test_each_is_as_good_as_a_person_would_say(
        self, given: OfferText, line_id: int, grade: FitGrade | None
    ) -> None:
        fit = fit_with(given, line_id)
        assert (grade_of(fit.score) if fit else None) == grade, fit

    def test_the_same_thing_comes_before_its_kin(self) -> None:
        order = [fit.line.id for fit in MATCHER.fits_of(WHEELCHAIRS, TODAY)]
        assert order[0] == 1
        assert order.index(4) < order.index(14)


class TestScore:
    def test_parts_add_up_and_stay_in_bounds(self) -> None:
        for asked in LINES:
            given = offer(asked.kind, asked.item, "3", asked.unit)
            for fit in MATCHER.fits_of(given, TODAY):
                assert sum(part.points for part in fit.parts) == fit.score
                assert all(0 <= part.points <= part.most for part in fit.parts)
                assert 0 <= fit.score <= 100
                assert fit.score == fit.score.quantize(Decimal("0.1"))

    def test_the_weights_sum_to_a_hundred(self) -> None:
        parts = (
            weights.ITEM, weights.TITLE, weights.AMOUNT, weights.SECTOR, weights.PLACE, weights.TIME
        )  # fmt: skip
        assert sum(parts) == 100

    def test_the_order_of_the_lines_changes_nothing(self) -> None:
        few = LINES[:4]
        expected = SupplyMatcher(few).fits_of(WHEELCHAIRS, TODAY)
        for shuffled in permutations(few):
            assert SupplyMatcher(shuffled).fits_of(WHEELCHAIRS, TODAY) == expected

    def test_equal_scores_go_by_number(self) -> None:
        twins = [replace(LINES[0], id=key, number=f"x-{key}") for key in (31, 30)]
        found = SupplyMatcher(twins).fits_of(WHEELCHAIRS, TODAY)
        assert [fit.line.id for fit in found] == [30, 31]

    def test_new_gaps_need_no_new_model(self) -> None:
        less = [replace(each, gap=Decimal(1)) for each in LINES]
        fit = fit_with(WHEELCHAIRS, 4, MATCHER.with_lines(less))
        assert fit is not None
        assert fit.covers_all
        assert not fit_with(WHEELCHAIRS, 4).covers_all  # type: ignore[union-attr]

    def test_a_closed_gap_is_not_listed(self) -> None:
        full = [replace(each, gap=Decimal(0)) for each in LINES]
        assert MATCHER.with_lines(full).fits_of(WHEELCHAIRS, TODAY) == []

    def test_only_the_projects_asked_for(self) -> None:
        found = MATCHER.fits_of(WHEELCHAIRS, TODAY, 4)
        assert [fit.line.id for fit in found] == [4]

    def test_an_empty_country_has_nothing(self) -> None:
        assert SupplyMatcher([]).fits_of(WHEELCHAIRS, TODAY) == []


class TestAmount:
    def test_all_part_and_too_little_for_a_lot(self) -> None:
        whole = fit_with(WHEELCHAIRS, 1)
        part = fit_with(WHEELCHAIRS, 4)
        assert whole is not None
        assert part is not None
        assert points(whole, FitPart.AMOUNT) == weights.AMOUNT
        assert points(part, FitPart.AMOUNT) == Decimal("7.5")
        lots = SupplyMatcher([replace(LINES[3], least=Decimal(20))])
        fit = fit_with(WHEELCHAIRS, 4, lots)
        assert fit is not None
        assert points(fit, FitPart.AMOUNT) == 0
        assert fit.cautions == (FitCaution.BELOW_LOT,)

    def test_tons_and_kilograms_are_compared_exactly(self) -> None:
        fit = fit_with(offer("purchase", "苹果", "4.999", "吨"), 7)
        assert fit is not None
        assert fit.offered == Decimal("4999")
        assert not fit.covers_all
        assert fit_with(offer("purchase", "苹果", "5", "吨"), 7).covers_all  # type: ignore[union-attr]

    def test_another_unit_is_listed_lower_with_a_caution(self) -> None:
        same = fit_with(offer("purchase", "苹果", "3", "吨"), 7)
        boxes = fit_with(offer("purchase", "苹果", "300", "箱"), 7)
        assert same is not None
        assert boxes is not None
        assert boxes.score < same.score
        assert boxes.cautions == (FitCaution.OTHER_UNIT,)
        assert boxes.offered is None

    def test_a_price_is_compared_in_the_same_unit(self) -> None:
        low = fit_with(offer("purchase", "小米", "2", "吨", unit_price=Decimal(7000)), 8)
        fair = fit_with(offer("purchase", "小米", "2", "吨", unit_price=Decimal(8000)), 8)
        assert low is not None
        assert fair is not None
        assert low.price == 7
        assert FitCaution.LOW_PRICE in low.cautions
        assert FitCaution.LOW_PRICE not in fair.cautions

    def test_what_goods_are_worth_is_no_bid(self) -> None:
        cheap = fit_with(offer("goods", "轮椅", "10", "辆", unit_price=Decimal(1)), 1)
        assert cheap is not None
        assert cheap.cautions == ()


class TestReach:
    def test_sector_and_place_count_where_they_were_named(self) -> None:
        named = {
            "sectors": frozenset({"education"}),
            "regions": frozenset({ZHANGBEI, "130600"}),
        }
        given = offer("goods", "轮椅", "10", "辆", **named)
        here, there = fit_with(given, 1), fit_with(given, 4)
        assert here is not None
        assert there is not None
        assert points(here, FitPart.PLACE) == points(there, FitPart.PLACE) == weights.PLACE
        assert points(here, FitPart.SECTOR) == 0
        assert here.cautions == (FitCaution.OTHER_SECTOR,)

    def test_a_neighbour_in_the_same_city_counts_a_little(self) -> None:
        given = offer("goods", "轮椅", "10", "辆", regions=frozenset({KANGBAO}))
        near, far = fit_with(given, 1), fit_with(given, 4)
        assert near is not None
        assert far is not None
        assert points(near, FitPart.PLACE) == weights.SAME_CITY
        assert points(far, FitPart.PLACE) == 0
        assert FitCaution.OTHER_PLACE in near.cautions

    def test_days_are_those_of_both(self) -> None:
        soon = offer("goods", "轮椅", "10", "辆", valid_until=TODAY + timedelta(days=3))
        fit = fit_with(soon, 1)
        assert fit is not None
        assert fit.days == 3
        assert fit.cautions == (FitCaution.SHORT_TIME,)
        assert points(fit, FitPart.TIME) < weights.TIME


class TestNames:
    @pytest.mark.parametrize(
        ("name", "head"),
        [
            ("护理型轮椅（可折叠）", "轮椅"),
            ("小型助浴车，含折叠浴槽", "浴车"),
            ("DR 机", "r机"),
            ("缝纫工岗位", "纫工"),
            ("助学款", "助学"),
            ("资金", ""),
            ("书", "书"),
            ("（）", ""),
        ],
    )
    def test_a_head_is_what_the_name_is_about(self, name: str, head: str) -> None:
        assert head_of(name) == head

    def test_shared_pieces_are_the_longest(self) -> None:
        assert shared_of("护理型轮椅", "折叠轮椅") == ("轮椅",)
        assert shared_of("棉被", "被褥") == ("被",)
        assert shared_of("钢琴", "土豆") == ()

    def test_some_rows_alone_are_judged_alike(self) -> None:
        space = NameSpace([each.item for each in LINES])
        for name in ("轮椅", "笔记本电脑", "棉被"):
            whole = space.alike(name)
            for row in range(len(LINES)):
                expected = {row: whole[row]} if row in whole else {}
                assert space.alike(name, [row]) == expected

    def test_likeness_is_the_same_from_both_sides(self) -> None:
        names = [each.item for each in LINES]
        space = NameSpace(names)
        for row, name in enumerate(names):
            alike = space.alike(name)
            assert alike[row] == pytest.approx(1.0)
            assert all(0 < value <= 1.000001 for value in alike.values())
