"""Waitlists of the demo; who is promoted or dropped follows from the nights."""

from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from matchplatform.claims.waiting import find_waiting
from matchplatform.claims.waitlist import join_waitlist, leave_waitlist
from matchplatform.seeding.cast import Cast
from matchplatform.seeding.tables import day_of, quantities_of, read_table
from matchplatform.seeding.timetable import Timetable, working_minute


@dataclass(frozen=True)
class WaitRow:
    """Somebody who waits for quantities of lines, by their position."""

    username: str
    number: str
    quantities: dict[int, Decimal]
    joined_day: int
    left_day: int | None


def read_waitlist() -> list[WaitRow]:
    """Read waitlist.csv."""
    return [
        WaitRow(
            username=row["organisation"],
            number=row["project"],
            quantities=quantities_of(row["quantities"]),
            joined_day=int(row["joined_day"]),
            left_day=day_of(row["left_day"]),
        )
        for row in read_table("waitlist.csv")
    ]


def plan_waitlist(timetable: Timetable, cast: Cast, rows: list[WaitRow]) -> None:
    """Put joining and leaving on the timetable."""
    for serial, row in enumerate(rows):
        minute = working_minute(serial)
        timetable.add(row.joined_day, minute, partial(_join, cast, row))
        if row.left_day is not None:
            timetable.add(row.left_day, minute, partial(_leave, cast, row))


def _join(cast: Cast, row: WaitRow) -> None:
    join_waitlist(
        actor=cast.actors[row.username],
        organisation=cast.organisation(row.username),
        project=cast.project(row.number),
        quantities=cast.quantities(row.number, row.quantities),
        confirmed=True,
    )


def _leave(cast: Cast, row: WaitRow) -> None:
    for line_id in cast.quantities(row.number, row.quantities):
        entry = find_waiting(cast.organisation_ids[row.username], line_id)
        if entry is None:
            raise LookupError(f"{row.username} does not wait on {row.number}")
        leave_waitlist(actor=cast.actors[row.username], entry=entry)
