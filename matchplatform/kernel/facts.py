"""Facts about this site that are kept with its data, such as that it shows demo data."""

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from matchplatform.kernel.db import Base, db

DEMO = "demo"


class SiteFact(Base):
    """One fact by its name."""

    __tablename__ = "site_facts"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[str] = mapped_column(Text)


def find_fact(name: str) -> str | None:
    """Return a fact, or None where it was never set."""
    fact = db.session.get(SiteFact, name)
    return fact.value if fact else None


def set_fact(name: str, value: str) -> None:
    """Set a fact; it counts only if the transaction commits."""
    db.session.merge(SiteFact(name=name, value=value))
