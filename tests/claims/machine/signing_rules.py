"""Signatures: given for what is accepted, and taken back."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from sqlalchemy import Row

from matchplatform.access.actor import Actor
from matchplatform.claims import signing
from matchplatform.claims.models import Claim
from matchplatform.kernel import clock
from tests.claims.machine.base import PICK, REASON
from tests.claims.machine.claim_rules import ClaimRules
from tests.claims.machine.model import ACTIVE, all_in
from tests.claims.machine.seen import Seen


def signing_states(seen: Seen, claim: Row[Any]) -> set[str]:
    """Return how the organisations of a claim stand that would sign it."""
    joined = (m.organisation_id for m in seen.members_of(claim.id) if m.status in ACTIVE)
    return {str(seen.organisations[key].status) for key in {claim.organisation_id, *joined}}


def may_sign(seen: Seen, claim: Row[Any]) -> bool:
    """Tell whether an accepted claim can be signed."""
    finishes = signing_states(seen, claim) <= {"verified", "restricted"}
    return claim.status == "accepted" and all_in(seen, claim) and finishes


def may_unsign(seen: Seen, claim: Row[Any]) -> bool:
    """Tell whether a signature can be taken back."""
    return claim.status == "signed" and "deregistered" not in signing_states(seen, claim)


class SigningRules(ClaimRules):
    """Sign and unsign."""

    @precondition(lambda self: self.likely(may_sign))
    @rule(pick=PICK, stranger=st.booleans())
    def sign(self, pick: int, stranger: bool) -> None:
        """Sign a claim for an organiser or the county; the holder itself may not."""
        now = self.seen.at(self.now)
        claims = list(now.claims.values())
        row = self.choose(pick, [claim for claim in claims if may_sign(now, claim)], claims)
        assert row is not None
        refused = stranger and pick % 8 == 0
        done = self.attempt(
            "sign",
            lambda: signing.sign_claim(
                actor=self._signatory(row, pick, refused),
                claim=self.get(Claim, row.id),
                signed_at=clock.now(),
            ),
            may_sign(now, row) and not refused,
        )
        if done:
            assert self.seen.claims[row.id].signed_at == self.now
            self.tally.done["sign: restricted"] += "restricted" in signing_states(now, row)

    @precondition(lambda self: self.rash and self.likely(may_unsign))
    @rule(pick=PICK)
    def unsign(self, pick: int) -> None:
        """Take a signature back."""
        now = self.seen.at(self.now)
        claims = list(now.claims.values())
        row = self.choose(pick, [claim for claim in claims if may_unsign(now, claim)], claims)
        assert row is not None
        decided = row.decided_at
        done = self.attempt(
            "unsign",
            lambda: signing.unsign_claim(
                actor=self._signatory(row, pick, refused=False),
                claim=self.get(Claim, row.id),
                reason=REASON,
            ),
            may_unsign(now, row),
        )
        if done:
            assert self.seen.claims[row.id].decided_at == decided

    def _signatory(self, row: Row[Any], pick: int, refused: bool) -> Actor:
        if refused:
            return self.agent(row.organisation_id)
        if pick % 3:
            return self.user(self.world.organiser)
        return self.officer(self.county(row.project_id))
