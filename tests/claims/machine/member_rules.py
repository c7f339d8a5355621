"""Who acts for an organisation: invited, approved, changed, revoked, gone."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from sqlalchemy import Row

from matchplatform.accounts.models import User
from matchplatform.organisations import invitations, memberships
from matchplatform.organisations.models import Invitation, Membership, Organisation
from tests.claims.machine.base import PICK, REASON, Steps


class MemberRules(Steps):
    """Verbs over memberships; whoever revokes is another signer."""

    @precondition(lambda self: self.now_and_then)
    @rule(pick=PICK, who=st.integers(0, 1), as_signer=st.booleans())
    def invite(self, pick: int, who: int, as_signer: bool) -> None:
        """Invite somebody who acts for nobody yet, or for others."""
        row = self.choose(pick, self.seen.organisations.values())
        assert row is not None
        self.attempt("invite", lambda: self._invite(row.id, who, as_signer))

    def _invite(self, organisation_id: int, who: int, as_signer: bool) -> object:
        user = self.get(User, self.world.spare_users[who])
        return invitations.invite_user(
            actor=self.agent(organisation_id), organisation=self.get(Organisation, organisation_id),
            name=user.display_name, username=user.username, as_signer=as_signer, until=None,
        )  # fmt: skip

    @precondition(lambda self: self.seen.invitations and (self.rash or self.invited()))
    @rule(pick=PICK, decline=st.sampled_from([False, False, True]))
    def answer_invitation(self, pick: int, decline: bool) -> None:
        """Accept an invitation or turn it down."""
        rows, waiting = self.seen.invitations.values(), self.invited()
        row = self.choose(pick, waiting, rows)
        assert row is not None
        name = "decline_invitation" if decline else "accept_invitation"
        self.attempt(
            name,
            lambda: (
                invitations.decline_invitation(
                    actor=self.user(row.user_id), invitation=self.get(Invitation, row.id)
                )
                if decline
                else invitations.accept_invitation(
                    actor=self.user(row.user_id),
                    user=self.get(User, row.user_id),
                    invitation=self.get(Invitation, row.id),
                )
            ),
            None if row in waiting else False,
        )

    @precondition(lambda self: self.with_status("pending"))
    @rule(pick=PICK, decline=st.sampled_from([False, False, True]))
    def decide_membership(self, pick: int, decline: bool) -> None:
        """Approve somebody who asked to join, or turn them down."""
        verb: Callable[..., object] = (
            partial(memberships.decline_membership, reason=REASON)
            if decline
            else memberships.approve_membership
        )
        name = "decline_membership" if decline else "approve_membership"
        self._membership(name, pick, "pending", verb)

    @precondition(lambda self: self.now_and_then and self.with_status("approved"))
    @rule(pick=PICK, is_signer=st.booleans(), days=st.none() | st.integers(0, 20))
    def change_membership(self, pick: int, is_signer: bool, days: int | None) -> None:
        """Make somebody a signer or not, for some days or for good."""
        until = None if days is None else self.now.date() + timedelta(days=days)
        verb = partial(memberships.change_membership, is_signer=is_signer, expires_on=until)
        self._membership("change_membership", pick, "approved", verb)

    @precondition(lambda self: self.now_and_then and self.with_status("approved"))
    @rule(pick=PICK, names=st.sampled_from([True, True, False]))
    def revoke_membership(self, pick: int, names: bool) -> None:
        """Take somebody off; what is open goes on with another."""
        verb = partial(memberships.revoke_membership, reason=REASON)
        self._membership("revoke_membership", pick, "approved", verb, heir=names)

    @precondition(lambda self: self.now_and_then and self.with_status("approved"))
    @rule(pick=PICK, names=st.sampled_from([True, True, False]))
    def leave_organisation(self, pick: int, names: bool) -> None:
        """Leave an organisation."""
        self._membership(
            "leave_organisation", pick, "approved", memberships.leave_organisation,
            heir=names, myself=True,
        )  # fmt: skip

    def invited(self) -> list[Row[Any]]:
        """List the invitations that can be answered."""
        rows = self.seen.invitations.values()
        return [row for row in rows if not row.used_at and row.expires_at > self.now]

    def with_status(self, status: str) -> list[Row[Any]]:
        """List the memberships that are stored so."""
        return [row for row in self.seen.memberships.values() if row.status == status]

    def _membership(
        self, name: str, pick: int, status: str, verb: Callable[..., object], *,
        heir: bool | None = None, myself: bool = False,
    ) -> None:  # fmt: skip
        row = self.choose(pick, self.with_status(status), self.seen.memberships.values())
        assert row is not None
        others = [
            each.user_id
            for each in self.live_members(row.organisation_id)
            if each.user_id != row.user_id
        ]
        signers = [user for user in self.signers(row.organisation_id) if user in others]
        acting = row.user_id if myself else (signers or [row.user_id])[0]
        more: dict[str, object] = {}
        if heir is not None:
            more["successor_id"] = others[0] if heir and others else None
        self.attempt(
            name,
            lambda: verb(
                actor=self.user(acting),
                membership=self.get(Membership, (row.organisation_id, row.user_id)),
                version=row.version,
                **more,
            ),
        )
