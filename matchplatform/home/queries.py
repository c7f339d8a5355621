"""What the front page and the county table show, from the rows of the catalogue."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy.exc import SQLAlchemyError

from matchplatform.catalogue.facets import AMOUNTS, DUE
from matchplatform.catalogue.rows import ProjectRow, list_rows
from matchplatform.claims.figures import ZERO, Figures
from matchplatform.claims.models import Claim
from matchplatform.claims.signed import list_newest_signed
from matchplatform.kernel.db import db
from matchplatform.kernel.facts import DEMO, find_fact
from matchplatform.regions.divisions import PovertyCounty, poverty_counties
from matchplatform.regions.queries import list_poor_people

NEWEST_SHOWN = 5
SIGNED_SHOWN = 6
WORST_SHOWN = 8
SOON = DUE["30"][1]
SMALL = AMOUNTS["5"][2]


@dataclass(frozen=True)
class CountyRow:
    """One county: its projects, its numbers in yuan, and its people not out of poverty.

    ``poor`` is None where it is kept back or was never published, which ``has_poor`` tells.
    ``is_shut``: it has projects, and every one was closed without having been met, so that nothing
    was completed.
    """

    code: str
    county: PovertyCounty | None
    projects: int
    claimable: int
    figures: Figures
    poor: int | None
    is_shut: bool = False
    has_poor: bool = False


@dataclass(frozen=True)
class Front:
    """Everything that the front page says; people, households and person-times stay apart.

    ``claimable_gap`` is the part of the gap that can be claimed today: nothing suspended or ended.
    """

    projects: int
    claimable: int
    counties: list[CountyRow]
    figures: Figures
    claimable_gap: Decimal
    over_lines: int
    direct_people: int
    households: int
    person_times: int
    newest: list[ProjectRow]
    signed: list[Claim]
    soon: int
    small: int
    produce: int


def read_front() -> Front:
    """Return what the front page says today."""
    rows = list_rows()
    claimable = [row for row in rows if row.is_claimable]
    by_age = sorted(
        claimable, key=lambda row: (row.published_at is None, row.published_at, row.number)
    )
    return Front(
        projects=len(rows),
        claimable=len(claimable),
        counties=list_counties(with_all=False),
        figures=_total(rows),
        claimable_gap=_total(claimable).gap,
        over_lines=sum(1 for row in rows if row.figures.over),
        direct_people=sum(row.direct_people for row in rows),
        households=sum(row.households for row in rows),
        person_times=sum(row.person_times for row in rows),
        newest=by_age[::-1][:NEWEST_SHOWN],
        signed=list_newest_signed(SIGNED_SHOWN),
        soon=sum(1 for row in claimable if (row.days_left or 0) <= SOON),
        small=sum(1 for row in claimable if 0 < row.figures.gap <= SMALL),
        produce=sum(1 for row in claimable if row.kind == "produce"),
    )


def list_counties(*, with_all: bool) -> list[CountyRow]:
    """List counties, the largest gap first; ``with_all`` adds poverty counties without projects."""
    by_county: dict[str, list[ProjectRow]] = defaultdict(list)
    for row in list_rows():
        by_county[row.region_code].append(row)
    poor = list_poor_people()
    counties = poverty_counties()
    codes = set(by_county) | (set(counties) if with_all else set())
    found = [
        CountyRow(
            code=code,
            county=counties.get(code),
            projects=len(by_county[code]),
            claimable=sum(1 for row in by_county[code] if row.is_claimable),
            figures=_total(by_county[code]),
            poor=poor.get(code),
            has_poor=code in poor,
            is_shut=bool(by_county[code]) and all(row.is_given_up for row in by_county[code]),
        )
        for code in codes
    ]
    return sorted(found, key=lambda row: (-row.figures.gap, row.code))


def database_answers() -> bool:
    """Tell whether the database can be read."""
    try:
        # SQLite answers SELECT 1 without looking at its file, so a row of ours is read.
        find_fact(DEMO)
    except SQLAlchemyError:
        db.session.rollback()
        return False
    return True


def _total(rows: Iterable[ProjectRow]) -> Figures:
    total = Figures(ZERO)
    for row in rows:
        total += row.figures
    return total
