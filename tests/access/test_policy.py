"""The policy, cell by cell: every permission, every kind of actor, every kind of thing.

The table below is written out by hand and is the second opinion to access/policy.py: a change there
must be made here too, knowingly.
"""

from dataclasses import dataclass
from types import SimpleNamespace

import pytest

from matchplatform.access.actor import SYSTEM, VISITOR, Actor, Role
from matchplatform.access.policy import POLICY, Permission, check, permits, role_holds
from matchplatform.kernel.errors import Forbidden


@dataclass(frozen=True)
class Thing:
    """Something with the properties that reaches look at."""

    region_code: str = ""
    organisation_id: int | None = None
    registration_region: str = ""
    user_id: int | None = None
    office: str = ""


def _officer(prefix: str) -> Actor:
    return Actor(10, "officer", Role.OFFICER, region_prefix=prefix)


def _person(role: Role) -> Actor:
    return Actor(30, role, role)


ACTORS: dict[str, Actor] = {
    "visitor": VISITOR,
    "agent": Actor(20, "agent", Role.AGENT, "", frozenset({1}), frozenset({1})),
    "signer": Actor(
        23, "signer", Role.AGENT, "", frozenset({1}), frozenset({1}), signer_ids=frozenset({1})
    ),
    "agent unverified": Actor(21, "agent", Role.AGENT, "", frozenset({1})),
    "agent of none": Actor(22, "agent", Role.AGENT),
    "zhangbei": _officer("130722"),
    "kangbao": _officer("130723"),
    "zhangjiakou": _officer("1307"),
    "chengde": _officer("1308"),
    "hebei": _officer("13"),
    "beijing": _officer("11"),
    "dongcheng": _officer("110101"),
    "officer without region": _officer(""),
    "organiser": _person(Role.ORGANISER),
    "receiver": _person(Role.RECEIVER),
    "auditor": _person(Role.AUDITOR),
    "admin": _person(Role.ADMIN),
    "system": SYSTEM,
}

# Projects by county (P), organisations by id and registration (O), claims by both (C),
# what people keep for themselves by its owner (S).
THINGS: dict[str, object] = {
    "nothing": None,
    "P zhangbei": Thing("130722"),
    "P kangbao": Thing("130723"),
    "P chengde": Thing("130826"),
    "P nowhere": Thing(""),
    "O beijing": Thing("", 1, "110000"),
    "O dongcheng": Thing("", 2, "110101"),
    "O hebei": Thing("", 2, "130000"),
    "O zhangjiakou": Thing("", 2, "130700"),
    "O zhangbei": Thing("", 2, "130722"),
    "O ministry": Thing("", 2, "100000"),
    "C own": Thing("130722", 1),
    "C other": Thing("130826", 2),
    "S own": Thing(user_id=20),
    "S other": Thing(user_id=21),
    "I officer": Thing(user_id=10, office="130722"),
    "I city": Thing(user_id=11, office="1307"),
}

ALL = frozenset(THINGS)
OWN = frozenset({"O beijing", "C own"})
IN_ZHANGBEI = frozenset({"P zhangbei", "C own"})
IN_KANGBAO = frozenset({"P kangbao"})
IN_ZHANGJIAKOU = IN_ZHANGBEI | IN_KANGBAO
IN_CHENGDE = frozenset({"P chengde", "C other"})
IN_HEBEI = IN_ZHANGJIAKOU | IN_CHENGDE
COUNTIES = {"zhangbei": IN_ZHANGBEI, "kangbao": IN_KANGBAO}
CITIES = {"zhangjiakou": IN_ZHANGJIAKOU, "chengde": IN_CHENGDE}
PROVINCE = {"hebei": IN_HEBEI}
REGISTERED = {
    "zhangbei": frozenset({"O zhangbei"}),
    "zhangjiakou": frozenset({"O zhangjiakou", "O zhangbei"}),
    "hebei": frozenset({"O hebei", "O zhangjiakou", "O zhangbei", "O ministry"}),
    "beijing": frozenset({"O beijing", "O dongcheng"}),
    "dongcheng": frozenset({"O dongcheng"}),
}
MEMBERS = {"agent": OWN, "agent unverified": OWN, "signer": OWN}
OFFICERS = [name for name, actor in ACTORS.items() if actor.role is Role.OFFICER]

# permission -> actor -> the things that are reached; who is not named reaches nothing.
EXPECTED: dict[Permission, dict[str, frozenset[str]]] = {
    Permission.PROJECT_WRITE: COUNTIES,
    Permission.PROJECT_VERIFY: COUNTIES | CITIES,
    Permission.PROJECT_PUBLISH: CITIES | PROVINCE,
    Permission.PROJECT_READ_UNPUBLISHED: COUNTIES | CITIES | PROVINCE | {"auditor": ALL},
    Permission.CONTACT_READ: COUNTIES
    | CITIES
    | PROVINCE
    | {"agent": ALL, "signer": ALL, "auditor": ALL},
    # One table for the whole province, which alone keeps it; who posts or checks reads it.
    Permission.BATCH_BEGIN: {"hebei": ALL},
    Permission.PRICE_KEEP: {"hebei": ALL},
    Permission.PRICE_READ: dict.fromkeys([*OFFICERS, "auditor"], ALL),
    # Whoever sees a picture for the authorities may doubt it; an auditor changes nothing.
    Permission.PICTURE_DOUBT: COUNTIES | CITIES | PROVINCE,
    # Papers that are not public: for those who take part, and the authorities over the place.
    Permission.PAPER_READ: MEMBERS | COUNTIES | CITIES | PROVINCE | {"auditor": ALL},
    Permission.ORGANISATION_EDIT: MEMBERS,
    Permission.ORGANISATION_VERIFY: REGISTERED,
    Permission.ORGANISATION_ENTER: REGISTERED,
    Permission.ORGANISATION_READ: MEMBERS | REGISTERED | {"auditor": ALL},
    Permission.ORGANISATION_REVIEW: REGISTERED | {"auditor": ALL},
    Permission.MEMBERSHIP_MANAGE: {"signer": OWN},
    Permission.MEMBERSHIP_JOIN: {
        "agent": frozenset({"S own"}),
        "agent unverified": frozenset({"S other"}),
    },
    Permission.CLAIM_RESERVE: MEMBERS,
    Permission.CLAIM_HANDLE: MEMBERS,
    Permission.CLAIM_DECIDE: COUNTIES | CITIES,
    # Whoever prepares a ceremony reads what will be signed there, wherever it is.
    Permission.CLAIM_READ: MEMBERS
    | COUNTIES
    | CITIES
    | PROVINCE
    | {"auditor": ALL, "organiser": ALL},
    Permission.CAPACITY_READ: MEMBERS | COUNTIES | CITIES | PROVINCE | {"auditor": ALL},
    Permission.CLAIM_EXPIRE: {"system": ALL},
    Permission.CLAIM_SIGN: COUNTIES | CITIES | {"organiser": ALL},
    Permission.CLAIM_MESSAGE: MEMBERS | COUNTIES | CITIES,
    Permission.CLAIM_MESSAGES_READ: MEMBERS | COUNTIES | CITIES | PROVINCE | {"auditor": ALL},
    Permission.AGREEMENT_DRAFT: COUNTIES | CITIES | {"organiser": ALL},
    Permission.AGREEMENT_CONFIRM: {"signer": OWN},
    Permission.AGREEMENT_FREEZE: COUNTIES | CITIES | {"organiser": ALL},
    Permission.AGREEMENT_READ: MEMBERS
    | COUNTIES
    | CITIES
    | PROVINCE
    | {"auditor": ALL, "organiser": ALL},
    Permission.COMMITMENT_FOLLOW: COUNTIES | CITIES | PROVINCE | {"auditor": ALL, "organiser": ALL},
    Permission.CEREMONY_PLAN: {"organiser": ALL},
    Permission.CEREMONY_RUN: {"organiser": ALL},
    Permission.CEREMONY_CHECK_IN: COUNTIES | {"organiser": ALL},
    Permission.CEREMONY_READ: COUNTIES | CITIES | PROVINCE | {"auditor": ALL, "organiser": ALL},
    Permission.CEREMONY_ANSWER: MEMBERS,
    Permission.EXTRA_APPROVE: COUNTIES,
    Permission.ORGANISATION_INVITE: COUNTIES | CITIES | PROVINCE,
    Permission.INVITATION_READ: COUNTIES | CITIES | PROVINCE | {"auditor": ALL},
    Permission.INVITATION_ANSWER: MEMBERS,
    Permission.OFFER_HANDLE: MEMBERS,
    Permission.OFFER_READ: dict.fromkeys([*OFFICERS, "auditor"], ALL),
    Permission.MATCHES_VIEW: MEMBERS,
    Permission.FAVOURITE_KEEP: {"agent": ALL, "agent unverified": ALL, "signer": ALL},
    Permission.SEARCH_KEEP: {
        "agent": frozenset({"S own"}),
        "agent unverified": frozenset({"S other"}),
    },
    # Every officer of these tables is number 10.
    Permission.IMPORT_MAKE: dict.fromkeys(OFFICERS, frozenset({"I officer"})),
    Permission.IMPORT_READ: {
        "zhangbei": frozenset({"I officer"}),
        "zhangjiakou": frozenset({"I city"}),
        "auditor": ALL,
    },
    Permission.DESK_VIEW: dict.fromkeys(OFFICERS, ALL),
    Permission.PASSWORD_LINK_ISSUE: REGISTERED | {"admin": ALL},
    Permission.ACCOUNT_MANAGE: {"admin": ALL},
    Permission.AUDIT_READ: {"auditor": ALL},
    # A county does not publish what it counted itself.
    Permission.POOR_PEOPLE_RECORD: COUNTIES | CITIES | PROVINCE,
    Permission.POOR_PEOPLE_PUBLISH: CITIES | PROVINCE,
    Permission.POOR_PEOPLE_READ: COUNTIES | CITIES | PROVINCE | {"auditor": ALL},
}

# permission -> the roles that may knock at all.
ROLES: dict[Permission, set[Role]] = {
    Permission.PROJECT_WRITE: {Role.OFFICER},
    Permission.PROJECT_VERIFY: {Role.OFFICER},
    Permission.PROJECT_PUBLISH: {Role.OFFICER},
    Permission.PROJECT_READ_UNPUBLISHED: {Role.OFFICER, Role.AUDITOR},
    Permission.CONTACT_READ: {Role.AGENT, Role.OFFICER, Role.AUDITOR},
    Permission.BATCH_BEGIN: {Role.OFFICER},
    Permission.PRICE_KEEP: {Role.OFFICER},
    Permission.PRICE_READ: {Role.OFFICER, Role.AUDITOR},
    Permission.PICTURE_DOUBT: {Role.OFFICER},
    Permission.PAPER_READ: {Role.AGENT, Role.OFFICER, Role.AUDITOR},
    Permission.ORGANISATION_EDIT: {Role.AGENT},
    Permission.ORGANISATION_VERIFY: {Role.OFFICER},
    Permission.ORGANISATION_ENTER: {Role.OFFICER},
    Permission.ORGANISATION_READ: {Role.AGENT, Role.OFFICER, Role.AUDITOR},
    Permission.ORGANISATION_REVIEW: {Role.OFFICER, Role.AUDITOR},
    Permission.MEMBERSHIP_MANAGE: {Role.AGENT},
    Permission.MEMBERSHIP_JOIN: {Role.AGENT},
    Permission.CLAIM_RESERVE: {Role.AGENT},
    Permission.CLAIM_HANDLE: {Role.AGENT},
    Permission.CLAIM_DECIDE: {Role.OFFICER},
    Permission.CLAIM_READ: {Role.AGENT, Role.OFFICER, Role.ORGANISER, Role.AUDITOR},
    Permission.CAPACITY_READ: {Role.AGENT, Role.OFFICER, Role.AUDITOR},
    Permission.CLAIM_EXPIRE: {Role.SYSTEM},
    Permission.CLAIM_SIGN: {Role.ORGANISER, Role.OFFICER},
    Permission.CLAIM_MESSAGE: {Role.AGENT, Role.OFFICER},
    Permission.CLAIM_MESSAGES_READ: {Role.AGENT, Role.OFFICER, Role.AUDITOR},
    Permission.AGREEMENT_DRAFT: {Role.ORGANISER, Role.OFFICER},
    Permission.AGREEMENT_CONFIRM: {Role.AGENT},
    Permission.AGREEMENT_FREEZE: {Role.ORGANISER, Role.OFFICER},
    Permission.AGREEMENT_READ: {Role.AGENT, Role.OFFICER, Role.ORGANISER, Role.AUDITOR},
    Permission.COMMITMENT_FOLLOW: {Role.OFFICER, Role.ORGANISER, Role.AUDITOR},
    Permission.CEREMONY_PLAN: {Role.ORGANISER},
    Permission.CEREMONY_RUN: {Role.ORGANISER},
    Permission.CEREMONY_CHECK_IN: {Role.ORGANISER, Role.OFFICER},
    Permission.CEREMONY_READ: {Role.OFFICER, Role.ORGANISER, Role.AUDITOR},
    Permission.CEREMONY_ANSWER: {Role.AGENT},
    Permission.EXTRA_APPROVE: {Role.OFFICER},
    Permission.ORGANISATION_INVITE: {Role.OFFICER},
    Permission.INVITATION_READ: {Role.OFFICER, Role.AUDITOR},
    Permission.INVITATION_ANSWER: {Role.AGENT},
    Permission.OFFER_HANDLE: {Role.AGENT},
    Permission.OFFER_READ: {Role.OFFICER, Role.AUDITOR},
    Permission.MATCHES_VIEW: {Role.AGENT},
    Permission.FAVOURITE_KEEP: {Role.AGENT},
    Permission.SEARCH_KEEP: {Role.AGENT},
    Permission.IMPORT_MAKE: {Role.OFFICER},
    Permission.IMPORT_READ: {Role.OFFICER, Role.AUDITOR},
    Permission.DESK_VIEW: {Role.OFFICER},
    Permission.PASSWORD_LINK_ISSUE: {Role.OFFICER, Role.ADMIN},
    Permission.ACCOUNT_MANAGE: {Role.ADMIN},
    Permission.AUDIT_READ: {Role.AUDITOR},
    Permission.POOR_PEOPLE_RECORD: {Role.OFFICER},
    Permission.POOR_PEOPLE_PUBLISH: {Role.OFFICER},
    Permission.POOR_PEOPLE_READ: {Role.OFFICER, Role.AUDITOR},
}


class TestPolicy:
    def test_the_tables_name_every_permission_and_every_role(self) -> None:
        assert set(EXPECTED) == set(ROLES) == set(POLICY) == set(Permission)
        assert {actor.role for actor in ACTORS.values()} == set(Role)

    @pytest.mark.parametrize("permission", Permission)
    @pytest.mark.parametrize("who", ACTORS)
    def test_each_actor_reaches_these_things_and_no_other(
        self, permission: Permission, who: str
    ) -> None:
        actor = ACTORS[who]
        reached = {name for name, thing in THINGS.items() if permits(actor, permission, thing)}
        assert reached == EXPECTED[permission].get(who, frozenset())

    @pytest.mark.parametrize("permission", Permission)
    @pytest.mark.parametrize("who", ACTORS)
    def test_check_refuses_what_is_not_permitted(self, permission: Permission, who: str) -> None:
        for name, thing in THINGS.items():
            if name in EXPECTED[permission].get(who, frozenset()):
                check(ACTORS[who], permission, thing)
            else:
                with pytest.raises(Forbidden):
                    check(ACTORS[who], permission, thing)

    @pytest.mark.parametrize("permission", Permission)
    @pytest.mark.parametrize("role", Role)
    def test_only_these_roles_may_knock(self, permission: Permission, role: Role) -> None:
        assert role_holds(_person(role), permission) == (role in ROLES[permission])

    def test_a_prefix_is_not_a_substring(self) -> None:
        assert not permits(_officer("1307"), Permission.CLAIM_DECIDE, Thing("211307"))
        assert not permits(_officer("0722"), Permission.CLAIM_DECIDE, Thing("130722"))


class TestAsParty:
    def test_a_member_reads_what_another_leads_and_does_not_handle_it(self) -> None:
        joint = SimpleNamespace(
            organisation_id=9, region_code="130722", party_ids=frozenset({1, 9})
        )
        agent = ACTORS["agent"]
        assert permits(agent, Permission.CLAIM_READ, joint)
        assert not permits(agent, Permission.CLAIM_HANDLE, joint)
        joint.party_ids = frozenset({9})
        assert not permits(agent, Permission.CLAIM_READ, joint)

    def test_who_has_gone_still_reads_the_claim_and_no_longer_its_messages(self) -> None:
        joint = SimpleNamespace(
            organisation_id=9, region_code="130722", party_ids=frozenset({1, 9}), active_ids=[9, 1]
        )
        agent = ACTORS["agent"]
        for permission in (Permission.CLAIM_MESSAGE, Permission.CLAIM_MESSAGES_READ):
            joint.active_ids = [9, 1]
            assert permits(agent, permission, joint)
            joint.active_ids = [9]
            assert not permits(agent, permission, joint)
        assert permits(agent, Permission.CLAIM_READ, joint)
