"""What holders and counties of the demo wrote to each other."""

from dataclasses import dataclass
from functools import partial

from matchplatform.claims.messages import write_message
from matchplatform.kernel import clock
from matchplatform.kernel.outbox import list_due
from matchplatform.notifications.queries import TOPIC as NOTICE_TOPIC
from matchplatform.notifications.services import deliver
from matchplatform.seeding.cast import Cast
from matchplatform.seeding.tables import read_table
from matchplatform.seeding.timetable import OPENS, Timetable

BETWEEN, AT_ONCE = 35, 200


@dataclass(frozen=True)
class MessageRow:
    """A message on the claim of ``holder`` on a project."""

    holder: str
    number: str
    author: str
    day: int
    text: str


def read_messages() -> list[MessageRow]:
    """Read messages.csv."""
    return [
        MessageRow(row["holder"], row["project"], row["author"], int(row["day"]), row["text"])
        for row in read_table("messages.csv")
    ]


def plan_messages(timetable: Timetable, cast: Cast, rows: list[MessageRow]) -> None:
    """Put messages on the timetable, in the order of the file on each day."""
    for serial, row in enumerate(rows):
        timetable.add(row.day, OPENS + 30 + serial % 12 * BETWEEN, partial(_write, cast, row))


def _write(cast: Cast, row: MessageRow) -> None:
    # A thread is told of once until somebody opens it: what was told before must have come.
    while entries := list_due([NOTICE_TOPIC], AT_ONCE):
        for entry in entries:
            deliver(entry)
            entry.done_at = clock.now()
    write_message(
        actor=cast.actors[row.author], claim=cast.claim(row.holder, row.number), text=row.text
    )
