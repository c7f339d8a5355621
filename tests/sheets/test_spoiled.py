"""Spoiled spreadsheets: each is told clearly, in bounded time and memory, and never breaks."""

import random
import time
from collections.abc import Callable
from decimal import Decimal

import pytest

from matchplatform.sheets import ReadLimits, Table, Trouble, look_outside, read_table
from tests.sheets import spoiled
from tests.sheets.spoiled import GOOD, HEADING, LAYOUT, rows, xlsx

# Far under what the site allows: no spoiled file may need more to be told from a good one.
SMALL = ReadLimits(memory_megabytes=128, seconds=10)
SLOWEST_SECONDS = 15.0


def told(data: bytes, name: str = "需求.xlsx", limits: ReadLimits = SMALL) -> Table:
    began = time.monotonic()
    table = read_table(data, name, LAYOUT, limits)
    assert time.monotonic() - began < SLOWEST_SECONDS
    return table


def refusal(
    data: bytes, name: str = "需求.xlsx", limits: ReadLimits = SMALL
) -> tuple[Trouble, str]:
    table = told(data, name, limits)
    assert table.refused
    assert table.rows == ()
    return table.problems[0].kind, str(table.problems[0].words)


class TestTheTen:
    def test_merged_cells_are_named(self) -> None:
        kind, words = refusal(spoiled.merged_cells())
        assert kind is Trouble.MERGED
        assert "A2:A4、B2:B4" in words

    def test_a_wrong_sheet_is_told_with_those_that_are_there(self) -> None:
        kind, words = refusal(spoiled.wrong_sheet())
        assert kind is Trouble.WRONG_SHEET
        assert "“项目”" in words
        assert "汇总表、Sheet2" in words

    def test_two_rows_of_headings_are_named(self) -> None:
        kind, words = refusal(spoiled.two_headings())
        assert kind is Trouble.TWO_HEADINGS
        assert "第 1、2 行" in words

    def test_formulas_and_errors_spoil_their_rows_and_no_other(self) -> None:
        table = told(spoiled.formulas())
        first, second, third = table.read()
        assert [str(problem.words) for problem in first.problems] == [
            "第 2 行“单价（元）”：这里是公式，公式请改成数值（复制后“选择性粘贴”为数值）"
        ]
        assert (first.problems[0].kind, first.problems[0].letter) == (Trouble.FORMULA, "E")
        assert second.problems == []
        assert [problem.kind for problem in third.problems] == [Trouble.ERROR_VALUE]
        assert "#DIV/0!" in str(third.problems[0].words)

    def test_a_hundred_thousand_empty_rows_are_no_rows(self) -> None:
        table = told(spoiled.empty_rows())
        assert not table.refused
        assert [row.number for row in table.rows] == [2]

    def test_macros_are_refused(self) -> None:
        assert refusal(spoiled.macros())[0] is Trouble.MACROS
        assert "宏" in refusal(spoiled.macros(), "需求.xlsm")[1]

    def test_a_password_is_told(self) -> None:
        kind, words = refusal(spoiled.encrypted())
        assert kind is Trouble.ENCRYPTED
        assert "密码" in words

    def test_half_a_file_is_told(self) -> None:
        kind, words = refusal(spoiled.truncated())
        assert kind is Trouble.TRUNCATED
        assert "不完整" in words

    @pytest.mark.parametrize(
        ("data", "name", "kind"),
        [
            (b"%PDF-1.4 ...", "需求.xlsx", Trouble.OTHER_CONTENT),
            (b"%PDF-1.4 ...", "需求.csv", Trouble.OTHER_CONTENT),
            ("编号,名称\n1,甲\n".encode(), "需求.xlsx", Trouble.OTHER_CONTENT),
            (xlsx(rows(HEADING, GOOD)), "需求.csv", Trouble.OTHER_CONTENT),
            (spoiled.archive({"word/document.xml": b"<a/>"}), "需求.xlsx", Trouble.STRANGE_PARTS),
            (spoiled.archive({"[Content_Types].xml": b"<a/>"}), "需求.xlsx", Trouble.OTHER_CONTENT),
            (b"<html><table></table></html>", "需求.xls", Trouble.OLD_EXCEL),
            (spoiled.old_excel(), "需求.xlsx", Trouble.OLD_EXCEL),
            (xlsx(rows(HEADING, GOOD)), "需求.zip", Trouble.WRONG_SUFFIX),
            (xlsx(rows(HEADING, GOOD)), "需求", Trouble.WRONG_SUFFIX),
            (b"a\0b,c\n", "需求.csv", Trouble.OTHER_CONTENT),
            (b"", "需求.csv", Trouble.EMPTY_FILE),
            (b" \r\n ", "需求.csv", Trouble.EMPTY_FILE),
        ],
    )
    def test_name_and_content_must_agree(self, data: bytes, name: str, kind: Trouble) -> None:
        assert refusal(data, name)[0] is kind

    def test_a_csv_of_chinese_excel_is_read(self) -> None:
        table = told(spoiled.gb18030_csv(), "需求.csv")
        assert table.encoding == "GB18030"
        (row,) = table.read()
        assert row.problems == []
        assert row.values["name"] == "㐂水泉村小学"
        assert (row.values["quantity"], row.values["price"]) == (Decimal("1200.000"), 35000)


class TestMore:
    def test_a_bomb_is_not_unfolded(self) -> None:
        data = spoiled.bomb()
        assert len(data) < 200_000
        assert refusal(data)[0] is Trouble.UNFOLDS

    def test_a_bomb_that_lies_about_its_size_is_told_as_broken(self) -> None:
        assert refusal(spoiled.lying_bomb())[0] is Trouble.TRUNCATED

    def test_ten_thousand_columns_are_counted(self) -> None:
        kind, words = refusal(spoiled.ten_thousand_columns())
        assert kind is Trouble.TOO_MANY_COLUMNS
        assert "10,000 列" in words
        wide = ",".join(map(str, range(10_000))).encode()
        assert refusal(wide, "需求.csv")[0] is Trouble.TOO_MANY_COLUMNS

    def test_a_cell_far_from_the_others_is_named(self) -> None:
        kind, words = refusal(spoiled.stray_cell())
        assert kind is Trouble.STRAY_CELL
        assert "AO1048576" in words

    def test_too_many_rows_are_refused(self) -> None:
        data = xlsx(rows(HEADING, *[GOOD] * 12))
        assert "最多 10 行" in refusal(data, limits=ReadLimits(rows=10))[1]
        data = xlsx(rows(HEADING, *[GOOD] * 90))
        assert "最多 10 行" in refusal(data, limits=ReadLimits(rows=10))[1]

    def test_a_file_over_the_limit_is_not_opened(self) -> None:
        kind, words = refusal(b"a,b\n" * 300_000, "需求.csv", ReadLimits(megabytes=1))
        assert kind is Trouble.TOO_LARGE
        assert "1 MB" in words

    def test_one_that_takes_too_much_memory_is_told_as_heavy(self) -> None:
        heedless = ReadLimits(memory_megabytes=96, times=5000)
        assert refusal(spoiled.bomb(), limits=heedless)[0] is Trouble.TOO_HEAVY

    @pytest.mark.parametrize(
        ("part", "kind"),
        [
            ("xl/externalLinks/externalLink1.xml", Trouble.EXTERNAL_LINKS),
            ("xl/connections.xml", Trouble.EXTERNAL_LINKS),
            ("xl/macrosheets/sheet1.xml", Trouble.MACROS),
            ("xl/activeX/activeX1.xml", Trouble.MACROS),
            ("xl/embeddings/oleObject1.bin", Trouble.STRANGE_PARTS),
            ("payload.exe", Trouble.STRANGE_PARTS),
            ("../../etc/passwd.xml", Trouble.STRANGE_PARTS),
            ("xl/../../a.xml", Trouble.STRANGE_PARTS),
        ],
    )
    def test_parts_that_act_or_reach_out_are_refused(self, part: str, kind: Trouble) -> None:
        data = xlsx(rows(HEADING, GOOD), more={part: b"<a/>"})
        assert refusal(data)[0] is kind

    @pytest.mark.parametrize(
        "head",
        [
            '<!DOCTYPE a [<!ENTITY b "bbbbbbbb">]>',
            '<!DOCTYPE a SYSTEM "file:///etc/passwd">',
        ],
    )
    def test_a_dtd_is_refused(self, head: str) -> None:
        assert refusal(xlsx(rows(HEADING, GOOD), head=head))[0] is Trouble.STRANGE_PARTS

    def test_a_quotation_without_an_end_is_a_truncated_file(self) -> None:
        text = ",".join(HEADING) + '\n1,"甲\n2,乙\n'
        assert refusal(text.encode(), "需求.csv")[0] is Trouble.TRUNCATED

    def test_a_new_line_in_quotes_is_one_row(self) -> None:
        text = ",".join(HEADING) + '\n1,"甲\n乙",教育\n\n2,丙,健康\n'
        first, second = told(text.encode(), "需求.csv").read()
        assert first.values["name"] == "甲\n乙"
        assert [first.number, second.number] == [2, 4]

    def test_bytes_of_no_encoding_are_told(self) -> None:
        assert refusal(b"\xff\xff\x81,1\n", "需求.csv")[0] is Trouble.ENCODING

    def test_damage_anywhere_is_told_and_never_breaks(self) -> None:
        dice, whole = random.Random(2020), xlsx(rows(HEADING, GOOD, GOOD))
        for _ in range(25):
            spoilt = bytearray(whole)
            for _ in range(dice.randint(1, 6)):
                spoilt[dice.randrange(4, len(spoilt))] = dice.randrange(256)
            table = told(bytes(spoilt[: dice.choice((len(spoilt), dice.randrange(5, 900)))]))
            assert all(str(problem.words) for problem in table.problems)
            assert table.refused or len(table.rows) <= 2


class TestLookOutside:
    @pytest.mark.parametrize(
        ("make", "name", "kind"),
        [
            (spoiled.encrypted, "a.xlsx", Trouble.ENCRYPTED),
            (spoiled.gb18030_csv, "a.xlsx", Trouble.OTHER_CONTENT),
        ],
    )
    def test_it_says_what_is_wrong_before_anything_is_parsed(
        self, make: Callable[[], bytes], name: str, kind: Trouble
    ) -> None:
        problem = look_outside(make(), name, LAYOUT)
        assert problem is not None
        assert problem.kind is kind

    def test_it_lets_the_others_in(self) -> None:
        assert look_outside(spoiled.gb18030_csv(), "a.CSV", LAYOUT) is None
        assert look_outside(spoiled.macros(), "a.xlsx", LAYOUT) is None
