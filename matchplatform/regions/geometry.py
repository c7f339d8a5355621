"""Plane geometry for the map: projection, SVG paths, dissolving and room for labels."""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Self

Point = tuple[float, float]
Ring = Sequence[Point]

WIDTH = 1000
HEIGHT = 1330
WEST, NORTH = 113.459, 42.615
MARGIN_X, MARGIN_Y = 6.0, 7.0
TRUE_AT = 39.5
PER_LONGITUDE = 154.5
PER_LATITUDE = PER_LONGITUDE / math.cos(math.radians(TRUE_AT))

# The stylesheet prints county names at 33 units on a narrow screen and at 25 on a wide one.
LABEL_SIZE = 33
# On a wide screen words are about three quarters of their largest size, and a Chinese character
# is centred about this much of its size above the baseline.
_WIDE_SCREEN = 0.75
_RISE = 0.36
_LEVELS = 24
_ENOUGH = LABEL_SIZE * 3.5


def project(point: Point) -> Point:
    """Turn longitude and latitude into map units, equirectangular and true at 39.5 degrees."""
    longitude, latitude = point
    return (
        MARGIN_X + (longitude - WEST) * PER_LONGITUDE,
        MARGIN_Y + (NORTH - latitude) * PER_LATITUDE,
    )


def rings_of(geometry: dict[str, Any]) -> list[list[Point]]:
    """Return the rings of a GeoJSON polygon or multipolygon, in degrees, first point repeated."""
    polygons = geometry["coordinates"]
    if geometry["type"] == "Polygon":
        polygons = [polygons]
    return [[(x, y) for x, y in ring] for polygon in polygons for ring in polygon]


def dissolve(rings: Iterable[Ring]) -> list[list[Point]]:
    """Return the outline of neighbours that share their border points and turn the same way."""
    edges: set[tuple[Point, Point]] = set()
    for ring in rings:
        for start, end in pairwise(ring):
            if (end, start) in edges:
                edges.remove((end, start))
            else:
                edges.add((start, end))
    onward = defaultdict(list)
    for start, end in sorted(edges):
        onward[start].append(end)
    outline = []
    while onward:
        walk = [next(iter(onward))]
        while len(walk) == 1 or walk[-1] != walk[0]:
            ends = onward[walk[-1]]
            end = ends.pop()
            if not ends:
                del onward[walk[-1]]
            walk.append(end)
        outline.append(walk)
    return outline


def path_of(rings: Iterable[Ring]) -> str:
    """Write rings in degrees as an SVG path in whole units, relative to keep it short."""
    return "".join(_ring_path(ring) for ring in rings)


def _ring_path(ring: Ring) -> str:
    points: list[tuple[int, int]] = []
    for x, y in map(project, ring):
        point = (round(x), round(y))
        if not points or point != points[-1]:
            points.append(point)
    if len(points) > 1 and points[0] == points[-1]:
        points.pop()
    if len(points) < 3:
        return ""
    numbers = ""
    for (x0, y0), (x1, y1) in pairwise(points):
        numbers += f" {x1 - x0} {y1 - y0}"
    return f"M{points[0][0]} {points[0][1]}l{numbers[1:]}z".replace(" -", "-")


@dataclass(frozen=True)
class Spot:
    """The middle of a label, and how wide a line of text may be there."""

    x: int
    y: int
    room: int


@dataclass(frozen=True)
class MapLabel:
    """A word on the map: x is its middle, y its baseline, ``size`` its largest size in units."""

    words: str
    css_class: str
    x: int
    y: int
    size: int

    @classmethod
    def around(cls, words: str, css_class: str, x: int, y: int, size: int) -> Self:
        """Put a word with its middle at a point."""
        return cls(words, css_class, x, y + round(size * _WIDE_SCREEN * _RISE), size)

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Return left, top, right and bottom of the word, estimated."""
        half_width, middle = len(self.words) * self.size / 2, self.y - self.size * _RISE
        half = self.size / 2
        return self.x - half_width, middle - half, self.x + half_width, middle + half

    def touches(self, other: "MapLabel") -> bool:
        """Tell whether two words would run into each other."""
        left, top, right, bottom = self.box
        west, north, east, south = other.box
        return left < east and west < right and top < south and north < bottom


def label_spot(rings: Iterable[Ring]) -> Spot:
    """Return where a line of text lies best inside the largest ring (in degrees)."""
    ring = max(([project(point) for point in ring] for ring in rings), key=_extent)
    centre, ys = _centroid(ring), [y for _, y in ring]
    half = LABEL_SIZE / 2
    best, spot = -math.inf, Spot(round(centre[0]), round(centre[1]), 0)
    top, bottom = min(ys) + half, max(ys) - half
    for level in range(_LEVELS + 1):
        y = top + (bottom - top) * level / _LEVELS
        spans = _inside(ring, y - half)
        for across in (y, y + half):
            spans = _overlaps(spans, _inside(ring, across))
        for left, right in spans:
            x = (left + right) / 2
            value = min(right - left, _ENOUGH) - math.dist((x, y), centre) / 2
            if value > best:
                best, spot = value, Spot(round(x), round(y), math.floor(right - left))
    return spot


def _extent(ring: Ring) -> float:
    """Return the area of a projected ring in square units."""
    pairs = pairwise(ring)
    return abs(sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in pairs)) / 2


def _centroid(ring: Ring) -> Point:
    """Return the centre of gravity of a projected ring."""
    doubled = sum_x = sum_y = 0.0
    for (x0, y0), (x1, y1) in pairwise(ring):
        cross = x0 * y1 - x1 * y0
        doubled += cross
        sum_x += (x0 + x1) * cross
        sum_y += (y0 + y1) * cross
    return sum_x / (3 * doubled), sum_y / (3 * doubled)


def _inside(ring: Ring, y: float) -> list[Point]:
    """Return the stretches of a horizontal line that lie inside a ring."""
    crossings = sorted(
        x0 + (y - y0) * (x1 - x0) / (y1 - y0)
        for (x0, y0), (x1, y1) in pairwise(ring)
        if (y0 > y) != (y1 > y)
    )
    return list(zip(crossings[::2], crossings[1::2], strict=True))


def _overlaps(some: list[Point], others: list[Point]) -> list[Point]:
    """Return the stretches that two lists of stretches have in common."""
    common = [(max(a, c), min(b, d)) for a, b in some for c, d in others]
    return [(left, right) for left, right in common if left < right]
