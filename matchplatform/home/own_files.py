"""What an organisation and its people see of their own, as files."""

from collections.abc import Sequence
from typing import cast

from flask import Blueprint, Response, current_app

from matchplatform.access.current import current_actor
from matchplatform.access.guards import requires
from matchplatform.access.policy import Permission
from matchplatform.catalogue.answers import answer_sheets
from matchplatform.catalogue.asked import tell_asked
from matchplatform.catalogue.export import line_sheet, project_sheet
from matchplatform.catalogue.favourites import list_kept
from matchplatform.catalogue.saved import read_saved
from matchplatform.claims.answers import own_organisation
from matchplatform.config.settings import Settings
from matchplatform.home.list_answers import FORM, MOST_ROWS, answer_list, head_of
from matchplatform.interests.models import SavedSearch
from matchplatform.interests.queries import list_searches
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.organisations.certificates import list_certificates
from matchplatform.organisations.membership_queries import list_own
from matchplatform.organisations.membership_states import MEMBERSHIP_WORDS
from matchplatform.organisations.models import Certificate, Membership
from matchplatform.organisations.paper_states import PAPER_WORDS
from matchplatform.sheets import Column, Kind
from matchplatform.sheets.sheet import Cell

bp = Blueprint("own_files", __name__)

SEARCHES = (
    Column(_("名称"), width=28), Column(_("查什么"), width=60), Column(_("有新项目时通知")),
    Column(_("保存日期"), Kind.DATE),
)  # fmt: skip
MEMBERSHIPS = (
    Column(_("社会组织"), width=40), Column(_("统一社会信用代码")), Column(_("做什么")),
    Column(_("状态")), Column(_("从哪天起"), Kind.DATE), Column(_("到哪天"), Kind.DATE),
    Column(_("结束日期"), Kind.DATE), Column(_("原因"), width=40),
)  # fmt: skip
PAPERS = (
    Column(_("证书"), width=40), Column(_("有效期到"), Kind.DATE), Column(_("传上日期"), Kind.DATE),
    Column(_("状态")), Column(_("核对日期"), Kind.DATE), Column(_("原因"), width=40),
)  # fmt: skip


@bp.get(f"/my/favourites/export.{FORM}")
@requires(Permission.FAVOURITE_KEEP)
def favourite_file(form: str) -> Response:
    """Give the projects that one watches, as the catalogue gives them, lines and all."""
    settings: Settings = current_app.extensions["settings"]
    rows = list_kept(current_actor())[:MOST_ROWS]
    head = head_of(_("我的关注"), len(rows))
    sheets = [project_sheet(rows, head, settings.base_url), line_sheet(rows, head)]
    return answer_sheets(sheets, form, _("我的关注"), "favourites")


@bp.get(f"/my/searches/export.{FORM}")
@requires(Permission.SEARCH_KEEP)
def search_file(form: str) -> Response:
    """Give one's saved searches, each with what it asks."""
    found = list_searches(current_actor())[:MOST_ROWS]
    title = _("保存的查找")
    rows = map(_search, found)
    return answer_list(form, title, "searches", SEARCHES, rows, told=_("全部"), count=len(found))


@bp.get(f"/my/memberships/export.{FORM}")
@requires(Permission.MEMBERSHIP_JOIN)
def membership_file(form: str) -> Response:
    """Give for whom one acts, or acted."""
    found = list_own(cast(int, current_actor().user_id))[:MOST_ROWS]
    title = _("我的任职")
    rows = map(_membership, found)
    return answer_list(
        form, title, "memberships", MEMBERSHIPS, rows, told=_("全部"), count=len(found)
    )


@bp.get(f"/my/organisation/papers/export.{FORM}")
@requires(Permission.ORGANISATION_EDIT)
def paper_file(form: str) -> Response:
    """Give the certificates that one's organisation handed in."""
    organisation = own_organisation(current_actor())
    found = list_certificates(organisation)[:MOST_ROWS]
    title = _("登记证书")
    rows = map(_paper, found)
    return answer_list(
        form, title, "certificates", PAPERS, rows, told=organisation.name, count=len(found)
    )


def _search(search: SavedSearch) -> Sequence[Cell]:
    told = tell_asked(read_saved(search))
    return search.name, told, _("是") if search.notify else _("否"), search.created_at


def _membership(row: Membership) -> Sequence[Cell]:
    return (
        row.organisation.name, row.organisation.uscc,
        _("签署人") if row.is_signer else _("经办人"), MEMBERSHIP_WORDS[row.standing],
        row.since, row.expires_on, row.ended_on, row.end_reason,
    )  # fmt: skip


def _paper(row: Certificate) -> Sequence[Cell]:
    return (
        row.file.label, row.expires_on, row.handed_in_at, PAPER_WORDS[row.status],
        row.decided_at, row.reason,
    )  # fmt: skip
