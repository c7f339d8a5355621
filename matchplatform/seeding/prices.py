"""The price table of the province in the demo."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import partial

from matchplatform.kernel import clock
from matchplatform.projects.prices import PriceDetails, add_price
from matchplatform.seeding.cast import Cast
from matchplatform.seeding.tables import read_table
from matchplatform.seeding.timetable import Timetable, working_minute

HEBEI = "130000"
# So long before it is written into the table was a price looked up.
DAYS_OLD = timedelta(days=5)


@dataclass(frozen=True)
class PriceSeed:
    """What a thing usually costs, in yuan a unit, and when the province wrote it down."""

    item: str
    unit: str
    low: Decimal
    high: Decimal
    source: str
    day: int


def read_prices() -> list[PriceSeed]:
    """Read prices.csv."""
    return [
        PriceSeed(
            row["item"],
            row["unit"],
            Decimal(row["low"]),
            Decimal(row["high"]),
            row["source"],
            int(row["day"]),
        )
        for row in read_table("prices.csv")
    ]


def plan_prices(timetable: Timetable, cast: Cast, rows: list[PriceSeed]) -> None:
    """Put the rows of the price table on the timetable."""
    for serial, row in enumerate(rows):
        timetable.add(row.day, working_minute(serial), partial(_add, cast, row))


def _add(cast: Cast, row: PriceSeed) -> None:
    details = PriceDetails(
        row.item, row.unit, row.low, row.high, row.source, clock.today() - DAYS_OLD
    )
    add_price(actor=cast.nearest_officer(HEBEI, 0), details=details)
