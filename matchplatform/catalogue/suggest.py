"""What a visitor may be about to type: counties, sectors and titles, public ones only."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from matchplatform.catalogue.facets import table_of
from matchplatform.catalogue.rows import list_rows
from matchplatform.catalogue.table import RowTable
from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.projects.states import SECTOR_WORDS, Sector
from matchplatform.regions.divisions import find_division, name_of, poverty_counties
from matchplatform.search import IndexUnavailable, Name, SearchIndex, grade_names, normalise

MOST = 8
MOST_COUNTIES, MOST_SECTORS = 3, 2
KIND_NAMES: dict[str, Words] = {"county": _("县"), "sector": _("类别"), "title": _("项目")}


@dataclass(frozen=True)
class Suggestion:
    """One offer: ``key`` is a county's code, a sector or a project's number."""

    kind: str
    key: str
    words: str
    note: str = ""


def list_suggestions(index: SearchIndex, raw: str) -> list[Suggestion]:
    """Return at most eight offers for what is typed so far: counties, sectors, then titles."""
    if len(normalise(raw).replace(" ", "")) < (2 if raw.isascii() else 1):
        return []
    table = table_of(list_rows())
    found = [*_counties(table, raw), *_sectors(raw)]
    return found + _titles(index, table, raw, MOST - len(found))


def _counties(table: RowTable, raw: str) -> list[Suggestion]:
    codes = {code for code in table.regions if not code.endswith("00")} | set(poverty_counties())
    return [
        Suggestion("county", code, name_of(code), name_of(code[:4] + "00"))
        for code in _best(raw, codes)[:MOST_COUNTIES]
    ]


def _sectors(raw: str) -> list[Suggestion]:
    return [
        Suggestion("sector", sector, str(SECTOR_WORDS[Sector(sector)]))
        for sector in _best(raw, map(str, SECTOR_WORDS))[:MOST_SECTORS]
    ]


def _titles(index: SearchIndex, table: RowTable, raw: str, limit: int) -> list[Suggestion]:
    # The index may lag behind; what is public is told by the rows.
    try:
        rows = [table.find_row(id_) for id_ in index.complete(raw, 2 * limit)]
    except IndexUnavailable:
        typed = normalise(raw)
        rows = [row for row in table.rows if typed in normalise(row.name)]
    return [
        Suggestion("title", row.number, row.name, f"{name_of(row.region_code)}{row.place}")
        for row in rows
        if row is not None
    ][:limit]


def _best(raw: str, keys: Iterable[str]) -> list[str]:
    """Return the keys whose names go on from what is typed, the best first."""
    graded = grade_names(raw, {key: _name(key) for key in keys})
    return sorted(graded, key=lambda key: (-graded[key], key))


@cache
def _name(key: str) -> Name:
    division = find_division(key)
    return Name.of(division.plain if division else str(SECTOR_WORDS[Sector(key)]))
