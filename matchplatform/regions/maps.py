"""The county map: shapes from seeds/geo, classes of the gap, and a view that the template draws."""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from types import MappingProxyType
from typing import Any

from matchplatform.config.paths import SEEDS
from matchplatform.kernel.money import FEN, WAN, format_wan
from matchplatform.regions.divisions import PROVINCES, Division, poverty_counties
from matchplatform.regions.geometry import (
    HEIGHT,
    LABEL_SIZE,
    WIDTH,
    MapLabel,
    Ring,
    dissolve,
    label_spot,
    path_of,
    rings_of,
)
from matchplatform.regions.steps import RAMP, LegendStep, gap_class, legend_for

VIEW_BOX = f"-4 0 {WIDTH + 8} {HEIGHT}"

_SHUT: Mapping[str, Any] = {"css_class": "mn", "complete": False, "shut": True}

# Only these two steps keep a contrast of 4.5 under a label in light and in dark.
_LABEL_CLASSES = {"m4": "mc", "m5": "mc mc5"}
_NEIGHBOUR_SIZE, _CITY_SIZE = 36, 42

# Placed by hand, beside the city or on a part of it that is never filled; x is the middle.
_CITY_SPOTS = {
    "130100": (185, 952),
    "130300": (936, 676),
    "130400": (104, 1234),
    "130500": (122, 1136),
    "130600": (375, 739),
    "130700": (83, 95),
    "130800": (884, 185),
    "130900": (742, 846),
    "131100": (340, 972),
}


@dataclass(frozen=True)
class CountyShape:
    """A county on the map; ``room``: how many units of text fit in a line at the label's middle."""

    code: str
    name: str
    short: str
    city_code: str
    path: str
    label_x: int
    label_y: int
    room: int


@dataclass(frozen=True)
class NeighbourShape:
    """Beijing or Tianjin, with the middle of its label."""

    code: str
    short: str
    path: str
    label_x: int
    label_y: int


@dataclass(frozen=True)
class MapCounty:
    """A county as one map shows it; ``wan`` is the gap in 万元, ``open_count`` None if unknown.

    ``shut``: its projects were closed without having been met.
    """

    shape: CountyShape
    css_class: str
    linked: bool
    complete: bool
    wan: str
    open_count: int | None
    shut: bool = False


@dataclass(frozen=True)
class MapView:
    """Everything components/map.html needs to draw the county map."""

    view_box: str
    outline: str
    neighbours: tuple[NeighbourShape, ...]
    counties: tuple[MapCounty, ...]
    cities: tuple[str, ...]
    labels: tuple[MapLabel, ...]
    legend: tuple[LegendStep, ...]


@dataclass(frozen=True)
class LocatorView:
    """Where one county lies; ``city`` and ``here`` are paths, empty for a code without a shape."""

    view_box: str
    outline: str
    neighbours: tuple[NeighbourShape, ...]
    city: str
    here: str


@cache
def _features(file: str) -> tuple[dict[str, Any], ...]:
    return tuple(json.loads((SEEDS / "geo" / file).read_text(encoding="utf-8"))["features"])


@cache
def county_shapes() -> Mapping[str, CountyShape]:
    """Return the shapes of Hebei's 167 county-level divisions by code."""
    found = {}
    for feature in _features("hebei_counties.geojson"):
        facts, rings = feature["properties"], rings_of(feature["geometry"])
        division = Division(facts["code"], facts["name"], facts["city"], PROVINCES["130000"])
        spot = label_spot(rings)
        found[division.code] = CountyShape(
            code=division.code,
            name=division.plain,
            short=division.short,
            city_code=facts["citycode"],
            path=path_of(rings),
            label_x=spot.x,
            label_y=spot.y,
            room=spot.room,
        )
    return MappingProxyType(found)


def _county_rings(prefix: str) -> list[Ring]:
    return [
        ring
        for feature in _features("hebei_counties.geojson")
        if feature["properties"]["code"].startswith(prefix)
        for ring in rings_of(feature["geometry"])
    ]


@cache
def city_paths() -> Mapping[str, str]:
    """Return the outlines of Hebei's 11 cities by code."""
    codes = sorted({shape.city_code for shape in county_shapes().values()})
    return MappingProxyType({code: path_of(dissolve(_county_rings(code[:4]))) for code in codes})


@cache
def outline_path() -> str:
    """Return the outline of Hebei."""
    return path_of(dissolve(_county_rings("13")))


@cache
def neighbour_paths() -> tuple[NeighbourShape, ...]:
    """Return Beijing and Tianjin."""
    found = []
    for feature in _features("bj_tj_outline.geojson"):
        facts, rings = feature["properties"], rings_of(feature["geometry"])
        spot = label_spot(rings)
        short = facts["name"].removesuffix("市")
        found.append(NeighbourShape(facts["code"], short, path_of(rings), spot.x, spot.y))
    return tuple(found)


def map_view(
    gaps: Mapping[str, Decimal],
    steps: tuple[int, ...],
    open_counts: Mapping[str, int] | None = None,
    shut: Collection[str] = (),
) -> MapView:
    """Return the map of the gaps in yuan by county; those in ``gaps`` become links.

    The counties in ``shut`` miss nothing because what they wanted was given up: they are links,
    in the colour of those without projects.

    Every poverty county is drawn; a code that is no county of Hebei is left to the table beside it.
    """
    shapes = county_shapes()
    codes = sorted((poverty_counties().keys() | gaps.keys()) & shapes.keys())
    counties = [
        replace(_county(shapes[code], gaps[code], steps, open_counts), **_SHUT)
        if code in shut and code in gaps
        else _county(shapes[code], gaps.get(code), steps, open_counts)
        for code in codes
    ]
    cities = sorted({county.shape.city_code for county in counties if county.linked})
    ranked = sorted(counties, key=lambda county: -gaps.get(county.shape.code, Decimal(0)))
    return MapView(
        view_box=VIEW_BOX,
        outline=outline_path(),
        neighbours=neighbour_paths(),
        # Links come last, so that no county without projects paints over the line of focus.
        counties=tuple(sorted(counties, key=lambda county: county.linked)),
        cities=tuple(city_paths()[code] for code in cities),
        labels=_with_county_labels(city_labels(cities), ranked),
        legend=legend_for(steps),
    )


def locator_view(code: str) -> LocatorView:
    """Return the small map that shows where a county lies in its city and province."""
    shape = county_shapes().get(code)
    return LocatorView(
        view_box=VIEW_BOX,
        outline=outline_path(),
        neighbours=neighbour_paths(),
        city=city_paths()[shape.city_code] if shape else "",
        here=shape.path if shape else "",
    )


def _county(
    shape: CountyShape,
    gap: Decimal | None,
    steps: tuple[int, ...],
    open_counts: Mapping[str, int] | None,
) -> MapCounty:
    count = open_counts.get(shape.code, 0) if open_counts is not None else None
    css_class = gap_class(gap, steps)
    if css_class == "m0" and count:
        # What is still open there has no price, such as a post: little is missing, but something.
        css_class = RAMP[0]
    wan = format_wan(Decimal(0))
    if gap is not None and gap > 0:
        # A few yuan are still something: they never read as 0.00.
        wan = format_wan(max(gap, FEN * WAN))
    return MapCounty(shape, css_class, gap is not None, css_class == "m0", wan, count)


def _city_label(code: str) -> MapLabel:
    x, y = _CITY_SPOTS[code]
    facts = (feature["properties"] for feature in _features("hebei_counties.geojson"))
    name = next(fact["city"] for fact in facts if fact["citycode"] == code)
    return MapLabel(name.removesuffix("市"), "mcity", x, y, _CITY_SIZE)


def city_labels(codes: Iterable[str]) -> tuple[MapLabel, ...]:
    """Return the names of neighbours and of these cities, where they stand on every map."""
    neighbours = (
        MapLabel.around(n.short, "mt", n.label_x, n.label_y, _NEIGHBOUR_SIZE)
        for n in neighbour_paths()
    )
    return *neighbours, *(_city_label(code) for code in codes if code in _CITY_SPOTS)


def _with_county_labels(
    placed: Iterable[MapLabel], ranked: Iterable[MapCounty]
) -> tuple[MapLabel, ...]:
    """Add names of counties, largest gap first, where they fit and touch no other word."""
    labels = list(placed)
    for county in ranked:
        shape, css_class = county.shape, _LABEL_CLASSES.get(county.css_class)
        if css_class is None or shape.room < len(shape.short) * LABEL_SIZE:
            continue
        label = MapLabel.around(shape.short, css_class, shape.label_x, shape.label_y, LABEL_SIZE)
        if not any(label.touches(other) for other in labels):
            labels.append(label)
    return tuple(labels)
