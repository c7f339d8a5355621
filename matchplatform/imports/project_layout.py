"""The table of projects with their lines: a row a line, the project named on each."""

from matchplatform.imports.bundles import choices
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.sectors import SECTOR_WORDS
from matchplatform.projects.states import KIND_WORDS, LINE_WORDS
from matchplatform.sheets import CellType, ColumnSpec, Layout, Month

_T = CellType

OF_PROJECT = (
    ColumnSpec(
        "number",
        _("项目编号"),
        _T.CODE,
        longest=20,
        note=_("改已有的项目时填；新项目留空，系统会给"),
        example="",
    ),
    ColumnSpec(
        "own_key",
        _("自编序号"),
        _T.CODE,
        longest=40,
        note=_("新项目必填，本县自己编，不要重复；同一项目的几行填同一个"),
        example="2020-017",
    ),
    ColumnSpec("county", _("县（市、区）"), longest=40, note=_("只能是本县"), example="张北县"),
    ColumnSpec(
        "name", _("项目名称"), longest=60, note=_("新项目必填"), example="东水泉村小学越冬被褥"
    ),
    ColumnSpec("kind", _("项目类型"), _T.CHOICE, choices=choices(KIND_WORDS), example="项目"),
    ColumnSpec("sector", _("类别"), _T.CHOICE, choices=choices(SECTOR_WORDS), example="教育"),
    ColumnSpec("place", _("村或单位"), longest=40, example="东水泉村"),
    ColumnSpec(
        "scope_text",
        _("实施内容"),
        width=40,
        example="为在校住宿的 186 名学生购置越冬被褥，学校造册发放、签字领取。",
    ),
    ColumnSpec("outcome_target", _("绩效目标"), width=32, example="入冬前全部发到，每人一套。"),
    ColumnSpec("direct_people", _("直接受益人数"), _T.WHOLE, suffixes=("人",), example="186"),
    ColumnSpec("households", _("涉及户数"), _T.WHOLE, suffixes=("户",), example="142"),
    ColumnSpec("person_times", _("服务人次"), _T.WHOLE, suffixes=("人次",), example="2400"),
    ColumnSpec("starts_on", _("开始日期"), _T.DATE, month=Month.FIRST_DAY, example="2020-12-01"),
    ColumnSpec("ends_on", _("结束日期"), _T.DATE, month=Month.LAST_DAY, example="2021-03-31"),
    ColumnSpec(
        "claim_deadline", _("认领截止"), _T.DATE, month=Month.LAST_DAY, example="2020-11-15"
    ),
    ColumnSpec("owner_unit", _("责任单位"), longest=80, example="县教育和体育局"),
    ColumnSpec("supervising_unit", _("监督单位"), longest=80, example="县民政局"),
    ColumnSpec("contact_name", _("联系人"), longest=40, example="某某"),
    ColumnSpec("contact_phone", _("联系电话"), _T.CODE, longest=40, example="0313-0000000"),
    ColumnSpec("batch", _("批次"), longest=40, note=_("已有批次的名称；不分批次就留空")),
)
OF_LINE = (
    ColumnSpec(
        "position",
        _("条目序号"),
        _T.WHOLE,
        note=_("改已有的条目时填它是第几条；留空就按种类和名称找"),
        example="1",
    ),
    ColumnSpec("line_kind", _("条目种类"), _T.CHOICE, choices=choices(LINE_WORDS), example="物资"),
    ColumnSpec("item", _("要什么"), longest=60, example="冬季被褥三件套"),
    ColumnSpec("quantity", _("数量"), _T.NUMBER, places=3, example="240"),
    ColumnSpec("unit", _("单位"), longest=10, example="套"),
    ColumnSpec("unit_price", _("单价（元）"), _T.MONEY, note=_("岗位可以不填"), example="260"),
    ColumnSpec("min_lot", _("起领数量"), _T.NUMBER, places=3, example="10"),
    ColumnSpec("line_note", _("条目说明"), longest=60, example="1.5 米 × 2 米，全棉"),
)
LAYOUT = Layout(
    _("项目"),
    (*OF_PROJECT, *OF_LINE),
    (
        _(
            "一行一个条目。一个项目有几个条目就写几行，每行都填同一个项目编号或自编序号；其余项目内容写在第一行就行。"
        ),
        _("导入的项目都是草稿，要在网页上提交，再由另一位工作人员核验。"),
        _("表里没有的项目和条目不会被删掉。"),
    ),
)
LINE_KEYS = frozenset(column.key for column in OF_LINE)
# Columns of the table -> fields of the verbs, where they are called otherwise.
FIELD_OF = {"batch": "batch_id", "line_kind": "kind", "line_note": "note"}
COLUMN_OF_LINE = {"kind": "line_kind", "note": "line_note"}
DETAIL_KEYS = tuple(
    column.key for column in OF_PROJECT if column.key not in ("number", "own_key", "county")
)
