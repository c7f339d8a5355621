"""Reasons: long enough, short enough, and without anybody's ID number."""

import pytest

from matchplatform.kernel.errors import InvalidInput
from matchplatform.kernel.reasons import LONGEST, clean_reason


class TestCleanReason:
    def test_it_is_tidied(self) -> None:
        assert clean_reason("  今年预算排满了 ") == "今年预算排满了"

    def test_it_may_be_left_out_only_where_none_is_needed(self) -> None:
        assert clean_reason(" ", needed=False) == ""
        with pytest.raises(InvalidInput):
            clean_reason(" ")

    @pytest.mark.parametrize(
        "typed", ["短", "字" * (LONGEST + 1), "请核对李某 11010519491231002X 的名字"]
    )
    def test_what_tells_nothing_or_too_much_is_refused_at_its_field(self, typed: str) -> None:
        with pytest.raises(InvalidInput) as caught:
            clean_reason(typed, field="words")
        assert set(caught.value.fields) == {"words"}
