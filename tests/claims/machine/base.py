"""One step: try a verb, see what became of it, judge it."""

from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize
from sqlalchemy import Row

from matchplatform.access.actor import Actor
from matchplatform.accounts.models import User
from matchplatform.claims.queries import find_breaches as claim_breaches
from matchplatform.cli.checks import find_breaches as all_breaches
from matchplatform.files.queries import find_breaches as file_breaches
from matchplatform.files.storage import Storage
from matchplatform.kernel.clock import set_clock
from matchplatform.kernel.db import Base, db, reading
from matchplatform.kernel.errors import DomainError
from matchplatform.projects.queries import find_breaches as project_breaches
from tests.claims.machine.judge import judge_state, judge_step
from tests.claims.machine.model import day_of
from tests.claims.machine.seen import Seen, look, trail_after
from tests.claims.machine.world import KEPT, START, World
from tests.factories import actor_for

T = TypeVar("T")
M = TypeVar("M", bound=Base)
PICK = st.integers(0, 4095)
REASON = "情况有变化，这样办理更合适。"
# One try in so many is made without looking whether it can succeed.
RASH = 7
# From this step on things may be ended for good.
SETTLED = 15


@dataclass
class Tally:
    """How often each verb was done and refused, and by which errors; ``runs`` counts examples."""

    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)
    runs: int = 0
    steps: int = 0


class Steps(RuleBasedStateMachine):
    """What the rules stand on. ``world`` and ``tally`` are set by whoever runs the machine."""

    world: ClassVar[World]
    tally: ClassVar[Tally]

    # After how many steps `check` looks over claims and projects, beside our own judge.
    checks_every: ClassVar[int] = 1
    # Under what name the beginning of every run is kept, and when it is.
    kept: ClassVar[str] = KEPT
    starts: ClassVar[datetime] = START

    @initialize()
    def begin(self) -> None:
        """Begin with what was kept."""
        self.world.put_back(self.kept)
        self.now: datetime = self.starts
        self.steps = 0
        self.failed = False
        self.seen: Seen = look(self.now)
        self.tally.runs += 1

    @property
    def at_last(self) -> bool:
        """Tell whether it is time for what cannot be undone."""
        return self.steps >= SETTLED and self.steps % 10 == 5

    @classmethod
    def keep_opening(cls, name: str, opening: Callable[[Any], object]) -> None:
        """Do an opening once and let every run begin after it."""
        at = cls()
        at.begin()
        opening(at)
        with set_clock(at.now):
            assert at.world.work_off() == 0, "work of the outbox failed"
        at.teardown()
        at.world.keep(name)
        cls.kept, cls.starts = name, at.now

    @property
    def rash(self) -> bool:
        """Tell whether to try also what cannot succeed."""
        return self.steps % RASH == RASH - 1

    @property
    def now_and_then(self) -> bool:
        """Tell whether it is time for what happens beside claiming."""
        return self.steps % 3 == 1

    def attempt(
        self, name: str, verb: Callable[[], object], may: bool | None = None, *, counts: bool = True
    ) -> bool:
        """Do a verb in a transaction of its own, as a view does, and judge what came of it.

        ``may``: whether it must succeed; None where the model does not say.
        """
        self.steps += 1
        self.tally.steps += 1
        before = self.seen.at(self.now)
        self.failed = True
        done = True
        with set_clock(self.now):
            try:
                verb()
                db.session.commit()
            except DomainError as error:
                db.session.rollback()
                done = False
                self.tally.errors[f"{name}: {type(error).__name__}"] += 1
        db.session.remove()
        after = look(self.now)
        if not done:
            assert before.differences(after) == [], f"{name} was refused and changed something"
        assert may in (None, done), f"{name}: the model says {may}, it was {done}"
        if before.differences(after):
            judge_step(before, after, trail_after(before.head))
            judge_state(after)
            if self.steps % self.checks_every == 0:
                self._check()
        self.seen = after
        self.failed = False
        if counts:
            (self.tally.done if done else self.tally.refused)[name] += 1
        return done

    def _check(self) -> None:
        with reading(), set_clock(self.now):
            breaches = [*claim_breaches(), *project_breaches()]
            db.session.rollback()
        db.session.remove()
        assert not breaches, breaches

    def teardown(self) -> None:
        """Do the worker's work and run the whole of `matchplatform check`."""
        if getattr(self, "failed", True):
            db.session.remove()
            return
        with ExitStack() as stack:
            stack.callback(db.session.remove)
            stack.enter_context(set_clock(self.now))
            assert self.world.work_off() == 0, "work of the outbox failed"
            with reading():
                breaches = list(all_breaches(self.world.index))
                breaches += file_breaches(Storage(self.world.settings.files_path))
                db.session.rollback()
            assert not breaches, breaches

    def choose(self, pick: int, good: Iterable[T], every: Iterable[T] = ()) -> T | None:
        """Return one of ``good``; one time in eight, or where there is none, one of ``every``."""
        likely, known = list(good), list(every)
        pool = likely if likely and (pick % 8 or not known) else known
        return pool[pick // 8 % len(pool)] if pool else None

    def get(self, model: type[M], key: object) -> M:
        """Return a fresh object."""
        return db.session.get_one(model, key)

    def signers(self, organisation_id: int) -> list[int]:
        """List who signs for an organisation today."""
        return [row.user_id for row in self.live_members(organisation_id) if row.is_signer]

    def live_members(self, organisation_id: int) -> list[Row[Any]]:
        """List the memberships of an organisation that count today."""
        today = day_of(self.now)
        return [
            row
            for row in self.seen.memberships.values()
            if row.organisation_id == organisation_id
            and row.status == "approved"
            and (row.expires_on is None or row.expires_on >= today)
        ]

    def user(self, user_id: int) -> Actor:
        """Return the actor that a user is now."""
        return actor_for(self.get(User, user_id))

    def agent(self, organisation_id: int) -> Actor:
        """Return somebody who acts for an organisation; who did, where nobody does any more."""
        found = self.signers(organisation_id) or [
            user for key, user in self.seen.memberships if key == organisation_id
        ]
        return self.user(found[0])

    def stranger(self, organisation_id: int) -> Actor:
        """Return an agent who does not act for an organisation."""
        own = {row.user_id for row in self.live_members(organisation_id)}
        return self.user(next(user for _key, user in self.seen.memberships if user not in own))

    def officer(self, region: str) -> Actor:
        """Return an officer of a county, a city or a province."""
        return self.user(self.world.officers[region])

    def county(self, project_id: int) -> str:
        """Return the county of a project."""
        return str(self.seen.projects[project_id].region_code)
