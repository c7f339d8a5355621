"""The classes of the map: thresholds in round 万元, and what each gap falls under."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from matchplatform.kernel.money import WAN

DEFAULT_STEPS = (60, 120, 200, 280)
RAMP = ("m1", "m2", "m3", "m4", "m5")
_QUANTILES = (0.2, 0.45, 0.7, 0.88)


@dataclass(frozen=True)
class LegendStep:
    """A class of the legend: over ``low`` up to ``high`` 万元; both None for classes in words."""

    css_class: str
    low: int | None
    high: int | None


def round_step(wan: float) -> int:
    """Round down to a number that reads well: 12, 14, .. 28, 30, 35, .. 55, 60, 70, .. 100, 120."""
    if wan < 10:
        return int(wan)
    size = 10 ** (len(str(int(wan))) - 1)
    lead = wan / size
    unit = size / 5 if lead < 3 else size / 2 if lead < 6 else size
    return int(wan // unit * unit)


def steps_for(values: Iterable[Decimal]) -> tuple[int, ...]:
    """Return four rising thresholds in round 万元, so that gaps (yuan) spread over the ramp."""
    wan = sorted(float(value / WAN) for value in values if value > 0)
    if not wan:
        return DEFAULT_STEPS
    steps: list[int] = []
    for share in _QUANTILES:
        step = round_step(wan[int(share * len(wan))])
        steps.append(max(step, steps[-1] + 1 if steps else 1))
    return tuple(steps)


def gap_class(value: Decimal | None, steps: tuple[int, ...]) -> str:
    """Return the class of a gap in yuan: mn no project, m0 complete, m1 to m5 by steps in 万元."""
    if value is None:
        return "mn"
    if value <= 0:
        return "m0"
    return RAMP[sum(value > step * WAN for step in steps)]


def legend_for(steps: tuple[int, ...]) -> tuple[LegendStep, ...]:
    """Return the classes of the map in order: no project, complete, then the ramp."""
    lows, highs = (None, *steps), (*steps, None)
    ramp = (LegendStep(*step) for step in zip(RAMP, lows, highs, strict=True))
    return LegendStep("mn", None, None), LegendStep("m0", None, None), *ramp
