"""The officers' list of offers."""

from typing import Any

from flask import render_template, request, url_for

from matchplatform.access.current import current_actor
from matchplatform.access.guards import requires
from matchplatform.access.policy import Permission
from matchplatform.kernel.paging import page_number
from matchplatform.offers.blueprint import bp
from matchplatform.offers.details import region_choices
from matchplatform.offers.forms import read_wanted
from matchplatform.offers.queries import page_found


@bp.get("/desk/offers")
@requires(Permission.OFFER_READ)
def desk_list() -> str:
    """List what organisations would give, narrowed as asked."""
    wanted = read_wanted(request.args)
    asked: dict[str, Any] = {
        "q": wanted.words or None,
        "kind": wanted.kind or None,
        "sector": wanted.sector or None,
        "region": wanted.region or None,
    }
    return render_template(
        "offers/desk_list.html",
        page=page_found(current_actor(), wanted, page_number(request.args.get("page"))),
        wanted=wanted,
        asked=asked,
        groups=region_choices(),
        address=lambda number: url_for(".desk_list", page=number if number > 1 else None, **asked),
    )
