"""What counties counted of their poor people: one to be corrected, one city to be published."""

from tests.architecture.matrix_things import Thing, Things
from tests.factories import ZHANGBEI, make_officer
from tests.regions.poor import SOURCE, counties_of, counts_of, type_figures

CITY, TYPED, FULL = "130700", "2019Q3", "2019Q4"


def make_counts() -> Things:
    """Make a county's figures of one quarter, and those of its whole city of the next."""
    officer = make_officer("1307")
    type_figures(quarter=TYPED, officer=officer)
    for code in counties_of(CITY):
        type_figures(code, quarter=FULL, officer=officer)
    form = {name: f"{count}" for name, count in counts_of(710).items()}
    return {
        "a count": Thing(
            {"region_code": ZHANGBEI, "quarter": TYPED},
            {**form, "version": "1", "as_of": "2019-09-30", "source": SOURCE, "confirmed": "yes"},
        ),
        "a full quarter": Thing(
            {"city_code": CITY, "quarter": FULL}, dict.fromkeys(counties_of(CITY), "1")
        ),
    }
