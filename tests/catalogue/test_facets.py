"""Filters and the counts beside them, against a count by brute force; no database."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchplatform.catalogue.facets import (
    AMOUNTS,
    DUE,
    FACETS,
    MULTIPLE,
    PEOPLE,
    STATE_WORDS,
    Wanted,
    filter_rows,
    read_wanted,
    words_of,
)
from matchplatform.catalogue.rows import Availability, ProjectRow, Want
from matchplatform.claims.figures import Figures
from matchplatform.kernel.clock import set_clock
from matchplatform.projects.states import (
    KIND_WORDS,
    LINE_WORDS,
    SECTOR_WORDS,
    LineKind,
    ProjectKind,
    ProjectState,
    Sector,
)

COUNTIES = ("130722", "130723", "130724", "130826", "130624")
GAPS = ("0", "0.01", "50000", "50000.01", "200000", "200000.01", "1000000", "1000000.01", "5600000")
HEADS = (0, 1, 50, 51, 200, 201, 1000, 1001, 3000)
DAY = date(2020, 5, 1)
DAYS = (0, 7, 8, 30, 31)
NOON = datetime(2020, 5, 1, 4, tzinfo=UTC)


@pytest.fixture(scope="module", autouse=True)
def _may_day() -> Iterator[None]:
    with set_clock(NOON):
        yield


def make_rows(count: int = 40) -> list[ProjectRow]:
    """Make rows that stand on every border of every band, the same at every run."""
    draw = Random(2020)
    rows = []
    for number in range(count):
        gap = Decimal(GAPS[number % len(GAPS)])
        kinds = draw.sample(list(LineKind), draw.randint(1, 3))
        rows.append(
            ProjectRow(
                id=number + 1,
                number=f"{draw.choice(COUNTIES)}-{number:03d}",
                name=f"第 {number} 项",
                kind=draw.choice(list(ProjectKind)),
                sector=draw.choice(list(Sector)[:4]),
                region_code=draw.choice(COUNTIES),
                place="东水泉村",
                scope_text="",
                status=ProjectState.PUBLISHED,
                availability=draw.choice(list(Availability)),
                claim_deadline=draw.choice([None, *(DAY + timedelta(days=n) for n in DAYS)]),
                published_at=draw.choice([None, datetime(2020, 4, 1, tzinfo=UTC)]),
                direct_people=HEADS[number % len(HEADS)],
                households=3,
                person_times=9,
                figures=Figures(needed=gap + 100, intended=Decimal(100), gap=gap),
                wants=tuple(Want(kind, "某物", Decimal(1), "件") for kind in kinds) if gap else (),
            )
        )
    return rows


ROWS = make_rows()

# ---- the second opinion: one plain function a facet --------------------------------------------


def bands(table: dict[str, tuple[object, Decimal, Decimal]], value: Decimal) -> set[str]:
    """Return the bands in which a value lies; the lower border belongs to the band below."""
    return {key for key, (_words, low, high) in table.items() if low < value <= high}


def has(row: ProjectRow, facet: str) -> set[str]:
    """Return every value of a facet that a row has."""
    if facet == "state":
        return {"open" if row.is_claimable else str(row.availability)}
    if facet == "due":
        days = row.days_left
        return {key for key in DUE if row.is_claimable and days is not None and days <= int(key)}
    if facet == "amount":
        return bands(AMOUNTS, row.figures.gap)  # type: ignore[arg-type]
    if facet == "people":
        return bands(PEOPLE, Decimal(row.direct_people))  # type: ignore[arg-type]
    if facet == "want":
        return {str(want.kind) for want in row.wants}
    return {str(getattr(row, facet))}


def passes(row: ProjectRow, wanted: Wanted, but: str = "") -> bool:
    """Tell whether a row passes every facet, one left out."""
    for facet in ("state", "due", "sector", "kind", "want", "amount", "people"):
        chosen = getattr(wanted, facet)
        if facet != but and chosen and not chosen & has(row, facet):
            return False
    if but == "place" or not (wanted.city or wanted.county):
        return True
    cities_without_county = wanted.city - {code[:4] + "00" for code in wanted.county}
    return row.region_code in wanted.county or row.region_code[:4] + "00" in cities_without_county


choices = st.builds(
    Wanted,
    due=st.frozensets(st.sampled_from(list(DUE)), max_size=2),
    state=st.frozensets(st.sampled_from(list(STATE_WORDS)), max_size=2),
    sector=st.frozensets(st.sampled_from([str(s) for s in SECTOR_WORDS]), max_size=2),
    kind=st.frozensets(st.sampled_from([str(k) for k in KIND_WORDS]), max_size=2),
    want=st.frozensets(st.sampled_from([str(k) for k in LINE_WORDS]), max_size=2),
    amount=st.frozensets(st.sampled_from(list(AMOUNTS)), max_size=2),
    people=st.frozensets(st.sampled_from(list(PEOPLE)), max_size=2),
    city=st.frozensets(st.sampled_from(["130700", "130800", "130600"]), max_size=2),
    county=st.frozensets(st.sampled_from(COUNTIES), max_size=2),
)


class TestFilterRows:
    @settings(max_examples=150, deadline=None, derandomize=True, database=None)
    @given(choices)
    def test_rows_and_counts_are_those_of_brute_force(self, wanted: Wanted) -> None:
        found = filter_rows(ROWS, wanted)
        assert found.rows == [row for row in ROWS if passes(row, wanted)]
        for facet in FACETS:
            if facet == "place":
                continue
            expected = Counter(
                value for row in ROWS if passes(row, wanted, facet) for value in has(row, facet)
            )
            assert found.counts[facet] == expected, facet
        near = [row for row in ROWS if passes(row, wanted, "place")]
        assert found.counts["county"] == Counter(row.region_code for row in near)
        assert found.counts["city"] == Counter(row.city_code for row in near)

    @pytest.mark.parametrize(
        "facet", ["state", "due", "sector", "kind", "want", "amount", "people"]
    )
    def test_a_count_says_what_choosing_it_gives(self, facet: str) -> None:
        for value, count in filter_rows(ROWS, Wanted()).counts[facet].items():
            chosen = replace(Wanted(), **{facet: frozenset({value})})
            assert len(filter_rows(ROWS, chosen).rows) == count

    def test_the_made_rows_stand_in_every_band(self) -> None:
        counts = filter_rows(ROWS, Wanted()).counts
        assert set(counts["amount"]) == set(AMOUNTS)
        assert set(counts["people"]) == set(PEOPLE)
        assert set(counts["state"]) == set(STATE_WORDS)
        assert set(counts["due"]) == set(DUE)

    def test_a_county_narrows_its_city_and_adds_to_another(self) -> None:
        both = Wanted(city=frozenset({"130700"}), county=frozenset({"130722", "130826"}))
        assert {row.region_code for row in filter_rows(ROWS, both).rows} == {"130722", "130826"}

    def test_nothing_is_in_nothing(self) -> None:
        found = filter_rows([], Wanted(state=frozenset({"open"})))
        assert found.rows == []
        assert not any(found.counts.values())


class TestReadWanted:
    def test_what_does_not_exist_is_passed_over(self) -> None:
        sent = {
            "state": ["open", "published", "<b>", "partly"],
            "due": ["7", "8", "never"],
            "sector": ["education", "EDUCATION", ""],
            "kind": ["need", "\x00"],
            "want": ["money", "gold"],
            "amount": ["5", "7", "more"],
            "people": ["50", "-1"],
            "city": ["130700", "999999", "130722", "130000"],
            "county": ["130722", "130700", "13072", "' OR 1=1"],
        }
        assert read_wanted(lambda facet: sent.get(facet, [])) == Wanted(
            state=frozenset({"open"}),
            due=frozenset({"7"}),
            sector=frozenset({"education"}),
            kind=frozenset({"need"}),
            want=frozenset({"money"}),
            amount=frozenset({"5", "more"}),
            people=frozenset({"50"}),
            city=frozenset({"130700"}),
            county=frozenset({"130722"}),
        )

    def test_everything_that_can_be_chosen_has_words(self) -> None:
        choosable: dict[str, Iterable[str]] = {
            "state": STATE_WORDS,
            "due": DUE,
            "amount": AMOUNTS,
            "people": PEOPLE,
            "sector": SECTOR_WORDS,
            "kind": KIND_WORDS,
            "want": LINE_WORDS,
            "city": ["130700"],
            "county": ["130826"],
        }
        for facet, values in choosable.items():
            for value in values:
                assert words_of(facet, str(value))


class TestWanted:
    def test_toggling_twice_changes_nothing(self) -> None:
        some = Wanted(sector=frozenset({"education"}))
        for facet, value in (("sector", "education"), ("sector", "health"), ("city", "130700")):
            assert some.toggled(facet, value) != some
            assert some.toggled(facet, value).toggled(facet, value) == some

    def test_what_is_chosen_is_listed_in_the_order_of_the_facets(self) -> None:
        some = Wanted(county=frozenset({"2", "1"}), state=frozenset({"open"}))
        assert some.chosen() == [("state", "open"), ("county", "1"), ("county", "2")]
        assert {facet for facet, _value in some.chosen()} <= set(MULTIPLE)
