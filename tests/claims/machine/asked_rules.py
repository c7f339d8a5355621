"""What organisations wait for and ask for: waitlist, release requests, grants; and extra."""

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from sqlalchemy import Row

from matchplatform.claims import extra, grants, release, waitlist
from matchplatform.claims.asked import CapacityGrant, ReleaseRequest, WaitlistEntry
from matchplatform.claims.models import Claim
from matchplatform.organisations.models import Organisation
from matchplatform.projects.models import Project, ProjectLine
from tests.claims.machine.base import PICK, REASON, Steps
from tests.claims.machine.model import Sketch, accepts, hindered, lapsed_on, ripe, silent

PLACE = st.integers(0, 1)
LINE = st.integers(0, 2)


def _open(rows: dict[int, Row[Any]]) -> list[Row[Any]]:
    return [row for row in rows.values() if row.status == "open"]


class AskedRules(Steps):
    """What gathers around claims."""

    @precondition(lambda self: self.rash or any(row.held for row in self.seen.lines.values()))
    @rule(pick=PICK, place=PLACE, line=LINE, amount=st.integers(1, 6))
    def join_waitlist(self, pick: int, place: int, line: int, amount: int) -> None:
        """Wait for a line; more than is left of it where that is enough."""
        now = self.seen.at(self.now)
        project_id = list(now.projects)[place]
        sketch = Sketch(now, lapsed_on(now, project_id))
        lines = now.lines_of(project_id)
        row = self.choose(pick, [r for r in lines if sketch.left(r.id) < r.min_lot], [lines[line]])
        assert row is not None
        left = sketch.left(row.id)
        waits = {entry.organisation_id for entry in now.waiting() if entry.line_id == row.id}
        wanted = Decimal(amount)
        if pick % 8:
            wanted = max(wanted, row.min_lot, min(left + 1, row.quantity))
        able = [
            key
            for key in now.organisations
            if key not in waits
            and not hindered(now, key)
            and sketch.bears(key, project_id, sketch.value({row.id: wanted}))
        ]
        who = self.choose(pick, able, now.organisations)
        assert who is not None
        fits = wanted <= row.quantity + row.extra and (wanted >= row.min_lot or wanted == left)
        may = who in able and accepts(now, project_id) and fits and (wanted > left or bool(waits))
        self.attempt(
            "join_waitlist",
            lambda: waitlist.join_waitlist(
                actor=self.agent(who),
                organisation=self.get(Organisation, who),
                project=self.get(Project, project_id),
                quantities={row.id: wanted},
                confirmed=True,
            ),
            may,
        )

    @precondition(lambda self: bool(self.seen.waiting()))
    @rule(pick=PICK)
    def leave_waitlist(self, pick: int) -> None:
        """Give up a place."""
        row = self.choose(pick, self.seen.waiting(), self.seen.waits.values())
        assert row is not None
        self.attempt(
            "leave_waitlist",
            lambda: waitlist.leave_waitlist(
                actor=self.agent(row.organisation_id), entry=self.get(WaitlistEntry, row.id)
            ),
            row.status == "waiting",
        )

    @precondition(lambda self: self.seen.claims and (self.rash or self._silent_claims()))
    @rule(pick=PICK, asker=PICK)
    def ask_release(self, pick: int, asker: int) -> None:
        """Ask the county to free what a silent holder holds."""
        now = self.seen.at(self.now)
        claim = self.choose(pick, self._silent_claims(), now.claims.values())
        if claim is None:
            return
        able = [
            key
            for key in now.organisations
            if key != claim.organisation_id
            and not hindered(now, key)
            and not any(
                request.claim_id == claim.id
                and (request.status == "open" or request.organisation_id == key)
                for request in now.requests.values()
            )
        ]
        who = self.choose(asker, able, now.organisations)
        assert who is not None
        self.attempt(
            "ask_release",
            lambda: release.ask_release(
                actor=self.agent(who),
                organisation=self.get(Organisation, who),
                claim=self.get(Claim, claim.id),
                reason=REASON,
            ),
            who in able and silent(now, claim) and accepts(now, claim.project_id),
        )

    @precondition(lambda self: bool(_open(self.seen.requests)))
    @rule(pick=PICK)
    def answer_request(self, pick: int) -> None:
        """Answer for the holder."""
        now = self.seen.at(self.now)
        fresh = [row for row in _open(now.requests) if not ripe(now, row)]
        row = self.choose(pick, fresh, now.requests.values())
        assert row is not None
        holder = now.claims[row.claim_id].organisation_id
        self.attempt(
            "answer_request",
            lambda: release.answer_request(
                actor=self.agent(holder), request=self.get(ReleaseRequest, row.id),
                version=row.version, answer=REASON,
            ),
            row in fresh,
        )  # fmt: skip

    @precondition(lambda self: bool(_open(self.seen.requests)))
    @rule(pick=PICK)
    def refuse_request(self, pick: int) -> None:
        """Let the holder keep the claim."""
        now = self.seen.at(self.now)
        row = self.choose(pick, _open(now.requests), now.requests.values())
        assert row is not None
        county = self.county(now.claims[row.claim_id].project_id)
        self.attempt(
            "refuse_request",
            lambda: release.refuse_request(
                actor=self.officer(county), request=self.get(ReleaseRequest, row.id),
                version=row.version, reason=REASON,
            ),
            row.status == "open",
        )  # fmt: skip

    @precondition(lambda self: self.now_and_then)
    @rule(pick=PICK, place=PLACE, value=st.sampled_from([1700, 3200, 4500, 9000]))
    def ask_capacity(self, pick: int, place: int, value: int) -> None:
        """Ask to promise more than the budget."""
        now = self.seen.at(self.now)
        project_id = list(now.projects)[place]
        small = [key for key, row in now.organisations.items() if 0 < row.annual_budget < 5000]
        who = self.choose(pick, [key for key in small if not hindered(now, key)], now.organisations)
        assert who is not None
        self.attempt(
            "ask_capacity",
            lambda: grants.ask_capacity(
                actor=self.agent(who),
                organisation=self.get(Organisation, who),
                project=self.get(Project, project_id),
                value=Decimal(value),
                message=REASON,
            ),
        )

    @precondition(lambda self: bool(_open(self.seen.grants)))
    @rule(pick=PICK)
    def grant_capacity(self, pick: int) -> None:
        """Let an organisation promise what it asked for."""
        self._decide_grant("grant_capacity", pick, grants.grant_capacity)

    @precondition(lambda self: bool(_open(self.seen.grants)))
    @rule(pick=PICK)
    def refuse_capacity(self, pick: int) -> None:
        """Keep an organisation to its budget."""
        self._decide_grant("refuse_capacity", pick, grants.refuse_capacity)

    def _decide_grant(self, name: str, pick: int, verb: Callable[..., object]) -> None:
        row = self.choose(pick, _open(self.seen.grants), self.seen.grants.values())
        assert row is not None
        self.attempt(
            name,
            partial(self._decided, verb, row),
            row.status == "open",
        )

    def _decided(self, verb: Callable[..., object], row: Row[Any]) -> object:
        return verb(
            actor=self.officer(self.county(row.project_id)),
            grant=self.get(CapacityGrant, row.id),
            version=row.version,
            reason=REASON,
        )

    @rule(place=PLACE, line=LINE, more=st.integers(1, 11))
    def raise_extra(self, place: int, line: int, more: int) -> None:
        """Approve help beyond need."""
        row = self.seen.lines_of(list(self.seen.projects)[place])[line]
        self._approve("raise_extra", row, row.extra + more)

    @precondition(lambda self: any(line.extra for line in self.seen.lines.values()))
    @rule(pick=PICK, less=st.integers(1, 11))
    def shrink_line(self, pick: int, less: int) -> None:
        """Take approved help back, as far as nobody holds it."""
        over = [line for line in self.seen.lines.values() if line.extra]
        row = self.choose(pick, over)
        assert row is not None
        self._approve("shrink_line", row, row.extra - less if pick % 8 else Decimal(0))

    def _approve(self, name: str, row: Row[Any], to: Decimal) -> None:
        now = self.seen.at(self.now)
        in_bounds = 0 <= to <= row.quantity and row.held <= row.quantity + to
        done = self.attempt(
            name,
            lambda: extra.approve_extra(
                actor=self.officer(self.county(row.project_id)), line=self.get(ProjectLine, row.id),
                seen=row.extra, extra=to, reason=REASON,
            ),
            in_bounds and accepts(now, row.project_id),
        )  # fmt: skip
        assert not done or self.seen.lines[row.id].extra == to

    def _silent_claims(self) -> list[Row[Any]]:
        now = self.seen.at(self.now)
        return [claim for claim in now.claims.values() if silent(now, claim)]
