"""Units: known conversions are exact, and nothing else is compared."""

from decimal import Decimal

import pytest

from matchplatform.offers.units import convert, is_mass


class TestConvert:
    @pytest.mark.parametrize(
        ("quantity", "unit", "other", "same"),
        [
            ("3.7", "吨", "公斤", "3700"),
            ("0.001", "吨", "斤", "2"),
            ("12345.678", "公斤", "吨", "12.345678"),
            ("1", "斤", "吨", "0.0005"),
            ("333", "斤", "公斤", "166.5"),
            ("8", "千克", "公斤", "8"),
            ("8", "KG", "公斤", "8"),
            ("1.2", "万元", "元", "12000"),
            ("0.01", "元", "万元", "0.000001"),
            ("30", "人天", "人·天", "30"),
            ("7", "辆", "辆", "7"),
        ],
    )
    def test_it_is_exact_both_ways(self, quantity: str, unit: str, other: str, same: str) -> None:
        assert convert(Decimal(quantity), unit, other) == Decimal(same)
        assert convert(Decimal(same), other, unit) == Decimal(quantity)

    @pytest.mark.parametrize(
        ("unit", "other"), [("辆", "台"), ("吨", "元"), ("箱", "公斤"), ("人·天", "人"), ("", "元")]
    )
    def test_what_measures_something_else_is_not_compared(self, unit: str, other: str) -> None:
        assert convert(Decimal(1), unit, other) is None

    def test_what_weighs(self) -> None:
        assert is_mass("斤")
        assert not is_mass("箱")
