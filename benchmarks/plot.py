"""A plain line chart as SVG, for docs/."""

from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

WIDTH, HEIGHT = 720, 400
LEFT, RIGHT, TOP, BOTTOM = 64, 190, 40, 48
COLOURS = ("#1F4E70", "#557E9E", "#B3420D", "#7A5A12")
DASHES = ("", "6 4", "", "6 4")

Points = Sequence[tuple[float, float]]


def draw(title: str, across: str, up: str, series: Mapping[str, Points]) -> str:
    """Return a chart from zero; ``series``: (x, y) points by name, four lines at most."""
    most_x = max(x for points in series.values() for x, _y in points)
    step = _round_step(max(y for points in series.values() for _x, y in points) / 5)
    most_y = step * (int(max(y for points in series.values() for _x, y in points) / step) + 1)

    def at(x: float, y: float) -> tuple[float, float]:
        wide, high = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
        return LEFT + x / most_x * wide, HEIGHT - BOTTOM - y / most_y * high

    parts = [_text(LEFT, 22, title, "start", 16), _text(LEFT, HEIGHT - 8, across, "start")]
    parts.append(_text(LEFT - 8, TOP - 8, up, "end"))
    for n in range(round(most_y / step) + 1):
        _x, y = at(0, n * step)
        parts.append(f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="#D8D1C3"/>')
        parts.append(_text(LEFT - 8, y + 4, f"{n * step:g}", "end"))
    for x in sorted({x for points in series.values() for x, _y in points}):
        parts.append(_text(at(x, 0)[0], HEIGHT - BOTTOM + 18, f"{x:,.0f}", "middle"))
    ends = sorted(series.items(), key=lambda item: -item[1][-1][1])
    for n, points in enumerate(series.values()):
        path = "L".join(f"{x:.1f} {y:.1f}" for x, y in (at(*point) for point in points))
        dash = f' stroke-dasharray="{DASHES[n]}"' if DASHES[n] else ""
        parts.append(
            f'<path d="M{path}" fill="none" stroke="{COLOURS[n]}" stroke-width="2"{dash}/>'
        )
        for x, y in (at(*point) for point in points):
            parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{COLOURS[n]}"/>')
    lowest = float(TOP - 16)
    for name, points in ends:
        lowest = max(lowest + 18, at(*points[-1])[1] + 4)
        colour = COLOURS[list(series).index(name)]
        label = f"{name}  {points[-1][1]:.1f}"
        parts.append(_text(WIDTH - RIGHT + 10, lowest, label, "start", 13, colour))
    body = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img"'
        f' font-family="sans-serif"><title>{escape(title)}</title>\n'
        f'<path d="M0 0H{WIDTH}V{HEIGHT}H0z" fill="#FAF8F3"/>\n{body}\n</svg>\n'
    )


def _text(
    x: float, y: float, words: str, anchor: str, size: int = 13, colour: str = "#414C58"
) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}"'
        f' fill="{colour}">{escape(words)}</text>'
    )


def _round_step(least: float) -> float:
    step = 0.01
    while True:
        for times in (1, 2, 5):
            if step * times >= least:
                return step * times
        step *= 10
