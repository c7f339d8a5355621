"""The front page, the county table, help, the desk and an organisation's own page."""

from flask import Blueprint, Response, current_app, render_template, request, url_for

from matchplatform.access.current import current_actor
from matchplatform.access.guards import public, requires
from matchplatform.access.policy import Permission
from matchplatform.access.reach import HEBEI
from matchplatform.catalogue.answers import answer_sheets
from matchplatform.catalogue.facets import AMOUNTS
from matchplatform.catalogue.indexing import open_index
from matchplatform.catalogue.queries import list_snippets
from matchplatform.claims.asked import HOLDER_DAYS
from matchplatform.claims.models import ANSWER_DAYS, SIGN_DAYS
from matchplatform.claims.queries import list_ended_of, list_joined_of, list_open_of
from matchplatform.claims.signed import list_signed_of
from matchplatform.claims.waiting import list_places
from matchplatform.claims.waitlist import TURN
from matchplatform.config.settings import Settings
from matchplatform.home.county import read_county
from matchplatform.home.desk import list_queues, read_desk
from matchplatform.home.export import county_sheet
from matchplatform.home.queries import WORST_SHOWN, database_answers, list_counties, read_front
from matchplatform.home.tasks import WATCH_WORDS, WATCHES
from matchplatform.home.watching import count_watched, list_watched
from matchplatform.invitations.queries import count_own_waiting
from matchplatform.kernel import facts
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.paging import page_number
from matchplatform.matching.queries import list_best
from matchplatform.offers.queries import count_standing_of, count_usable
from matchplatform.organisations.queries import find_own_organisation
from matchplatform.regions.columns import CAUSES, PAIRED, UNABLE, WAITING
from matchplatform.regions.maps import map_view
from matchplatform.regions.queries import read_poor_people_note
from matchplatform.regions.steps import steps_for
from matchplatform.search import highlight

bp = Blueprint("home", __name__)

BEST_SHOWN = 3
LONGEST_QUERY = 100


@bp.get("/")
@public
def front() -> str:
    """Show what this is, what is still open, the gap, the map, the newest."""
    said = read_front()
    gaps = {row.code: row.figures.gap for row in said.counties}
    counts = {row.code: row.claimable for row in said.counties}
    shut = {row.code for row in said.counties if row.is_shut}
    return render_template(
        "home/front.html",
        said=said,
        view=map_view(gaps, steps_for(gaps.values()), counts, shut),
        worst=said.counties[:WORST_SHOWN],
    )


@bp.get("/counties")
@public
def counties() -> str:
    """Show every county with its projects, numbers and people not out of poverty."""
    rows = list_counties(with_all=True)
    return render_template("home/counties.html", rows=rows, note=read_poor_people_note())


@bp.get("/counties/<code>")
@public
def county(code: str) -> str:
    """Show one county: facts, the five numbers, what is open there, who promised what."""
    words = request.args.get("q", "").strip()[:LONGEST_QUERY]
    index = open_index(current_app.extensions["settings"])
    page = read_county(index, code, words, page_number(request.args.get("page")))
    terms = page.listing.terms
    return render_template(
        "home/county.html",
        page=page,
        words=words,
        address=lambda meant: url_for("home.county", code=code, q=meant),
        page_address=lambda number: url_for(
            "home.county", code=code, q=words or None, page=number if number > 1 else None
        ),
        snippets=list_snippets(page.listing.page.items, terms),
        light=lambda text: highlight(text, terms, by_sound=True),
        causes=CAUSES,
        pairing={**UNABLE, **PAIRED, **WAITING},
    )


@bp.get("/counties/export.<any(xlsx,csv):form>")
@public
def county_file(form: str) -> Response:
    """Give the county table as a file."""
    settings: Settings = current_app.extensions["settings"]
    sheet = county_sheet(
        list_counties(with_all=True),
        settings.site_name,
        demo=facts.find_fact(facts.DEMO) is not None,
    )
    return answer_sheets([sheet], form, _("各县一览"), "counties")


@bp.get("/help")
@public
def help_page() -> str:
    """Explain how to use the site and how its numbers come about."""
    return render_template(
        "home/help.html",
        answer_days=ANSWER_DAYS,
        sign_days=SIGN_DAYS,
        holder_days=HOLDER_DAYS,
        turn_days=TURN.days,
        amounts=AMOUNTS,
    )


@bp.get("/desk")
@requires(Permission.DESK_VIEW)
def desk() -> str:
    """Show what waits for this officer, oldest first."""
    actor = current_actor()
    # Projects lie in Hebei; officers of 北京 and 天津 verify organisations only.
    posts = actor.region_prefix.startswith(HEBEI)
    queues = list_queues(actor)
    queue = request.args.get("queue", "")
    watches = WATCHES if posts else {}
    return render_template(
        "home/desk.html",
        desk=read_desk(actor),
        queue=queue if queue in queues or queue in watches else "",
        queues=queues,
        watches=watches,
        about=WATCH_WORDS,
        counts=count_watched(actor) if posts else {},
        watched=list_watched(actor, queue, page_number(request.args.get("page")))
        if queue in watches
        else None,
        posts=posts,
        offers=count_usable(actor),
        may_write=posts and actor.is_county,
    )


@bp.get("/my")
@requires(Permission.MATCHES_VIEW)
def my_page() -> str:
    """Show an organisation what it holds and until when, and what fits it."""
    actor = current_actor()
    organisation = find_own_organisation(actor)
    if organisation is None:
        return render_template("home/my_none.html")
    return render_template(
        "home/my.html",
        organisation=organisation,
        claims=list_open_of(organisation.id),
        joined=list_joined_of(organisation.id),
        signed=list_signed_of(organisation.id, page_number(request.args.get("signed"))),
        places=list_places(organisation.id),
        ended=list_ended_of(organisation.id, page_number(request.args.get("page"))),
        best=list_best(actor, organisation, BEST_SHOWN),
        offers=count_standing_of(organisation.id),
        invited=count_own_waiting(actor),
    )


@bp.get("/healthz")
@public
def health() -> tuple[str, int, dict[str, str]]:
    """Tell a machine whether the site and its database answer."""
    plain = {"Content-Type": "text/plain"}
    if database_answers():
        return "ok\n", 200, plain
    return "database\n", 503, {**plain, "Retry-After": "5"}
