"""Yuan, fen, and the capital numerals of bills."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchplatform.kernel.money import (
    capital_numerals,
    format_number,
    format_wan,
    from_fen,
    line_value,
    to_fen,
)

CAPITALS = [
    ("0", "零元整"),
    ("0.004", "零元整"),
    ("0.005", "壹分"),
    ("0.01", "壹分"),
    ("0.05", "伍分"),
    ("0.1", "壹角整"),
    ("0.50", "伍角整"),
    ("0.55", "伍角伍分"),
    ("0.995", "壹元整"),
    ("1", "壹元整"),
    ("1.05", "壹元零伍分"),
    ("1.5", "壹元伍角整"),
    ("10", "壹拾元整"),
    ("10.05", "壹拾元零伍分"),
    ("11", "壹拾壹元整"),
    ("20.2", "贰拾元贰角整"),
    ("100", "壹佰元整"),
    ("101", "壹佰零壹元整"),
    ("110", "壹佰壹拾元整"),
    ("325.04", "叁佰贰拾伍元零肆分"),
    ("1000", "壹仟元整"),
    ("1001", "壹仟零壹元整"),
    ("1010", "壹仟零壹拾元整"),
    ("1409.50", "壹仟肆佰零玖元伍角整"),
    ("1680.32", "壹仟陆佰捌拾元叁角贰分"),
    ("6007.14", "陆仟零柒元壹角肆分"),
    ("10000", "壹万元整"),
    ("10001", "壹万零壹元整"),
    ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
    ("35400", "叁万伍仟肆佰元整"),
    ("100000", "壹拾万元整"),
    ("101000", "壹拾万零壹仟元整"),
    ("107000.53", "壹拾万零柒仟元伍角叁分"),
    ("110100", "壹拾壹万零壹佰元整"),
    ("1000000", "壹佰万元整"),
    ("1000010", "壹佰万零壹拾元整"),
    ("10500000.5", "壹仟零伍拾万元伍角整"),
    ("12345678.90", "壹仟贰佰叁拾肆万伍仟陆佰柒拾捌元玖角整"),
    ("100000000", "壹亿元整"),
    ("100000001", "壹亿零壹元整"),
    ("100010000", "壹亿零壹万元整"),
    ("100005000", "壹亿零伍仟元整"),
    ("1000000000", "壹拾亿元整"),
    ("1000000000000", "壹万亿元整"),
    ("1000100000000", "壹万零壹亿元整"),
    (
        "9999999999999999.99",
        "玖仟玖佰玖拾玖万玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分",
    ),
]

DIGITS = {word: value for value, word in enumerate("零壹贰叁肆伍陆柒捌玖")}
PLACES = {"拾": 10, "佰": 100, "仟": 1000}


def read_capitals(words: str) -> int:
    """Read capital numerals back into fen, as a clerk would."""
    whole, _yuan, rest = words.partition("元") if "元" in words else ("", "", words)
    total = section = digit = 0
    for word in whole:
        if word in DIGITS:
            digit = DIGITS[word]
        elif word in PLACES:
            section, digit = section + digit * PLACES[word], 0
        elif word == "万":
            total, section, digit = total + (section + digit) * 10**4, 0, 0
        else:
            assert word == "亿"
            total, section, digit = (total + section + digit) * 10**8, 0, 0
    fen = (total + section + digit) * 100
    if "角" in rest:
        fen += DIGITS[rest[rest.index("角") - 1]] * 10
    if "分" in rest:
        fen += DIGITS[rest[rest.index("分") - 1]]
    return fen


class TestCapitalNumerals:
    def test_the_table_has_forty_cases(self) -> None:
        assert len(CAPITALS) >= 40

    @pytest.mark.parametrize(("yuan", "words"), CAPITALS)
    def test_they_are_written_as_on_a_bill(self, yuan: str, words: str) -> None:
        assert capital_numerals(Decimal(yuan)) == words

    @given(
        st.one_of(
            st.integers(0, 10**18 - 1),
            st.integers(0, 10**7),
            # Mostly zeros: where the rules about 零 are hard.
            st.lists(st.sampled_from("00000123"), min_size=1, max_size=18).map(
                lambda digits: int("".join(digits))
            ),
        )
    )
    def test_a_clerk_reads_the_same_amount_back(self, fen: int) -> None:
        words = capital_numerals(from_fen(fen))
        assert read_capitals(words) == fen
        assert "零零" not in words
        assert words.endswith(("整", "分"))

    @pytest.mark.parametrize("yuan", ["-0.01", "-5", "10000000000000000"])
    def test_what_no_bill_can_say_is_refused(self, yuan: str) -> None:
        with pytest.raises(ValueError, match="out of range"):
            capital_numerals(Decimal(yuan))


class TestFen:
    @given(st.integers(-(10**15), 10**15))
    def test_fen_survive_the_way_through_yuan(self, fen: int) -> None:
        assert to_fen(from_fen(fen)) == fen
        assert from_fen(fen).as_tuple().exponent == -2

    @pytest.mark.parametrize(
        ("yuan", "fen"),
        [
            ("0.005", 1),
            ("0.015", 2),
            ("0.025", 3),
            ("0.0049", 0),
            ("1.994999", 199),
            ("-0.005", -1),
        ],
    )
    def test_halves_go_up(self, yuan: str, fen: int) -> None:
        assert to_fen(Decimal(yuan)) == fen

    def test_a_float_is_refused(self) -> None:
        with pytest.raises(TypeError):
            to_fen(0.1)  # type: ignore[arg-type]


class TestLineValue:
    @pytest.mark.parametrize(
        ("quantity", "price", "value"),
        [
            ("3", "0.335", "1.01"),
            ("0.001", "5.00", "0.01"),
            ("0.001", "4.99", "0.00"),
            ("240", "260", "62400.00"),
            ("0.5", "0.05", "0.03"),
        ],
    )
    def test_it_is_rounded_half_up_to_fen(self, quantity: str, price: str, value: str) -> None:
        assert str(line_value(Decimal(quantity), Decimal(price))) == value

    def test_without_a_price_it_is_nothing(self) -> None:
        assert line_value(Decimal(7), None) == Decimal("0.00")


class TestFormats:
    @pytest.mark.parametrize(
        ("yuan", "words"),
        [
            ("0", "0.00"),
            ("49.99", "0.00"),
            ("50", "0.01"),
            ("150", "0.02"),
            ("250", "0.03"),
            ("35400", "3.54"),
            ("127000000", "12,700.00"),
        ],
    )
    def test_wan_has_two_decimals_halves_up(self, yuan: str, words: str) -> None:
        assert format_wan(Decimal(yuan)) == words

    @pytest.mark.parametrize(
        ("value", "words"),
        [
            (Decimal("0.000"), "0"),
            (Decimal("1200.500"), "1,200.5"),
            (Decimal("1E+5"), "100,000"),
            (Decimal("100"), "100"),
            (1000, "1,000"),
            (0, "0"),
        ],
    )
    def test_numbers_carry_no_trailing_zeros(self, value: Decimal | int, words: str) -> None:
        assert format_number(value) == words
