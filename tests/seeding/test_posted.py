"""What the demo shows of posting: every desk has work, and every turn of a project occurs."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from matchplatform.accounts.models import User
from matchplatform.home.desk import read_desk
from matchplatform.home.watching import count_watched
from matchplatform.kernel.db import db
from matchplatform.kernel.outbox import OutboxEntry
from matchplatform.notifications.models import Notice
from matchplatform.projects.models import Batch, Project
from matchplatform.projects.posting_models import ChangeProposal, FieldRemark, ProjectVersion
from matchplatform.projects.states import PUBLIC_STATES, CloseOutcome, ProjectState, ProposalState
from matchplatform.projects.telling import CHANGE_TOPIC
from matchplatform.seeding.changes import read_changes
from matchplatform.seeding.load import BATCH
from matchplatform.seeding.rows import read_postings, read_projects
from tests.factories import actor_for

pytestmark = pytest.mark.xdist_group("demo")


def user(username: str) -> User:
    return db.session.scalars(select(User).where(User.username == username)).one()


class TestDesks:
    @pytest.mark.parametrize(
        ("username", "queues"),
        [
            ("zhangbei-a", {"returned", "verify", "claims"}),
            ("zhangbei-b", {"returned", "verify", "claims"}),
            ("zhangjiakou", {"verify", "publish", "changes", "claims"}),
            ("hebei", {"publish", "changes", "organisations"}),
        ],
    )
    def test_something_waits_at_each_level(
        self, demo: Flask, username: str, queues: set[str]
    ) -> None:
        actor = actor_for(user(username))
        assert queues <= {task.queue for task in read_desk(actor).tasks}
        assert all(count_watched(actor).values())

    def test_what_was_returned_says_so_at_its_places(self, demo: Flask) -> None:
        said = {row.number: row.remarks for row in read_postings() if row.remarks}
        assert len(said) >= 3
        for number, remarks in said.items():
            project = db.session.scalars(select(Project).where(Project.number == number)).one()
            kept = select(FieldRemark).where(FieldRemark.project_id == project.id)
            assert project.status is ProjectState.RETURNED
            assert {row.words for row in db.session.scalars(kept)} == set(remarks.values())


class TestPublished:
    def test_changes_are_versions_and_proposals_of_every_kind(self, demo: Flask) -> None:
        rows = read_changes()
        assert {row.number for row in rows} <= {row.number for row in read_projects()}
        in_force = [row for row in rows if row.state is ProposalState.IN_FORCE]
        assert db.session.scalar(select(func.count(ProjectVersion.id))) == len(in_force)
        states = set(db.session.scalars(select(ChangeProposal.state)))
        assert states == set(ProposalState) - {ProposalState.WITHDRAWN}

    def test_holders_were_told_on_the_day(self, demo: Flask) -> None:
        told = db.session.scalars(select(OutboxEntry).where(OutboxEntry.topic == CHANGE_TOPIC))
        assert all(entry.done_at == entry.created_at for entry in told)
        holder = select(Notice).where(
            Notice.user_id == user("agent041").id, Notice.url == "/projects/130722-014#changes"
        )
        assert db.session.scalars(holder).one()

    def test_one_is_merged_two_are_suspended_and_all_are_still_of_the_batch(
        self, demo: Flask
    ) -> None:
        merged = db.session.scalars(
            select(Project).where(Project.close_outcome == CloseOutcome.MERGED)
        ).one()
        assert merged.merged_into is not None
        assert merged.merged_into.status is ProjectState.PUBLISHED
        suspended = select(func.count()).where(Project.status == ProjectState.SUSPENDED)
        assert db.session.scalar(suspended) == 2
        public = select(Project.batch_id).where(Project.status.in_(PUBLIC_STATES))
        batch = db.session.scalars(select(Batch).where(Batch.name == BATCH)).one()
        assert set(db.session.scalars(public)) == {batch.id}
