"""The small world that every run begins with: made once, put back before each run."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path

from flask import Flask

from matchplatform.access.actor import Role
from matchplatform.accounts.models import User
from matchplatform.catalogue.indexing import open_index, rebuild
from matchplatform.cli.outbox import do_entry, list_due_ids
from matchplatform.config.settings import Settings
from matchplatform.files.examine import Upload
from matchplatform.files.kinds import MediaType
from matchplatform.files.storage import Storage
from matchplatform.kernel.clock import set_clock
from matchplatform.kernel.db import db, reading
from matchplatform.organisations.invitations import accept_invitation, invite_user
from matchplatform.organisations.memberships import approve_membership
from matchplatform.organisations.models import Organisation
from matchplatform.projects.details import LineDetails
from matchplatform.projects.states import LineKind
from matchplatform.search import SearchIndex
from tests.databases import Stage
from tests.factories import actor_for, make_officer, make_organisation, make_project, make_user
from tests.files import samples

KEPT = "machine"
START = datetime(2020, 3, 2, 4, tzinfo=UTC)
COUNTIES = ("130722", "130826")
DEADLINES = (1400, 150)
QUILTS = LineDetails(LineKind.GOODS, "棉被", Decimal(5), "套", Decimal(260), Decimal(1))
# Two lots of four leave two, which may be taken whole.
LOTS = LineDetails(LineKind.GOODS, "取暖炉", Decimal(10), "台", Decimal(150), Decimal(4))
DAYS = LineDetails(LineKind.SERVICE, "驻校社工", Decimal("7.5"), "人·天", Decimal(300), Decimal(1))
JOBS = LineDetails(LineKind.JOBS, "宿管岗位", Decimal(2), "个", None, Decimal(1))
LINES = ((QUILTS, LOTS, JOBS), (DAYS, LOTS, JOBS))
# None is judged by a budget of nought; small ones meet the guard.
BUDGETS = (Decimal(2_000_000), Decimal(1_600), Decimal(0), Decimal(3_000))
PDF = samples.pdf()


@dataclass
class World:
    """Who and what there is, by id; the database itself is behind ``stage``."""

    app: Flask
    stage: Stage
    settings: Settings
    index: SearchIndex
    officers: dict[str, int] = field(default_factory=dict)
    spare_users: list[int] = field(default_factory=list)
    organiser: int = 0

    def keep(self, name: str) -> None:
        """Remember everything as it is now, the uploads too."""
        db.session.remove()
        db.engine.dispose()
        self.stage.keep(name)
        _copy_over(self.settings.files_path, self._uploads_of(name))

    def put_back(self, name: str = KEPT) -> None:
        """Make everything what it was when ``name`` was kept."""
        db.session.remove()
        db.engine.dispose()
        self.stage.put_back(name)
        _copy_over(self._uploads_of(name), self.settings.files_path)
        # Hypothesis winds chance back, from which the names in the index are drawn.
        with reading():
            rebuild(self.index)
            db.session.rollback()

    def _uploads_of(self, name: str) -> Path:
        return self.settings.instance_path / f"uploads-{name}"

    def upload(self) -> Upload:
        """Return a certificate that was found fit to keep."""
        storage = Storage(self.settings.files_path)
        got = storage.receive(BytesIO(PDF), len(PDF))
        return Upload(
            storage, got.path, "登记证书.pdf", MediaType.PDF, got.size, got.sha256, got.sha256
        )

    def work_off(self) -> int:
        """Do what waits in the outbox; return how much of it failed."""
        failed = 0
        while ids := list_due_ids():
            failed += sum(not do_entry(entry_id, self.index) for entry_id in ids)
            if failed:
                break
        return failed


@contextmanager
def made_world(app: Flask, stage: Stage) -> Iterator[World]:
    """Make the world in an empty site and keep it; the application's context is open inside."""
    with app.app_context():
        settings: Settings = app.extensions["settings"]
        world = World(app, stage, settings, open_index(settings))
        with set_clock(START):
            _fill(world)
            rebuild(world.index)
            world.work_off()
        world.keep(KEPT)
        yield world
        db.session.remove()


def _copy_over(source: Path, target: Path) -> None:
    shutil.rmtree(target, ignore_errors=True)
    if source.is_dir():
        shutil.copytree(source, target)


def _fill(world: World) -> None:
    for county, lines, days in zip(COUNTIES, LINES, DEADLINES, strict=True):
        make_project(region=county, lines=lines, deadline=START.date() + timedelta(days=days))
        for prefix in (county, county[:4]):
            world.officers[prefix] = make_officer(prefix).id
    for prefix in ("13", "11"):
        world.officers[prefix] = make_officer(prefix).id
    for budget in BUDGETS:
        organisation, agent = make_organisation(budget=budget)
        _join(organisation, agent, make_user(Role.AGENT))
    make_organisation(verified=False)
    world.organiser = make_user(Role.ORGANISER).id
    world.spare_users = [make_user(Role.AGENT).id for _number in range(2)]


def _join(organisation: Organisation, signer: User, user: User) -> None:
    """Let somebody join as a second signer."""
    invitation = invite_user(
        actor=actor_for(signer), organisation=organisation, name=user.display_name,
        username=user.username, as_signer=True, until=None,
    )  # fmt: skip
    db.session.commit()
    membership = accept_invitation(actor=actor_for(user), user=user, invitation=invitation)
    approve_membership(actor=actor_for(signer), membership=membership, version=membership.version)
    db.session.commit()
