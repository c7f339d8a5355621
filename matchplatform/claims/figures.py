"""The five numbers, never mixed and never clamped: needed, intended, signed, delivered, confirmed.

Delivery and confirmation have no verbs yet, so nothing can stand under them but zero; they are
shown all the same, for a promise must not look like help that has arrived.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from matchplatform.projects.models import ProjectLine

ZERO = Decimal(0)


@dataclass(frozen=True)
class Claimed:
    """What is claimed, by line id: ``intended`` may still be withdrawn, ``signed`` is promised."""

    intended: Mapping[int, Decimal] = field(default_factory=dict)
    signed: Mapping[int, Decimal] = field(default_factory=dict)

    def of(self, line: ProjectLine) -> "Figures":
        """Return a line's numbers in its own unit."""
        return line_figures(line, *self._both(line))

    def value_of(self, line: ProjectLine) -> "Figures":
        """Return a line's numbers in yuan."""
        return line_value_figures(line, *self._both(line))

    def _both(self, line: ProjectLine) -> tuple[Decimal, Decimal]:
        return self.intended.get(line.id, ZERO), self.signed.get(line.id, ZERO)


@dataclass(frozen=True)
class Figures:
    """Five numbers with what is missing and what is over, all in ``unit``.

    ``extra`` is what the county approved beyond need; ``over`` is what of it is claimed.
    """

    needed: Decimal
    intended: Decimal = ZERO
    signed: Decimal = ZERO
    delivered: Decimal = ZERO
    confirmed: Decimal = ZERO
    gap: Decimal = ZERO
    over: Decimal = ZERO
    unit: str = "元"
    extra: Decimal = ZERO

    def __add__(self, other: "Figures") -> "Figures":
        """Add number by number; a surplus here lowers no gap there."""
        return Figures(
            self.needed + other.needed,
            self.intended + other.intended,
            self.signed + other.signed,
            self.delivered + other.delivered,
            self.confirmed + other.confirmed,
            self.gap + other.gap,
            self.over + other.over,
            self.unit,
            self.extra + other.extra,
        )


def line_figures(line: ProjectLine, intended: Decimal, signed: Decimal) -> Figures:
    """Return a line's numbers in its own unit; both sums are of claims that hold."""
    over = intended + signed - line.quantity
    return Figures(
        needed=line.quantity,
        intended=intended,
        signed=signed,
        gap=-over if over < 0 else ZERO,
        over=over if over > 0 else ZERO,
        unit=line.unit,
        extra=line.extra,
    )


def line_value_figures(line: ProjectLine, intended: Decimal, signed: Decimal) -> Figures:
    """Return a line's numbers in yuan."""
    over = intended + signed - line.quantity
    return Figures(
        needed=line.value_of(line.quantity),
        intended=line.value_of(intended),
        signed=line.value_of(signed),
        gap=line.value_of(-over) if over < 0 else ZERO,
        over=line.value_of(over) if over > 0 else ZERO,
        extra=line.value_of(line.extra),
    )


def sum_values(lines: Iterable[ProjectLine], claimed: Claimed) -> Figures:
    """Return the numbers of several lines in yuan."""
    total = Figures(ZERO)
    for line in lines:
        total += claimed.value_of(line)
    return total
