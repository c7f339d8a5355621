"""Write the empty table that people fill in: headings that explain themselves, and drop-downs."""

from typing import IO, Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from matchplatform.confined.places import letters_of
from matchplatform.kernel.i18n import Words, gettext
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.sheets.cells import text_of, width_of_text
from matchplatform.sheets.layout import CellType, ColumnSpec, Layout, Month
from matchplatform.sheets.table import example_cells
from matchplatform.sheets.workbook import FONT, HEADING_LOOK, OPTIONS, tab_name

NEEDED_SIGN = "*"
NARROWEST = 10
DROP_DOWN_ROWS = 50_000
# Excel takes no more characters for choices that stand in the rule itself.
LONGEST_INLINE = 255
_NUMERIC = (CellType.NUMBER, CellType.WHOLE, CellType.MONEY)
_WAYS: dict[CellType, Words] = {
    CellType.TEXT: _("文字"),
    CellType.CODE: _("编号，按文本填，前面的 0 不能丢"),
    CellType.USCC: _("18 位统一社会信用代码，按文本填"),
    CellType.CHOICE: _("从下拉单里选"),
    CellType.NUMBER: _("数字，可以写 5,000 或 1.2万"),
    CellType.WHOLE: _("整数，可以写 5,000 或 1.2万"),
    CellType.MONEY: _("金额，以元计；以万计请写 1.2万"),
    CellType.PERCENT: _("百分数，例如 12.5%"),
    CellType.DATE: _("日期，例如 2020-05-30、2020年5月30日、20200530"),
    CellType.QUARTER: _("季度，例如 2020Q1"),
    CellType.YES_NO: _("填“是”或“否”"),
}
_MONTHS: dict[Month, Words] = {
    Month.REFUSED: "",
    Month.FIRST_DAY: _("只写到月的，按当月第一天算"),
    Month.LAST_DAY: _("只写到月的，按当月最后一天算"),
}
_RULES = (
    _("请在“%(sheet)s”工作表里填，一行一条；不要改标题行，不要合并单元格，不要写公式。"),
    _("标题带 * 的列必须填。没有就留空，是零请填 0。"),
    _("灰色斜体的第一行是示例，导入时会跳过，留着或删掉都可以。"),
)


def write_template(layout: Layout, stream: IO[bytes]) -> None:
    """Write the template of a table: its sheet, then a sheet that explains every column."""
    # Not row by row: the drop-downs and notes reach back.
    with xlsxwriter.Workbook(stream, {**OPTIONS, "constant_memory": False}) as book:
        page = book.add_worksheet(tab_name(layout.sheet, book))
        told = book.add_worksheet(gettext("说明"))
        choices = book.add_worksheet(gettext("选项"))
        choices.hide()
        _Template(book, page, choices, layout).write()
        _explain(book, told, layout)


def advice_of(column: ColumnSpec) -> list[str]:
    """Return what a person must know to fill in a column."""
    words = [column.note, _WAYS[column.type], _MONTHS[column.month]]
    return [gettext("必填") if column.needed else gettext("选填"), *(str(w) for w in words if w)]


class _Template:
    """The sheet that is filled in."""

    def __init__(self, book: Any, page: Worksheet, choices: Worksheet, layout: Layout) -> None:
        self.page, self.choices, self.layout = page, choices, layout
        self.heading = book.add_format({**HEADING_LOOK, "locked": True})
        # Cells of text keep what is typed: no 0 is lost, and no day becomes a number.
        self.looks: dict[bool, Format] = {
            numeric: book.add_format(
                {**FONT, "locked": False, "num_format": "General" if numeric else "@"}
            )
            for numeric in (False, True)
        }
        self.example = book.add_format(
            {**FONT, "locked": False, "italic": True, "font_color": "#6B7280", "num_format": "@"}
        )

    def write(self) -> None:
        """Write headings with notes, the example, widths, drop-downs and the protection."""
        for place, column in enumerate(self.layout.columns):
            self._column(place, column)
        for place, words in enumerate(example_cells(self.layout)):
            self.page.write_string(1, place, text_of(words), self.example)
        self.page.freeze_panes(1, 1)
        self.page.set_row(0, 32)
        self.page.protect(
            "",
            {
                "format_cells": True,
                "format_columns": True,
                "format_rows": True,
                "insert_rows": True,
                "delete_rows": True,
                "sort": True,
                "autofilter": True,
            },
        )

    def _column(self, place: int, column: ColumnSpec) -> None:
        words = text_of(column.words) + (NEEDED_SIGN if column.needed else "")
        width = column.width or max(NARROWEST, *map(width_of_text, (words, column.example)))
        self.page.set_column(place, place, min(width + 2, 60), self.looks[column.type in _NUMERIC])
        self.page.write_string(0, place, words, self.heading)
        self.page.write_comment(
            0, place, "\n".join(advice_of(column)), {"x_scale": 1.6, "y_scale": 1.4}
        )
        if words_of_choices := _choices(column):
            self._drop_down(place, words_of_choices)

    def _drop_down(self, place: int, words: list[str]) -> None:
        source: list[str] | str = words
        if len(",".join(words)) > LONGEST_INLINE or any("," in word for word in words):
            self.choices.write_column(0, place, words)
            letters = letters_of(place)
            source = f"='{self.choices.get_name()}'!${letters}$1:${letters}${len(words)}"
        self.page.data_validation(
            1,
            place,
            DROP_DOWN_ROWS,
            place,
            {
                "validate": "list",
                "source": source,
                "error_title": gettext("请从下拉单里选"),
                "error_message": gettext("这一列只能填下拉单里的内容。"),
            },
        )


def _choices(column: ColumnSpec) -> list[str]:
    if column.type is CellType.YES_NO:
        return [gettext("是"), gettext("否")]
    return [text_of(words) for words in column.choices.values()]


def _explain(book: Any, page: Worksheet, layout: Layout) -> None:
    plain = book.add_format({**FONT, "text_wrap": True})
    strong = book.add_format(HEADING_LOOK)
    at = 0
    for words in (*_RULES, *layout.advice):
        page.write_string(at, 0, text_of(str(words) % {"sheet": str(layout.sheet)}), plain)
        at += 1
    at += 1
    for place, heading in enumerate((_("列名"), _("怎么填"), _("可选的内容"), _("例子"))):
        page.write_string(at, place, str(heading), strong)
    for column in layout.columns:
        at += 1
        cells = (
            text_of(column.words),
            "；".join(advice_of(column)),
            "、".join(_choices(column)),
            column.example,
        )
        for place, text in enumerate(cells):
            page.write_string(at, place, text_of(text), plain)
    for place, width in enumerate((24, 56, 40, 28)):
        page.set_column(place, place, width)
    page.set_landscape()
    page.fit_to_pages(1, 0)
