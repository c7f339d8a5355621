"""One round of the worker, on work that verbs left behind."""

import shutil
import threading
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from matchplatform.access.actor import VISITOR
from matchplatform.audit.models import AuditEntry
from matchplatform.catalogue.indexing import open_index
from matchplatform.claims.models import Claim
from matchplatform.claims.states import ClaimState
from matchplatform.cli.housekeeping import KEEP_KEYS, drop_old_rows
from matchplatform.cli.outbox import count_waiting
from matchplatform.cli.worker import Worker
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.idempotency import IdempotencyKey, spend_key
from matchplatform.kernel.outbox import OutboxEntry, enqueue
from matchplatform.notifications.models import Notice
from matchplatform.projects.kept import KEEP_TYPED, find_kept, keep_form
from matchplatform.search import SearchIndex
from tests.factories import actor_for, make_claim, make_officer, make_organisation, make_project


@pytest.fixture
def index(db_session: Flask) -> SearchIndex:
    return open_index(db_session.extensions["settings"])


@pytest.fixture
def worker(db_session: Flask) -> Worker:
    return Worker(db_session.extensions["settings"], threading.Event())


class TestRound:
    def test_it_delivers_notices_and_indexes_what_was_published(
        self, worker: Worker, index: SearchIndex
    ) -> None:
        project_id = make_project().id
        worker.do_round(index)
        assert count_waiting() == 0
        assert (db.session.scalar(select(func.count()).select_from(Notice)) or 0) > 0
        assert index.ids() == {project_id}

    def test_it_lets_reservations_lapse(self, worker: Worker, index: SearchIndex) -> None:
        organisation, agent = make_organisation()
        claim_id = make_claim(make_project(), organisation, agent).id
        with clock.set_clock(clock.now() + timedelta(days=15)):
            worker.do_round(index)
        claim = db.session.get_one(Claim, claim_id)
        assert claim.status is ClaimState.EXPIRED
        assert claim.lines[0].line.held == 0

    def test_what_fails_is_kept_and_the_rest_is_done(
        self, worker: Worker, index: SearchIndex
    ) -> None:
        broken = enqueue(
            "notice", {"user_ids": [999_999], "template": "x", "params": {}, "url": "/"}
        )
        sound = enqueue("notice", {"user_ids": [], "template": "x", "params": {}, "url": "/"})
        db.session.commit()
        broken_id, sound_id = broken.id, sound.id
        worker.do_round(index)
        kept = db.session.get_one(OutboxEntry, broken_id)
        assert kept.done_at is None
        assert kept.attempts == 1
        assert "FOREIGN KEY" in kept.last_error.upper()
        assert db.session.get_one(OutboxEntry, sound_id).done_at is not None

    def test_it_rebuilds_an_index_that_is_gone(self, worker: Worker, index: SearchIndex) -> None:
        project_id = make_project().id
        worker.do_round(index)
        shutil.rmtree(worker.settings.index_path)
        worker.index_looked_at = float("-inf")
        worker.do_round(index)
        assert index.ids() == {project_id}

    def test_it_begins_nothing_new_once_told_to_stop(
        self, worker: Worker, index: SearchIndex
    ) -> None:
        make_project()
        waiting = count_waiting()
        worker.stopping.set()
        worker.do_round(index)
        assert count_waiting() == waiting


class TestDropOldRows:
    def test_it_drops_spent_keys_after_a_week_and_says_so(self, db_session: Flask) -> None:
        with clock.set_clock(clock.now() - KEEP_KEYS - timedelta(hours=1)):
            spend_key("old", f"user:{VISITOR.user_id}", "x", "/")
        spend_key("new", "user:1", "x", "/")
        db.session.commit()
        assert drop_old_rows() == 1
        db.session.commit()
        assert list(db.session.scalars(select(IdempotencyKey.key))) == ["new"]
        said = db.session.scalars(select(AuditEntry)).one()
        assert said.action == "site.tidy"

    def test_a_form_that_nobody_came_back_to_is_forgotten(self, db_session: Flask) -> None:
        left, fresh = actor_for(make_officer()), actor_for(make_officer())
        with clock.set_clock(clock.now() - KEEP_TYPED - timedelta(hours=1)):
            keep_form(actor=left, project=None, typed=[("name", "写到一半")])
        keep_form(actor=fresh, project=None, typed=[("name", "刚写的")])
        db.session.commit()
        assert drop_old_rows() == 1
        db.session.commit()
        assert find_kept(left, None) is None
        assert find_kept(fresh, None) is not None

    def test_a_day_without_old_rows_leaves_no_link(self, db_session: Flask) -> None:
        assert drop_old_rows() == 0
        db.session.commit()
        assert db.session.scalar(select(func.count()).select_from(AuditEntry)) == 0
