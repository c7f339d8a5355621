"""The table of poor people by county."""

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from matchplatform.kernel.db import Base


class PoorPeople(Base):
    """How many people of a county were not out of poverty, as published on one date."""

    __tablename__ = "poor_people"
    __table_args__ = (CheckConstraint("people >= 0", name="people_not_negative"),)

    region_code: Mapped[str] = mapped_column(String(6), primary_key=True)
    people: Mapped[int]
    as_of: Mapped[str] = mapped_column(String(20))
