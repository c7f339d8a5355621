"""Every route, every person, every thing: the table of answers holds, and it can fail."""

import gc
import re
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from matchplatform.access.actor import Role
from matchplatform.access.guards import Audience, Guard, public
from matchplatform.access.policy import POLICY, Permission
from matchplatform.access.reach import Reach, anywhere
from matchplatform.app import create_app
from matchplatform.cli.database import migrate
from matchplatform.config.settings import Settings
from matchplatform.kernel import clock
from matchplatform.kernel import db as database
from matchplatform.kernel.db import db
from tests import databases
from tests.architecture.matrix_held import hold
from tests.architecture.matrix_table import PEOPLE, TABLE
from tests.architecture.matrix_things import Thing
from tests.architecture.matrix_world import World
from tests.conftest import TEST_SETTINGS
from tests.databases import ON_POSTGRES

# The world takes seconds to make: one process makes it, once.
pytestmark = pytest.mark.xdist_group("matrix")

SHOWN = 40
# Rights are judged by the same lines of code on both databases; what differs is how rows are
# scoped, and for that a few people are enough: together they get into every page.
SOME = ("vis", "agt", "cty", "pro", "org")


def make_app(instance: Path, url: str) -> Flask:
    settings = Settings(
        instance=str(instance),
        database_url=url,
        mail_host="mail.example.org",
        **TEST_SETTINGS,  # type: ignore[arg-type]
    )
    app = create_app(settings)
    # What breaks is an answer like any other, and stands in no cell.
    app.config["PROPAGATE_EXCEPTIONS"] = False
    return app


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The world of the matrix, made once, at a moment that lasts."""
    instance = tmp_path_factory.mktemp("matrix")
    with databases.open_stage(instance) as stage, clock.set_clock(clock.now()):
        app = make_app(instance, stage.url)
        with app.app_context():
            migrate(db.engine)
        with hold(app) as held:
            made = World(app, held)
            # Thousands of requests follow; what is there now need not be looked through each time.
            gc.freeze()
            yield made
            gc.unfreeze()


def routes_of(app: Flask) -> set[str]:
    """Return "METHOD rule" for every route, one for each action that a rule lists."""
    found = set()
    for rule in app.url_map.iter_rules():
        if rule.endpoint == "static":
            continue
        listed = re.search(r"<any\(([^)]*)\):\w+>", rule.rule)
        actions = [one.strip() for one in listed[1].split(",")] if listed else [""]
        for action in actions:
            path = rule.rule.replace(listed[0], action) if listed else rule.rule
            found |= {
                f"{method} {path}" for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
            }
    return found


class TestTheTable:
    def test_every_route_stands_in_it_and_nothing_else(self, world: World) -> None:
        routes = routes_of(world.app)
        assert sorted(routes - set(TABLE)) == []
        assert sorted(set(TABLE) - routes) == []

    def test_every_thing_in_it_was_made_and_every_route_has_one(self, world: World) -> None:
        assert {name for things in TABLE.values() for name in things} <= set(world.things)
        assert all(TABLE.values())

    @pytest.mark.parametrize("person", SOME if ON_POSTGRES else PEOPLE)
    def test_it_holds(self, world: World, person: str) -> None:
        wrong = list(islice(world.find_wrong(TABLE, {person}), SHOWN))
        assert not wrong, "\n".join(wrong)


P, R = Permission, Role


@pytest.mark.skipif(ON_POSTGRES, reason="the same lines of code are broken on either database")
class TestItCanFail:
    @pytest.mark.parametrize(
        ("permission", "role", "person", "route"),
        [
            (P.CLAIM_READ, R.AGENT, "riv", "GET /claims/<int:claim_id>"),
            (P.CLAIM_READ, R.OFFICER, "ct2", "GET /claims/<int:claim_id>"),
            (P.CLAIM_READ, R.RECEIVER, "rec", "GET /claims/<int:claim_id>"),
            (P.CLAIM_DECIDE, R.OFFICER, "pro", "POST /claims/<int:claim_id>/accept"),
            (P.PROJECT_READ_UNPUBLISHED, R.OFFICER, "bei", "GET /desk/projects/<string:number>"),
            (P.PROJECT_READ_UNPUBLISHED, R.AGENT, "agt", "GET /projects/<number>"),
            (P.PROJECT_WRITE, R.OFFICER, "cit", "POST /desk/projects/<string:number>/edit"),
            (P.DESK_VIEW, R.AUDITOR, "aud", "GET /desk"),
            (P.PROJECT_PUBLISH, R.OFFICER, "cty", "POST /desk/projects/<string:number>/publish"),
            (
                P.ORGANISATION_READ,
                R.OFFICER,
                "ct2",
                "GET /desk/organisations/<int:organisation_id>",
            ),
            (P.ACCOUNT_MANAGE, R.ORGANISER, "org", "POST /admin/accounts/<int:user_id>/disable"),
            (P.AUDIT_READ, R.ADMIN, "adm", "GET /audit/<int:seq>"),
            (
                P.PROJECT_READ_UNPUBLISHED,
                R.OFFICER,
                "ct2",
                "GET /desk/projects/<string:number>/like/<string:other>",
            ),
            (P.PROJECT_WRITE, R.OFFICER, "cit", "POST /desk/projects/<string:number>/gate"),
            (P.PRICE_KEEP, R.OFFICER, "cty", "POST /desk/prices/<int:row_id>"),
            (P.BATCH_BEGIN, R.OFFICER, "cit", "POST /desk/batches"),
            (P.PRICE_READ, R.AGENT, "agt", "GET /desk/prices"),
            (P.PAPER_READ, R.AGENT, "riv", "GET /projects/<number>/papers/<int:paper_id>"),
            (P.IMPORT_READ, R.OFFICER, "cit", "GET /desk/imports/<int:import_id>"),
            (
                P.POOR_PEOPLE_READ,
                R.OFFICER,
                "ct2",
                "GET /desk/poor-people/<region_code>/<quarter>",
            ),
            (
                P.POOR_PEOPLE_PUBLISH,
                R.OFFICER,
                "cty",
                "POST /desk/poor-people/<city_code>/<quarter>/publish",
            ),
        ],
    )
    def test_a_loosened_cell_of_the_policy_is_found(
        self,
        world: World,
        monkeypatch: pytest.MonkeyPatch,
        permission: Permission,
        role: Role,
        person: str,
        route: str,
    ) -> None:
        loosened: dict[Role, Reach] = {**POLICY[permission], role: anywhere}
        monkeypatch.setitem(POLICY, permission, loosened)  # type: ignore[misc]
        assert list(world.find_wrong({route: TABLE[route]}, {person}))

    def test_a_guard_left_out_is_found(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        view = world.app.view_functions["accounts.show"]
        monkeypatch.setattr(view, "declared_guard", Guard(Audience.PUBLIC))
        route = "GET /admin/accounts/<int:user_id>"
        assert list(world.find_wrong({route: TABLE[route]}, {"vis"}))

    @pytest.mark.parametrize("may_write", [True, False])
    def test_a_get_that_writes_is_found(self, world: World, may_write: bool) -> None:
        @public
        def writes() -> str:
            database.set_only_reading(not may_write)
            db.session.execute(text("UPDATE users SET unit = 'x'"))
            db.session.commit()
            return ""

        settings: Settings = world.app.extensions["settings"]
        twin = make_app(settings.instance_path, settings.database_url)
        twin.add_url_rule("/writes", "writes", writes)
        own, world.app = world.app, twin
        try:
            wrong = list(world.find_wrong({"GET /writes": {"-": {"vis": "200"}}}))
        finally:
            world.app = own
        assert len(wrong) == 1, wrong

    def test_a_refusal_that_writes_is_found(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        view = world.app.view_functions["accounts.disable"]
        refuse: Callable[..., object] = view

        def write_and_refuse(user_id: int) -> object:
            db.session.execute(text("UPDATE users SET unit = 'x'"))
            db.session.commit()
            return refuse(user_id=user_id), 404

        write_and_refuse.declared_guard = Guard(Audience.PUBLIC)  # type: ignore[attr-defined]
        monkeypatch.setitem(world.app.view_functions, "accounts.disable", write_and_refuse)
        route = "POST /admin/accounts/<int:user_id>/disable"
        wrong = list(world.find_wrong({route: TABLE[route]}, {"org"}))
        assert any("changed ['users']" in line for line in wrong)

    def test_an_address_is_filled_wholly(self, world: World) -> None:
        with pytest.raises(AssertionError):
            world.send("vis", "GET", "/claims/<int:claim_id>", Thing())
