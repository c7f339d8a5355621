"""The list of projects and its lines as tables for a spreadsheet."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import TypeVar

from matchplatform.catalogue.facets import STATE_WORDS
from matchplatform.catalogue.lines import list_public_lines
from matchplatform.catalogue.rows import Availability, ProjectRow
from matchplatform.claims.figures import Figures
from matchplatform.claims.queries import sum_claimed
from matchplatform.kernel import clock
from matchplatform.kernel.i18n import Words, gettext
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.projects.states import KIND_WORDS, LINE_WORDS, SECTOR_WORDS
from matchplatform.regions.divisions import full_name_of, name_of
from matchplatform.sheets import Column, Kind, Sheet
from matchplatform.sheets.sheet import Cell

Key = TypeVar("Key")

AVAILABILITY_WORDS: dict[Availability, Words] = {
    Availability.PARTLY: _("部分已认领"),
    **{state: STATE_WORDS[state] for state in Availability if state in STATE_WORDS},
}
FIVE = (_("需要"), _("意向"), _("签约"), _("交付"), _("确认"), _("尚缺"), _("超额"))
FOOT = _(
    "需要、意向、签约、交付、确认五个数分开列，从不相加；超额单列，不抵其他条目。"
    "人、户、人次是三种数，不能相加。"
)
PROJECT_COLUMNS = (
    Column(_("编号")),
    Column(_("名称"), width=44),
    Column(_("类型")),
    Column(_("类别")),
    Column(_("市")),
    Column(_("县")),
    Column(_("村、学校或单位")),
    Column(_("现在能否认领")),
    Column(_("认领截止"), Kind.DATE),
    *(Column(_("%(what)s（元）", what=words), Kind.MONEY_YUAN) for words in FIVE),
    Column(_("直接受益（人）"), Kind.NUMBER),
    Column(_("涉及（户）"), Kind.NUMBER),
    Column(_("服务量（人次）"), Kind.NUMBER),
    Column(_("发布日期"), Kind.DATE),
    Column(_("网页"), Kind.LINK),
)
LINE_COLUMNS = (
    Column(_("编号")),
    Column(_("项目名称"), width=44),
    Column(_("县")),
    Column(_("条目"), width=28),
    Column(_("种类")),
    Column(_("规格说明"), width=28),
    Column(_("单位")),
    Column(_("单价（元）"), Kind.MONEY_YUAN),
    Column(_("起认数量"), Kind.NUMBER),
    *(Column(words, Kind.NUMBER) for words in FIVE),
)


def project_sheet(rows: Sequence[ProjectRow], head: Sequence[Words], base_url: str) -> Sheet:
    """Return the projects as a table, money in yuan, with the address of each page."""
    return Sheet(
        title=_("项目与需求"),
        headings=PROJECT_COLUMNS,
        rows=_project_rows(rows, base_url),
        head_lines=head,
        foot_line=FOOT,
    )


def line_sheet(rows: Sequence[ProjectRow], head: Sequence[Words]) -> Sheet:
    """Return the lines of the projects as a table, quantities in each line's own unit."""
    return Sheet(
        title=_("需求条目"),
        headings=LINE_COLUMNS,
        rows=_line_rows(rows),
        head_lines=head,
        foot_line=FOOT,
    )


def head_lines(
    told: Words, count: Words, site_name: str, *, demo: bool, note: Words = ""
) -> list[Words]:
    """Return what stands over a table: what was asked, how much, when, whose, and whether invented."""
    lines = [
        told,
        gettext("%(count)s，%(at)s 导出自%(site)s", count=count, at=told_time(), site=site_name),
    ]
    if note:
        lines.append(note)
    if demo:
        lines.append(gettext("演示数据：项目、机构、人员和金额均为虚构"))
    return lines


def told_time(at: datetime | None = None) -> str:
    """Write a moment as paper keeps it: 2026-11-23 16:20, Shanghai time."""
    return f"{(at or clock.now()).astimezone(clock.SHANGHAI):%Y-%m-%d %H:%M}"


def five_cells(figures: Figures) -> tuple[Decimal, ...]:
    """Return the five numbers, then what is missing and what is over."""
    return (
        figures.needed,
        figures.intended,
        figures.signed,
        figures.delivered,
        figures.confirmed,
        figures.gap,
        figures.over,
    )


def _project_rows(rows: Sequence[ProjectRow], base_url: str) -> Iterator[Sequence[Cell]]:
    # Translated once, not once a row: that was a third of the time.
    kinds, sectors, states = _said(KIND_WORDS), _said(SECTOR_WORDS), _said(AVAILABILITY_WORDS)
    for row in rows:
        yield (
            row.number,
            row.name,
            kinds[row.kind],
            sectors[row.sector],
            name_of(row.city_code),
            name_of(row.region_code),
            row.place,
            states[row.availability],
            row.claim_deadline,
            *five_cells(row.figures),
            row.direct_people,
            row.households,
            row.person_times,
            row.published_at,
            f"{base_url.rstrip('/')}/projects/{row.number}",
        )


def _line_rows(rows: Sequence[ProjectRow]) -> Iterator[Sequence[Cell]]:
    lines = list_public_lines()
    claimed = sum_claimed()
    kinds = _said(LINE_WORDS)
    for row in rows:
        for line in lines.get(row.id, ()):
            yield (
                row.number,
                row.name,
                full_name_of(row.region_code),
                line.item,
                kinds[line.kind],
                line.note,
                line.unit,
                line.unit_price,
                line.min_lot,
                *five_cells(claimed.of(line)),
            )


def _said(table: Mapping[Key, Words]) -> dict[Key, str]:
    return {key: str(words) for key, words in table.items()}
