"""The clock, the worker's rounds, and what cities do with projects."""

import threading
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from functools import partial

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from matchplatform.claims.holds import expire_lapsed
from matchplatform.claims.joint import free_lapsed_offers
from matchplatform.claims.waitlist import drop_hopeless, promote_waiting
from matchplatform.cli.worker import Worker
from matchplatform.projects import services
from matchplatform.projects.models import Project
from matchplatform.projects.states import CloseOutcome
from tests.claims.machine.asked_rules import PLACE
from tests.claims.machine.base import PICK, REASON
from tests.claims.machine.claim_rules import ClaimRules
from tests.claims.machine.model import ACTIVE, OPEN, UNDECIDED, Sketch, day_of, hindered, lapsed
from tests.claims.machine.world import LINES
from tests.factories import DETAILS

# A day, the holder's seven, a waiter's turn, the ten, a reservation's fourteen, the sixty.
DAYS = st.sampled_from([1, 1, 2, 4, 6, 8, 11, 15, 15, 61])


class SiteRules(ClaimRules):
    """What happens by itself, and to projects."""

    @rule(days=DAYS)
    def wait(self, days: int) -> None:
        """Let days pass."""
        before = self.seen.at(self.now)
        self.now += timedelta(days=days)
        self.steps += 1
        self.tally.done["wait"] += 1
        after = self.seen.at(self.now)
        keys = [key for key in after.organisations if not hindered(before, key)]
        self.tally.done["wait: a certificate ran out"] += sum(hindered(after, key) for key in keys)

    @precondition(lambda self: self.rash or self.due_to_expire())
    @rule()
    def expire(self) -> None:
        """Let the worker expire what has run out: all of it and nothing else."""
        due = self.due_to_expire()
        self.attempt("expire", expire_lapsed, True, counts=bool(due))
        assert {key for key in due if self.seen.claims[key].status == "expired"} == due

    @precondition(lambda self: self.rash or self.due_to_free())
    @rule()
    def free_offers(self) -> None:
        """Let the worker free the shares that nobody took in time."""
        before, due = self.seen.shares, self.due_to_free()
        self.attempt("free_offers", free_lapsed_offers, True, counts=bool(due))
        assert {key for key in before if key not in self.seen.shares} == due

    @precondition(lambda self: self.rash or self.due_to_drop())
    @rule()
    def drop(self) -> None:
        """Let the worker end the waiting that is in vain."""
        before, due = self.seen.waits, self.due_to_drop()
        self.attempt("drop", drop_hopeless, True, counts=bool(due))
        fresh = {key for key, row in before.items() if row.status != self.seen.waits[key].status}
        assert fresh == due

    @precondition(lambda self: self.rash or any(self.turns().values()))
    @rule()
    def promote(self) -> None:
        """Let the worker give those who wait their turn, in order."""
        before, turns = self.seen.claims, self.turns()
        self.attempt("promote", promote_waiting, True, counts=any(turns.values()))
        for key, wanted in turns.items():
            made = {
                claim.organisation_id: self.seen.parts[claim.id]
                for claim in self.seen.claims.values()
                if claim.id not in before and claim.project_id == key
            }
            assert made == wanted, f"promoted: {made}, the model says {wanted}"

    def is_due(self) -> bool:
        """Tell whether the worker has anything to do about claims."""
        due = self.due_to_expire() or self.due_to_free() or self.due_to_drop()
        return bool(due) or any(self.turns().values())

    def due_to_expire(self) -> set[int]:
        """Return the reservations that have run out."""
        now = self.seen.at(self.now)
        return {key for key, claim in now.claims.items() if lapsed(now, claim)}

    def due_to_free(self) -> set[int]:
        """Return the members whose shares nobody took in time."""
        return {
            member.id
            for member in self.seen.members.values()
            if member.status not in ACTIVE
            and member.offered_until <= self.now
            and self.seen.shares.get(member.id)
            and self.seen.claims[member.claim_id].status in OPEN
        }

    def due_to_drop(self) -> set[int]:
        """Return the places on lists of projects that take no more claims."""
        seen = self.seen
        return {
            entry.id
            for entry in seen.waiting()
            for project in [seen.projects[seen.lines[entry.line_id].project_id]]
            if project.status == "closed" or project.claim_deadline < day_of(self.now)
        }

    def turns(self) -> dict[int, dict[int, dict[int, Decimal]]]:
        """Return whose turn it is for what, by project, organisation and line."""
        sketch = Sketch(self.seen.at(self.now))
        return {key: sketch.promote(key) for key in self.seen.projects}

    @precondition(lambda self: self.rash or self.is_due())
    @rule()
    def worker_round(self) -> None:
        """Let the worker do its whole round; then nothing is left for it to do."""
        self.attempt("worker_round", self._round, True)
        assert not (self.due_to_expire())
        assert not (self.due_to_free())
        assert not (self.due_to_drop())
        assert not any(self.turns().values())

    def _round(self) -> None:
        worker = Worker(self.world.settings, threading.Event())
        worker.do_round(self.world.index)

    @precondition(lambda self: self.rash or not self.some_project("suspended"))
    @rule(place=PLACE, province=st.booleans())
    def suspend_project(self, place: int, province: bool) -> None:
        """Stop new claims for a while."""
        verb = partial(services.suspend_project, reason=REASON)
        self._project("suspend_project", place, province, ("published",), verb)

    @precondition(lambda self: self.some_project("suspended"))
    @rule(pick=PICK, province=st.booleans())
    def resume_project(self, pick: int, province: bool) -> None:
        """Open a project to claims again."""
        found = [row.status == "suspended" for row in self.seen.projects.values()]
        place = self.choose(pick, [at for at in (0, 1) if found[at]], (0, 1))
        assert place is not None
        self._project("resume_project", place, province, ("suspended",), services.resume_project)

    @precondition(lambda self: self.at_last and not self.some_project("closed"))
    @rule(place=PLACE, province=st.booleans())
    def close_project(self, place: int, province: bool) -> None:
        """Close a project, once no claim on it is undecided."""
        now = self.seen.at(self.now)
        key = list(now.projects)[place]
        waits = any(
            claim.project_id == key and claim.status in UNDECIDED and not lapsed(now, claim)
            for claim in now.claims.values()
        )
        verb = partial(services.close_project, outcome=CloseOutcome.MET, reason=REASON)
        self._project(
            "close_project", place, province, () if waits else ("published", "suspended"), verb
        )

    @precondition(lambda self: self.rash)
    @rule(place=PLACE)
    def edit_published(self, place: int) -> None:
        """Try to write on a project that is public, which nobody may."""
        key = list(self.seen.projects)[place]
        version = self.seen.projects[key].version
        self.attempt(
            "edit_published",
            lambda: services.edit_project(
                actor=self.officer(self.county(key)),
                project=self.get(Project, key),
                version=version,
                details=DETAILS,
                lines=LINES[place][:1],
            ),
            False,
        )

    def some_project(self, status: str) -> bool:
        """Tell whether a project stands so."""
        return any(row.status == status for row in self.seen.projects.values())

    def _project(
        self, name: str, place: int, province: bool, states: tuple[str, ...],
        verb: Callable[..., object],
    ) -> None:  # fmt: skip
        row = list(self.seen.projects.values())[place]
        officer = "13" if province else row.region_code[:4]
        self.attempt(
            name,
            lambda: verb(
                actor=self.officer(officer), project=self.get(Project, row.id), version=row.version
            ),
            row.status in states,
        )
