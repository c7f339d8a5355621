"""Tables around a project: changes in public and proposed, remarks at fields, forms kept as typed."""

from datetime import datetime
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

from matchplatform.kernel.db import Base, UtcDateTime, words_of
from matchplatform.projects.models import Project
from matchplatform.projects.states import ProposalState


class ProjectVersion(Base):
    """One change after publication: the fields that changed, before and after, by name.

    ``lines`` are lists of lines as they were; numbers and days are texts.
    """

    __tablename__ = "project_versions"
    __table_args__ = (UniqueConstraint("project_id", "serial"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id"))
    serial: Mapped[int]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_label: Mapped[str] = mapped_column(String(120))
    by_region: Mapped[str] = mapped_column(String(6))
    reason: Mapped[str] = mapped_column(Text)
    before: Mapped[dict[str, Any]] = mapped_column(JSON)
    after: Mapped[dict[str, Any]] = mapped_column(JSON)


class ChangeProposal(Base):
    """A change of a public project that its county wrote and whoever publishes is to decide.

    ``typed`` is the form as filled in; ``before`` and ``after`` are as in a ``ProjectVersion``,
    and say what it would have changed on the day of writing.
    """

    __tablename__ = "change_proposals"
    __table_args__ = (
        CheckConstraint("(state = 'open') = (decided_at IS NULL)", name="decided_has_when"),
        Index(
            "uq_change_proposals_open",
            "project_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id"), index=True)
    typed: Mapped[list[list[str]]] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(Text)
    before: Mapped[dict[str, Any]] = mapped_column(JSON)
    after: Mapped[dict[str, Any]] = mapped_column(JSON)
    by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    by_label: Mapped[str] = mapped_column(String(120))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[ProposalState] = mapped_column(words_of(ProposalState))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_label: Mapped[str] = mapped_column(String(120), default="")
    answer: Mapped[str] = mapped_column(Text, default="")

    project: Mapped[Project] = relationship()

    @property
    def is_open(self) -> bool:
        """Tell whether it still waits to be decided."""
        return self.state is ProposalState.OPEN


class FieldRemark(Base):
    """What the officer who returned a project said about one field; settled by the next word.

    ``field`` is a field's name, or ``lines:`` and the item of a line.
    """

    __tablename__ = "field_remarks"

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id"), index=True)
    field: Mapped[str] = mapped_column(String(80))
    words: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_label: Mapped[str] = mapped_column(String(120))
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class KeptForm(Base):
    """What somebody was typing, as typed; ``number`` is empty for a project yet to be begun."""

    __tablename__ = "kept_forms"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    number: Mapped[str] = mapped_column(String(20), primary_key=True)
    typed: Mapped[list[list[str]]] = mapped_column(JSON)
    kept_at: Mapped[datetime] = mapped_column(UtcDateTime)
