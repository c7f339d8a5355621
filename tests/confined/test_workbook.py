"""One sheet as calamine and its own bytes tell it; no child, no site."""

import json
from io import BytesIO
from typing import Any

import pytest

from matchplatform.confined import spreadsheets
from matchplatform.confined.limits import ReadLimits
from matchplatform.confined.places import letters_of, place_of
from matchplatform.confined.troubles import Trouble, Unfit
from tests.sheets.spoiled import HEADING, row, rows, xlsx


def read(data: bytes, sheet: str = "项目") -> tuple[list[Any], dict[str, Any]]:
    made = BytesIO()
    asked = {"suffix": ".xlsx", "sheet": sheet, "passed_over": ["说明"]}
    end = spreadsheets.read(data, asked, ReadLimits(), made)
    return [json.loads(line) for line in made.getvalue().splitlines()], end


class TestValues:
    @pytest.mark.parametrize(
        ("cell", "value"),
        [
            (5000, 5000),
            (0.1, 0.1),
            ("<v>16.199999999999999</v>", 16.2),
            ("<v>0.30000000000000004</v>", 0.3),
            ("<v>911101050000000000</v>", 9.1110105e17),
            ("@1:43981", {"day": "2020-05-30"}),
            ("@3:43952", {"day": "2020-05-01"}),
            ("@1:43981.75", {"day": "2020-05-30"}),
            ("@2:0.125", 0.125),
            (True, True),
            ("甲 & <乙>", "甲 & <乙>"),
        ],
    )
    def test_they_keep_what_the_sheet_shows(self, cell: object, value: object) -> None:
        ((number, cells, marks),), _end = read(xlsx(row(1, [cell])))
        assert (number, cells, marks) == (1, [value], {})

    def test_rows_and_columns_keep_their_places(self) -> None:
        lines, _end = read(xlsx(row(4, [None, None, "甲"]) + row(9, [None, 1])))
        assert lines == [[4, [None, None, "甲"], {}], [9, [None, 1], {}]]

    def test_a_sheet_with_a_prefix_is_looked_through_too(self) -> None:
        inside = (
            '<x:row xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main" r="2">'
            '<x:c s="0" r="B2"><x:f>1+1</x:f><x:v>2</x:v></x:c></x:row>'
        )
        ((_number, cells, marks),), _end = read(xlsx(inside))
        assert (cells, marks) == ([None, 2], {"1": "="})

    def test_a_shared_formula_and_an_error_inside_one_are_marked(self) -> None:
        inside = (
            '<row r="1"><c r="A1"><f t="shared" ref="A1:A9" si="0"/><v>3</v></c>'
            '<c r="B1" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="C1" t="e"><v>#N/A</v></c></row>'
        )
        ((_number, _cells, marks),), _end = read(xlsx(inside))
        assert marks == {"0": "=", "1": "=", "2": "#N/A"}


class TestChoosing:
    def test_the_sheet_of_that_name_is_read_wherever_it_stands(self) -> None:
        _lines, end = read(xlsx(rows(HEADING), sheets=("封面", "说明", "项目")))
        assert end["sheet"] == "项目"

    def test_the_only_one_besides_the_explanations_needs_no_name(self) -> None:
        lines, end = read(xlsx(rows(HEADING), sheets=("Sheet1", "说明")))
        assert (end["sheet"], len(lines)) == ("Sheet1", 1)

    def test_between_two_nobody_guesses(self) -> None:
        with pytest.raises(Unfit) as caught:
            read(xlsx(rows(HEADING), sheets=("Sheet1", "Sheet2")))
        assert caught.value.trouble is Trouble.WRONG_SHEET
        assert caught.value.about == {"sheets": ["Sheet1", "Sheet2"]}


@pytest.mark.parametrize(("place", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (16383, "XFD")])
def test_columns_have_letters(place: int, letters: str) -> None:
    assert (letters_of(place), place_of(letters)) == (letters, place)
