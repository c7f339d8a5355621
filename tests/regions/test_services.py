"""Recording a county's figures, and publishing a city's quarter."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from matchplatform.accounts.models import User
from matchplatform.audit.models import AuditEntry
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import (
    AskAgain,
    Conflict,
    Forbidden,
    InvalidInput,
    NotFound,
    StaleVersion,
)
from matchplatform.regions.models import PoorFigures
from matchplatform.regions.queries import (
    find_breaches,
    list_city_totals,
    list_history,
    list_poor_people,
    list_public,
    list_quarters,
)
from matchplatform.regions.services import publish_quarter, record_figures
from tests.factories import ZHANGBEI, actor_for, make_officer
from tests.regions.poor import (
    QUARTER,
    counties_of,
    figures_of,
    publish_city,
    publish_people,
    type_figures,
)

pytestmark = pytest.mark.usefixtures("db_session")
CITY = "130700"
REASON = "上报时漏了两个村"


def newest_action() -> AuditEntry:
    return db.session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(1)).one()


def type_all(officer: User | None = None, **given: int) -> None:
    by_code = {code.removeprefix("c"): people for code, people in given.items()}
    for code in counties_of(CITY):
        type_figures(code, by_code.get(code, 700), officer=officer)


class TestRecording:
    def test_it_keeps_what_was_typed_and_shows_nobody(self) -> None:
        kept = type_figures(people=412)
        assert (kept.revision, kept.people, kept.counts["waiting_households"]) == (1, 412, 60)
        assert list_poor_people() == {}
        assert list_quarters() == []
        entry = newest_action()
        assert (entry.action, entry.region_code) == ("poor_people.record", ZHANGBEI)
        assert entry.detail == {"revision": 1, "people": 412, "households": 206}

    def test_a_change_is_another_revision_and_the_old_one_stays(self) -> None:
        type_figures(people=412)
        type_figures(people=420, version=1)
        rows = db.session.scalars(select(PoorFigures).order_by(PoorFigures.revision)).all()
        assert [(row.revision, row.people) for row in rows] == [(1, 412), (2, 420)]

    @pytest.mark.parametrize("version", [0, 2])
    def test_a_page_that_was_overtaken_is_refused(self, version: int) -> None:
        type_figures(people=412)
        with pytest.raises(StaleVersion):
            type_figures(people=420, version=version)

    def test_the_database_keeps_one_row_a_revision(self) -> None:
        first = type_figures(people=412)
        columns = {
            column.name: getattr(first, column.name)
            for column in PoorFigures.__table__.columns
            if column.name != "id"
        }
        db.session.add(PoorFigures(**columns))
        with pytest.raises(IntegrityError):
            db.session.flush()
        db.session.rollback()

    def test_the_same_figures_again_are_nothing_new(self) -> None:
        type_figures(people=412)
        with pytest.raises(Conflict, match="没有要改的"):
            type_figures(people=412, version=1)

    @pytest.mark.parametrize(
        ("field", "more"),
        [
            ("people", {"cause_ill": 1}),
            ("people", {"people": 400_000, "cause_ill": 399_400}),
            ("households", {"households": 701}),
            ("households", {"households": 0}),
            ("need_care", {"need_care": 701}),
            ("paired_households", {"paired_households": 101}),
            ("paired_people", {"paired_people": 151}),
            ("unable_households", {"unable_households": 151}),
            ("paired_people", {"paired_people": 120}),
            ("watched_marginal", {"watched_marginal": -1}),
            ("watched_unstable", {"watched_unstable": 99_999_999_999}),
            ("unable_people", {"unable_people": 99_999_999_999}),
        ],
    )
    def test_what_cannot_be_is_said_at_its_field(self, field: str, more: dict[str, int]) -> None:
        with pytest.raises(InvalidInput) as caught:
            type_figures(ZHANGBEI, **more)  # type: ignore[arg-type]
        assert field in caught.value.fields

    @pytest.mark.parametrize("day", [date(2020, 1, 1), date(2019, 9, 30)])
    def test_the_day_lies_in_the_quarter(self, day: date) -> None:
        with pytest.raises(InvalidInput) as caught:
            record_figures(
                actor=actor_for(make_officer()),
                region_code=ZHANGBEI,
                quarter=QUARTER,
                figures=figures_of(as_of=day),
                version=0,
            )
        assert "as_of" in caught.value.fields

    @pytest.mark.parametrize("quarter", ["2019", "2019Q5", "1999Q1", "2019Q4 or so", "２０１９Q4"])
    def test_a_quarter_that_is_none_is_refused(self, quarter: str) -> None:
        with pytest.raises(InvalidInput):
            record_figures(
                actor=actor_for(make_officer()),
                region_code=ZHANGBEI,
                quarter=quarter,
                figures=figures_of(),
                version=0,
            )

    def test_a_jump_against_the_quarter_before_asks_again(self) -> None:
        type_figures(people=700)
        asked = {
            "actor": actor_for(make_officer()),
            "region_code": ZHANGBEI,
            "quarter": "2020Q1",
            "figures": figures_of(1400, "2020Q1"),
            "version": 0,
        }
        with pytest.raises(AskAgain) as caught:
            record_figures(**asked)  # type: ignore[arg-type]
        assert "700" in str(caught.value.questions[0])
        record_figures(**asked, confirmed=True)  # type: ignore[arg-type]
        db.session.commit()

    def test_a_tenth_of_the_county_asks_again(self) -> None:
        with pytest.raises(AskAgain):
            record_figures(
                actor=actor_for(make_officer()),
                region_code=ZHANGBEI,
                quarter=QUARTER,
                figures=figures_of(40_000),
                version=0,
            )

    @pytest.mark.parametrize("region", ["130723", "1308", "11", "130726"])
    def test_other_counties_are_not_ones_own(self, region: str) -> None:
        with pytest.raises(Forbidden):
            type_figures(officer=make_officer(region))

    def test_a_county_off_the_list_is_not_found(self) -> None:
        with pytest.raises(NotFound):
            type_figures("130102", officer=make_officer("13"))


class TestPublishing:
    def test_everybody_reads_it_from_then_on(self) -> None:
        type_all(c130722=412)
        release = publish_city()
        assert release.number == 1
        assert list_quarters() == [QUARTER]
        assert list_poor_people()[ZHANGBEI] == 412
        assert list_city_totals(QUARTER)[CITY]["people"] == 412 + 700 * 11
        assert newest_action().action == "poor_people.publish"
        assert list(find_breaches()) == []

    def test_a_city_goes_out_as_a_whole(self) -> None:
        type_figures()
        with pytest.raises(Conflict, match="康保县"):
            publish_city()

    def test_nobody_publishes_what_they_typed_themselves(self) -> None:
        officer = make_officer("1307")
        type_all(officer)
        with pytest.raises(Conflict, match="您自己填的"):
            publish_quarter(
                actor=actor_for(officer),
                city_code=CITY,
                quarter=QUARTER,
                versions=dict.fromkeys(counties_of(CITY), 1),
            )

    def test_what_was_not_seen_is_not_published(self) -> None:
        type_all()
        type_figures(people=710, version=1)
        with pytest.raises(StaleVersion):
            publish_city()

    def test_twice_the_same_is_refused(self) -> None:
        type_all()
        publish_city()
        with pytest.raises(Conflict, match="没有新填"):
            publish_city()

    @pytest.mark.parametrize("region", ["130722", "1308", "12"])
    def test_counties_and_others_do_not_publish(self, region: str) -> None:
        type_all()
        with pytest.raises(Forbidden):
            publish_quarter(
                actor=actor_for(make_officer(region)), city_code=CITY, quarter=QUARTER, versions={}
            )

    def test_a_city_without_poverty_counties_is_not_found(self) -> None:
        with pytest.raises(NotFound):
            publish_quarter(
                actor=actor_for(make_officer("13")),
                city_code="131000",
                quarter=QUARTER,
                versions={},
            )

    def test_a_correction_waits_for_another_release_and_wants_a_reason(self) -> None:
        type_all(c130722=412)
        publish_city()
        with pytest.raises(InvalidInput) as caught:
            type_figures(people=420, version=1)
        assert "reason" in caught.value.fields
        type_figures(people=420, version=1, reason=REASON)
        assert newest_action().action == "poor_people.correct"
        assert list_poor_people()[ZHANGBEI] == 412
        # Until it is published, another change still corrects what the public reads.
        with pytest.raises(InvalidInput):
            type_figures(people=421, version=2)
        assert publish_city(versions={ZHANGBEI: 2}).number == 2
        assert list_poor_people()[ZHANGBEI] == 420
        assert list_city_totals(QUARTER)[CITY]["people"] == 420 + 700 * 11

    def test_small_numbers_are_kept_back_with_others(self) -> None:
        publish_people({ZHANGBEI: 3})
        public = list_public(QUARTER)
        kept = [code for code, found in public.items() if found.people is None]
        assert ZHANGBEI in kept
        assert len(kept) == 2
        assert list_city_totals(QUARTER)[CITY]["people"] == 3 + 700 * 11
        assert all(
            count is None
            for count in (public[ZHANGBEI].counts[n] for n in ("cause_ill", "households"))
        )

    def test_a_county_where_nobody_is_left_says_so(self) -> None:
        publish_people({ZHANGBEI: 0})
        assert list_public(QUARTER)[ZHANGBEI].people == 0
        assert list(find_breaches()) == []

    def test_history_comes_by_quarter(self) -> None:
        publish_people({ZHANGBEI: 600})
        publish_people({ZHANGBEI: 650}, "2019Q3")
        assert [(one.quarter, one.people) for one in list_history(ZHANGBEI)] == [
            ("2019Q3", 650),
            ("2019Q4", 600),
        ]
