"""Passwords and the one-time links with which they are set."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from matchplatform.accounts.links import issue_password_link
from matchplatform.accounts.models import PasswordLink, User
from matchplatform.accounts.passwords import check_strength, hash_password, verify_password
from matchplatform.accounts.services import hash_token
from matchplatform.audit.models import AuditEntry
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import InvalidInput
from tests.accounts.test_sign_in import WRONG, send
from tests.factories import PASSWORD, actor_for, make_admin, make_officer, sign_in

NEW = "坝上的草黄了又青，2021"


def link_for(user: User) -> str:
    """Issue a link to a user as an admin; return its token."""
    token = issue_password_link(actor=actor_for(make_admin()), user=user, within=None)
    db.session.commit()
    return token


def use(client: FlaskClient, token: str, password: str = NEW, again: str = "") -> tuple[int, str]:
    """Send the form of a link; return the status and where it leads, or the page."""
    answer = client.post(
        f"/password/{token}", data={"password": password, "again": again or password}
    )
    return answer.status_code, answer.location or answer.text


class TestStrength:
    @pytest.mark.parametrize(
        "password",
        ["short", "一二三四五六七八九十一", "x" * 129, "password12345678", "ＰＡＳＳＷＯＲＤ１２３４",
         "aaaaaaaaaaaa", "qwertyuiop123", "zhanghong2020", "minzheng@2021"],
    )  # fmt: skip
    def test_it_refuses_the_short_the_long_and_the_common(self, password: str) -> None:
        with pytest.raises(InvalidInput):
            check_strength(password, "zhanghong")

    @pytest.mark.parametrize(
        "password", [PASSWORD, NEW, "correct horse battery", "山" * 8 + "高水长远"]
    )
    def test_it_takes_a_sentence(self, password: str) -> None:
        check_strength(password, "zhanghong")

    def test_width_does_not_matter_afterwards(self) -> None:
        assert verify_password(hash_password("ａｂｃ 山高水长 ２０２０"), "abc 山高水长 2020")

    def test_nobody_has_an_empty_hash(self) -> None:
        assert not verify_password("", "")
        assert not verify_password("", "nobody has this password")


class TestALink:
    def test_it_sets_a_password_and_works_once(self, client: FlaskClient) -> None:
        user = make_officer()
        name, token = user.username, link_for(user)
        assert client.get(f"/password/{token}").status_code == 200
        assert use(client, token) == (303, "/sign-in")
        assert send(client, name)[0] == 400
        assert send(client, name, NEW)[0] == 303
        status, page = use(client, token, "另一个密码，再试一次")
        assert status == 404
        assert "已经用过或已过期" in page
        assert client.get(f"/password/{token}").status_code == 404

    def test_it_expires_after_thirty_minutes(self, client: FlaskClient) -> None:
        token = link_for(make_officer())
        start = clock.now()
        with clock.set_clock(start + timedelta(minutes=29)):
            assert client.get(f"/password/{token}").status_code == 200
        with clock.set_clock(start + timedelta(minutes=30, seconds=1)):
            assert client.get(f"/password/{token}").status_code == 404
            assert use(client, token)[0] == 404

    def test_a_newer_one_takes_its_place(self, client: FlaskClient) -> None:
        user = make_officer()
        old = link_for(user)
        new = link_for(user)
        assert client.get(f"/password/{old}").status_code == 404
        assert client.get(f"/password/{new}").status_code == 200

    def test_an_unknown_one_looks_like_a_used_one(self, client: FlaskClient) -> None:
        answer = client.get("/password/nothing-of-that-kind")
        assert answer.status_code == 404
        assert "已经用过或已过期" in answer.text

    def test_only_its_hash_is_kept_and_the_trail_knows_nothing_of_it(
        self, client: FlaskClient
    ) -> None:
        token = link_for(make_officer())
        use(client, token)
        assert db.session.scalars(select(PasswordLink.token_hash)).all() == [hash_token(token)]
        entries = db.session.scalars(select(AuditEntry)).all()
        assert {"account.issue_link", "account.reset_password"} <= {row.action for row in entries}
        said = [(row.subject_id, row.subject_label, row.reason, row.detail) for row in entries]
        assert token not in str(said)
        assert NEW not in str(said)

    def test_its_page_is_not_stored_and_its_address_not_told(self, client: FlaskClient) -> None:
        answer = client.get(f"/password/{link_for(make_officer())}")
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "strict-origin"

    def test_it_ends_every_session(self, client: FlaskClient) -> None:
        user = make_officer()
        user_id = user.id
        sign_in(client, user)
        token = link_for(db.session.get_one(User, user_id))
        use(client, token)
        assert client.get("/account").status_code == 303

    def test_a_weak_or_mistyped_password_does_not_spend_it(self, client: FlaskClient) -> None:
        token = link_for(make_officer())
        weak, unlike = use(client, token, "password12345"), use(client, token, NEW, "另一个")
        assert weak[0] == unlike[0] == 400
        assert "太常见" in weak[1]
        assert "两次输入的密码不一样" in unlike[1]
        assert NEW not in unlike[1]
        assert use(client, token)[0] == 303


class TestChange:
    @pytest.mark.parametrize(
        ("old", "new", "again", "words"),
        [
            (WRONG, NEW, NEW, "现在的密码不对"),
            (PASSWORD, NEW, NEW + "！", "两次输入的密码不一样"),
            (PASSWORD, "password12345", "password12345", "太常见"),
            (PASSWORD, "短", "短", "12 到 128 个字符"),
            ("", NEW, NEW, "请填现在的密码"),
        ],
    )
    def test_it_says_what_is_wrong_and_changes_nothing(
        self, client: FlaskClient, old: str, new: str, again: str, words: str
    ) -> None:
        user = make_officer()
        name = user.username
        sign_in(client, user)
        answer = client.post(
            "/account", data={"old_password": old, "password": new, "again": again}
        )
        assert answer.status_code == 400
        assert words in answer.text
        assert send(client, name)[0] == 303

    def test_guessing_the_old_one_is_counted_too(self, client: FlaskClient) -> None:
        sign_in(client, make_officer())
        data = {"old_password": WRONG, "password": NEW, "again": NEW}
        statuses = [client.post("/account", data=data).status_code for _ in range(6)]
        assert statuses == [400] * 5 + [429]

    def test_the_page_says_who_one_is(self, client: FlaskClient) -> None:
        sign_in(client, make_officer("130722"))
        page = client.get("/account").text
        assert "民政工作人员" in page
        assert "张家口市张北县" in page
