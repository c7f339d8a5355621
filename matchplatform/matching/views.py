"""The page of what fits an organisation."""

from flask import Blueprint, render_template, request, url_for

from matchplatform.access.current import current_actor
from matchplatform.access.guards import requires
from matchplatform.access.policy import Permission
from matchplatform.kernel.paging import page_number
from matchplatform.matching.queries import list_fitting
from matchplatform.matching.weights import LISTED_FROM
from matchplatform.organisations.queries import find_own_organisation
from matchplatform.projects.states import SECTOR_WORDS

bp = Blueprint("matching", __name__)


@bp.get("/matches")
@requires(Permission.MATCHES_VIEW)
def matches() -> str:
    """Show what fits the agent's organisation, and why."""
    actor = current_actor()
    organisation = find_own_organisation(actor)
    if organisation is None:
        return render_template("matching/matches.html", organisation=None)
    weak = request.args.get("weak") == "1"
    number = page_number(request.args.get("page"))
    fitting = list_fitting(actor, organisation, number, weak=weak)

    def address(page: int) -> str:
        return url_for(".matches", page=page, weak=1 if weak else None)

    return render_template(
        "matching/matches.html",
        organisation=organisation,
        fitting=fitting,
        page=fitting.page,
        weak=weak,
        sector_words=SECTOR_WORDS,
        listed_from=LISTED_FROM,
        address=address,
    )
