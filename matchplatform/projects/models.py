"""Tables of projects, their lines and batches."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchplatform.kernel.db import Base, Money, Quantity, UtcDateTime, words_of
from matchplatform.kernel.money import line_value
from matchplatform.projects.states import (
    PUBLIC_STATES,
    CloseOutcome,
    LineKind,
    ProjectKind,
    ProjectState,
    Sector,
)

YUAN = "元"
ZERO = Decimal(0)


class Batch(Base):
    """A batch (批次) in which the province publishes."""

    __tablename__ = "batches"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60), unique=True)


class Project(Base):
    """A project, need or produce offer of one county. ``author_ids`` are all who wrote on it."""

    __tablename__ = "projects"
    __table_args__ = (
        CheckConstraint(
            "direct_people >= 0 AND households >= 0 AND person_times >= 0", name="counts"
        ),
        CheckConstraint("(status = 'closed') = (close_outcome IS NOT NULL)", name="closed_has_why"),
        Index("ix_projects_status_region", "status", "region_code"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str] = mapped_column(String(60))
    kind: Mapped[ProjectKind] = mapped_column(words_of(ProjectKind))
    sector: Mapped[Sector] = mapped_column(words_of(Sector))
    region_code: Mapped[str] = mapped_column(String(6))
    place: Mapped[str] = mapped_column(String(40), default="")
    scope_text: Mapped[str] = mapped_column(Text, default="")
    outcome_target: Mapped[str] = mapped_column(Text, default="")
    direct_people: Mapped[int] = mapped_column(default=0)
    households: Mapped[int] = mapped_column(default=0)
    person_times: Mapped[int] = mapped_column(default=0)
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    claim_deadline: Mapped[date | None]
    owner_unit: Mapped[str] = mapped_column(String(80), default="")
    supervising_unit: Mapped[str] = mapped_column(String(80), default="")
    contact_name: Mapped[str] = mapped_column(String(40), default="")
    contact_phone: Mapped[str] = mapped_column(String(40), default="")
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("batches.id"))
    status: Mapped[ProjectState] = mapped_column(words_of(ProjectState))
    close_outcome: Mapped[CloseOutcome | None] = mapped_column(words_of(CloseOutcome))
    state_reason: Mapped[str] = mapped_column(Text, default="")
    author_ids: Mapped[list[int]] = mapped_column(JSON)
    verifier_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    verified_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("projects.id"))
    version: Mapped[int] = mapped_column(default=1)

    merged_into: Mapped["Project | None"] = relationship(remote_side="Project.id")
    batch: Mapped[Batch | None] = relationship(lazy="joined")
    lines: Mapped[list["ProjectLine"]] = relationship(
        back_populates="project", order_by="ProjectLine.position", cascade="all, delete-orphan"
    )

    __mapper_args__: dict[str, Any] = {"version_id_col": version}

    @property
    def is_public(self) -> bool:
        """Tell whether the public may see the project."""
        return self.status in PUBLIC_STATES

    @property
    def value_needed(self) -> Decimal:
        """Return the sum of the lines in yuan; lines without a price stay out."""
        return sum((line.value_of(line.quantity) for line in self.lines), Decimal("0.00"))

    @property
    def value_gap(self) -> Decimal:
        """Return what is still missing in yuan; a surplus on one line lowers no other."""
        return sum((line.value_of(line.gap) for line in self.lines), Decimal("0.00"))


class ProjectLine(Base):
    """One thing that is needed. ``held`` moves only by the conditional UPDATE in claims."""

    __tablename__ = "project_lines"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("extra >= 0", name="extra_not_negative"),
        CheckConstraint("held >= 0 AND held <= quantity + extra", name="held_in_bounds"),
        CheckConstraint("min_lot > 0 AND min_lot <= quantity", name="min_lot_in_bounds"),
        CheckConstraint("unit_price IS NULL OR unit_price >= 0", name="price_not_negative"),
        CheckConstraint(
            "kind <> 'money' OR (unit = '元' AND unit_price = 100)", name="money_is_yuan"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id"), index=True)
    position: Mapped[int]
    kind: Mapped[LineKind] = mapped_column(words_of(LineKind))
    item: Mapped[str] = mapped_column(String(60))
    quantity: Mapped[Decimal] = mapped_column(Quantity)
    unit: Mapped[str] = mapped_column(String(10))
    unit_price: Mapped[Decimal | None] = mapped_column(Money)
    min_lot: Mapped[Decimal] = mapped_column(Quantity)
    note: Mapped[str] = mapped_column(String(60), default="")
    extra: Mapped[Decimal] = mapped_column(Quantity, default=ZERO)
    held: Mapped[Decimal] = mapped_column(Quantity, default=ZERO)

    project: Mapped[Project] = relationship(back_populates="lines")

    def value_of(self, quantity: Decimal) -> Decimal:
        """Return what a quantity of this line is worth in yuan."""
        return line_value(quantity, self.unit_price)

    @property
    def gap(self) -> Decimal:
        """Return the quantity still missing."""
        return self.quantity - self.held if self.held < self.quantity else ZERO

    @property
    def left(self) -> Decimal:
        """Return the quantity that may still be claimed, approved extra included."""
        return self.quantity + self.extra - self.held
