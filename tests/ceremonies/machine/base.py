"""One step: try a verb, see what became of it, judge it."""

from collections import Counter
from collections.abc import Callable, Iterable
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize
from sqlalchemy import select

from matchplatform.access.actor import Actor
from matchplatform.accounts.models import User
from matchplatform.audit.queries import find_breaches as audit_breaches
from matchplatform.ceremonies.models import Ceremony, CeremonyEntry
from matchplatform.claims.models import Claim
from matchplatform.kernel.clock import set_clock
from matchplatform.kernel.db import Base, db, reading
from matchplatform.kernel.errors import DomainError
from tests.ceremonies.machine.model import CeremonyModel, ClaimModel, EntryModel, Model
from tests.ceremonies.machine.seen import Seen, check, judge, look
from tests.ceremonies.machine.world import KEPT, READY, START, World
from tests.factories import actor_for

T = TypeVar("T")
M = TypeVar("M", bound=Base)
PICK = st.integers(0, 4095)
# Of eight picks the last is made without looking whether the verb can succeed.
RASH = 7
REASON = "情况有变化，这样办理更合适。"


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
    # After how many steps `check` looks over everything, beside our own judge.
    checks_every: ClassVar[int] = 1
    # Under what name the beginning of every run is kept, when it is, and what the model was.
    kept: ClassVar[str] = KEPT
    starts: ClassVar[datetime] = START
    first: ClassVar[Model | None] = None

    @initialize()
    def begin(self) -> None:
        """Begin with what was kept."""
        self.world.put_back(self.kept)
        self.now: datetime = self.starts
        self.failed = False
        self.tally.runs += 1
        with reading():
            self.model = deepcopy(self.first) if self.first else self._first_model()
            self.at: tuple[int, Seen] = look()
            db.session.rollback()
        db.session.remove()

    @classmethod
    def keep_opening(cls, name: str, opening: Callable[[Any], object]) -> None:
        """Do an opening once and let every run begin after it."""
        at = cls()
        at.begin()
        opening(at)
        at.teardown()
        at.world.keep(name)
        cls.kept, cls.starts, cls.first = name, at.now, at.model

    def _first_model(self) -> Model:
        model = Model()
        for claim in db.session.scalars(select(Claim).order_by(Claim.id)).unique():
            since = claim.decided_at or claim.submitted_at
            assert since is not None
            is_ready = self.world.claims[claim.id] == READY
            model.claims[claim.id] = ClaimModel(
                claim.id, claim.organisation_id, str(claim.status), since,
                "confirmed" if is_ready else "", int(is_ready), int(is_ready),
            )  # fmt: skip
        return model

    def attempt(
        self, name: str, verb: Callable[[], Any], may: bool, after: Callable[[Any], None]
    ) -> bool:
        """Do a verb in a transaction of its own, as a view does, and judge what came of it.

        ``may``: whether it must succeed; ``after``: the same done to the model, with ids instead.
        """
        self.tally.steps += 1
        self.failed = True
        done, kept = True, None
        with set_clock(self.now):
            try:
                kept = _plain(verb())
                db.session.commit()
            except DomainError as error:
                db.session.rollback()
                done = False
                self.tally.errors[f"{name}: {type(error).__name__}"] += 1
            db.session.remove()
            assert may is done, f"{name}: the model says {may}, it was {done}"
            with reading():
                here = look()
                if not done:
                    assert here == self.at, f"{name} was refused and changed something"
                else:
                    after(kept)
                    judge(self.model, here[1])
                    if self.tally.steps % self.checks_every == 0:
                        check()
                db.session.rollback()
            db.session.remove()
        self.at = here
        self.failed = False
        (self.tally.done if done else self.tally.refused)[name] += 1
        return done

    def teardown(self) -> None:
        """Look over everything, the trail too."""
        if getattr(self, "failed", True):
            db.session.remove()
            return
        with reading():
            check()
            breaches = list(audit_breaches())
            db.session.rollback()
        db.session.remove()
        assert not breaches, breaches

    def choose(self, pick: int, good: Iterable[T], every: Iterable[T] = ()) -> T | None:
        """Return one of ``good``; one time in eight, or where there is none, one of ``every``."""
        likely, known = list(good), list(every)
        pool = likely if likely and (pick % 8 < RASH or not known) else known
        return pool[pick // 8 % len(pool)] if pool else None

    def some(self, pick: int, good: Iterable[T], most: int) -> list[T]:
        """Return up to ``most`` of ``good``, from a place on."""
        known = list(good)
        at = pick // 8 % len(known) if known else 0
        return (known[at:] + known[:at])[: 1 + pick % most]

    def ceremony_in(self, pick: int, *states: str) -> CeremonyModel | None:
        """Return a ceremony that stands so, or now and then any."""
        every = list(self.model.ceremonies.values())
        return self.choose(pick, [each for each in every if each.status in states], every)

    def has(self, *states: str) -> bool:
        """Tell whether a ceremony stands so."""
        return any(each.status in states for each in self.model.ceremonies.values())

    def get(self, model: type[M], key: object) -> M:
        """Return a fresh object."""
        return db.session.get_one(model, key)

    def row(self, ceremony: CeremonyModel) -> Ceremony:
        """Return a ceremony itself."""
        return self.get(Ceremony, ceremony.id)

    def entry(self, entry: EntryModel) -> CeremonyEntry:
        """Return an entry itself."""
        return self.get(CeremonyEntry, entry.id)

    def user(self, user_id: int) -> Actor:
        """Return the actor that a user is now."""
        return actor_for(self.get(User, user_id))

    @property
    def organiser(self) -> Actor:
        """Return the organiser."""
        return self.user(self.world.organiser)


def _plain(result: Any) -> Any:
    """Return the ids of what a verb returned, which is gone after the commit."""
    db.session.flush()
    entries = getattr(result, "entries", None)
    if entries is not None:
        return [(entry.claim_id, entry.id) for entry in entries]
    return getattr(result, "id", None)
