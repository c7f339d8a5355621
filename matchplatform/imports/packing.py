"""Problems and values as the database keeps them between preview and apply."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any, cast

from matchplatform.confined.troubles import Trouble
from matchplatform.kernel.i18n import LazyString
from matchplatform.sheets import Problem, Severity


def pack_problem(problem: Problem) -> dict[str, Any]:
    """Return a problem as JSON holds it."""
    return {
        "kind": str(problem.kind),
        "why": str(problem.why),
        "severity": str(problem.severity),
        "row": problem.row,
        "key": problem.key,
        "heading": str(problem.heading),
        "letter": problem.letter,
    }


def unpack_problem(kept: Mapping[str, Any]) -> Problem:
    """Return the problem that was packed."""
    fields = {**kept, "kind": Trouble(kept["kind"]), "severity": Severity(kept["severity"])}
    return Problem(**fields)


def pack(thing: Any) -> dict[str, Any]:
    """Return the fields of a frozen dataclass as JSON holds them."""
    return {name: _plain(value) for name, value in asdict(thing).items()}


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Decimal | LazyString):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    return value


def day(text: str | None) -> date | None:
    """Return the day that was packed."""
    return date.fromisoformat(text) if text else None


def sure_day(text: str) -> date:
    """Return the day that was packed and must be there."""
    return date.fromisoformat(text)


def decimal(text: str | None) -> Decimal | None:
    """Return the number that was packed."""
    return None if text is None else Decimal(text)


def sure(text: str) -> Decimal:
    """Return the number that was packed and must be there."""
    return cast(Decimal, decimal(text))
