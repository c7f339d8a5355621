"""Tables of organisations and their members."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchplatform.accounts.models import User
from matchplatform.files.models import StoredFile
from matchplatform.kernel import clock
from matchplatform.kernel.db import Base, Money, UtcDateTime, words_of
from matchplatform.kernel.i18n import Words
from matchplatform.organisations.membership_states import MembershipState
from matchplatform.organisations.paper_states import PaperState
from matchplatform.organisations.standing import note_trouble, say_hindrance
from matchplatform.organisations.states import OrganisationState, OrganisationType


class Organisation(Base):
    """A social organisation. ``registration_region`` is the six digits of its registration authority.

    ``certificate_expires_on`` is the last day of the certificate that the verifier accepted last;
    ``standing_reason`` and ``standing_since`` tell of the last restriction, suspension or its end;
    ``entered_by_id`` is the officer who entered it where it did not register by itself.
    """

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
    certificate_expires_on: Mapped[date | None]
    standing_reason: Mapped[str] = mapped_column(Text, default="")
    standing_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    version: Mapped[int] = mapped_column(default=1)

    merged_into: Mapped["Organisation | None"] = relationship(remote_side="Organisation.id")
    memberships: Mapped[list["Membership"]] = relationship(back_populates="organisation")
    name_changes: Mapped[list["NameChange"]] = relationship(
        back_populates="organisation", order_by="NameChange.id"
    )

    __mapper_args__: dict[str, Any] = {"version_id_col": version}

    @property
    def organisation_id(self) -> int:
        """Return the id under the name that the policy asks for."""
        return self.id

    @property
    def is_only_entered(self) -> bool:
        """Tell whether an officer entered it and nobody has taken it up or looked at it since."""
        waits = self.status is OrganisationState.PENDING and self.entered_by_id is not None
        return waits and not self.memberships

    @property
    def is_verified(self) -> bool:
        """Tell whether the verifier has found it to be what it says, and lets it go on."""
        return self.status in (OrganisationState.VERIFIED, OrganisationState.RESTRICTED)

    @property
    def former_names(self) -> list["NameChange"]:
        """Return the changes that gave it its name, the first one first."""
        return [row for row in self.name_changes if row.status is PaperState.ACCEPTED]

    @property
    def may_claim(self) -> bool:
        """Tell whether it may claim today: verified, and its certificate has not run out."""
        return self.hindrance is None

    @property
    def hindrance(self) -> Words | None:
        """Say to the organisation why it may not claim today, or None."""
        return say_hindrance(self.status, self.certificate_expires_on)

    @property
    def trouble(self) -> Words | None:
        """Say to officers what stands against it today, or None."""
        return note_trouble(self.status, self.certificate_expires_on)

    @property
    def is_returned(self) -> bool:
        """Tell whether the organisation must mend its registration first."""
        return self.status is OrganisationState.RETURNED


class Membership(Base):
    """Somebody acts for an organisation; a signer may also invite, approve and sign.

    ``expires_on`` is the last day on which it counts; None: until somebody ends it.
    """

    __tablename__ = "memberships"

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True, index=True)
    status: Mapped[MembershipState] = mapped_column(words_of(MembershipState))
    is_signer: Mapped[bool] = mapped_column(default=False)
    since: Mapped[date]
    expires_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    end_reason: Mapped[str] = mapped_column(Text, default="")
    invited_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    version: Mapped[int] = mapped_column(default=1)

    organisation: Mapped[Organisation] = relationship(back_populates="memberships")
    user: Mapped[User] = relationship(foreign_keys=[user_id], lazy="joined")
    invited_by: Mapped[User | None] = relationship(foreign_keys=[invited_by_id])

    __mapper_args__: dict[str, Any] = {"version_id_col": version}

    @property
    def standing(self) -> MembershipState:
        """Return the state as of today: an approved one expires by itself."""
        if self.status is MembershipState.APPROVED and self.has_run_out:
            return MembershipState.EXPIRED
        return self.status

    @property
    def has_run_out(self) -> bool:
        """Tell whether its last day has passed."""
        return self.expires_on is not None and self.expires_on < clock.today()

    @property
    def is_live(self) -> bool:
        """Tell whether it lets somebody act for the organisation today."""
        return self.standing is MembershipState.APPROVED


class Invitation(Base):
    """A signer asks somebody to join: a person with an account, or whoever holds the link."""

    __tablename__ = "membership_invitations"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(60))
    as_signer: Mapped[bool] = mapped_column(default=False)
    member_until: Mapped[date | None]
    invited_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    cancelled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    organisation: Mapped[Organisation] = relationship(lazy="joined")
    user: Mapped[User | None] = relationship(foreign_keys=[user_id])
    invited_by: Mapped[User] = relationship(foreign_keys=[invited_by_id], lazy="joined")

    @property
    def is_open(self) -> bool:
        """Tell whether it can still be accepted."""
        return self.used_at is None and self.cancelled_at is None and self.expires_at > clock.now()


class Handover(Base):
    """What somebody who left had open, and who went on with it."""

    __tablename__ = "membership_handovers"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    from_user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    to_user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    items: Mapped[list[dict[str, str]]] = mapped_column(JSON)

    from_user: Mapped[User] = relationship(foreign_keys=[from_user_id], lazy="joined")
    to_user: Mapped[User] = relationship(foreign_keys=[to_user_id], lazy="joined")


_PENDING, _ACCEPTED = text("status = 'pending'"), text("status = 'accepted'")


class Certificate(Base):
    """A registration certificate as it was handed in; ``expires_on`` is its last day.

    ``reminded_days``: the last reminder said that so many days were left.
    """

    __tablename__ = "certificates"
    __table_args__ = (
        CheckConstraint("(status = 'pending') = (decided_at IS NULL)", name="decided_has_time"),
        *(
            Index(
                f"uq_certificates_{state}",
                "organisation_id",
                unique=True,
                sqlite_where=condition,
                postgresql_where=condition,
            )
            for state, condition in (("pending", _PENDING), ("accepted", _ACCEPTED))
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_files.id"))
    expires_on: Mapped[date]
    status: Mapped[PaperState] = mapped_column(words_of(PaperState))
    handed_in_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(Text, default="")
    reminded_days: Mapped[int | None]
    version: Mapped[int] = mapped_column(default=1)

    organisation: Mapped[Organisation] = relationship(lazy="joined")
    file: Mapped[StoredFile] = relationship(lazy="joined")

    __mapper_args__: dict[str, Any] = {"version_id_col": version}

    @property
    def days_left(self) -> int:
        """Return the days until its last day; below zero it has run out."""
        return (self.expires_on - clock.today()).days


class NameChange(Base):
    """A new name under the same code; ``old_name`` is the one that it had until then."""

    __tablename__ = "name_changes"
    __table_args__ = (
        CheckConstraint("(status = 'pending') = (decided_at IS NULL)", name="decided_has_time"),
        Index(
            "uq_name_changes_pending",
            "organisation_id",
            unique=True,
            sqlite_where=_PENDING,
            postgresql_where=_PENDING,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    old_name: Mapped[str] = mapped_column(String(80))
    new_name: Mapped[str] = mapped_column(String(80))
    changed_on: Mapped[date]
    reason: Mapped[str] = mapped_column(Text)
    status: Mapped[PaperState] = mapped_column(words_of(PaperState))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decision: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)

    organisation: Mapped[Organisation] = relationship(back_populates="name_changes", lazy="joined")

    __mapper_args__: dict[str, Any] = {"version_id_col": version}
