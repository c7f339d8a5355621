"""A small plain chart over quarters: points on a line, a gap where a number is kept back."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

WIDTH, HEIGHT = 640, 200
_LEFT, _RIGHT, _TOP, _BOTTOM = 48, 48, 34, 34


@dataclass(frozen=True)
class Point:
    """One quarter: ``y`` is None where its number is kept back or was not published."""

    quarter: str
    count: int | None
    x: int
    y: int | None


@dataclass(frozen=True)
class QuarterChart:
    """Points from left to right, and the lines between those with a number."""

    points: tuple[Point, ...]
    lines: tuple[str, ...]
    width: int = WIDTH
    height: int = HEIGHT
    base: int = HEIGHT - _BOTTOM

    @property
    def told(self) -> list[Point]:
        """List the points that have a number."""
        return [point for point in self.points if point.y is not None]


def draw_quarters(counts: Sequence[tuple[str, int | None]]) -> QuarterChart:
    """Draw counts by quarter, the oldest first; the line starts from zero and is never bent."""
    most = max((count for _quarter, count in counts if count is not None), default=0) or 1
    step = (WIDTH - _LEFT - _RIGHT) / max(len(counts) - 1, 1)
    points = tuple(
        Point(
            quarter,
            count,
            round(_LEFT + place * step),
            None
            if count is None
            else round(HEIGHT - _BOTTOM - (HEIGHT - _TOP - _BOTTOM) * count / most),
        )
        for place, (quarter, count) in enumerate(counts)
    )
    runs = [
        list(run) for told, run in groupby(points, key=lambda point: point.y is not None) if told
    ]
    lines = tuple(" ".join(f"{point.x},{point.y}" for point in run) for run in runs)
    return QuarterChart(points, lines)
