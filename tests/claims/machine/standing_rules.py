"""What becomes of organisations: verified, ruled on, renamed, merged; and their certificates."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from sqlalchemy import Row

from matchplatform.kernel import clock
from matchplatform.organisations import certificates, merging, names, rulings, services
from matchplatform.organisations.models import Certificate, NameChange, Organisation
from matchplatform.organisations.services import OrganisationDetails
from matchplatform.organisations.states import OrganisationAction
from tests.claims.machine.base import PICK, REASON, Steps
from tests.claims.machine.model import ORGANISATION_MOVES, day_of

OFFICE = "11"


def _pending(rows: dict[int, Row[Any]]) -> list[Row[Any]]:
    return [row for row in rows.values() if row.status == "pending"]


class StandingRules(Steps):
    """Verbs over organisations."""

    @precondition(lambda self: self.now_and_then)
    @rule(pick=PICK, action=st.sampled_from(["restrict", "suspend"]))
    def stop(self, pick: int, action: str) -> None:
        """Put an organisation on the list of the irregular, or suspend it."""
        self._rule_on(action, pick)

    @precondition(lambda self: self.rash or self.in_trouble())
    @rule(pick=PICK)
    def lift(self, pick: int) -> None:
        """Let an organisation go on."""
        self._rule_on("lift", pick)

    @precondition(lambda self: self.at_last and not self.has_ended())
    @rule(pick=PICK)
    def deregister(self, pick: int) -> None:
        """Deregister an organisation; one in a run is enough."""
        self._rule_on("deregister", pick)

    @precondition(lambda self: self.at_last and not self.has_merged())
    @rule(pick=PICK, other=PICK)
    def merge(self, pick: int, other: int) -> None:
        """Merge an organisation into another; one in a run is enough."""
        rows = self.seen.organisations
        source = self.choose(
            pick, [row for row in rows.values() if row.status not in ("merged", "deregistered")],
            rows.values(),
        )  # fmt: skip
        assert source is not None
        others = [row for row in rows.values() if row.id != source.id]
        alive = [row for row in others if row.status in ("verified", "restricted")]
        into = self.choose(other, alive, others)
        assert into is not None
        held = {
            claim.id for claim in self.seen.claims.values() if claim.organisation_id == source.id
        }
        done = self.attempt(
            "merge",
            lambda: merging.merge_organisation(
                actor=self.officer(OFFICE),
                source=self.get(Organisation, source.id),
                target=self.get(Organisation, into.id),
                version=source.version,
                reason=REASON,
            ),
            None if into in alive else False,
        )
        if done:
            assert {self.seen.claims[key].organisation_id for key in held} <= {into.id}
            assert not self.live_members(source.id)

    @precondition(lambda self: self.now_and_then)
    @rule(pick=PICK, back=st.booleans())
    def verify_or_return(self, pick: int, back: bool) -> None:
        """Verify the newcomer, or return its registration."""
        rows = self.seen.organisations
        row = self.choose(pick, _pending(rows), rows.values() if self.rash else ())
        if row is None:
            return
        name = "return" if back else "verify"
        verb: Callable[..., object] = (
            partial(services.return_organisation, reason=REASON)
            if back
            else services.verify_organisation
        )
        self.attempt(
            name,
            lambda: verb(
                actor=self.officer(OFFICE), organisation=self.get(Organisation, row.id),
                version=row.version,
            ),
            row.status == "pending",
        )  # fmt: skip

    @precondition(lambda self: self.rash or self.some_organisation("returned"))
    @rule(pick=PICK)
    def resubmit(self, pick: int) -> None:
        """Mend what was returned."""
        rows = self.seen.organisations.values()
        row = self.choose(pick, [each for each in rows if each.status == "returned"], rows)
        assert row is not None
        fields = OrganisationDetails.__dataclass_fields__
        details = OrganisationDetails(**{name: getattr(row, name) for name in fields})
        self.attempt(
            "resubmit",
            lambda: services.resubmit_organisation(
                actor=self.agent(row.id), organisation=self.get(Organisation, row.id),
                version=row.version, details=details,
            ),
            row.status == "returned",
        )  # fmt: skip

    @precondition(lambda self: self.now_and_then)
    @rule(pick=PICK, number=st.integers(1, 3))
    def ask_name(self, pick: int, number: int) -> None:
        """Ask for a new name."""
        row = self.choose(pick, self.seen.organisations.values())
        assert row is not None
        self.attempt(
            "ask_name",
            lambda: names.ask_name_change(
                actor=self.agent(row.id), organisation=self.get(Organisation, row.id),
                new_name=f"北京更名测试基金会第{number}", changed_on=clock.today(), reason=REASON,
            ),
        )  # fmt: skip

    @precondition(lambda self: bool(_pending(self.seen.names)))
    @rule(pick=PICK, refuse=st.booleans())
    def decide_name(self, pick: int, refuse: bool) -> None:
        """Confirm a new name or refuse it."""
        row = self.choose(pick, _pending(self.seen.names), self.seen.names.values())
        assert row is not None
        verb: Callable[..., object] = (
            partial(names.refuse_name_change, reason=REASON) if refuse else names.accept_name_change
        )
        self.attempt(
            "refuse_name" if refuse else "accept_name",
            lambda: verb(
                actor=self.officer(OFFICE), change=self.get(NameChange, row.id), version=row.version
            ),
        )

    @precondition(lambda self: self.now_and_then)
    @rule(pick=PICK, days=st.integers(3, 40))
    def hand_in_certificate(self, pick: int, days: int) -> None:
        """Hand in a certificate that will run out soon."""
        rows = self.seen.organisations
        row = self.choose(pick, rows.values())
        assert row is not None
        self.attempt(
            "hand_in_certificate",
            lambda: certificates.hand_in_certificate(
                actor=self.agent(row.id),
                organisation=self.get(Organisation, row.id),
                upload=self.world.upload(),
                expires_on=clock.today() + timedelta(days=days),
            ),
        )

    @precondition(lambda self: bool(_pending(self.seen.certificates)))
    @rule(pick=PICK, refuse=st.sampled_from([False, False, True]))
    def decide_certificate(self, pick: int, refuse: bool) -> None:
        """Accept a certificate or refuse it."""
        waiting = _pending(self.seen.certificates)
        row = self.choose(pick, waiting, self.seen.certificates.values())
        assert row is not None
        verb: Callable[..., object] = (
            partial(certificates.refuse_certificate, reason=REASON)
            if refuse
            else certificates.accept_certificate
        )
        self.attempt(
            "refuse_certificate" if refuse else "accept_certificate",
            lambda: verb(
                actor=self.officer(OFFICE), certificate=self.get(Certificate, row.id),
                version=row.version,
            ),
            None if row.expires_on >= day_of(self.now) or refuse else False,
        )  # fmt: skip

    def in_trouble(self) -> bool:
        """Tell whether an organisation is restricted or suspended."""
        return self.some_organisation("restricted") or self.some_organisation("suspended")

    def has_ended(self) -> bool:
        """Tell whether an organisation was deregistered."""
        return self.some_organisation("deregistered")

    def has_merged(self) -> bool:
        """Tell whether an organisation was merged."""
        return self.some_organisation("merged")

    def some_organisation(self, status: str) -> bool:
        """Tell whether an organisation stands so."""
        return any(row.status == status for row in self.seen.organisations.values())

    def _rule_on(self, action: str, pick: int) -> None:
        rows = self.seen.organisations
        able = [
            row
            for row in rows.values()
            if (row.status, f"organisation.{action}") in ORGANISATION_MOVES
        ]
        row = self.choose(pick, able, rows.values())
        assert row is not None
        self.attempt(
            action,
            lambda: rulings.rule_on_organisation(
                actor=self.officer(OFFICE),
                organisation=self.get(Organisation, row.id),
                version=row.version,
                action=OrganisationAction(action),
                reason=REASON,
            ),
            row in able,
        )
