"""Reads of poor people by county."""

from sqlalchemy import select

from matchplatform.kernel.db import db
from matchplatform.regions.models import PoorPeople

SMALLEST_SHOWN = 5


def list_poor_people() -> dict[str, int | None]:
    """Return poor people by county code; cells under five are kept back as None."""
    rows = db.session.execute(
        select(PoorPeople.region_code, PoorPeople.people).order_by(PoorPeople.region_code)
    )
    return {code: people if people >= SMALLEST_SHOWN else None for code, people in rows}
