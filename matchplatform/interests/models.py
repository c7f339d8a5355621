"""Tables of favourites and saved searches; each row belongs to one person."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import JSON, BigInteger, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchplatform.kernel.db import Base, UtcDateTime
from matchplatform.projects.models import Project

LONGEST_NAME = 40
LONGEST_WORDS = 100


class Favourite(Base):
    """A project that somebody watches: it holds nothing and binds nobody."""

    __tablename__ = "favourites"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id"), primary_key=True, index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    project: Mapped[Project] = relationship()


class SavedSearch(Base):
    """Words and filters under a name. ``filters`` are values by facet, as the list's links say them.

    ``seen_seq`` is the link of the trail up to which new projects were looked at for it.
    """

    __tablename__ = "saved_searches"
    __table_args__ = (UniqueConstraint("user_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    words: Mapped[str] = mapped_column(String(LONGEST_WORDS))
    filters: Mapped[dict[str, list[str]]] = mapped_column(JSON)
    notify: Mapped[bool]
    seen_seq: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    def values(self, facet: str) -> Iterable[str]:
        """Return the values of one facet."""
        return self.filters.get(facet, [])
