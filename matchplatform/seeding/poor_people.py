"""People not out of poverty in the demo: typed by counties, published by cities, quarter by quarter."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from functools import partial

from matchplatform.regions.columns import TYPED
from matchplatform.regions.figures import CountyFigures
from matchplatform.regions.services import publish_quarter, record_figures
from matchplatform.seeding.cast import Cast
from matchplatform.seeding.tables import day_of, read_table
from matchplatform.seeding.timetable import Timetable, working_minute

# Where no county officer is, one of the province types and another one publishes.
WRITER, PUBLISHER = 0, 1


@dataclass(frozen=True)
class PoorRow:
    """What a county counted in a quarter, when it was typed, and when its city published it."""

    region_code: str
    quarter: str
    figures: CountyFigures
    recorded_day: int
    published_day: int | None


def read_poor_people() -> list[PoorRow]:
    """Read poor_people.csv."""
    return [
        PoorRow(
            row["region_code"],
            row["quarter"],
            CountyFigures(
                {name: int(row[name]) for name in TYPED},
                date.fromisoformat(row["as_of"]),
                row["source"],
            ),
            int(row["recorded_day"]),
            day_of(row["published_day"]),
        )
        for row in read_table("poor_people.csv")
    ]


def plan_poor_people(timetable: Timetable, cast: Cast, rows: list[PoorRow]) -> None:
    """Put the figures, and what cities publish of them, on the timetable."""
    published: dict[tuple[int, str, str], list[str]] = defaultdict(list)
    for serial, row in enumerate(rows):
        timetable.add(row.recorded_day, working_minute(serial), partial(_record, cast, row))
        if row.published_day is not None:
            city = row.region_code[:4] + "00"
            published[row.published_day, city, row.quarter].append(row.region_code)
    for serial, ((day, city, quarter), codes) in enumerate(sorted(published.items())):
        publish = partial(_publish, cast, city, quarter, codes)
        timetable.add(day, working_minute(serial), publish)


def _record(cast: Cast, row: PoorRow) -> None:
    record_figures(
        actor=cast.nearest_officer(row.region_code, WRITER),
        region_code=row.region_code,
        quarter=row.quarter,
        figures=row.figures,
        version=0,
        confirmed=True,
    )


def _publish(cast: Cast, city: str, quarter: str, codes: list[str]) -> None:
    publish_quarter(
        actor=cast.nearest_officer(city, PUBLISHER),
        city_code=city,
        quarter=quarter,
        versions=dict.fromkeys(codes, 1),
    )
