"""A ceremony from its first plan to its locked list, put off, called off and put away."""

from collections.abc import Callable
from functools import partial
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from matchplatform.ceremonies import addenda, intake, locking, ordering, services
from matchplatform.ceremonies.models import Ceremony
from tests.ceremonies.machine.base import PICK, RASH, REASON, Steps
from tests.ceremonies.machine.model import BREAKABLE, OPEN, CeremonyModel, EntryModel
from tests.ceremonies.planning import details

MOST = 3
STALE = st.sampled_from([False] * 7 + [True])
LISTS = ("locked", "live", "closed", "tracking")


class PlanningRules(Steps):
    """Open, announce, list, order, lock, put off, call off."""

    @precondition(lambda self: len(self.model.ceremonies) < MOST)
    @rule(slots=st.integers(1, 3))
    def open(self, slots: int) -> None:
        """Begin to plan a ceremony."""

        def after(key: int) -> None:
            self.model.ceremonies[key] = CeremonyModel(key, slots=slots)

        self.attempt(
            "open",
            lambda: services.open_ceremony(
                actor=self.organiser, details=details(stage_slots=slots)
            ),
            True,
            after,
        )

    @precondition(lambda self: self.has("planning"))
    @rule(pick=PICK, stale=STALE)
    def open_intake(self, pick: int, stale: bool) -> None:
        """Announce a ceremony."""
        self._move("open_intake", pick, stale, ("planning",), "intake", services.open_intake)

    @precondition(lambda self: self.has(*OPEN))
    @rule(pick=PICK, which=PICK, many=st.integers(1, 4))
    def add(self, pick: int, which: int, many: int) -> None:
        """Put claims onto a list."""
        self._list("add", pick, which, many, OPEN, intake.add_claims)

    @precondition(lambda self: self.has(*LISTS))
    @rule(pick=PICK, which=PICK)
    def make_addendum(self, pick: int, which: int) -> None:
        """Put claims onto a further list."""
        self._list("make_addendum", pick, which, 2, LISTS, addenda.make_addendum)

    @precondition(lambda self: any(each.entries for each in self.model.ceremonies.values()))
    @rule(pick=PICK, which=PICK)
    def drop(self, pick: int, which: int) -> None:
        """Take a claim off a list."""
        every = [
            (ceremony, entry)
            for ceremony in self.model.ceremonies.values()
            for entry in ceremony.entries.values()
        ]
        found = self.choose(pick, [pair for pair in every if _may_drop(*pair)], every)
        if found is None:
            return
        ceremony, entry = found

        def after(_key: object) -> None:
            entry.status = "dropped"

        self.attempt(
            "drop",
            lambda: intake.drop_entry(
                actor=self.organiser, ceremony=self.row(ceremony), entry_id=entry.id, reason=REASON
            ),
            _may_drop(ceremony, entry),
            after,
        )

    @precondition(lambda self: any(len(each.main()) > 1 for each in self.model.ceremonies.values()))
    @rule(pick=PICK, by=st.integers(0, 3), stale=STALE)
    def order(self, pick: int, by: int, stale: bool) -> None:
        """Put a list into another order."""
        ceremony = self.ceremony_in(pick, *OPEN)
        assert ceremony is not None
        seen = [entry.id for entry in ceremony.main()]
        if pick % 2:
            return
        wanted = seen[by:] + seen[:by]

        def after(_key: object) -> None:
            ceremony.order = wanted

        self.attempt(
            "order",
            lambda: ordering.set_order(
                actor=self.organiser, ceremony=self.row(ceremony),
                seen=[*seen, 0] if stale else seen, order=wanted,
            ),
            ceremony.status in OPEN and not stale,
            after,
        )  # fmt: skip

    @precondition(lambda self: any(each.main() for each in self.model.ceremonies.values()))
    @rule(pick=PICK, stale=STALE)
    def lock(self, pick: int, stale: bool) -> None:
        """Lock a list."""
        ceremony = self.ceremony_in(pick, "intake")
        assert ceremony is not None
        main = ceremony.main()
        seen = [entry.id for entry in main]

        def after(_key: object) -> None:
            ceremony.status = "locked"
            self.model.freeze(main)

        ready = bool(main) and self.model.can_be_frozen(entry.claim for entry in main)
        self.attempt(
            "lock",
            lambda: self._lock(self.row(ceremony), seen, stale),
            ceremony.status == "intake" and ready and not stale,
            after,
        )

    @precondition(lambda self: self.has(*BREAKABLE))
    @rule(pick=PICK, cancel=st.booleans(), stale=STALE)
    def break_off(self, pick: int, cancel: bool, stale: bool) -> None:
        """Put a ceremony off, or call it off; the day itself more rarely."""
        ceremony = self.ceremony_in(pick, *BREAKABLE, *(["postponed"] if cancel else []))
        assert ceremony is not None
        if pick % 3 and ceremony.status != "postponed":
            return
        states = (*BREAKABLE, "postponed") if cancel else BREAKABLE

        def after(_key: object) -> None:
            ceremony.status = "cancelled" if cancel else "postponed"
            for entry in ceremony.listed():
                entry.status = "freed"

        verb = services.cancel_ceremony if cancel else services.postpone_ceremony
        self.attempt(
            "cancel" if cancel else "postpone",
            lambda: self._verb(partial(verb, reason=REASON), ceremony, stale),
            ceremony.status in states and not ceremony.signed() and not stale,
            after,
        )

    @precondition(lambda self: self.has("postponed"))
    @rule(pick=PICK, stale=STALE)
    def reschedule(self, pick: int, stale: bool) -> None:
        """Give a postponed ceremony another day."""
        ceremony = self.ceremony_in(pick, "postponed")
        slots = ceremony.slots if ceremony else 1
        self._move(
            "reschedule", pick, stale, ("postponed",), "intake",
            lambda **how: services.reschedule_ceremony(details=details(stage_slots=slots), **how),
        )  # fmt: skip

    @precondition(lambda self: self.has("closed"))
    @rule(pick=PICK, stale=STALE)
    def track(self, pick: int, stale: bool) -> None:
        """Follow what was signed."""
        self._move("track", pick, stale, ("closed",), "tracking", services.track_ceremony)

    @precondition(lambda self: self.has("tracking"))
    @rule(pick=PICK, stale=STALE)
    def archive(self, pick: int, stale: bool) -> None:
        """Put a ceremony away."""
        ceremony = self.ceremony_in(pick, "tracking")
        free = ceremony is not None and not ceremony.listed()
        self._move(
            "archive", pick, stale, ("tracking",) if free else (), "archived",
            services.archive_ceremony,
        )  # fmt: skip

    def _move(
        self, name: str, pick: int, stale: bool, states: tuple[str, ...], to: str,
        verb: Callable[..., Ceremony],
    ) -> None:  # fmt: skip
        ceremony = self.ceremony_in(pick, *(states or ("tracking",)))
        assert ceremony is not None

        def after(_key: object) -> None:
            ceremony.status = to

        self.attempt(
            name,
            lambda: self._verb(verb, ceremony, stale),
            ceremony.status in states and not stale,
            after,
        )

    def _verb(self, verb: Callable[..., object], ceremony: CeremonyModel, stale: bool) -> object:
        row = self.row(ceremony)
        return verb(actor=self.organiser, ceremony=row, version=row.version - stale)

    def _lock(self, row: Ceremony, seen: list[int], stale: bool) -> object:
        return locking.lock_list(
            actor=self.organiser, ceremony=row, version=row.version - stale, seen=seen
        )

    def _list(
        self, name: str, pick: int, which: int, many: int, states: tuple[str, ...],
        verb: Callable[..., Any],
    ) -> None:  # fmt: skip
        ceremony = self.ceremony_in(pick, *states)
        assert ceremony is not None
        claims = list(self.model.claims.values())
        able = [claim for claim in claims if self.model.can_be_listed(ceremony, claim)]
        asked = self.some(which, able if pick % 8 < RASH and able else claims, many)
        chosen = [claim for claim in asked if claim in able]
        further = ceremony.status in LISTS
        may = ceremony.status in states and bool(chosen)
        if further:
            may = may and self.model.can_be_frozen(chosen)

        def after(made: list[tuple[int, int]]) -> None:
            ceremony.numbers += further
            number = ceremony.numbers if further else 0
            assert [key for key, _entry in made] == sorted(claim.id for claim in chosen)
            entries = [EntryModel(key, self.model.claims[claim], number) for claim, key in made]
            ceremony.entries.update((entry.id, entry) for entry in entries)
            if further:
                self.model.freeze(entries)
            else:
                ceremony.order = [entry.id for entry in (*ceremony.main(), *entries)]

        self.attempt(
            name,
            lambda: verb(
                actor=self.organiser, ceremony=self.row(ceremony),
                claim_ids=[claim.id for claim in asked],
            ),
            may,
            after,
        )  # fmt: skip


def _may_drop(ceremony: CeremonyModel, entry: EntryModel) -> bool:
    return entry.status == "listed" and (ceremony.status in OPEN or entry.addendum > 0)
