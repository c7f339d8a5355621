"""Releases one after another: whoever kept them all still works out nothing."""

import random
from contextlib import suppress

from hypothesis import given, settings
from hypothesis import strategies as st

from matchplatform.regions.columns import CAUSES, NEEDS, OF_THE_POOR, PEOPLE
from matchplatform.regions.suppression import Unprotected
from tests.regions.outside import City, Notes, few_counts, moved, small_counts
from tests.regions.test_suppression import find_told

QUARTERS = ["2019Q3", "2019Q4"]
FIRST, OTHER = COUNTIES = ["130720", "130721"]
chances = st.integers(0, 10_000).map(random.Random)


def bounded(examples: int) -> settings:
    return settings(max_examples=examples, deadline=None, derandomize=True)


def told(notes: Notes, *, from_one: bool = True) -> list[str]:
    return find_told(notes.table(), notes.secrets(), from_one=from_one)


def big_counts(people: int = 700) -> dict[str, int]:
    """Return counts of which none is small."""
    counts = dict.fromkeys(CAUSES, 10) | {"cause_ill": people - 60}
    return {
        **counts, **dict.fromkeys(NEEDS, 50), PEOPLE: people, "households": 90,
        "watched_unstable": 40, "watched_marginal": 40, "unable_households": 20,
        "unable_people": 40, "paired_households": 10, "paired_people": 20,
    }  # fmt: skip


FEWER = big_counts() | {"cause_other": 3, "cause_ill": 647}


class TestReleases:
    @bounded(8)
    @given(chances, st.integers(1, 4))
    def test_one_release_tells_no_small_number(self, chance: random.Random, many: int) -> None:
        city = City()
        for place in range(many):
            city.type(f"13072{place}", small_counts(chance))
        city.publish()
        assert city.wrongly_shown() == []
        assert told(city.guessed, from_one=False) == []

    @bounded(10)
    @given(chances, st.permutations(QUARTERS))
    def test_nor_do_quarters_and_corrections_in_which_most_stayed_the_same(
        self, chance: random.Random, order: list[str]
    ) -> None:
        city = City()
        for code in (*COUNTIES, "130722"):
            counts = few_counts(chance)
            for quarter in QUARTERS:
                city.type(code, counts, quarter)
                if chance.random() < 0.5:
                    counts = moved(counts, chance)
        for quarter in order:
            city.publish(quarter)
        city.type(FIRST, moved(city.newest(FIRST, order[0]), chance), order[0])
        city.publish(order[0])
        assert city.wrongly_shown() == []
        assert told(city.guessed) == []

    @bounded(6)
    @given(chances)
    def test_where_few_are_left_a_correction_that_would_tell_is_refused(
        self, chance: random.Random
    ) -> None:
        city = City()
        for quarter in QUARTERS:
            for code in COUNTIES:
                city.type(code, small_counts(chance), quarter)
            city.publish(quarter)
        city.type(FIRST, moved(city.newest(FIRST), chance))
        with suppress(Unprotected):
            city.publish()
        assert city.wrongly_shown() == []
        for notes in city.known.values():
            assert told(notes, from_one=False) == []

    def test_a_number_known_from_another_quarter_protects_nothing(self) -> None:
        city = City()
        for code in COUNTIES:
            city.type(code, big_counts(), QUARTERS[0])
            city.type(code, FEWER if code == FIRST else big_counts(), QUARTERS[1])
        for quarter in QUARTERS:
            city.publish(quarter)
        kept = {row.region_code: row.hidden for row in city.rows if row.quarter == QUARTERS[1]}
        # Everybody knows the ten of the other county by then, so the totals are kept back.
        assert kept == {FIRST: ["cause_ill", "cause_other"], OTHER: []}
        assert city.releases[1].hidden == ["cause_ill", "cause_other"]
        assert told(city.guessed) == []

    def test_a_mask_made_for_each_quarter_alone_would_tell(self) -> None:
        before, city = City(), City()
        for code in COUNTIES:
            before.type(code, big_counts(), QUARTERS[0])
            city.type(code, FEWER if code == FIRST else big_counts(), QUARTERS[1])
        before.publish(QUARTERS[0])
        city.publish(QUARTERS[1])
        assert told(city.guessed) == []
        both = city.guessed
        both.values |= before.guessed.values
        both.shown |= before.guessed.shown
        assert told(both)

    def test_a_mask_made_for_each_release_alone_would_tell(self) -> None:
        city = City()
        for code in COUNTIES:
            city.type(code, FEWER if code == FIRST else big_counts())
        city.publish()
        # The twin hides the small numbers only, and what they were can be worked out.
        notes = city.guessed
        notes.hidden = {cell for cell in notes.hidden if notes.values[cell] < 5}
        assert told(notes)

    def test_zeros_of_a_county_where_nobody_is_left_say_nothing_of_another_time(self) -> None:
        city = City()
        nobody = big_counts() | dict.fromkeys(OF_THE_POOR, 0)
        for code in (*COUNTIES, "130722"):
            city.type(code, nobody if code == FIRST else big_counts())
        city.publish()
        city.type(FIRST, nobody | {"cause_ill": 7, PEOPLE: 7, "households": 5})
        city.publish()
        assert city.wrongly_shown() == []
        assert told(city.known["2019Q4"]) == []

    def test_what_must_be_two_at_least_is_published_all_the_same(self) -> None:
        city = City()
        for code in COUNTIES:
            city.type(code, FEWER | {"households": 2})
        city.publish()
        # Two counties in which somebody is left have two households or more, whatever is shown.
        assert "households" in city.releases[0].hidden
        assert all(len(row.hidden) <= 4 for row in city.rows)
        assert told(city.guessed, from_one=False) == []
        city.type(FIRST, FEWER | {"households": 1})
        city.publish()
        assert city.wrongly_shown() == []

    def test_a_guess_does_not_keep_a_city_from_publishing(self) -> None:
        city = City()
        for quarter in QUARTERS:
            for code in COUNTIES:
                city.type(code, FEWER if code == FIRST else big_counts(), quarter)
        city.publish(QUARTERS[0])
        # As if the quarter before had told all but one number.
        for row in city.rows:
            row.hidden = [name for name in row.hidden if name == "cause_other"][:1]
        city.rows[1].hidden, city.releases[0].hidden = [], []
        city.publish(QUARTERS[1])
        assert "cause_other" in city.rows[2].hidden
        assert told(city.known[QUARTERS[1]]) == []
