"""The tables of people not out of poverty: figures by county and quarter, and what was published."""

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchplatform.kernel.db import Base, UtcDateTime
from matchplatform.regions.columns import CAUSES, TYPED


class PoorRelease(Base):
    """A quarter of a city as it was published; ``hidden`` are the columns whose total is kept back.

    A correction is another release of the same quarter: ``number`` counts them from 1.
    """

    __tablename__ = "poor_releases"
    __table_args__ = (
        UniqueConstraint("city_code", "quarter", "number"),
        CheckConstraint("number >= 1", name="number_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    city_code: Mapped[str] = mapped_column(String(6))
    quarter: Mapped[str] = mapped_column(String(6), index=True)
    number: Mapped[int]
    hidden: Mapped[list[str]] = mapped_column(JSON)
    released_at: Mapped[datetime] = mapped_column(UtcDateTime)
    released_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))


class PoorFigures(Base):
    """What a county counted in a quarter. Rows are never rewritten: a change is a new ``revision``.

    ``release`` is the first one that showed it, None while only officers see it; ``hidden`` are the
    columns that it keeps back.
    """

    __tablename__ = "poor_figures"
    __table_args__ = (
        UniqueConstraint("region_code", "quarter", "revision"),
        CheckConstraint("revision >= 1", name="revision_positive"),
        *(CheckConstraint(f"{name} >= 0", name=f"{name}_not_negative") for name in TYPED),
        CheckConstraint(f"{' + '.join(CAUSES)} = people", name="causes_add_up"),
        CheckConstraint("households <= people", name="households_within_people"),
        CheckConstraint("paired_households <= unable_households", name="paired_households_within"),
        CheckConstraint("paired_people <= unable_people", name="paired_people_within"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    region_code: Mapped[str] = mapped_column(String(6))
    quarter: Mapped[str] = mapped_column(String(6), index=True)
    revision: Mapped[int]
    as_of: Mapped[date] = mapped_column(Date)
    source: Mapped[str] = mapped_column(String(120))
    reason: Mapped[str] = mapped_column(Text, default="")
    people: Mapped[int]
    households: Mapped[int]
    cause_ill: Mapped[int]
    cause_disabled: Mapped[int]
    cause_schooling: Mapped[int]
    cause_labour: Mapped[int]
    cause_skills: Mapped[int]
    cause_disaster: Mapped[int]
    cause_other: Mapped[int]
    need_education: Mapped[int]
    need_health: Mapped[int]
    need_housing: Mapped[int]
    need_water: Mapped[int]
    need_industry: Mapped[int]
    need_employment: Mapped[int]
    need_care: Mapped[int]
    watched_unstable: Mapped[int]
    watched_marginal: Mapped[int]
    unable_households: Mapped[int]
    unable_people: Mapped[int]
    paired_households: Mapped[int]
    paired_people: Mapped[int]
    hidden: Mapped[list[str]] = mapped_column(JSON)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    recorded_by_label: Mapped[str] = mapped_column(String(120))
    release_id: Mapped[int | None] = mapped_column(ForeignKey("poor_releases.id"), index=True)

    release: Mapped[PoorRelease | None] = relationship()

    @property
    def counts(self) -> Mapping[str, int]:
        """Return every column with its true number."""
        typed = {name: int(getattr(self, name)) for name in TYPED}
        return {
            **typed,
            "waiting_households": self.unable_households - self.paired_households,
            "waiting_people": self.unable_people - self.paired_people,
        }

    @property
    def shown(self) -> Mapping[str, int | None]:
        """Return every column as the public reads it; None is kept back."""
        kept = set(self.hidden)
        return {name: None if name in kept else count for name, count in self.counts.items()}

    @property
    def is_public(self) -> bool:
        """Tell whether it was published."""
        return self.release_id is not None
