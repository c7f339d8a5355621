"""The table of invitations to claim."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchplatform.invitations.states import InvitationState
from matchplatform.kernel import clock
from matchplatform.kernel.db import Base, UtcDateTime, words_of
from matchplatform.offers.models import SupplyOffer
from matchplatform.organisations.models import Organisation
from matchplatform.projects.models import Project, ProjectLine
from matchplatform.regions.divisions import unit_of_prefix

LONGEST_WORDS = 300
_SENT = text("status = 'sent'")


class ProjectInvitation(Base):
    """Officers ask an organisation to claim a project, or a line of it; nothing is held by it.

    ``invited_from`` is the region of the officer who asked, two to six digits; ``reasons`` are
    those that stood beside the organisation at the time; ``answer_by`` is 24:00 Shanghai time.
    """

    __tablename__ = "project_invitations"
    __table_args__ = (
        CheckConstraint(
            "(status IN ('interested', 'declined')) = (answered_at IS NOT NULL)"
            " OR status = 'withdrawn'",
            name="answered_has_time",
        ),
        CheckConstraint(
            "(status IN ('withdrawn', 'lapsed')) = (ended_at IS NOT NULL)", name="ended_has_time"
        ),
        Index(
            "uq_project_invitations_sent",
            "project_id",
            "organisation_id",
            unique=True,
            sqlite_where=_SENT,
            postgresql_where=_SENT,
        ),
        Index("ix_project_invitations_status_answer_by", "status", "answer_by"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    line_id: Mapped[int | None] = mapped_column(ForeignKey("project_lines.id"))
    offer_id: Mapped[int | None] = mapped_column(ForeignKey("supply_offers.id"), index=True)
    invited_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    invited_by_label: Mapped[str] = mapped_column(String(120))
    invited_from: Mapped[str] = mapped_column(String(6))
    words: Mapped[str] = mapped_column(Text)
    reasons: Mapped[list[str]] = mapped_column(JSON)
    status: Mapped[InvitationState] = mapped_column(words_of(InvitationState))
    answer: Mapped[str] = mapped_column(Text, default="")
    ended_reason: Mapped[str] = mapped_column(Text, default="")
    invited_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answer_by: Mapped[datetime] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    project: Mapped[Project] = relationship(lazy="joined")
    organisation: Mapped[Organisation] = relationship(lazy="joined")
    line: Mapped[ProjectLine | None] = relationship(lazy="joined")
    offer: Mapped[SupplyOffer | None] = relationship()

    __mapper_args__: dict[str, Any] = {"version_id_col": version}

    @property
    def region_code(self) -> str:
        """Return the county of the project, for the policy."""
        return self.project.region_code

    @property
    def has_lapsed(self) -> bool:
        """Tell whether the days for an answer have passed without one."""
        return self.status is InvitationState.SENT and self.answer_by <= clock.now()

    @property
    def standing(self) -> InvitationState:
        """Return the state as of now: one without an answer lapses by itself."""
        return InvitationState.LAPSED if self.has_lapsed else self.status

    @property
    def is_waiting(self) -> bool:
        """Tell whether it can still be answered."""
        return self.standing is InvitationState.SENT

    @property
    def last_day(self) -> date:
        """Return the last day for an answer, in Shanghai."""
        return (self.answer_by.astimezone(clock.SHANGHAI) - clock.A_MOMENT).date()

    @property
    def inviting_unit(self) -> str:
        """Return the civil affairs authority that asked."""
        return unit_of_prefix(self.invited_from)
