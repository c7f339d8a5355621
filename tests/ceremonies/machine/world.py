"""The small world that every run begins with: made once, put back before each run."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal

from flask import Flask

from matchplatform.access.actor import Role
from matchplatform.claims.models import Claim
from matchplatform.kernel.clock import set_clock
from matchplatform.kernel.db import db
from matchplatform.projects.details import LineDetails
from matchplatform.projects.states import LineKind
from tests import beginnings
from tests.commitments.making import make_confirmed
from tests.databases import Stage
from tests.factories import ZHANGBEI, make_claim, make_officer, make_organisation, make_project
from tests.factories import make_user as new_user

KEPT = "ceremonies"
START = datetime(2020, 3, 2, 4, tzinfo=UTC)
UNTIL = date(2021, 12, 1)
LINES = (
    LineDetails(LineKind.MONEY, "热水改造款", Decimal(100000), "元", Decimal(1), Decimal(1000)),
    LineDetails(LineKind.JOBS, "护工岗位", Decimal(20), "个", None, Decimal(1)),
)
# How far the claims of each organisation have come.
READY, BARE, SUBMITTED = "ready", "bare", "submitted"
CLAIMS = ((READY, READY), (READY, READY), (READY, BARE), (SUBMITTED,))


@dataclass
class World:
    """Who and what there is, by id; the database itself is behind ``stage``."""

    app: Flask
    stage: Stage
    organiser: int = 0
    officer: int = 0
    authority: int = 0
    agents: dict[int, int] = field(default_factory=dict)
    claims: dict[int, str] = field(default_factory=dict)

    def keep(self, name: str) -> None:
        """Remember everything as it is now."""
        db.session.remove()
        db.engine.dispose()
        self.stage.keep(name)

    def put_back(self, name: str = KEPT) -> None:
        """Make everything what it was when ``name`` was kept."""
        db.session.remove()
        db.engine.dispose()
        self.stage.put_back(name)
        beginnings.forget()


@contextmanager
def made_world(app: Flask, stage: Stage) -> Iterator[World]:
    """Make the world in an empty site and keep it; the application's context is open inside."""
    with app.app_context():
        world = World(app, stage)
        with set_clock(START):
            _fill(world)
        world.keep(KEPT)
        yield world
        db.session.remove()


def _fill(world: World) -> None:
    world.organiser = new_user(Role.ORGANISER).id
    world.officer = make_officer(ZHANGBEI).id
    world.authority = make_officer("11").id
    projects = [make_project(lines=LINES, deadline=UNTIL) for _ in range(2)]
    number = 0
    for kinds in CLAIMS:
        organisation, agent = make_organisation()
        world.agents[organisation.id] = agent.id
        for project, kind in zip(projects, kinds, strict=False):
            number += 1
            money, jobs = project.lines
            quantities = {money.id: Decimal(1000 * number)}
            if number % 2:
                quantities[jobs.id] = Decimal(1)
            claim: Claim = make_claim(
                project, organisation, agent, quantities,
                submitted=True, accepted=kind != SUBMITTED,
            )  # fmt: skip
            if kind == READY:
                make_confirmed(claim)
            world.claims[claim.id] = kind
