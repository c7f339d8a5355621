"""Tables of claims."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchplatform.claims.states import (
    ACTIVE_MEMBERS,
    HOLDING_STATES,
    OPEN_STATES,
    ClaimState,
    MemberState,
)
from matchplatform.kernel import clock
from matchplatform.kernel.db import Base, Money, Quantity, UtcDateTime, words_of
from matchplatform.kernel.money import line_value
from matchplatform.organisations.models import Organisation
from matchplatform.projects.models import Project, ProjectLine

ANSWER_DAYS = 10
SIGN_DAYS = 60
_UNDECIDED = text("status IN ('reserved', 'submitted')")


class Claim(Base):
    """One organisation's claim on one project. ``hold_until`` is 24:00 Shanghai time of a day.

    ``promoted``: made from the waitlist, with a shorter hold that cannot be extended;
    ``signed_at`` is when its agreement was signed, while it counts as signed.
    """

    __tablename__ = "claims"
    __table_args__ = (
        CheckConstraint(
            "(decided_at IS NOT NULL) = (status IN ('accepted', 'declined', 'signed'))"
            " OR status IN ('withdrawn', 'released')",
            name="decided_has_time",
        ),
        CheckConstraint("(signed_at IS NOT NULL) = (status = 'signed')", name="signed_has_time"),
        Index(
            "uq_claims_undecided",
            "project_id",
            "organisation_id",
            unique=True,
            sqlite_where=_UNDECIDED,
            postgresql_where=_UNDECIDED,
        ),
        Index("ix_claims_status_hold", "status", "hold_until"),
        Index("ix_claims_status_signed", "status", "signed_at"),
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
    promoted: Mapped[bool] = mapped_column(default=False)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    signed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    project: Mapped[Project] = relationship(lazy="joined")
    organisation: Mapped[Organisation] = relationship(lazy="joined")
    lines: Mapped[list["ClaimLine"]] = relationship(
        back_populates="claim", order_by="ClaimLine.line_id", lazy="selectin"
    )
    members: Mapped[list["ClaimMember"]] = relationship(
        back_populates="claim", order_by="ClaimMember.id", lazy="selectin"
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
        """Tell whether the claim is an intent on its way: it holds quantities and is not signed."""
        return self.status in OPEN_STATES

    @property
    def holds(self) -> bool:
        """Tell whether the claim holds quantities, signed or not yet."""
        return self.status in HOLDING_STATES

    @property
    def value(self) -> Decimal:
        """Return what the claim comes to in yuan, at the prices of the day it was made."""
        return sum((line.value for line in self.lines), Decimal("0.00"))

    @property
    def party_ids(self) -> frozenset[int]:
        """Return the organisations whose business the claim is, for the policy."""
        return frozenset({self.organisation_id, *(m.organisation_id for m in self.members)})

    @property
    def active_ids(self) -> list[int]:
        """Return the organisations that hold the claim now: the lead first, then its members."""
        joined = [m.organisation_id for m in self.members if m.is_active]
        return list(dict.fromkeys([self.organisation_id, *joined]))

    def value_for(self, organisation_id: int) -> Decimal:
        """Return what an organisation itself has promised of the claim, in yuan."""
        if not self.members:
            return self.value if organisation_id == self.organisation_id else Decimal("0.00")
        mine = (m for m in self.members if m.organisation_id == organisation_id)
        return sum((m.value for m in mine if m.status is MemberState.CONFIRMED), Decimal("0.00"))

    @property
    def has_lapsed(self) -> bool:
        """Tell whether a reservation has run out, whether or not the worker noted it yet."""
        return self.status is ClaimState.RESERVED and self.hold_until <= clock.now()

    @property
    def silent_since(self) -> datetime | None:
        """Return since when nothing has moved after the holder's last step; None while reserved."""
        if self.status is ClaimState.SUBMITTED:
            return self.submitted_at
        return self.decided_at if self.status is ClaimState.ACCEPTED else None

    @property
    def silent_days(self) -> int:
        """Return how many days ago that was, in Shanghai."""
        since = self.silent_since
        return (clock.today() - since.astimezone(clock.SHANGHAI).date()).days if since else 0

    @property
    def is_silent(self) -> bool:
        """Tell whether it has stood too long: submitted over ten days or accepted over sixty."""
        limit = SIGN_DAYS if self.status is ClaimState.ACCEPTED else ANSWER_DAYS
        return self.silent_since is not None and self.silent_days > limit

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


class ClaimMember(Base):
    """An organisation in a joint claim, the lead included.

    After ``declined`` and ``left`` its shares are offered to the others until ``offered_until``.
    """

    __tablename__ = "claim_members"
    __table_args__ = (
        CheckConstraint(
            "(status IN ('declined', 'left')) = (offered_until IS NOT NULL)",
            name="gone_has_offer",
        ),
        UniqueConstraint("claim_id", "organisation_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    claim_id: Mapped[int] = mapped_column(ForeignKey("claims.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    status: Mapped[MemberState] = mapped_column(words_of(MemberState))
    reason: Mapped[str] = mapped_column(Text, default="")
    invited_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    offered_until: Mapped[datetime | None] = mapped_column(UtcDateTime)

    claim: Mapped[Claim] = relationship(back_populates="members")
    organisation: Mapped[Organisation] = relationship(lazy="joined")
    shares: Mapped[list["ClaimShare"]] = relationship(
        back_populates="member",
        order_by="ClaimShare.line_id",
        lazy="selectin",
        cascade="all, delete-orphan",
    )

    @property
    def is_lead(self) -> bool:
        """Tell whether this is the organisation that leads the claim."""
        return self.organisation_id == self.claim.organisation_id

    @property
    def is_active(self) -> bool:
        """Tell whether the organisation is still in the claim."""
        return self.status in ACTIVE_MEMBERS

    @property
    def is_offered(self) -> bool:
        """Tell whether the organisation has gone and its shares wait for somebody."""
        return not self.is_active and bool(self.shares)

    @property
    def offered_day(self) -> date | None:
        """Return the last day on which its shares can be taken, in Shanghai."""
        until = self.offered_until
        return (until.astimezone(clock.SHANGHAI) - clock.A_MOMENT).date() if until else None

    @property
    def value(self) -> Decimal:
        """Return what its shares come to in yuan, at the prices of the day of the claim."""
        prices = {part.line_id: part.unit_price for part in self.claim.lines}
        return sum(
            (line_value(share.quantity, prices.get(share.line_id)) for share in self.shares),
            Decimal("0.00"),
        )


class ClaimShare(Base):
    """What one organisation takes of one line of a joint claim."""

    __tablename__ = "claim_shares"
    __table_args__ = (CheckConstraint("quantity > 0", name="quantity_positive"),)

    member_id: Mapped[int] = mapped_column(ForeignKey("claim_members.id"), primary_key=True)
    line_id: Mapped[int] = mapped_column(
        ForeignKey("project_lines.id"), primary_key=True, index=True
    )
    quantity: Mapped[Decimal] = mapped_column(Quantity)

    member: Mapped[ClaimMember] = relationship(back_populates="shares")
    line: Mapped[ProjectLine] = relationship(lazy="joined")
