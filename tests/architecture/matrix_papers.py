"""The organisations of the matrix as their verifiers meet them: papers, names, members, links."""

from datetime import timedelta
from typing import Any

from matchplatform.files.storage import Storage
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.organisations.certificates import hand_in_certificate
from matchplatform.organisations.invitations import (
    get_invitation_by_token,
    invite_user,
    issue_invitation_link,
)
from matchplatform.organisations.membership_queries import get_membership
from matchplatform.organisations.models import Organisation
from matchplatform.organisations.names import ask_name_change
from tests.architecture.matrix_people import REASON, People, make_member
from tests.architecture.matrix_things import Form, Thing, Things
from tests.factories import actor_for, make_organisation
from tests.files import samples
from tests.files.conftest import take

ZHANGBEI, MINISTRY = "130722", "100000"
NEW_PASSWORD = "海阔天空 2021 坝上的云"


def make_papers(people: People, storage: Storage) -> Things:
    """Make registrations that wait in three places, and papers that wait in two."""
    local, localist = make_organisation(region=ZHANGBEI)
    twin, _ = make_organisation(region=ZHANGBEI)
    abroad = {
        "of Zhangbei": make_organisation(verified=False, region=ZHANGBEI)[0],
        "of the ministry": make_organisation(verified=False, region=MINISTRY)[0],
        "of Beijing": people.waiting,
        "of the claimant": people.claimant,
        "suspended": people.suspended,
        "active in Zhangbei": local,
    }
    codes = dict.fromkeys(abroad, people.rival.uscc)
    codes["of Zhangbei"] = codes["active in Zhangbei"] = twin.uscc
    things = {
        f"body {name}" if name == "suspended" else name: _thing_of(one, uscc=codes[name])
        for name, one in abroad.items()
    }
    handed_in = {"claimants": (people.claimant, people["agt"]), "Zhangbeis": (local, localist)}
    for whose, (organisation, agent) in handed_in.items():
        asking: dict[str, Any] = {"actor": actor_for(agent), "organisation": organisation}
        certificate = hand_in_certificate(
            **asking, upload=take(storage, samples.pdf(), "登记证书.pdf"),
            expires_on=clock.today() + timedelta(days=300),
        )  # fmt: skip
        change = ask_name_change(
            **asking, new_name="京北乡学助学基金会", changed_on=clock.today(), reason=REASON
        )
        db.session.commit()
        things |= {
            f"{whose} paper": Thing({"certificate_id": certificate.id}, _decided(certificate)),
            f"{whose} name": Thing({"change_id": change.id}, _decided(change)),
            f"{whose} file": Thing({"file_id": certificate.file_id}),
        }
    # Handing in papers made both organisations newer than the pages that were sent.
    for name, one in (("of the claimant", people.claimant), ("active in Zhangbei", local)):
        things[name].form["version"] = str(one.version)
    return things | _make_members(people)


def _thing_of(organisation: Organisation, *, uscc: str) -> Thing:
    form: Form = {"version": str(organisation.version), "reason": REASON, "uscc": uscc}
    return Thing({"organisation_id": organisation.id}, form)


def _decided(paper: object) -> Form:
    return {"version": str(getattr(paper, "version", "")), "reason": REASON}


def _make_members(people: People) -> Things:
    """Make somebody who waits to be let in, invitations, and an organisation without a signer."""
    claimant, signer = people.claimant, people["agt"]
    newcomer = make_member(claimant, signer, approve=False)
    inviting: dict[str, Any] = {
        "actor": actor_for(signer),
        "organisation": claimant,
        "as_signer": False,
    }
    nobody = people["non"]
    invitation = invite_user(
        **inviting, name=nobody.display_name, username=nobody.username, until=None
    )
    token = issue_invitation_link(**inviting, name="孙三泉", until=None)
    lonely, last = make_organisation()
    get_membership(lonely.id, last.id).is_signer = False
    db.session.commit()
    link = get_invitation_by_token(token)
    joining = {"display_name": "孙三泉", "username": "sun-sanquan"}
    passwords = {"password": NEW_PASSWORD, "again": NEW_PASSWORD}
    things = {
        "a newcomer": _member(claimant, newcomer.id),
        "the second": _member(claimant, people["sec"].id),
        "a member": _member(claimant, signer.id),
        "no member": Thing({"organisation_id": claimant.id, "user_id": people["riv"].id}),
        "a last member": _member(lonely, last.id),
        "an invitation": Thing({"invitation_id": invitation.id}),
        "a link to join": Thing({"invitation_id": link.id, "token": token}, joining | passwords),
        "no link to join": Thing({"token": "no-such-token"}, joining | passwords),
        "the claimant": Thing({"organisation_id": claimant.id}),
    }
    # Whoever leaves names who goes on.
    for name in ("the claimant", "the second"):
        things[name].form["successor"] = str(signer.id)
    membership = get_membership(claimant.id, people["sec"].id)
    things["the claimant"].form |= {"version": str(membership.version), "reason": REASON}
    return things


def _member(organisation: Organisation, user_id: int) -> Thing:
    membership = get_membership(organisation.id, user_id)
    form = {"version": str(membership.version), "reason": REASON}
    return Thing({"organisation_id": organisation.id, "user_id": user_id}, form)
