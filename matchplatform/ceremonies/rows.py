"""What stands on the list of a ceremony, as plain values: for screens, results and reports."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from matchplatform.ceremonies.models import CeremonyEntry
from matchplatform.ceremonies.signing import why_not
from matchplatform.ceremonies.states import EntryState, Grouping
from matchplatform.claims.models import Claim
from matchplatform.claims.signing import list_signing
from matchplatform.kernel.db import db
from matchplatform.kernel.i18n import Words
from matchplatform.organisations.states import OrganisationType
from matchplatform.projects.states import LineKind, Sector

ZERO = Decimal("0.00")
# What was or is to be signed: who was dropped before, or set free, is nobody's business on the day.
ON_THE_LIST = (EntryState.LISTED, EntryState.SIGNED, EntryState.UNSIGNED)


@dataclass(frozen=True)
class Unpriced:
    """A quantity without a price: it stands beside the money, never in it."""

    kind: LineKind
    unit: str
    quantity: Decimal


@dataclass(frozen=True)
class Row:
    """One entry: ``place`` counts from 1; ``units``: who signs, the lead of a joint claim first.

    ``why``: why it cannot be signed; ``reason``: why it was not.
    """

    entry_id: int
    place: int
    addendum: int
    status: EntryState
    claim_id: int
    claim_number: str
    commitment_id: int | None
    commitment_number: str
    units: tuple[str, ...]
    unit_ids: tuple[int, ...]
    org_type: OrganisationType
    project: str
    project_number: str
    project_id: int
    sector: Sector
    region_code: str
    value: Decimal
    unpriced: tuple[Unpriced, ...]
    people: int | None
    group: str
    why: Words
    reason: str

    @property
    def lead(self) -> str:
        """Return the organisation that claimed."""
        return self.units[0]

    @property
    def is_signed(self) -> bool:
        """Tell whether its signature counts."""
        return self.status is EntryState.SIGNED

    @property
    def can_be_signed(self) -> bool:
        """Tell whether it waits for its signature."""
        return self.status is EntryState.LISTED and not self.why


@dataclass(frozen=True)
class Totals:
    """What several entries come to; money in yuan, and what has no price beside it."""

    claims: int = 0
    projects: int = 0
    counties: int = 0
    organisations: int = 0
    value: Decimal = ZERO
    unpriced: tuple[Unpriced, ...] = ()


def read_rows(
    ceremony_id: int,
    grouping: Grouping = Grouping.NONE,
    states: Collection[EntryState] = ON_THE_LIST,
) -> tuple[Row, ...]:
    """Return the list in its order, addenda last, in a handful of queries."""
    entries = db.session.scalars(
        select(CeremonyEntry)
        .where(CeremonyEntry.ceremony_id == ceremony_id, CeremonyEntry.status.in_(states))
        .order_by(CeremonyEntry.addendum, CeremonyEntry.position, CeremonyEntry.id)
        .options(
            joinedload(CeremonyEntry.agreement).lazyload("*"),
            joinedload(CeremonyEntry.commitment).lazyload("*"),
        )
    ).unique()
    return tuple(_row_of(entry, place, grouping) for place, entry in enumerate(entries, 1))


def add_up(rows: Iterable[Row]) -> Totals:
    """Return what entries come to."""
    rows = tuple(rows)
    return Totals(
        claims=len(rows),
        projects=len({row.project_id for row in rows}),
        counties=len({row.region_code for row in rows}),
        organisations=len({unit for row in rows for unit in row.unit_ids}),
        value=sum((row.value for row in rows), ZERO),
        unpriced=_gather(part for row in rows for part in row.unpriced),
    )


def group_of(claim: Claim, grouping: Grouping) -> str:
    """Return the group in which a claim is signed; empty where there are none."""
    if grouping is Grouping.SECTOR:
        return str(claim.project.sector)
    if grouping is Grouping.CITY:
        return claim.region_code[:4]
    return str(claim.organisation.org_type) if grouping is Grouping.TYPE else ""


def _row_of(entry: CeremonyEntry, place: int, grouping: Grouping) -> Row:
    claim, project = entry.claim, entry.claim.project
    units = list_signing(claim)
    commitment = entry.commitment
    return Row(
        entry_id=entry.id,
        place=place,
        addendum=entry.addendum,
        status=entry.status,
        claim_id=claim.id,
        claim_number=claim.number,
        commitment_id=entry.commitment_id,
        commitment_number=commitment.number if commitment else "",
        units=tuple(unit.name for unit in units),
        unit_ids=tuple(unit.id for unit in units),
        org_type=claim.organisation.org_type,
        project=project.name,
        project_number=project.number,
        project_id=project.id,
        sector=project.sector,
        region_code=project.region_code,
        value=claim.value,
        unpriced=_unpriced(claim),
        people=project.direct_people,
        group=group_of(claim, grouping),
        why=why_not(entry),
        reason=entry.reason,
    )


def _unpriced(claim: Claim) -> tuple[Unpriced, ...]:
    return _gather(
        Unpriced(part.line.kind, part.line.unit, part.quantity)
        for part in claim.lines
        if part.unit_price is None
    )


def _gather(parts: Iterable[Unpriced]) -> tuple[Unpriced, ...]:
    sums: defaultdict[tuple[LineKind, str], Decimal] = defaultdict(Decimal)
    for part in parts:
        sums[part.kind, part.unit] += part.quantity
    return tuple(Unpriced(*key, sums[key]) for key in sorted(sums))
