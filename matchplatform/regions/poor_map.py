"""The map of people not out of poverty: classes in colour and figure, kept back hatched."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from matchplatform.regions.divisions import poverty_counties
from matchplatform.regions.geometry import LABEL_SIZE, MapLabel
from matchplatform.regions.maps import (
    VIEW_BOX,
    CountyShape,
    NeighbourShape,
    city_labels,
    city_paths,
    county_shapes,
    neighbour_paths,
    outline_path,
)
from matchplatform.regions.steps import RAMP

KEPT_BACK, NOTHING, ZERO = "mk", "mn", "m0"
_QUANTILES = (0.2, 0.45, 0.7, 0.88)
_DEFAULT = (50, 100, 200, 400)
_ROUND = (1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0)
# A figure and the space before it are about as wide as one character.
_MARK = 1


@dataclass(frozen=True)
class PoorCounty:
    """A county as the map shows it: ``count`` is None where it is kept back or was not published.

    ``mark`` is the figure of its class, printed on it, so that colour is not alone in saying it;
    ``label`` is that, after its name where there is room.
    """

    shape: CountyShape
    css_class: str
    count: int | None
    mark: str
    label: str = ""

    @property
    def is_published(self) -> bool:
        """Tell whether anything of it was published."""
        return self.css_class != NOTHING


@dataclass(frozen=True)
class PoorStep:
    """A class of the legend: from ``low`` to ``high`` people; both None for classes in words."""

    css_class: str
    mark: str
    low: int | None = None
    high: int | None = None


@dataclass(frozen=True)
class PoorMap:
    """Everything components/poor_map.html needs."""

    view_box: str
    outline: str
    neighbours: tuple[NeighbourShape, ...]
    counties: tuple[PoorCounty, ...]
    cities: tuple[str, ...]
    labels: tuple[MapLabel, ...]
    legend: tuple[PoorStep, ...]


def count_steps(counts: Iterable[int]) -> tuple[int, ...]:
    """Return four rising round thresholds that spread these counts over the ramp."""
    ordered = sorted(count for count in counts if count > 0)
    if not ordered:
        return _DEFAULT
    steps: list[int] = []
    for share in _QUANTILES:
        step = _round(ordered[int(share * len(ordered))])
        steps.append(max(step, steps[-1] + 1 if steps else 1))
    return tuple(steps)


def _round(count: int) -> int:
    """Round to the nearest number that reads well: 10, 15, 20, 25, 30, 40, 50 and so on."""
    if count < 10:
        return count
    size = 10 ** (len(str(count)) - 1)
    return int(min(_ROUND, key=lambda lead: abs(lead - count / size)) * size)


def poor_map_view(counts: Mapping[str, int | None], city: str = "") -> PoorMap:
    """Return the map of these counts by county; None is kept back, what is missing was never told.

    Of a ``city`` only its own counties are drawn.
    """
    shapes = county_shapes()
    steps = count_steps(count for count in counts.values() if count is not None)
    counties = [
        _county(shapes[code], counts, steps)
        for code in sorted(poverty_counties().keys() & shapes)
        if code.startswith(city[:4])
    ]
    cities = sorted({one.shape.city_code for one in counties if one.is_published})
    neighbours, labels = neighbour_paths(), city_labels(cities)
    return PoorMap(
        view_box=VIEW_BOX,
        outline=outline_path(),
        neighbours=neighbours,
        # Links come last, so that nothing paints over the line of focus.
        counties=tuple(sorted(_with_names(counties, labels), key=lambda one: one.is_published)),
        cities=tuple(city_paths()[code] for code in cities),
        labels=labels,
        legend=_legend(steps, {county.css_class for county in counties}),
    )


def _county(
    shape: CountyShape, counts: Mapping[str, int | None], steps: tuple[int, ...]
) -> PoorCounty:
    if shape.code not in counts:
        return PoorCounty(shape, NOTHING, None, "")
    count = counts[shape.code]
    if count is None:
        return PoorCounty(shape, KEPT_BACK, None, "")
    if not count:
        return PoorCounty(shape, ZERO, 0, "0")
    place = sum(count > step for step in steps)
    return PoorCounty(shape, RAMP[place], count, f"{place + 1}")


def _with_names(counties: Iterable[PoorCounty], labels: Iterable[MapLabel]) -> Iterator[PoorCounty]:
    """Put the name before the figure where both fit and touch no other word."""
    placed = list(labels)
    for county in counties:
        shape = county.shape
        words = f"{shape.short} {county.mark}".strip()
        wide = len(shape.short) + (_MARK if county.mark else 0)
        spot = MapLabel.around("x" * wide, "", shape.label_x, shape.label_y, LABEL_SIZE)
        fits = county.is_published and shape.room >= wide * LABEL_SIZE
        if fits and not any(spot.touches(other) for other in placed):
            placed.append(spot)
            yield replace(county, label=words)
        else:
            yield replace(county, label=county.mark)


def _legend(steps: tuple[int, ...], drawn: Collection[str]) -> tuple[PoorStep, ...]:
    """Return the classes: of those in words only what is on the map."""
    lows, highs = (1, *(step + 1 for step in steps)), (*steps, None)
    ramp = (
        PoorStep(css_class, f"{place + 1}", low, high)
        for place, (css_class, low, high) in enumerate(zip(RAMP, lows, highs, strict=True))
    )
    rest = (PoorStep(NOTHING, ""), PoorStep(KEPT_BACK, ""), PoorStep(ZERO, "0", 0, 0))
    return *(step for step in rest if step.css_class in drawn), *ramp
