"""The pages of mail: preferences, the link that proves an address, the link that stops letters."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from matchplatform.accounts.models import User
from matchplatform.kernel.db import db
from matchplatform.notifications.kinds import MailMode, NoticeKind
from matchplatform.notifications.mail import ask_address, confirm_token, stop_token
from matchplatform.notifications.models import MailPreference
from tests.factories import actor_for, make_officer, sign_in
from tests.notifications.conftest import waiting, want_mail

PAGE = "/notices/preferences"


@pytest.fixture
def user(client: FlaskClient) -> User:
    """An officer who is signed in with the client."""
    officer = make_officer()
    sign_in(client, officer)
    return officer


@pytest.fixture
def mail_is_on(app: Flask) -> Iterator[None]:
    """A site that knows a mail server."""
    before = app.extensions["settings"]
    app.extensions["settings"] = replace(before, mail_host="127.0.0.1", mail_from="a@b.cn")
    yield
    app.extensions["settings"] = before


def kept_of(user: User) -> MailPreference:
    """Return what is kept, read anew."""
    db.session.rollback()
    return db.session.get_one(MailPreference, user.id)


@pytest.mark.usefixtures("mail_is_on")
class TestAddress:
    def test_an_address_is_asked_to_prove_itself(self, client: FlaskClient, user: User) -> None:
        assert "什么时候发" not in client.get(PAGE).text
        answer = client.post(f"{PAGE}/address", data={"address": "zhao@example.cn"})
        assert (answer.status_code, answer.location) == (303, PAGE)
        page = client.get(PAGE).text
        assert "等您确认" in page
        assert "什么时候发" in page
        assert [entry.payload["user_id"] for entry in waiting()] == [user.id]

    @pytest.mark.parametrize("typed", ["", "zhao", "a@x.cn\r\nBcc: b@x.cn", "<script>@x.cn"])
    def test_what_is_none_is_shown_again(self, client: FlaskClient, user: User, typed: str) -> None:
        answer = client.post(f"{PAGE}/address", data={"address": typed})
        assert answer.status_code == 400
        assert "处需要改" in answer.text
        assert "<script>@" not in answer.text
        assert waiting() == []

    def test_links_in_haste_are_refused(self, client: FlaskClient, user: User) -> None:
        client.post(f"{PAGE}/address", data={"address": "zhao@example.cn"})
        answer = client.post(f"{PAGE}/address", data={"address": "zhao@example.cn"})
        assert answer.status_code == 429
        assert "两分钟" in answer.text
        assert len(waiting()) == 1

    def test_fields_that_are_not_asked_for_prove_nothing(
        self, client: FlaskClient, user: User
    ) -> None:
        client.post(
            f"{PAGE}/address",
            data={"address": "zhao@example.cn", "confirmed_at": "2026-01-01", "user_id": "1"},
        )
        assert kept_of(user).confirmed_at is None

    def test_it_can_be_removed(self, client: FlaskClient, user: User) -> None:
        want_mail(user)
        assert client.post(f"{PAGE}/address/remove").status_code == 303
        assert kept_of(user).address == ""
        assert "zhao@" not in client.get(PAGE).text
        assert client.post(f"{PAGE}/address/remove").status_code == 404


class TestWithoutMail:
    def test_the_page_says_so_and_takes_no_address(self, client: FlaskClient, user: User) -> None:
        assert "还没有接通邮件" in client.get(PAGE).text
        assert client.post(f"{PAGE}/address", data={"address": "z@x.cn"}).status_code == 409

    @pytest.mark.parametrize("path", [PAGE, "/notices/confirm/x"])
    def test_visitors_are_asked_to_sign_in(self, client: FlaskClient, path: str) -> None:
        assert client.get(path).location.startswith("/sign-in")


class TestChoose:
    def test_choices_are_kept_and_shown(self, client: FlaskClient, user: User) -> None:
        want_mail(user)
        answer = client.post(PAGE, data={"mode": "daily", "claims": "at_once", "other": ""})
        assert answer.status_code == 400
        typed = dict.fromkeys((kind.value for kind in NoticeKind), "")
        answer = client.post(PAGE, data={**typed, "mode": "daily", "claims": "at_once"})
        assert answer.status_code == 303
        kept = kept_of(user)
        assert kept.mode is MailMode.DAILY
        assert kept.mode_of(NoticeKind.CLAIMS) is MailMode.AT_ONCE
        assert kept.mode_of(NoticeKind.PROJECTS) is MailMode.DAILY
        page = client.get(PAGE).text
        assert page.count('<option selected value="daily">') == 1
        assert page.count('<option selected value="at_once">') == 1

    @pytest.mark.parametrize("mode", ["", "hourly", "DAILY"])
    def test_another_mode_is_refused(self, client: FlaskClient, user: User, mode: str) -> None:
        want_mail(user)
        typed = dict.fromkeys((kind.value for kind in NoticeKind), "")
        assert client.post(PAGE, data={**typed, "mode": mode}).status_code == 400
        assert kept_of(user).mode is MailMode.AT_ONCE


class TestConfirm:
    @pytest.fixture
    def link(self, user: User) -> str:
        """The link that was sent to the user."""
        kept = ask_address(actor=actor_for(user), user=user, typed="zhao@example.cn")
        link = f"/notices/confirm/{confirm_token(kept)}"
        db.session.commit()
        return link

    def test_opening_it_changes_nothing_and_pressing_does(
        self, client: FlaskClient, user: User, link: str
    ) -> None:
        page = client.get(link)
        assert "zhao@example.cn" in page.text
        assert page.headers["Cache-Control"] == "no-store"
        assert page.headers["Referrer-Policy"] == "strict-origin"
        assert kept_of(user).confirmed_at is None
        assert client.post(link).status_code == 303
        assert kept_of(user).confirmed_at is not None
        assert client.get(link).status_code == 404
        assert client.post(link).status_code == 404

    def test_somebody_else_cannot_use_it(self, client: FlaskClient, user: User, link: str) -> None:
        sign_in(client, make_officer())
        assert client.get(link).status_code == 404
        assert client.post(link).status_code == 404
        assert kept_of(user).confirmed_at is None

    def test_without_a_token_of_the_form_nothing_happens(
        self, client: FlaskClient, user: User, link: str
    ) -> None:
        assert client.post(link, csrf=False).status_code == 400  # type: ignore[call-arg]
        assert kept_of(user).confirmed_at is None


class TestUnsubscribe:
    @pytest.fixture
    def link(self, client: FlaskClient) -> str:
        """The link at the foot of a letter."""
        user = want_mail(make_officer())
        return f"/notices/unsubscribe/{user.id}/{stop_token(kept_of(user))}"

    def test_it_stops_letters_without_signing_in(self, client: FlaskClient, link: str) -> None:
        user_id = int(link.split("/")[3])
        page = client.get(link)
        assert page.status_code == 200
        assert "zhao@" not in page.text
        assert db.session.get_one(MailPreference, user_id).mode is MailMode.AT_ONCE
        answer = client.post(link)
        assert "已停发邮件" in answer.text
        db.session.rollback()
        assert db.session.get_one(MailPreference, user_id).mode is MailMode.NONE
        assert client.post(link).status_code == 200

    @pytest.mark.parametrize("changed", ["1/x", f"{2**70}/x", "1/" + "0" * 64, "0/%F0%9F%98%80"])
    def test_another_link_is_not_found(self, client: FlaskClient, link: str, changed: str) -> None:
        for answer in (client.get(f"/notices/unsubscribe/{changed}"),
                       client.post(f"/notices/unsubscribe/{changed}")):  # fmt: skip
            assert 400 <= answer.status_code < 500
