"""The engine of spreadsheets, opened again by strangers to it: openpyxl and the csv module."""

import csv
import io
import zipfile
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import openpyxl
import pytest

from matchplatform.sheets import Column, Kind, Sheet, write_csv, write_xlsx
from matchplatform.sheets.cells import width_of_text
from matchplatform.sheets.separated import neutral
from matchplatform.sheets.sheet import Cell

EVIL = [
    "=1+1",
    "+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "  =1",
    "＝1+1",
    '=HYPERLINK("http://evil.example","x")',
    "{=1+1}",
    "http://evil.example/",
    "mailto:a@b.c",
    "internal:Sheet1!A1",
]
HEADINGS = (
    Column("编号"),
    Column("名称", width=20),
    Column("需要（元）", Kind.MONEY_YUAN),
    Column("需要（万元）", Kind.WAN),
    Column("数量", Kind.NUMBER),
    Column("截止", Kind.DATE),
    Column("到位率", Kind.PERCENT),
    Column("网页", Kind.LINK),
)
ROW: Sequence[Cell] = (
    "130722-001",
    "东水泉村小学",
    Decimal("162400.05"),
    Decimal("162400.05"),
    Decimal("12.500"),
    date(2020, 6, 30),
    Decimal("0.125"),
    "https://example.org/projects/130722-001",
)


def _sheet(*rows: Sequence[Cell], headings: Sequence[Column] = HEADINGS) -> Sheet:
    return Sheet("项目与需求", headings, iter(rows), ["条件：全部", "演示数据"], "以上各数分开列")


def _xlsx(*sheets: Sheet) -> Any:
    stream = io.BytesIO()
    write_xlsx(sheets, stream)
    stream.seek(0)
    return openpyxl.load_workbook(stream)


def _csv(sheet: Sheet) -> tuple[bytes, list[list[str]]]:
    stream = io.BytesIO()
    write_csv(sheet, stream)
    raw = stream.getvalue()
    return raw, list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline="")))


class TestXlsx:
    def test_it_writes_head_lines_headings_rows_and_the_foot_line_in_order(self) -> None:
        page = _xlsx(_sheet(ROW)).active
        assert page.title == "项目与需求"
        assert [page.cell(row, 1).value for row in range(1, 7)] == [
            "项目与需求",
            "条件：全部",
            "演示数据",
            "编号",
            "130722-001",
            "以上各数分开列",
        ]

    def test_numbers_and_days_are_numbers_and_days(self) -> None:
        row = _xlsx(_sheet(ROW)).active[5]
        assert [cell.value for cell in row[2:7]] == [
            162400.05,
            16.24,
            12.5,
            datetime(2020, 6, 30),
            0.125,
        ]
        assert row[2].number_format == "#,##0.00"
        assert row[5].is_date
        assert row[6].number_format == "0.0%"
        assert row[7].hyperlink.target == "https://example.org/projects/130722-001"

    def test_the_heading_is_frozen_and_carries_the_filter(self) -> None:
        page = _xlsx(_sheet(ROW, ROW)).active
        assert page.freeze_panes == "B5"
        assert page.auto_filter.ref == "A4:H6"
        assert page.print_title_rows == "$4:$4"

    def test_an_empty_table_has_its_heading_all_the_same(self) -> None:
        page = _xlsx(_sheet()).active
        assert page["A4"].value == "编号"
        assert page.auto_filter.ref == "A4:H4"

    def test_widths_count_chinese_characters_as_two(self) -> None:
        page = _xlsx(_sheet(ROW)).active
        assert page.column_dimensions["B"].width == pytest.approx(21, abs=1)
        assert page.column_dimensions["C"].width == pytest.approx(14, abs=1)
        assert width_of_text("张北 zb") == 7

    def test_a_very_long_text_does_not_make_a_very_wide_column(self) -> None:
        page = _xlsx(_sheet(("长" * 40_000,), headings=HEADINGS[:1])).active
        assert page.column_dimensions["A"].width <= 62
        assert len(page["A5"].value) == 32_767

    @pytest.mark.parametrize("evil", EVIL)
    def test_what_people_typed_is_never_a_formula_nor_a_link(self, evil: str) -> None:
        stream = io.BytesIO()
        write_xlsx([_sheet((evil,), headings=HEADINGS[:1])], stream)
        cell = openpyxl.load_workbook(stream).active["A5"]
        assert cell.data_type in ("s", "inlineStr")
        assert cell.hyperlink is None
        with zipfile.ZipFile(stream) as inside:
            assert b"<f>" not in inside.read("xl/worksheets/sheet1.xml")

    def test_characters_that_no_workbook_holds_are_left_out(self) -> None:
        page = _xlsx(_sheet(("甲\x00乙\x0b\ud800丙\uffff",), headings=HEADINGS[:1])).active
        assert page["A5"].value == "甲乙丙"

    def test_empty_cells_stay_empty_and_words_may_stand_where_a_number_is_kept_back(self) -> None:
        page = _xlsx(_sheet((None, "不公布"), headings=(HEADINGS[2], HEADINGS[4]))).active
        assert page["A5"].value is None
        assert page["B5"].value == "不公布"

    def test_sheets_of_one_name_get_two_tabs(self) -> None:
        book = _xlsx(_sheet(ROW), _sheet(ROW), Sheet("[/]*", HEADINGS, []))
        assert book.sheetnames == ["项目与需求", "项目与需求 2", "Sheet"]

    def test_a_float_is_refused(self) -> None:
        with pytest.raises(TypeError):
            _xlsx(_sheet((1.5,), headings=HEADINGS[2:3]))  # type: ignore[arg-type]

    def test_a_moment_shows_as_its_day_in_shanghai(self) -> None:
        late = datetime(2020, 6, 29, 17, tzinfo=UTC)
        page = _xlsx(_sheet((late,), headings=HEADINGS[5:6])).active
        assert page["A5"].value == datetime(2020, 6, 30)


class TestCsv:
    def test_it_opens_with_the_mark_and_ends_lines_with_cr_lf(self) -> None:
        raw, rows = _csv(_sheet(ROW))
        assert raw.startswith(b"\xef\xbb\xbf")
        assert raw.count(b"\r\n") == raw.count(b"\n") == len(rows) == 6

    def test_it_writes_the_same_values(self) -> None:
        _raw, rows = _csv(_sheet(ROW))
        assert rows[3] == [column.words for column in HEADINGS]
        assert rows[4] == [
            "130722-001",
            "东水泉村小学",
            "162400.05",
            "16.24",
            "12.5",
            "2020-06-30",
            "12.5%",
            "https://example.org/projects/130722-001",
        ]

    @pytest.mark.parametrize("evil", EVIL[:9])
    def test_what_could_act_is_made_text(self, evil: str) -> None:
        _raw, rows = _csv(_sheet((evil,), headings=HEADINGS[:1]))
        assert rows[4][0].startswith("'")
        assert neutral(evil) == f"'{evil}"

    def test_head_lines_and_headings_are_made_text_too(self) -> None:
        sheet = Sheet("=1", (Column("+2"),), [], ["@3"], "-4")
        _raw, rows = _csv(sheet)
        assert rows == [["'=1"], ["'@3"], ["'+2"], ["'-4"]]

    def test_a_negative_number_of_ours_stays_a_number(self) -> None:
        _raw, rows = _csv(_sheet((Decimal(-5),), headings=HEADINGS[4:5]))
        assert rows[4] == ["-5"]

    def test_whole_hundreds_keep_their_zeros(self) -> None:
        _raw, rows = _csv(_sheet((100, Decimal("1000.000")), headings=(HEADINGS[4],) * 2))
        assert rows[4] == ["100", "1000"]

    def test_quotes_commas_and_new_lines_survive(self) -> None:
        said = '说："好",\n再来'
        _raw, rows = _csv(_sheet((said,), headings=HEADINGS[:1]))
        assert rows[4] == [said]
