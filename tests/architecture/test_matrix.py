"""Every route, every person, every thing: the table of answers holds, and it can fail."""

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Pool, event, text

from matchplatform.access.actor import Role
from matchplatform.access.guards import Audience, Guard, public
from matchplatform.access.policy import POLICY, Permission
from matchplatform.access.reach import Reach, anywhere
from matchplatform.app import create_app
from matchplatform.config.settings import Settings
from matchplatform.kernel import db as database
from matchplatform.kernel.db import db
from tests.architecture.matrix_elsewhere import ELSEWHERE
from tests.architecture.matrix_table import PEOPLE, TABLE
from tests.architecture.matrix_world import Thing, World
from tests.conftest import TEST_SETTINGS

SHOWN = 40


def hold_readers_to_reading(connection: Any, _record: Any, _proxy: Any) -> None:
    """Let SQLite itself refuse a write to whoever only reads."""
    reading = "ON" if database._only_reading.get() else "OFF"
    connection.execute(f"PRAGMA query_only={reading}")


@contextmanager
def strict_readers() -> Iterator[None]:
    """Hold every GET to reading."""
    event.listen(Pool, "checkout", hold_readers_to_reading)
    try:
        yield
    finally:
        event.remove(Pool, "checkout", hold_readers_to_reading)


def make_app(instance: Path) -> Flask:
    return create_app(Settings(instance=str(instance), **TEST_SETTINGS))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def world(
    _site: tuple[Flask, Path, Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """The world of the matrix, made once."""
    instance = tmp_path_factory.mktemp("matrix")
    shutil.copy(_site[2], instance / "matchplatform.db")
    app = make_app(instance)
    made = World(app, instance / "matchplatform.db")
    with strict_readers():
        yield made
    database.set_only_reading(False)
    made.live.close()
    made.kept.close()
    with app.app_context():
        db.engine.dispose()


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


def elsewhere(route: str) -> bool:
    """Tell whether a route is tried in its own feature's tests."""
    address = route.split(" ")[1]
    return any(address.startswith(begin) for begins in ELSEWHERE.values() for begin in begins)


class TestTheTable:
    def test_every_route_stands_in_it_and_nothing_else(self, world: World) -> None:
        routes = {route for route in routes_of(world.app) if route in TABLE or not elsewhere(route)}
        assert sorted(routes - set(TABLE)) == []
        assert sorted(set(TABLE) - routes) == []

    def test_what_is_tried_elsewhere_is_named_there(self, world: World) -> None:
        routes = routes_of(world.app)
        for folder, begins in ELSEWHERE.items():
            tests = "".join(
                path.read_text(encoding="utf-8")
                for path in sorted((Path(__file__).parents[1] / folder).glob("test_*.py"))
            )
            for begin in begins:
                assert any(route.split(" ")[1].startswith(begin) for route in routes), begin
                fixed = max(re.split(r"<[^>]*>", begin), key=len).rstrip("/")
                assert fixed in tests, f"tests/{folder} never asks for {begin}"

    def test_every_thing_in_it_was_made_and_every_route_has_one(self, world: World) -> None:
        assert {name for things in TABLE.values() for name in things} <= set(world.things)
        assert all(TABLE.values())

    @pytest.mark.parametrize("person", PEOPLE)
    def test_it_holds(self, world: World, person: str) -> None:
        wrong = list(islice(world.find_wrong(TABLE, {person}), SHOWN))
        assert not wrong, "\n".join(wrong)


P, R = Permission, Role


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

        twin = make_app(world.database.parent)
        twin.add_url_rule("/writes", "writes", writes)
        own, world.app = world.app, twin
        try:
            wrong = list(world.find_wrong({"GET /writes": {"-": {"vis": "200"}}}))
        finally:
            world.app = own
            with twin.app_context():
                db.engine.dispose()
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
        assert any("changed something" in line for line in wrong)

    def test_an_address_is_filled_wholly(self, world: World) -> None:
        with pytest.raises(AssertionError):
            world.send("vis", "GET", "/claims/<int:claim_id>", Thing())
