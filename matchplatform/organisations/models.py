"""Tables of organisations and their members."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchplatform.accounts.models import User
from matchplatform.kernel.db import Base, Money, UtcDateTime, words_of
from matchplatform.organisations.states import OrganisationState, OrganisationType


class Organisation(Base):
    """A social organisation. ``registration_region`` is the six digits of its registration authority."""

    __tablename__ = "organisations"
    __table_args__ = (CheckConstraint("annual_budget >= 0", name="budget_not_negative"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    uscc: Mapped[str] = mapped_column(String(18), unique=True)
    org_type: Mapped[OrganisationType] = mapped_column(words_of(OrganisationType))
    registration_authority: Mapped[str] = mapped_column(String(80))
    registration_region: Mapped[str] = mapped_column(String(6), index=True)
    supervising_body: Mapped[str] = mapped_column(String(80))
    business_scope: Mapped[str] = mapped_column(Text)
    mission: Mapped[str] = mapped_column(Text)
    legal_rep: Mapped[str] = mapped_column(String(40))
    grade: Mapped[str] = mapped_column(String(2), default="")
    is_charity: Mapped[bool] = mapped_column(default=False)
    can_fundraise_publicly: Mapped[bool] = mapped_column(default=False)
    annual_budget: Mapped[Decimal] = mapped_column(Money)
    focus_sectors: Mapped[list[str]] = mapped_column(JSON)
    status: Mapped[OrganisationState] = mapped_column(words_of(OrganisationState), index=True)
    return_reason: Mapped[str] = mapped_column(Text, default="")
    submitted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    verified_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    memberships: Mapped[list["Membership"]] = relationship(back_populates="organisation")

    __mapper_args__: dict[str, Any] = {"version_id_col": version}

    @property
    def organisation_id(self) -> int:
        """Return the id under the name that the policy asks for."""
        return self.id

    @property
    def is_verified(self) -> bool:
        """Tell whether the organisation may claim."""
        return self.status is OrganisationState.VERIFIED

    @property
    def is_returned(self) -> bool:
        """Tell whether the organisation must mend its registration first."""
        return self.status is OrganisationState.RETURNED


class Membership(Base):
    """Somebody acts for an organisation; a signer may also sign."""

    __tablename__ = "memberships"

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    is_signer: Mapped[bool] = mapped_column(default=False)
    since: Mapped[date]

    organisation: Mapped[Organisation] = relationship(back_populates="memberships")
    user: Mapped[User] = relationship()
