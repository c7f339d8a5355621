"""What a commitment promises, organisation by organisation, each kind of help by itself."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from matchplatform.claims.models import Claim
from matchplatform.kernel.money import line_value
from matchplatform.projects.models import ProjectLine
from matchplatform.projects.states import LineKind


@dataclass(frozen=True)
class PromisedLine:
    """A quantity of one thing; ``value`` in yuan, None where it has no price."""

    item: str
    quantity: Decimal
    unit: str
    value: Decimal | None


@dataclass(frozen=True)
class Group:
    """What is promised of one kind; ``value`` adds its priced lines, None where there are none.

    Quantities are never added, nor is the value of one kind to that of another.
    """

    kind: LineKind
    lines: tuple[PromisedLine, ...]
    value: Decimal | None


@dataclass(frozen=True)
class Promise:
    """What one organisation has promised."""

    organisation: str
    is_lead: bool
    groups: tuple[Group, ...]


def list_promises(claim: Claim) -> list[Promise]:
    """List what each organisation of a claim promised, the lead first."""
    prices = {part.line_id: part.unit_price for part in claim.lines}
    shares = {m.organisation_id: m.shares for m in claim.members if m.is_active}
    if not shares:
        own = [(part.line, part.quantity) for part in claim.lines]
        return [Promise(claim.organisation.name, False, _grouped(own, prices))]
    names = {m.organisation_id: m.organisation.name for m in claim.members}
    return [
        Promise(
            names[key],
            key == claim.organisation_id,
            _grouped([(share.line, share.quantity) for share in shares[key]], prices),
        )
        for key in claim.active_ids
        if key in shares
    ]


def list_groups(claim: Claim) -> tuple[Group, ...]:
    """List what a whole claim promises, kind by kind."""
    prices = {part.line_id: part.unit_price for part in claim.lines}
    return _grouped([(part.line, part.quantity) for part in claim.lines], prices)


def _grouped(
    parts: Iterable[tuple[ProjectLine, Decimal]], prices: Mapping[int, Decimal | None]
) -> tuple[Group, ...]:
    found: dict[LineKind, list[PromisedLine]] = {}
    for line, quantity in parts:
        price = prices.get(line.id)
        value = None if price is None else line_value(quantity, price)
        promised = PromisedLine(line.item, quantity, line.unit, value)
        found.setdefault(line.kind, []).append(promised)
    return tuple(
        Group(kind, tuple(found[kind]), _sum(found[kind])) for kind in LineKind if kind in found
    )


def _sum(lines: Iterable[PromisedLine]) -> Decimal | None:
    values = [line.value for line in lines if line.value is not None]
    return sum(values, Decimal("0.00")) if values else None
