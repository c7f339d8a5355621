"""Tables of agreements, of who said yes to them, and of the commitments that they make."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchplatform.claims.models import Claim
from matchplatform.commitments.states import (
    FIXED_STATES,
    OPEN_STATES,
    SIGNED_STATES,
    WORKFLOW,
    AgreementAction,
    AgreementState,
    CommitmentState,
)
from matchplatform.kernel import clock
from matchplatform.kernel.db import Base, UtcDateTime, words_of
from matchplatform.organisations.models import Organisation

_KEPT = text("status <> 'void'")
_NOT_REVOKED = text("status <> 'revoked'")


class Agreement(Base):
    """The agreement about one claim; ``version`` 0, or n for its n-th supplementary agreement.

    ``terms``: what people wrote, by the names of ``terms.TERMS``; ``content``: the whole text as it
    was frozen, of whose canonical JSON ``sha256`` is; ``token``: whoever knows it may ask whether
    the paper is genuine; ``serial``: the running number of its county and year.
    """

    __tablename__ = "agreements"
    __table_args__ = (
        Index(
            "uq_agreements_kept",
            "claim_id",
            "version",
            unique=True,
            sqlite_where=_KEPT,
            postgresql_where=_KEPT,
        ),
        Index(
            "uq_agreements_number",
            "number",
            unique=True,
            sqlite_where=_KEPT,
            postgresql_where=_KEPT,
        ),
        Index("ix_agreements_office_year_serial", "office", "year", "serial"),
        CheckConstraint("version >= 0", name="version_not_negative"),
        CheckConstraint(
            "status NOT IN ('frozen', 'in_force', 'ended') OR frozen_at IS NOT NULL",
            name="frozen_has_time",
        ),
        CheckConstraint("(frozen_at IS NULL) = (sha256 = '')", name="frozen_has_hash"),
        CheckConstraint(
            "(signed_at IS NOT NULL) = (status IN ('in_force', 'ended'))", name="signed_has_time"
        ),
        CheckConstraint("(status = 'void') = (ended_reason <> '')", name="void_has_reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    claim_id: Mapped[int] = mapped_column(ForeignKey("claims.id"), index=True)
    version: Mapped[int] = mapped_column(default=0)
    status: Mapped[AgreementState] = mapped_column(words_of(AgreementState), index=True)
    office: Mapped[str] = mapped_column(String(6))
    year: Mapped[int]
    serial: Mapped[int]
    number: Mapped[str] = mapped_column(String(60))
    terms: Mapped[dict[str, str]] = mapped_column(JSON)
    content: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    sha256: Mapped[str] = mapped_column(String(64), default="")
    token: Mapped[str] = mapped_column(String(43), unique=True)
    prepared_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    prepared_by: Mapped[str] = mapped_column(String(120))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    frozen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    signed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_reason: Mapped[str] = mapped_column(Text, default="")
    row_version: Mapped[int] = mapped_column(default=1)

    claim: Mapped[Claim] = relationship(lazy="joined")
    confirmations: Mapped[list["AgreementConfirmation"]] = relationship(
        back_populates="agreement",
        order_by="AgreementConfirmation.organisation_id",
        lazy="selectin",
        cascade="all, delete-orphan",
    )

    __mapper_args__: dict[str, Any] = {"version_id_col": row_version}

    @property
    def region_code(self) -> str:
        """Return the county whose business it is, for the policy."""
        return self.claim.region_code

    @property
    def organisation_id(self) -> int:
        """Return the organisation that claimed, for the policy."""
        return self.claim.organisation_id

    @property
    def party_ids(self) -> frozenset[int]:
        """Return the organisations that promise in it, for the policy; who left is none of them."""
        return frozenset(self.claim.active_ids)

    @property
    def is_supplement(self) -> bool:
        """Tell whether it changes an agreement that was signed before."""
        return self.version > 0

    @property
    def is_open(self) -> bool:
        """Tell whether its terms may still be written."""
        return self.status in OPEN_STATES

    @property
    def is_fixed(self) -> bool:
        """Tell whether its text is frozen, signed or not."""
        return self.status in FIXED_STATES

    @property
    def is_signed(self) -> bool:
        """Tell whether it was signed."""
        return self.status in SIGNED_STATES

    @property
    def short_hash(self) -> str:
        """Return as much of the hash as people type."""
        return self.sha256[:8]

    @property
    def signed_on(self) -> date | None:
        """Return the day of the signature in Shanghai."""
        at = self.signed_at
        return at.astimezone(clock.SHANGHAI).date() if at else None

    def allows(self, action: AgreementAction) -> bool:
        """Tell whether its state allows this."""
        return WORKFLOW.allows(self.status, action)

    def confirmation_of(self, organisation_id: int) -> "AgreementConfirmation | None":
        """Return an organisation's yes, to whatever text it was given, or None."""
        said = (each for each in self.confirmations if each.organisation_id == organisation_id)
        return next(said, None)


class AgreementConfirmation(Base):
    """A signer's yes for an organisation to the text whose hash is ``sha256``."""

    __tablename__ = "agreement_confirmations"
    __table_args__ = (UniqueConstraint("agreement_id", "organisation_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreements.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    user_label: Mapped[str] = mapped_column(String(120))
    sha256: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    agreement: Mapped[Agreement] = relationship(back_populates="confirmations")
    organisation: Mapped[Organisation] = relationship(lazy="joined")


class Commitment(Base):
    """What was promised by a signature.

    ``agreement_id``: what is in force; ``occasion``: the ceremony's title, or empty where it was
    signed outside one; ``reason``: why its signature was undone.
    """

    __tablename__ = "commitments"
    __table_args__ = (
        Index(
            "uq_commitments_standing",
            "claim_id",
            unique=True,
            sqlite_where=_NOT_REVOKED,
            postgresql_where=_NOT_REVOKED,
        ),
        CheckConstraint(
            "(status = 'revoked') = (reason <> '') AND (status <> 'revoked' OR ended_at IS NOT NULL)",
            name="revoked_has_reason",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    claim_id: Mapped[int] = mapped_column(ForeignKey("claims.id"), index=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreements.id"), index=True)
    status: Mapped[CommitmentState] = mapped_column(words_of(CommitmentState))
    signed_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    occasion: Mapped[str] = mapped_column(String(80), default="")
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(Text, default="")
    row_version: Mapped[int] = mapped_column(default=1)

    claim: Mapped[Claim] = relationship(lazy="joined")
    agreement: Mapped[Agreement] = relationship(lazy="joined")

    __mapper_args__: dict[str, Any] = {"version_id_col": row_version}

    @property
    def number(self) -> str:
        """Return the number that people quote."""
        return f"LY-{self.id:06d}"

    @property
    def region_code(self) -> str:
        """Return the county whose business it is, for the policy."""
        return self.claim.region_code

    @property
    def organisation_id(self) -> int:
        """Return the organisation that claimed, for the policy."""
        return self.claim.organisation_id

    @property
    def party_ids(self) -> frozenset[int]:
        """Return the organisations that promised, for the policy."""
        return frozenset(self.claim.active_ids)

    @property
    def stands(self) -> bool:
        """Tell whether its signature holds."""
        return self.status is not CommitmentState.REVOKED

    @property
    def value(self) -> Decimal:
        """Return what was promised in yuan, at the prices of the day of the claim."""
        return self.claim.value

    @property
    def signed_on(self) -> date:
        """Return the day of the signature in Shanghai."""
        return self.signed_at.astimezone(clock.SHANGHAI).date()
