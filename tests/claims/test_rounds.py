"""What the worker does for claims in one of its rounds."""

import threading
from datetime import UTC, datetime, timedelta

from click.testing import CliRunner
from flask import Flask
from sqlalchemy import select

from matchplatform.catalogue.indexing import open_index
from matchplatform.claims.models import Claim
from matchplatform.claims.states import ClaimState
from matchplatform.claims.waitlist import join_waitlist
from matchplatform.cli import main
from matchplatform.cli.worker import Worker
from matchplatform.kernel import clock
from matchplatform.kernel.clock import set_clock
from matchplatform.kernel.db import db
from matchplatform.notifications.models import Notice
from tests.claims.conftest import Scene, assert_clean
from tests.factories import make_project


class TestRound:
    def test_a_lapsed_hold_goes_to_who_waits_and_it_is_told(self, scene: Scene, app: Flask) -> None:
        with set_clock(datetime.now(UTC) - timedelta(days=15)):
            lapsed = scene.reserve({"被褥": "25"})
            other = scene.other()
            join_waitlist(
                actor=other.agent,
                organisation=other.organisation,
                project=scene.project,
                quantities=scene.amounts({"被褥": "20"}),
            )
            db.session.commit()
        settings = app.extensions["settings"]
        Worker(settings, threading.Event()).do_round(open_index(settings))
        db.session.expire_all()
        assert lapsed.status is ClaimState.EXPIRED
        made = db.session.scalars(select(Claim).where(Claim.promoted)).one()
        assert made.organisation_id == other.organisation.id
        told = db.session.scalars(select(Notice).where(Notice.user_id == other.agent.user_id))
        assert any("轮到您了" in notice.template for notice in told)
        assert_clean()


class TestExpireByHand:
    def test_it_does_what_the_worker_does(self, scene: Scene, app: Flask) -> None:
        with set_clock(datetime.now(UTC) - timedelta(days=15)):
            lapsed = scene.reserve({"被褥": "25"})
            other, late = scene.other(), scene.other()
            wait(other, scene, "20")
            gone = make_project(deadline=clock.today() + timedelta(days=2))
            theirs = Scene(gone, late.organisation, late.agent, scene.officer)
            take(theirs)
            wait(late, theirs, "20000", "热水改造款")
        settings = app.extensions["settings"]
        words = (
            CliRunner()
            .invoke(
                main,
                ["expire"],
                env={
                    "MATCHPLATFORM_ENV": "test",
                    "MATCHPLATFORM_INSTANCE": settings.instance,
                    "MATCHPLATFORM_DATABASE_URL": settings.database_url,
                    "MATCHPLATFORM_SECRET_KEY": settings.secret_key,
                },
            )
            .output
        )
        assert "2 reservations have expired." in words
        assert "1 places on waitlists have ended, 1 claims came of them." in words
        db.session.expire_all()
        assert lapsed.status is ClaimState.EXPIRED
        made = db.session.scalars(select(Claim).where(Claim.promoted)).one()
        assert made.organisation_id == other.organisation.id
        assert_clean()


def wait(who: Scene, where: Scene, quantity: str, item: str = "被褥") -> None:
    """Join the waitlist of a line and commit."""
    join_waitlist(
        actor=who.agent,
        organisation=who.organisation,
        project=where.project,
        quantities=where.amounts({item: quantity}),
    )
    db.session.commit()


def take(where: Scene) -> None:
    """Let somebody else take a whole line of a project."""
    where.other().reserve({"热水改造款": "100000"})
