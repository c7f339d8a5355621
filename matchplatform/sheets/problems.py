"""What is wrong with a spreadsheet, said so that whoever typed it knows what to do."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import cast

from matchplatform.confined.limits import ReadLimits
from matchplatform.confined.troubles import Trouble
from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.text import tidy

MOST_NAMED = 12


class Severity(StrEnum):
    """What a problem stops: the whole file, its row, or nothing."""

    STOPS = "stops"
    SPOILS = "spoils"
    WARNS = "warns"


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong. ``why`` is the reason alone, ``words`` name the cell as well.

    ``row``: its number in the sheet, or 0; ``key``, ``heading``, ``letter``: the column, or empty.
    """

    kind: Trouble
    why: Words
    severity: Severity = Severity.STOPS
    row: int = 0
    key: str = ""
    heading: Words = ""
    letter: str = ""

    @property
    def words(self) -> Words:
        """Return the whole sentence."""
        if not self.row:
            return self.why
        if not self.heading:
            return _("第 %(row)s 行：%(why)s", row=self.row, why=self.why)
        return _(
            "第 %(row)s 行“%(heading)s”：%(why)s", row=self.row, heading=self.heading, why=self.why
        )


class Misread(Exception):
    """A cell cannot be read as what its column holds."""

    def __init__(self, kind: Trouble, why: Words) -> None:
        super().__init__(kind)
        self.kind, self.why = kind, why


def file_problem(
    kind: Trouble, limits: ReadLimits, sheet: Words, about: Mapping[str, object]
) -> Problem:
    """Say why a file cannot be opened; ``about`` is what the child told with it."""
    words: dict[Trouble, Words] = {
        Trouble.EMPTY_FILE: _("这个文件是空的，请重新选一个。"),
        Trouble.TOO_LARGE: _("文件超过 %(most)s MB，请拆成几份再传。", most=limits.megabytes),
        Trouble.WRONG_SUFFIX: _("只收 .xlsx 和 .csv 文件，请在表格软件里另存为这两种格式再传。"),
        Trouble.OTHER_CONTENT: _(
            "文件内容和后缀对不上，不是真正的表格。只改后缀不行，请用表格软件另存为 .xlsx 再传。"
        ),
        Trouble.OLD_EXCEL: _("这是旧版 Excel 的 .xls 文件，请打开后另存为“.xlsx”再传。"),
        Trouble.ENCRYPTED: _("这个表格加了打开密码，请去掉密码、另存后再传。"),
        Trouble.MACROS: _("这个表格里有宏或控件，请另存为不带宏的“.xlsx”再传。"),
        Trouble.EXTERNAL_LINKS: _(
            "这个表格引用了别的文件或外部数据，请断开链接、粘贴成数值后另存再传。"
        ),
        Trouble.STRANGE_PARTS: _(
            "这个表格里夹着别的文件或不认识的内容，请把数据复制到新下载的模板里再传。"
        ),
        Trouble.UNFOLDS: _(
            "这个表格展开后大得不正常，没有打开。请把数据复制到新下载的模板里再传。"
        ),
        Trouble.TRUNCATED: _("这个文件不完整，可能没有传完或已损坏，请重新保存后再传。"),
        Trouble.UNREADABLE: _("这个文件打不开，可能已损坏，请用表格软件打开、另存后再传。"),
        Trouble.TOO_HEAVY: _("这个表格处理起来太费力，请拆成几份，或把数据复制到新模板里再传。"),
        Trouble.ENCODING: _(
            "看不懂这个 CSV 的文字编码，请在表格软件里另存为“CSV UTF-8”或 .xlsx 再传。"
        ),
        Trouble.TOO_MANY_ROWS: _(
            "一次最多 %(most)s 行数据，请拆成几份再传。", most=f"{limits.rows:,}"
        ),
        Trouble.TOO_MANY_COLUMNS: _(
            "表格有 %(count)s 列，最多 %(most)s 列。请删掉右边多出来的列，再传。",
            count=_told(about.get("count")),
            most=limits.columns,
        ),
        Trouble.STRAY_CELL: _(
            "单元格 %(ref)s 里有内容，离别的数据太远，请删掉它所在的行再传。",
            ref=_told(about.get("ref")),
        ),
        Trouble.WRONG_SHEET: _(
            "没有找到名为“%(sheet)s”的工作表，文件里有：%(sheets)s。请把工作表改成这个名字再传。",
            sheet=sheet,
            sheets=enumerated(about.get("sheets")) or _("没有可用的工作表"),
        ),
    }
    return Problem(kind, words.get(kind, words[Trouble.UNREADABLE]))


def enumerated(names: object, most: int = MOST_NAMED) -> Words:
    """Join names for a sentence, the first dozen of them."""
    if not isinstance(names, list | tuple):
        return ""
    shown = "、".join(quoted(name) for name in cast("list[object]", names)[:most])
    if len(names) <= most:
        return shown
    return _("%(names)s 等 %(count)s 处", names=shown, count=len(names))


def quoted(typed: object, most: int = 20) -> str:
    """Cut what was typed to what a sentence can hold, without what cannot be seen."""
    text = " ".join(tidy(str(typed)).split())
    return text if len(text) <= most else f"{text[:most]}…"


def _told(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) else quoted(value or "")
