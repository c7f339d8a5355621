"""People not out of poverty as the public reads them, beside the help that is on the way."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from werkzeug.datastructures import MultiDict

from matchplatform.catalogue.rows import ProjectRow, list_rows
from matchplatform.claims.figures import ZERO, Figures
from matchplatform.projects.states import LineKind
from matchplatform.regions.columns import CAUSES, PEOPLE
from matchplatform.regions.divisions import poverty_counties
from matchplatform.regions.models import PoorRelease
from matchplatform.regions.quarter_chart import QuarterChart, draw_quarters
from matchplatform.regions.queries import (
    PublicFigures,
    Shown,
    add_shown,
    list_city_totals,
    list_newest_releases,
    list_public,
    list_quarters,
)


@dataclass(frozen=True)
class Asked:
    """What a visitor looks at; ``city`` and ``cause`` are empty for all."""

    quarter: str
    city: str = ""
    cause: str = ""

    @property
    def column(self) -> str:
        """Return the column that map and history show."""
        return self.cause or PEOPLE


@dataclass(frozen=True)
class Help:
    """What is on the way to a county: ``pairing`` counts open projects that want services."""

    open: int = 0
    pairing: int = 0
    figures: Figures = Figures(ZERO)


@dataclass(frozen=True)
class CountyOfQuarter:
    """A county of the table."""

    public: PublicFigures
    help: Help

    @property
    def code(self) -> str:
        """Return its six digits."""
        return self.public.region_code

    @property
    def counts(self) -> Shown:
        """Return what is public; None is kept back."""
        return self.public.counts


@dataclass(frozen=True)
class Distribution:
    """Everything that the page says; ``total`` is of all the counties in ``counties``.

    ``history``: (quarter, count) of the same places over the quarters, the oldest first;
    ``of_cities``: how many cities it adds up, those that published every quarter.
    """

    asked: Asked
    quarters: Sequence[str]
    cities: Sequence[str]
    counties: Sequence[CountyOfQuarter]
    total: Shown
    history: Sequence[tuple[str, int | None]]
    of_cities: int
    chart: QuarterChart
    releases: Sequence[PoorRelease]

    @property
    def days(self) -> Sequence[date]:
        """List the days of which the counties tell, the first one first."""
        return sorted({county.public.as_of for county in self.counties})

    @property
    def kept_back(self) -> int:
        """Count the cells that are kept back."""
        rows = [county.counts for county in self.counties]
        return sum(count is None for row in [*rows, self.total] for count in row.values())


def read_asked(args: MultiDict[str, str]) -> Asked:
    """Read the filters of a link; what does not exist asks for nothing."""
    quarters = list_quarters()
    quarter, city, cause = (args.get(name, "") for name in ("quarter", "city", "cause"))
    return Asked(
        quarter=quarter if quarter in quarters else next(iter(quarters), ""),
        city=city if city in list_poor_cities() else "",
        cause=cause if cause in CAUSES else "",
    )


def list_poor_cities() -> list[str]:
    """List the cities with poverty counties, by code."""
    return sorted({code[:4] + "00" for code in poverty_counties()})


def read_distribution(asked: Asked) -> Distribution:
    """Return the page of a quarter."""
    quarters = list_quarters()
    helps = read_help()
    counties = [
        CountyOfQuarter(public, helps.get(code, Help()))
        for code, public in sorted(list_public(asked.quarter).items())
        if not asked.city or code[:4] == asked.city[:4]
    ]
    totals = {quarter: list_city_totals(quarter) for quarter in quarters}
    here = _of_cities(totals.get(asked.quarter, {}), [asked.city] if asked.city else None)
    lasting = _lasting(totals.values(), asked.city)
    history = [
        (quarter, _of_cities(totals[quarter], lasting)[asked.column]) for quarter in quarters[::-1]
    ]
    return Distribution(
        asked=asked,
        quarters=quarters,
        cities=list_poor_cities(),
        counties=counties,
        total=here,
        history=history,
        of_cities=len(lasting),
        chart=draw_quarters(history),
        releases=[
            release
            for release in list_newest_releases(asked.quarter)
            if asked.city in ("", release.city_code)
        ],
    )


def read_help() -> Mapping[str, Help]:
    """Return what is on the way by county, from the projects that are public."""
    found: dict[str, list[ProjectRow]] = {}
    for row in list_rows():
        found.setdefault(row.region_code, []).append(row)
    return {code: _help_of(rows) for code, rows in found.items()}


def _help_of(rows: Sequence[ProjectRow]) -> Help:
    claimable = [row for row in rows if row.is_claimable]
    figures = Figures(ZERO)
    for row in rows:
        figures += row.figures
    services = [row for row in claimable if any(w.kind is LineKind.SERVICE for w in row.wants)]
    return Help(len(claimable), len(services), figures)


def _lasting(totals: Iterable[Mapping[str, Shown]], city: str) -> list[str]:
    """List the cities of which every quarter is public, so that a line compares like with like."""
    if city:
        return [city]
    found = [set(of_quarter) for of_quarter in totals]
    return sorted(set.intersection(*found)) if found else []


def _of_cities(totals: Mapping[str, Shown], cities: Iterable[str] | None) -> Shown:
    wanted = totals if cities is None else [code for code in cities if code in totals]
    return add_shown(totals[code] for code in wanted)
