"""What fits whom, as files: projects for one's organisation, organisations for a project."""

from collections.abc import Sequence

from flask import Blueprint, Response, request

from matchplatform.access.current import current_actor
from matchplatform.access.guards import requires
from matchplatform.access.policy import Permission
from matchplatform.claims.answers import own_organisation
from matchplatform.home.list_answers import FORM, MOST_ROWS, answer_list
from matchplatform.home.list_words import GRADES
from matchplatform.invitations.states import STATE_WORDS
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.sectors import SECTOR_WORDS
from matchplatform.matching.candidates import MOST_RANKED, Candidate, list_candidates
from matchplatform.matching.queries import MatchRow, list_all_fitting
from matchplatform.matching.saying import say_cautions, say_reasons, say_record
from matchplatform.matching.weights import LISTED_FROM
from matchplatform.organisations.states import TYPE_WORDS
from matchplatform.projects.models import Project
from matchplatform.projects.queries import get_project
from matchplatform.regions.divisions import name_of
from matchplatform.sheets import Column, Kind
from matchplatform.sheets.sheet import Cell

bp = Blueprint("fit_files", __name__)

MATCHES = (
    Column(_("得分"), Kind.NUMBER), Column(_("合适程度")), Column(_("项目编号")),
    Column(_("项目名称"), width=44), Column(_("类别")), Column(_("县")),
    Column(_("村或单位"), width=20), Column(_("尚缺（元）"), Kind.MONEY_YUAN),
    Column(_("认领截止"), Kind.DATE), Column(_("业务范围得分"), Kind.NUMBER),
    Column(_("类别得分"), Kind.NUMBER), Column(_("地方得分"), Kind.NUMBER),
    Column(_("两边都写到"), width=40),
)  # fmt: skip
CANDIDATES = (
    Column(_("得分"), Kind.NUMBER), Column(_("合适程度")), Column(_("社会组织"), width=40),
    Column(_("统一社会信用代码")), Column(_("组织类型")), Column(_("登记管理机关"), width=24),
    Column(_("理由"), width=48), Column(_("要留意的"), width=48),
    Column(_("在本站认领"), width=40), Column(_("现在的认领")), Column(_("最近一次邀请")),
)  # fmt: skip
FOOT = _("分数由业务范围、类别、地方三项相加，满分 100，只供参考，不影响认领次序。")


@bp.get(f"/matches/export.{FORM}")
@requires(Permission.MATCHES_VIEW)
def match_file(form: str) -> Response:
    """Give what fits one's organisation, with the poor matches where the page shows them."""
    actor = current_actor()
    organisation = own_organisation(actor)
    weak = request.args.get("weak") == "1"
    found = list_all_fitting(actor, organisation, MOST_ROWS, weak=weak)
    told = _("%(name)s，连不太合适的", name=organisation.name) if weak else organisation.name
    return answer_list(
        form, _("合适的项目"), "matches", MATCHES, map(_match, found),
        told=told, count=len(found), foot=FOOT,
    )  # fmt: skip


@bp.get(f"/desk/projects/<string:number>/candidates/export.{FORM}")
@requires(Permission.ORGANISATION_INVITE)
def candidate_file(number: str, form: str) -> Response:
    """Give the organisations that fit a project, with why."""
    actor = current_actor()
    project = get_project(actor, number)
    weak = request.args.get("weak") == "1"
    ranked = list_candidates(actor, project, MOST_RANKED)
    found = [row for row in ranked if weak or row.match.score >= LISTED_FROM]
    told = f"{project.number} {project.name}"
    return answer_list(
        form, _("可以邀请谁"), "candidates", CANDIDATES,
        (_candidate(row, project) for row in found), told=told, count=len(found), foot=FOOT,
    )  # fmt: skip


def _match(row: MatchRow) -> Sequence[Cell]:
    project = row.project
    words, sector, place = row.match.parts
    return (
        row.match.score, GRADES[row.grade], project.number, project.name,
        SECTOR_WORDS[project.sector], name_of(project.region_code), project.place, row.gap,
        project.claim_deadline, words.points, sector.points, place.points,
        str(_("、")).join(share.word for share in words.words),
    )  # fmt: skip


def _candidate(row: Candidate, project: Project) -> Sequence[Cell]:
    body = row.organisation
    return (
        row.match.score, GRADES[row.grade], body.name, body.uscc, TYPE_WORDS[body.org_type],
        body.registration_authority,
        str(_("；")).join(str(words) for words in say_reasons(row, project)),
        "".join(str(words) for words in say_cautions(row, project)), say_record(row),
        row.claim.number if row.claim else "",
        STATE_WORDS[row.invitation.standing] if row.invitation else "",
    )  # fmt: skip
