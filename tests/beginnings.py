"""What many tests begin with is made once, and put back for the next that begins with the same."""

import sys
from collections import Counter
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from flask import Flask, current_app
from sqlalchemy import event
from sqlalchemy.engine import Engine

from matchplatform.kernel import clock
from matchplatform.kernel.db import Base, db
from tests.databases import Stage

T = TypeVar("T", bound=Base)
# To keep what was made costs about as much as making it twice.
WORTH_KEEPING = 3
# What every module of the site calls the memory of its own.
KEPT = "_kept"


@dataclass
class Beginnings:
    """The databases of one site that hold one thing each, by what was asked for."""

    app: Flask
    stage: Stage
    is_empty: bool = False
    asked: Counter[Hashable] = field(default_factory=Counter)
    kept: dict[Hashable, tuple[str, Any]] = field(default_factory=dict)

    def put_back(self, name: str) -> None:
        """Make the database of the site what it was when ``name`` was kept."""
        db.session.remove()
        db.engine.dispose()
        self.stage.put_back(name)
        forget()

    def keep(self, key: Hashable, identity: Any) -> None:
        """Keep what is in the database now."""
        name = f"beginning_{len(self.kept)}"
        db.session.remove()
        db.engine.dispose()
        self.stage.keep(name)
        self.kept[key] = name, identity


_current: list[Beginnings] = []


def forget() -> None:
    """Drop what the site keeps in memory of rows by their stamps: these rows had them before."""
    for name, module in list(sys.modules.items()):
        memory = getattr(module, KEPT, None) if name.startswith("matchplatform.") else None
        if isinstance(memory, list | dict):
            memory.clear()


def begin(beginnings: Beginnings) -> None:
    """Note that the database of the site is empty."""
    beginnings.is_empty = True
    _current[:] = [beginnings]


@event.listens_for(Engine, "commit")
def note_that_it_is_not_empty(_connection: object) -> None:
    """Whatever is made from now on does not stand alone in the database."""
    for beginnings in _current:
        beginnings.is_empty = False


def made_once(kind: type[T], key: Hashable, make: Callable[[], T]) -> T:
    """Return what ``make`` makes and commits: put back where it is the first of its test.

    The verbs that make it have run in this process, on this database, with the same arguments.
    """
    here = _current[0] if _current else None
    as_first = (
        here is not None
        and here.is_empty
        and current_app == here.app
        and not db.session().in_transaction()
        and clock._set_time.get() is None
    )
    if here is None or not as_first:
        return make()
    key = (key, clock.today())
    here.asked[key] += 1
    if key in here.kept:
        name, identity = here.kept[key]
        here.put_back(name)
        here.is_empty = False
        return db.session.get_one(kind, identity)
    made = make()
    if here.asked[key] < WORTH_KEEPING:
        return made
    identity = made.id  # type: ignore[attr-defined]
    here.keep(key, identity)
    return db.session.get_one(kind, identity)
