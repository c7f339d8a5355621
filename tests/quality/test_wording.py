"""Luxury, brands, vagueness, placeholders, length, outcome, copies, shouting."""

import pytest

from matchplatform.quality.needs import LineText, RuleName, Severity
from tests.quality.making import PLAIN, found, line, need, said, stopped


class TestWords:
    @pytest.mark.parametrize(
        "words", ["另盖一栋别墅。", "接待用茅台十瓶。", "配真皮沙发。", "买奔驰商务车一辆。"]
    )
    def test_it_stops_luxury(self, words: str) -> None:
        assert RuleName.LUXURY in stopped(said(words))

    def test_it_hears_a_no(self) -> None:
        assert RuleName.LUXURY not in found(said("不盖别墅，不要豪华装修。"))

    @pytest.mark.parametrize("item", ["华为平板", "苹果电脑", "格力空调", "小米电视"])
    def test_it_stops_a_line_that_asks_for_a_brand(self, item: str) -> None:
        assert RuleName.BRAND in stopped(line(item=item))

    @pytest.mark.parametrize(
        "item",
        ["舒华T5100跑步机", "电动三轮车（金彭）", "凤凰自行车", "TCL电视", "KD-800型打印机"],
    )
    def test_it_stops_a_make_or_a_model_beside_a_thing(self, item: str) -> None:
        assert RuleName.BRAND in stopped(line(item=item))

    @pytest.mark.parametrize(
        "words",
        [
            "跑步机指定舒华，别的用不惯。",
            "拖拉机和邻村同一个牌子。",
            "三轮车只认沁泉的。",
            "型号为SWT-650。",
        ],
    )
    def test_it_stops_who_asks_for_one_make_alone(self, words: str) -> None:
        assert RuleName.BRAND in stopped(said(words))

    @pytest.mark.parametrize(
        "item", ["PE管De110", "永久界桩", "胜利村路牌", "Q235钢管", "丰收节帐篷"]
    )
    def test_measures_and_plain_words_are_no_makes(self, item: str) -> None:
        assert RuleName.BRAND not in found(line(item=item))

    @pytest.mark.parametrize("item", ["苹果树苗", "小米加工机", "护栏（联想得到的规格）"])
    def test_fruit_and_grain_are_no_brands(self, item: str) -> None:
        assert RuleName.BRAND not in found(line(item=item))

    def test_a_brand_in_the_text_is_only_asked_about(self) -> None:
        finding = found(said("现有的联想电脑坏了。"))[RuleName.BRAND]
        assert finding.severity is Severity.WARNING

    def test_produce_may_bear_a_name(self) -> None:
        beans = LineText("purchase", "三元牌绿豆", PLAIN.lines[0].quantity, "公斤", None)
        assert RuleName.BRAND not in found(need(lines=(beans,)))

    @pytest.mark.parametrize("item", ["物资", "各类生活用品", "设备一批", "资金", "相关设备"])
    def test_it_stops_a_line_that_names_nothing(self, item: str) -> None:
        assert RuleName.VAGUE in stopped(line(item=item))

    @pytest.mark.parametrize("words", ["分两批装完，第一批在村东。", "若干年前修过一次。"])
    def test_batches_and_years_are_not_vague(self, words: str) -> None:
        assert RuleName.VAGUE not in found(said(words))

    @pytest.mark.parametrize(
        "text", ["测试", "xxxxxx", "111", "待补充", "asdf", "此处填写实施内容"]
    )
    def test_it_stops_placeholders(self, text: str) -> None:
        assert RuleName.PLACEHOLDER in stopped(need(outcome_target=text))

    def test_a_tester_is_a_thing(self) -> None:
        assert RuleName.PLACEHOLDER not in found(line(item="血糖测试仪"))

    def test_it_stops_what_nobody_could_judge(self) -> None:
        assert RuleName.TOO_SHORT in stopped(need(scope_text="装护栏。"))

    @pytest.mark.parametrize("target", ["", "提升群众的幸福感和获得感。", "效果良好，群众满意。"])
    def test_it_stops_an_outcome_that_nobody_could_check(self, target: str) -> None:
        assert RuleName.NO_OUTCOME in stopped(need(outcome_target=target))

    def test_it_stops_copies(self) -> None:
        assert RuleName.COPIED in stopped(need(scope_text=PLAIN.name))
        assert RuleName.COPIED in stopped(need(outcome_target=PLAIN.scope_text))

    def test_shouting_wants_a_reason(self) -> None:
        finding = found(said("救救我们！！！"))[RuleName.SHOUTING]
        assert finding.severity is Severity.WARNING
