"""The auditor's pages."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text

import matchplatform
from matchplatform.access.policy import Permission
from matchplatform.accounts.models import User
from matchplatform.audit.actions import ACTION_WORDS
from matchplatform.audit.models import AuditEntry
from matchplatform.audit.services import record
from matchplatform.cli.outbox import TOPICS
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from tests.factories import (
    actor_for,
    make_admin,
    make_auditor,
    make_claim,
    make_officer,
    make_organisation,
    make_project,
    sign_in,
)

PACKAGE = Path(matchplatform.__file__).parent


@pytest.fixture
def auditor(client: FlaskClient) -> None:
    """An auditor who is signed in with the client."""
    sign_in(client, make_auditor())


class TestWhoMay:
    def test_only_auditors_come_in(self, client: FlaskClient) -> None:
        _organisation, agent = make_organisation()
        ids = [user.id for user in (make_officer(), make_officer("13"), make_admin(), agent)]
        for user_id in ids:
            sign_in(client, db.session.get_one(User, user_id))
            for where in ("/audit", "/audit/1", "/audit/verify"):
                assert client.get(where).status_code == 403
        assert client.get("/audit").status_code == 403


class TestIndex:
    def test_it_says_who_did_what_to_what(self, client: FlaskClient, auditor: None) -> None:
        make_project()
        page = client.get("/audit").text
        for words in ("发布项目", "核验项目", "民政工作人员", "东水泉村寄宿小学越冬"):
            assert words in page

    def test_it_filters_by_words_action_and_day(self, client: FlaskClient, auditor: None) -> None:
        officer = actor_for(make_officer())
        for day, action, name in ((1, "project.edit", "甲项目"), (20, "project.close", "乙项目")):
            with clock.set_clock(datetime(2020, 5, day, 4, tzinfo=UTC)):
                record(
                    actor=officer,
                    action=action,
                    subject_type="project",
                    subject_id=f"13072X-{day:03}",
                    subject_label=name,
                )
        db.session.commit()
        found = {
            question: [name for name in ("甲项目", "乙项目") if f"{name} <small" in
                       client.get(f"/audit?{question}").text]
            for question in (
                "words=甲", "words=13072X-020", "action=project.close", "since=2020-05-10&until=2020-05-31",
                "until=2020-05-01", "since=2020-05-02&until=2020-05-19", "words=%25", "words=甲&page=9",
                "words=13072x-001",
            )
        }  # fmt: skip
        assert found == {
            "words=甲": ["甲项目"],
            "words=13072X-020": ["乙项目"],
            "words=13072x-001": ["甲项目"],
            "action=project.close": ["乙项目"],
            "since=2020-05-10&until=2020-05-31": ["乙项目"],
            "until=2020-05-01": ["甲项目"],
            "since=2020-05-02&until=2020-05-19": [],
            "words=%25": [],
            "words=甲&page=9": ["甲项目"],
        }

    @pytest.mark.parametrize(
        "question",
        ["since=nonsense", "since=0001-01-01", "until=9999-12-31", "action=no.such", "page=0",
         "page=99999999999", "words=" + "长" * 5000, "words='; drop table users; --", "csrf_token=1"],
    )  # fmt: skip
    def test_odd_questions_are_answered(
        self, client: FlaskClient, auditor: None, question: str
    ) -> None:
        answer = client.get(f"/audit?{question}")
        assert answer.status_code == 200
        assert "Not a valid" not in answer.text

    def test_pages_keep_the_filter(self, client: FlaskClient, auditor: None) -> None:
        actor = actor_for(make_officer())
        for _ in range(51):
            record(actor=actor, action="project.edit", subject_type="project", subject_id="1",
                   subject_label="甲项目")  # fmt: skip
        db.session.commit()
        page = client.get("/audit?action=project.edit&words=甲").text
        links = re.findall(r'href="(/audit\?[^"]*page=2[^"]*)"', page)
        assert links
        assert all("action=project.edit" in link and "words=" in link for link in links)

    def test_an_unknown_action_shows_its_code(self, client: FlaskClient, auditor: None) -> None:
        record(actor=actor_for(make_officer()), action="moon.land", subject_type="moon",
               subject_id=1, subject_label="月亮")  # fmt: skip
        db.session.commit()
        assert "moon.land" in client.get("/audit").text
        assert client.get("/audit/5").status_code in (200, 404)

    def test_what_people_typed_is_escaped(self, client: FlaskClient, auditor: None) -> None:
        record(actor=actor_for(make_officer()), action="project.edit", subject_type="project",
               subject_id=1, subject_label="<b>x</b>", reason="<script>1</script>")  # fmt: skip
        db.session.commit()
        page = client.get("/audit").text
        assert "<script>1" not in page
        assert "<b>x</b>" not in page

    def test_every_action_that_was_ever_recorded_here_has_words(
        self, client: FlaskClient, auditor: None
    ) -> None:
        make_project()
        make_organisation()
        actions = set(db.session.scalars(select(AuditEntry.action)).all())
        assert actions <= set(ACTION_WORDS)

    def test_every_action_in_the_source_has_words(self, app: Flask) -> None:
        # An engine records nothing, and its fields of papers look like actions.
        papers = PACKAGE / "documents"
        files = (path for path in PACKAGE.rglob("*.py") if papers not in path.parents)
        code = "".join(path.read_text() for path in files)
        kinds = "|".join(sorted({action.partition(".")[0] for action in ACTION_WORDS}))
        named = set(re.findall(rf'"((?:{kinds})\.(?!(?:csv|html|docx|css|pdf)")[a-z_]+)"', code))
        # Some topics, permissions and pages are called as actions are.
        others = {*TOPICS, *(str(permission) for permission in Permission), *app.view_functions}
        assert named - others <= set(ACTION_WORDS) <= named


class TestEntry:
    def test_it_shows_the_whole_link(self, client: FlaskClient, auditor: None) -> None:
        make_project()
        entry = db.session.scalars(
            select(AuditEntry).where(AuditEntry.action == "project.publish")
        ).one()
        seq, hashes, number = entry.seq, (entry.hash, entry.previous_hash), entry.subject_id
        page = client.get(f"/audit/{seq}").text
        for words in (*hashes, "内容与指纹相符", "&#34;status&#34;: &#34;published&#34;"):
            assert words in page
        assert f'href="/projects/{number}"' in page

    def test_every_thing_that_auditors_can_read_has_a_link(
        self, client: FlaskClient, auditor: None
    ) -> None:
        organisation, agent = make_organisation()
        make_claim(make_project(), organisation, agent)
        rows = db.session.execute(
            select(
                AuditEntry.subject_type, AuditEntry.action, AuditEntry.seq, AuditEntry.subject_id
            )
        ).all()
        above = {
            "project": "/desk/projects", "organisation": "/desk/organisations", "claim": "/claims"
        }  # fmt: skip
        for kind, action, seq, thing in rows:
            if kind not in above or action == "project.publish":
                continue
            link = f"{above[kind]}/{thing}"
            assert f'href="{link}"' in client.get(f"/audit/{seq}").text
            assert client.get(link).status_code == 200
        assert {row.subject_type for row in rows} >= set(above)

    def test_the_way_leads_to_projects_and_organisations(
        self, client: FlaskClient, auditor: None
    ) -> None:
        page = client.get("/audit").text
        for link in ("/desk/projects", "/desk/organisations"):
            assert f'href="{link}"' in page
            assert client.get(link).status_code == 200

    @pytest.mark.parametrize("seq", ["0", "999999", "9223372036854775808", "9" * 60])
    def test_a_link_that_does_not_exist_is_not_found(
        self, client: FlaskClient, auditor: None, seq: str
    ) -> None:
        assert client.get(f"/audit/{seq}").status_code == 404


class TestVerify:
    def test_an_intact_chain_is_said_to_be_whole(self, client: FlaskClient, auditor: None) -> None:
        make_project()
        page = client.get("/audit/verify").text
        total = db.session.scalar(text("select count(*) from audit_entries"))
        assert f"链完整，{total} 条" in page

    def test_a_changed_reason_is_found(
        self, client: FlaskClient, auditor: None, open_trail: None
    ) -> None:
        make_project()
        db.session.execute(text("UPDATE audit_entries SET reason = '改过' WHERE seq = 3"))
        db.session.commit()
        page = client.get("/audit/verify").text
        assert "链有 1 处不对" in page
        assert "link 3 was changed" in page
        assert "被改动过" in client.get("/audit/3").text
