"""Find public projects: words by the index, everything else from the rows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

from sqlalchemy import and_, or_, select

from matchplatform.catalogue.facets import Filtered, Wanted, filter_rows
from matchplatform.catalogue.rows import ProjectRow, list_rows
from matchplatform.kernel.db import db
from matchplatform.kernel.paging import Page, clamp_page
from matchplatform.kernel.text import fold
from matchplatform.projects.models import Project
from matchplatform.projects.states import PUBLIC_STATES
from matchplatform.regions.divisions import Division, divisions
from matchplatform.search import IndexUnavailable, SearchIndex, highlight, parse_query

PAGE_SIZE = 10
SNIPPET = 64
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
MOST_HITS = 10_000

SORTS = ("fit", "deadline", "gap", "new", "people")
_ORDERS: dict[str, Callable[[ProjectRow], object]] = {
    "deadline": lambda row: (not row.is_claimable, row.claim_deadline or date.max),
    "gap": lambda row: -row.figures.gap,
    "new": lambda row: -(row.published_at or LONG_AGO).timestamp(),
    "people": lambda row: -row.direct_people,
}


@dataclass(frozen=True)
class Found:
    """What the words found: ids with scores, the terms that did, and what the page must say.

    ``loosened``: not all words were found together; ``degraded``: the index could not answer.
    """

    scores: dict[int, float]
    terms: list[str]
    loosened: bool = False
    degraded: bool = False


@dataclass(frozen=True)
class Listing:
    """One page of the catalogue with everything around it."""

    page: Page[ProjectRow]
    filtered: Filtered
    gap: Decimal
    found: Found | None
    sort: str
    terms: list[str]
    places: list[Division]


def list_projects(
    index: SearchIndex, words: str, wanted: Wanted, sort: str, number: int
) -> Listing:
    """Return a page of public projects: those with the words, filtered, sorted."""
    terms = parse_query(words)
    rows: Sequence[ProjectRow] = list_rows()
    found = find_words(index, terms) if terms else None
    if found is not None:
        rows = [row for row in rows if row.id in found.scores]
    filtered = filter_rows(rows, wanted)
    sort = sort if sort in SORTS else ("fit" if found else "deadline")
    if sort == "fit" and found is None:
        sort = "deadline"
    if sort == "fit" and found is not None:
        ordered = sorted(filtered.rows, key=lambda row: (-found.scores[row.id], row.number))
    else:
        ordered = sorted(filtered.rows, key=lambda row: (_ORDERS[sort](row), row.number))
    total = len(ordered)
    number = clamp_page(number, PAGE_SIZE, total)
    shown = ordered[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
    return Listing(
        page=Page(shown, number, PAGE_SIZE, total),
        filtered=filtered,
        gap=sum((row.figures.gap for row in ordered), Decimal(0)),
        found=found,
        sort=sort,
        terms=found.terms if found else [],
        places=_places_in(words, wanted),
    )


def find_words(index: SearchIndex, terms: list[str]) -> Found:
    """Find projects by words: all of them, else any; from SQL while there is no index."""
    try:
        hits = index.find(terms, MOST_HITS)
        if hits:
            return Found({hit.id: hit.score for hit in hits}, terms)
        pieces = index.loosen(terms)
        hits = index.find(pieces, MOST_HITS, match_any=True)
        return Found({hit.id: hit.score for hit in hits}, pieces, loosened=bool(hits))
    except IndexUnavailable:
        return _find_in_sql(terms)


def list_snippets(
    rows: Sequence[ProjectRow], terms: list[str]
) -> dict[int, list[tuple[str, bool]]]:
    """Return the part of each text in which the words stand, as (piece, is a hit)."""
    if not terms:
        return {}
    texts = db.session.execute(
        select(Project.id, Project.scope_text).where(Project.id.in_([row.id for row in rows]))
    )
    snippets = {key: highlight(text, terms, width=SNIPPET) for key, text in texts}
    return {key: pieces for key, pieces in snippets.items() if any(hit for _piece, hit in pieces)}


def _find_in_sql(terms: list[str]) -> Found:
    conditions = []
    for term in terms:
        like = "%" + term.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        fields = (Project.number, Project.name, Project.place, Project.scope_text)
        conditions.append(or_(*(column.ilike(like, escape="\\") for column in fields)))
    rows = db.session.execute(
        select(Project.id, Project.name, Project.place).where(
            Project.status.in_(PUBLIC_STATES), and_(*conditions)
        )
    )
    scores = {
        key: float(sum(4 * (term in fold(name)) + 2 * (term in fold(place)) + 1 for term in terms))
        for key, name, place in rows
    }
    return Found(scores, terms, degraded=True)


def _places_in(words: str, wanted: Wanted) -> list[Division]:
    text = fold(words)
    regions = {row.region_code for row in list_rows()} | {row.city_code for row in list_rows()}
    named = [
        division
        for code, division in divisions().items()
        if code in regions and division.short in text
    ]
    return [place for place in named if place.code not in wanted.county | wanted.city]
