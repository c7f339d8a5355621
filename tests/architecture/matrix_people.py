"""The people of the matrix and their organisations."""

from dataclasses import dataclass
from datetime import timedelta

import pyotp

from matchplatform.access.actor import Role
from matchplatform.accounts import second_step, totp
from matchplatform.accounts.models import User
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.organisations.invitations import accept_invitation, invite_user
from matchplatform.organisations.memberships import approve_membership
from matchplatform.organisations.models import Membership, Organisation
from matchplatform.organisations.rulings import rule_on_organisation
from matchplatform.organisations.services import return_organisation
from matchplatform.organisations.states import OrganisationAction
from tests.factories import (
    actor_for,
    make_admin,
    make_auditor,
    make_officer,
    make_organisation,
    make_user,
)

REASON = "材料不全，请补充后再办"


@dataclass(frozen=True)
class People:
    """Who asks, by the names of the table; and the organisations that they act for.

    ``locked`` has a second step and has given the password, ``pending`` is the token of that;
    ``friend`` is the agent of ``partner``.
    """

    users: dict[str, User | None]
    claimant: Organisation
    rival: Organisation
    waiting: Organisation
    returned: Organisation
    suspended: Organisation
    partner: Organisation
    friend: User
    locked: User
    pending: str
    codes: dict[str, str]

    def __getitem__(self, name: str) -> User:
        """Return somebody with an account."""
        user = self.users[name]
        assert user is not None, name
        return user


def make_people() -> People:
    """Make everybody."""
    claimant, agent = make_organisation()
    rival, rivals = make_organisation()
    waiting, waiter = make_organisation(verified=False)
    returned, returnee = make_organisation(verified=False)
    suspended, stopped = make_organisation()
    partner, friend = make_organisation()
    officers: dict[str, User | None] = {
        "cty": make_officer("130722"), "ct2": make_officer("130826"),
        "cit": make_officer("1307"), "ci2": make_officer("1308"),
        "pro": make_officer("13"), "bei": make_officer("11"), "tia": make_officer("12"),
    }  # fmt: skip
    beijing = officers["bei"]
    assert beijing is not None
    return_organisation(
        actor=actor_for(beijing), organisation=returned, version=returned.version, reason=REASON
    )
    rule_on_organisation(
        actor=actor_for(beijing), organisation=suspended, version=suspended.version,
        action=OrganisationAction.SUSPEND, reason=REASON,
    )  # fmt: skip
    db.session.commit()
    locked, admin = make_officer("130822"), make_admin()
    codes = {"next": _enrol(locked, confirm=True)}
    _enrol(admin, confirm=True)
    codes["first"] = _enrol(rivals, confirm=False)
    pending = second_step.open_pending(locked)
    db.session.commit()
    users = {
        "vis": None, "hlf": None, "agt": agent, "sec": make_member(claimant, agent, approve=True),
        "riv": rivals, "pen": waiter, "ret": returnee, "sus": stopped,
        "non": make_user(Role.AGENT), **officers,
        "aud": make_auditor(), "adm": admin, "org": make_user(Role.ORGANISER),
        "rec": make_user(Role.RECEIVER),
    }  # fmt: skip
    return People(
        users,
        claimant,
        rival,
        waiting,
        returned,
        suspended,
        partner,
        friend,
        locked,
        pending,
        codes,
    )


def make_member(organisation: Organisation, signer: User, *, approve: bool) -> User:
    """Make an agent who joined an organisation, or waits to be let in; no signer."""
    user = make_user(Role.AGENT)
    invitation = invite_user(
        actor=actor_for(signer), organisation=organisation, name=user.display_name,
        username=user.username, as_signer=False, until=None,
    )  # fmt: skip
    db.session.commit()
    joined: Membership = accept_invitation(actor=actor_for(user), user=user, invitation=invitation)
    db.session.commit()
    if approve:
        approve_membership(actor=actor_for(signer), membership=joined, version=joined.version)
        db.session.commit()
    return user


def _enrol(user: User, *, confirm: bool) -> str:
    """Begin a second step, or set it up; return the code that will fit next."""
    totp.start_enrolment(actor=actor_for(user), user=user)
    db.session.commit()
    made = pyotp.TOTP(totp.find_secret(user.id) or "")
    if not confirm:
        return made.at(clock.now())
    totp.confirm_enrolment(actor=actor_for(user), user=user, typed=made.at(clock.now()))
    db.session.commit()
    return made.at(clock.now() + timedelta(seconds=30))
