"""Who may see and change the files of a thing: each feature answers for its own kind of thing."""

from collections.abc import Callable
from dataclasses import dataclass

from matchplatform.access.actor import Actor
from matchplatform.files.kinds import Place

Question = Callable[[Actor, Place], bool]


@dataclass(frozen=True)
class OwnerRule:
    """Two questions about the actor and the place of a file."""

    may_read: Question
    may_change: Question


_rules: dict[str, OwnerRule] = {}


def register_owner(owner_type: str, *, may_read: Question, may_change: Question) -> None:
    """Say who may read, and who may add and remove, the files of a kind of thing."""
    _rules[owner_type] = OwnerRule(may_read, may_change)


def may_read(actor: Actor, place: Place) -> bool:
    """Tell whether the actor may read the files there; nobody may where nobody answers for it."""
    rule = _rules.get(place.owner_type)
    return rule is not None and rule.may_read(actor, place)


def may_change(actor: Actor, place: Place) -> bool:
    """Tell whether the actor may add and remove files there."""
    rule = _rules.get(place.owner_type)
    return rule is not None and rule.may_change(actor, place)
