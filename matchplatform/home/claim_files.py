"""What an organisation holds, held and waits for, as a file."""

from collections.abc import Iterator, Sequence

from flask import Blueprint, Response

from matchplatform.access.current import current_actor
from matchplatform.access.guards import requires
from matchplatform.access.policy import Permission
from matchplatform.claims.answers import own_organisation
from matchplatform.claims.models import Claim
from matchplatform.claims.queries import list_all_ended_of, list_joined_of, list_open_of
from matchplatform.claims.signed import list_all_signed_of
from matchplatform.claims.waiting import Place, list_places
from matchplatform.home.list_answers import FORM, MOST_ROWS, answer_list, head_of
from matchplatform.home.list_words import say_claim_state
from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.organisations.models import Organisation
from matchplatform.projects.states import LINE_WORDS
from matchplatform.regions.divisions import name_of
from matchplatform.sheets import Column, Kind, Sheet
from matchplatform.sheets.sheet import Cell

bp = Blueprint("claim_files", __name__)

CLAIMS = (
    Column(_("认领编号")), Column(_("项目编号")), Column(_("项目名称"), width=44),
    Column(_("县")), Column(_("村或单位"), width=20), Column(_("怎么认领")), Column(_("状态")),
    Column(_("合计（元）"), Kind.MONEY_YUAN), Column(_("其中本组织（元）"), Kind.MONEY_YUAN),
    Column(_("预留日期"), Kind.DATE), Column(_("预留到"), Kind.DATE),
    Column(_("提交日期"), Kind.DATE), Column(_("答复日期"), Kind.DATE),
    Column(_("签约日期"), Kind.DATE), Column(_("结束日期"), Kind.DATE), Column(_("原因"), width=40),
)  # fmt: skip
LINES = (
    Column(_("认领编号")), Column(_("项目名称"), width=44), Column(_("状态")),
    Column(_("条目"), width=28), Column(_("种类")), Column(_("数量"), Kind.NUMBER),
    Column(_("单位")), Column(_("单价（元）"), Kind.MONEY_YUAN),
    Column(_("合计（元）"), Kind.MONEY_YUAN),
)  # fmt: skip
PLACES = (
    Column(_("项目编号")), Column(_("项目名称"), width=44), Column(_("县")),
    Column(_("条目"), width=28), Column(_("数量"), Kind.NUMBER), Column(_("单位")),
    Column(_("第几位"), Kind.NUMBER), Column(_("排队日期"), Kind.DATE),
)  # fmt: skip
FOOT = _(
    "预留、待受理、已受理都只是意向，不是签约，两种金额不能相加；岗位等没有单价的条目不计金额。"
)


@bp.get(f"/my/claims/export.{FORM}")
@requires(Permission.MATCHES_VIEW)
def claim_file(form: str) -> Response:
    """Give the claims of one's organisation; the XLSX adds their lines and where it waits."""
    organisation = own_organisation(current_actor())
    found = [
        *list_open_of(organisation.id),
        *list_joined_of(organisation.id),
        *list_all_signed_of(organisation.id, MOST_ROWS),
        *list_all_ended_of(organisation.id, MOST_ROWS),
    ][:MOST_ROWS]
    places = list_places(organisation.id)[:MOST_ROWS]
    head = head_of(organisation.name, len(found))
    waits = Sheet(
        _("排队候补"), PLACES, map(_place, places), head_of(organisation.name, len(places))
    )
    return answer_list(
        form,
        _("我的认领"),
        "claims",
        CLAIMS,
        (_claim(claim, organisation) for claim in found),
        told=organisation.name,
        count=len(found),
        foot=FOOT,
        more=[Sheet(_("认领条目"), LINES, _lines(found), head, FOOT), waits],
    )


def _claim(claim: Claim, organisation: Organisation) -> Sequence[Cell]:
    project = claim.project
    return (
        claim.number, project.number, project.name, name_of(project.region_code), project.place,
        _part(claim, organisation), say_claim_state(claim), claim.value,
        claim.value_for(organisation.id), claim.reserved_at, claim.last_day, claim.submitted_at,
        claim.decided_at, claim.signed_at, claim.ended_at, claim.reason,
    )  # fmt: skip


def _lines(claims: Sequence[Claim]) -> Iterator[Sequence[Cell]]:
    for claim in claims:
        for row in claim.lines:
            yield (
                claim.number, claim.project.name, say_claim_state(claim), row.line.item,
                LINE_WORDS[row.line.kind], row.quantity, row.line.unit, row.unit_price,
                None if row.unit_price is None else row.value,
            )  # fmt: skip


def _place(place: Place) -> Sequence[Cell]:
    line = place.entry.line
    return (
        line.project.number, line.project.name, name_of(line.project.region_code), line.item,
        place.entry.quantity, line.unit, place.ahead + 1, place.entry.joined_at,
    )  # fmt: skip


def _part(claim: Claim, organisation: Organisation) -> Words:
    if claim.organisation_id != organisation.id:
        return _("%(name)s牵头的联合认领", name=claim.organisation.name)
    return _("牵头联合认领") if claim.members else _("独自认领")
