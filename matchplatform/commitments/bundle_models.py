"""The table of bundles: many agreements as one archive, made by the worker."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from matchplatform.commitments.states import BUNDLES_AT_WORK, BundleState
from matchplatform.kernel import clock
from matchplatform.kernel.db import Base, UtcDateTime, words_of

KEEP = timedelta(days=7)


class AgreementBundle(Base):
    """An archive that somebody asked for.

    ``done`` of ``total`` agreements are in it; ``partial``: its file while it is being made;
    ``stored_name``: the whole archive; ``left_out``: agreements that could not go in, and why.
    """

    __tablename__ = "agreement_bundles"
    __table_args__ = (
        CheckConstraint("done >= 0 AND done <= total AND total > 0", name="done_in_bounds"),
        CheckConstraint("(status = 'ready') = (stored_name <> '')", name="ready_has_file"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    title: Mapped[str] = mapped_column(String(80))
    with_docx: Mapped[bool] = mapped_column(default=False)
    status: Mapped[BundleState] = mapped_column(words_of(BundleState), index=True)
    agreement_ids: Mapped[list[int]] = mapped_column(JSON)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int]
    left_out: Mapped[list[str]] = mapped_column(JSON)
    partial: Mapped[str] = mapped_column(String(40), default="")
    stored_name: Mapped[str] = mapped_column(String(32), default="")
    size: Mapped[int] = mapped_column(default=0)
    said: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__: dict[str, Any] = {"version_id_col": version}

    @property
    def is_at_work(self) -> bool:
        """Tell whether the worker has something to do with it."""
        return self.status in BUNDLES_AT_WORK

    @property
    def progress(self) -> int:
        """Return how far the worker has come, in percent."""
        return self.done * 100 // self.total

    @property
    def file_name(self) -> str:
        """Return what the archive is called, without its ending."""
        return "".join(sign for sign in self.title if sign not in '/\\:*?"<>|').strip(" .") or "-"

    @property
    def is_at_hand(self) -> bool:
        """Tell whether its archive can be had; after some days it is thrown away."""
        ended = self.ended_at
        return self.status is BundleState.READY and ended is not None and clock.now() < ended + KEEP
