"""Stopping an officer's account: what was open goes to somebody of the same region."""

from flask.testing import FlaskClient
from sqlalchemy import select

from matchplatform.accounts.models import User
from matchplatform.accounts.standing import list_open_work, list_successors
from matchplatform.audit.models import AuditEntry
from matchplatform.kernel.db import db
from matchplatform.kernel.outbox import OutboxEntry
from matchplatform.projects.kept import keep_form
from matchplatform.projects.models import Project
from matchplatform.projects.posting_models import KeptForm
from matchplatform.projects.states import ProjectState
from tests.factories import actor_for, make_admin, make_officer, make_project, sign_in

REASON = {"reason": "调离"}


def author_of(project: Project) -> User:
    """Return the first who wrote on a project."""
    return db.session.get_one(User, project.author_ids[0])


def told() -> dict[int, list[str]]:
    """Return who is told which project's number."""
    found: dict[int, list[str]] = {}
    for row in db.session.scalars(select(OutboxEntry).where(OutboxEntry.topic == "notice")):
        if "账号已停用" in row.payload["template"]:
            for user_id in row.payload["user_ids"]:
                found.setdefault(user_id, []).append(row.payload["params"]["number"])
    return found


class TestDisablingAnOfficer:
    def test_it_shows_what_is_open_and_asks_for_a_successor(self, client: FlaskClient) -> None:
        project = make_project(state=ProjectState.DRAFT)
        author = author_of(project)
        author_id, number, name = author.id, project.number, project.name
        other = next(user.id for user in list_successors(author))
        where = f"/admin/accounts/{author_id}"
        sign_in(client, make_admin())
        page = client.get(where).text
        assert name in page
        assert "写的草稿，还没提交" in page
        missing = client.post(f"{where}/disable", data=REASON)
        assert missing.status_code == 400
        assert "请选由谁接手" in missing.text
        assert db.session.get_one(User, author_id).is_active
        done = client.post(f"{where}/disable", data={**REASON, "successor": str(other)})
        assert done.status_code == 303
        moved = db.session.scalar(select(Project).where(Project.number == number))
        assert moved is not None
        assert moved.author_ids == sorted([author_id, other])
        assert told() == {other: [number]}
        entry = db.session.scalar(
            select(AuditEntry).where(AuditEntry.action == "project.hand_over")
        )
        assert entry is not None
        assert entry.detail == {"from": author_id, "to": other}

    def test_what_waits_for_others_is_told_but_keeps_its_authors(self, client: FlaskClient) -> None:
        project = make_project(state=ProjectState.SUBMITTED)
        author = author_of(project)
        author_id, number = author.id, project.number
        other = list_successors(author)[0].id
        sign_in(client, make_admin())
        data = {**REASON, "successor": str(other)}
        assert client.post(f"/admin/accounts/{author_id}/disable", data=data).status_code == 303
        kept = db.session.scalar(select(Project).where(Project.number == number))
        assert kept is not None
        assert kept.author_ids == [author_id]
        assert told() == {other: [number]}

    def test_what_was_verified_and_not_yet_published_is_open_work(
        self, client: FlaskClient
    ) -> None:
        project = make_project(state=ProjectState.VERIFIED)
        verifier = db.session.get_one(User, project.verifier_id)
        assert [item.number for item in list_open_work(verifier)] == [project.number]

    def test_published_work_is_nobodys_to_hand_over(self, client: FlaskClient) -> None:
        author = author_of(make_project())
        author_id = author.id
        assert list_open_work(author) == []
        sign_in(client, make_admin())
        where = f"/admin/accounts/{author_id}/disable"
        assert client.post(where, data=REASON).status_code == 303

    def test_what_was_typed_and_never_saved_is_forgotten(self, client: FlaskClient) -> None:
        author = author_of(make_project())
        keep_form(actor=actor_for(author), project=None, typed=[("scope_text", "写到一半")])
        db.session.commit()
        kept = (author.id, "")
        assert db.session.get(KeptForm, kept) is not None
        where = f"/admin/accounts/{author.id}"
        sign_in(client, make_admin())
        assert client.post(f"{where}/disable", data=REASON).status_code == 303
        db.session.expire_all()
        assert db.session.get(KeptForm, kept) is None

    def test_somebody_of_another_region_does_not_take_over(self, client: FlaskClient) -> None:
        author = author_of(make_project(state=ProjectState.DRAFT))
        author_id = author.id
        for stranger in (make_officer("130723"), make_officer("1307"), make_admin()):
            stranger_id = stranger.id
            sign_in(client, make_admin())
            answer = client.post(
                f"/admin/accounts/{author_id}/disable",
                data={**REASON, "successor": str(stranger_id)},
            )
            assert answer.status_code == 400
        assert db.session.get_one(User, author_id).is_active

    def test_where_nobody_is_left_the_city_is_told(self, client: FlaskClient) -> None:
        project = make_project(state=ProjectState.DRAFT)
        author, number = author_of(project), project.number
        author_id = author.id
        for other in list_successors(author):
            other.is_active = False
        city = make_officer("1307").id
        sign_in(client, make_admin())
        assert "同一地区没有别人可以接手" in client.get(f"/admin/accounts/{author_id}").text
        answer = client.post(f"/admin/accounts/{author_id}/disable", data=REASON)
        assert answer.status_code == 303
        assert told() == {city: [number]}
