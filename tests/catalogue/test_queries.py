"""Finding, sorting and keeping the rows of public projects."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from matchplatform.catalogue.facets import Wanted
from matchplatform.catalogue.indexing import index_project, list_public_ids, open_index, rebuild
from matchplatform.catalogue.queries import Listing, find_words, list_projects
from matchplatform.catalogue.rows import Availability, list_rows
from matchplatform.claims.signing import sign_claim
from matchplatform.kernel import clock
from matchplatform.kernel.clock import set_clock
from matchplatform.kernel.db import db
from matchplatform.projects.details import LineDetails, ProjectDetails
from matchplatform.projects.models import Project
from matchplatform.projects.services import close_project, suspend_project
from matchplatform.projects.states import CloseOutcome, LineKind, ProjectState
from matchplatform.search import SearchIndex
from tests.factories import (
    DETAILS,
    actor_for,
    make_claim,
    make_officer,
    make_organisation,
    make_project,
)

LAST = LineDetails(LineKind.GOODS, "心电图机", Decimal(1), "台", Decimal(12000), Decimal(1))


def money(yuan: int) -> LineDetails:
    """Return a line that asks for so many yuan."""
    return LineDetails(LineKind.MONEY, "热水改造款", Decimal(yuan), "元", Decimal(1), Decimal(1))


def named(name: str, text: str = "", people: int = 186) -> ProjectDetails:
    """Return details with this name, text and number of people."""
    return replace(
        DETAILS, name=name, scope_text=text or DETAILS.scope_text,
        direct_people=people, households=people * 2 // 3,
    )  # fmt: skip


@pytest.fixture
def index(db_session: Flask) -> SearchIndex:
    """The index of the site, empty and usable."""
    index = open_index(db_session.extensions["settings"])
    rebuild(index)
    return index


def find(index: SearchIndex, words: str = "", sort: str = "", page: int = 1) -> Listing:
    """Ask for a page of the catalogue without filters."""
    return list_projects(index, words, Wanted(), sort, page)


def numbers(listing: Listing) -> list[str]:
    """Return the numbers on a page."""
    return [row.number for row in listing.page.items]


class TestSorts:
    @pytest.fixture
    def three(self, index: SearchIndex) -> Iterator[list[str]]:
        today = clock.today()
        made = []
        for days, thousand, people, ago in ((30, 10, 50, 3), (10, 30, 50, 1), (20, 20, 900, 2)):
            with set_clock(clock.now() - timedelta(days=ago)):
                project = make_project(
                    details=named("住宿生越冬热水", people=people),
                    lines=(money(thousand * 1000),),
                    deadline=today + timedelta(days=days),
                )
            made.append(project.number)
        return made  # type: ignore[return-value]

    @pytest.mark.parametrize(
        ("sort", "order"),
        [("deadline", [1, 2, 0]), ("gap", [1, 2, 0]), ("new", [1, 2, 0]), ("people", [2, 0, 1]),
         ("", [1, 2, 0]), ("fit", [1, 2, 0]), ("nonsense", [1, 2, 0])],
    )  # fmt: skip
    def test_each_order_is_that_order(
        self, index: SearchIndex, three: list[str], sort: str, order: list[int]
    ) -> None:
        assert numbers(find(index, sort=sort)) == [three[place] for place in order]

    @pytest.mark.parametrize("sort", ["deadline", "gap", "people", "fit"])
    def test_ties_go_by_number(self, index: SearchIndex, sort: str) -> None:
        made = [
            make_project(region=region).number
            for region in ("130826", "130722", "130723", "130722")
        ]
        rebuild(index)
        words = "东水泉" if sort == "fit" else ""
        assert numbers(find(index, words, sort)) == sorted(made)

    def test_what_can_be_claimed_comes_before_what_cannot(self, index: SearchIndex) -> None:
        soon = make_project(deadline=clock.today() + timedelta(days=1))
        later = make_project(deadline=clock.today() + timedelta(days=40))
        first, second = soon.number, later.number
        assert numbers(find(index, sort="deadline")) == [first, second]
        with set_clock(clock.now() + timedelta(days=5)):
            assert numbers(find(index, sort="deadline")) == [second, first]


class TestPages:
    def test_pages_cut_the_list_and_the_last_is_never_passed(self, index: SearchIndex) -> None:
        made = sorted(make_project().number for _number in range(11))
        assert numbers(find(index, sort="gap", page=1)) == made[:10]
        assert numbers(find(index, sort="gap", page=2)) == made[10:]
        beyond = find(index, sort="gap", page=999_999)
        assert (beyond.page.number, numbers(beyond)) == (2, made[10:])
        assert beyond.gap == sum(row.figures.gap for row in list_rows())


class TestWords:
    def test_a_number_finds_its_project(self, index: SearchIndex) -> None:
        made = [make_project(details=named(f"第{n}处水窖")).number for n in "甲乙丙"]
        rebuild(index)
        for number in made:
            assert numbers(find(index, number))[0] == number
            assert number in numbers(find(index, number.split("-")[1]))

    def test_all_words_come_first_and_parts_are_said_to_be_parts(self, index: SearchIndex) -> None:
        number = make_project(details=named("石门沟水窖清淤")).number
        rebuild(index)
        found = find(index, "石门沟 清淤")
        assert numbers(found) == [number]
        assert found.found is not None
        assert not found.found.loosened
        loose = find(index, "石门沟 直升机")
        assert numbers(loose) == [number]
        assert loose.found is not None
        assert loose.found.loosened

    def test_what_is_nowhere_is_not_found(self, index: SearchIndex) -> None:
        make_project()
        rebuild(index)
        found = find(index, "潜水艇")
        assert numbers(found) == []
        assert found.found is not None
        assert not found.found.loosened

    def test_a_place_in_the_words_is_offered_and_not_applied(self, index: SearchIndex) -> None:
        here = make_project(region="130722").number
        there = make_project(
            region="130826",
            details=named("住宿生越冬热水", text=DETAILS.scope_text + "从张北县买煤。"),
        ).number
        rebuild(index)
        found = find(index, "张北县 热水")
        assert {here, there} == set(numbers(found))
        assert [place.code for place in found.places] == ["130722"]
        chosen = list_projects(index, "张北县 热水", Wanted(county=frozenset({"130722"})), "", 1)
        assert numbers(chosen) == [here]
        assert chosen.places == []


class TestCodes:
    @pytest.fixture
    def three(self, index: SearchIndex) -> list[str]:
        made = [make_project(region=region).number for region in ("130722", "130722", "130826")]
        rebuild(index)
        return made

    @pytest.mark.parametrize(
        ("code", "hits"),
        [("130722", 2), ("１３０８２６", 1), ("130700", 2), ("130000", 3), ("130723", 0)],
    )
    def test_a_code_finds_what_begins_with_it(
        self, index: SearchIndex, three: list[str], code: str, hits: int
    ) -> None:
        found = find(index, code)
        assert len(numbers(found)) == hits
        assert found.found is not None
        assert not found.found.loosened

    def test_it_is_offered_as_a_place(self, index: SearchIndex, three: list[str]) -> None:
        assert [place.code for place in find(index, "130722").places] == ["130722"]
        assert find(index, three[0]).places == []

    def test_it_narrows_the_other_words(self, index: SearchIndex, three: list[str]) -> None:
        assert numbers(find(index, "东水泉 130826")) == three[2:]
        assert numbers(find(index, "潜水艇 130826")) == []

    @pytest.mark.parametrize("gap", [" ", "　", "  "])
    def test_a_code_and_a_serial_are_a_number(
        self, index: SearchIndex, three: list[str], gap: str
    ) -> None:
        found = find(index, three[1].replace("-", gap))
        assert numbers(found) == [three[1]]
        assert found.found is not None
        assert not found.found.loosened


class TestWithoutIndex:
    @pytest.fixture
    def broken(self, db_session: Flask) -> SearchIndex:
        return open_index(db_session.extensions["settings"])

    def test_sql_answers_and_says_so(self, broken: SearchIndex) -> None:
        number = make_project().number
        found = find(broken, "东水泉 被褥")
        assert numbers(found) == [number]
        assert found.found is not None
        assert found.found.degraded

    @pytest.mark.parametrize(
        ("term", "hits"), [("a_b", 1), ("c\\d", 1), ("0%", 1), ("东%泉", 0), ("水_清", 0)]
    )
    def test_wildcards_are_letters(self, broken: SearchIndex, term: str, hits: int) -> None:
        make_project(details=named("水窖清淤"))
        made = make_project(details=named("完成 100% 与 a_b 及 c\\d")).id
        assert list(find_words(broken, [term]).scores) == [made] * hits

    @pytest.mark.parametrize("words", ["%", "_", "\\", "' OR 1=1 --", "*", '"', "a" * 100])
    def test_signs_are_no_query_language(self, broken: SearchIndex, words: str) -> None:
        make_project()
        assert numbers(find(broken, words)) in ([], [list_rows()[0].number])

    @pytest.mark.parametrize("words", ["张北 被褥三件套", "张家口市 三件套", "热水改造款"])
    def test_counties_and_items_are_found(self, broken: SearchIndex, words: str) -> None:
        number = make_project().number
        make_project(region="130826", lines=(LAST,))
        found = find(broken, words)
        assert numbers(found) == [number]
        assert found.found is not None
        assert not found.found.loosened

    def test_parts_are_found_and_said_to_be_parts(self, broken: SearchIndex) -> None:
        number = make_project().number
        found = find(broken, "东水泉 直升机")
        assert numbers(found) == [number]
        assert found.found is not None
        assert found.found.loosened
        assert found.found.degraded

    def test_hidden_projects_stay_hidden(self, broken: SearchIndex) -> None:
        make_project(state=ProjectState.VERIFIED)
        assert numbers(find(broken, "东水泉")) == []


class TestHidden:
    def test_a_stale_index_can_show_nothing_hidden(self, index: SearchIndex) -> None:
        shown = make_project().number
        rebuild(index)
        hidden = make_project(state=ProjectState.SUBMITTED)
        hidden_id = hidden.id
        assert hidden_id not in list_public_ids()
        index_project(index, hidden_id)
        assert index.ids() == list_public_ids()
        assert numbers(find(index, "东水泉")) == [shown]

    @pytest.mark.parametrize(
        "state", [ProjectState.DRAFT, ProjectState.SUBMITTED, ProjectState.VERIFIED]
    )
    def test_what_is_not_public_is_in_no_row(self, index: SearchIndex, state: ProjectState) -> None:
        make_project(state=state)
        assert list_rows() == []
        assert find(index).filtered.counts["county"] == {}


class TestRows:
    def row(self) -> Any:
        """Return the one row."""
        (row,) = list_rows()
        return row

    def test_they_are_kept_while_nothing_changes(self, db_session: Flask) -> None:
        make_project()
        first = list_rows()
        asked: list[str] = []

        def note(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
            asked.append(statement)

        event.listen(db.engine, "before_cursor_execute", note)
        try:
            assert list_rows() is first
        finally:
            event.remove(db.engine, "before_cursor_execute", note)
        assert len([one for one in asked if "SELECT" in one]) == 1

    def test_a_claim_and_its_withdrawal_are_seen_at_once(self, db_session: Flask) -> None:
        project = make_project(lines=(LAST, money(1000)))
        assert self.row().availability is Availability.OPEN
        organisation, agent = make_organisation()
        make_claim(project, organisation, agent, {project.lines[0].id: Decimal(1)})
        assert self.row().availability is Availability.PARTLY
        assert self.row().figures.gap == 1000
        assert self.row().figures.intended == 12000
        other, other_agent = make_organisation()
        make_claim(project, other, other_agent, {project.lines[1].id: Decimal(1000)})
        assert self.row().availability is Availability.TAKEN
        assert self.row().wants == ()

    def test_a_signature_is_seen_at_once(self, db_session: Flask) -> None:
        project = make_project(lines=(LAST, money(1000)))
        organisation, agent = make_organisation()
        amounts = {project.lines[0].id: Decimal(1)}
        claim = make_claim(project, organisation, agent, amounts, accepted=True)
        assert (self.row().figures.intended, self.row().figures.signed) == (12000, 0)
        officer = actor_for(make_officer(project.region_code))
        sign_claim(actor=officer, claim=claim, signed_at=clock.now())
        db.session.commit()
        assert (self.row().figures.intended, self.row().figures.signed) == (0, 12000)
        assert self.row().figures.gap == 1000
        assert self.row().availability is Availability.PARTLY

    def test_the_day_alone_can_change_them(self, db_session: Flask) -> None:
        deadline = clock.today() + timedelta(days=3)
        make_project(deadline=deadline)
        last_moment = clock.end_of_day(deadline) - clock.A_MOMENT
        with set_clock(last_moment):
            assert self.row().availability is Availability.OPEN
            assert self.row().days_left == 0
        with set_clock(clock.end_of_day(deadline)):
            assert self.row().availability is Availability.ENDED
            assert self.row().days_left == -1
        with set_clock(last_moment):
            assert self.row().is_claimable

    def test_the_end_of_a_hold_alone_can_change_them(self, db_session: Flask) -> None:
        project = make_project(lines=(LAST,))
        organisation, agent = make_organisation()
        claim = make_claim(project, organisation, agent, {project.lines[0].id: Decimal(1)})
        # Holds end with a day; here one ends within it, so that the day says nothing.
        claim.hold_until -= timedelta(hours=12)
        db.session.commit()
        with set_clock(claim.hold_until - clock.A_MOMENT):
            assert self.row().availability is Availability.TAKEN
        with set_clock(claim.hold_until):
            assert self.row().availability is Availability.OPEN
            assert self.row().figures.intended == 0
            assert [want.gap for want in self.row().wants] == [1]

    def test_suspending_and_closing_are_seen_at_once(self, db_session: Flask) -> None:
        project = make_project()
        city = actor_for(make_officer("1307"))
        suspend_project(actor=city, project=project, version=project.version, reason="核对条目数量")
        db.session.commit()
        assert self.row().availability is Availability.SUSPENDED
        close_project(
            actor=city,
            project=project,
            version=project.version,
            outcome=CloseOutcome.CANCELLED,
            reason="县里另有资金",
        )
        db.session.commit()
        assert self.row().availability is Availability.CLOSED

    def test_what_was_rolled_back_is_not_kept(self, db_session: Flask) -> None:
        project = make_project()
        make_organisation()
        suspend_project(
            actor=actor_for(make_officer("1307")),
            project=project,
            version=project.version,
            reason="核对条目数量",
        )
        assert self.row().availability is Availability.SUSPENDED
        db.session.rollback()
        assert self.row().availability is Availability.OPEN
        assert db.session.get_one(Project, self.row().id).status is ProjectState.PUBLISHED
