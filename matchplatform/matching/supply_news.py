"""Tell the counties which need most what an organisation has just offered."""

from collections.abc import Mapping
from typing import Any

from matchplatform.accounts.queries import list_deciding_officer_ids
from matchplatform.kernel.db import db
from matchplatform.kernel.i18n import mark
from matchplatform.kernel.money import format_number
from matchplatform.matching.fits import Fit
from matchplatform.matching.supply import list_all_fits
from matchplatform.matching.supply_weights import FitGrade, grade_of
from matchplatform.notifications.services import tell
from matchplatform.offers.models import SupplyOffer

MOST_COUNTIES = 3


def tell_of_offer(payload: Mapping[str, Any]) -> None:
    """Tell the officers of the few counties whose open lines fit a new offer best, once."""
    offer = db.session.get(SupplyOffer, int(payload["offer_id"]))
    # Ended, or its organisation ruled upon, before anybody was told: then nobody need be.
    if offer is None or not offer.is_usable:
        return
    for county, fits in _best_counties(list_all_fits(offer)).items():
        tell(
            list_deciding_officer_ids(county),
            mark(
                "%(organisation)s 有供给意向：%(item)s %(quantity)s %(unit)s，"
                "和本县 %(count)s 个项目对得上，可以请它认领。"
            ),
            f"/desk/offers/{offer.id}",
            organisation=offer.organisation.name,
            item=offer.item,
            quantity=format_number(offer.quantity),
            unit=offer.unit,
            count=str(len({fit.line.project_id for fit in fits})),
        )


def _best_counties(fits: list[Fit]) -> dict[str, list[Fit]]:
    """Return the strong fits of the counties with the best of them; ``fits`` come best first."""
    found: dict[str, list[Fit]] = {}
    for fit in fits:
        if grade_of(fit.score) is FitGrade.STRONG:
            found.setdefault(fit.line.region_code, []).append(fit)
    return dict(list(found.items())[:MOST_COUNTIES])
