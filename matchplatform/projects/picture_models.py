"""Tables of what is attached to a project: photographs and papers."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchplatform.files.models import StoredFile, StoredSize
from matchplatform.files.sizes import SizeName
from matchplatform.kernel.db import Base, UtcDateTime

_REMOVED = "(removed_at IS NULL) = (removed_reason = '')"


class ProjectPicture(Base):
    """A photograph of a project. ``doubt``: why it must not be shown; empty with ``consent``."""

    __tablename__ = "project_pictures"
    __table_args__ = (
        CheckConstraint(_REMOVED, name="removed_has_why"),
        CheckConstraint("consent = (doubt = '')", name="doubt_has_words"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id"), index=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_files.id"), unique=True)
    position: Mapped[int]
    alt_text: Mapped[str] = mapped_column(String(120))
    caption: Mapped[str] = mapped_column(String(200), default="")
    taken_by: Mapped[str] = mapped_column(String(60))
    taken_on: Mapped[date | None]
    consent: Mapped[bool]
    doubt: Mapped[str] = mapped_column(Text, default="")
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    removed_reason: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)

    file: Mapped[StoredFile] = relationship(lazy="joined")

    def size_of(self, name: SizeName) -> StoredSize:
        """Return one size of the photograph."""
        return next(size for size in self.file.sizes if size.name is name)

    @property
    def thumb(self) -> StoredSize:
        """Return the smallest size."""
        return self.size_of(SizeName.THUMB)

    @property
    def page(self) -> StoredSize:
        """Return the size of a page's width."""
        return self.size_of(SizeName.PAGE)

    @property
    def large(self) -> StoredSize:
        """Return the largest size."""
        return self.size_of(SizeName.LARGE)

    @property
    def choices(self) -> list[StoredSize]:
        """Return the sizes that differ, smallest first, for a browser to choose from."""
        by_width = {size.width: size for size in reversed(self.file.sizes)}
        return [by_width[width] for width in sorted(by_width)]


class ProjectPaper(Base):
    """A PDF of a project; one that is not public is for officers and whoever claims."""

    __tablename__ = "project_papers"
    __table_args__ = (CheckConstraint(_REMOVED, name="removed_has_why"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id"), index=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_files.id"), unique=True)
    position: Mapped[int]
    label: Mapped[str] = mapped_column(String(60))
    is_public: Mapped[bool]
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    removed_reason: Mapped[str] = mapped_column(Text, default="")

    file: Mapped[StoredFile] = relationship(lazy="joined")
