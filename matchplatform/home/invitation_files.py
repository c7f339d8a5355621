"""The officers' list of invitations as a file."""

from collections.abc import Sequence

from flask import Blueprint, Response, current_app

from matchplatform.access.current import current_actor
from matchplatform.access.guards import requires
from matchplatform.access.policy import Permission
from matchplatform.catalogue.answers import answer_sheets
from matchplatform.catalogue.export import head_lines
from matchplatform.config.settings import Settings
from matchplatform.invitations.queries import Row, list_all_for_desk
from matchplatform.invitations.states import SHOWN_WORDS, STATE_WORDS
from matchplatform.invitations.views import read_shown
from matchplatform.kernel import facts
from matchplatform.kernel.i18n import gettext
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.money import format_number
from matchplatform.regions.divisions import name_of
from matchplatform.sheets import Column, Kind, Sheet
from matchplatform.sheets.sheet import Cell

bp = Blueprint("invitation_files", __name__)

MOST_ROWS = 10_000
COLUMNS = (
    Column(_("项目编号")),
    Column(_("项目名称"), width=44),
    Column(_("县")),
    Column(_("条目"), width=28),
    Column(_("邀请了谁"), width=36),
    Column(_("统一社会信用代码")),
    Column(_("谁邀请的")),
    Column(_("邀请日期"), Kind.DATE),
    Column(_("答复期限"), Kind.DATE),
    Column(_("状态")),
    Column(_("答复日期"), Kind.DATE),
    Column(_("答复"), width=44),
    Column(_("写给对方的话"), width=44),
    Column(_("当时的理由"), width=44),
    Column(_("之后的认领")),
)


@bp.get("/desk/invitations/export.<any(xlsx,csv):form>")
@requires(Permission.INVITATION_READ)
def invitation_file(form: str) -> Response:
    """Give the invitations of the list as a file."""
    settings: Settings = current_app.extensions["settings"]
    shown = read_shown()
    rows = list_all_for_desk(current_actor(), shown, MOST_ROWS)
    sheet = Sheet(
        title=_("认领邀请"),
        headings=COLUMNS,
        rows=map(_cells, rows),
        head_lines=head_lines(
            gettext("条件：%(told)s", told=SHOWN_WORDS[shown] if shown else _("全部")),
            gettext("共 %(count)s 份", count=format_number(len(rows))),
            settings.site_name,
            demo=facts.find_fact(facts.DEMO) is not None,
        ),
        foot_line=_("邀请和有意向都不占数量，也不是承诺。"),
    )
    return answer_sheets([sheet], form, _("认领邀请"), "invitations")


def _cells(row: Row) -> Sequence[Cell]:
    invitation = row.invitation
    return (
        invitation.project.number,
        invitation.project.name,
        name_of(invitation.region_code),
        invitation.line.item if invitation.line else "",
        invitation.organisation.name,
        invitation.organisation.uscc,
        f"{invitation.inviting_unit} {invitation.invited_by_label}",
        invitation.invited_at,
        invitation.last_day,
        STATE_WORDS[invitation.standing],
        invitation.answered_at,
        invitation.answer or invitation.ended_reason,
        invitation.words,
        str(_("；")).join(invitation.reasons),
        row.claim.number if row.claim else "",
    )
