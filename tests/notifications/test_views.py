"""The notices page."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from matchplatform.accounts.models import User
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.outbox import OutboxEntry
from matchplatform.notifications.models import Notice
from matchplatform.notifications.services import deliver, tell
from tests.factories import make_auditor, make_officer, sign_in


def notify(user: User, words: str = "%(name)s 登记待核验。", **params: str) -> int:
    """Deliver a notice to a user; return its id."""
    tell([user.id], words, "/desk/organisations/7", **(params or {"name": "北京测试基金会"}))
    db.session.flush()
    entry = db.session.scalars(select(OutboxEntry).order_by(OutboxEntry.id.desc())).first()
    assert entry is not None
    deliver(entry)
    db.session.flush()
    notice_id = db.session.scalar(select(Notice.id).order_by(Notice.id.desc()))
    db.session.commit()
    assert notice_id is not None
    return notice_id


@pytest.fixture
def user(client: FlaskClient) -> User:
    """An officer who is signed in with the client."""
    officer = make_officer()
    sign_in(client, officer)
    return officer


class TestIndex:
    def test_an_empty_list_says_so(self, client: FlaskClient, user: User) -> None:
        assert "还没有通知" in client.get("/notices").text

    def test_it_shows_ones_own_newest_first(self, client: FlaskClient, user: User) -> None:
        notify(make_auditor(), name="别人的")
        start = clock.now()
        for minutes, name in enumerate(("先来的", "后来的")):
            with clock.set_clock(start + timedelta(minutes=minutes)):
                notify(user, name=name)
        page = client.get("/notices").text
        assert "别人的" not in page
        assert page.index("后来的 登记待核验。") < page.index("先来的 登记待核验。")
        assert "2 条还没看" in page
        assert page.count("未看：") == 2

    def test_it_goes_by_pages(self, client: FlaskClient, user: User) -> None:
        for _ in range(21):
            notify(user)
        assert "第 21–21 项，共 21 项" in client.get("/notices?page=2").text
        assert "第 21–21 项，共 21 项" in client.get("/notices?page=99").text
        assert client.get("/notices?page=-1").status_code == 200

    def test_what_people_typed_is_escaped(self, client: FlaskClient, user: User) -> None:
        notify(user, name='<script>alert("1")</script>%(x)s')
        page = client.get("/notices").text
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert" in page

    def test_visitors_are_asked_to_sign_in(self, client: FlaskClient) -> None:
        assert client.get("/notices").location.startswith("/sign-in")


class TestOpen:
    def test_it_is_marked_read_and_leads_there(self, client: FlaskClient, user: User) -> None:
        notice_id = notify(user)
        answer = client.post(f"/notices/{notice_id}/open")
        assert (answer.status_code, answer.location) == (303, "/desk/organisations/7")
        page = client.get("/notices").text
        assert "都看过了" in page
        assert "未看：" not in page

    def test_the_first_reading_counts(self, client: FlaskClient, user: User) -> None:
        notice_id = notify(user)
        client.post(f"/notices/{notice_id}/open")
        first = db.session.scalar(select(Notice.read_at))
        db.session.rollback()
        client.post(f"/notices/{notice_id}/open")
        assert db.session.scalar(select(Notice.read_at)) == first

    def test_somebody_elses_is_not_found(self, client: FlaskClient, user: User) -> None:
        notice_id = notify(make_auditor())
        assert client.post(f"/notices/{notice_id}/open").status_code == 404
        assert db.session.scalar(select(Notice.read_at)) is None

    def test_reading_is_no_get(self, client: FlaskClient, user: User) -> None:
        notice_id = notify(user)
        assert client.get(f"/notices/{notice_id}/open").status_code == 405

    def test_without_a_token_nothing_happens(self, client: FlaskClient, user: User) -> None:
        notice_id = notify(user)
        answer = client.post(f"/notices/{notice_id}/open", csrf=False)  # type: ignore[call-arg]
        assert answer.status_code == 400
        assert db.session.scalar(select(Notice.read_at)) is None


class TestReadAll:
    def test_it_marks_ones_own_and_nobody_elses(self, client: FlaskClient, user: User) -> None:
        user_id = user.id
        notify(user)
        notify(make_auditor())
        assert client.post("/notices/read-all").status_code == 303
        unread = db.session.scalars(select(Notice.user_id).where(Notice.read_at.is_(None))).all()
        assert len(unread) == 1
        assert user_id not in unread
