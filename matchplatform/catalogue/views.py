"""The catalogue and the page of a project."""

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, current_app, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matchplatform.access.actor import Actor
from matchplatform.access.current import current_actor
from matchplatform.access.guards import public
from matchplatform.access.policy import Permission, permits, role_holds
from matchplatform.audit.queries import list_history
from matchplatform.catalogue import facets
from matchplatform.catalogue.asked import FACET_WORDS, Asked, read_asked
from matchplatform.catalogue.attached import may_open_all
from matchplatform.catalogue.facets import Wanted
from matchplatform.catalogue.indexing import open_index
from matchplatform.catalogue.queries import (
    SORTS,
    Listing,
    list_projects,
    list_snippets,
)
from matchplatform.catalogue.story import tell_story
from matchplatform.catalogue.suggest import KIND_NAMES, list_suggestions
from matchplatform.claims.availability import availability_of
from matchplatform.claims.figures import sum_values
from matchplatform.claims.forms import blank_form
from matchplatform.claims.holding import read_holding
from matchplatform.claims.side import read_side
from matchplatform.interests.queries import list_favourite_ids
from matchplatform.invitations.queries import list_on_project as list_invitations
from matchplatform.kernel import clock
from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.paging import page_number
from matchplatform.matching.queries import list_similar
from matchplatform.matching.supply import list_offers_for
from matchplatform.organisations.queries import find_own_organisation
from matchplatform.projects.models import Project
from matchplatform.projects.picture_queries import list_papers, list_shown_pictures
from matchplatform.projects.queries import get_project
from matchplatform.projects.states import KIND_WORDS, LINE_WORDS, SECTOR_WORDS
from matchplatform.projects.versions import list_changes
from matchplatform.regions.divisions import name_of
from matchplatform.search import highlight

bp = Blueprint("catalogue", __name__)

LONGEST_TYPED = 60
SUGGESTIONS_KEPT = 60  # seconds, in browsers and before the server
SORT_WORDS: dict[str, Words] = {
    "fit": _("最符合"),
    "deadline": _("截止近的在前"),
    "gap": _("缺口大"),
    "new": _("最新"),
    "people": _("受益人多"),
}


class Links:
    """The address of every other state of the list, from the present one."""

    def __init__(self, words: str, wanted: Wanted, sort: str) -> None:
        self.words, self.wanted, self.sort = words, wanted, sort

    def _url(self, words: str, wanted: Wanted, sort: str, number: int = 1) -> str:
        query = Asked(words, wanted, sort).query()
        query += [("page", str(number))] if number > 1 else []
        address = url_for("catalogue.project_list")
        return f"{address}?{urlencode(query)}" if query else address

    def page(self, number: int) -> str:
        """Return the address of another page."""
        return self._url(self.words, self.wanted, self.sort, number)

    def sorted_by(self, sort: str) -> str:
        """Return the address of another order."""
        return self._url(self.words, self.wanted, sort)

    def toggle(self, facet: str, value: str) -> str:
        """Return the address with one filter put in or taken out."""
        return self._url(self.words, self.wanted.toggled(facet, value), self.sort)

    def taken_along(self, endpoint: str, **values: Any) -> str:
        """Return the address of the same list as a file or on paper."""
        query = urlencode(Asked(self.words, self.wanted, self.sort).query())
        address = url_for(endpoint, **values)
        return f"{address}?{query}" if query else address

    def with_words(self, words: str) -> str:
        """Return the address with other words."""
        return self._url(words, self.wanted, self.sort)

    def without_words(self) -> str:
        """Return the address without the words."""
        return self._url("", self.wanted, self.sort)

    def only_place(self, code: str, short: str) -> str:
        """Return the address with a place as a filter instead of as a word."""
        facet = "city" if code.endswith("00") else "county"
        rest = self.words
        for said in (name_of(code), short, code):
            rest = rest.replace(said, " ")
        rest = rest.strip()
        return self._url(rest, self.wanted.toggled(facet, code), self.sort)


@bp.get("/projects")
@public
def project_list() -> str:
    """Show the catalogue: search, filter, sort; every state is an address."""
    actor = current_actor()
    asked = read_asked(request.args.getlist)
    words, wanted = asked.words, asked.wanted
    index = open_index(current_app.extensions["settings"])
    listing = list_projects(index, words, wanted, asked.sort, page_number(request.args.get("page")))
    links = Links(words, wanted, asked.sort)
    return render_template(
        "catalogue/list.html",
        listing=listing,
        words=words,
        wanted=wanted,
        links=links,
        may_keep=permits(actor, Permission.FAVOURITE_KEEP, None),
        kept=set(list_favourite_ids(actor)),
        back=links.page(listing.page.number),
        groups=_groups(listing, wanted),
        chips=[(facet, value, facets.words_of(facet, value)) for facet, value in wanted.chosen()],
        sorts=[(key, SORT_WORDS[key]) for key in SORTS if key != "fit" or listing.found],
        snippets=list_snippets(listing.page.items, listing.terms),
        light=lambda text: highlight(text, listing.terms, by_sound=True),
    )


@bp.get("/projects/suggest")
@public
def suggest() -> Response:
    """Give a browser what the visitor may be about to type."""
    addresses = {
        "county": lambda key: url_for("home.county", code=key),
        "sector": lambda key: url_for("catalogue.project_list", sector=key),
        "title": lambda key: url_for("catalogue.project_page", number=key),
    }
    index = open_index(current_app.extensions["settings"])
    found = list_suggestions(index, request.args.get("q", "").strip()[:LONGEST_TYPED])
    answer = jsonify(
        [
            {
                "kind": str(KIND_NAMES[each.kind]),
                "words": each.words,
                "note": each.note,
                "url": addresses[each.kind](each.key),
            }
            for each in found
        ]
    )
    answer.headers["Cache-Control"] = f"public, max-age={SUGGESTIONS_KEPT}"
    return answer


@bp.get("/projects/<number>")
@public
def project_page(number: str) -> str | Response:
    """Show one project: the need, its lines with the five numbers, who answers for it."""
    actor = current_actor()
    project = get_project(actor, number)
    if not project.is_public:
        return redirect(url_for("projects.review", number=number), 302)
    holding = read_holding(project)
    claimed, left = holding.claimed, holding.left
    organisation = find_own_organisation(actor)
    undecided = holding.undecided_of(organisation.id) if organisation else None
    return render_template(
        "catalogue/project.html",
        project=project,
        availability=availability_of(project, left),
        left=left,
        total=sum_values(project.lines, claimed),
        figures={line.id: claimed.of(line) for line in project.lines},
        days_left=(project.claim_deadline - clock.today()).days if project.claim_deadline else None,
        form=blank_form(project),
        organisation=organisation,
        undecided=undecided,
        may_keep=permits(actor, Permission.FAVOURITE_KEEP, project),
        kept=set(list_favourite_ids(actor)),
        may_claim=permits(actor, Permission.CLAIM_RESERVE, organisation),
        side=read_side(organisation, project, holding),
        story=tell_story(project, holding.claims, list_history("project", project.number)),
        changes=list_changes(project),
        similar=list_similar(project),
        pictures=list_shown_pictures(actor, project),
        papers=list_papers(project),
        may_open=may_open_all(actor, project, holding.claims),
        invited=list_invitations(actor, project)
        if permits(actor, Permission.INVITATION_READ, project)
        else None,
        supply=list_offers_for(actor, project) if _may_look_for_offers(actor, project) else [],
    )


def _may_look_for_offers(actor: Actor, project: Project) -> bool:
    return role_holds(actor, Permission.OFFER_READ) and permits(
        actor, Permission.PROJECT_READ_UNPUBLISHED, project
    )


def _groups(listing: Listing, wanted: Wanted) -> list[dict[str, Any]]:
    counts = listing.filtered.counts
    cities = wanted.city | {code[:4] + "00" for code in wanted.county}
    options: list[tuple[str, Words, list[str]]] = [
        ("state", FACET_WORDS["state"], list(facets.STATE_WORDS)),
        ("due", FACET_WORDS["due"], list(facets.DUE)),
        ("sector", FACET_WORDS["sector"], [str(key) for key in SECTOR_WORDS]),
        ("city", FACET_WORDS["city"], sorted(counts["city"].keys() | wanted.city)),
        (
            "county",
            FACET_WORDS["county"],
            sorted(
                (
                    code
                    for code in counts["county"].keys() | wanted.county
                    if not cities or code[:4] + "00" in cities
                ),
                key=lambda code: (-counts["county"][code], code),
            ),
        ),
        ("amount", FACET_WORDS["amount"], list(facets.AMOUNTS)),
        ("people", FACET_WORDS["people"], list(facets.PEOPLE)),
        ("want", FACET_WORDS["want"], [str(key) for key in LINE_WORDS]),
        ("kind", FACET_WORDS["kind"], [str(key) for key in KIND_WORDS]),
    ]
    return [
        {
            "facet": facet,
            "words": words,
            "options": [
                {
                    "value": value,
                    "words": facets.words_of(facet, value),
                    "count": counts[facet][value],
                    "on": value in getattr(wanted, facet),
                }
                for value in values
            ],
        }
        for facet, words, values in options
    ]
