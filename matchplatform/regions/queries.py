"""Reads of people not out of poverty: what is public, and what officers keep."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, func, select
from sqlalchemy.orm import joinedload

from matchplatform.access.actor import Actor
from matchplatform.access.policy import Permission, permits
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Hidden, NotFound
from matchplatform.regions.columns import CAUSES, COLUMNS, PEOPLE
from matchplatform.regions.divisions import poverty_counties
from matchplatform.regions.exposure import SMALLEST_SHOWN
from matchplatform.regions.models import PoorFigures, PoorRelease
from matchplatform.regions.quarters import find_quarter

__all__ = ["SMALLEST_SHOWN"]

Shown = Mapping[str, int | None]


@dataclass(frozen=True)
class PublicFigures:
    """What the public reads of a county in a quarter; a count of None is kept back."""

    region_code: str
    quarter: str
    as_of: date
    source: str
    counts: Shown

    @property
    def people(self) -> int | None:
        """Return the people not out of poverty, None where they are kept back."""
        return self.counts[PEOPLE]


@dataclass(frozen=True)
class PoorPeopleNote:
    """What a note below the newest figures says: their quarters, and the sum of what is shown.

    ``shown`` is None where counties differ in their quarter, for those are not added.
    """

    quarters: tuple[str, ...]
    shown: int | None


@dataclass(frozen=True)
class Place:
    """A county or city as the policy looks at it."""

    region_code: str


def list_quarters() -> list[str]:
    """List the quarters of which anything was published, the newest first."""
    found = db.session.scalars(
        select(PoorRelease.quarter).distinct().order_by(PoorRelease.quarter.desc())
    )
    return list(found)


def list_public(quarter: str) -> dict[str, PublicFigures]:
    """Return what is public of a quarter by county."""
    return {row.region_code: _public(row) for row in _newest(_released(quarter=quarter))}


def list_newest() -> dict[str, PublicFigures]:
    """Return the newest public figures of every county."""
    newest = (
        select(PoorFigures.region_code, func.max(PoorFigures.quarter).label("quarter"))
        .where(PoorFigures.release_id.is_not(None))
        .group_by(PoorFigures.region_code)
        .subquery()
    )
    rows = db.session.scalars(
        select(PoorFigures)
        .join(
            newest,
            and_(
                PoorFigures.region_code == newest.c.region_code,
                PoorFigures.quarter == newest.c.quarter,
            ),
        )
        .where(PoorFigures.release_id.is_not(None))
        .order_by(PoorFigures.region_code, PoorFigures.revision)
    )
    return {row.region_code: _public(row) for row in rows}


def list_history(region_code: str) -> list[PublicFigures]:
    """List what is public of a county, the oldest quarter first."""
    return [_public(row) for row in _newest(_released(region_code=region_code))]


def list_poor_people() -> dict[str, int | None]:
    """Return the newest public number of poor people by county; what is kept back is None."""
    return {code: found.people for code, found in list_newest().items()}


def read_poor_people_note() -> PoorPeopleNote:
    """Return the quarters of the newest figures and the sum of those shown."""
    newest = list_newest()
    quarters = tuple(sorted({found.quarter for found in newest.values()}))
    shown = sum(found.people or 0 for found in newest.values())
    return PoorPeopleNote(quarters, shown if len(quarters) == 1 else None)


def list_newest_releases(quarter: str) -> list[PoorRelease]:
    """List the newest release of a quarter of each city, by city."""
    found = db.session.scalars(
        select(PoorRelease)
        .where(PoorRelease.quarter == quarter)
        .order_by(PoorRelease.city_code, PoorRelease.number)
    )
    return list({release.city_code: release for release in found}.values())


def list_city_totals(quarter: str) -> dict[str, Shown]:
    """Return the public totals of a quarter by city: all its counties, also those kept back."""
    newest = {release.city_code: release for release in list_newest_releases(quarter)}
    sums: dict[str, dict[str, int]] = {code: dict.fromkeys(COLUMNS, 0) for code in newest}
    for row in _newest(_released(quarter=quarter)):
        of_city = sums[row.region_code[:4] + "00"]
        for name, count in row.counts.items():
            of_city[name] += count
    return {
        code: {name: None if name in newest[code].hidden else of_city[name] for name in COLUMNS}
        for code, of_city in sums.items()
    }


def add_shown(totals: Iterable[Shown]) -> Shown:
    """Add the totals of cities; one that is kept back keeps the sum back, so that it tells nothing."""
    rows = list(totals)
    found: dict[str, int | None] = {}
    for name in COLUMNS:
        counts = [row[name] for row in rows]
        known = [count for count in counts if count is not None]
        found[name] = sum(known) if rows and len(known) == len(counts) else None
    return found


def list_counties(actor: Actor) -> list[str]:
    """List the poverty counties whose figures an actor may read, by code."""
    return [
        code
        for code in sorted(poverty_counties())
        if permits(actor, Permission.POOR_PEOPLE_READ, Place(code))
    ]


def list_typed_quarters(counties: Iterable[str]) -> list[str]:
    """List the quarters of which any of these counties typed figures, the newest first."""
    found = db.session.scalars(
        select(PoorFigures.quarter)
        .where(PoorFigures.region_code.in_(list(counties)))
        .distinct()
        .order_by(PoorFigures.quarter.desc())
    )
    return list(found)


def list_latest(actor: Actor, quarter: str) -> dict[str, PoorFigures]:
    """Return the latest revision of a quarter by county, public or not, as far as the actor may."""
    mine = set(list_counties(actor))
    return {
        row.region_code: row for row in _newest(_rows(quarter=quarter)) if row.region_code in mine
    }


def list_revisions(actor: Actor, region_code: str, quarter: str) -> list[PoorFigures]:
    """List every revision of a county's quarter, the newest first.

    Raises:
        NotFound: it is no poverty county or no quarter.
        Hidden: it lies elsewhere.
    """
    if region_code not in poverty_counties() or not find_quarter(quarter):
        raise NotFound()
    if not permits(actor, Permission.POOR_PEOPLE_READ, Place(region_code)):
        raise Hidden()
    return list(_rows(region_code=region_code, quarter=quarter))[::-1]


def find_latest(region_code: str, quarter: str) -> PoorFigures | None:
    """Return the latest revision of a county's quarter, public or not."""
    rows = list(_rows(region_code=region_code, quarter=quarter))
    return rows[-1] if rows else None


def was_published(region_code: str, quarter: str) -> bool:
    """Tell whether any revision of a county's quarter is public, so that a change corrects it."""
    return any(_released(region_code=region_code, quarter=quarter))


def find_before(region_code: str, quarter: str) -> PoorFigures | None:
    """Return the latest revision of the nearest quarter before, public or not."""
    return db.session.scalars(
        select(PoorFigures)
        .where(PoorFigures.region_code == region_code, PoorFigures.quarter < quarter)
        .order_by(PoorFigures.quarter.desc(), PoorFigures.revision.desc())
        .limit(1)
    ).first()


def list_of_city(city_code: str) -> list[PoorFigures]:
    """List every revision of a city by quarter, county and revision, as its publisher needs them."""
    return list(_rows(city_code=city_code))


def list_releases(city_code: str) -> list[PoorRelease]:
    """List the releases of a city by quarter, the first one first."""
    return list(
        db.session.scalars(
            select(PoorRelease)
            .where(PoorRelease.city_code == city_code)
            .order_by(PoorRelease.quarter, PoorRelease.number)
        )
    )


def find_breaches() -> Iterator[str]:
    """Yield a line for each figure that cannot be: an unknown county, or causes that do not add up."""
    known = poverty_counties()
    for row in _rows():
        here = f"poor people {row.region_code} {row.quarter} revision {row.revision}"
        if row.region_code not in known:
            yield f"{here}: {row.region_code} is no county of the poverty list"
        if sum(row.counts[name] for name in CAUSES) != row.people:
            yield f"{here}: its causes do not add up to its people"
        # A small number that a release shows; zero is shown where nobody is left.
        small = [name for name, count in row.shown.items() if count and count < SMALLEST_SHOWN]
        if row.is_public and small:
            yield f"{here}: shows {', '.join(small)} under {SMALLEST_SHOWN}"


def _rows(
    *, region_code: str = "", city_code: str = "", quarter: str = ""
) -> Iterable[PoorFigures]:
    wanted = select(PoorFigures).options(joinedload(PoorFigures.release))
    if region_code:
        wanted = wanted.where(PoorFigures.region_code == region_code)
    if city_code:
        wanted = wanted.where(PoorFigures.region_code.startswith(city_code[:4]))
    if quarter:
        wanted = wanted.where(PoorFigures.quarter == quarter)
    return db.session.scalars(
        wanted.order_by(PoorFigures.quarter, PoorFigures.region_code, PoorFigures.revision)
    )


def _released(*, region_code: str = "", quarter: str = "") -> Iterator[PoorFigures]:
    for row in _rows(region_code=region_code, quarter=quarter):
        if row.is_public:
            yield row


def _newest(rows: Iterable[PoorFigures]) -> list[PoorFigures]:
    """Keep the last revision of each county and quarter; rows come in that order."""
    return list({(row.quarter, row.region_code): row for row in rows}.values())


def _public(row: PoorFigures) -> PublicFigures:
    return PublicFigures(row.region_code, row.quarter, row.as_of, row.source, row.shown)
