"""The county map: shapes, classes, labels and what the template writes."""

import re
from decimal import Decimal
from itertools import accumulate, combinations
from xml.etree import ElementTree

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from matchplatform.config.paths import TEMPLATES
from matchplatform.regions.divisions import poverty_counties
from matchplatform.regions.geometry import MapLabel, dissolve
from matchplatform.regions.maps import (
    MapView,
    city_paths,
    county_shapes,
    locator_view,
    map_view,
    neighbour_paths,
    outline_path,
)
from matchplatform.regions.steps import DEFAULT_STEPS, gap_class, legend_for, steps_for

PATH = re.compile(r"(M-?\d+ ?-?\d+l(-?\d+( ?-\d+| \d+)( |(?=[-z])))+z)+")
NORTHERN = ("1306", "1307", "1308")
SVG = "{http://www.w3.org/2000/svg}"


def northern_gaps() -> dict[str, Decimal]:
    """Return made-up gaps in yuan for the poverty counties of the three northern cities."""
    codes = sorted(code for code in poverty_counties() if code.startswith(NORTHERN))
    return {code: Decimal(20 + index * 37 % 331) * 10000 for index, code in enumerate(codes)}


def northern_view() -> MapView:
    """Return the front page's map of those gaps, two projects to claim in each county."""
    gaps = northern_gaps()
    return map_view(gaps, steps_for(gaps.values()), dict.fromkeys(gaps, 2))


@pytest.fixture
def templates() -> Environment:
    """Return the templates with source strings and with a link that needs escaping."""
    found = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
    )
    found.install_gettext_callables(  # type: ignore[attr-defined]
        lambda words: words, lambda one, many, count: one if count == 1 else many, newstyle=True
    )
    found.globals["locator_view"] = locator_view
    return found


def render(templates: Environment, call: str, view: MapView | None = None) -> str:
    """Render one macro of components/map.html."""
    page = templates.from_string("{% import 'components/map.html' as map %}{{ map." + call + " }}")
    return page.render(view=view, link=lambda code: f"/projects?county={code}&open=1")


def parse(svg: str) -> ElementTree.Element:
    """Parse what a macro wrote as SVG."""
    return ElementTree.fromstring(svg.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1))


class TestShapes:
    def test_every_poverty_county_has_a_shape(self) -> None:
        assert poverty_counties().keys() <= county_shapes().keys()
        assert len(county_shapes()) == 167

    def test_names_are_those_people_use(self) -> None:
        shape = county_shapes()["130828"]
        assert (shape.name, shape.short, shape.city_code) == ("围场县", "围场", "130800")

    def test_paths_parse(self) -> None:
        paths = [shape.path for shape in county_shapes().values()]
        paths += [*city_paths().values(), outline_path()]
        paths += [neighbour.path for neighbour in neighbour_paths()]
        assert [path for path in paths if not PATH.fullmatch(path)] == []

    def test_paths_stay_inside_the_view_box(self) -> None:
        xs: list[int] = []
        ys: list[int] = []
        for ring in outline_path().rstrip("z").split("z"):
            numbers = list(map(int, re.findall(r"-?\d+", ring)))
            xs += accumulate(numbers[::2])
            ys += accumulate(numbers[1::2])
        assert min(xs) >= 0
        assert max(xs) <= 1000
        assert min(ys) >= 0
        assert max(ys) <= 1330

    def test_there_are_eleven_cities_and_two_neighbours(self) -> None:
        assert len(city_paths()) == 11
        assert [neighbour.short for neighbour in neighbour_paths()] == ["北京", "天津"]

    def test_dissolving_leaves_no_inner_border(self) -> None:
        west = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0), (0.0, 0.0)]
        east = [(1.0, 0.0), (2.0, 0.0), (2.0, 1.0), (1.0, 1.0), (1.0, 0.0)]
        (outline,) = dissolve([west, east])
        assert len(outline) == 7
        assert set(outline) == set(west) | set(east)


class TestClasses:
    @pytest.mark.parametrize(
        ("wan", "expected"),
        [
            (0, "m0"),
            ("0.01", "m1"),
            (60, "m1"),
            ("60.01", "m2"),
            (200, "m3"),
            (280, "m4"),
            ("280.01", "m5"),
            (9999, "m5"),
        ],
    )
    def test_a_threshold_belongs_to_the_class_below(self, wan: int | str, expected: str) -> None:
        assert gap_class(Decimal(wan) * 10000, DEFAULT_STEPS) == expected

    def test_no_project_is_not_zero(self) -> None:
        assert gap_class(None, DEFAULT_STEPS) == "mn"

    def test_steps_spread_the_gaps_over_the_ramp(self) -> None:
        values = northern_gaps().values()
        steps = steps_for(values)
        counts = [[gap_class(gap, steps) for gap in values].count(f"m{n}") for n in range(1, 6)]
        assert min(counts) >= 2
        assert all(step % 5 == 0 for step in steps)

    @pytest.mark.parametrize("wan", [[], [0], [3], [5] * 9, ["0.2", "0.3"], [1, 10**6]])
    def test_steps_always_rise(self, wan: list[int | str]) -> None:
        steps = steps_for([Decimal(value) * 10000 for value in wan])
        assert len(steps) == 4
        assert 0 < steps[0] < steps[1] < steps[2] < steps[3]

    def test_the_legend_names_every_class_once(self) -> None:
        assert [step.css_class for step in legend_for(DEFAULT_STEPS)] == [
            "mn", "m0", "m1", "m2", "m3", "m4", "m5",
        ]  # fmt: skip


class TestView:
    def test_links_are_the_counties_with_a_gap(self) -> None:
        linked = {county.shape.code for county in northern_view().counties if county.linked}
        assert linked == northern_gaps().keys()

    def test_every_poverty_county_is_drawn(self) -> None:
        assert {county.shape.code for county in northern_view().counties} == set(poverty_counties())

    def test_a_code_without_a_shape_is_left_out(self) -> None:
        view = map_view({"110101": Decimal(1)}, DEFAULT_STEPS)
        assert not any(county.linked for county in view.counties)

    def test_what_is_open_without_a_price_is_not_complete(self) -> None:
        view = map_view({"130722": Decimal(0)}, DEFAULT_STEPS, {"130722": 1})
        (county,) = (county for county in view.counties if county.linked)
        assert (county.css_class, county.complete) == ("m1", False)

    def test_a_gap_of_a_few_yuan_is_not_written_as_nothing(self) -> None:
        view = map_view({"130722": Decimal("3.20")}, DEFAULT_STEPS)
        assert [county.wan for county in view.counties if county.linked] == ["0.01"]

    def test_labels_do_not_overlap(self) -> None:
        everywhere = dict.fromkeys(poverty_counties(), Decimal(3000000))
        for view in (northern_view(), map_view(everywhere, DEFAULT_STEPS)):
            for one, other in combinations(view.labels, 2):
                assert not overlap(one, other), (one.words, other.words)

    def test_the_larger_gaps_are_labelled(self) -> None:
        view = northern_view()
        labelled = {label.words for label in view.labels if label.css_class.startswith("mc ")}
        strongest = {c.shape.short for c in view.counties if c.css_class == "m5"}
        assert labelled
        assert labelled <= strongest

    def test_cities_are_named_once_they_have_a_link(self) -> None:
        named = [label.words for label in northern_view().labels if label.css_class == "mcity"]
        assert named == ["保定", "张家口", "承德"]


class TestTemplate:
    def test_it_parses_and_is_small(self, templates: Environment) -> None:
        svg = render(templates, "county_map(view, link)", northern_view())
        assert len(svg.encode()) < 90_000
        root = parse(svg)
        assert root.get("role") == "group"
        assert "示意图" in (root.get("aria-label") or "")
        assert "style" not in svg

    def test_every_link_says_county_gap_and_count(self, templates: Environment) -> None:
        view = northern_view()
        links = parse(render(templates, "county_map(view, link)", view)).findall(f"{SVG}a")
        named = {link.get("href"): link.get("aria-label") for link in links}
        assert len(named) == len(northern_gaps())
        for county in view.counties:
            if county.linked:
                words = f"{county.shape.name}：尚缺 {county.wan} 万元，可认领 2 项"
                assert named[f"/projects?county={county.shape.code}&open=1"] == words

    def test_a_gap_has_two_decimals(self) -> None:
        gaps = {"130722": Decimal(12_340_000), "130723": Decimal(3), "130724": Decimal(55_500)}
        counties = map_view(gaps, DEFAULT_STEPS).counties
        wan = {county.shape.code: county.wan for county in counties if county.linked}
        assert wan == {"130722": "1,234.00", "130723": "0.01", "130724": "5.55"}

    def test_complete_and_absent_are_said_apart(self, templates: Environment) -> None:
        view = map_view({"130722": Decimal(0)}, DEFAULT_STEPS)
        svg = render(templates, "county_map(view, link)", view)
        assert 'aria-label="张北县：已配齐"' in svg
        assert "<title>康保县：本批无项目</title>" in svg

    def test_the_legend_shows_the_steps(self, templates: Environment) -> None:
        words = re.sub(r"<[^>]+>|\s", "", render(templates, "map_legend(view)", northern_view()))
        first, *_, last = steps_for(northern_gaps().values())
        assert words.startswith(f"无项目已配齐{first}以下{first}–")
        assert words.endswith(f"{last}以上")

    def test_the_locator_marks_the_county_in_its_city(self, templates: Environment) -> None:
        root = parse(render(templates, "locator('130722', '张北县')"))
        drawn = {path.get("class"): path.get("d") for path in root.findall(f"{SVG}path")}
        assert drawn["here"] == county_shapes()["130722"].path
        assert drawn["mn"] == city_paths()["130700"]
        assert root.get("role") == "img"
        assert root.get("aria-label") == "张北县在河北省的位置（示意图）"

    def test_the_locator_draws_an_unknown_place_as_the_province_alone(
        self, templates: Environment
    ) -> None:
        root = parse(render(templates, "locator('999999', '某地')"))
        assert {path.get("class") for path in root.findall(f"{SVG}path")} == {"land", "neigh"}


def overlap(one: MapLabel, other: MapLabel) -> bool:
    """Tell whether the boxes of two words share an area."""
    left, top, right, bottom = one.box
    other_left, other_top, other_right, other_bottom = other.box
    across = min(right, other_right) - max(left, other_left)
    return across > 0 and min(bottom, other_bottom) - max(top, other_top) > 0
