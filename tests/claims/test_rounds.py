"""What the worker does for claims in one of its rounds."""

import threading
from datetime import UTC, datetime, timedelta

from flask import Flask
from sqlalchemy import select

from matchplatform.catalogue.indexing import open_index
from matchplatform.claims.models import Claim
from matchplatform.claims.states import ClaimState
from matchplatform.claims.waitlist import join_waitlist
from matchplatform.cli.worker import Worker
from matchplatform.kernel.clock import set_clock
from matchplatform.kernel.db import db
from matchplatform.notifications.models import Notice
from tests.claims.conftest import Scene, assert_clean


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
