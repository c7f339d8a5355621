"""The table of people not out of poverty for a spreadsheet; what is kept back stays kept back."""

from collections.abc import Iterator, Sequence

from matchplatform.catalogue.export import head_lines
from matchplatform.home.distribution import Distribution
from matchplatform.kernel.i18n import Words, gettext
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.regions.columns import CAUSES, COLUMNS, NEEDS
from matchplatform.regions.divisions import name_of
from matchplatform.regions.quarters import quarter_words
from matchplatform.sheets import Column, Kind, Sheet
from matchplatform.sheets.sheet import Cell

WHY = _(
    "“不公布”是少于 5 人（户）的数，和为了不让人用合计推算出它们而一起不公布的数，不等于 0。"
    "致贫原因一人算一个，需要的帮助一人可以有几项、不能相加；人和户不能相加。"
)


def distribution_sheet(page: Distribution, site_name: str, *, demo: bool) -> Sheet:
    """Return the counties of the page as a table, their total at the end."""
    return Sheet(
        title=_("未脱贫人口"),
        headings=_columns(page),
        rows=_rows(page),
        head_lines=head_lines(
            _told(page),
            gettext("共 %(count)s 个县", count=str(len(page.counties))),
            site_name,
            demo=demo,
            note=gettext("“不公布”是少于 5 人（户），或为防止推算，不等于 0"),
        ),
        foot_line=WHY,
    )


def _told(page: Distribution) -> str:
    asked = page.asked
    parts = [str(quarter_words(asked.quarter))] if asked.quarter else []
    parts.append(name_of(asked.city) if asked.city else gettext("已公布的各市"))
    if asked.cause:
        parts.append(str(CAUSES[asked.cause]))
    return str(gettext("河北各县未脱贫人口：%(told)s", told=str(_("，")).join(parts)))


def _names(page: Distribution) -> list[str]:
    """List the columns of the table: of the causes only the one that was asked for."""
    cause = page.asked.cause
    return [name for name in COLUMNS if not cause or name not in CAUSES or name == cause]


def _columns(page: Distribution) -> Sequence[Column]:
    return (
        Column(_("区划代码")),
        Column(_("市")),
        Column(_("县")),
        Column(_("季度")),
        Column(_("截至"), Kind.DATE),
        *(Column(_heading(name), Kind.NUMBER) for name in _names(page)),
        Column(_("可认领项目"), Kind.NUMBER),
        Column(_("意向（元）"), Kind.MONEY_YUAN),
        Column(_("签约（元）"), Kind.MONEY_YUAN),
        Column(_("尚缺（元）"), Kind.MONEY_YUAN),
        Column(_("数的出处"), width=28),
    )


def _heading(name: str) -> Words:
    if name in CAUSES:
        return _("%(what)s（人）", what=CAUSES[name])
    if name in NEEDS:
        return _("需要%(what)s（人）", what=NEEDS[name])
    return COLUMNS[name]


def _rows(page: Distribution) -> Iterator[Sequence[Cell]]:
    names = _names(page)
    for county in page.counties:
        yield (
            county.code,
            name_of(county.code[:4] + "00"),
            name_of(county.code),
            county.public.quarter,
            county.public.as_of,
            *(_cell(county.counts[name]) for name in names),
            county.help.open,
            county.help.figures.intended,
            county.help.figures.signed,
            county.help.figures.gap,
            county.public.source,
        )
    if page.counties:
        totals = (_cell(page.total[name]) for name in names)
        yield ("", "", _("合计"), page.asked.quarter, None, *totals, None, None, None, None, "")


def _cell(count: int | None) -> Cell:
    return count if count is not None else _("不公布")
