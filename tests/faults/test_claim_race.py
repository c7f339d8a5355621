"""The race for the last unit, in short; its long form is a command of its own."""

import pytest

from tests.faults.claim_race import LOST, WON, run_race
from tests.faults.servers import DATABASES


@pytest.mark.parametrize("database", DATABASES)
class TestClaimRace:
    def test_exactly_one_wins_each_last_unit(self, database: str) -> None:
        outcome = run_race(claimants=8, rounds=3, database=database)
        assert outcome.is_clean, outcome
        assert outcome.statuses == {WON: 3, LOST: 21}

    def test_the_harness_catches_a_hold_that_reads_and_then_writes(self, database: str) -> None:
        outcome = run_race(claimants=8, rounds=3, database=database, twin=True)
        assert outcome.double_booked > 0
