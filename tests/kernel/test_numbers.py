"""Numbers as people type them, and junk."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchplatform.kernel.errors import InvalidInput
from matchplatform.kernel.numbers import parse_decimal


class TestParseDecimal:
    @pytest.mark.parametrize(
        ("typed", "value"),
        [
            ("5000", "5000"),
            ("  5000 ", "5000"),
            ("５０００", "5000"),
            ("５，０００．５", "5000.5"),
            ("5,000", "5000"),
            ("5，000", "5000"),
            ("1,234,567.89", "1234567.89"),
            ("12,3456", "123456"),
            ("5 000", "5000"),
            ("1.2万", "12000"),
            ("1.2 万", "12000"),
            ("１．２万", "12000"),
            ("0.5亿", "50000000"),
            ("0", "0"),
            ("007", "7"),
            ("0.000001", "0.000001"),
        ],
    )
    def test_it_reads_what_people_type(self, typed: str, value: str) -> None:
        assert parse_decimal(typed) == Decimal(value)

    @pytest.mark.parametrize("typed", ["", "  ", "\u3000", "\t"])
    def test_nothing_typed_is_nothing(self, typed: str) -> None:
        assert parse_decimal(typed) is None

    @pytest.mark.parametrize(
        "typed",
        ["-5", "+5", "1e5", "5.", ".5", "1.2.3", "万", "1万2", "五千", "5元", "0x10", "NaN", "inf",
         "½", "1234567890123", "0.1234567", "5%", "5;6", "1.2千", "9" * 5000, ",", "1万亿", "10000亿", "5_000",
         # A comma that is a decimal point elsewhere must not make ten times as much.
         "1,5", "1,2万", "12,34", "1,23,456", "1 2", ",500", "500,", "1,,000"],
    )  # fmt: skip
    def test_junk_is_refused_with_what_was_typed(self, typed: str) -> None:
        with pytest.raises(InvalidInput) as caught:
            parse_decimal(typed)
        assert len(str(caught.value.words)) < 80

    @given(st.decimals(0, 10**11, places=3, allow_nan=False, allow_infinity=False))
    def test_what_we_print_we_read_back(self, value: Decimal) -> None:
        assert parse_decimal(f"{value:,f}") == value

    @given(st.text(max_size=40))
    def test_any_text_is_read_or_refused(self, typed: str) -> None:
        try:
            value = parse_decimal(typed)
        except InvalidInput:
            return
        assert value is None or (value.is_finite() and value >= 0)
