"""What the worker did each night of the demo: let lapse, free, promote, remind."""

from matchplatform.claims import rounds
from matchplatform.organisations.certificates import remind_expiring
from matchplatform.seeding.timetable import Timetable

FIRST_NIGHT, AFTER_MIDNIGHT = -50, 5


def plan_nights(timetable: Timetable) -> None:
    """Put the worker's round on the timetable, each night from where something can run out."""
    for day in range(FIRST_NIGHT, 1):
        timetable.add(day, AFTER_MIDNIGHT, _work)


def _work() -> None:
    for step in rounds.STEPS:
        step()
    remind_expiring()
