"""What the seeds promise: their number, places, lengths, sums, and that no text is another's copy."""

from collections import Counter, defaultdict
from decimal import Decimal
from statistics import mean, median

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from matchplatform.access.actor import Role
from matchplatform.access.reach import MINISTRY
from matchplatform.claims.states import ClaimState
from matchplatform.config.paths import SEEDS
from matchplatform.kernel.money import WAN
from matchplatform.organisations.states import OrganisationState
from matchplatform.organisations.uscc import clean_uscc
from matchplatform.projects.details import MOST_LINES, fits_unit
from matchplatform.projects.states import LineKind, ProjectKind, Sector
from matchplatform.regions.divisions import find_division, poverty_counties
from matchplatform.seeding.poor_people import read_poor_people
from matchplatform.seeding.rows import (
    ProjectRow,
    read_claims,
    read_halts,
    read_organisations,
    read_people,
    read_postings,
    read_projects,
    read_showcase,
)

PROJECTS = read_projects()
POSTINGS = read_postings()
ORGANISATIONS = read_organisations()
PEOPLE = read_people()
CLAIMS = read_claims()
CITIES = {"130600", "130700", "130800"}
RUN = 12


def value_of(row: ProjectRow) -> Decimal:
    return sum((line.quantity * (line.unit_price or 0) for line in row.lines), Decimal(0))


def test_each_file_is_explained() -> None:
    told = (SEEDS / "README.md").read_text(encoding="utf-8")
    assert [path.name for path in SEEDS.glob("*.csv") if path.name not in told] == []


class TestProjects:
    def test_there_are_313_each_with_its_own_number_and_name(self) -> None:
        assert len(PROJECTS) == 313
        assert len({row.number for row in PROJECTS}) == 313
        assert len({row.name for row in PROJECTS}) == 313

    def test_they_lie_in_poverty_counties_of_three_cities(self) -> None:
        counties = {row.region_code for row in PROJECTS}
        assert counties <= set(poverty_counties())
        assert {code[:4] + "00" for code in counties} == CITIES
        assert all(row.number.startswith(row.region_code + "-") for row in PROJECTS + POSTINGS)

    def test_all_sectors_kinds_and_kinds_of_line_occur(self) -> None:
        assert {row.sector for row in PROJECTS} == set(Sector)
        assert {row.kind for row in PROJECTS} == set(ProjectKind)
        assert {line.kind for row in PROJECTS for line in row.lines} == set(LineKind)

    def test_each_text_has_150_to_400_characters(self) -> None:
        wrong = [row.number for row in PROJECTS + POSTINGS if not 150 <= len(row.scope_text) <= 400]
        assert wrong == []

    def test_the_amounts_are_spread_as_in_life(self) -> None:
        values = [value_of(row) / WAN for row in PROJECTS]
        assert 39 <= mean(values) <= 43
        assert median(values) < 20
        assert max(values) > 400

    def test_the_lines_can_be_kept(self) -> None:
        for row in PROJECTS + POSTINGS:
            assert 1 <= len(row.lines) <= MOST_LINES, row.number
            for line in row.lines:
                assert 0 < line.min_lot <= line.quantity, (row.number, line.item)
                assert fits_unit(line.quantity, line.unit), (row.number, line.item)
                assert (line.unit_price is None) == (line.kind is LineKind.JOBS), row.number

    def test_somebody_benefits(self) -> None:
        for row in PROJECTS + POSTINGS:
            assert row.direct_people or row.households or row.person_times, row.number


class TestOwnWords:
    def test_no_run_of_twelve_characters_stands_in_more_than_five_texts(self) -> None:
        texts_with: dict[str, set[str]] = defaultdict(set)
        for row in PROJECTS + POSTINGS:
            for start in range(len(row.scope_text) - RUN + 1):
                texts_with[row.scope_text[start : start + RUN]].add(row.number)
        assert [run for run, numbers in texts_with.items() if len(numbers) > 5] == []

    def test_no_two_texts_are_alike(self) -> None:
        vectors = TfidfVectorizer(analyzer="char", ngram_range=(2, 2)).fit_transform(
            row.scope_text for row in PROJECTS + POSTINGS
        )
        alike = (vectors @ vectors.T).toarray()
        np.fill_diagonal(alike, 0)
        assert alike.max() < 0.6

    def test_the_messages_of_claims_vary(self) -> None:
        messages = Counter(row.message for row in CLAIMS if row.message)
        assert len(messages) >= 25
        assert messages.most_common(1)[0][1] <= 8


class TestOrganisations:
    def test_there_are_120_and_forty_from_each_of_the_three(self) -> None:
        assert len(ORGANISATIONS) == 120
        homes = Counter(row.details.registration_region[:2] for row in ORGANISATIONS)
        assert homes == {"11": 40, "12": 40, "13": 40}

    def test_their_codes_are_valid_and_distinct(self) -> None:
        for row in ORGANISATIONS:
            assert clean_uscc(row.uscc, row.details.org_type) == row.uscc
        assert len({row.uscc for row in ORGANISATIONS}) == 120

    def test_their_authorities_lie_in_known_divisions(self) -> None:
        for row in ORGANISATIONS:
            region = row.details.registration_region
            assert region == MINISTRY or find_division(region) is not None, row.username

    def test_their_texts_have_80_to_250_characters_and_are_their_own(self) -> None:
        scopes = [row.details.business_scope for row in ORGANISATIONS]
        missions = [row.details.mission for row in ORGANISATIONS]
        assert all(80 <= len(text) <= 250 for text in scopes + missions)
        assert len(set(scopes + missions)) == 240

    def test_they_have_budgets_and_sectors(self) -> None:
        for row in ORGANISATIONS:
            assert row.details.annual_budget > 0
            assert set(row.details.focus_sectors) <= set(Sector)

    def test_some_wait_for_every_kind_of_verifier(self) -> None:
        waiting = [
            row.details.registration_region
            for row in ORGANISATIONS
            if row.state is OrganisationState.PENDING
        ]
        assert len(waiting) >= 6
        assert any(region.startswith("11") for region in waiting)
        assert any(region.startswith("12") for region in waiting)
        assert "130000" in waiting
        assert any(region in CITIES for region in waiting)
        assert any(region in poverty_counties() for region in waiting)


class TestPeople:
    def test_every_county_with_a_project_has_two_officers(self) -> None:
        officers = Counter(row.region_prefix for row in PEOPLE if row.role is Role.OFFICER)
        for code in {row.region_code for row in PROJECTS}:
            assert officers[code] == 2, code
        for prefix in ("13", "11", "12"):
            assert officers[prefix] >= 1
        assert all(officers[city[:4]] >= 1 for city in CITIES)

    def test_the_accounts_to_try_exist_and_show_every_role(self) -> None:
        agents = {row.username: Role.AGENT for row in ORGANISATIONS}
        roles = {row.username: row.role for row in PEOPLE} | agents
        shown = {roles[username] for username, _ in read_showcase()}
        assert shown == set(Role) - {Role.VISITOR, Role.SYSTEM}

    def test_poor_people_add_up_to_what_was_published(self) -> None:
        rows = read_poor_people()
        first = [row for row in rows if row.quarter == "2019Q4"]
        assert {row.region_code for row in first} == set(poverty_counties())
        assert sum(row.figures.counts["people"] for row in first) == 32_600
        assert all("演示" in row.figures.source for row in rows)

    def test_poor_people_become_fewer_in_the_three_cities(self) -> None:
        found: Counter[str] = Counter()
        counties: dict[str, set[str]] = defaultdict(set)
        for row in read_poor_people():
            if row.region_code[:4] + "00" in CITIES:
                counties[row.quarter].add(row.region_code)
                if row.published_day is not None:
                    found[row.quarter] += row.figures.counts["people"]
        assert all(len(counties[quarter]) == 28 for quarter in found)
        line = [found[quarter] for quarter in sorted(found)]
        assert len(line) >= 4
        assert line == sorted(line, reverse=True)
        # The newest quarter is still being typed.
        assert 0 < len(counties[max(counties)]) < 28


class TestClaims:
    def test_they_stand_in_every_state(self) -> None:
        # What is signed was accepted first; agreements and ceremonies do the rest.
        assert {row.state for row in CLAIMS} == set(ClaimState) - {ClaimState.SIGNED}

    def test_about_two_thirds_of_the_value_stay_open(self) -> None:
        prices = {
            (row.number, place): line.unit_price or Decimal(0)
            for row in PROJECTS
            for place, line in enumerate(row.lines, start=1)
        }
        held = sum(
            quantity * prices[row.number, place]
            for row in CLAIMS
            if row.state in (ClaimState.RESERVED, ClaimState.SUBMITTED, ClaimState.ACCEPTED)
            for place, quantity in row.quantities.items()
        )
        open_share = 1 - held / sum(value_of(row) for row in PROJECTS)
        assert Decimal("0.55") < open_share < Decimal("0.75")

    def test_what_was_refused_or_withdrawn_after_submission_says_why(self) -> None:
        for row in CLAIMS:
            refused = row.state is ClaimState.DECLINED
            taken_back = row.state is ClaimState.WITHDRAWN and row.submitted_day is not None
            assert bool(row.reason) == (refused or taken_back), row

    def test_an_organisation_has_one_row_a_project(self) -> None:
        pairs = Counter((row.username, row.number) for row in CLAIMS)
        assert [pair for pair, count in pairs.items() if count > 1] == []

    def test_halts_are_of_known_projects(self) -> None:
        assert {row.number for row in read_halts()} <= {row.number for row in PROJECTS}
