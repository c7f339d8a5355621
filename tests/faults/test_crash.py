"""kill -9 under load, in short; its long form is a command of its own."""

import pytest

from tests.faults.crash import run_crash
from tests.faults.servers import DATABASES


@pytest.mark.parametrize("database", DATABASES)
class TestCrash:
    def test_nothing_acknowledged_is_lost_and_nothing_is_done_twice(self, database: str) -> None:
        outcome = run_crash(3, database=database)
        assert outcome.is_clean, "\n".join([*outcome.report(), outcome.log])
        assert outcome.kills == {"server": 2, "worker": 1}
        assert outcome.counts["left without reading"] > 0
        assert {"claim.reserve", "claim.submit", "project.create"} <= set(+outcome.acknowledged)

    def test_the_harness_catches_a_site_that_forgets_the_keys_of_forms(self, database: str) -> None:
        outcome = run_crash(0, database=database, twin=True)
        assert outcome.doubled
        assert outcome.told_wrong
        assert not outcome.lost
