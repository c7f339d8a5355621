"""What is told of pictures and papers keeps people's data out."""

import pytest

from matchplatform.projects.picture_privacy import find_private
from matchplatform.projects.states import ProjectState
from tests.factories import make_project

pytestmark = pytest.mark.usefixtures("db_session")

FINE = "敬老院的走廊，墙边装了两排扶手"


def wrongs(**texts: str) -> set[str]:
    """Return the fields in which something must not stand."""
    return set(find_private(make_project(state=ProjectState.DRAFT), texts))


class TestFindPrivate:
    @pytest.mark.parametrize(
        "text",
        [
            "一张登记表，上面写着 130722198203151218",
            "门上贴着联系电话 13831312345",
            "存折一页，卡号 6222020200112233440",
            "村民王桂英患尿毒症，躺在炕上",
        ],
    )
    def test_numbers_and_names_beside_an_illness_are_found(self, text: str) -> None:
        assert wrongs(alt_text=text, caption=FINE) == {"alt_text"}
        assert wrongs(alt_text=FINE, caption=text) == {"caption"}

    def test_a_name_in_one_and_the_illness_in_the_other_are_one(self) -> None:
        assert wrongs(alt_text="村民王桂英坐在炕上", caption="她患尿毒症三年了") == {"caption"}

    @pytest.mark.parametrize(
        "text",
        [
            FINE,
            "村小学的水泥操场，围墙有一段塌了",
            "一位低保老人的灶台，烟囱裂了缝",
            "2020 年 5 月重修的水窖，容量 30 立方米",
            "张北县民政局",
        ],
    )
    def test_plain_words_are_let_be(self, text: str) -> None:
        assert wrongs(alt_text=text, caption="", taken_by="") == set()
