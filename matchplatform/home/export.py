"""The county table for a spreadsheet."""

from collections.abc import Sequence

from matchplatform.catalogue.export import FIVE, FOOT, five_cells, head_lines
from matchplatform.home.queries import CountyRow
from matchplatform.kernel.i18n import gettext
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.regions.divisions import full_name_of, name_of
from matchplatform.sheets import Column, Kind, Sheet
from matchplatform.sheets.sheet import Cell

COLUMNS = (
    Column(_("区划代码")),
    Column(_("市")),
    Column(_("县")),
    Column(_("全称")),
    Column(_("深度贫困县")),
    Column(_("项目"), Kind.NUMBER),
    Column(_("可认领"), Kind.NUMBER),
    *(Column(_("%(what)s（元）", what=words), Kind.MONEY_YUAN) for words in FIVE),
    Column(_("未脱贫人口（人）"), Kind.NUMBER),
)


def county_sheet(rows: Sequence[CountyRow], site_name: str, *, demo: bool) -> Sheet:
    """Return the counties as a table, the largest gap first; what is kept back stays kept back."""
    return Sheet(
        title=_("各县一览"),
        headings=COLUMNS,
        rows=map(_cells, rows),
        head_lines=head_lines(
            gettext(
                "河北 62 个贫困县，缺口大的在前；未脱贫人口为各县最近一次公布的数，少于 5 人的和会让人推算出来的不公布"
            ),
            gettext("共 %(count)s 个县", count=str(len(rows))),
            site_name,
            demo=demo,
        ),
        foot_line=FOOT,
    )


def _cells(row: CountyRow) -> Sequence[Cell]:
    return (
        row.code,
        name_of(row.code[:4] + "00"),
        name_of(row.code),
        full_name_of(row.code),
        _("是") if row.county is not None and row.county.deep_poverty else "",
        row.projects,
        row.claimable,
        *five_cells(row.figures),
        _poor_cell(row),
    )


def _poor_cell(row: CountyRow) -> Cell:
    if not row.has_poor:
        return _("没有公布")
    return row.poor if row.poor is not None else _("不公布")
