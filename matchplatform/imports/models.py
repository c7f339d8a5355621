"""Tables of imports: one row a file, one a thing in it, and the keys that counties give things."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from matchplatform.imports.states import (
    AT_WORK,
    WORKFLOW,
    ImportAction,
    ImportKind,
    ImportState,
    RowState,
)
from matchplatform.kernel.db import Base, UtcDateTime, words_of
from matchplatform.regions.divisions import unit_of_prefix


class Import(Base):
    """One spreadsheet that an officer sent.

    ``office``: the officer's 2, 4 or 6 digits; ``total``: things found in it; ``looked`` and
    ``done`` of them are looked through and written so far; ``counts``: row state -> things;
    ``problems``: of the file as a whole; ``letters``: key -> column, as the file has them.
    """

    __tablename__ = "imports"
    __table_args__ = (
        CheckConstraint("looked >= 0 AND looked <= total", name="looked_in_bounds"),
        CheckConstraint("done >= 0 AND done <= total", name="done_in_bounds"),
        Index("ix_imports_office_created_at", "office", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[ImportKind] = mapped_column(words_of(ImportKind))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    user_label: Mapped[str] = mapped_column(String(120))
    office: Mapped[str] = mapped_column(String(6))
    status: Mapped[ImportState] = mapped_column(words_of(ImportState), index=True)
    label: Mapped[str] = mapped_column(String(120))
    stored_name: Mapped[str] = mapped_column(String(32), unique=True)
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    sheet: Mapped[str] = mapped_column(String(40), default="")
    encoding: Mapped[str] = mapped_column(String(20), default="")
    total: Mapped[int] = mapped_column(default=0)
    looked: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    counts: Mapped[dict[str, int]] = mapped_column(JSON)
    problems: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__: dict[str, Any] = {"version_id_col": version}

    @property
    def region_code(self) -> str:
        """Return the office as six digits, for the trail."""
        return self.office.ljust(6, "0")

    @property
    def unit(self) -> str:
        """Return the authority that imports."""
        return unit_of_prefix(self.office)

    @property
    def is_at_work(self) -> bool:
        """Tell whether the worker has something to do with it."""
        return self.status in AT_WORK

    @property
    def is_applying(self) -> bool:
        """Tell whether its rows are being written."""
        return self.status is ImportState.APPLYING

    @property
    def is_looked_through(self) -> bool:
        """Tell whether there is a preview or a result to show."""
        return self.looked == self.total > 0

    @property
    def progress(self) -> int:
        """Return how far the worker has come, in percent."""
        if not self.total:
            return 0
        if self.is_applying:
            return self.done * 100 // self.to_do if self.to_do else 100
        return self.looked * 100 // self.total

    @property
    def to_do(self) -> int:
        """Count the things that were, or are, to be written."""
        return sum(self.count(state) for state in RowState if state not in _LEFT)

    def count(self, state: str) -> int:
        """Count the things in one state."""
        return self.counts.get(state, 0)

    def allows(self, action: ImportAction) -> bool:
        """Tell whether its state allows this."""
        return WORKFLOW.allows(self.status, action)


_LEFT = (RowState.UNCHANGED, RowState.BAD)


class ImportRow(Base):
    """One thing in a file: a project with its lines, an organisation, the figures of a quarter.

    ``number``: its first row in the sheet; ``rows``: all of them; ``content``: what would be
    written; ``changes``: label, before, after; ``target``: what it would change, as of
    ``target_version``; ``said``: why it was not written after all.
    """

    __tablename__ = "import_rows"
    __table_args__ = (
        UniqueConstraint("import_id", "number"),
        Index("ix_import_rows_import_id_status_number", "import_id", "status", "number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("imports.id"))
    number: Mapped[int]
    rows: Mapped[list[int]] = mapped_column(JSON)
    title: Mapped[str] = mapped_column(String(200))
    status: Mapped[RowState] = mapped_column(words_of(RowState))
    problems: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    changes: Mapped[list[list[str]]] = mapped_column(JSON)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    target: Mapped[str] = mapped_column(String(60), default="")
    target_version: Mapped[int | None]
    url: Mapped[str] = mapped_column(String(120), default="")
    said: Mapped[str] = mapped_column(Text, default="")

    @property
    def last(self) -> int:
        """Return its last row in the sheet."""
        return max(self.rows)


class ImportKey(Base):
    """What an office calls a thing in its own files, so that a file comes twice and adds once."""

    __tablename__ = "import_keys"

    kind: Mapped[ImportKind] = mapped_column(words_of(ImportKind), primary_key=True)
    office: Mapped[str] = mapped_column(String(6), primary_key=True)
    key: Mapped[str] = mapped_column(String(60), primary_key=True)
    target: Mapped[str] = mapped_column(String(60))
