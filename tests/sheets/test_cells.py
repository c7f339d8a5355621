"""Cells as people type them into Excel and WPS."""

from contextlib import suppress
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchplatform.kernel.money import WAN
from matchplatform.sheets import CellType, ColumnSpec, Month, Trouble, amounts, days, plain
from matchplatform.sheets.grid import Raw
from matchplatform.sheets.problems import Misread, quoted
from matchplatform.sheets.separated import neutral

NUMBER = ColumnSpec("quantity", "数量", CellType.NUMBER, places=3, suffixes=("件",))
PEOPLE = ColumnSpec("people", "直接受益（人）", CellType.WHOLE, suffixes=("人",))
PRICE = ColumnSpec("price", "单价（元）", CellType.MONEY)
SHARE = ColumnSpec("share", "占比", CellType.PERCENT)
DAY = ColumnSpec("until", "截止", CellType.DATE)
FIRST = ColumnSpec("from", "开始", CellType.DATE, month=Month.FIRST_DAY)
LAST = ColumnSpec("until", "截止", CellType.DATE, month=Month.LAST_DAY)
QUARTER = ColumnSpec("quarter", "季度", CellType.QUARTER)
TEXT = ColumnSpec("name", "名称", longest=10)
SECTOR = ColumnSpec(
    "sector", "类别", CellType.CHOICE, choices={"education": "教育", "health": "健康（医疗）"}
)
CHOICES = plain.choices_of(SECTOR)


class TestNumbers:
    @pytest.mark.parametrize(
        ("raw", "value"),
        [
            (Decimal(5000), "5000"),
            (Decimal("12.5"), "12.5"),
            ("5,000", "5000"),
            ("５０００", "5000"),
            ("'5000", "5000"),
            ("’5000", "5000"),
            (" 5 000 ", "5000"),
            ("1.2万", "12000"),
            ("1.2 万件", "12000"),
            ("300件", "300"),
            ("0", "0"),
            (Decimal(0), "0"),
        ],
    )
    def test_a_quantity_is_read(self, raw: Raw, value: str) -> None:
        assert amounts.read_number(raw, NUMBER) == Decimal(value)

    @pytest.mark.parametrize("raw", [None, "", "  ", "\u3000", "'"])
    def test_nothing_is_nothing_and_not_zero(self, raw: Raw) -> None:
        assert amounts.read_number(raw, NUMBER) is None

    @pytest.mark.parametrize(
        ("raw", "kind", "words"),
        [
            ("五百多", Trouble.NOT_NUMBER, "看不懂“五百多”，请填数字"),
            ("约500", Trouble.NOT_NUMBER, "请填数字"),
            ("500公斤", Trouble.NOT_NUMBER, "请填数字"),
            ("1,5", Trouble.NOT_NUMBER, "请填数字"),
            ("500-600", Trouble.NOT_NUMBER, "请填数字"),
            (True, Trouble.NOT_NUMBER, "看不懂“是”"),
            ("-", Trouble.NOT_NUMBER, "是零请填 0，没有就留空"),
            ("无", Trouble.NOT_NUMBER, "是零请填 0"),
            ("-5", Trouble.NEGATIVE, "“-5”是负数"),
            (Decimal("-0.5"), Trouble.NEGATIVE, "“-0.5”是负数"),
            (Decimal(10) ** 13, Trouble.TOO_MUCH, "太大了"),
            (Decimal("0.1234"), Trouble.TOO_EXACT, "最多 3 位"),
            (date(2020, 5, 1), Trouble.NOT_NUMBER, "这里是日期 2020-05-01"),
        ],
    )
    def test_what_cannot_be_read_is_said(self, raw: Raw, kind: Trouble, words: str) -> None:
        with pytest.raises(Misread) as caught:
            amounts.read_number(raw, NUMBER)
        assert caught.value.kind is kind
        assert words in str(caught.value.why)

    def test_people_are_whole(self) -> None:
        assert amounts.read_whole("1,200人", PEOPLE) == 1200
        with pytest.raises(Misread, match=Trouble.TOO_EXACT):
            amounts.read_whole(Decimal("1.5"), PEOPLE)

    @pytest.mark.parametrize(
        ("raw", "yuan"),
        [
            ("3.5 万元", "35000"),
            ("3.5万", "35000"),
            ("¥5,000.00", "5000"),
            ("５００元", "500"),
            (Decimal("85.5"), "85.50"),
        ],
    )
    def test_money_is_yuan(self, raw: Raw, yuan: str) -> None:
        assert amounts.read_money(raw, PRICE) == Decimal(yuan)

    @pytest.mark.parametrize(
        ("raw", "yuan"),
        [("3.5", "35000"), (Decimal("3.5"), "35000"), ("3.5万元", "35000"), ("35000元", "35000")],
    )
    def test_under_a_heading_of_ten_thousands_only_a_bare_number_is_one(
        self, raw: Raw, yuan: str
    ) -> None:
        assert amounts.read_money(raw, PRICE, WAN) == Decimal(yuan)

    def test_ten_thousands_of_ten_thousands_are_asked_back(self) -> None:
        with pytest.raises(Misread, match=Trouble.NOT_NUMBER):
            amounts.read_money("3.5万", PRICE, WAN)

    @pytest.mark.parametrize(
        ("raw", "share"), [("12.5%", "0.125"), ("１２％", "0.12"), (Decimal("0.125"), "0.125")]
    )
    def test_a_share_is_read(self, raw: Raw, share: str) -> None:
        assert amounts.read_percent(raw, SHARE) == Decimal(share)

    @pytest.mark.parametrize("raw", ["12.5", "120%", Decimal("12.5"), "一成"])
    def test_a_share_that_may_mean_two_things_is_refused(self, raw: Raw) -> None:
        with pytest.raises(Misread) as caught:
            amounts.read_percent(raw, SHARE)
        assert "例如 12.5%" in str(caught.value.why)


class TestDays:
    @pytest.mark.parametrize(
        "raw",
        [
            date(2020, 5, 30), "2020-05-30", "2020.5.30", "2020/5/30", "２０２０．５．３０",
            "2020年5月30日", "2020 年 5 月 30 号", "20200530", Decimal(20200530), Decimal(43981),
            Decimal("43981.5"), "43981", "'2020-5-30", "2020-05-30 00:00:00", "2020/5/30 8:30",
        ],
    )  # fmt: skip
    def test_a_day_is_read(self, raw: Raw) -> None:
        assert days.read_day(raw, DAY) == date(2020, 5, 30)

    @pytest.mark.parametrize(
        "raw", ["2020年5月", "2020/5", "2020.5", "2020-05", "202005", Decimal(202005), Decimal("2020.5")]
    )  # fmt: skip
    def test_a_month_is_the_day_that_the_column_says(self, raw: Raw) -> None:
        assert days.read_day(raw, FIRST) == date(2020, 5, 1)
        assert days.read_day(raw, LAST) == date(2020, 5, 31)
        with pytest.raises(Misread, match=Trouble.VAGUE_DATE):
            days.read_day(raw, DAY)

    def test_february_ends_as_it_should(self) -> None:
        assert days.read_day("2020年2月", LAST) == date(2020, 2, 29)

    @pytest.mark.parametrize("raw", [None, "", " "])
    def test_nothing_is_nothing(self, raw: Raw) -> None:
        assert days.read_day(raw, DAY) is None

    @pytest.mark.parametrize(
        ("raw", "kind"),
        [
            ("5月底", Trouble.VAGUE_DATE),
            ("2020年5月底", Trouble.VAGUE_DATE),
            ("年底前", Trouble.VAGUE_DATE),
            ("2020年二季度", Trouble.VAGUE_DATE),
            ("2020.1", Trouble.VAGUE_DATE),
            (Decimal("2020.1"), Trouble.VAGUE_DATE),
            ("2020-02-30", Trouble.NOT_DATE),
            ("20201301", Trouble.NOT_DATE),
            ("2020年13月", Trouble.NOT_DATE),
            ("5月30日", Trouble.NOT_DATE),
            ("20.5.30", Trouble.NOT_DATE),
            ("2020", Trouble.NOT_DATE),
            ("1020-05-30", Trouble.NOT_DATE),
            (Decimal(12), Trouble.NOT_DATE),
            (date(1900, 1, 12), Trouble.NOT_DATE),
            ("尽快", Trouble.NOT_DATE),
            (True, Trouble.NOT_DATE),
        ],
    )
    def test_what_leaves_the_day_open_is_refused(self, raw: Raw, kind: Trouble) -> None:
        with pytest.raises(Misread, match=kind):
            days.read_day(raw, LAST)

    @pytest.mark.parametrize(
        "raw", ["2020Q1", "2020q1", "2020年第1季度", "2020年一季度", "2020 年第一季度", "2020-Q1"]
    )
    def test_a_quarter_is_read(self, raw: str) -> None:
        assert days.read_quarter(raw, QUARTER) == "2020Q1"

    @pytest.mark.parametrize("raw", ["2020Q5", "一季度", "2020", Decimal(2020)])
    def test_another_quarter_is_refused(self, raw: Raw) -> None:
        with pytest.raises(Misread, match=Trouble.NOT_DATE):
            days.read_quarter(raw, QUARTER)


class TestTexts:
    @pytest.mark.parametrize(
        ("raw", "text"),
        [
            (" 棉被\u200b ", "棉被"),
            (Decimal(12), "12"),
            (Decimal("1.50"), "1.5"),
            (date(2020, 5, 30), "2020-05-30"),
            (None, None),
            ("'=1+1", "=1+1"),
            ("'甲'", "'甲'"),
        ],
    )
    def test_a_text_is_what_shows(self, raw: Raw, text: str | None) -> None:
        assert plain.read_text(raw, TEXT) == text

    @pytest.mark.parametrize("evil", ["=1+1", "@A1", "+1", "-2+3", "＝1"])
    def test_what_our_exports_made_text_comes_back(self, evil: str) -> None:
        assert plain.read_text(neutral(evil), TEXT) == evil

    def test_a_long_one_is_refused_with_its_length(self) -> None:
        with pytest.raises(Misread) as caught:
            plain.read_text("长" * 11, TEXT)
        assert "有 11 个字，最多 10 个" in str(caught.value.why)

    def test_a_code_keeps_its_zeros_and_a_lost_one_is_told(self) -> None:
        column = ColumnSpec("code", "代码", CellType.CODE)
        assert plain.read_code("'0012", column) == "0012"
        assert plain.read_code(Decimal(130722), column) == "130722"
        for raw in (Decimal("9.1110105E17"), "9.1110105E+17"):
            with pytest.raises(Misread) as caught:
                plain.read_code(raw, column)
            assert "后几位已经丢了" in str(caught.value.why)

    @pytest.mark.parametrize(
        "raw",
        ["91350100m000100y43", "９１３５０１００Ｍ０００１００Ｙ４３", "9135 0100 M000 100Y 43"],
    )
    def test_a_credit_code_is_written_plainly(self, raw: str) -> None:
        column = ColumnSpec("uscc", "统一社会信用代码", CellType.USCC)
        assert plain.read_uscc(raw, column) == "91350100M000100Y43"
        with pytest.raises(Misread, match=Trouble.NOT_CODE):
            plain.read_uscc(raw[:-1], column)

    @pytest.mark.parametrize(
        ("raw", "key"),
        [("教育", "education"), (" 健康(医疗)", "health"), ("HEALTH", "health"), ("", None)],
    )
    def test_a_choice_becomes_its_key(self, raw: str, key: str | None) -> None:
        assert plain.read_choice(raw, SECTOR, CHOICES) == key

    def test_another_choice_is_refused_with_those_there_are(self) -> None:
        with pytest.raises(Misread) as caught:
            plain.read_choice("教", SECTOR, CHOICES)
        assert "教育、健康（医疗）" in str(caught.value.why)

    @pytest.mark.parametrize("raw", [True, "是", "√", "Y", "TRUE", Decimal(1), "1"])
    def test_yes(self, raw: Raw) -> None:
        assert plain.read_yes_no(raw, TEXT) is True

    @pytest.mark.parametrize("raw", [False, "否", "×", "无", "n", Decimal(0)])
    def test_no(self, raw: Raw) -> None:
        assert plain.read_yes_no(raw, TEXT) is False

    def test_neither_is_refused(self) -> None:
        assert plain.read_yes_no(None, TEXT) is None
        with pytest.raises(Misread, match=Trouble.NOT_CHOICE):
            plain.read_yes_no("也许", TEXT)


RAWS = st.none() | st.booleans() | st.dates() | st.text(max_size=30) | st.decimals(
    allow_nan=False, allow_infinity=False, places=4, min_value=-(10**14), max_value=10**14
)  # fmt: skip


@given(RAWS)
def test_any_cell_is_read_or_refused_by_every_column(raw: Raw) -> None:
    for read, column in (
        (amounts.read_number, NUMBER),
        (amounts.read_whole, PEOPLE),
        (amounts.read_money, PRICE),
        (amounts.read_percent, SHARE),
        (days.read_day, LAST),
        (days.read_quarter, QUARTER),
        (plain.read_text, TEXT),
        (plain.read_uscc, TEXT),
        (plain.read_yes_no, TEXT),
    ):
        with suppress(Misread):
            read(raw, column)  # type: ignore[operator]
    with suppress(Misread):
        plain.read_choice(raw, SECTOR, CHOICES)


class TestQuoted:
    def test_what_cannot_be_seen_is_left_out(self) -> None:
        assert quoted("项\x00目\u202e x") == "项目 x"
