"""Any order of reserving, extending, submitting, deciding, withdrawing and waiting keeps the sums."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from matchplatform.access.actor import Actor
from matchplatform.claims import services
from matchplatform.claims.holds import expire_lapsed
from matchplatform.claims.models import Claim
from matchplatform.claims.queries import find_breaches
from matchplatform.claims.states import OPEN_STATES
from matchplatform.kernel.clock import set_clock
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import DomainError
from matchplatform.organisations.models import Organisation
from matchplatform.projects.details import LineDetails
from matchplatform.projects.models import Project, ProjectLine
from matchplatform.projects.states import LineKind
from tests.factories import actor_for, make_officer, make_organisation, make_project

START = datetime(2020, 3, 1, 4, tzinfo=UTC)
NEEDED = {0: 5, 1: 3}
LINES = (
    LineDetails(LineKind.GOODS, "棉被", Decimal(5), "套", Decimal(260), Decimal(1)),
    LineDetails(LineKind.GOODS, "水泵", Decimal(3), "台", Decimal(900), Decimal(1)),
)
WHO = st.integers(0, 2)
AMOUNTS = st.dictionaries(st.integers(0, 1), st.integers(1, 5), min_size=1)
REASON = "情况有变化，放回项目"


@dataclass
class Told:
    """What the model believes of one claim."""

    id: int
    amounts: dict[int, int]
    state: str
    until: datetime
    extended: bool = False


@dataclass
class Cast:
    """Who takes part; made once, for every run has a project of its own."""

    organisations: list[tuple[Organisation, Actor]] = field(default_factory=list)
    officer: Actor | None = None


CAST = Cast()


class ClaimMachine(RuleBasedStateMachine):
    """The verbs on a real database beside a model of a few dictionaries."""

    @initialize()
    def begin(self) -> None:
        self.now = START
        with set_clock(START):
            project = make_project(lines=LINES, deadline=START.date() + timedelta(days=3650))
        self.project_id = project.id
        self.lines = [line.id for line in project.lines]
        self.claims: dict[int, list[Told]] = {0: [], 1: [], 2: []}

    @rule(who=WHO, amounts=AMOUNTS)
    def reserve(self, who: int, amounts: dict[int, int]) -> None:
        self._note_lapsed(only_if=self._may_reserve(who, amounts))
        may = self._may_reserve(who, amounts)
        organisation, actor = CAST.organisations[who]
        project = db.session.get_one(Project, self.project_id)
        claim: Any = self._try(
            lambda: services.reserve_claim(
                actor=actor,
                organisation=db.session.get_one(Organisation, organisation.id),
                project=project,
                version=project.version,
                quantities={self.lines[place]: Decimal(n) for place, n in amounts.items()},
                confirmed=True,
            )
        )
        assert (claim is not None) == may
        if claim is not None:
            self.claims[who].append(Told(claim.id, amounts, "reserved", claim.hold_until))

    @rule(who=WHO, verb=st.sampled_from(["extend", "submit", "withdraw"]))
    def act(self, who: int, verb: str) -> None:
        told = self._current(who)
        if told is None:
            return
        lapsed = told.state == "reserved" and told.until <= self.now
        may = (
            not lapsed
            and {
                "extend": told.state == "reserved" and not told.extended,
                "submit": told.state == "reserved",
                "withdraw": True,
            }[verb]
        )
        claim, actor = db.session.get_one(Claim, told.id), CAST.organisations[who][1]
        said: dict[str, Any] = {"actor": actor, "claim": claim, "version": claim.version}
        done = self._try(
            lambda: (
                services.extend_claim(**said)
                if verb == "extend"
                else services.submit_claim(**said, message="")
                if verb == "submit"
                else services.withdraw_claim(**said, reason=REASON)
            )
        )
        assert (done is not None) == may
        if done is None:
            return
        if verb == "extend":
            told.extended, told.until = True, told.until + timedelta(days=14)
        else:
            told.state = "submitted" if verb == "submit" else "withdrawn"

    @rule(who=WHO, accept=st.booleans())
    def decide(self, who: int, accept: bool) -> None:
        told = self._current(who)
        if told is None:
            return
        claim = db.session.get_one(Claim, told.id)
        said: dict[str, Any] = {"actor": CAST.officer, "claim": claim, "version": claim.version}
        done = self._try(
            lambda: (
                services.accept_claim(**said)
                if accept
                else services.decline_claim(**said, reason=REASON)
            )
        )
        assert (done is not None) == (told.state == "submitted")
        if done is not None:
            told.state = "accepted" if accept else "declined"

    @rule(days=st.integers(1, 20))
    def wait(self, days: int) -> None:
        self.now += timedelta(days=days)

    @rule()
    def worker_comes_by(self) -> None:
        self._note_lapsed(only_if=True)
        self._try(expire_lapsed)

    @invariant()
    def held_is_the_sum_of_open_claims(self) -> None:
        if not hasattr(self, "project_id"):
            return
        db.session.expire_all()
        lines = db.session.scalars(
            select(ProjectLine).where(ProjectLine.project_id == self.project_id)
        )
        claims = list(
            db.session.scalars(
                select(Claim).where(
                    Claim.project_id == self.project_id, Claim.status.in_(OPEN_STATES)
                )
            )
        )
        for line in lines:
            place = self.lines.index(line.id)
            parts = [part for claim in claims for part in claim.lines if part.line_id == line.id]
            assert line.held == sum(part.quantity for part in parts) == self._held(place)
            assert 0 <= line.held <= line.quantity
        db.session.rollback()

    def teardown(self) -> None:
        assert list(find_breaches()) == []
        db.session.rollback()

    def _try(self, verb: Any) -> object:
        with set_clock(self.now):
            try:
                done = verb()
            except DomainError:
                db.session.rollback()
                return None
            db.session.commit()
            return done or True

    def _held(self, place: int) -> int:
        open_states = ("reserved", "submitted", "accepted")
        told = [one for claims in self.claims.values() for one in claims]
        return sum(one.amounts.get(place, 0) for one in told if one.state in open_states)

    def _may_reserve(self, who: int, amounts: dict[int, int]) -> bool:
        current = self._current(who)
        if current is not None and current.state != "accepted" and not self._lapsed(current):
            return False
        held = {0: 0, 1: 0}
        for one in (one for claims in self.claims.values() for one in claims):
            if one.state in ("reserved", "submitted", "accepted") and not self._lapsed(one):
                for place, amount in one.amounts.items():
                    held[place] += amount
        return all(held[place] + n <= NEEDED[place] for place, n in amounts.items())

    def _lapsed(self, told: Told) -> bool:
        return told.state == "reserved" and told.until <= self.now

    def _note_lapsed(self, *, only_if: bool) -> None:
        if only_if:
            for claims in self.claims.values():
                for one in claims:
                    one.state = "expired" if self._lapsed(one) else one.state

    def _current(self, who: int) -> Told | None:
        open_ones = [
            one for one in self.claims[who] if one.state in ("reserved", "submitted", "accepted")
        ]
        return open_ones[-1] if open_ones else None


class TestMachine:
    def test_no_order_of_events_breaks_the_sums(self, db_session: Flask) -> None:
        made = [make_organisation() for _number in range(3)]
        CAST.organisations = [(one, actor_for(agent)) for one, agent in made]
        CAST.officer = actor_for(make_officer("130722"))
        run_state_machine_as_test(
            ClaimMachine,
            settings=settings(
                max_examples=12,
                stateful_step_count=25,
                deadline=None,
                derandomize=True,
                database=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
