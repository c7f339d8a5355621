"""Figures of people not out of poverty, brought in."""

from sqlalchemy import select

from matchplatform.imports.states import ImportKind, RowState
from matchplatform.kernel.db import db
from matchplatform.regions.models import PoorFigures
from tests.imports.conftest import Desk, rows_of, said
from tests.imports.sheets import FIGURES
from tests.regions.poor import counties_of, publish_city, type_figures

KIND = ImportKind.POOR_PEOPLE


def revisions() -> list[PoorFigures]:
    return list(db.session.scalars(select(PoorFigures).order_by(PoorFigures.id)))


class TestFigures:
    def test_they_are_recorded_and_not_published(self, desk: Desk) -> None:
        desk.bring_in(KIND, [FIGURES])
        (kept,) = revisions()
        assert (kept.region_code, kept.quarter, kept.people) == ("130722", "2020Q1", 120)
        assert not kept.is_public

    def test_the_same_file_twice_changes_nothing(self, desk: Desk) -> None:
        desk.bring_in(KIND, [FIGURES])
        assert desk.preview(KIND, [FIGURES]).counts == {"unchanged": 1}

    def test_a_change_is_another_revision_with_a_comparison(self, desk: Desk) -> None:
        desk.bring_in(KIND, [FIGURES])
        found = desk.preview(KIND, [{**FIGURES, "people": "118", "cause_ill": "98"}])
        assert ["因病", "100", "98"] in rows_of(found, RowState.CHANGED)[0].changes
        desk.say_yes(found)
        desk.work()
        assert [kept.revision for kept in revisions()] == [1, 2]

    def test_one_that_was_overtaken_is_refused(self, desk: Desk) -> None:
        one = desk.preview(KIND, [FIGURES])
        two = desk.preview(KIND, [{**FIGURES, "people": "118", "cause_ill": "98"}])
        desk.say_yes(one)
        desk.work()
        desk.say_yes(two)
        desk.work()
        assert rows_of(two)[0].status is RowState.REFUSED
        assert [kept.people for kept in revisions()] == [120]

    def test_sums_that_do_not_add_up_stand_at_the_cell(self, desk: Desk) -> None:
        found = desk.preview(KIND, [{**FIGURES, "cause_ill": "90"}])
        assert rows_of(found)[0].problems[0]["key"] == "people"

    def test_more_watched_than_live_there_stands_at_the_cell(self, desk: Desk) -> None:
        found = desk.preview(KIND, [{**FIGURES, "watched_unstable": "99999999999"}])
        assert rows_of(found)[0].problems[0]["key"] == "watched_unstable"

    def test_another_county_is_refused(self, desk: Desk) -> None:
        found = desk.preview(KIND, [{**FIGURES, "county": "康保县"}])
        assert "不是您的辖区" in said(found)[0]

    def test_a_jump_asks_for_a_second_look(self, desk: Desk) -> None:
        desk.bring_in(KIND, [FIGURES])
        jump = {
            **FIGURES,
            "quarter": "2020Q2",
            "people": "900",
            "cause_ill": "880",
            "as_of": "2020-06-30",
        }
        assert "变化已核对" in said(desk.preview(KIND, [jump]))[-1]
        assert desk.preview(KIND, [{**jump, "confirmed": "是"}]).counts == {"new": 1}

    def test_the_same_quarter_twice_in_a_file_is_refused(self, desk: Desk) -> None:
        assert "只留一行" in said(desk.preview(KIND, [FIGURES, FIGURES]))[0]

    def test_what_was_published_is_corrected_with_a_reason(self, desk: Desk) -> None:
        desk.bring_in(KIND, [FIGURES])
        for code in counties_of("130700"):
            if code != "130722":
                type_figures(code, quarter="2020Q1")
        publish_city("130700", quarter="2020Q1")
        change = {**FIGURES, "people": "118", "cause_ill": "98"}
        for reason in ("", "改数"):
            found = desk.preview(KIND, [{**change, "reason": reason}])
            assert rows_of(found)[0].problems[0]["key"] == "reason"
        desk.bring_in(KIND, [{**change, "reason": "上报时多算了两人"}])
        assert revisions()[-1].reason == "上报时多算了两人"
        again = {**FIGURES, "people": "117", "cause_ill": "97"}
        assert "更正原因" in said(desk.preview(KIND, [again]))[0]
