"""Offers as files: those that officers look for, and an organisation's own."""

from collections.abc import Sequence

from flask import Blueprint, Response, request

from matchplatform.access.current import current_actor
from matchplatform.access.guards import requires
from matchplatform.access.policy import Permission
from matchplatform.claims.answers import own_organisation
from matchplatform.home.list_answers import FORM, MOST_ROWS, answer_list
from matchplatform.home.list_words import OFFER_STANDINGS
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.sectors import SECTOR_WORDS, Sector
from matchplatform.offers.forms import read_wanted, tell_wanted
from matchplatform.offers.models import SupplyOffer
from matchplatform.offers.queries import list_all_own, list_found
from matchplatform.offers.states import OUTCOME_WORDS
from matchplatform.projects.states import LINE_WORDS
from matchplatform.regions.divisions import name_of
from matchplatform.sheets import Column, Kind
from matchplatform.sheets.sheet import Cell

bp = Blueprint("offer_files", __name__)

WHAT = (
    Column(_("提供什么"), width=28),
    Column(_("种类")),
    Column(_("数量"), Kind.NUMBER),
    Column(_("单位")),
    Column(_("单价（元）"), Kind.MONEY_YUAN),
    Column(_("合计（元）"), Kind.MONEY_YUAN),
)
WHOSE = (Column(_("社会组织"), width=36), Column(_("统一社会信用代码")))
WHERE = (
    Column(_("愿意用在"), width=28),
    Column(_("愿意给"), width=28),
    Column(_("写下日期"), Kind.DATE),
    Column(_("有效期到"), Kind.DATE),
    Column(_("说明"), width=44),
)
STANDING = (
    Column(_("状态")),
    Column(_("结束日期"), Kind.DATE),
    Column(_("为什么结束"), width=28),
)
FOOT = _("供给意向不占用数量，也不是承诺，不能和意向、签约、交付的数相加。")


@bp.get(f"/desk/offers/export.{FORM}")
@requires(Permission.OFFER_READ)
def offer_file(form: str) -> Response:
    """Give the offers of the list as a file."""
    wanted = read_wanted(request.args)
    found = list_found(current_actor(), wanted)[:MOST_ROWS]
    return answer_list(
        form,
        _("供给意向"),
        "offers",
        (*WHAT, *WHOSE, *WHERE),
        ((*_what(offer), *_whose(offer), *_where(offer)) for offer in found),
        told=tell_wanted(wanted),
        count=len(found),
        foot=FOOT,
    )


@bp.get(f"/my/offers/export.{FORM}")
@requires(Permission.OFFER_HANDLE)
def own_file(form: str) -> Response:
    """Give the offers of one's own organisation, those that ended too."""
    actor = current_actor()
    organisation = own_organisation(actor)
    found = list_all_own(actor, organisation, MOST_ROWS)
    return answer_list(
        form,
        _("供给意向"),
        "offers",
        (*WHAT, *WHERE, *STANDING),
        ((*_what(offer), *_where(offer), *_standing(offer)) for offer in found),
        told=organisation.name,
        count=len(found),
        foot=FOOT,
    )


def _what(offer: SupplyOffer) -> Sequence[Cell]:
    return (
        offer.item,
        LINE_WORDS[offer.kind],
        offer.quantity,
        offer.unit,
        offer.unit_price,
        offer.value,
    )


def _whose(offer: SupplyOffer) -> Sequence[Cell]:
    return offer.organisation.name, offer.organisation.uscc


def _where(offer: SupplyOffer) -> Sequence[Cell]:
    return (
        _joined([str(SECTOR_WORDS[Sector(sector)]) for sector in offer.sectors]),
        _joined([name_of(code) for code in offer.regions]),
        offer.created_at,
        offer.valid_until,
        offer.note,
    )


def _standing(offer: SupplyOffer) -> Sequence[Cell]:
    why = [OUTCOME_WORDS[offer.outcome]] if offer.outcome else []
    told = [str(words) for words in (*why, offer.reason) if words]
    return OFFER_STANDINGS[offer.standing], offer.closed_at, str(_("：")).join(told)


def _joined(names: list[str]) -> str:
    return str(_("、")).join(names) or str(_("不限"))
