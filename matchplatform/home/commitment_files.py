"""Commitments as files: an organisation's own, and those of an office."""

from collections.abc import Iterator, Sequence

from flask import Blueprint, Response

from matchplatform.access.current import current_actor
from matchplatform.access.guards import requires
from matchplatform.access.policy import Permission
from matchplatform.commitments.commitment_views import read_words
from matchplatform.commitments.models import Commitment
from matchplatform.commitments.promised import list_promises
from matchplatform.commitments.queries import list_all_commitments
from matchplatform.commitments.states import COMMITMENT_WORDS
from matchplatform.commitments.terms import read_day
from matchplatform.home.list_answers import FORM, MOST_ROWS, answer_list, head_of
from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.projects.states import LINE_WORDS
from matchplatform.regions.divisions import name_of
from matchplatform.sheets import Column, Kind, Sheet
from matchplatform.sheets.sheet import Cell

bp = Blueprint("commitment_files", __name__)

COMMITMENTS = (
    Column(_("承诺编号")), Column(_("协议编号"), width=30), Column(_("社会组织"), width=44),
    Column(_("项目编号")), Column(_("项目名称"), width=44), Column(_("县")),
    Column(_("签约日期"), Kind.DATE), Column(_("在哪里签的"), width=36), Column(_("状态")),
    Column(_("开始日期"), Kind.DATE), Column(_("结束日期"), Kind.DATE),
    Column(_("撤销日期"), Kind.DATE), Column(_("原因"), width=40),
    Column(_("协议校验码 SHA-256"), width=66),
)  # fmt: skip
LINES = (
    Column(_("承诺编号")), Column(_("社会组织"), width=44), Column(_("项目名称"), width=44),
    Column(_("状态")), Column(_("种类")), Column(_("条目"), width=28),
    Column(_("数量"), Kind.NUMBER), Column(_("单位")), Column(_("折合金额（元）"), Kind.MONEY_YUAN),
)  # fmt: skip
FOOT = _("捐款、捐物、服务、采购、岗位分开记，不同单位的数量不相加；没有单价的条目不折算金额。")


@bp.get(f"/my/commitments/export.{FORM}")
@requires(Permission.MATCHES_VIEW)
def own_file(form: str) -> Response:
    """Give what one's own organisation has promised."""
    return _answer(form, _("我们的承诺"))


@bp.get(f"/desk/commitments/export.{FORM}")
@requires(Permission.COMMITMENT_FOLLOW)
def desk_file(form: str) -> Response:
    """Give the commitments of the list as a file."""
    return _answer(form, _("签约的承诺"))


def _answer(form: str, title: Words) -> Response:
    words = read_words()
    found = list_all_commitments(current_actor(), MOST_ROWS, words)
    told = _("找“%(words)s”", words=words) if words else _("全部")
    return answer_list(
        form,
        title,
        "commitments",
        COMMITMENTS,
        map(_commitment, found),
        told=told,
        count=len(found),
        foot=FOOT,
        more=[Sheet(_("承诺条目"), LINES, _lines(found), head_of(told, len(found)), FOOT)],
    )


def _commitment(commitment: Commitment) -> Sequence[Cell]:
    claim, agreement = commitment.claim, commitment.agreement
    return (
        commitment.number, agreement.number, claim.organisation.name, claim.project.number,
        claim.project.name, name_of(claim.region_code), commitment.signed_at,
        commitment.occasion or _("会外签约"), COMMITMENT_WORDS[commitment.status],
        read_day(agreement.terms.get("starts_on", "")),
        read_day(agreement.terms.get("ends_on", "")),
        commitment.ended_at, commitment.reason, agreement.sha256,
    )  # fmt: skip


def _lines(commitments: Sequence[Commitment]) -> Iterator[Sequence[Cell]]:
    for commitment in commitments:
        for promise in list_promises(commitment.claim):
            for group in promise.groups:
                for line in group.lines:
                    yield (
                        commitment.number, promise.organisation, commitment.claim.project.name,
                        COMMITMENT_WORDS[commitment.status], LINE_WORDS[group.kind], line.item,
                        line.quantity, line.unit, line.value,
                    )  # fmt: skip
