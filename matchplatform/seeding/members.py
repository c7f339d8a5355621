"""More people of the demo's organisations: invited, waiting, approved, expired, taken off."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from matchplatform.access.actor import Actor, Role
from matchplatform.organisations.invitations import (
    accept_invitation,
    cancel_invitation,
    decline_invitation,
    get_invitation_by_token,
    invite_user,
    issue_invitation_link,
    list_open_invitations,
    register_member,
)
from matchplatform.organisations.membership_queries import get_membership
from matchplatform.organisations.memberships import (
    approve_membership,
    decline_membership,
    revoke_membership,
)
from matchplatform.organisations.models import Invitation, Membership
from matchplatform.seeding.cast import Cast
from matchplatform.seeding.tables import day_of, read_table
from matchplatform.seeding.timetable import Timetable, working_minute


class Answer(StrEnum):
    """What became of an invitation."""

    NONE = "none"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    CANCELLED = "cancelled"


class Decision(StrEnum):
    """What a signer did about somebody who accepted."""

    NONE = ""
    APPROVE = "approve"
    DECLINE = "decline"


@dataclass(frozen=True)
class MemberRow:
    """Somebody whom the organisation's first agent invited, by account or by link.

    ``until_days`` is the last day of the membership counted from loading.
    """

    organisation: str
    username: str
    name: str
    by_link: bool
    as_signer: bool
    until_days: int | None
    invited_day: int
    answered_day: int | None
    answer: Answer
    decided_day: int | None
    decision: Decision
    revoked_day: int | None
    reason: str


def read_members() -> list[MemberRow]:
    """Read members.csv."""
    return [
        MemberRow(
            organisation=row["organisation"],
            username=row["username"],
            name=row["name"],
            by_link=row["way"] == "link",
            as_signer=row["as_signer"] == "1",
            until_days=day_of(row["until_days"]),
            invited_day=int(row["invited_day"]),
            answered_day=day_of(row["answered_day"]),
            answer=Answer(row["answer"]),
            decided_day=day_of(row["decided_day"]),
            decision=Decision(row["decision"]),
            revoked_day=day_of(row["revoked_day"]),
            reason=row["reason"],
        )
        for row in read_table("members.csv")
    ]


def plan_members(timetable: Timetable, cast: Cast, rows: list[MemberRow]) -> None:
    """Put invitations, their answers and what signers did on the timetable."""
    for serial, row in enumerate(rows):
        until = None
        if row.until_days is not None:
            until = timetable.today + timedelta(days=row.until_days)
        made = _MadeMember(cast, row, until)
        minute = working_minute(serial)
        timetable.add(row.invited_day, minute, made.invite)
        if row.answered_day is not None:
            timetable.add(row.answered_day, minute + 1, made.respond)
        if row.decided_day is not None:
            timetable.add(row.decided_day, minute + 2, made.decide)
        if row.revoked_day is not None:
            timetable.add(row.revoked_day, minute + 3, made.revoke)


@dataclass
class _MadeMember:
    """One row on its way."""

    cast: Cast
    row: MemberRow
    until: date | None
    token: str = ""

    def invite(self) -> None:
        organisation = self.cast.organisation(self.row.organisation)
        signer, as_signer = self._signer(), self.row.as_signer
        if self.row.by_link:
            self.token = issue_invitation_link(
                actor=signer,
                organisation=organisation,
                name=self.row.name,
                as_signer=as_signer,
                until=self.until,
            )
        else:
            invite_user(
                actor=signer,
                organisation=organisation,
                name=self.row.name,
                username=self.row.username,
                as_signer=as_signer,
                until=self.until,
            )

    def respond(self) -> None:
        if self.row.answer is Answer.CANCELLED:
            cancel_invitation(actor=self._signer(), invitation=self._invitation())
        elif self.row.answer is Answer.DECLINED:
            invitee = self.cast.actors[self.row.username]
            decline_invitation(actor=invitee, invitation=self._invitation())
        elif self.row.by_link:
            self._register()
        else:
            accept_invitation(
                actor=self.cast.actors[self.row.username],
                user=self.cast.user(self.row.username),
                invitation=self._invitation(),
            )

    def decide(self) -> None:
        membership = self._membership()
        if self.row.decision is Decision.DECLINE:
            decline_membership(
                actor=self._signer(),
                membership=membership,
                version=membership.version,
                reason=self.row.reason,
            )
        else:
            approve_membership(
                actor=self._signer(), membership=membership, version=membership.version
            )

    def revoke(self) -> None:
        membership, signer = self._membership(), self._signer()
        revoke_membership(
            actor=signer,
            membership=membership,
            version=membership.version,
            reason=self.row.reason,
            successor_id=signer.user_id,
        )

    def _register(self) -> None:
        membership = register_member(
            invitation=get_invitation_by_token(self.token),
            username=self.row.username,
            display_name=self.row.name,
            password_hash=self.cast.password_hash,
        )
        user = membership.user
        self.cast.actors[self.row.username] = Actor(user.id, user.display_name, Role.AGENT)

    def _signer(self) -> Actor:
        return self.cast.actors[self.row.organisation]

    def _membership(self) -> Membership:
        user = self.cast.user(self.row.username)
        return get_membership(self.cast.organisation_ids[self.row.organisation], user.id)

    def _invitation(self) -> Invitation:
        here = list_open_invitations(self.cast.organisation_ids[self.row.organisation])
        return next(found for found in here if found.name == self.row.name)
