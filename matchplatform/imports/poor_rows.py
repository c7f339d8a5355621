"""People not out of poverty, by county and quarter."""

from collections.abc import Sequence
from datetime import date
from typing import Any, cast

from matchplatform.access.actor import Actor
from matchplatform.access.policy import Permission, permits
from matchplatform.imports.bundles import Bundle, Head, Judged, bad, repeats
from matchplatform.imports.models import ImportRow
from matchplatform.imports.packing import sure_day
from matchplatform.imports.places import find_regions
from matchplatform.imports.showing import show
from matchplatform.imports.states import ImportKind, RowState
from matchplatform.kernel.errors import InvalidInput
from matchplatform.kernel.i18n import gettext
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.reasons import clean_reason
from matchplatform.regions.columns import CAUSES, NEEDS, PEOPLE, TYPED
from matchplatform.regions.divisions import name_of, poverty_counties
from matchplatform.regions.figures import LONGEST_SOURCE, CountyFigures, checked, find_questions
from matchplatform.regions.models import PoorFigures
from matchplatform.regions.quarters import find_quarter, quarter_words
from matchplatform.regions.queries import Place, find_before, find_latest, was_published
from matchplatform.regions.services import record_figures
from matchplatform.sheets import CellType, ColumnSpec, Layout, Problem, ReadRow

_T = CellType

_NOTES = {
    **dict.fromkeys(CAUSES, _("主要致贫原因，填人数；各项加起来等于未脱贫人口")),
    **dict.fromkeys(NEEDS, _("有这样需要的人数；一个人可以有几样")),
}
# The numbers of an invented county, which add up as they must.
_EXAMPLE = dict(
    zip(
        TYPED,
        "120 60 70 20 5 10 5 0 10 8 70 12 6 30 25 20 210 160 18 26 11 15".split(),
        strict=True,
    )
)

LAYOUT = Layout(
    _("未脱贫人口"),
    (
        ColumnSpec("county", _("县（市、区）"), needed=True, longest=40, example="张北县"),
        ColumnSpec("quarter", _("季度"), _T.QUARTER, needed=True, example="2020Q1"),
        *(
            ColumnSpec(
                key,
                words,
                _T.WHOLE,
                needed=key == PEOPLE,
                suffixes=("人", "户"),
                note=_NOTES.get(key, ""),
                example=_EXAMPLE[key],
            )
            for key, words in TYPED.items()
        ),
        ColumnSpec("as_of", _("截至日期"), _T.DATE, needed=True, example="2020-03-31"),
        ColumnSpec(
            "source", _("数据来源"), needed=True, longest=LONGEST_SOURCE, example="县扶贫信息系统"
        ),
        ColumnSpec("reason", _("更正原因"), longest=300, note=_("改已经公布的数时必填")),
        ColumnSpec(
            "confirmed", _("变化已核对"), _T.YES_NO, note=_("和上一季度差得很多时，核对后填“是”")
        ),
    ),
    (
        _("一个县一个季度一行。各项致贫原因加起来要等于未脱贫人口。"),
        _("导入的数先只有工作人员看得到，公布要另外办理。"),
    ),
)


class PoorRows:
    """The adapter of people not out of poverty."""

    kind = ImportKind.POOR_PEOPLE
    alone = True
    waiting = ""

    def may(self, actor: Actor) -> bool:
        """Tell whether any poverty county lies where this officer works."""
        return any(
            permits(actor, Permission.POOR_PEOPLE_RECORD, Place(code))
            for code in poverty_counties()
        )

    def layout(self) -> Layout:
        """Return the table of figures."""
        return LAYOUT

    def key_of(self, row: ReadRow) -> str:
        """Return county and quarter."""
        county, quarter = row.values.get("county"), row.values.get("quarter")
        found = find_regions(str(county)) if county else []
        return f"{found[0]}/{quarter}" if len(found) == 1 and quarter else ""

    def judge(self, actor: Actor, head: Head, bundles: Sequence[Bundle]) -> list[Judged]:
        """Compare with the latest revision of each."""
        return [_judge(actor, head, bundle) for bundle in bundles]

    def apply(self, actor: Actor, row: ImportRow) -> str:
        """Record the figures as a new revision."""
        kept = row.content
        record_figures(
            actor=actor,
            region_code=kept["county"],
            quarter=kept["quarter"],
            figures=CountyFigures(kept["counts"], sure_day(kept["as_of"]), kept["source"]),
            version=row.target_version or 0,
            reason=kept["reason"],
            confirmed=bool(kept["confirmed"]),
        )
        return ""


def _judge(actor: Actor, head: Head, bundle: Bundle) -> Judged:
    first = bundle.first
    problems = [*bundle.problems, *repeats(head, bundle, "county")]
    county, quarter = _county(actor, head, first, problems), _quarter(head, first, problems)
    title = f"{first.values.get('county') or ''} {first.values.get('quarter') or ''}".strip()
    title = title or gettext("第 %(row)s 行", row=first.number)
    if problems:
        return bad(bundle, title, problems)
    title = f"{name_of(county)} {quarter_words(quarter)}"
    latest = find_latest(county, quarter)
    counts = {
        key: int(_kept(head, first, latest, key) or 0)  # type: ignore[call-overload]
        for key in TYPED
    }
    as_of = cast(date, first.values["as_of"])
    figures = CountyFigures(counts, as_of, str(first.values["source"]))
    try:
        columns = checked(county, quarter, figures)
    except InvalidInput as error:
        wrong = [
            head.problem(first.number, key, str(words).rstrip("。"))
            for key, words in error.fields.items()
        ]
        return bad(bundle, title, wrong)
    changes = [] if latest is None else _changes(head, latest, columns)
    problems = [] if latest and not changes else _questions(head, first, county, quarter, counts)
    if changes and was_published(county, quarter) and not _has_reason(first):
        words = _("这个季度已经公布，改数要写明更正原因，至少五个字")
        problems.append(head.problem(first.number, "reason", words))
    if problems:
        return bad(bundle, title, problems)
    content = {
        "county": county,
        "quarter": quarter,
        "counts": counts,
        "as_of": figures.as_of.isoformat(),
        "source": figures.source,
        "reason": str(first.values.get("reason") or ""),
        "confirmed": bool(first.values.get("confirmed")),
    }
    status = RowState.NEW
    if latest is not None:
        status = RowState.CHANGED if changes else RowState.UNCHANGED
    version = latest.revision if latest else 0
    return Judged(bundle, status, title, (), changes, content, f"{county}/{quarter}", version)


def _has_reason(row: ReadRow) -> bool:
    try:
        clean_reason(str(row.values.get("reason") or ""))
    except InvalidInput:
        return False
    return True


def _kept(head: Head, row: ReadRow, latest: PoorFigures | None, key: str) -> object:
    # A column that the file lacks leaves what is there as it is.
    if key not in head.letters and latest is not None:
        return getattr(latest, key)
    return row.values.get(key)


def _county(actor: Actor, head: Head, row: ReadRow, problems: list[Problem]) -> str:
    typed = str(row.values.get("county") or "")
    found = [code for code in find_regions(typed) if code in poverty_counties()]
    if not typed:
        return ""
    if len(found) != 1:
        words = _("“%(typed)s”不是名单上的贫困县，请写县名或六位区划代码", typed=typed)
    elif not permits(actor, Permission.POOR_PEOPLE_RECORD, Place(found[0])):
        words = _("“%(typed)s”不是您的辖区，不能由您填", typed=typed)
    else:
        return found[0]
    problems.append(head.problem(row.number, "county", words))
    return ""


def _quarter(head: Head, row: ReadRow, problems: list[Problem]) -> str:
    typed = str(row.values.get("quarter") or "")
    if typed and not find_quarter(typed):
        words = _("看不懂季度“%(typed)s”，请按 2019Q4 这样写", typed=typed)
        problems.append(head.problem(row.number, "quarter", words))
    return typed


def _questions(
    head: Head, row: ReadRow, county: str, quarter: str, counts: dict[str, int]
) -> list[Problem]:
    if row.values.get("confirmed"):
        return []
    asked = find_questions(county, counts, find_before(county, quarter))
    if not asked:
        return []
    # The cell to fill in is where they are told, one by one.
    told = [*asked, _("以上核对无误的，请在“变化已核对”一列填“是”")]
    return [head.problem(row.number, "confirmed", words) for words in told]


def _changes(
    head: Head, latest: PoorFigures, columns: dict[str, Any]
) -> list[tuple[str, str, str]]:
    return [
        (str(head.layout.column(key).words), show(was, {}), show(will, {}))
        for key, will in columns.items()
        if (was := getattr(latest, key)) != will
    ]
