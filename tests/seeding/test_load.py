"""The demo loaded into a database, once: clean, complete, with the trail that real use leaves."""

import re
from itertools import pairwise
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import func, select

from matchplatform.audit.models import AuditEntry
from matchplatform.claims.models import Claim
from matchplatform.claims.states import ClaimState
from matchplatform.cli import main
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.facts import find_fact
from matchplatform.kernel.outbox import OutboxEntry
from matchplatform.notifications.models import Notice
from matchplatform.organisations.models import Organisation
from matchplatform.organisations.states import OrganisationState
from matchplatform.projects.models import Batch, Project
from matchplatform.projects.services import HALT_TOPIC
from matchplatform.projects.states import PUBLIC_STATES, ProjectState
from matchplatform.seeding.load import BATCH, DEMO_ACCOUNTS, DEMO_PASSWORD, PASSWORD
from tests.cli.environ import environ_of

ROOT = Path(__file__).resolve().parents[2]
PRODUCTION = {
    "MATCHPLATFORM_ENV": "production",
    "MATCHPLATFORM_ARGON2_MEMORY_KIB": "19456",
    "MATCHPLATFORM_ARGON2_TIME": "2",
    "MATCHPLATFORM_BASE_URL": "https://match.example",
    "MATCHPLATFORM_TRUSTED_HOSTS": "match.example",
}

pytestmark = pytest.mark.xdist_group("demo")


def run(environ: dict[str, str], *words: str) -> Result:
    return CliRunner().invoke(main, list(words), env=environ)


def test_claims_close_before_work_begins_and_halts_were_told_on_their_day(demo: Flask) -> None:
    for project in db.session.scalars(select(Project)):
        assert project.claim_deadline is not None
        assert project.starts_on is not None
        assert project.ends_on is not None
        assert project.claim_deadline < project.starts_on < project.ends_on
    halts = list(db.session.scalars(select(OutboxEntry).where(OutboxEntry.topic == HALT_TOPIC)))
    assert halts
    assert all(entry.done_at == entry.created_at for entry in halts)


class TestLoadDemo:
    def test_check_finds_nothing(self, environ: dict[str, str]) -> None:
        result = run(environ, "check")
        assert result.output.startswith("OK: 330 projects"), result.output
        assert result.exit_code == 0

    def test_the_batch_has_313_public_projects(self, demo: Flask) -> None:
        count = db.session.scalar(
            select(func.count())
            .select_from(Project)
            .join(Batch)
            .where(Batch.name == BATCH, Project.status.in_(PUBLIC_STATES))
        )
        assert count == 313

    def test_no_desk_is_empty(self, demo: Flask) -> None:
        assert set(db.session.scalars(select(Project.status).distinct())) == set(ProjectState)
        assert set(db.session.scalars(select(Claim.status).distinct())) == set(ClaimState)
        states = set(db.session.scalars(select(Organisation.status).distinct()))
        assert states == set(OrganisationState)

    def test_claims_hold_nothing_that_has_lapsed_and_some_end_soon(self, demo: Flask) -> None:
        held = db.session.scalars(select(Claim).where(Claim.status == ClaimState.RESERVED)).all()
        assert not any(claim.has_lapsed for claim in held)
        assert any((claim.last_day - clock.today()).days <= 2 for claim in held)
        assert any(claim.extended for claim in held)

    def test_the_trail_rises_in_time_and_ends_before_now(self, demo: Flask) -> None:
        times = db.session.scalars(select(AuditEntry.at).order_by(AuditEntry.seq)).all()
        assert all(earlier <= later for earlier, later in pairwise(times))
        assert times[-1] <= clock.now()

    def test_it_says_that_it_is_a_demo(self, demo: Flask) -> None:
        assert find_fact("demo") == "1"
        assert find_fact(DEMO_PASSWORD) == PASSWORD
        assert "zhangbei-a" in (find_fact(DEMO_ACCOUNTS) or "")
        assert "演示数据" in demo.test_client().get("/").get_data(as_text=True)

    def test_what_readme_and_front_page_tell_one_to_search_for_is_found(self, demo: Flask) -> None:
        readme = (ROOT / "README.md").read_text(encoding="utf-8")
        told = re.search(r"Search for `(.+?)`, `(.+?)`, or a project number", readme)
        client = demo.test_client()
        hint = re.search(r"例如：(.+?)\"", client.get("/").get_data(as_text=True))
        assert told is not None
        assert hint is not None
        for words in (*told.groups(), hint[1].replace("、", " ")):
            page = client.get("/projects", query_string={"q": words, "state": "open"}).get_data(
                as_text=True
            )
            assert '<li class="res">' in page, words
            assert "没有哪个项目同时含有全部字词" not in page, words

    def test_notices_are_delivered_and_the_older_ones_read(self, demo: Flask) -> None:
        waiting = select(func.count()).select_from(OutboxEntry).where(OutboxEntry.done_at.is_(None))
        assert db.session.scalar(waiting) == 0
        read = select(func.count()).select_from(Notice).where(Notice.read_at.is_not(None))
        unread = select(func.count()).select_from(Notice).where(Notice.read_at.is_(None))
        assert (db.session.scalar(read) or 0) > (db.session.scalar(unread) or 0) > 0

    def test_the_demo_password_signs_in(self, demo: Flask) -> None:
        answer = demo.test_client().post(
            "/sign-in", data={"username": "zhangbei-a", "password": PASSWORD, "next": ""}
        )
        assert answer.status_code == 303

    def test_it_refuses_to_load_twice(self, environ: dict[str, str]) -> None:
        again = run(environ, "seed")
        assert again.exit_code == 1
        assert "演示数据只能装进空站" in again.output

    def test_it_refuses_a_site_that_somebody_has_begun_to_use(self, tmp_path: Path) -> None:
        environ = environ_of(tmp_path)
        run(environ, "init")
        run(environ, "create-admin", "--username", "chief", "--name", "王站长")
        assert run(environ, "seed").exit_code == 1
        assert "projects: 0" in run(environ, "init", "--demo").output

    def test_it_refuses_production(self, tmp_path: Path) -> None:
        environ = environ_of(tmp_path) | PRODUCTION
        run(environ, "init")
        result = run(environ, "seed")
        assert result.exit_code == 2
        assert "production" in result.output

    def test_init_again_loses_nothing(self, environ: dict[str, str]) -> None:
        result = run(environ, "init", "--demo")
        assert result.exit_code == 0
        assert "projects: 330" in result.output
