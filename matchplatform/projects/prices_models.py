"""The table of usual prices that the province keeps."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, Date, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from matchplatform.kernel.db import Base, Money, UtcDateTime

LIVE = text("removed_at IS NULL")


class PriceTableRow(Base):
    """What a thing usually costs: from ``low`` to ``high`` yuan a unit, says ``source``.

    A removed row stays with its reason; of those that count there is one for item and unit.
    """

    __tablename__ = "price_rows"
    __table_args__ = (
        CheckConstraint("low > 0 AND high >= low", name="low_to_high"),
        CheckConstraint("removed_at IS NULL OR removed_why <> ''", name="removed_has_why"),
        Index(
            "uq_price_rows_live",
            "item",
            "unit",
            unique=True,
            sqlite_where=LIVE,
            postgresql_where=LIVE,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    item: Mapped[str] = mapped_column(String(60))
    unit: Mapped[str] = mapped_column(String(10))
    low: Mapped[Decimal] = mapped_column(Money)
    high: Mapped[Decimal] = mapped_column(Money)
    source: Mapped[str] = mapped_column(String(120))
    as_of: Mapped[date] = mapped_column(Date)
    by_label: Mapped[str] = mapped_column(String(120))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    removed_why: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__: dict[str, Any] = {"version_id_col": version}
