"""The tables of notices, and of who wants them by mail."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchplatform.accounts.models import User
from matchplatform.kernel.db import Base, UtcDateTime, words_of
from matchplatform.notifications.kinds import MailMode, NoticeKind

LONGEST_ADDRESS = 254


class Notice(Base):
    """One notice to one person: a source string, what fills it, and where it leads."""

    __tablename__ = "notices"
    __table_args__ = (Index("ix_notices_user_read", "user_id", "read_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    outbox_id: Mapped[int]
    template: Mapped[str] = mapped_column(Text)
    params: Mapped[dict[str, Any]] = mapped_column(JSON)
    url: Mapped[str] = mapped_column(String(300))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class MailPreference(Base):
    """Where and when a person wants notices by mail; nothing goes out before the address is proved.

    ``asked_at`` is when the link that proves it was last asked for, ``asks`` how often that day;
    ``digested_until`` is the moment up to which notices were put into a daily letter.
    """

    __tablename__ = "mail_preferences"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    address: Mapped[str] = mapped_column(String(LONGEST_ADDRESS), default="")
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    asks: Mapped[int] = mapped_column(default=0)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    mode: Mapped[MailMode] = mapped_column(words_of(MailMode), default=MailMode.AT_ONCE)
    digested_until: Mapped[datetime] = mapped_column(UtcDateTime)

    user: Mapped[User] = relationship(lazy="joined")
    choices: Mapped[list["MailChoice"]] = relationship(
        lazy="selectin", cascade="all, delete-orphan", order_by="MailChoice.kind"
    )

    @property
    def is_ready(self) -> bool:
        """Tell whether letters may go there: a proved address of somebody who may sign in."""
        return bool(self.address and self.confirmed_at and self.user.is_active)

    @property
    def has_daily(self) -> bool:
        """Tell whether anything is wanted once a day."""
        return MailMode.DAILY in {self.mode, *(choice.mode for choice in self.choices)}

    def mode_of(self, kind: NoticeKind) -> MailMode:
        """Return when a notice of this kind goes out: its own choice, or the general one."""
        own = {choice.kind: choice.mode for choice in self.choices}
        return own.get(kind, self.mode)


class MailChoice(Base):
    """A kind of notice for which a person wants something else than in general."""

    __tablename__ = "mail_choices"

    user_id: Mapped[int] = mapped_column(ForeignKey("mail_preferences.user_id"), primary_key=True)
    kind: Mapped[NoticeKind] = mapped_column(words_of(NoticeKind), primary_key=True)
    mode: Mapped[MailMode] = mapped_column(words_of(MailMode))
