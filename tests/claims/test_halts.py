"""A project is halted while somebody has a claim on it: who is told, and when it may be closed."""

import threading
from datetime import timedelta
from decimal import Decimal

import pytest
from flask import current_app
from sqlalchemy import select

from matchplatform.catalogue.indexing import open_index
from matchplatform.claims.models import Claim
from matchplatform.claims.services import accept_claim, submit_claim
from matchplatform.cli.outbox import count_waiting
from matchplatform.cli.worker import Worker
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Conflict
from matchplatform.notifications.models import Notice
from matchplatform.projects import closing, services
from matchplatform.projects.closing import add_closing_guard, why_not_close
from matchplatform.projects.states import CloseOutcome, ProjectState
from tests.claims.conftest import Scene, assert_clean
from tests.claims.test_joint import three
from tests.factories import actor_for, make_officer

CITY = "1307"
WHY = "道路塌方，车进不去。"


def work() -> None:
    """Let the worker do what waits."""
    settings = current_app.extensions["settings"]
    worker, index = Worker(settings, threading.Event()), open_index(settings)
    # What a halt means is found out in the first round, and told in the second.
    for _ in range(2):
        worker.do_round(index)
    assert count_waiting() == 0


def notices_of(user_id: int | None, words: str) -> list[Notice]:
    """List what somebody was told with these words in it."""
    told = db.session.scalars(
        select(Notice).where(Notice.user_id == user_id, Notice.template.contains(words))
    )
    return list(told)


def suspend(scene: Scene) -> None:
    """Suspend the project and commit."""
    services.suspend_project(
        actor=actor_for(make_officer(CITY)),
        project=scene.project,
        version=scene.project.version,
        reason=WHY,
    )
    db.session.commit()


def close(scene: Scene, outcome: CloseOutcome = CloseOutcome.MET) -> None:
    """Close the project and commit."""
    services.close_project(
        actor=actor_for(make_officer(CITY)),
        project=scene.project,
        version=scene.project.version,
        outcome=outcome,
        reason=WHY,
    )
    db.session.commit()


def take_on(scene: Scene, claim: Claim) -> None:
    """Submit and accept a claim."""
    submit_claim(actor=scene.agent, claim=claim, version=claim.version, message="")
    accept_claim(actor=scene.officer, claim=claim, version=claim.version)
    db.session.commit()


class TestTellOfHalt:
    def test_organisations_with_an_open_claim_and_the_county_are_told(self, scene: Scene) -> None:
        claim = scene.reserve({"取暖款": "20000"})
        stranger = scene.other()
        suspend(scene)
        work()
        (notice,) = notices_of(scene.agent.user_id, "暂停认领")
        assert notice.url == f"/claims/{claim.id}"
        assert notice.params["reason"] == WHY
        assert notice.params["number"] == claim.number
        assert len(notices_of(scene.officer.user_id, "已暂停认领")) == 1
        assert not notices_of(stranger.agent.user_id, "暂停")

    def test_all_who_are_in_a_joint_claim_are_told(self, scene: Scene) -> None:
        _claim, first, second = three(scene)
        suspend(scene)
        work()
        for each in (scene, first, second):
            assert len(notices_of(each.agent.user_id, "暂停认领")) == 1

    def test_authors_are_not_told_twice(self, scene: Scene) -> None:
        suspend(scene)
        work()
        assert len(notices_of(scene.project.author_ids[0], "已暂停认领")) == 1

    def test_resuming_and_closing_are_told_too(self, scene: Scene) -> None:
        claim = scene.reserve({"取暖款": "20000"})
        take_on(scene, claim)
        suspend(scene)
        services.resume_project(
            actor=actor_for(make_officer(CITY)),
            project=scene.project,
            version=scene.project.version,
        )
        close(scene)
        work()
        for words in ("暂停认领", "恢复认领", "已关闭"):
            assert len(notices_of(scene.agent.user_id, words)) == 1

    def test_a_claim_that_is_over_is_not_told(self, scene: Scene) -> None:
        scene.reserve({"取暖款": "20000"})
        with clock.set_clock(clock.now() + timedelta(days=15)):
            suspend(scene)
            work()
        assert not notices_of(scene.agent.user_id, "暂停认领")


class TestClosing:
    @pytest.mark.parametrize("outcome", CloseOutcome)
    def test_it_is_refused_while_a_claim_is_undecided(
        self, scene: Scene, outcome: CloseOutcome
    ) -> None:
        claim = scene.reserve({"取暖款": "20000"})
        for _ in range(2):
            with pytest.raises(Conflict, match="还有 1 笔认领"):
                close(scene, outcome)
            db.session.rollback()
            if claim.submitted_at is None:
                submit_claim(actor=scene.agent, claim=claim, version=claim.version, message="")
                db.session.commit()
        assert scene.project.status is ProjectState.PUBLISHED

    def test_what_is_accepted_may_stay(self, scene: Scene) -> None:
        take_on(scene, scene.reserve({"取暖款": "20000"}))
        close(scene)
        assert scene.project.status is ProjectState.CLOSED
        assert scene.held("取暖款") == Decimal(20000)
        assert_clean()

    def test_what_has_lapsed_does_not_stand_against_it(self, scene: Scene) -> None:
        scene.reserve({"取暖款": "20000"})
        with clock.set_clock(clock.now() + timedelta(days=15)):
            for outcome in CloseOutcome:
                assert why_not_close(scene.project, outcome) is None
            close(scene, CloseOutcome.CANCELLED)
        assert scene.project.status is ProjectState.CLOSED
        assert scene.held("取暖款") == Decimal(20000)

    def test_what_is_accepted_stands_against_giving_it_up(self, scene: Scene) -> None:
        take_on(scene, scene.reserve({"取暖款": "20000"}))
        with pytest.raises(Conflict, match="还有社会组织占着"):
            close(scene, CloseOutcome.CANCELLED)
        db.session.rollback()

    def test_the_same_guard_counts_once(
        self, scene: Scene, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(closing, "_guards", [])
        asked: list[str] = []

        def guard(project: object, outcome: object) -> None:
            asked.append("once")

        add_closing_guard(guard)
        add_closing_guard(guard)
        why_not_close(scene.project, CloseOutcome.MET)
        assert asked == ["once"]


class TestWords:
    def test_a_title_in_a_sentence_stands_between_quotation_marks(self, scene: Scene) -> None:
        take_on(scene, scene.reserve({"取暖款": "20000"}))
        suspend(scene)
        work()
        about = ("/projects/", "/desk/projects/", "/claims/")
        templates = [
            n.template for n in db.session.scalars(select(Notice)) if n.url.startswith(about)
        ]
        assert len(set(templates)) > 5
        for template in templates:
            assert "“%(name)s”" in template
            assert " “" not in template
            assert "” " not in template
