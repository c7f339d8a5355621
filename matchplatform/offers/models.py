"""The table of offers."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchplatform.kernel import clock
from matchplatform.kernel.db import Base, Money, Quantity, UtcDateTime, words_of
from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.money import line_value
from matchplatform.offers.states import OfferOutcome, OfferState
from matchplatform.organisations.models import Organisation
from matchplatform.projects.models import YUAN
from matchplatform.projects.states import LineKind


class SupplyOffer(Base):
    """What an organisation would give. ``sectors`` and ``regions`` are empty where any will do.

    ``regions`` are six digits of counties, or of cities for all their counties; ``valid_until`` is
    the last day on which it stands.
    """

    __tablename__ = "supply_offers"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("unit_price IS NULL OR unit_price >= 0", name="price_not_negative"),
        CheckConstraint(
            f"kind <> 'money' OR (unit = '{YUAN}' AND unit_price = 100)", name="money_is_yuan"
        ),
        CheckConstraint("(status = 'closed') = (closed_at IS NOT NULL)", name="closed_has_time"),
        CheckConstraint("(status = 'closed') = (outcome IS NOT NULL)", name="closed_has_outcome"),
        Index("ix_supply_offers_status_until", "status", "valid_until"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    kind: Mapped[LineKind] = mapped_column(words_of(LineKind))
    item: Mapped[str] = mapped_column(String(60))
    quantity: Mapped[Decimal] = mapped_column(Quantity)
    unit: Mapped[str] = mapped_column(String(10))
    unit_price: Mapped[Decimal | None] = mapped_column(Money)
    sectors: Mapped[list[str]] = mapped_column(JSON)
    regions: Mapped[list[str]] = mapped_column(JSON)
    valid_until: Mapped[date]
    note: Mapped[str] = mapped_column(Text, default="")
    status: Mapped[OfferState] = mapped_column(words_of(OfferState))
    outcome: Mapped[OfferOutcome | None] = mapped_column(words_of(OfferOutcome))
    reason: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    organisation: Mapped[Organisation] = relationship(lazy="joined")

    __mapper_args__: dict[str, Any] = {"version_id_col": version}

    @property
    def has_expired(self) -> bool:
        """Tell whether its last day has passed."""
        return self.valid_until < clock.today()

    @property
    def standing(self) -> str:
        """Return where it stands today: open, closed, or expired by itself."""
        if self.status is OfferState.OPEN and self.has_expired:
            return "expired"
        return str(self.status)

    @property
    def is_usable(self) -> bool:
        """Tell whether officers may reckon with it today: it stands, and its organisation may claim."""
        return self.hindrance is None

    @property
    def hindrance(self) -> Words | None:
        """Say to officers why they cannot reckon with it today, or None."""
        if self.status is OfferState.CLOSED:
            return _("对方已经结束这份意向")
        if self.has_expired:
            return _("这份意向已经过了有效期")
        if not self.organisation.may_claim:
            return self.organisation.trouble or _("对方现在不能认领")
        return None

    @property
    def value(self) -> Decimal | None:
        """Return what it is worth in yuan, or None where no price was named."""
        return None if self.unit_price is None else line_value(self.quantity, self.unit_price)
