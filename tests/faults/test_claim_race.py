"""The race for the last unit, in short; its long form is a command of its own."""

from tests.faults.claim_race import LOST, WON, run_race


class TestClaimRace:
    def test_exactly_one_wins_each_last_unit(self) -> None:
        outcome = run_race(claimants=8, rounds=3)
        assert outcome.is_clean, outcome
        assert outcome.statuses == {WON: 3, LOST: 21}

    def test_the_harness_catches_a_hold_that_reads_and_then_writes(self) -> None:
        outcome = run_race(claimants=8, rounds=3, twin=True)
        assert outcome.double_booked > 0
