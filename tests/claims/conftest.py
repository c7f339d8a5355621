"""What the tests of claims stand on."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select

from matchplatform.access.actor import Actor
from matchplatform.claims.models import Claim
from matchplatform.claims.queries import find_breaches
from matchplatform.claims.services import reserve_claim
from matchplatform.kernel.db import db
from matchplatform.kernel.outbox import OutboxEntry
from matchplatform.organisations.models import Organisation
from matchplatform.projects.details import LineDetails
from matchplatform.projects.models import Project
from matchplatform.projects.states import LineKind
from tests.factories import actor_for, make_officer, make_organisation, make_project

MONEY = LineDetails(LineKind.MONEY, "取暖款", Decimal(95000), "元", Decimal(1), Decimal(100))
QUILTS = LineDetails(LineKind.GOODS, "被褥", Decimal(25), "套", Decimal(260), Decimal(10))
DAYS = LineDetails(LineKind.SERVICE, "驻校社工", Decimal("7.5"), "人·天", Decimal(300), Decimal(1))
JOBS = LineDetails(LineKind.JOBS, "宿管岗位", Decimal(2), "个", None, Decimal(1))
LAST = LineDetails(LineKind.GOODS, "心电图机", Decimal(1), "台", Decimal(12000), Decimal(1))
LINES = (MONEY, QUILTS, DAYS, JOBS, LAST)


@dataclass
class Scene:
    """A project of five lines, an organisation with its agent, an officer who decides."""

    project: Project
    organisation: Organisation
    agent: Actor
    officer: Actor

    def ids(self, *items: str) -> list[int]:
        """Return the ids of lines by what they ask for."""
        found = {line.item: line.id for line in self.project.lines}
        return [found[item] for item in items]

    def amounts(self, wanted: Mapping[str, str]) -> dict[int, Decimal]:
        """Return quantities by line id, from quantities by item."""
        return {self.ids(item)[0]: Decimal(amount) for item, amount in wanted.items()}

    def reserve(self, wanted: Mapping[str, str], *, confirmed: bool = True) -> Claim:
        """Reserve and commit."""
        claim = reserve_claim(
            actor=self.agent,
            organisation=self.organisation,
            project=self.project,
            version=self.project.version,
            quantities=self.amounts(wanted),
            confirmed=confirmed,
        )
        db.session.commit()
        return claim

    def held(self, item: str) -> Decimal:
        """Return what is held of a line."""
        db.session.expire_all()
        return next(line.held for line in self.project.lines if line.item == item)

    def other(self) -> "Scene":
        """Return the same scene with another organisation in it."""
        organisation, agent = make_organisation()
        return Scene(self.project, organisation, actor_for(agent), self.officer)


@pytest.fixture
def scene(db_session: Flask) -> Scene:
    """A fresh scene; the county has the officers who wrote and verified, and one more."""
    project = make_project(lines=LINES)
    officer = make_officer(project.region_code)
    organisation, agent = make_organisation()
    return Scene(project, organisation, actor_for(agent), actor_for(officer))


def told(words: str) -> set[int]:
    """Return who was told something that contains these words."""
    entries = db.session.scalars(select(OutboxEntry).where(OutboxEntry.topic == "notice"))
    return {
        user_id
        for entry in entries
        if words in entry.payload["template"]
        for user_id in entry.payload["user_ids"]
    }


def assert_clean() -> None:
    """Assert that no rule of claiming is broken."""
    db.session.expire_all()
    assert list(find_breaches()) == []
