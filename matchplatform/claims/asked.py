"""Tables of what organisations wait for and ask for beside their claims."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchplatform.claims.models import Claim
from matchplatform.claims.states import AskState, WaitState
from matchplatform.kernel import clock
from matchplatform.kernel.db import Base, Money, Quantity, UtcDateTime, words_of
from matchplatform.organisations.models import Organisation
from matchplatform.projects.models import Project, ProjectLine

HOLDER_DAYS = 7
_STILL_WAITING = text("status = 'waiting'")
_STILL_OPEN = text("status = 'open'")


class WaitlistEntry(Base):
    """An organisation's place on the waitlist of one line; the order is that of joining."""

    __tablename__ = "waitlist_entries"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("(status = 'waiting') = (ended_at IS NULL)", name="ended_has_time"),
        Index(
            "uq_waitlist_entries_waiting",
            "line_id",
            "organisation_id",
            unique=True,
            sqlite_where=_STILL_WAITING,
            postgresql_where=_STILL_WAITING,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("project_lines.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    quantity: Mapped[Decimal] = mapped_column(Quantity)
    status: Mapped[WaitState] = mapped_column(words_of(WaitState), index=True)
    joined_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    claim_id: Mapped[int | None] = mapped_column(ForeignKey("claims.id"))

    line: Mapped[ProjectLine] = relationship(lazy="joined")
    organisation: Mapped[Organisation] = relationship(lazy="joined")

    @property
    def region_code(self) -> str:
        """Return the county of the project, for the policy."""
        return self.line.project.region_code


class ReleaseRequest(Base):
    """An organisation asks the county to free what a silent holder holds."""

    __tablename__ = "release_requests"
    __table_args__ = (
        CheckConstraint("(status = 'open') = (decided_at IS NULL)", name="decided_has_time"),
        Index(
            "uq_release_requests_open",
            "claim_id",
            unique=True,
            sqlite_where=_STILL_OPEN,
            postgresql_where=_STILL_OPEN,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    claim_id: Mapped[int] = mapped_column(ForeignKey("claims.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    status: Mapped[AskState] = mapped_column(words_of(AskState))
    reason: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decision: Mapped[str] = mapped_column(Text, default="")
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    claim: Mapped[Claim] = relationship(lazy="joined")
    organisation: Mapped[Organisation] = relationship(lazy="joined")

    __mapper_args__: dict[str, Any] = {"version_id_col": version}

    @property
    def region_code(self) -> str:
        """Return the county that decides, for the policy."""
        return self.claim.region_code

    @property
    def answer_until(self) -> datetime:
        """Return until when the holder may answer: 24:00 Shanghai time of the seventh day."""
        asked = self.asked_at.astimezone(clock.SHANGHAI).date()
        return clock.end_of_day(asked + timedelta(days=HOLDER_DAYS))

    @property
    def last_day(self) -> date:
        """Return the holder's last day to answer, in Shanghai."""
        return (self.answer_until.astimezone(clock.SHANGHAI) - clock.A_MOMENT).date()

    @property
    def is_ripe(self) -> bool:
        """Tell whether the county may decide: the holder has answered or let the days pass."""
        return self.answered_at is not None or self.answer_until <= clock.now()


class CapacityGrant(Base):
    """An organisation asks to promise more than its budget on one project; the county decides.

    ``value`` is what it may then have open on the project in all, in yuan.
    """

    __tablename__ = "capacity_grants"
    __table_args__ = (
        CheckConstraint("value > 0", name="value_positive"),
        CheckConstraint("(status = 'open') = (decided_at IS NULL)", name="decided_has_time"),
        Index(
            "uq_capacity_grants_open",
            "project_id",
            "organisation_id",
            unique=True,
            sqlite_where=_STILL_OPEN,
            postgresql_where=_STILL_OPEN,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    status: Mapped[AskState] = mapped_column(words_of(AskState))
    value: Mapped[Decimal] = mapped_column(Money)
    message: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(Text, default="")
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    project: Mapped[Project] = relationship(lazy="joined")
    organisation: Mapped[Organisation] = relationship(lazy="joined")

    __mapper_args__: dict[str, Any] = {"version_id_col": version}

    @property
    def region_code(self) -> str:
        """Return the county that decides, for the policy."""
        return self.project.region_code
