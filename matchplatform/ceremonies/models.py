"""Tables of ceremonies: the plan, who is invited, what is signed, and the steps of the day."""

from datetime import date, datetime
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

from matchplatform.ceremonies.states import (
    OPEN_STATES,
    PUBLIC_STATES,
    WORKFLOW,
    AgendaKind,
    CeremonyAction,
    CeremonyState,
    EntryState,
    Grouping,
    GuestKind,
    GuestState,
    StepKind,
)
from matchplatform.claims.models import Claim
from matchplatform.commitments.models import Agreement, Commitment
from matchplatform.kernel import clock
from matchplatform.kernel.db import Base, UtcDateTime, words_of
from matchplatform.organisations.models import Organisation

_LISTED = text("status = 'listed'")
_COUNTS = text("status IN ('listed', 'signed')")


class Ceremony(Base):
    """A signing ceremony (签约大会).

    ``region_code``: the host county; ``capacity``: people; ``stage_slots``: claims that are signed
    in one round; ``round_minutes``: how long a round takes; ``seq``: the number of its last step;
    ``hall_token``: whoever knows it may follow the day on a screen.
    """

    __tablename__ = "ceremonies"
    __table_args__ = (
        CheckConstraint("capacity > 0", name="capacity_positive"),
        CheckConstraint("stage_slots BETWEEN 1 AND 20", name="stage_slots_in_bounds"),
        CheckConstraint("round_minutes BETWEEN 1 AND 60", name="round_minutes_in_bounds"),
        CheckConstraint("seq >= 0", name="seq_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(80))
    place: Mapped[str] = mapped_column(String(80))
    region_code: Mapped[str] = mapped_column(String(6), index=True)
    host: Mapped[str] = mapped_column(String(120), default="")
    contact: Mapped[str] = mapped_column(String(120), default="")
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    answer_by: Mapped[date]
    capacity: Mapped[int]
    stage_slots: Mapped[int] = mapped_column(default=4)
    round_minutes: Mapped[int] = mapped_column(default=3)
    grouping: Mapped[Grouping] = mapped_column(words_of(Grouping), default=Grouping.NONE)
    status: Mapped[CeremonyState] = mapped_column(words_of(CeremonyState), index=True)
    reason: Mapped[str] = mapped_column(Text, default="")
    hall_token: Mapped[str] = mapped_column(String(43), unique=True)
    seq: Mapped[int] = mapped_column(default=0)
    created_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    agenda: Mapped[list["AgendaItem"]] = relationship(
        back_populates="ceremony",
        order_by="AgendaItem.position, AgendaItem.id",
        cascade="all, delete-orphan",
    )

    __mapper_args__: dict[str, Any] = {"version_id_col": version}

    @property
    def number(self) -> str:
        """Return the number that people quote."""
        return f"QY-{self.id:04d}"

    @property
    def day(self) -> date:
        """Return the day in Shanghai."""
        return self.starts_at.astimezone(clock.SHANGHAI).date()

    @property
    def is_open(self) -> bool:
        """Tell whether who signs what may still be changed."""
        return self.status in OPEN_STATES

    @property
    def is_public(self) -> bool:
        """Tell whether everybody may know of it."""
        return self.status in PUBLIC_STATES

    def allows(self, action: CeremonyAction) -> bool:
        """Tell whether its state allows this."""
        return WORKFLOW.allows(self.status, action)


class AgendaItem(Base):
    """One item of the agenda; ``minutes`` of a signing are those of its rounds, and zero here."""

    __tablename__ = "ceremony_agenda"
    __table_args__ = (CheckConstraint("minutes BETWEEN 0 AND 480", name="minutes_in_bounds"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ceremony_id: Mapped[int] = mapped_column(ForeignKey("ceremonies.id"), index=True)
    position: Mapped[int]
    kind: Mapped[AgendaKind] = mapped_column(words_of(AgendaKind))
    title: Mapped[str] = mapped_column(String(80))
    speaker: Mapped[str] = mapped_column(String(80), default="")
    minutes: Mapped[int]

    ceremony: Mapped[Ceremony] = relationship(back_populates="agenda")


class CeremonyGuest(Base):
    """A unit that is invited; who comes for it are its attendees.

    ``region_code``: of an office that signs for its county, else empty; ``token``: opens the
    invitation without signing in, and is what its QR code says.
    """

    __tablename__ = "ceremony_guests"
    __table_args__ = (
        UniqueConstraint("ceremony_id", "organisation_id"),
        CheckConstraint(
            "(kind = 'organisation') = (organisation_id IS NOT NULL)", name="organisation_is_named"
        ),
        CheckConstraint(
            "(answered_at IS NOT NULL) OR status NOT IN ('accepted', 'declined')",
            name="answered_has_time",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ceremony_id: Mapped[int] = mapped_column(ForeignKey("ceremonies.id"), index=True)
    kind: Mapped[GuestKind] = mapped_column(words_of(GuestKind))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    region_code: Mapped[str] = mapped_column(String(6), default="")
    unit: Mapped[str] = mapped_column(String(120))
    contact: Mapped[str] = mapped_column(String(120), default="")
    token: Mapped[str] = mapped_column(String(43), unique=True)
    status: Mapped[GuestState] = mapped_column(words_of(GuestState))
    walk_in: Mapped[bool] = mapped_column(default=False)
    said: Mapped[str] = mapped_column(Text, default="")
    invited_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    ceremony: Mapped[Ceremony] = relationship(lazy="joined")
    organisation: Mapped[Organisation | None] = relationship(lazy="joined")
    attendees: Mapped[list["CeremonyAttendee"]] = relationship(
        back_populates="guest",
        order_by="CeremonyAttendee.id",
        lazy="selectin",
        cascade="all, delete-orphan",
    )

    __mapper_args__: dict[str, Any] = {"version_id_col": version}


class CeremonyAttendee(Base):
    """One person who comes; ``proxy_for`` names whom they stand in for, with a letter in files."""

    __tablename__ = "ceremony_attendees"
    __table_args__ = (
        CheckConstraint(
            "(arrived_at IS NULL) = (arrived_by_id IS NULL)", name="arrival_has_witness"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    guest_id: Mapped[int] = mapped_column(ForeignKey("ceremony_guests.id"), index=True)
    name: Mapped[str] = mapped_column(String(40))
    post: Mapped[str] = mapped_column(String(60), default="")
    is_signer: Mapped[bool] = mapped_column(default=False)
    seat: Mapped[str] = mapped_column(String(20), default="")
    proxy_for: Mapped[str] = mapped_column(String(40), default="")
    arrived_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    arrived_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    guest: Mapped[CeremonyGuest] = relationship(back_populates="attendees")


class CeremonyEntry(Base):
    """A claim that is to be signed at a ceremony.

    ``position``: its place in the order, within the list or an addendum; ``addendum``: 0 on the
    list that was locked, then 1, 2, ...; ``reason``: why it was dropped, or was not signed.
    """

    __tablename__ = "ceremony_entries"
    __table_args__ = (
        # One claim waits for its signature at one ceremony at a time.
        Index(
            "uq_ceremony_entries_listed",
            "claim_id",
            unique=True,
            sqlite_where=_LISTED,
            postgresql_where=_LISTED,
        ),
        Index(
            "uq_ceremony_entries_counts",
            "ceremony_id",
            "claim_id",
            unique=True,
            sqlite_where=_COUNTS,
            postgresql_where=_COUNTS,
        ),
        CheckConstraint(
            "(status = 'signed') = (commitment_id IS NOT NULL)", name="signed_has_commitment"
        ),
        CheckConstraint("addendum >= 0", name="addendum_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ceremony_id: Mapped[int] = mapped_column(ForeignKey("ceremonies.id"), index=True)
    claim_id: Mapped[int] = mapped_column(ForeignKey("claims.id"), index=True)
    position: Mapped[int]
    addendum: Mapped[int] = mapped_column(default=0)
    status: Mapped[EntryState] = mapped_column(words_of(EntryState))
    agreement_id: Mapped[int | None] = mapped_column(ForeignKey("agreements.id"))
    commitment_id: Mapped[int | None] = mapped_column(ForeignKey("commitments.id"))
    reason: Mapped[str] = mapped_column(Text, default="")
    listed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    ceremony: Mapped[Ceremony] = relationship()
    claim: Mapped[Claim] = relationship(lazy="joined")
    agreement: Mapped[Agreement | None] = relationship()
    commitment: Mapped[Commitment | None] = relationship()


class CeremonySnapshot(Base):
    """Who signs what, as it was locked; ``sha256`` is of the canonical JSON of ``content``.

    ``number``: 0 for the list, then one for each addendum; ``void_at``: the ceremony was
    postponed or cancelled after it was locked.
    """

    __tablename__ = "ceremony_snapshots"
    __table_args__ = (CheckConstraint("number >= 0", name="number_not_negative"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ceremony_id: Mapped[int] = mapped_column(ForeignKey("ceremonies.id"), index=True)
    number: Mapped[int]
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    sha256: Mapped[str] = mapped_column(String(64))
    locked_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    locked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    void_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class CeremonyStep(Base):
    """One step of the day. Steps are only ever added; ``seq`` counts 1, 2, ... without a gap.

    ``entry_ids``: of a call, those that come on the stage; ``undoes``: the step taken back.
    """

    __tablename__ = "ceremony_steps"
    __table_args__ = (
        UniqueConstraint("ceremony_id", "seq"),
        CheckConstraint("seq > 0", name="seq_positive"),
        CheckConstraint("(kind = 'undo') = (undoes IS NOT NULL)", name="undo_names_a_step"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ceremony_id: Mapped[int] = mapped_column(ForeignKey("ceremonies.id"), index=True)
    seq: Mapped[int]
    kind: Mapped[StepKind] = mapped_column(words_of(StepKind))
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("ceremony_entries.id"))
    entry_ids: Mapped[list[int]] = mapped_column(JSON)
    item_id: Mapped[int | None] = mapped_column(ForeignKey("ceremony_agenda.id"))
    undoes: Mapped[int | None]
    reason: Mapped[str] = mapped_column(Text, default="")
    actor_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    actor_label: Mapped[str] = mapped_column(String(120))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
