"""Text folded for comparison and tidied for keeping."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchplatform.kernel.text import fold, tidy


class TestFold:
    @pytest.mark.parametrize(
        ("typed", "folded"),
        [
            ("ＡＢＣ　１２３", "abc 123"),
            ("  多\t个\n空 白  ", "多 个 空 白"),
            ("Straße", "strasse"),
            ("㎡", "m2"),
        ],
    )
    def test_it_evens_out_widths_case_and_space(self, typed: str, folded: str) -> None:
        assert fold(typed) == folded

    @given(st.text(alphabet="aZ９ Ａ张　\n", max_size=30))
    def test_folding_twice_changes_nothing(self, typed: str) -> None:
        assert fold(fold(typed)) == fold(typed)


class TestTidy:
    @pytest.mark.parametrize("code", [0x00, 0x07, 0x1B, 0x7F, 0x85, 0x9B, 0x200B, 0x200E, 0x202E,
                                      0x2028, 0x2066, 0x2069, 0xFEFF, 0xD800, 0xDFFF])  # fmt: skip
    def test_it_drops_what_nobody_can_see(self, code: int) -> None:
        assert tidy(f"东水{chr(code)}泉") == "东水泉"

    def test_it_keeps_lines_and_tabs_inside(self) -> None:
        assert tidy("  一\r\n二\r三\t四\n") == "一\n二\n三\t四"

    @given(st.text(max_size=40))
    def test_its_answer_can_always_be_stored(self, typed: str) -> None:
        kept = tidy(typed)
        assert "\x00" not in kept
        kept.encode("utf-8")
        assert tidy(kept) == kept
