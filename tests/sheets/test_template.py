"""Templates and marked copies, opened by openpyxl and read back by ourselves."""

import io
from typing import Any

import openpyxl
import pytest

from matchplatform.sheets import (
    CellType,
    ColumnSpec,
    Layout,
    Problem,
    Table,
    Trouble,
    annotated_copy,
    read_table,
    write_template,
)
from tests.sheets import spoiled
from tests.sheets.spoiled import GOOD, HEADING, LAYOUT, rows, xlsx


def template(layout: Layout = LAYOUT) -> bytes:
    made = io.BytesIO()
    write_template(layout, made)
    return made.getvalue()


def opened(data: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(data))


def problems_of(table: Table) -> list[Problem]:
    return [*table.problems, *(problem for row in table.read() for problem in row.problems)]


class TestTemplate:
    def test_headings_explain_themselves_and_are_protected(self) -> None:
        page = opened(template())["项目"]
        assert [cell.value for cell in page[1]] == [
            "编号*", "名称*", "类别", "数量", "单价（元）", "截止日期",
        ]  # fmt: skip
        assert page.protection.sheet
        assert all(cell.protection.locked for cell in page[1])
        assert not any(cell.protection.locked for cell in page[2])
        assert not page.column_dimensions["A"].protection.locked
        assert "必填" in page["A1"].comment.text
        assert "按当月最后一天算" in page["F1"].comment.text
        assert page.freeze_panes == "B2"

    def test_the_example_is_marked(self) -> None:
        page = opened(template())["项目"]
        assert [cell.value for cell in page[2]][:2] == ["例：130722-001", "东水泉村小学棉被"]
        assert page["A2"].font.italic

    def test_choices_are_drop_downs_long_ones_from_a_sheet_of_their_own(self) -> None:
        many = {str(number): f"第{number}个很长的选项名称" for number in range(60)}
        layout = Layout(
            "项目",
            (
                ColumnSpec("name", "名称"),
                ColumnSpec("kind", "种类", CellType.CHOICE, choices=many),
                ColumnSpec("open", "公开", CellType.YES_NO),
            ),
        )
        book = opened(template(layout))
        lists = {
            str(rule.sqref): rule.formula1 for rule in book["项目"].data_validations.dataValidation
        }
        assert lists == {"B2:B50001": "'选项'!$B$1:$B$60", "C2:C50001": '"是,否"'}
        assert book["选项"].sheet_state == "hidden"
        assert book["选项"]["B60"].value == "第59个很长的选项名称"

    def test_a_sheet_explains_every_column(self) -> None:
        page = opened(template())["说明"]
        said = "\n".join(str(cell.value) for line in page.iter_rows() for cell in line)
        assert "“项目”工作表" in said
        assert all(heading in said for heading in HEADING)
        assert "教育、健康" in said

    def test_it_is_read_as_an_empty_table(self) -> None:
        table = read_table(template(), "模板.xlsx", LAYOUT)
        assert [problem.kind for problem in table.problems] == [Trouble.NO_ROWS]
        assert len(table.letters) == len(LAYOUT.columns)

    def test_filled_in_by_another_program_it_is_read(self) -> None:
        book = opened(template())
        for place, value in enumerate(GOOD, 1):
            book["项目"].cell(3, place, value)
        saved = io.BytesIO()
        book.save(saved)
        table = read_table(saved.getvalue(), "填好的.xlsx", LAYOUT)
        assert not table.refused
        assert [(row.number, row.problems) for row in table.read()] == [(3, [])]


class TestAnnotatedCopy:
    DATA = ",".join(HEADING) + "\n1,甲,教育,1,1,20200501\n2,=1+1,其它,五百多,,5月底\n"

    def _copy(self, data: bytes, name: str) -> bytes:
        return annotated_copy(data, name, LAYOUT, problems_of(read_table(data, name, LAYOUT)))

    @pytest.mark.parametrize("codec", ["utf-8", "gb18030"])
    def test_wrong_cells_are_coloured_and_say_why(self, codec: str) -> None:
        page = opened(self._copy(self.DATA.encode(codec), "a.csv")).worksheets[0]
        assert page.title == "项目"
        assert [cell.value for cell in page[2]][:6] == ["1", "甲", "教育", "1", "1", "20200501"]
        assert page["A3"].fill.fgColor.rgb != page["D3"].fill.fgColor.rgb == "FFFBE3D6"
        assert page["D3"].comment.text == "看不懂“五百多”，请填数字"
        assert page["E3"].comment is None
        assert page["G1"].value == "问题"
        assert page["G2"].value is None
        assert "数量：看不懂“五百多”" in page["G3"].value

    def test_nothing_in_it_is_a_formula(self) -> None:
        page = opened(self._copy(self.DATA.encode(), "a.csv")).worksheets[0]
        assert page["B3"].value == "=1+1"
        assert page["B3"].data_type in ("s", "inlineStr")

    def test_numbers_days_and_places_stay_as_they_were(self) -> None:
        data = xlsx(rows(("2020 年",), (), HEADING, (*GOOD[:5], "@1:43981"), (None, "乙")))
        page = opened(self._copy(data, "a.xlsx")).worksheets[0]
        assert page["D4"].value == 120
        assert page["F4"].is_date
        assert page["A5"].fill.fgColor.rgb == "FFFBE3D6"
        assert page["G3"].value == "问题"

    def test_mended_it_can_be_sent_again_and_marked_again(self) -> None:
        copy = self._copy(self.DATA.encode(), "a.csv")
        table = read_table(copy, "a.xlsx", LAYOUT)
        assert table.problems == []
        assert [len(row.problems) for row in table.read()] == [0, 3]
        again = opened(self._copy(copy, "a.xlsx")).worksheets[0]
        assert [cell.value for cell in again[1]] == [*HEADING, "问题"]

    def test_a_second_sheet_lists_everything(self) -> None:
        page = opened(self._copy(self.DATA.encode(), "a.csv"))["问题"]
        assert [cell.value for cell in page[2]] == [
            3, "B 名称", "这里是公式，公式请改成数值（复制后“选择性粘贴”为数值）",
        ]  # fmt: skip

    def test_what_cannot_be_opened_comes_back_as_the_list(self) -> None:
        book = opened(self._copy(spoiled.truncated(), "a.xlsx"))
        assert book.sheetnames == ["问题"]
        assert "不完整" in book.active["C2"].value

    def test_a_merged_table_comes_back_without_its_merges(self) -> None:
        book = opened(self._copy(spoiled.merged_cells(), "a.xlsx"))
        assert not book.worksheets[0].merged_cells.ranges
        assert "A2:A4" in book["问题"]["C2"].value
