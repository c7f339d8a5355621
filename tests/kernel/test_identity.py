"""ID numbers in a text: found however they are written, and nothing else taken for one."""

import pytest

from matchplatform.kernel.identity import holds_id_number

# Invented numbers with check digits that fit; the second is the example of the standard.
PERSON, WITH_X = "130722198001010019", "11010519491231002X"


@pytest.mark.parametrize(
    "text",
    [
        PERSON,
        f"身份证{PERSON}。",
        WITH_X,
        WITH_X.lower(),
        "130722 19800101 0019",
        "130722-19800101-0019",
        "１３０７２２１９８００１０１００１９",
        f"2020 {PERSON}",
        f"{PERSON} 13800000000",
    ],
)
def test_an_id_number_is_found(text: str) -> None:
    assert holds_id_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "13800000000",
        "130722198001010016",
        "130722198013010019",
        f"6{PERSON}",
        f"{PERSON}0",
        "6222020200112233445",
        "53130000500001234X",
        "RL-000123，2020-05-01 到 2020-12-31，共 240 套，计 62400 元",
    ],
)
def test_other_numbers_are_not(text: str) -> None:
    assert not holds_id_number(text)
