"""Joint claims of the demo: invited, confirmed, declined, left, submitted, accepted."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from matchplatform.claims.joint import confirm_share, decline_share, leave_jointly, reserve_jointly
from matchplatform.claims.models import Claim, ClaimMember
from matchplatform.claims.partners import find_own_member
from matchplatform.claims.services import accept_claim, submit_claim
from matchplatform.claims.states import MemberState
from matchplatform.seeding.cast import Cast
from matchplatform.seeding.tables import day_of, quantities_of, read_table
from matchplatform.seeding.timetable import Timetable, working_minute


@dataclass(frozen=True)
class MemberRow:
    """One organisation's share, by the position of the line, and what it did about it."""

    username: str
    quantities: dict[int, Decimal]
    state: MemberState
    answered_day: int | None
    left_day: int | None
    reason: str


@dataclass(frozen=True)
class JointRow:
    """A joint claim; the lead is the first of its members."""

    number: str
    members: tuple[MemberRow, ...]
    reserved_day: int
    submitted_day: int | None
    decided_day: int | None
    message: str

    @property
    def lead(self) -> str:
        """Return the user name of the lead's agent."""
        return self.members[0].username


def read_joint_claims() -> list[JointRow]:
    """Read joint_claims.csv and joint_members.csv."""
    of_claim: dict[tuple[str, str], list[MemberRow]] = defaultdict(list)
    for row in read_table("joint_members.csv"):
        of_claim[row["lead"], row["project"]].append(_member(row))
    return [
        JointRow(
            number=row["project"],
            members=tuple(of_claim[row["lead"], row["project"]]),
            reserved_day=int(row["reserved_day"]),
            submitted_day=day_of(row["submitted_day"]),
            decided_day=day_of(row["decided_day"]),
            message=row["message"],
        )
        for row in read_table("joint_claims.csv")
    ]


def plan_joint_claims(timetable: Timetable, cast: Cast, rows: list[JointRow]) -> None:
    """Put joint claims and what their members did on the timetable."""
    for serial, row in enumerate(rows):
        made = _MadeJoint(cast, row, serial)
        minute = working_minute(serial)
        timetable.add(row.reserved_day, minute, made.reserve)
        for place, member in enumerate(row.members, start=1):
            if member.answered_day is not None:
                timetable.add(member.answered_day, minute + 3 * place, made.answering(member))
            if member.left_day is not None:
                timetable.add(member.left_day, minute + 3 * place, made.leaving(member))
        if row.submitted_day is not None:
            timetable.add(row.submitted_day, minute + 60, made.submit)
        if row.decided_day is not None:
            timetable.add(row.decided_day, minute + 70, made.accept)


def _member(row: dict[str, str]) -> MemberRow:
    return MemberRow(
        username=row["organisation"],
        quantities=quantities_of(row["quantities"]),
        state=MemberState(row["state"]),
        answered_day=day_of(row["answered_day"]),
        left_day=day_of(row["left_day"]),
        reason=row["reason"],
    )


@dataclass
class _MadeJoint:
    """One joint claim on its way."""

    cast: Cast
    row: JointRow
    serial: int

    def reserve(self) -> None:
        lead, *partners = (self.cast.organisation(row.username) for row in self.row.members)
        project = self.cast.project(self.row.number)
        claim = reserve_jointly(
            actor=self.cast.actors[self.row.lead],
            organisation=lead,
            partners=partners,
            project=project,
            version=project.version,
            shares={
                self.cast.organisation_ids[row.username]: self.cast.quantities(
                    self.row.number, row.quantities
                )
                for row in self.row.members
            },
            confirmed=True,
        )
        self.cast.claim_ids[self.row.lead, self.row.number] = claim.id

    def answering(self, row: MemberRow) -> "_Step":
        return _Step(self, row, leaves=False)

    def leaving(self, row: MemberRow) -> "_Step":
        return _Step(self, row, leaves=True)

    def submit(self) -> None:
        claim = self.claim()
        submit_claim(
            actor=self.cast.actors[self.row.lead],
            claim=claim,
            version=claim.version,
            message=self.row.message,
        )

    def accept(self) -> None:
        claim = self.claim()
        officer = self.cast.officer(claim.region_code, self.serial)
        accept_claim(actor=officer, claim=claim, version=claim.version)

    def claim(self) -> Claim:
        return self.cast.claim(self.row.lead, self.row.number)


@dataclass(frozen=True)
class _Step:
    """A member confirms, declines or leaves."""

    joint: _MadeJoint
    row: MemberRow
    leaves: bool

    def __call__(self) -> None:
        actor = self.joint.cast.actors[self.row.username]
        member = self._member()
        version = member.claim.version
        if self.leaves:
            leave_jointly(actor=actor, member=member, version=version, reason=self.row.reason)
        elif self.row.state is MemberState.DECLINED:
            decline_share(actor=actor, member=member, version=version, reason=self.row.reason)
        else:
            confirm_share(actor=actor, member=member, version=version)

    def _member(self) -> ClaimMember:
        own = frozenset({self.joint.cast.organisation_ids[self.row.username]})
        member = find_own_member(self.joint.claim(), own)
        if member is None:
            raise LookupError(f"{self.row.username} has no share of {self.joint.row.number}")
        return member
