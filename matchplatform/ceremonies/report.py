"""The report of a ceremony: a paper for the file, and sheets for those who go on counting."""

from collections.abc import Iterable, Sequence

from matchplatform.ceremonies.models import Ceremony
from matchplatform.ceremonies.results import Part, Results
from matchplatform.ceremonies.rows import Row, Totals, Unpriced
from matchplatform.documents import Block, Facts, Heading, Paragraph, SheetOfPaper, Table
from matchplatform.kernel import clock
from matchplatform.kernel.i18n import Words, gettext
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.money import format_number, format_wan
from matchplatform.organisations.states import TYPE_WORDS
from matchplatform.projects.states import LINE_WORDS, SECTOR_WORDS
from matchplatform.regions.divisions import full_name_of, name_of
from matchplatform.sheets import Column, Kind, Sheet
from matchplatform.sheets.sheet import Cell

FOOT = _("金额只计有单价的条目；岗位等没有单价的另列数量，不计金额。签约与意向不相加。")
ROWS = (
    Column(_("序号"), Kind.NUMBER), Column(_("组织"), width=40), Column(_("组织类型")),
    Column(_("项目编号")), Column(_("项目"), width=44), Column(_("县")), Column(_("类别")),
    Column(_("金额（元）"), Kind.MONEY_YUAN), Column(_("不折算的数量"), width=20),
)  # fmt: skip
SIGNED = (*ROWS, Column(_("认领编号")), Column(_("承诺编号")), Column(_("何时签")))
UNSIGNED = (*ROWS, Column(_("认领编号")), Column(_("为什么没有签"), width=40))
PARTS = (
    Column(_("名称"), width=24), Column(_("签约（项）"), Kind.NUMBER),
    Column(_("项目（个）"), Kind.NUMBER), Column(_("组织（家）"), Kind.NUMBER),
    Column(_("金额（元）"), Kind.MONEY_YUAN), Column(_("不折算的数量"), width=20),
    Column(_("没有签（项）"), Kind.NUMBER),
)  # fmt: skip


def unpriced_words(parts: Iterable[Unpriced]) -> str:
    """Write quantities without a price: 12 个岗位、30 人·天人员服务."""
    return "、".join(
        f"{format_number(part.quantity)} {part.unit}{LINE_WORDS[part.kind]}" for part in parts
    )


def report_paper(ceremony: Ceremony, results: Results, *, demo: bool) -> SheetOfPaper:
    """Return the report as a paper."""
    blocks: list[Block] = [
        Facts(_facts(ceremony, results)),
        Paragraph(str(FOOT)),
        *_part_blocks(results),
        Heading(gettext("一、当场签约")),
        _signed_table(results.on_the_day),
        Heading(gettext("二、补签")),
        _signed_table(results.late),
        Heading(gettext("三、没有签约")),
        _unsigned_table((*results.unsigned, *results.pending)),
    ]
    return SheetOfPaper(
        title=gettext("%(title)s签约情况报告", title=ceremony.title),
        subtitle=f"{ceremony.day:%Y-%m-%d} · {ceremony.place}",
        blocks=tuple(blocks),
        number=ceremony.number,
        landscape=True,
        demo=demo,
        dated=clock.today(),
    )


def report_sheets(ceremony: Ceremony, results: Results, *, demo: bool) -> list[Sheet]:
    """Return the report as sheets: what was signed, what was not, and the sums."""
    head: list[Words] = [
        f"{ceremony.number} · {ceremony.day:%Y-%m-%d} · {ceremony.place}",
        gettext("%(day)s 导出", day=f"{clock.now().astimezone(clock.SHANGHAI):%Y-%m-%d %H:%M}"),
        *([gettext("演示数据，均为虚构")] if demo else []),
    ]
    late = {row.entry_id for row in results.late}
    signed = ([*_cells(row), *_signed_cells(row, late)] for row in results.signed)
    unsigned = (
        [*_cells(row), row.claim_number, _why(row)] for row in (*results.unsigned, *results.pending)
    )
    parts = (
        (_("按县"), results.counties),
        (_("按类别"), results.sectors),
        (_("按组织类型"), results.types),
    )
    return [
        Sheet(_("已签约"), SIGNED, signed, [ceremony.title, *head], FOOT),
        Sheet(_("没有签约"), UNSIGNED, unsigned, [ceremony.title, *head], FOOT),
        *(Sheet(words, PARTS, map(_part_cells, found), head, FOOT) for words, found in parts),
    ]


def _facts(ceremony: Ceremony, results: Results) -> tuple[tuple[str, str], ...]:
    total, late = results.total_on_the_day, results.total_late
    facts = [
        (gettext("主办"), ceremony.host),
        (gettext("当场签约"), _sum_words(total)),
        (gettext("补签"), _sum_words(late) if late.claims else gettext("没有")),
        (gettext("没有签约"), gettext("%(n)s 项", n=len(results.unsigned))),
        (gettext("等待补签"), gettext("%(n)s 项", n=len(results.pending))),
    ]
    return tuple((label, text) for label, text in facts if text)


def _sum_words(total: Totals) -> str:
    words: str = gettext(
        "%(claims)s 项，%(projects)s 个项目，%(counties)s 个县，%(units)s 家组织，%(wan)s 万元",
        claims=total.claims,
        projects=total.projects,
        counties=total.counties,
        units=total.organisations,
        wan=format_wan(total.value),
    )
    if total.unpriced:
        words += gettext("；另有 %(parts)s", parts=unpriced_words(total.unpriced))
    return words


def _part_blocks(results: Results) -> Iterable[Block]:
    parts = (
        (gettext("按县"), results.counties),
        (gettext("按类别"), results.sectors),
        (gettext("按组织类型"), results.types),
    )
    heads = (
        gettext("名称"), gettext("签约（项）"), gettext("项目（个）"), gettext("组织（家）"),
        gettext("金额（万元）"), gettext("不折算的数量"), gettext("没有签（项）"),
    )  # fmt: skip
    for words, found in parts:
        rows = tuple(
            (
                str(part.words), str(part.signed.claims), str(part.signed.projects),
                str(part.signed.organisations), format_wan(part.signed.value),
                unpriced_words(part.signed.unpriced), str(part.unsigned),
            )
            for part in found
        )  # fmt: skip
        yield Table(
            heads,
            rows,
            widths=(3, 1, 1, 1, 1.5, 2, 1),
            aligns=("left", "right", "right", "right", "right", "left", "right"),
            caption=words,
        )


def _signed_table(rows: Sequence[Row]) -> Block:
    if not rows:
        return Paragraph(gettext("没有。"))
    heads = (
        gettext("序号"), gettext("组织"), gettext("项目"), gettext("县"),
        gettext("金额（万元）"), gettext("不折算的数量"), gettext("承诺编号"),
    )  # fmt: skip
    return Table(
        heads,
        tuple((*_paper_cells(row), row.commitment_number) for row in rows),
        widths=(0.6, 3, 4, 1.4, 1.2, 1.6, 1.4),
        aligns=("right", "left", "left", "left", "right", "left", "left"),
    )


def _unsigned_table(rows: Sequence[Row]) -> Block:
    if not rows:
        return Paragraph(gettext("没有。"))
    heads = (
        gettext("序号"), gettext("组织"), gettext("项目"), gettext("县"),
        gettext("金额（万元）"), gettext("不折算的数量"), gettext("为什么"),
    )  # fmt: skip
    return Table(
        heads,
        tuple((*_paper_cells(row), str(_why(row))) for row in rows),
        widths=(0.6, 3, 4, 1.4, 1.2, 1.6, 2.4),
        aligns=("right", "left", "left", "left", "right", "left", "left"),
    )


def _paper_cells(row: Row) -> tuple[str, ...]:
    return (
        str(row.place),
        "、".join(row.units),
        row.project,
        name_of(row.region_code),
        format_wan(row.value),
        unpriced_words(row.unpriced),
    )


def _cells(row: Row) -> list[Cell]:
    return [
        row.place,
        "、".join(row.units),
        TYPE_WORDS[row.org_type],
        row.project_number,
        row.project,
        full_name_of(row.region_code),
        SECTOR_WORDS[row.sector],
        row.value,
        unpriced_words(row.unpriced),
    ]


def _signed_cells(row: Row, late: set[int]) -> list[Cell]:
    return [
        row.claim_number,
        row.commitment_number,
        _("补签") if row.entry_id in late else _("当场"),
    ]


def _part_cells(part: Part) -> list[Cell]:
    return [
        part.words,
        part.signed.claims,
        part.signed.projects,
        part.signed.organisations,
        part.signed.value,
        unpriced_words(part.signed.unpriced),
        part.unsigned,
    ]


def _why(row: Row) -> Words:
    if row.reason or row.why:
        return row.reason or row.why
    return _("在补签名单 %(n)s 上，等待补签", n=row.addendum) if row.addendum else ""
