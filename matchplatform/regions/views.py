"""People not out of poverty at the desk: list a quarter, type a county's figures, publish."""

from flask import Blueprint, render_template, request, url_for

from matchplatform.access.answers import Answer, done_once
from matchplatform.access.current import current_actor
from matchplatform.access.forms import show_wrongs
from matchplatform.access.guards import requires
from matchplatform.access.policy import Permission, permits
from matchplatform.kernel.errors import (
    AskAgain,
    Conflict,
    DomainError,
    InvalidInput,
    KeyReused,
    StaleVersion,
)
from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.paging import read_version
from matchplatform.regions import services
from matchplatform.regions.columns import CAUSES, COLUMNS, NEEDS, PAIRED, UNABLE, WATCHED
from matchplatform.regions.desk import choose_quarter, list_cities, list_lines
from matchplatform.regions.divisions import poverty_counties
from matchplatform.regions.forms import FiguresForm, filled_form
from matchplatform.regions.queries import Place, find_before, list_revisions

bp = Blueprint("poor_people", __name__)


@bp.get("/desk/poor-people")
@requires(Permission.POOR_PEOPLE_READ)
def desk_list() -> Answer:
    """List a quarter's true figures of the officer's counties."""
    quarter, _choices = choose_quarter(current_actor(), request.args.get("quarter"))
    return _list_page(quarter)


@bp.get("/desk/poor-people/<region_code>/<quarter>")
@requires(Permission.POOR_PEOPLE_READ)
def show(region_code: str, quarter: str) -> Answer:
    """Show a county's figures of a quarter, to be typed or corrected."""
    revisions = list_revisions(current_actor(), region_code, quarter)
    return _figures_page(region_code, quarter, filled_form(next(iter(revisions), None), quarter))


@bp.post("/desk/poor-people/<region_code>/<quarter>")
@requires(Permission.POOR_PEOPLE_RECORD)
def record(region_code: str, quarter: str) -> Answer:
    """Keep what was typed as another revision."""
    actor = current_actor()
    list_revisions(actor, region_code, quarter)
    form = FiguresForm()
    if not form.validate():
        return _figures_page(region_code, quarter, form), 400

    def do() -> str:
        services.record_figures(
            actor=actor,
            region_code=region_code,
            quarter=quarter,
            figures=form.figures(),
            version=form.seen,
            reason=form.reason.data or "",
            confirmed=request.form.get("confirmed") == "yes",
        )
        return url_for("poor_people.show", region_code=region_code, quarter=quarter)

    def again(error: DomainError) -> Answer:
        status = _show_error(form, error)
        overtaken = isinstance(error, StaleVersion)
        if overtaken:
            newest = next(iter(list_revisions(actor, region_code, quarter)), None)
            form.version.data = str(newest.revision if newest else 0)
        return _figures_page(region_code, quarter, form, overtaken=overtaken), status

    return done_once(actor, do, again, _("已记下。市里或省里公布之前，只有民政工作人员看得到。"))


@bp.post("/desk/poor-people/<city_code>/<quarter>/publish")
@requires(Permission.POOR_PEOPLE_PUBLISH)
def publish(city_code: str, quarter: str) -> Answer:
    """Show the public a city's quarter."""
    actor = current_actor()
    versions = {code: read_version(request.form.get(code)) for code in poverty_counties()}

    def do() -> str:
        services.publish_quarter(
            actor=actor, city_code=city_code, quarter=quarter, versions=versions
        )
        return url_for("poor_people.desk_list", quarter=quarter)

    def again(error: DomainError) -> Answer:
        status = 422 if isinstance(error, KeyReused) else 400
        wrong = next(iter(error.fields.values()), None) if isinstance(error, InvalidInput) else None
        shown, _choices = choose_quarter(actor, quarter)
        problem = wrong or error.words
        return _list_page(shown, problem), 409 if isinstance(error, Conflict) else status

    return done_once(actor, do, again, _("已公布。少于 5 人的和会让人推算出来的数，公众看不到。"))


def _show_error(form: FiguresForm, error: DomainError) -> int:
    if isinstance(error, InvalidInput):
        show_wrongs(form, error)
        return 400
    if isinstance(error, AskAgain):
        form.questions = error.questions
        return 409
    form.form_errors = [str(error.words)]
    return 422 if isinstance(error, KeyReused) else 409


def _list_page(quarter: str, problem: Words = "") -> str:
    actor = current_actor()
    _asked, choices = choose_quarter(actor, quarter)
    return render_template(
        "regions/desk_list.html",
        quarter=quarter,
        choices=choices,
        cities=list_cities(actor, quarter),
        problem=problem,
    )


def _figures_page(
    region_code: str, quarter: str, form: FiguresForm, *, overtaken: bool = False
) -> str:
    actor = current_actor()
    revisions = list_revisions(actor, region_code, quarter)
    published = any(one.is_public for one in revisions)
    form.reason.flags.required = published
    return render_template(
        "regions/figures.html",
        code=region_code,
        quarter=quarter,
        form=form,
        latest=next(iter(revisions), None),
        published=published,
        lines=list_lines(revisions),
        before=find_before(region_code, quarter),
        may_write=permits(actor, Permission.POOR_PEOPLE_RECORD, Place(region_code)),
        overtaken=overtaken,
        causes=CAUSES,
        needs=NEEDS,
        counts={**WATCHED, **UNABLE, **PAIRED},
        columns=COLUMNS,
    )
