"""Find public projects: words by the index, everything else from the rows."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal

from sqlalchemy import ColumnElement, and_, or_, select

from matchplatform.catalogue.facets import Filtered, Wanted, filter_rows
from matchplatform.catalogue.rows import ProjectRow, list_rows
from matchplatform.kernel.db import db
from matchplatform.kernel.paging import Page, clamp_page
from matchplatform.kernel.text import fold
from matchplatform.projects.models import Project, ProjectLine
from matchplatform.projects.states import PUBLIC_STATES
from matchplatform.regions.divisions import Division, divisions, find_division, prefix_of
from matchplatform.search import IndexUnavailable, SearchIndex, highlight, parse_query

PAGE_SIZE = 10
SNIPPET = 64
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
MOST_HITS = 10_000
# A county's code and a serial with a space between them are meant as a project's number.
_NUMBER_APART = re.compile(r"(?<![\w-])(\d{6})\s+(\d{3})(?![\w-])")

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
    terms = parse_query(_NUMBER_APART.sub(r"\1-\2", words))
    rows: Sequence[ProjectRow] = list_rows()
    found = _find(index, terms, rows) if terms else None
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
        places=_places_in(words, terms, wanted),
    )


def _find(index: SearchIndex, terms: list[str], rows: Sequence[ProjectRow]) -> Found:
    """Find by words, and by the codes of regions among them, with which numbers begin."""
    prefixes = tuple(prefix_of(term) for term in terms if find_division(term))
    if not prefixes:
        return find_words(index, terms)
    others = [term for term in terms if not find_division(term)]
    found = find_words(index, others) if others else Found({row.id: 0.0 for row in rows}, [])
    inside = {row.id for row in rows if row.number.startswith(prefixes)}
    scores = {key: score for key, score in found.scores.items() if key in inside}
    return replace(found, scores=scores, loosened=found.loosened and bool(scores))


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
    conditions = [_holds(term) for term in terms]
    scores = _score_in_sql(and_(*conditions), terms)
    if scores or len(terms) == 1:
        return Found(scores, terms, degraded=True)
    scores = _score_in_sql(or_(*conditions), terms)
    return Found(scores, terms, loosened=bool(scores), degraded=True)


def _holds(term: str) -> ColumnElement[bool]:
    like = "%" + term.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    fields = (Project.number, Project.name, Project.place, Project.scope_text)
    codes = [
        code
        for code, division in divisions().items()
        if term in fold(f"{division.city} {division.name} {division.plain}")
    ]
    return or_(
        *(column.ilike(like, escape="\\") for column in fields),
        Project.lines.any(ProjectLine.item.ilike(like, escape="\\")),
        Project.region_code.in_(codes),
    )


def _score_in_sql(condition: ColumnElement[bool], terms: list[str]) -> dict[int, float]:
    rows = db.session.execute(
        select(Project.id, Project.name, Project.place).where(
            Project.status.in_(PUBLIC_STATES), condition
        )
    )
    return {
        key: float(sum(4 * (term in fold(name)) + 2 * (term in fold(place)) + 1 for term in terms))
        for key, name, place in rows
    }


def _places_in(words: str, terms: list[str], wanted: Wanted) -> list[Division]:
    text = fold(words)
    regions = {row.region_code for row in list_rows()} | {row.city_code for row in list_rows()}
    named = [
        division
        for code, division in divisions().items()
        if code in regions and (division.short in text or code in terms)
    ]
    return [place for place in named if place.code not in wanted.county | wanted.city]
