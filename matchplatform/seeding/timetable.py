"""When each thing of the demo happened: days are offsets from the day of loading."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import groupby

from matchplatform.kernel import clock
from matchplatform.seeding.rows import ProjectRow

MINUTES = 24 * 60
OPENS, WORKING_MINUTES = 8 * 60 + 30, 540
FIRST_POSTED, DAYS_OF_POSTING = -83, 75


@dataclass
class Timetable:
    """What happens at which moment; ``run`` does it in order of time."""

    loaded_at: datetime
    events: list[tuple[datetime, Callable[[], None]]] = field(default_factory=list)

    @property
    def today(self) -> date:
        """Return the day of loading in Shanghai."""
        return self.loaded_at.astimezone(clock.SHANGHAI).date()

    def moment(self, day: int, minute: int) -> datetime:
        """Return the moment ``minute`` of ``day``; day 0 lies within the hour before loading."""
        if day >= 0:
            return self.loaded_at - timedelta(hours=1) + timedelta(hours=1) * minute / MINUTES
        midnight = datetime.combine(
            self.today + timedelta(days=day), time(0), tzinfo=clock.SHANGHAI
        )
        return midnight + timedelta(minutes=minute)

    def add(self, day: int, minute: int, do: Callable[[], None]) -> None:
        """Put something on the timetable."""
        self.events.append((self.moment(day, minute), do))

    def run(self) -> None:
        """Let everything happen at its time."""
        for at, do in sorted(self.events, key=lambda event: event[0]):
            with clock.set_clock(at):
                try:
                    do()
                except Exception as error:
                    # Whoever wrote a wrong row wants to know which.
                    error.add_note(f"{at:%Y-%m-%d %H:%M} UTC: {do!r}")
                    raise


def working_minute(serial: int) -> int:
    """Return a minute within working hours, another for each serial number."""
    return OPENS + serial * 37 % WORKING_MINUTES


@dataclass(frozen=True)
class PostingDays:
    """When a project was written and submitted, verified, and published."""

    written: int
    verified: int
    published: int


def plan_postings(rows: list[ProjectRow]) -> Iterator[tuple[ProjectRow, PostingDays]]:
    """Yield the projects in the order of their writing, counties in turn, more of them early.

    Within a county the order is that of the numbers, for these are given as they are written.
    """
    ranked = []
    for _, county in groupby(sorted(rows, key=_by_number), key=lambda row: row.region_code):
        of_county = list(county)
        ranked += [(place / len(of_county), row) for place, row in enumerate(of_county)]
    ranked.sort(key=lambda pair: (pair[0], pair[1].number[::-1]))
    for place, (_, row) in enumerate(ranked):
        written = FIRST_POSTED + int(DAYS_OF_POSTING * (place / len(ranked)) ** 1.6)
        yield row, PostingDays(written, written + 1 + place % 2, written + 3 + place % 4)


def _by_number(row: ProjectRow) -> tuple[str, int]:
    return row.region_code, int(row.number.rpartition("-")[2])
