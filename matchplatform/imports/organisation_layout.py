"""The table of organisations: a row an organisation."""

from matchplatform.imports.bundles import choices
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.organisations.services import GRADES
from matchplatform.organisations.states import TYPE_WORDS
from matchplatform.sheets import CellType, ColumnSpec, Layout

_T = CellType

LAYOUT = Layout(
    _("社会组织"),
    (
        ColumnSpec(
            "uscc",
            _("统一社会信用代码"),
            _T.USCC,
            needed=True,
            width=24,
            # Source: the specimen of GB 32100-2015 on which people try the check digit.
            example="53130000DQEGJAM0E0",
        ),
        ColumnSpec("name", _("组织全称"), needed=True, longest=80, example="某某公益基金会"),
        ColumnSpec(
            "org_type",
            _("组织类型"),
            _T.CHOICE,
            needed=True,
            choices=choices(TYPE_WORDS),
            example="基金会",
        ),
        ColumnSpec(
            "registration_authority",
            _("登记管理机关"),
            needed=True,
            longest=80,
            example="张北县民政局",
        ),
        ColumnSpec(
            "registration_region",
            _("登记地区"),
            needed=True,
            longest=40,
            note=_("登记管理机关所在的地区，写名称或六位区划代码"),
            example="张北县",
        ),
        ColumnSpec(
            "supervising_body", _("业务主管单位"), needed=True, longest=80, example="张北县民政局"
        ),
        ColumnSpec("legal_rep", _("法定代表人"), needed=True, longest=40, example="某某"),
        ColumnSpec(
            "business_scope",
            _("业务范围"),
            needed=True,
            note=_("照章程写，至少 20 个字"),
            example="资助乡村学校改善住宿与取暖条件，捐赠图书和被褥，支持驻校社会工作。",
        ),
        ColumnSpec(
            "mission",
            _("宗旨"),
            needed=True,
            note=_("照章程写，至少 20 个字"),
            example="让山区寄宿的孩子冬天有热水、有人陪，读得上书，走得出山。",
        ),
        ColumnSpec("annual_budget", _("年度预算（元）"), _T.MONEY, needed=True, example="50万"),
        ColumnSpec(
            "grade",
            _("评估等级"),
            _T.CHOICE,
            choices={grade: grade for grade in GRADES if grade},
            example="3A",
        ),
        ColumnSpec("is_charity", _("慈善组织"), _T.YES_NO, example="是"),
        ColumnSpec("can_fundraise_publicly", _("公募资格"), _T.YES_NO, example="否"),
        ColumnSpec(
            "focus_sectors",
            _("关注的类别"),
            longest=80,
            note=_("用顿号分开，例如：教育、健康"),
            example="教育、健康",
        ),
    ),
    (
        _("一行一家。只能录登记在您这里的组织。"),
        _("录入后等着核验，由另一位工作人员核验；已经核验或有了经办人的组织，这里不能改。"),
        _("表里没有的组织不会被删掉。"),
    ),
)
