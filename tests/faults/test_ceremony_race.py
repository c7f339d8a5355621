"""Many signatures at once, in short; its long form is a command of its own."""

import pytest

from tests.faults.ceremony_race import TWINS, race_on
from tests.faults.servers import DATABASES, make_site

ENTRIES, FEW = 8, 4
SAYS = {"asks": "signed 2 times", "counts": "answered [409]"}
# What the broken sites do wrong says little of the database; the long form tries each on both.
CAUGHT_ON = {"sqlite": ("counts",), "postgresql": ("asks",)}


@pytest.mark.parametrize("database", DATABASES)
def test_each_signature_is_taken_once_and_every_broken_site_is_caught(database: str) -> None:
    # One site for all: to begin one takes longer than a race on it.
    with make_site(database) as site:
        outcome = race_on(site, ENTRIES)
        assert outcome.is_clean, outcome
        assert (outcome.count(303), outcome.count(409)) == (10, 2)
        for name in CAUGHT_ON[database]:
            caught = race_on(site, FEW, TWINS[name])
            assert any(SAYS[name] in line for line in caught.faults), (name, caught)
