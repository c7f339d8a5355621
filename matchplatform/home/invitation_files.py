"""Invitations as files: those of an officer's region, and those to one's own organisation."""

from collections.abc import Sequence

from flask import Blueprint, Response

from matchplatform.access.current import current_actor
from matchplatform.access.guards import requires
from matchplatform.access.policy import Permission
from matchplatform.home.list_answers import FORM, MOST_ROWS, answer_list
from matchplatform.invitations.queries import Row, list_all_for_desk, list_all_own
from matchplatform.invitations.states import SHOWN_WORDS, STATE_WORDS
from matchplatform.invitations.views import read_shown
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.regions.divisions import name_of
from matchplatform.sheets import Column, Kind
from matchplatform.sheets.sheet import Cell

bp = Blueprint("invitation_files", __name__)

PROJECT = (
    Column(_("项目编号")),
    Column(_("项目名称"), width=44),
    Column(_("县")),
    Column(_("条目"), width=28),
)
GUEST = (Column(_("邀请了谁"), width=36), Column(_("统一社会信用代码")), Column(_("谁邀请的")))
HOST = (Column(_("邀请单位"), width=24),)
ANSWER = (
    Column(_("邀请日期"), Kind.DATE),
    Column(_("答复期限"), Kind.DATE),
    Column(_("状态")),
    Column(_("答复日期"), Kind.DATE),
    Column(_("答复"), width=44),
    Column(_("写给对方的话"), width=44),
    Column(_("当时的理由"), width=44),
    Column(_("之后的认领")),
)
FOOT = _("邀请和有意向都不占数量，也不是承诺。")


@bp.get(f"/desk/invitations/export.{FORM}")
@requires(Permission.INVITATION_READ)
def invitation_file(form: str) -> Response:
    """Give the invitations of the list as a file."""
    shown = read_shown()
    rows = list_all_for_desk(current_actor(), shown, MOST_ROWS)
    return answer_list(
        form,
        _("认领邀请"),
        "invitations",
        (*PROJECT, *GUEST, *ANSWER),
        ((*_project(row), *_guest(row), *_answer(row)) for row in rows),
        told=SHOWN_WORDS[shown] if shown else _("全部"),
        count=len(rows),
        foot=FOOT,
    )


@bp.get(f"/my/invitations/export.{FORM}")
@requires(Permission.INVITATION_ANSWER)
def own_file(form: str) -> Response:
    """Give what one's own organisation was asked."""
    rows = list_all_own(current_actor(), MOST_ROWS)
    return answer_list(
        form,
        _("收到的邀请"),
        "invitations",
        (*PROJECT, *HOST, *ANSWER),
        ((*_project(row), row.invitation.inviting_unit, *_answer(row)) for row in rows),
        told=_("全部"),
        count=len(rows),
        foot=FOOT,
    )


def _project(row: Row) -> Sequence[Cell]:
    invitation = row.invitation
    return (
        invitation.project.number,
        invitation.project.name,
        name_of(invitation.region_code),
        invitation.line.item if invitation.line else "",
    )


def _guest(row: Row) -> Sequence[Cell]:
    invitation = row.invitation
    return (
        invitation.organisation.name,
        invitation.organisation.uscc,
        f"{invitation.inviting_unit} {invitation.invited_by_label}",
    )


def _answer(row: Row) -> Sequence[Cell]:
    invitation = row.invitation
    return (
        invitation.invited_at,
        invitation.last_day,
        STATE_WORDS[invitation.standing],
        invitation.answered_at,
        invitation.answer or invitation.ended_reason,
        invitation.words,
        str(_("；")).join(invitation.reasons),
        row.claim.number if row.claim else "",
    )
