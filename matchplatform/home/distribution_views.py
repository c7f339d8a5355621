"""People not out of poverty for the public: map, table, history, file."""

from flask import Blueprint, Response, current_app, render_template, request, url_for

from matchplatform.access.guards import public
from matchplatform.catalogue.answers import answer_sheets
from matchplatform.config.settings import Settings
from matchplatform.home.distribution import read_asked, read_distribution
from matchplatform.home.distribution_sheet import distribution_sheet
from matchplatform.kernel import facts
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.regions.columns import CAUSES, COLUMNS, NEEDS, WATCHED
from matchplatform.regions.poor_map import poor_map_view

bp = Blueprint("distribution", __name__)

# The file has them all; on the page there is room for these.
PAIRING_SHOWN = ("unable_households", "paired_households", "waiting_households", "waiting_people")


@bp.get("/poor-people")
@public
def show() -> str:
    """Show a quarter by county, what is kept back kept back."""
    page = read_distribution(read_asked(request.args))
    asked = page.asked
    counts = {county.code: county.counts[asked.column] for county in page.counties}
    return render_template(
        "home/poor_people.html",
        page=page,
        asked=asked,
        view=poor_map_view(counts, asked.city),
        causes=CAUSES,
        needs=NEEDS,
        watched=WATCHED,
        pairing={name: COLUMNS[name] for name in PAIRING_SHOWN},
        link=lambda code: url_for("home.county", code=code),
    )


@bp.get("/poor-people/export.<any(xlsx,csv):form>")
@public
def file(form: str) -> Response:
    """Give the table as a file, under the same filter."""
    settings: Settings = current_app.extensions["settings"]
    page = read_distribution(read_asked(request.args))
    demo = facts.find_fact(facts.DEMO) is not None
    sheet = distribution_sheet(page, settings.site_name, demo=demo)
    return answer_sheets([sheet], form, _("未脱贫人口"), "poor-people")
