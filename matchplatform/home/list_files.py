"""Lists of the desk and of one's own as files: projects, organisations, trail, notices, members."""

from collections.abc import Sequence
from datetime import date

from flask import Blueprint, Response, request

from matchplatform.access.actor import ROLE_WORDS, Role
from matchplatform.access.current import current_actor
from matchplatform.access.guards import requires, signed_in
from matchplatform.access.policy import Permission
from matchplatform.audit.actions import words_of as action_words
from matchplatform.audit.forms import FilterForm
from matchplatform.audit.models import AuditEntry
from matchplatform.audit.queries import list_all_entries
from matchplatform.catalogue.export import told_time
from matchplatform.claims.answers import own_organisation
from matchplatform.home.list_answers import FORM, MOST_ROWS, answer_list
from matchplatform.home.list_queries import list_all_notices, list_projects_here
from matchplatform.home.list_words import ORGANISATION_STATES, PROJECT_STATES
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.sectors import SECTOR_WORDS
from matchplatform.notifications.models import Notice
from matchplatform.notifications.words import words_of
from matchplatform.organisations.membership_queries import list_all_members
from matchplatform.organisations.membership_states import MEMBERSHIP_WORDS
from matchplatform.organisations.models import Membership, Organisation
from matchplatform.organisations.queries import list_registered_here
from matchplatform.organisations.states import TYPE_WORDS
from matchplatform.projects.models import Project
from matchplatform.projects.states import ProjectState
from matchplatform.regions.divisions import full_name_of
from matchplatform.sheets import Column, Kind
from matchplatform.sheets.sheet import Cell

bp = Blueprint("list_files", __name__)

PROJECTS = (
    Column(_("编号")), Column(_("名称"), width=40), Column(_("类别")), Column(_("县（市、区）")),
    Column(_("村或单位"), width=20), Column(_("状态")), Column(_("申报（元）"), Kind.MONEY_YUAN),
    Column(_("尚缺（元）"), Kind.MONEY_YUAN), Column(_("写下日期"), Kind.DATE),
    Column(_("发布日期"), Kind.DATE), Column(_("认领截止"), Kind.DATE),
)  # fmt: skip
ORGANISATIONS = (
    Column(_("名称"), width=40), Column(_("统一社会信用代码")), Column(_("组织类型")),
    Column(_("登记管理机关"), width=24), Column(_("状态")), Column(_("评估等级")),
    Column(_("年度预算（元）"), Kind.MONEY_YUAN), Column(_("证书有效期到"), Kind.DATE),
    Column(_("提交日期"), Kind.DATE), Column(_("核验日期"), Kind.DATE),
)  # fmt: skip
TRAIL = (
    Column(_("序号"), Kind.NUMBER), Column(_("时间")), Column(_("谁"), width=20),
    Column(_("身份")), Column(_("办了什么"), width=24), Column(_("对什么"), width=40),
    Column(_("编号")), Column(_("原因"), width=40), Column(_("从哪里")), Column(_("指纹"), width=40),
)  # fmt: skip
NOTICES = (
    Column(_("时间")), Column(_("内容"), width=60), Column(_("网址"), width=32), Column(_("看过")),
)  # fmt: skip
MEMBERS = (
    Column(_("姓名")), Column(_("用户名")), Column(_("签署人")), Column(_("状态")),
    Column(_("从哪天起"), Kind.DATE), Column(_("到哪天"), Kind.DATE), Column(_("结束日期"), Kind.DATE),
)  # fmt: skip


@bp.get(f"/desk/projects/export.{FORM}")
@requires(Permission.PROJECT_READ_UNPUBLISHED)
def project_file(form: str) -> Response:
    """Give the projects of the officer's region."""
    state = read_state(request.args.get("state", ""))
    told = PROJECT_STATES[state] if state else _("全部")
    found = list_projects_here(current_actor(), state, MOST_ROWS)
    return answer_list(
        form, _("本地区的项目"), "desk-projects", PROJECTS, map(_project, found),
        told=told, count=len(found),
    )  # fmt: skip


@bp.get(f"/desk/organisations/export.{FORM}")
@requires(Permission.ORGANISATION_REVIEW)
def organisation_file(form: str) -> Response:
    """Give the organisations registered here."""
    words = request.args.get("q", "").strip()[:80]
    found = list_registered_here(current_actor(), words)[:MOST_ROWS]
    rows = map(_organisation, found)
    return answer_list(
        form,
        _("本地登记的组织"),
        "organisations",
        ORGANISATIONS,
        rows,
        told=words or _("全部"),
        count=len(found),
    )


@bp.get(f"/audit/export.{FORM}")
@requires(Permission.AUDIT_READ)
def trail_file(form: str) -> Response:
    """Give the trail as far as it fits the filter."""
    typed = FilterForm(request.args)
    typed.action.choices = []
    typed.validate()
    wanted = typed.wanted()
    found = list_all_entries(current_actor(), wanted, MOST_ROWS)
    parts = (
        wanted.words,
        action_words(wanted.action) if wanted.action else "",
        wanted.since,
        wanted.until,
    )
    told = " · ".join(str(part) for part in parts if part) or _("全部")
    rows = map(_entry, found)
    return answer_list(form, _("审计"), "audit", TRAIL, rows, told=told, count=len(found))


@bp.get(f"/notices/export.{FORM}")
@signed_in
def notice_file(form: str) -> Response:
    """Give one's own notices."""
    found = list_all_notices(current_actor(), MOST_ROWS)
    title, rows = _("通知"), map(_notice, found)
    return answer_list(form, title, "notices", NOTICES, rows, told=_("全部"), count=len(found))


@bp.get(f"/my/members/export.{FORM}")
@requires(Permission.ORGANISATION_EDIT)
def member_file(form: str) -> Response:
    """Give who acts, or acted, for one's organisation."""
    organisation = own_organisation(current_actor())
    found = list_all_members(organisation.id)
    rows = map(_member, found)
    return answer_list(
        form, _("经办人和签署人"), "members", MEMBERS, rows,
        told=organisation.name, count=len(found),
    )  # fmt: skip


def read_state(asked: str) -> ProjectState | None:
    """Read which projects a list is asked for; anything odd is all of them."""
    return ProjectState(asked) if asked in set(ProjectState) else None


def _project(project: Project) -> Sequence[Cell]:
    return (
        project.number, project.name, SECTOR_WORDS[project.sector],
        full_name_of(project.region_code), project.place, PROJECT_STATES[project.status],
        project.value_needed, project.value_gap, project.created_at, project.published_at,
        project.claim_deadline,
    )  # fmt: skip


def _organisation(one: Organisation) -> Sequence[Cell]:
    return (
        one.name, one.uscc, TYPE_WORDS[one.org_type], one.registration_authority,
        ORGANISATION_STATES[one.status], one.grade, one.annual_budget,
        one.certificate_expires_on, one.submitted_at, one.verified_at,
    )  # fmt: skip


def _entry(entry: AuditEntry) -> Sequence[Cell]:
    role = ROLE_WORDS[Role(entry.actor_role)]
    return (
        entry.seq, told_time(entry.at), entry.actor_label, role, action_words(entry.action),
        entry.subject_label, entry.subject_id, entry.reason, entry.address, entry.hash,
    )  # fmt: skip


def _notice(notice: Notice) -> Sequence[Cell]:
    seen = _("是") if notice.read_at else _("否")
    return told_time(notice.created_at), words_of(notice), notice.url, seen


def _member(row: Membership) -> Sequence[Cell]:
    until: date | None = row.expires_on
    return (
        row.user.display_name, row.user.username, _("是") if row.is_signer else _("否"),
        MEMBERSHIP_WORDS[row.standing], row.since, until, row.ended_on,
    )  # fmt: skip
