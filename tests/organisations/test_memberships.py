"""Members come and go: invitations, approval, rights, last days, the last signer, handing over."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from matchplatform.access.policy import Permission, permits
from matchplatform.accounts.models import User
from matchplatform.accounts.queries import find_user
from matchplatform.audit.models import AuditEntry
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Conflict, Forbidden, InvalidInput, StaleVersion
from matchplatform.kernel.outbox import OutboxEntry
from matchplatform.organisations import invitations, memberships
from matchplatform.organisations.membership_queries import get_membership, list_signer_ids
from matchplatform.organisations.membership_states import (
    MEMBERSHIP_WORDS,
    MEMBERSHIP_WORKFLOW,
    MembershipAction,
    MembershipState,
)
from matchplatform.organisations.models import Handover, Invitation, Membership, Organisation
from tests.accounts.test_sign_in import send
from tests.factories import (
    PASSWORD,
    actor_for,
    make_claim,
    make_officer,
    make_organisation,
    make_project,
    sign_in,
)

pytestmark = pytest.mark.usefixtures("db_session")

S, A = MembershipState, MembershipAction
JOIN = {
    "display_name": "孙小满",
    "username": "sun.xiaoman",
    "password": PASSWORD,
    "again": PASSWORD,
}


def make_member(
    organisation: Organisation, signer: User, *, as_signer: bool = False, approved: bool = True
) -> User:
    """Make a second member through a link, approved by the signer."""
    token = invitations.issue_invitation_link(
        actor=actor_for(signer),
        organisation=organisation,
        name="孙小满",
        as_signer=as_signer,
        until=None,
    )
    db.session.flush()
    number = len(db.session.scalars(select(User)).all())
    membership = invitations.register_member(
        invitation=invitations.get_invitation_by_token(token),
        username=f"member{number}",
        display_name="孙小满",
        password_hash=signer.password_hash,
    )
    if approved:
        memberships.approve_membership(
            actor=actor_for(signer), membership=membership, version=membership.version
        )
    db.session.commit()
    return membership.user


def of(organisation: Organisation, user: User) -> Membership:
    """Return a membership as it stands now."""
    return get_membership(organisation.id, user.id)


def told(user: User) -> list[str]:
    """Return the templates of the notices that are on their way to somebody."""
    rows = db.session.scalars(select(OutboxEntry).where(OutboxEntry.topic == "notice")).all()
    return [row.payload["template"] for row in rows if user.id in row.payload["user_ids"]]


class TestTheTable:
    ALLOWED = {
        S.PENDING: {A.APPROVE: S.APPROVED, A.DECLINE: S.REVOKED, A.LEAVE: S.REVOKED},
        S.APPROVED: {A.CHANGE: S.APPROVED, A.REVOKE: S.REVOKED, A.LEAVE: S.REVOKED},
        S.EXPIRED: {A.CHANGE: S.APPROVED, A.REVOKE: S.REVOKED, A.ASK_AGAIN: S.PENDING},
        S.REVOKED: {A.ASK_AGAIN: S.PENDING},
    }

    @pytest.mark.parametrize("state", S)
    @pytest.mark.parametrize("action", A)
    def test_each_cell(self, state: MembershipState, action: MembershipAction) -> None:
        assert MEMBERSHIP_WORKFLOW.moves.get((state, action)) == self.ALLOWED[state].get(action)

    def test_each_state_has_words(self) -> None:
        assert set(MEMBERSHIP_WORDS) == set(S)


class TestInviteByName:
    @pytest.fixture
    def two(self, client: FlaskClient) -> tuple[Organisation, User, User]:
        """An organisation with its signer, and an agent of another one."""
        organisation, signer = make_organisation()
        _other, stranger = make_organisation()
        return organisation, signer, stranger

    def test_the_invited_accepts_and_a_signer_approves(
        self, client: FlaskClient, two: tuple[Organisation, User, User]
    ) -> None:
        organisation, signer, stranger = two
        org_id, stranger_id, name = organisation.id, stranger.id, organisation.name
        sign_in(client, signer)
        data = {"name": stranger.display_name, "username": stranger.username.upper()}
        assert client.post("/my/members/invite", data=data).status_code == 303
        assert any("邀请" in words for words in told(stranger))
        sign_in(client, db.session.get_one(User, stranger_id))
        assert name in client.get("/my/memberships").text
        invitation = db.session.scalars(select(Invitation.id)).one()
        assert client.post(f"/my/invitations/{invitation}/accept").status_code == 303
        stranger = db.session.get_one(User, stranger_id)
        assert org_id not in actor_for(stranger).organisation_ids
        assert client.post(f"/my/invitations/{invitation}/accept").status_code == 409
        sign_in(client, db.session.get_one(User, two[1].id))
        page = client.get(f"/my/members/{stranger_id}").text
        assert "批准加入" in page
        version = of(db.session.get_one(Organisation, org_id), stranger).version
        answer = client.post(f"/my/members/{stranger_id}/approve", data={"version": version})
        assert answer.status_code == 303
        actor = actor_for(db.session.get_one(User, stranger_id))
        assert org_id in actor.organisation_ids
        assert org_id not in actor.signer_ids

    @pytest.mark.parametrize("wrong", [{"name": "别的人"}, {"username": "nobody-here"}])
    def test_name_and_user_name_must_both_fit(
        self, client: FlaskClient, two: tuple[Organisation, User, User], wrong: dict[str, str]
    ) -> None:
        _organisation, signer, stranger = two
        data = {"name": stranger.display_name, "username": stranger.username, **wrong}
        sign_in(client, signer)
        answer = client.post("/my/members/invite", data=data)
        assert answer.status_code == 400
        assert "没有这个姓名和用户名的经办人账号" in answer.text

    def test_a_refusal_says_nothing_of_the_day_that_was_left_open(
        self, client: FlaskClient, two: tuple[Organisation, User, User]
    ) -> None:
        sign_in(client, two[1])
        data = {"name": "张三", "username": "nobody1", "until": ""}
        answer = client.post("/my/members/invite", data=data)
        assert answer.status_code == 400
        assert "请填这样的日期" not in answer.text
        answer = client.post("/my/members/invite", data={**data, "until": "明年"})
        assert "请填这样的日期" in answer.text

    def test_officers_and_members_cannot_be_invited(
        self, two: tuple[Organisation, User, User]
    ) -> None:
        organisation, signer, _stranger = two
        officer = make_officer()
        for user, error in ((officer, InvalidInput), (signer, Conflict)):
            with pytest.raises(error):
                invitations.invite_user(
                    actor=actor_for(signer), organisation=organisation, name=user.display_name,
                    username=user.username, as_signer=False, until=None,
                )  # fmt: skip
        db.session.rollback()

    def test_an_invitation_is_for_its_own_person(
        self, client: FlaskClient, two: tuple[Organisation, User, User]
    ) -> None:
        organisation, signer, stranger = two
        invitations.invite_user(
            actor=actor_for(signer), organisation=organisation, name=stranger.display_name,
            username=stranger.username, as_signer=True, until=None,
        )  # fmt: skip
        db.session.commit()
        _third, third = make_organisation()
        sign_in(client, third)
        invitation = db.session.scalars(select(Invitation.id)).one()
        assert client.post(f"/my/invitations/{invitation}/accept").status_code == 404
        assert client.post(f"/my/invitations/{invitation}/decline").status_code == 404

    def test_it_can_be_declined_or_cancelled_and_then_not_accepted(
        self, client: FlaskClient, two: tuple[Organisation, User, User]
    ) -> None:
        organisation, signer, stranger = two
        signer_id, stranger_id, org_id = signer.id, stranger.id, organisation.id
        for who, path in ((stranger_id, "/my/invitations/{}/decline"),
                          (signer_id, "/my/members/invitations/{}/cancel")):  # fmt: skip
            invitation = invitations.invite_user(
                actor=actor_for(db.session.get_one(User, signer_id)),
                organisation=db.session.get_one(Organisation, org_id),
                name=db.session.get_one(User, stranger_id).display_name,
                username=db.session.get_one(User, stranger_id).username,
                as_signer=False, until=None,
            )  # fmt: skip
            number = invitation.id
            db.session.commit()
            sign_in(client, db.session.get_one(User, who))
            assert client.post(path.format(number)).status_code == 303
            sign_in(client, db.session.get_one(User, stranger_id))
            assert client.post(f"/my/invitations/{number}/accept").status_code == 409


class TestInviteByLink:
    def issue(self, client: FlaskClient, **data: str) -> str:
        answer = client.post("/my/members/invite-link", data={"link_name": "孙小满", **data})
        assert answer.status_code == 200, answer.text
        found = re.search(r"/join/([\w-]{40,})", answer.text)
        assert found is not None
        return found[1]

    def test_the_invited_registers_and_waits_for_approval(self, client: FlaskClient) -> None:
        organisation, signer = make_organisation()
        org_id = organisation.id
        sign_in(client, signer)
        token = self.issue(client)
        client.post("/sign-out")
        page = client.get(f"/join/{token}")
        assert (page.headers["Referrer-Policy"], page.headers["Cache-Control"]) == (
            "strict-origin", "no-store",
        )  # fmt: skip
        assert client.post(f"/join/{token}", data=JOIN).location == "/sign-in"
        user = find_user("sun.xiaoman")
        assert user is not None
        assert actor_for(user).organisation_ids == frozenset()
        assert send(client, "sun.xiaoman") == (303, "/my")
        assert "等签署人批准" in client.get("/my/memberships").text
        assert client.get("/my/members").status_code == 404
        assert db.session.get_one(Membership, (org_id, user.id)).standing is S.PENDING

    def test_it_works_once_and_for_seven_days(self, client: FlaskClient) -> None:
        _organisation, signer = make_organisation()
        sign_in(client, signer)
        used, late = self.issue(client), self.issue(client)
        client.post("/sign-out")
        client.post(f"/join/{used}", data=JOIN)
        again = client.post(f"/join/{used}", data={**JOIN, "username": "another"})
        assert again.status_code == 404
        assert find_user("another") is None
        with clock.set_clock(clock.now() + timedelta(days=7, seconds=1)):
            assert client.get(f"/join/{late}").status_code == 404
        assert client.get("/join/nothing-of-that-kind").status_code == 404

    def test_only_its_hash_is_kept(self, client: FlaskClient) -> None:
        _organisation, signer = make_organisation()
        sign_in(client, signer)
        token = self.issue(client)
        assert token not in str(db.session.scalars(select(Invitation.token_hash)).all())
        details = [row.detail for row in db.session.scalars(select(AuditEntry))]
        assert token not in str(details)
        assert token not in client.get("/my/members").text

    def test_somebody_with_an_account_uses_that(self, client: FlaskClient) -> None:
        organisation, signer = make_organisation()
        org_id = organisation.id
        _other, stranger = make_organisation()
        stranger_id = stranger.id
        sign_in(client, signer)
        token = self.issue(client, as_signer="y")
        sign_in(client, db.session.get_one(User, stranger_id))
        assert "用这个账号接受" in client.get(f"/join/{token}").text
        assert client.post(f"/join/{token}/accept").status_code == 303
        row = db.session.get_one(Membership, (org_id, stranger_id))
        assert (row.standing, row.is_signer) == (S.PENDING, True)

    def test_an_officer_cannot_join(self, client: FlaskClient) -> None:
        _organisation, signer = make_organisation()
        sign_in(client, signer)
        token = self.issue(client)
        sign_in(client, make_officer())
        assert client.post(f"/join/{token}/accept").status_code == 403
        # Whoever reads the trail could else join in somebody's place.
        refused = select(AuditEntry.subject_label).where(AuditEntry.action == "access.refused")
        assert db.session.scalars(refused).all() == ["POST /join/…/accept"]

    def test_a_taken_name_a_weak_password_do_not_spend_it(self, client: FlaskClient) -> None:
        _organisation, signer = make_organisation()
        taken = signer.username
        sign_in(client, signer)
        token = self.issue(client)
        client.post("/sign-out")
        weak = {**JOIN, "password": "password12345", "again": "password12345"}
        for data in ({**JOIN, "username": taken}, weak):
            assert client.post(f"/join/{token}", data=data).status_code == 400
        assert client.post(f"/join/{token}", data=JOIN).status_code == 303


class TestRights:
    def test_an_agent_claims_but_does_not_invite_or_approve(self, client: FlaskClient) -> None:
        organisation, signer = make_organisation()
        agent = make_member(organisation, signer)
        waiting = make_member(organisation, signer, approved=False)
        actor, waiting_id = actor_for(agent), waiting.id
        assert permits(actor, Permission.CLAIM_RESERVE, organisation)
        with pytest.raises(Forbidden):
            memberships.approve_membership(
                actor=actor, membership=of(organisation, waiting), version=1
            )
        db.session.rollback()
        sign_in(client, agent)
        assert "邀请、批准和撤销由签署人办理" in client.get(f"/my/members/{waiting_id}").text
        refused = [
            client.post("/my/members/invite", data={"name": "甲", "username": "someone"}),
            client.post("/my/members/invite-link", data={"link_name": "甲"}),
            client.post(f"/my/members/{waiting_id}/approve", data={"version": "1"}),
            client.post(f"/my/members/{waiting_id}/revoke", data={"version": "1", "reason": "无"}),
        ]
        assert {answer.status_code for answer in refused[:1] + refused[2:3]} <= {400, 403}
        assert refused[1].status_code == 403
        assert of(organisation, waiting).standing is S.PENDING

    def test_a_signer_of_another_organisation_reaches_nothing(self) -> None:
        organisation, signer = make_organisation()
        waiting = make_member(organisation, signer, approved=False)
        _other, stranger = make_organisation()
        row = of(organisation, waiting)
        for verb, extra in (
            (memberships.approve_membership, {}),
            (memberships.decline_membership, {"reason": "不认识"}),
            (memberships.change_membership, {"is_signer": True, "expires_on": None}),
            (memberships.revoke_membership, {"reason": "不认识", "successor_id": None}),
        ):
            with pytest.raises(Forbidden):
                verb(actor=actor_for(stranger), membership=row, version=row.version, **extra)  # type: ignore[operator]
        with pytest.raises(Forbidden):
            memberships.leave_organisation(
                actor=actor_for(stranger), membership=row, version=row.version, successor_id=None
            )

    def test_a_stale_page_changes_nothing(self) -> None:
        organisation, signer = make_organisation()
        waiting = make_member(organisation, signer, approved=False)
        row = of(organisation, waiting)
        with pytest.raises(StaleVersion):
            memberships.approve_membership(
                actor=actor_for(signer), membership=row, version=row.version + 1
            )

    def test_declining_wants_a_reason_and_tells(self, client: FlaskClient) -> None:
        organisation, signer = make_organisation()
        waiting = make_member(organisation, signer, approved=False)
        waiting_id = waiting.id
        where = f"/my/members/{waiting_id}/decline"
        sign_in(client, signer)
        version = str(of(organisation, waiting).version)
        assert client.post(where, data={"version": version, "reason": ""}).status_code == 400
        done = client.post(where, data={"version": version, "reason": "不是我们的人"})
        assert done.status_code == 303
        row = of(organisation, db.session.get_one(User, waiting_id))
        assert (row.standing, row.end_reason) == (S.REVOKED, "不是我们的人")
        assert any("没有获准" in words for words in told(row.user))


class TestTheLastDay:
    def test_it_acts_by_itself(self, client: FlaskClient) -> None:
        organisation, signer = make_organisation()
        agent = make_member(organisation, signer)
        row = of(organisation, agent)
        memberships.change_membership(
            actor=actor_for(signer), membership=row, version=row.version,
            is_signer=False, expires_on=clock.today() + timedelta(days=3),
        )  # fmt: skip
        db.session.commit()
        ends = clock.end_of_day(clock.today() + timedelta(days=3))
        with clock.set_clock(ends - timedelta(seconds=1)):
            assert actor_for(agent).organisation_ids == {organisation.id}
        with clock.set_clock(ends):
            assert actor_for(agent).organisation_ids == frozenset()
            assert row.standing is S.EXPIRED
            assert row.status is S.APPROVED
            sign_in(client, agent)
            assert client.get("/my/organisation").status_code == 404
            sign_in(client, db.session.get_one(User, signer.id))
            page = client.get("/my/members").text
            assert "已到期" in page
            version = db.session.get_one(Membership, (row.organisation_id, row.user_id)).version
            answer = client.post(
                f"/my/members/{agent.id}/change", data={"version": str(version), "until": ""}
            )
            assert answer.status_code == 303
            assert actor_for(agent).organisation_ids == {organisation.id}

    def test_a_past_day_and_an_unreadable_one_are_refused(self, client: FlaskClient) -> None:
        organisation, signer = make_organisation()
        agent_id = make_member(organisation, signer).id
        sign_in(client, signer)
        for day in ("2020-01-01", "明年"):
            answer = client.post(
                f"/my/members/{agent_id}/change", data={"version": "2", "until": day}
            )
            assert answer.status_code == 400
            assert "Not a valid" not in answer.text


class TestTheLastSigner:
    def attempts(self, signer: User, row: Membership) -> list[Any]:
        """Return every way in which a signer could stop being one."""
        actor, today = actor_for(signer), clock.today()
        same: dict[str, Any] = {"actor": actor, "membership": row, "version": row.version}
        return [
            lambda: memberships.leave_organisation(**same, successor_id=None),
            lambda: memberships.change_membership(**same, is_signer=False, expires_on=None),
            lambda: memberships.change_membership(**same, is_signer=True, expires_on=today),
        ]

    def test_they_hand_over_before_leaving(self) -> None:
        organisation, signer = make_organisation()
        agent = make_member(organisation, signer)
        for attempt in self.attempts(signer, of(organisation, signer)):
            with pytest.raises(Conflict, match="最后一位"):
                attempt()
            db.session.rollback()
        row = of(organisation, agent)
        memberships.change_membership(
            actor=actor_for(signer), membership=row, version=row.version,
            is_signer=True, expires_on=None,
        )  # fmt: skip
        db.session.commit()
        mine = of(organisation, signer)
        memberships.leave_organisation(
            actor=actor_for(signer), membership=mine, version=mine.version, successor_id=None
        )
        db.session.commit()
        assert actor_for(signer).organisation_ids == frozenset()
        assert actor_for(signer).unit == ""
        assert list_signer_ids(organisation.id) == [agent.id]

    @pytest.mark.parametrize("why", ["with a last day", "with a stopped account", "pending"])
    def test_a_signer_who_does_not_last_is_no_other_signer(self, why: str) -> None:
        organisation, signer = make_organisation()
        other = make_member(organisation, signer, as_signer=True, approved=why != "pending")
        if why == "with a last day":
            of(organisation, other).expires_on = clock.today() + timedelta(days=30)
        if why == "with a stopped account":
            other.is_active = False
        db.session.commit()
        for attempt in self.attempts(signer, of(organisation, signer)):
            with pytest.raises(Conflict, match="最后一位"):
                attempt()
            db.session.rollback()

    def test_one_is_not_revoked_by_oneself(self) -> None:
        organisation, signer = make_organisation()
        row = of(organisation, signer)
        with pytest.raises(Conflict, match="退出组织"):
            memberships.revoke_membership(
                actor=actor_for(signer), membership=row, version=row.version,
                reason="试试看", successor_id=None,
            )  # fmt: skip


class TestAppointing:
    def test_the_verifying_officer_names_one_where_none_is_left(self, client: FlaskClient) -> None:
        organisation, signer = make_organisation(region="110000")
        agent = make_member(organisation, signer)
        where = f"/desk/organisations/{organisation.id}/members/{agent.id}/signer"
        ids = agent.id, signer.id, organisation.id
        officer, stranger = make_officer("11"), make_officer("13")
        sign_in(client, stranger)
        assert client.post(where, data={"reason": "来过窗口"}).status_code == 404
        sign_in(client, db.session.get_one(User, officer.id))
        assert client.post(where, data={"reason": "来过窗口"}).status_code == 409
        db.session.get_one(User, ids[1]).is_active = False
        db.session.commit()
        assert "指定为签署人" in client.get(f"/desk/organisations/{ids[2]}").text
        assert client.post(where, data={"reason": "来过窗口"}).status_code == 303
        assert actor_for(db.session.get_one(User, ids[0])).signer_ids == {ids[2]}


class TestHandover:
    def test_open_claims_stay_and_the_successor_and_the_county_are_told(
        self, client: FlaskClient
    ) -> None:
        organisation, signer = make_organisation()
        agent = make_member(organisation, signer)
        project = make_project()
        officer = make_officer(project.region_code)
        claim = make_claim(project, organisation, agent, submitted=True)
        ids = agent.id, signer.id, claim.id, officer.id, organisation.id
        sign_in(client, agent)
        page = client.get(f"/my/memberships/{organisation.id}/leave").text
        assert project.name in page
        where = f"/my/memberships/{ids[4]}/leave"
        version = str(of(organisation, agent).version)
        missing = client.post(where, data={"version": version})
        assert missing.status_code == 400
        assert "请选一位在任的人接手" in missing.text
        done = client.post(where, data={"version": version, "successor": str(ids[1])})
        assert done.status_code == 303
        kept = db.session.scalars(select(Handover)).one()
        assert (kept.from_user_id, kept.to_user_id) == ids[:2]
        assert [item["url"] for item in kept.items] == [f"/claims/{ids[2]}"]
        claim = db.session.get_one(type(claim), ids[2])
        assert (claim.organisation_id, claim.is_open) == (ids[4], True)
        assert any("请您接着办" in words for words in told(db.session.get_one(User, ids[1])))
        assert any("换成" in words for words in told(db.session.get_one(User, ids[3])))
        assert client.get(f"/claims/{ids[2]}").status_code == 404
        sign_in(client, db.session.get_one(User, ids[1]))
        assert "交接记录" in client.get("/my/members").text

    def test_a_revoked_agent_is_out_at_once(self, client: FlaskClient) -> None:
        organisation, signer = make_organisation()
        agent = make_member(organisation, signer)
        org_id, agent_id, version = organisation.id, agent.id, of(organisation, agent).version
        inside = client.application.test_client()
        sign_in(inside, agent)
        assert inside.get("/my/organisation").status_code == 200
        sign_in(client, db.session.get_one(User, signer.id))
        where, data = f"/my/members/{agent_id}/revoke", {"version": str(version)}
        assert client.post(where, data=data).status_code == 400
        assert client.post(where, data={**data, "reason": "离职"}).status_code == 303
        assert inside.get("/my/organisation").status_code == 404
        assert "离职" in inside.get("/my/memberships").text
        row = db.session.get_one(Membership, (org_id, agent_id))
        assert (row.standing, row.ended_on) == (S.REVOKED, clock.today())

    def test_nobody_outside_takes_over(self) -> None:
        organisation, signer = make_organisation()
        agent = make_member(organisation, signer)
        _other, stranger = make_organisation()
        row = of(organisation, agent)
        for chosen in (stranger.id, agent.id):
            with pytest.raises(InvalidInput):
                memberships.revoke_membership(
                    actor=actor_for(signer), membership=row, version=row.version,
                    reason="离职", successor_id=chosen,
                )  # fmt: skip
            db.session.rollback()

    def test_who_left_may_be_invited_again(self) -> None:
        organisation, signer = make_organisation()
        agent = make_member(organisation, signer)
        row = of(organisation, agent)
        memberships.leave_organisation(
            actor=actor_for(agent), membership=row, version=row.version, successor_id=None
        )
        invitation = invitations.invite_user(
            actor=actor_for(signer), organisation=organisation, name=agent.display_name,
            username=agent.username, as_signer=False, until=None,
        )  # fmt: skip
        db.session.flush()
        invitations.accept_invitation(actor=actor_for(agent), user=agent, invitation=invitation)
        db.session.commit()
        assert of(organisation, agent).standing is S.PENDING
        assert of(organisation, agent).ended_on is None
