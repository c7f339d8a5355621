"""Reads of poor people by county."""

from dataclasses import dataclass

from sqlalchemy import select

from matchplatform.kernel.db import db
from matchplatform.regions.models import PoorPeople

SMALLEST_SHOWN = 5


@dataclass(frozen=True)
class PoorPeopleNote:
    """What a note below the figures says: their dates, and the sum of those that are shown."""

    dates: tuple[str, ...]
    shown: int


def list_poor_people() -> dict[str, int | None]:
    """Return poor people by county code; cells under five are kept back as None."""
    rows = db.session.execute(
        select(PoorPeople.region_code, PoorPeople.people).order_by(PoorPeople.region_code)
    )
    return {code: people if people >= SMALLEST_SHOWN else None for code, people in rows}


def read_poor_people_note() -> PoorPeopleNote:
    """Return the dates of the figures and the sum of those shown; kept-back cells stay out of it."""
    rows = db.session.execute(select(PoorPeople.as_of, PoorPeople.people)).all()
    return PoorPeopleNote(
        dates=tuple(sorted({as_of for as_of, _people in rows})),
        shown=sum(people for _as_of, people in rows if people >= SMALLEST_SHOWN),
    )
