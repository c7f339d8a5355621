"""Headings as people rearrange them, and rows as a table."""

from decimal import Decimal

import pytest

from matchplatform.sheets import Severity, Table, Trouble, read_table
from matchplatform.sheets.table import example_cells
from tests.sheets.spoiled import GOOD, HEADING, LAYOUT, row, rows, xlsx


def table_of(*lines: str, name: str = "需求.csv") -> Table:
    return read_table("\r\n".join(lines).encode(), name, LAYOUT)


def kinds(table: Table, severity: Severity) -> list[Trouble]:
    return [problem.kind for problem in table.problems if problem.severity is severity]


class TestHeadings:
    def test_they_may_stand_in_any_order_with_spaces_full_width_and_signs(self) -> None:
        table = table_of(
            "截止日期（年-月-日）,名 称*, 编号：,类别(必填),数量（必填）,单价",
            "2020-5-30,甲,1,教育,2,3",
        )
        assert table.problems == []
        assert table.letters == {
            "until": "A", "name": "B", "number": "C", "sector": "D", "quantity": "E", "price": "F",
        }  # fmt: skip

    def test_titles_and_notes_may_stand_above(self) -> None:
        data = xlsx(
            row(1, ["2020 年需求表"]) + row(2, ["填表：张北县"]) + rows(HEADING, GOOD, first=5),
            after='<mergeCells><mergeCell ref="A1:F1"/></mergeCells>',
        )
        table = read_table(data, "a.xlsx", LAYOUT)
        assert (table.problems, table.heading_row) == ([], 5)
        assert [found.number for found in table.rows] == [6]

    def test_none_at_all_is_told_with_those_that_are_wanted(self) -> None:
        table = table_of("甲,乙", "1,2")
        assert kinds(table, Severity.STOPS) == [Trouble.NO_HEADINGS]
        assert "编号、名称" in str(table.problems[0].words)

    def test_a_needed_column_that_is_missing_stops_and_another_warns(self) -> None:
        table = table_of("编号,类别,数量", "1,教育,2")
        assert kinds(table, Severity.STOPS) == [Trouble.MISSING_COLUMNS]
        assert "缺这些列：名称" in str(table.problems[0].words)
        table = table_of("编号,名称,类别", "1,甲,教育")
        assert not table.refused
        assert kinds(table, Severity.WARNS) == [Trouble.MISSING_COLUMNS]
        assert set(next(table.read()).values) == {"number", "name", "sector"}

    def test_unknown_ones_warn_and_our_own_reasons_do_not(self) -> None:
        table = table_of(
            "编号,名称,类别,数量,单价,截止日期,经办人,问题", "1,甲,教育,1,1,2020-5-1,乙,丙"
        )
        assert kinds(table, Severity.WARNS) == [Trouble.UNKNOWN_COLUMNS]
        assert "经办人。" in str(table.problems[0].words)

    def test_one_that_stands_twice_stops(self) -> None:
        table = table_of("编号,名称,名称,类别,数量,单价,截止日期", "1,甲,乙")
        assert kinds(table, Severity.STOPS) == [Trouble.REPEATED_HEADING]

    def test_a_heading_repeated_further_down_stops(self) -> None:
        heading = ",".join(HEADING)
        table = table_of(heading, "1,甲", heading, "2,乙")
        assert kinds(table, Severity.STOPS) == [Trouble.TWO_HEADINGS]
        assert "第 1、3 行" in str(table.problems[0].words)

    def test_another_unit_of_money_is_read_and_told(self) -> None:
        table = table_of("编号,名称,类别,数量,单价（万元）,截止日期", "1,甲,教育,1,1.2,2020-5-1")
        assert kinds(table, Severity.WARNS) == [Trouble.OTHER_UNIT]
        assert "填 1 就是 10,000 元" in str(table.problems[0].words)
        assert next(table.read()).values["price"] == Decimal(12000)

    def test_another_unit_of_a_quantity_is_another_column(self) -> None:
        table = table_of("编号,名称,类别,数量（吨）,单价,截止日期", "1,甲,教育,1,1.2,2020-5-1")
        assert kinds(table, Severity.WARNS) == [Trouble.MISSING_COLUMNS, Trouble.UNKNOWN_COLUMNS]

    @pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "gb18030"])
    def test_every_encoding_is_told(self, codec: str) -> None:
        data = (",".join(HEADING) + "\n1,甲,教育,1,1,2020-5-1\n").encode(codec)
        names = {"utf-8": "UTF-8", "utf-8-sig": "UTF-8 BOM", "gb18030": "GB18030"}
        table = read_table(data, "a.csv", LAYOUT)
        assert (table.encoding, table.problems) == (names[codec], [])

    @pytest.mark.parametrize("sign", ["\t", ";"])
    def test_other_separators_are_found(self, sign: str) -> None:
        table = table_of(
            sign.join(HEADING), sign.join(("1", "甲", "教育", "1,200", "1", "20200501"))
        )
        assert next(table.read()).values["quantity"] == 1200


class TestRows:
    def test_a_cell_is_named_by_row_and_heading(self) -> None:
        table = table_of(",".join(HEADING), "", "1,甲,教育,1,五百多,2020-5-1")
        (found,) = next(table.read()).problems
        assert str(found.words) == "第 3 行“单价（元）”：看不懂“五百多”，请填数字"
        assert (found.row, found.key, found.letter) == (3, "price", "E")

    def test_good_cells_are_read_beside_bad_ones(self) -> None:
        table = table_of(",".join(HEADING), "1,,其它,1,,2020-5-1")
        found = next(table.read())
        assert [problem.kind for problem in found.problems] == [Trouble.BLANK, Trouble.NOT_CHOICE]
        assert found.values["number"] == "1"
        assert found.values["price"] is None
        assert "name" not in found.values

    def test_no_rows_are_told(self) -> None:
        assert kinds(table_of(",".join(HEADING)), Severity.STOPS) == [Trouble.NO_ROWS]
        assert "什么也没有" in str(read_table(xlsx(""), "a.xlsx", LAYOUT).problems[0].words)

    def test_the_example_is_passed_over_while_nobody_touched_it(self) -> None:
        example = example_cells(LAYOUT)
        assert kinds(table_of(",".join(HEADING), ",".join(example)), Severity.STOPS) == [
            Trouble.NO_ROWS
        ]
        touched = [*example[:1], "西水泉村", *example[2:]]
        (found,) = table_of(",".join(HEADING), ",".join(touched)).read()
        assert [problem.kind for problem in found.problems] == [Trouble.EXAMPLE_ROW]

    def test_a_row_of_totals_is_told(self) -> None:
        (found,) = table_of(",".join(HEADING), "合 计,,,120,,").read()
        assert [problem.kind for problem in found.problems] == [Trouble.TOTAL_ROW]
        assert str(found.problems[0].words).startswith("第 2 行：这一行像是合计")

    def test_a_formula_in_a_csv_is_refused_and_a_code_kept_as_text_is_not(self) -> None:
        first, second = table_of(",".join(HEADING), "=1+1,甲", '"=""0012""",乙').read()
        assert [problem.kind for problem in first.problems] == [Trouble.FORMULA]
        assert second.values["number"] == "0012"
