"""Every cell of the policy: who may do what to which thing; everything not written here is refused."""

from dataclasses import dataclass

import pytest

from matchplatform.access.actor import SYSTEM, VISITOR, Actor, Role
from matchplatform.access.policy import POLICY, Permission, permits, role_holds


@dataclass(frozen=True)
class Thing:
    """What the reach predicates look at."""

    region_code: str = ""
    registration_region: str = ""
    organisation_id: int | None = None
    user_id: int | None = None
    office: str = ""


def officer(prefix: str) -> Actor:
    return Actor(1, f"officer {prefix}", Role.OFFICER, prefix)


ACTORS = {
    "visitor": VISITOR,
    "member": Actor(2, "", Role.AGENT, "", frozenset({7}), frozenset({7})),
    "signer": Actor(
        10, "", Role.AGENT, "", frozenset({7}), frozenset({7}), signer_ids=frozenset({7})
    ),
    "unverified": Actor(3, "", Role.AGENT, "", frozenset({8})),
    "homeless": Actor(4, "", Role.AGENT),
    "county": officer("130722"),
    "other county": officer("130723"),
    "city": officer("1307"),
    "other city": officer("1308"),
    "province": officer("13"),
    "beijing": officer("11"),
    "no region": Actor(5, "", Role.OFFICER, ""),
    "organiser": Actor(6, "", Role.ORGANISER),
    "receiver": Actor(7, "", Role.RECEIVER),
    "auditor": Actor(8, "", Role.AUDITOR),
    "admin": Actor(9, "", Role.ADMIN),
    "system": SYSTEM,
}
THINGS = {
    "project": Thing(region_code="130722"),
    "claim": Thing(region_code="130722", organisation_id=7),
    "beijing body": Thing(registration_region="110105", organisation_id=7),
    "national body": Thing(registration_region="100000", organisation_id=7),
    "zhangbei body": Thing(registration_region="130722", organisation_id=7),
    "their body": Thing(registration_region="110105", organisation_id=8),
    "member's own": Thing(user_id=2),
    "homeless one's own": Thing(user_id=4),
    "officer's own": Thing(user_id=1, office="130722"),
    "nothing": Thing(),
}
EVERYTHING = set(THINGS)
MEMBERS_THINGS = {"claim", "beijing body", "national body", "zhangbei body"}
OWN_ORGANISATION = {
    "member": MEMBERS_THINGS,
    "signer": MEMBERS_THINGS,
    "unverified": {"their body"},
}
LOCAL = {"project", "claim"}
JURISDICTION = {"county": LOCAL, "city": LOCAL, "province": LOCAL}
REGISTERED_HERE = {
    "county": {"zhangbei body"},
    "city": {"zhangbei body"},
    "province": {"zhangbei body", "national body"},
    "beijing": {"beijing body", "their body"},
}
OFFICERS = ("county", "other county", "city", "other city", "province", "beijing", "no region")

EXPECTED: dict[Permission, dict[str, set[str]]] = {
    Permission.PROJECT_WRITE: {"county": LOCAL},
    Permission.PROJECT_VERIFY: {"county": LOCAL, "city": LOCAL},
    Permission.PROJECT_PUBLISH: {"city": LOCAL, "province": LOCAL},
    Permission.PROJECT_READ_UNPUBLISHED: {**JURISDICTION, "auditor": EVERYTHING},
    Permission.CONTACT_READ: {
        "member": EVERYTHING,
        "signer": EVERYTHING,
        **JURISDICTION,
        "auditor": EVERYTHING,
    },
    Permission.PICTURE_DOUBT: JURISDICTION,
    Permission.PAPER_READ: {**OWN_ORGANISATION, **JURISDICTION, "auditor": EVERYTHING},
    Permission.ORGANISATION_EDIT: OWN_ORGANISATION,
    Permission.ORGANISATION_VERIFY: REGISTERED_HERE,
    Permission.ORGANISATION_ENTER: REGISTERED_HERE,
    Permission.ORGANISATION_READ: {
        **OWN_ORGANISATION,
        **REGISTERED_HERE,
        "auditor": EVERYTHING,
    },
    Permission.ORGANISATION_REVIEW: {**REGISTERED_HERE, "auditor": EVERYTHING},
    Permission.MEMBERSHIP_MANAGE: {"signer": MEMBERS_THINGS},
    Permission.MEMBERSHIP_JOIN: {"member": {"member's own"}, "homeless": {"homeless one's own"}},
    Permission.CLAIM_RESERVE: OWN_ORGANISATION,
    Permission.CLAIM_HANDLE: OWN_ORGANISATION,
    Permission.CLAIM_DECIDE: {"county": LOCAL, "city": LOCAL},
    Permission.CLAIM_READ: {
        **OWN_ORGANISATION,
        **JURISDICTION,
        "organiser": EVERYTHING,
        "auditor": EVERYTHING,
    },
    Permission.CAPACITY_READ: {**OWN_ORGANISATION, **JURISDICTION, "auditor": EVERYTHING},
    Permission.CLAIM_EXPIRE: {"system": EVERYTHING},
    Permission.CLAIM_SIGN: {"county": LOCAL, "city": LOCAL, "organiser": EVERYTHING},
    Permission.CLAIM_MESSAGE: {**OWN_ORGANISATION, "county": LOCAL, "city": LOCAL},
    Permission.CLAIM_MESSAGES_READ: {
        **OWN_ORGANISATION,
        **JURISDICTION,
        "auditor": EVERYTHING,
    },
    Permission.AGREEMENT_DRAFT: {"county": LOCAL, "city": LOCAL, "organiser": EVERYTHING},
    Permission.AGREEMENT_CONFIRM: {"signer": MEMBERS_THINGS},
    Permission.AGREEMENT_FREEZE: {"county": LOCAL, "city": LOCAL, "organiser": EVERYTHING},
    Permission.AGREEMENT_READ: {
        **OWN_ORGANISATION,
        **JURISDICTION,
        "organiser": EVERYTHING,
        "auditor": EVERYTHING,
    },
    Permission.CEREMONY_PLAN: {"organiser": EVERYTHING},
    Permission.CEREMONY_RUN: {"organiser": EVERYTHING},
    Permission.CEREMONY_CHECK_IN: {"county": LOCAL, "organiser": EVERYTHING},
    Permission.COMMITMENT_FOLLOW: {
        **JURISDICTION,
        "organiser": EVERYTHING,
        "auditor": EVERYTHING,
    },
    Permission.CEREMONY_READ: {
        **JURISDICTION,
        "organiser": EVERYTHING,
        "auditor": EVERYTHING,
    },
    Permission.CEREMONY_ANSWER: OWN_ORGANISATION,
    Permission.EXTRA_APPROVE: {"county": LOCAL},
    Permission.ORGANISATION_INVITE: JURISDICTION,
    Permission.INVITATION_READ: {**JURISDICTION, "auditor": EVERYTHING},
    Permission.INVITATION_ANSWER: OWN_ORGANISATION,
    Permission.OFFER_HANDLE: OWN_ORGANISATION,
    Permission.OFFER_READ: {**dict.fromkeys(OFFICERS, EVERYTHING), "auditor": EVERYTHING},
    Permission.MATCHES_VIEW: OWN_ORGANISATION,
    Permission.FAVOURITE_KEEP: dict.fromkeys(("member", "signer", "unverified"), EVERYTHING),
    Permission.SEARCH_KEEP: {"member": {"member's own"}},
    # Every officer with a region is number 1 here.
    Permission.IMPORT_MAKE: dict.fromkeys(OFFICERS[:-1], {"officer's own"}),
    Permission.IMPORT_READ: {"county": {"officer's own"}, "auditor": EVERYTHING},
    Permission.DESK_VIEW: dict.fromkeys(OFFICERS, EVERYTHING),
    Permission.PASSWORD_LINK_ISSUE: {**REGISTERED_HERE, "admin": EVERYTHING},
    Permission.ACCOUNT_MANAGE: {"admin": EVERYTHING},
    Permission.AUDIT_READ: {"auditor": EVERYTHING},
    Permission.BATCH_BEGIN: {"province": EVERYTHING},
    Permission.PRICE_KEEP: {"province": EVERYTHING},
    Permission.PRICE_READ: {**dict.fromkeys(OFFICERS, EVERYTHING), "auditor": EVERYTHING},
    Permission.POOR_PEOPLE_RECORD: JURISDICTION,
    Permission.POOR_PEOPLE_PUBLISH: {"city": LOCAL, "province": LOCAL},
    Permission.POOR_PEOPLE_READ: {**JURISDICTION, "auditor": EVERYTHING},
}
ROLES_WITH: dict[Permission, set[Role]] = {
    permission: {ACTORS[name].role for name in expected}
    for permission, expected in EXPECTED.items()
}


class TestPolicy:
    def test_every_permission_is_written_out_here(self) -> None:
        assert set(EXPECTED) == set(Permission) == set(POLICY)

    @pytest.mark.parametrize("permission", list(Permission))
    @pytest.mark.parametrize("name", list(ACTORS))
    def test_each_cell(self, permission: Permission, name: str) -> None:
        reached = {thing for thing in THINGS if permits(ACTORS[name], permission, THINGS[thing])}
        assert reached == EXPECTED[permission].get(name, set())

    @pytest.mark.parametrize("permission", list(Permission))
    @pytest.mark.parametrize("role", list(Role))
    def test_each_role(self, permission: Permission, role: Role) -> None:
        assert role_holds(Actor(1, "", role), permission) == (role in ROLES_WITH[permission])

    def test_a_thing_without_a_region_is_nobodys(self) -> None:
        for permission in (Permission.PROJECT_WRITE, Permission.ORGANISATION_VERIFY):
            assert not permits(ACTORS["no region"], permission, Thing())
