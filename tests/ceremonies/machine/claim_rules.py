"""What happens to claims, their papers and their organisations while a ceremony goes on."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from matchplatform.access.actor import Actor
from matchplatform.claims import release, services
from matchplatform.claims.models import Claim
from matchplatform.commitments.queries import agreements_of
from matchplatform.commitments.services import discard_agreement
from matchplatform.commitments.signing import sign_agreement
from matchplatform.kernel import clock
from matchplatform.organisations import rulings
from matchplatform.organisations.models import Organisation
from matchplatform.organisations.states import OrganisationAction
from tests.ceremonies.machine.base import PICK, REASON, Steps
from tests.ceremonies.machine.model import ClaimModel, is_silent
from tests.commitments.making import make_confirmed

MOST_TEXTS = 3
May = Callable[[ClaimModel], bool]


class ClaimRules(Steps):
    """Accept, withdraw, release, prepare, throw away, sign elsewhere, suspend."""

    @precondition(lambda self: self._any(lambda claim: claim.status == "submitted"))
    @rule(pick=PICK)
    def accept(self, pick: int) -> None:
        """Accept what was submitted."""
        self._handle(
            "accept", pick, lambda claim: claim.status == "submitted", "accepted",
            services.accept_claim, lambda _claim: self.user(self.world.officer),
        )  # fmt: skip

    @rule(pick=PICK, seldom=st.integers(0, 5))
    def withdraw(self, pick: int, seldom: int) -> None:
        """Withdraw a claim, now and then."""
        if seldom:
            return
        self._handle(
            "withdraw", pick, lambda claim: claim.status in ("submitted", "accepted"), "withdrawn",
            partial(services.withdraw_claim, reason=REASON), self._holder,
        )  # fmt: skip

    @precondition(lambda self: self._any(lambda claim: is_silent(claim, self.now)))
    @rule(pick=PICK)
    def release(self, pick: int) -> None:
        """Free what has waited too long."""
        self._handle(
            "release", pick, lambda claim: is_silent(claim, self.now), "released",
            partial(release.release_claim, reason=REASON),
            lambda _claim: self.user(self.world.officer),
        )  # fmt: skip

    @rule(days=st.sampled_from([0, 0, 0, 1, 12, 61]))
    def wait(self, days: int) -> None:
        """Let time go by."""
        self.now += timedelta(days=days, minutes=1)

    @precondition(lambda self: self._any(_may_prepare))
    @rule(pick=PICK)
    def prepare(self, pick: int) -> None:
        """Draft an agreement, and let it be confirmed."""
        claim = self.choose(pick, filter(self._can_prepare, self.model.claims.values()))
        if claim is None:
            return

        def after(_key: object) -> None:
            claim.agreement = "confirmed"
            claim.texts += 1
            claim.text = claim.texts

        self.attempt("prepare", lambda: make_confirmed(self.get(Claim, claim.id)), True, after)

    @precondition(lambda self: self._any(lambda claim: claim.is_ready))
    @rule(pick=PICK, seldom=st.integers(0, 3))
    def discard(self, pick: int, seldom: int) -> None:
        """Throw an agreement away that was not signed, now and then."""
        claim = self.choose(pick, (each for each in self.model.claims.values() if each.is_ready))
        if seldom or claim is None:
            return

        def after(_key: object) -> None:
            claim.agreement, claim.text = "", 0

        self.attempt("discard", lambda: self._discard(claim), True, after)

    @precondition(lambda self: self._any(self._may_sign))
    @rule(pick=PICK, seldom=st.integers(0, 3))
    def sign_elsewhere(self, pick: int, seldom: int) -> None:
        """Sign a frozen agreement outside every ceremony, now and then."""
        claims = [each for each in self.model.claims.values() if each.agreement == "frozen"]
        claim = self.choose(pick, filter(self._may_sign, claims), claims)
        if seldom or claim is None:
            return

        def after(_key: object) -> None:
            claim.status, claim.agreement = "signed", "in_force"

        self.attempt(
            "sign_elsewhere",
            lambda: sign_agreement(
                actor=self.user(self.world.officer), agreement=agreements_of([claim.id])[claim.id],
                signed_at=clock.now(),
            ),
            self._may_sign(claim),
            after,
        )  # fmt: skip

    @rule(pick=PICK, seldom=st.integers(0, 5))
    def suspend_or_lift(self, pick: int, seldom: int) -> None:
        """Suspend an organisation, now and then; let it go on sooner."""
        key = list(self.world.agents)[pick % len(self.world.agents)]
        if self.model.suspended:
            key = min(self.model.suspended)
        is_suspended = key in self.model.suspended
        if seldom > 2 * is_suspended:
            return
        action = OrganisationAction.LIFT if is_suspended else OrganisationAction.SUSPEND

        def after(_key: object) -> None:
            self.model.suspended ^= {key}

        self.attempt(str(action), lambda: self._rule_on(key, action), True, after)

    def _rule_on(self, key: int, action: OrganisationAction) -> object:
        row = self.get(Organisation, key)
        return rulings.rule_on_organisation(
            actor=self.user(self.world.authority), organisation=row, version=row.version,
            action=action, reason=REASON,
        )  # fmt: skip

    def _discard(self, claim: ClaimModel) -> object:
        row = agreements_of([claim.id])[claim.id]
        return discard_agreement(
            actor=self.user(self.world.officer), agreement=row, version=row.row_version,
            reason=REASON,
        )  # fmt: skip

    def _handle(
        self, name: str, pick: int, may: May, to: str, verb: Callable[..., object],
        actor: Callable[[ClaimModel], Actor],
    ) -> None:  # fmt: skip
        claims = list(self.model.claims.values())
        claim = self.choose(pick, [each for each in claims if may(each)], claims)
        assert claim is not None

        def after(_key: object) -> None:
            claim.status = to
            claim.since = self.now

        self.attempt(name, lambda: self._on_claim(verb, actor(claim), claim), may(claim), after)

    def _on_claim(self, verb: Callable[..., object], actor: Actor, claim: ClaimModel) -> object:
        row = self.get(Claim, claim.id)
        return verb(actor=actor, claim=row, version=row.version)

    def _holder(self, claim: ClaimModel) -> Actor:
        return self.user(self.world.agents[claim.organisation])

    def _may_sign(self, claim: ClaimModel) -> bool:
        return claim.agreement == "frozen" and self.model.may_sign(claim)

    def _can_prepare(self, claim: ClaimModel) -> bool:
        return _may_prepare(claim) and claim.organisation not in self.model.suspended

    def _any(self, may: May) -> bool:
        return any(may(claim) for claim in self.model.claims.values())


def _may_prepare(claim: ClaimModel) -> bool:
    return claim.status == "accepted" and not claim.agreement and claim.texts < MOST_TEXTS
