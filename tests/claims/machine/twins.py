"""Verbs broken on purpose, each in one way: what the machine must be able to catch."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from matchplatform.access.actor import Actor
from matchplatform.claims import joint, release, services, waitlist
from matchplatform.claims.asked import WaitlistEntry
from matchplatform.claims.holds import record_claim
from matchplatform.claims.models import Claim
from matchplatform.claims.waiting import list_waiting_on
from matchplatform.organisations import rulings
from tests.claims.machine import openings
from tests.claims.machine.openings import Opening


def _nothing(*_given: object, **_named: object) -> None:
    """Forget to do it."""


def _record_all_but_releases(actor: Actor, action: str, claim: Claim, reason: str = "") -> None:
    if action != "claim.release":
        record_claim(actor, action, claim, reason)


def _last_come_first(line_id: int) -> list[WaitlistEntry]:
    return list_waiting_on(line_id)[::-1]


@dataclass(frozen=True)
class Twin:
    """What is broken: where, by which name, with what instead; where it is met, and what is said."""

    module: ModuleType
    name: str
    instead: Any
    opening: Opening
    says: str


TWINS = {
    "withdrawing frees nothing": Twin(services, "free", _nothing, openings.crowded, "holds 5.000"),
    "a release leaves no trace": Twin(
        release, "record_claim", _record_all_but_releases, openings.silent, "the trail leads to"
    ),
    "who came last is promoted first": Twin(
        waitlist, "list_waiting_on", _last_come_first, openings.crowded, "promoted: "
    ),
    "a joint claim need not be confirmed": Twin(
        services, "check_all_in", _nothing, openings.together, "submit: the model says False"
    ),
    "a share that is given back is still held": Twin(
        joint, "give", _nothing, openings.apart, "holds 5.000"
    ),
    "a suspension follows nobody": Twin(
        rulings, "_followers", (), openings.troubled, "is suspended and holds a reservation"
    ),
    "a budget bears everything": Twin(
        services, "check_capacity", _nothing, openings.over, "reserve: the model says False"
    ),
}


@contextmanager
def broken(twin: Twin) -> Iterator[None]:
    """Break a verb while the block runs."""
    whole = getattr(twin.module, twin.name)
    setattr(twin.module, twin.name, twin.instead)
    try:
        yield
    finally:
        setattr(twin.module, twin.name, whole)
