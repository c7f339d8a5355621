"""The officers' list of offers as a file."""

from collections.abc import Sequence

from flask import Blueprint, Response, current_app, request

from matchplatform.access.current import current_actor
from matchplatform.access.guards import requires
from matchplatform.access.policy import Permission
from matchplatform.catalogue.answers import answer_sheets
from matchplatform.catalogue.export import head_lines
from matchplatform.config.settings import Settings
from matchplatform.kernel import facts
from matchplatform.kernel.i18n import gettext
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.sectors import SECTOR_WORDS, Sector
from matchplatform.offers.forms import read_wanted, tell_wanted
from matchplatform.offers.models import SupplyOffer
from matchplatform.offers.queries import list_found
from matchplatform.projects.states import LINE_WORDS
from matchplatform.regions.divisions import name_of
from matchplatform.sheets import Column, Kind, Sheet
from matchplatform.sheets.sheet import Cell

bp = Blueprint("offer_files", __name__)

MOST_ROWS = 10_000
COLUMNS = (
    Column(_("提供什么"), width=28),
    Column(_("种类")),
    Column(_("数量"), Kind.NUMBER),
    Column(_("单位")),
    Column(_("单价（元）"), Kind.MONEY_YUAN),
    Column(_("合计（元）"), Kind.MONEY_YUAN),
    Column(_("社会组织"), width=36),
    Column(_("统一社会信用代码")),
    Column(_("愿意用在"), width=28),
    Column(_("愿意给"), width=28),
    Column(_("写下日期"), Kind.DATE),
    Column(_("有效期到"), Kind.DATE),
    Column(_("说明"), width=44),
)


@bp.get("/desk/offers/export.<any(xlsx,csv):form>")
@requires(Permission.OFFER_READ)
def offer_file(form: str) -> Response:
    """Give the offers of the list as a file."""
    settings: Settings = current_app.extensions["settings"]
    wanted = read_wanted(request.args)
    offers = list_found(current_actor(), wanted)[:MOST_ROWS]
    sheet = Sheet(
        title=_("供给意向"),
        headings=COLUMNS,
        rows=map(_cells, offers),
        head_lines=head_lines(
            gettext("条件：%(told)s", told=tell_wanted(wanted)),
            gettext("共 %(count)s 份", count=str(len(offers))),
            settings.site_name,
            demo=facts.find_fact(facts.DEMO) is not None,
        ),
        foot_line=_("供给意向不占用数量，也不是承诺，不能和意向、签约、交付的数相加。"),
    )
    return answer_sheets([sheet], form, _("供给意向"), "offers")


def _cells(offer: SupplyOffer) -> Sequence[Cell]:
    return (
        offer.item,
        LINE_WORDS[offer.kind],
        offer.quantity,
        offer.unit,
        offer.unit_price,
        offer.value,
        offer.organisation.name,
        offer.organisation.uscc,
        _joined([str(SECTOR_WORDS[Sector(sector)]) for sector in offer.sectors]),
        _joined([name_of(code) for code in offer.regions]),
        offer.created_at,
        offer.valid_until,
        offer.note,
    )


def _joined(names: list[str]) -> str:
    return str(_("、")).join(names) or str(_("不限"))
