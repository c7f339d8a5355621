"""The table of uploads; the bytes lie in the storage under ``stored_name``."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchplatform.files.kinds import MediaType, Place, Purpose
from matchplatform.files.sizes import SizeName
from matchplatform.kernel.db import Base, UtcDateTime, words_of

_PRESENT = text("removed_at IS NULL")


class StoredFile(Base):
    """One upload: ``sha256`` is of the bytes kept, ``received_sha256`` of those that came."""

    __tablename__ = "stored_files"
    __table_args__ = (
        CheckConstraint("size > 0", name="size_positive"),
        Index(
            "uq_stored_files_present",
            "owner_type",
            "owner_id",
            "purpose",
            "received_sha256",
            unique=True,
            sqlite_where=_PRESENT,
            postgresql_where=_PRESENT,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_type: Mapped[str] = mapped_column(String(24))
    owner_id: Mapped[int]
    purpose: Mapped[Purpose] = mapped_column(words_of(Purpose))
    label: Mapped[str] = mapped_column(String(120))
    media_type: Mapped[MediaType] = mapped_column(words_of(MediaType))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    received_sha256: Mapped[str] = mapped_column(String(64))
    stored_name: Mapped[str] = mapped_column(String(32), unique=True)
    uploaded_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    sizes: Mapped[list["StoredSize"]] = relationship(
        back_populates="file", order_by="StoredSize.width"
    )

    @property
    def place(self) -> Place:
        """Return where the file belongs, as the rules of permission ask."""
        return Place(self.owner_type, self.owner_id, self.purpose)


class StoredSize(Base):
    """One size of a photograph. The largest lies where the file itself does."""

    __tablename__ = "stored_sizes"
    __table_args__ = (
        CheckConstraint("size > 0 AND width > 0 AND height > 0", name="measures_positive"),
    )

    file_id: Mapped[int] = mapped_column(ForeignKey("stored_files.id"), primary_key=True)
    name: Mapped[SizeName] = mapped_column(words_of(SizeName), primary_key=True)
    width: Mapped[int]
    height: Mapped[int]
    size: Mapped[int]
    stored_name: Mapped[str] = mapped_column(String(32), unique=True)

    file: Mapped[StoredFile] = relationship(back_populates="sizes")
