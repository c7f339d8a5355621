"""The admin's pages."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from matchplatform.accounts.models import User
from matchplatform.accounts.queries import find_user
from matchplatform.audit.models import AuditEntry
from matchplatform.kernel.db import db
from tests.accounts.test_passwords import NEW, use
from tests.accounts.test_sign_in import send
from tests.factories import (
    make_admin,
    make_auditor,
    make_officer,
    make_organisation,
    sign_in,
)

OFFICER = {
    "role": "officer",
    "region_prefix": "130722",
    "unit": "张北县民政局",
    "display_name": "李桂兰",
    "username": "li.guilan",
}
ADDRESSES = ["/admin/accounts", "/admin/accounts/new", "/admin/accounts/1"]
ACTIONS = ["password-link", "disable", "enable"]


@pytest.fixture
def admin(client: FlaskClient) -> int:
    """An admin who is signed in with the client; their id."""
    user = make_admin()
    user_id = user.id
    sign_in(client, user)
    return user_id


class TestWhoMay:
    def test_nobody_else_comes_in_and_the_refusal_is_audited(self, client: FlaskClient) -> None:
        _organisation, agent = make_organisation()
        ids = [user.id for user in (make_officer(), make_officer("13"), make_auditor(), agent)]
        for user_id in ids:
            sign_in(client, db.session.get_one(User, user_id))
            assert {client.get(where).status_code for where in ADDRESSES} == {403}
            refused = [client.post("/admin/accounts/new", data=OFFICER).status_code]
            refused += [
                client.post(f"/admin/accounts/1/{act}", data={"reason": "试试看"}).status_code
                for act in ("disable", "enable")
            ]
            assert set(refused) == {403}
        assert find_user("li.guilan") is None
        actions = db.session.scalars(select(AuditEntry.action)).all()
        assert actions.count("access.refused") == len(ids) * 6

    def test_an_officer_issues_no_link_to_just_anybody(self, client: FlaskClient) -> None:
        other = make_officer().id
        sign_in(client, make_officer("13"))
        assert client.post(f"/admin/accounts/{other}/password-link").status_code == 403

    def test_visitors_are_asked_to_sign_in(self, client: FlaskClient) -> None:
        assert client.get("/admin/accounts").location.startswith("/sign-in?next=")


class TestIndex:
    def test_it_lists_names_roles_and_regions(self, client: FlaskClient, admin: int) -> None:
        make_officer("130722")
        make_officer("13")
        page = client.get("/admin/accounts").text
        for words in ("民政工作人员", "系统管理员", "张北县", "河北省", "在用"):
            assert words in page

    def test_it_goes_by_pages(self, client: FlaskClient, admin: int) -> None:
        for _ in range(51):
            make_auditor()
        assert "第 51–52 项，共 52 项" in client.get("/admin/accounts?page=2").text


class TestNew:
    def test_it_opens_an_account_whose_owner_sets_the_password(
        self, client: FlaskClient, admin: int
    ) -> None:
        answer = client.post("/admin/accounts/new", data=OFFICER)
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "no-store"
        token = token_in(answer.text)
        user = find_user("li.guilan")
        assert user is not None
        assert (user.region_prefix, user.unit, user.password_hash) == ("130722", "张北县民政局", "")
        client.post("/sign-out")
        assert send(client, "li.guilan", "")[0] == 400
        assert use(client, token)[0] == 303
        assert send(client, "li.guilan", NEW) == (303, "/desk")

    @pytest.mark.parametrize("role", ["organiser", "auditor", "admin"])
    def test_it_opens_the_other_roles(self, client: FlaskClient, admin: int, role: str) -> None:
        data = {**OFFICER, "role": role, "region_prefix": ""}
        assert client.post("/admin/accounts/new", data=data).status_code == 200

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"region_prefix": ""}, "民政工作人员要选定所属地区"),
            ({"role": "auditor"}, "民政工作人员要选定所属地区"),
            ({"region_prefix": "99"}, "请从列表里选一个地区"),
            ({"role": ""}, "请选角色"),
            ({"role": "agent"}, "请选角色"),
            ({"role": "system"}, "请选角色"),
            ({"username": "ab"}, "3 到 32 个小写字母"),
            ({"username": "李桂兰"}, "3 到 32 个小写字母"),
            ({"display_name": ""}, "请填这一项"),
            ({"display_name": "李" * 61}, "最多 60 个字"),
        ],
    )
    def test_it_says_what_is_wrong_and_loses_nothing(
        self, client: FlaskClient, admin: int, changes: dict[str, str], words: str
    ) -> None:
        answer = client.post("/admin/accounts/new", data={**OFFICER, **changes})
        assert answer.status_code == 400
        assert words in answer.text
        assert "Not a valid" not in answer.text
        assert "张北县民政局" in answer.text
        assert find_user("li.guilan") is None

    def test_a_name_that_is_taken_is_said_at_the_name(
        self, client: FlaskClient, admin: int
    ) -> None:
        client.post("/admin/accounts/new", data=OFFICER)
        answer = client.post("/admin/accounts/new", data={**OFFICER, "username": "LI.Guilan"})
        assert answer.status_code == 400
        assert "已经有人用了" in answer.text

    def test_extra_fields_change_nothing(self, client: FlaskClient, admin: int) -> None:
        extra = {"password_hash": "x", "is_active": "", "id": "77", "verified": "1"}
        client.post("/admin/accounts/new", data={**OFFICER, **extra})
        user = find_user("li.guilan")
        assert user is not None
        assert (user.password_hash, user.is_active, user.id == 77) == ("", True, False)


class TestActions:
    def test_disabling_and_enabling_want_a_reason(self, client: FlaskClient, admin: int) -> None:
        user = make_officer()
        user_id, name = user.id, user.username
        where = f"/admin/accounts/{user_id}"
        missing = client.post(f"{where}/disable", data={"reason": " "})
        assert missing.status_code == 400
        assert "请写明原因" in missing.text
        assert client.post(f"{where}/disable", data={"reason": "调离"}).status_code == 303
        assert "已停用" in client.get(where).text
        assert send(client, name)[0] == 400
        assert client.post(f"{where}/enable", data={"reason": "调回"}).status_code == 303
        entries = db.session.execute(
            select(AuditEntry.action, AuditEntry.reason).where(AuditEntry.reason != "")
        ).all()
        assert [tuple(row) for row in entries] == [
            ("account.disable", "调离"), ("account.enable", "调回"),
        ]  # fmt: skip

    def test_one_cannot_disable_oneself(self, client: FlaskClient, admin: int) -> None:
        answer = client.post(f"/admin/accounts/{admin}/disable", data={"reason": "试试"})
        assert answer.status_code == 409
        assert client.get("/admin/accounts").status_code == 200

    def test_a_link_is_shown_once_with_its_whole_address(
        self, client: FlaskClient, admin: int
    ) -> None:
        user_id = make_auditor().id
        answer = client.post(f"/admin/accounts/{user_id}/password-link")
        token = token_in(answer.text)
        assert f"http://localhost/password/{token}" in answer.text
        assert client.get(f"/password/{token}").status_code == 200
        assert token not in client.get(f"/admin/accounts/{user_id}").text

    @pytest.mark.parametrize("number", ["999999", "2147483648", "9223372036854775808", "9" * 40])
    def test_an_account_that_does_not_exist_is_not_found(
        self, client: FlaskClient, admin: int, number: str
    ) -> None:
        assert client.get(f"/admin/accounts/{number}").status_code == 404
        for act in ACTIONS:
            answer = client.post(f"/admin/accounts/{number}/{act}", data={"reason": "没有"})
            assert answer.status_code == 404


def token_in(page: str) -> str:
    """Return the token of the one-time link on a page."""
    found = re.search(r"/password/([\w-]{40,})", page)
    assert found is not None
    return found[1]
