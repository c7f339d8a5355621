"""Offers and invitations as typed rows."""

from dataclasses import dataclass
from decimal import Decimal

from matchplatform.kernel.sectors import Sector
from matchplatform.offers.states import OfferOutcome
from matchplatform.projects.states import LineKind
from matchplatform.seeding.tables import day_of, read_table


@dataclass(frozen=True)
class OfferRow:
    """What an organisation would give; ``valid_days`` counts from loading."""

    username: str
    kind: LineKind
    item: str
    quantity: Decimal
    unit: str
    unit_price: Decimal | None
    sectors: tuple[Sector, ...]
    regions: tuple[str, ...]
    valid_days: int
    note: str
    day: int
    closed_day: int | None
    outcome: OfferOutcome | None
    reason: str


@dataclass(frozen=True)
class InvitationRow:
    """An officer invites an organisation to a project or one of its lines (``position``)."""

    number: str
    username: str
    position: int | None
    offer_item: str
    officer: str
    invited_day: int
    words: str
    reasons: tuple[str, ...]
    answered_day: int | None
    interested: bool
    answer: str
    withdrawn_day: int | None
    withdrawn_reason: str


def read_offers() -> list[OfferRow]:
    """Read offers.csv."""
    return [
        OfferRow(
            username=row["organisation"],
            kind=LineKind(row["kind"]),
            item=row["item"],
            quantity=Decimal(row["quantity"]),
            unit=row["unit"],
            unit_price=Decimal(row["unit_price"]) if row["unit_price"] else None,
            sectors=tuple(Sector(word) for word in row["sectors"].split(";") if word),
            regions=tuple(code for code in row["regions"].split(";") if code),
            valid_days=int(row["valid_days"]),
            note=row["note"],
            day=int(row["day"]),
            closed_day=day_of(row["closed_day"]),
            outcome=OfferOutcome(row["outcome"]) if row["outcome"] else None,
            reason=row["reason"],
        )
        for row in read_table("offers.csv")
    ]


def read_invitations() -> list[InvitationRow]:
    """Read invitations.csv."""
    return [
        InvitationRow(
            number=row["project"],
            username=row["organisation"],
            position=day_of(row["position"]),
            offer_item=row["offer"],
            officer=row["officer"],
            invited_day=int(row["invited_day"]),
            words=row["words"],
            reasons=tuple(reason for reason in row["reasons"].split(";") if reason),
            answered_day=day_of(row["answered_day"]),
            interested=row["interested"] == "1",
            answer=row["answer"],
            withdrawn_day=day_of(row["withdrawn_day"]),
            withdrawn_reason=row["withdrawn_reason"],
        )
        for row in read_table("invitations.csv")
    ]
