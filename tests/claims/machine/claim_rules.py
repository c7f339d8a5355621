"""Claims from reserve to release, with all that a holder and a county can do."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from sqlalchemy import Row

from matchplatform.access.actor import Actor
from matchplatform.claims import release, services
from matchplatform.claims.models import Claim
from matchplatform.kernel import clock
from matchplatform.organisations.models import Organisation
from matchplatform.projects.models import Project
from tests.claims.machine.base import PICK, REASON, Steps
from tests.claims.machine.model import (
    OPEN,
    Sketch,
    accepts,
    all_in,
    day_of,
    lapsed,
    lapsed_on,
    open_request,
    ripe,
    silent,
)
from tests.claims.machine.seen import Seen

May = Callable[[Seen, Row[Any]], bool]
# Half of the quantities on offer by line of the project; None: whatever is left of it.
AMOUNTS = st.dictionaries(st.integers(0, 2), st.none() | st.integers(1, 10), min_size=1, max_size=2)
MISCHIEF = st.sampled_from(["", "", "", "", "", "", "", "stale", "stranger"])


def may_extend(seen: Seen, claim: Row[Any]) -> bool:
    """Tell whether a reservation can be extended."""
    fresh = not claim.extended and not claim.promoted
    return claim.status == "reserved" and fresh and not lapsed(seen, claim)


def may_submit(seen: Seen, claim: Row[Any]) -> bool:
    """Tell whether a reservation can be handed to the county."""
    closed = seen.projects[claim.project_id].status == "closed"
    current = claim.status == "reserved" and not lapsed(seen, claim)
    return current and not closed and all_in(seen, claim)


def may_accept(seen: Seen, claim: Row[Any]) -> bool:
    """Tell whether the county can accept."""
    return claim.status == "submitted" and all_in(seen, claim)


def may_decline(seen: Seen, claim: Row[Any]) -> bool:
    """Tell whether the county can decline."""
    return bool(claim.status == "submitted")


def may_withdraw(seen: Seen, claim: Row[Any]) -> bool:
    """Tell whether the holder can withdraw."""
    return claim.status in OPEN and not lapsed(seen, claim)


def may_release(seen: Seen, claim: Row[Any]) -> bool:
    """Tell whether the county can free what a silent holder holds."""
    request = open_request(seen, claim.id)
    return silent(seen, claim) and (request is None or ripe(seen, request))


class ClaimRules(Steps):
    """Reserve, extend, submit, accept, decline, withdraw, release."""

    @rule(pick=PICK, place=st.integers(0, 1), amounts=AMOUNTS, mischief=MISCHIEF)
    def reserve(self, pick: int, place: int, amounts: dict[int, int | None], mischief: str) -> None:
        """Reserve what an organisation wants of one project, a last lot or more than there is."""
        now = self.seen.at(self.now)
        ids = list(now.projects)
        project_id = self.choose(pick, [key for key in ids if accepts(now, key)], ids)
        assert project_id is not None
        project_id = ids[place] if accepts(now, ids[place]) else project_id
        freed = Sketch(now, lapsed_on(now, project_id))
        wanted = self.quantities(project_id, amounts, freed, fits=bool(pick % 8))
        able = [
            key
            for key in now.organisations
            if Sketch(now, lapsed_on(now, project_id)).takes(key, project_id, wanted)
        ]
        granted = {
            row.organisation_id for row in now.grants.values() if row.status == "granted"
        } & set(able)
        who = self.choose(
            pick, sorted(granted) if granted and pick % 3 == 0 else able, now.organisations
        )
        assert who is not None
        promoted = freed.promote(project_id, before=who)
        may = freed.takes(who, project_id, wanted) and mischief != "stale"
        over = may and not self._by_budget(freed, who, wanted)
        done = self.attempt(
            "reserve", lambda: self._reserve(who, project_id, wanted, mischief), may
        )
        if done:
            self.judge_new_claims(now, {**promoted, who: wanted})
            for name, is_so in (
                ("reserve: over the budget, as granted", over),
                ("reserve: a last lot", self._is_last_lot(now, wanted)),
                ("reserve: after those who waited", bool(promoted)),
            ):
                self.tally.done[name] += is_so

    def quantities(
        self, project_id: int, amounts: dict[int, int | None], sketch: Sketch, *, fits: bool
    ) -> dict[int, Decimal]:
        """Return quantities by line id; where they shall fit, brought to what there is."""
        wanted: dict[int, Decimal] = {}
        for place, amount in amounts.items():
            line = self.seen.lines_of(project_id)[place]
            left = sketch.left(line.id)
            typed = left if amount is None else Decimal(amount)
            if fits:
                typed = min(max(typed, line.min_lot), left)
            if typed or not fits:
                wanted[line.id] = typed
        return wanted

    def judge_new_claims(self, before: Seen, wanted: dict[int, dict[int, Decimal]]) -> None:
        """Assert who reserved what, and until when."""
        fresh = [claim for key, claim in self.seen.claims.items() if key not in before.claims]
        made = {claim.organisation_id: self.seen.parts[claim.id] for claim in fresh}
        assert made == wanted, f"reserved: {made}, the model says {wanted}"
        for claim in fresh:
            days = timedelta(days=5 if claim.promoted else 14)
            assert claim.hold_until == clock.end_of_day(day_of(self.now) + days)

    def _reserve(
        self, who: int, project_id: int, wanted: dict[int, Decimal], mischief: str
    ) -> Claim:
        project = self.get(Project, project_id)
        return services.reserve_claim(
            actor=self.agent(who),
            organisation=self.get(Organisation, who),
            project=project,
            version=project.version - (mischief == "stale"),
            quantities=wanted,
            confirmed=True,
        )

    def _by_budget(self, sketch: Sketch, who: int, wanted: dict[int, Decimal]) -> bool:
        budget = self.seen.organisations[who].annual_budget
        mine = (value for key, value in sketch.promised.items() if key[0] == who)
        return not budget or sum(mine, Decimal(0)) + sketch.value(wanted) <= budget

    def _is_last_lot(self, before: Seen, wanted: dict[int, Decimal]) -> bool:
        return any(amount < before.lines[key].min_lot for key, amount in wanted.items())

    @precondition(lambda self: self.likely(may_extend))
    @rule(pick=PICK, mischief=MISCHIEF)
    def extend(self, pick: int, mischief: str) -> None:
        """Hold a reservation for fourteen days more."""
        until = {key: claim.hold_until for key, claim in self.seen.claims.items()}
        done = self.holder(
            "extend",
            pick,
            mischief,
            may_extend,
            services.extend_claim,
        )
        if done is not None:
            assert self.seen.claims[done].hold_until == until[done] + timedelta(days=14)

    @precondition(lambda self: self.likely(may_submit))
    @rule(pick=PICK, mischief=MISCHIEF)
    def submit(self, pick: int, mischief: str) -> None:
        """Hand a reservation to the county."""
        self.holder(
            "submit",
            pick,
            mischief,
            may_submit,
            partial(services.submit_claim, message="我们想尽快开始。"),
        )

    @precondition(lambda self: self.likely(may_withdraw))
    @rule(pick=PICK, mischief=MISCHIEF)
    def withdraw(self, pick: int, mischief: str) -> None:
        """Withdraw a claim."""
        self.holder(
            "withdraw",
            pick,
            mischief,
            may_withdraw,
            partial(services.withdraw_claim, reason=REASON),
        )

    @precondition(lambda self: self.likely(may_accept))
    @rule(pick=PICK, mischief=MISCHIEF)
    def accept(self, pick: int, mischief: str) -> None:
        """Accept a claim for the county, or its city."""
        self.decider(
            "accept",
            pick,
            mischief,
            may_accept,
            services.accept_claim,
        )

    @precondition(lambda self: self.likely(may_decline))
    @rule(pick=PICK, mischief=MISCHIEF)
    def decline(self, pick: int, mischief: str) -> None:
        """Decline a claim for the county."""
        self.decider(
            "decline",
            pick,
            mischief,
            may_decline,
            partial(services.decline_claim, reason=REASON),
        )

    @precondition(lambda self: self.likely(may_release))
    @rule(pick=PICK, mischief=MISCHIEF)
    def release(self, pick: int, mischief: str) -> None:
        """Free for the county what a silent holder holds."""
        self.decider(
            "release",
            pick,
            mischief,
            may_release,
            partial(release.release_claim, reason=REASON),
        )

    def likely(self, may: May) -> bool:
        """Tell whether to try: something can be done, or it is time to try what cannot."""
        now = self.seen.at(self.now)
        claims = now.claims.values()
        return bool(claims) and (self.rash or any(may(now, claim) for claim in claims))

    def holder(
        self, name: str, pick: int, mischief: str, may: May, verb: Callable[..., object]
    ) -> int | None:
        """Let the holder act; by mischief with an old page, or somebody else."""

        def actor(claim: Row[Any]) -> Actor:
            if mischief != "stranger":
                return self.agent(claim.organisation_id)
            return self.stranger(claim.organisation_id)

        return self._act(name, pick, mischief, may, actor, verb)

    def decider(
        self, name: str, pick: int, mischief: str, may: May, verb: Callable[..., object]
    ) -> int | None:
        """Let the county or its city decide; by mischief the province, or with an old page."""

        def actor(claim: Row[Any]) -> Actor:
            county = self.county(claim.project_id)
            if mischief == "stranger":
                return self.officer("13")
            return self.officer(county if pick % 3 else county[:4])

        return self._act(name, pick, mischief, may, actor, verb)

    def _act(
        self, name: str, pick: int, mischief: str, may: May,
        actor: Callable[[Row[Any]], Actor], verb: Callable[..., object],
    ) -> int | None:  # fmt: skip
        now = self.seen.at(self.now)
        claims = list(now.claims.values())
        row = self.choose(pick, [claim for claim in claims if may(now, claim)], claims)
        if row is None:
            return None
        version = row.version - (mischief == "stale")
        done = self.attempt(
            name,
            lambda: verb(actor=actor(row), claim=self.get(Claim, row.id), version=version),
            may(now, row) and not mischief,
        )
        return row.id if done else None
