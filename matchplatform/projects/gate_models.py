"""Tables of the quality gate: what was found and answered, and which needs are one or two."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from matchplatform.kernel.db import Base, UtcDateTime, words_of
from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.quality.needs import Severity


class FindingState(StrEnum):
    """How far a finding is answered."""

    OPEN = "open"
    EXPLAINED = "explained"
    GONE = "gone"


class Verdict(StrEnum):
    """What an officer says of two needs that look alike."""

    SAME = "same"
    NOT_SAME = "not_same"


VERDICT_WORDS: dict[Verdict, Words] = {
    Verdict.SAME: _("是同一个"),
    Verdict.NOT_SAME: _("不是同一个"),
}


class ProjectFinding(Base):
    """A finding of the gate that is kept: the words as shown, and the reason that answers it.

    ``key`` names the rule, the place and the excerpt: another excerpt is another finding.
    ``version`` is the project's when it was found or answered; ``place`` a field path.
    """

    __tablename__ = "project_findings"
    __table_args__ = (
        UniqueConstraint("project_id", "key"),
        CheckConstraint("state <> 'explained' OR reason <> ''", name="explained_has_reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id"))
    key: Mapped[str] = mapped_column(String(64))
    version: Mapped[int]
    rule: Mapped[str] = mapped_column(String(30))
    place: Mapped[str] = mapped_column(String(40))
    severity: Mapped[Severity] = mapped_column(words_of(Severity))
    words: Mapped[str] = mapped_column(Text)
    state: Mapped[FindingState] = mapped_column(words_of(FindingState))
    reason: Mapped[str] = mapped_column(Text, default="")
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    by_label: Mapped[str] = mapped_column(String(120))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class ProjectPair(Base):
    """What was answered of two needs that look alike; ``low_id`` is the smaller of the two ids.

    Where they are the same, ``yields_id`` is the one that gives way to the other. ``alike``: how
    much they were so when it was answered, 0..100; grown much more alike, it is asked again.
    """

    __tablename__ = "project_pairs"
    __table_args__ = (
        UniqueConstraint("low_id", "high_id"),
        CheckConstraint("low_id < high_id", name="in_order"),
        CheckConstraint("(verdict = 'same') = (yields_id IS NOT NULL)", name="same_yields"),
        CheckConstraint("alike BETWEEN 0 AND 100", name="alike_in_hundredths"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    low_id: Mapped[int] = mapped_column(ForeignKey("projects.id"))
    high_id: Mapped[int] = mapped_column(ForeignKey("projects.id"), index=True)
    verdict: Mapped[Verdict] = mapped_column(words_of(Verdict))
    yields_id: Mapped[int | None] = mapped_column(ForeignKey("projects.id"))
    alike: Mapped[int]
    reason: Mapped[str] = mapped_column(Text)
    by_label: Mapped[str] = mapped_column(String(120))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__: dict[str, Any] = {"version_id_col": version}

    def other_than(self, project_id: int) -> int:
        """Return the id of the other one of the two."""
        return self.high_id if project_id == self.low_id else self.low_id
