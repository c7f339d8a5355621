"""What offices keep, as files: the accounts, the price table."""

from collections.abc import Sequence

from flask import Blueprint, Response, request

from matchplatform.access.actor import ROLE_WORDS
from matchplatform.access.current import current_actor
from matchplatform.access.guards import requires
from matchplatform.access.policy import Permission
from matchplatform.accounts.models import User
from matchplatform.accounts.queries import list_all_users
from matchplatform.home.list_answers import FORM, MOST_ROWS, answer_list
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.projects.prices import list_all_prices
from matchplatform.projects.prices_models import PriceTableRow
from matchplatform.projects.prices_views import read_words
from matchplatform.regions.divisions import full_name_of
from matchplatform.sheets import Column, Kind
from matchplatform.sheets.sheet import Cell

bp = Blueprint("office_files", __name__)

ACCOUNTS = (
    Column(_("姓名")), Column(_("用户名")), Column(_("角色")), Column(_("地区"), width=24),
    Column(_("单位"), width=28), Column(_("状态")), Column(_("开设日期"), Kind.DATE),
)  # fmt: skip
PRICES = (
    Column(_("物品"), width=28), Column(_("单位")), Column(_("最低价（元）"), Kind.MONEY_YUAN),
    Column(_("最高价（元）"), Kind.MONEY_YUAN), Column(_("价格来源"), width=32),
    Column(_("哪一天的价格"), Kind.DATE), Column(_("最近一次改动"), Kind.DATE),
    Column(_("谁改的"), width=20),
)  # fmt: skip


@bp.get(f"/admin/accounts/export.{FORM}")
@requires(Permission.ACCOUNT_MANAGE)
def account_file(form: str) -> Response:
    """Give every account, without a word of how its owner signs in."""
    found = list_all_users(current_actor(), MOST_ROWS)
    rows = map(_account, found)
    return answer_list(
        form, _("账号"), "accounts", ACCOUNTS, rows, told=_("全部"), count=len(found)
    )


@bp.get(f"/desk/prices/export.{FORM}")
@requires(Permission.PRICE_READ)
def price_file(form: str) -> Response:
    """Give the price table as it was looked for; its columns are those of the import."""
    words = read_words(request.args)
    found = list_all_prices(words, MOST_ROWS)
    told = _("物品有“%(words)s”", words=words) if words else _("全部")
    rows = map(_price, found)
    return answer_list(form, _("省价格表"), "prices", PRICES, rows, told=told, count=len(found))


def _account(user: User) -> Sequence[Cell]:
    standing = _("在用") if user.password_hash else _("还没设密码")
    return (
        user.display_name, user.username, ROLE_WORDS[user.role],
        full_name_of(user.region_prefix.ljust(6, "0")) if user.region_prefix else "", user.unit,
        standing if user.is_active else _("已停用"), user.created_at,
    )  # fmt: skip


def _price(row: PriceTableRow) -> Sequence[Cell]:
    return (
        row.item, row.unit, row.low, row.high, row.source, row.as_of, row.changed_at, row.by_label,
    )  # fmt: skip
