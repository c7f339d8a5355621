"""Tables of claims."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchplatform.claims.states import OPEN_STATES, ClaimState
from matchplatform.kernel import clock
from matchplatform.kernel.db import Base, Money, Quantity, UtcDateTime, words_of
from matchplatform.kernel.money import line_value
from matchplatform.organisations.models import Organisation
from matchplatform.projects.models import Project, ProjectLine

ANSWER_DAYS = 10
_UNDECIDED = text("status IN ('reserved', 'submitted')")


class Claim(Base):
    """One organisation's claim on one project. ``hold_until`` is 24:00 Shanghai time of a day."""

    __tablename__ = "claims"
    __table_args__ = (
        CheckConstraint(
            "(decided_at IS NOT NULL) = (status IN ('accepted', 'declined'))"
            " OR status = 'withdrawn'",
            name="decided_has_time",
        ),
        Index(
            "uq_claims_undecided",
            "project_id",
            "organisation_id",
            unique=True,
            sqlite_where=_UNDECIDED,
            postgresql_where=_UNDECIDED,
        ),
        Index("ix_claims_status_hold", "status", "hold_until"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    status: Mapped[ClaimState] = mapped_column(words_of(ClaimState))
    message: Mapped[str] = mapped_column(Text, default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    reserved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    hold_until: Mapped[datetime] = mapped_column(UtcDateTime)
    extended: Mapped[bool] = mapped_column(default=False)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    project: Mapped[Project] = relationship(lazy="joined")
    organisation: Mapped[Organisation] = relationship(lazy="joined")
    lines: Mapped[list["ClaimLine"]] = relationship(
        back_populates="claim", order_by="ClaimLine.line_id", lazy="selectin"
    )

    __mapper_args__: dict[str, Any] = {"version_id_col": version}

    @property
    def number(self) -> str:
        """Return the number that people quote."""
        return f"RL-{self.id:06d}"

    @property
    def region_code(self) -> str:
        """Return the county that decides, for the policy."""
        return self.project.region_code

    @property
    def is_open(self) -> bool:
        """Tell whether the claim holds quantities."""
        return self.status in OPEN_STATES

    @property
    def value(self) -> Decimal:
        """Return what the claim comes to in yuan, at the prices of the day it was made."""
        return sum((line.value for line in self.lines), Decimal("0.00"))

    @property
    def has_lapsed(self) -> bool:
        """Tell whether a reservation has run out, whether or not the worker noted it yet."""
        return self.status is ClaimState.RESERVED and self.hold_until <= clock.now()

    @property
    def last_day(self) -> date:
        """Return the last day of the reservation, in Shanghai."""
        return (self.hold_until.astimezone(clock.SHANGHAI) - clock.A_MOMENT).date()


class ClaimLine(Base):
    """A quantity of one line; ``unit_price`` is the line's on the day of the claim."""

    __tablename__ = "claim_lines"
    __table_args__ = (CheckConstraint("quantity > 0", name="quantity_positive"),)

    claim_id: Mapped[int] = mapped_column(ForeignKey("claims.id"), primary_key=True)
    line_id: Mapped[int] = mapped_column(
        ForeignKey("project_lines.id"), primary_key=True, index=True
    )
    quantity: Mapped[Decimal] = mapped_column(Quantity)
    unit_price: Mapped[Decimal | None] = mapped_column(Money)

    claim: Mapped[Claim] = relationship(back_populates="lines")
    line: Mapped[ProjectLine] = relationship(lazy="joined")

    @property
    def value(self) -> Decimal:
        """Return what the line of the claim comes to in yuan."""
        return line_value(self.quantity, self.unit_price)
