"""Find public projects: words by the index, everything else from the rows."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache

from sqlalchemy import ColumnElement, and_, or_, select

from matchplatform.catalogue.facets import (
    Filtered,
    Wanted,
    filter_table,
    read_filtered,
    table_of,
)
from matchplatform.catalogue.rows import ProjectRow, list_rows
from matchplatform.catalogue.table import ORDERS, RowTable
from matchplatform.kernel.db import db
from matchplatform.kernel.paging import Page, clamp_page
from matchplatform.kernel.text import fold
from matchplatform.projects.models import Project, ProjectLine
from matchplatform.projects.states import PUBLIC_STATES
from matchplatform.regions.divisions import Division, divisions, find_division, prefix_of
from matchplatform.search import IndexUnavailable, SearchIndex, highlight, normalise, parse_query

PAGE_SIZE = 10
SNIPPET = 64
MOST_HITS = 10_000
# A county's code and a serial with a space between them are meant as a project's number.
_NUMBER_APART = re.compile(r"(?<![\w-])(\d{6})\s+(\d{3})(?![\w-])")

SORTS = ("fit", *ORDERS)


@dataclass(frozen=True)
class Found:
    """What the words found: ids with scores, the terms that did, and what the page must say.

    ``loosened``: not all words were found together; ``degraded``: the index could not answer;
    ``meant``: queries near to this one that find something, to be offered.
    """

    scores: dict[int, float]
    terms: list[str]
    loosened: bool = False
    degraded: bool = False
    meant: tuple[str, ...] = ()


@dataclass(frozen=True)
class Listing:
    """One page of the catalogue with everything around it; ``ordered`` are the rows of all pages."""

    page: Page[ProjectRow]
    ordered: Sequence[ProjectRow]
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
    table = table_of(list_rows())
    found = _find(index, terms, list_rows()) if terms else None
    among = table.everything if found is None else table.mask_of(found.scores)
    mask, counts = filter_table(table, wanted, among)
    filtered = read_filtered(table, mask, counts)
    sort = sort if sort in SORTS else ("fit" if found else "deadline")
    if sort == "fit" and found is None:
        sort = "deadline"
    if sort == "fit" and found is not None:
        scores = found.scores
        ordered = sorted(filtered.rows, key=lambda row: -scores[row.id])
    else:
        ordered = table.ordered(mask, sort)
    total = len(ordered)
    number = clamp_page(number, PAGE_SIZE, total)
    shown = ordered[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
    return Listing(
        page=Page(shown, number, PAGE_SIZE, total),
        ordered=ordered,
        filtered=filtered,
        gap=sum((row.figures.gap for row in ordered), Decimal(0)),
        found=found,
        sort=sort,
        terms=found.terms if found else [],
        places=_places_in(table, words, terms, wanted) if terms else [],
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
        scores = {hit.id: hit.score for hit in hits}
        return Found(scores, pieces, loosened=bool(hits), meant=tuple(index.correct(terms)))
    except IndexUnavailable:
        return _find_in_sql(terms)


def list_snippets(
    rows: Sequence[ProjectRow], terms: list[str]
) -> dict[int, list[tuple[str, bool]]]:
    """Return the part of each text in which the words stand, as (piece, is a hit)."""
    if not terms:
        return {}
    snippets = {row.id: highlight(row.scope_text, terms, width=SNIPPET) for row in rows}
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


def _places_in(table: RowTable, words: str, terms: list[str], wanted: Wanted) -> list[Division]:
    text = normalise(words)
    named = [code for code, short in _short_names().items() if short in text or code in terms]
    return [
        divisions()[code]
        for code in named
        if code in table.regions and code not in wanted.county | wanted.city
    ]


@cache
def _short_names() -> dict[str, str]:
    return {code: division.short for code, division in divisions().items()}
