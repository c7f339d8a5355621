"""The map of people not out of poverty, its chart, and quarters."""

from datetime import date

import pytest

from matchplatform.kernel.errors import InvalidInput
from matchplatform.regions.divisions import poverty_counties
from matchplatform.regions.poor_map import count_steps, poor_map_view
from matchplatform.regions.quarter_chart import draw_quarters
from matchplatform.regions.quarters import (
    clean_quarter,
    find_quarter,
    first_day,
    last_day,
    list_recent,
    quarter_before,
    quarter_of,
    quarter_words,
)


class TestMap:
    def test_every_poverty_county_is_drawn_and_told_apart_without_colour(self) -> None:
        view = poor_map_view({"130722": 412, "130723": None, "130724": 0})
        by_code = {county.shape.code: county for county in view.counties}
        assert set(by_code) == set(poverty_counties())
        assert by_code["130722"].count == 412
        assert by_code["130722"].mark in {"1", "2", "3", "4", "5"}
        assert (by_code["130723"].css_class, by_code["130723"].mark) == ("mk", "")
        assert (by_code["130724"].css_class, by_code["130724"].mark) == ("m0", "0")
        assert not by_code["130725"].is_published
        assert view.counties[-1].is_published

    def test_the_steps_rise_and_the_legend_leaves_no_hole(self) -> None:
        counts = {code: 40 + 37 * place for place, code in enumerate(sorted(poverty_counties()))}
        view = poor_map_view(dict(counts))
        ramp = [step for step in view.legend if step.mark]
        assert [step.mark for step in ramp] == ["1", "2", "3", "4", "5"]
        for below, above in zip(ramp, ramp[1:], strict=False):
            assert below.high is not None
            assert above.low == below.high + 1
        for county in view.counties:
            step = ramp[int(county.mark) - 1]
            assert county.count is not None
            assert step.low is not None
            assert step.low <= county.count <= (step.high or county.count)

    def test_a_name_stands_where_there_is_room_and_a_figure_everywhere(self) -> None:
        view = poor_map_view(dict.fromkeys(poverty_counties(), 70))
        labels = {county.shape.short: county.label for county in view.counties}
        assert labels["围场"] == "围场 1"
        assert {label.split()[-1] for label in labels.values()} == {"1"}
        assert "1" in labels.values()

    def test_of_a_city_only_its_counties_are_drawn(self) -> None:
        view = poor_map_view({"130722": 412, "130723": None, "130724": 0}, "130700")
        assert {county.shape.city_code for county in view.counties} == {"130700"}
        assert [step.css_class for step in view.legend][:3] == ["mn", "mk", "m0"]

    def test_the_legend_names_only_what_is_drawn(self) -> None:
        view = poor_map_view({"130321": 412}, "130300")
        assert [step.mark for step in view.legend] == ["1", "2", "3", "4", "5"]

    def test_steps_are_round(self) -> None:
        assert count_steps([78, 96, 103, 141, 187, 216, 323, 434, 613]) == (100, 200, 300, 400)

    def test_without_counts_there_are_still_steps(self) -> None:
        assert count_steps([]) == tuple(sorted(count_steps([])))
        assert count_steps([5, 5, 5, 5]) == (5, 6, 7, 8)


class TestChart:
    def test_what_is_kept_back_leaves_a_gap_in_the_line(self) -> None:
        chart = draw_quarters([("2019Q4", 90), ("2020Q1", None), ("2020Q2", 30), ("2020Q3", 0)])
        assert len(chart.lines) == 2
        assert [point.y is None for point in chart.points] == [False, True, False, False]
        assert chart.points[-1].y == chart.base

    def test_one_quarter_alone_can_be_drawn(self) -> None:
        assert len(draw_quarters([("2019Q4", 0)]).told) == 1
        assert draw_quarters([]).points == ()


class TestQuarters:
    def test_days_and_neighbours(self) -> None:
        assert (first_day("2019Q4"), last_day("2019Q4")) == (date(2019, 10, 1), date(2019, 12, 31))
        assert last_day("2020Q1") == date(2020, 3, 31)
        assert quarter_before("2020Q1") == "2019Q4"
        assert quarter_of(date(2020, 6, 30)) == "2020Q2"
        assert list_recent(date(2020, 2, 1), 3) == ["2020Q1", "2019Q4", "2019Q3"]
        assert str(quarter_words("2019Q4")) == "2019 年第四季度"

    @pytest.mark.parametrize("typed", ["", "2019", "2019Q0", "2019Q4\n", "２０１９Q4", "1949Q4"])
    def test_what_is_none(self, typed: str) -> None:
        assert find_quarter(typed) == ""

    def test_cleaning_takes_small_letters_and_refuses_the_rest(self) -> None:
        assert clean_quarter(" 2019q4 ") == "2019Q4"
        with pytest.raises(InvalidInput):
            clean_quarter("第四季度")
