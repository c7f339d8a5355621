"""Prices, quantities, sums, people, dates and lots."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from matchplatform.quality.needs import LineText, RuleName, Severity, Surroundings
from matchplatform.quality.numerals import mentions_of, power_of_ten, read_chinese
from matchplatform.quality.prices import PriceBook, PriceRow
from tests.quality.making import PLAIN, RAILING, found, line, need, said, stopped


class TestNumerals:
    @pytest.mark.parametrize(
        ("words", "value", "unit"),
        [
            ("三吨半土豆", 3500, "公斤"),
            ("，半吨化肥", 500, "公斤"),
            ("叁拾陆户", 36, "户"),
            ("伍万元整", 50000, "元"),
            ("二百五十立方", 250, "立方米"),
            ("每斤一块四，", "1.4", "元"),
            ("每尾一毛二，", "0.12", "元"),
        ],
    )
    def test_it_reads_halves_vouchers_and_talk(
        self, words: str, value: int | str, unit: str
    ) -> None:
        mention = mentions_of(words)[-1]
        assert (mention.value, mention.unit) == (Decimal(value), unit)

    def test_a_guess_is_no_number(self) -> None:
        assert not mentions_of("路过两三户")

    @pytest.mark.parametrize(
        ("numeral", "value"),
        [
            ("三百一十", 310),
            ("十二", 12),
            ("二百七", 270),
            ("一万五", 15000),
            ("五万二千", 52000),
            ("三千零五", 3005),
            ("一百零六", 106),
            ("三点二", "3.2"),
            ("两千三百四十六", 2346),
        ],
    )
    def test_it_reads_chinese_numerals(self, numeral: str, value: int | str) -> None:
        assert read_chinese(numeral) == Decimal(value)

    def test_it_reads_units_and_turns_weights_into_kilos(self) -> None:
        mentions = mentions_of("装三百米护栏,花4.8万元,背走1.5吨石头和20斤沙,全村三百四十六口人")
        assert [(int(mention.value), mention.unit) for mention in mentions] == [
            (300, "米"),
            (48000, "元"),
            (1500, "公斤"),
            (10, "公斤"),
            (346, "人"),
        ]

    def test_it_counts_noughts(self) -> None:
        assert power_of_ten(Decimal(5000), Decimal(500)) == 1
        assert power_of_ten(Decimal("58.6"), Decimal(586000)) == -4
        assert power_of_ten(Decimal(300), Decimal(300)) is None
        assert power_of_ten(Decimal(300), Decimal(400)) is None


class TestPrices:
    table = (PriceRow("护栏", "米", Decimal(100), Decimal(260)),)

    def test_it_asks_outside_the_table_and_stops_far_outside(self) -> None:
        around = Surroundings(price_table=self.table)
        asked = found(line(unit_price=Decimal(300)), around)[RuleName.PRICE_TABLE]
        assert asked.severity is Severity.WARNING
        assert RuleName.PRICE_TABLE in stopped(line(unit_price=Decimal(1600)), around)
        assert not found(line(unit_price=Decimal(170)), around)

    def test_it_compares_with_like_lines(self) -> None:
        book = PriceBook([("波形护栏", "米", Decimal(price)) for price in (150, 160, 170, 155)])
        around = Surroundings(prices=book)
        assert RuleName.PRICE_LIKE in stopped(line(unit_price=Decimal(1600)), around)
        assert not found(line(unit_price=Decimal(190)), around)

    def test_dried_and_fresh_are_not_alike(self) -> None:
        book = PriceBook([("鲜香菇", "公斤", Decimal(8))] * 5)
        assert book.like("干香菇", "公斤") is None

    def test_it_sees_a_price_by_the_ton_beside_kilos(self) -> None:
        apples = LineText("purchase", "苹果", Decimal(40000), "公斤", Decimal(5600), Decimal(250))
        assert RuleName.KILO_OR_TON in stopped(need(lines=(apples,)))
        assert not stopped(need(lines=(replace(apples, unit_price=Decimal("5.6")),)))

    def test_it_knows_without_any_table_what_no_such_thing_costs(self) -> None:
        desk = LineText("goods", "课桌椅", Decimal(100), "套", Decimal(26500), Decimal(1))
        assert RuleName.PRICE_SENSE in stopped(need(lines=(desk,)))
        scanner = LineText("goods", "CT机", Decimal(1), "台", Decimal(3200000), Decimal(1))
        assert not found(need(lines=(scanner,), direct_people=0, households=0))


class TestWhatTheTextSays:
    def test_it_sees_wan_for_yuan(self) -> None:
        money = LineText("money", "护栏工程款", Decimal("4.8"), "元", Decimal(1), Decimal(1))
        tried = need(
            scope_text="想装护栏，工程款4.8万元，由交通所来做，坑由村民自己挖，一天能挖二十个。",
            lines=(money,),
        )
        assert RuleName.YUAN_OR_WAN in stopped(tried)

    def test_it_sees_one_nought_too_many(self) -> None:
        tried = need(lines=(replace(RAILING, quantity=Decimal(3000)),))
        assert RuleName.QUANTITY_SAID in stopped(tried)

    def test_it_adds_up_the_lines(self) -> None:
        assert RuleName.TOTAL_SAID in stopped(said("总投资32万元。"))
        assert not stopped(said("总投资4.8万元。"))
        assert not stopped(said("总投资32万元，县财政已落实27.2万元。"))


class TestPeople:
    def test_it_sees_person_times_among_people(self) -> None:
        tried = need(scope_text=PLAIN.scope_text + "全年通行1500人次。", direct_people=1500)
        assert RuleName.PEOPLE_OR_TIMES in stopped(tried)

    def test_it_knows_how_many_the_county_and_the_village_have(self) -> None:
        around = Surroundings(population=300_000)
        assert RuleName.POPULATION in stopped(need(direct_people=310_000, place=""), around)
        assert RuleName.POPULATION in stopped(need(direct_people=31_000))

    def test_it_compares_households_with_people(self) -> None:
        assert RuleName.HOUSEHOLDS in stopped(need(households=12))
        assert RuleName.HOUSEHOLDS in stopped(need(households=3100))


class TestPlan:
    def test_it_stops_dates_the_wrong_way_round(self) -> None:
        tried = need(starts_on=date(2020, 9, 1), ends_on=date(2020, 3, 1))
        assert RuleName.DATES in stopped(tried)

    def test_a_day_is_enough_for_a_service_alone(self) -> None:
        doctor = LineText("service", "医师义诊", Decimal(4), "人·天", Decimal(400), Decimal(1))
        tried = need(starts_on=date(2020, 9, 1), ends_on=date(2020, 9, 2), lines=(doctor,))
        assert RuleName.DATES not in found(tried)

    def test_it_stops_a_lot_beyond_the_need(self) -> None:
        assert RuleName.MIN_LOT in stopped(line(min_lot=Decimal(3000)))

    def test_it_stops_money_in_another_unit(self) -> None:
        money = LineText("money", "护栏工程款", Decimal(5), "万元", Decimal(1), Decimal(1))
        assert RuleName.YUAN_OR_WAN in stopped(need(lines=(money,)))
