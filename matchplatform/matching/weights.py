"""Every weight of a recommendation, in one place. A score is points out of a hundred.

What is said in words weighs most, the sector it is filed under next, the place least: a good
match far away is better than a poor one next door. They were tried on the twelve profiles of
tests/data/profiles.json, whose right projects were written down before any weight was;
`python -m benchmarks.recommend` prints how well they do.
"""

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum

TENTH = Decimal("0.1")

WORDS = Decimal(60)
SECTOR = Decimal(25)
PLACE = Decimal(15)

# The cosine from which words count in full; below it points grow in proportion.
FULL_COSINE = 0.3
# How many times a title is read for once of the text.
TITLE_TIMES = 3
# How many shared words are named; what the others gave is their rest.
WORDS_NAMED = 5


class Nearness(StrEnum):
    """How near a project lies to what an organisation knows, nearest first."""

    OWN_COUNTY = "own_county"
    OWN_CITY = "own_city"
    WORKED_COUNTY = "worked_county"
    WORKED_CITY = "worked_city"
    ANYWHERE = "anywhere"


PLACE_POINTS: Mapping[Nearness, Decimal] = {
    Nearness.OWN_COUNTY: PLACE,
    Nearness.OWN_CITY: Decimal(11),
    Nearness.WORKED_COUNTY: Decimal(9),
    Nearness.WORKED_CITY: Decimal(5),
    Nearness.ANYWHERE: Decimal(0),
}


class Grade(StrEnum):
    """A score in a word."""

    VERY_GOOD = "very_good"
    GOOD = "good"
    POSSIBLE = "possible"
    WEAK = "weak"


# The least score of each grade, best first.
GRADE_FROM: Mapping[Grade, Decimal] = {
    Grade.VERY_GOOD: Decimal(60),
    Grade.GOOD: Decimal(45),
    Grade.POSSIBLE: Decimal(35),
}
# What is weaker is listed only when asked for: the sector alone gives 25.
LISTED_FROM = GRADE_FROM[Grade.POSSIBLE]

# What a common sector or county adds to the cosine of two projects that are alike.
ALIKE_SECTOR = 0.05
ALIKE_COUNTY = 0.05
ALIKE_LEAST_COSINE = 0.03


def grade_of(score: Decimal) -> Grade:
    """Return the word for a score."""
    return next((grade for grade, least in GRADE_FROM.items() if score >= least), Grade.WEAK)
