"""Claims of the demo, in every state that the verbs reach."""

from dataclasses import dataclass

from matchplatform.access.actor import Actor
from matchplatform.claims.models import Claim
from matchplatform.claims.services import (
    accept_claim,
    decline_claim,
    extend_claim,
    reserve_claim,
    submit_claim,
    withdraw_claim,
)
from matchplatform.claims.states import ClaimState
from matchplatform.seeding.cast import Cast
from matchplatform.seeding.rows import ClaimRow
from matchplatform.seeding.timetable import Timetable, working_minute


def plan_claims(timetable: Timetable, cast: Cast, rows: list[ClaimRow]) -> None:
    """Put the claims and their steps on the timetable."""
    for serial, row in enumerate(rows):
        made = _MadeClaim(cast, row, serial)
        minute = working_minute(serial)
        timetable.add(row.reserved_day, minute, made.reserve)
        if row.extended_day is not None:
            timetable.add(row.extended_day, minute + 2, made.extend)
        if row.submitted_day is not None:
            timetable.add(row.submitted_day, minute + 4, made.submit)
        if row.decided_day is not None:
            timetable.add(row.decided_day, minute + 6, made.decide)
        if row.withdrawn_day is not None:
            timetable.add(row.withdrawn_day, minute + 8, made.withdraw)


@dataclass
class _MadeClaim:
    """One row on its way: later steps find the claim that the first one made."""

    cast: Cast
    row: ClaimRow
    serial: int

    def reserve(self) -> None:
        project = self.cast.project(self.row.number)
        claim = reserve_claim(
            actor=self.cast.actors[self.row.username],
            organisation=self.cast.organisation(self.row.username),
            project=project,
            version=project.version,
            quantities=self.cast.quantities(self.row.number, self.row.quantities),
            confirmed=True,
        )
        self.cast.claim_ids[self.row.username, self.row.number] = claim.id

    def extend(self) -> None:
        claim = self._claim()
        extend_claim(actor=self._agent(), claim=claim, version=claim.version)

    def submit(self) -> None:
        claim = self._claim()
        submit_claim(
            actor=self._agent(), claim=claim, version=claim.version, message=self.row.message
        )

    def decide(self) -> None:
        claim = self._claim()
        officer = self.cast.officer(claim.region_code, self.serial)
        if self.row.state is ClaimState.DECLINED:
            decline_claim(actor=officer, claim=claim, version=claim.version, reason=self.row.reason)
        else:
            accept_claim(actor=officer, claim=claim, version=claim.version)

    def withdraw(self) -> None:
        claim = self._claim()
        withdraw_claim(
            actor=self._agent(), claim=claim, version=claim.version, reason=self.row.reason
        )

    def _agent(self) -> Actor:
        return self.cast.actors[self.row.username]

    def _claim(self) -> Claim:
        return self.cast.claim(self.row.username, self.row.number)
