"""The table of messages on a claim."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from matchplatform.kernel.db import Base, UtcDateTime

LONGEST_TEXT = 1000


class ClaimMessage(Base):
    """What one side of a claim wrote to the others; never edited and never deleted.

    ``organisation_id`` is the organisation that the author wrote for, None for the county's side;
    ``unit`` and ``author_label`` are the names of that day.
    """

    __tablename__ = "claim_messages"
    __table_args__ = (
        CheckConstraint(f"length(text) BETWEEN 1 AND {LONGEST_TEXT}", name="text_length"),
        Index("ix_claim_messages_claim", "claim_id", "id"),
        Index("ix_claim_messages_author", "author_id", "written_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    claim_id: Mapped[int] = mapped_column(ForeignKey("claims.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    author_label: Mapped[str] = mapped_column(String(120))
    unit: Mapped[str] = mapped_column(String(120))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    text: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)

    @property
    def is_of_county(self) -> bool:
        """Tell whether an officer wrote it."""
        return self.organisation_id is None
