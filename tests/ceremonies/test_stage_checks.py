"""The steps of a day, the list and the state of a ceremony agree, and it is told where not."""

import pytest
from flask import Flask
from sqlalchemy import text

from matchplatform.ceremonies.running import close_ceremony
from matchplatform.ceremonies.signing import sign_entry
from matchplatform.ceremonies.stage_checks import find_stage_breaches
from matchplatform.ceremonies.steps import list_steps
from matchplatform.kernel.db import db
from tests.ceremonies.day import Day, make_day


@pytest.fixture
def day(db_session: Flask) -> Day:
    """A day on which the first of two was signed."""
    day = make_day(2, guests=False).begin()
    sign_entry(actor=day.operator, entry=day.entries[0])
    db.session.commit()
    return day


def breaches(day: Day) -> list[str]:
    """Return what is wrong, read anew."""
    entries = day.entries
    return list(find_stage_breaches(day.ceremony, list_steps(day.ceremony.id), entries))


class TestBreaches:
    def test_a_day_as_it_goes_has_none(self, day: Day) -> None:
        assert breaches(day) == []
        close_ceremony(actor=day.operator, ceremony=day.ceremony, seen=2)
        db.session.commit()
        assert breaches(day) == []

    @pytest.mark.parametrize(
        ("statement", "told"),
        [
            ("DELETE FROM ceremony_steps WHERE seq = 1", "do not count 1 to 2"),
            ("UPDATE ceremonies SET seq = 3", "do not count 1 to 3"),
            ("UPDATE ceremonies SET status = 'tracking'", "do not say when it closed"),
            ("UPDATE ceremony_steps SET kind = 'close' WHERE seq = 2", "say that it is not"),
            (
                "UPDATE ceremony_entries SET status = 'listed', commitment_id = NULL",
                "which is not signed",
            ),
            ("UPDATE ceremony_steps SET kind = 'pass' WHERE seq = 2", "without a step"),
        ],
    )
    def test_what_somebody_changed_underneath_is_found(
        self, day: Day, statement: str, told: str
    ) -> None:
        db.session.execute(text(statement))
        db.session.commit()
        found = " ".join(breaches(day))
        assert told in found
