"""What the text counts against what the form counts."""

from decimal import Decimal

import pytest

from matchplatform.quality.needs import LineText, RuleName
from tests.quality.making import found, line, need, said, stopped

BEDS = LineText("goods", "护理床", Decimal(17), "张", Decimal(1850))
WORDS = "敬老院住着失能老人，翻身要人抬，申请护理床17张，每张1850元，装好以后由护理员照看着用。"


class TestQuantities:
    def test_it_lets_the_same_number_through(self) -> None:
        assert not stopped(need(scope_text=WORDS, lines=(BEDS,)))

    def test_it_stops_another_number_beside_the_name(self) -> None:
        many = LineText("goods", "护理床", Decimal(26), "张", Decimal(1850))
        assert RuleName.QUANTITY_SAID in stopped(need(scope_text=WORDS, lines=(many,)))

    def test_it_asks_nothing_of_what_there_is_already(self) -> None:
        owned = WORDS.replace("申请护理床17张", "现有护理床9张，都已经锈了")
        assert RuleName.QUANTITY_SAID not in stopped(need(scope_text=owned, lines=(BEDS,)))

    def test_it_stops_another_measure_of_the_same_number(self) -> None:
        stone = LineText("goods", "浆砌石护坡", Decimal(320), "平方米", Decimal(380))
        beside = "河岸塌方。拟砌浆砌石护坡320立方米，挡住村东的河水，沟由村民自己挖，料从外面运。"
        apart = "河岸塌方，量下来要护320立方米，挡住村东的河水，沟由村民自己挖，料从外面运进来。"
        for words in (beside, apart):
            assert RuleName.QUANTITY_SAID in stopped(need(scope_text=words, lines=(stone,)))

    def test_a_length_may_stand_beside_an_area(self) -> None:
        paved = LineText("goods", "透水砖", Decimal(600), "平方米", Decimal(60))
        words = (
            "巷道长300米，宽2米，雨天都是泥，老人出不了门。想铺透水砖600平方米，路基村民自己整。"
        )
        assert not stopped(need(scope_text=words, lines=(paved,)))

    def test_it_stops_a_small_building_on_fields_of_ground(self) -> None:
        assert RuleName.QUANTITY_SENSE in stopped(said("另建公厕一座，占地4亩。"))
        assert RuleName.QUANTITY_SENSE not in found(said("学校占地4亩，厕所一座。"))


class TestPrices:
    def test_it_knows_what_a_measure_of_gravel_costs(self) -> None:
        dear = line(item="砂石料", quantity=Decimal(260), unit="立方米", unit_price=Decimal(9500))
        assert RuleName.PRICE_SENSE in stopped(dear)

    def test_it_stops_another_price_than_the_text_gives(self) -> None:
        dear = LineText("goods", "护理床", Decimal(17), "张", Decimal(2960))
        assert RuleName.PRICE_SAID in stopped(need(scope_text=WORDS, lines=(dear,)))

    @pytest.mark.parametrize("words", ["一张1850元", "1850元一张", "1850元/张", "单价1850元"])
    def test_it_knows_the_ways_to_name_the_price_of_one(self, words: str) -> None:
        dear = LineText("goods", "护理床", Decimal(17), "张", Decimal(2960))
        told = WORDS.replace("每张1850元", words)
        assert RuleName.PRICE_SAID in stopped(need(scope_text=told, lines=(dear,)))
        assert not stopped(need(scope_text=told, lines=(BEDS,)))


class TestReached:
    def test_it_stops_people_that_the_text_counts_otherwise(self) -> None:
        words = WORDS + "惠及142人。"
        tried = need(scope_text=words, lines=(BEDS,), direct_people=417, households=139)
        assert RuleName.POPULATION in stopped(tried)
