"""Every route: that it declares who may come; what each person gets is in test_matrix.py."""

import re
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from matchplatform.access.actor import Role
from matchplatform.access.guards import Audience, guard_of
from matchplatform.access.policy import POLICY
from matchplatform.accounts.models import User
from tests.databases import ON_ONE_DATABASE
from tests.factories import (
    make_officer,
    make_organisation,
    make_user,
    sign_in,
)

ANSWERS = {200, 302, 303, 403, 404}


def rules_of(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]


def unguarded(app: Flask) -> list[str]:
    return [
        f"{rule} ({rule.endpoint})"
        for rule in rules_of(app)
        if guard_of(app.view_functions[rule.endpoint]) is None
    ]


def people() -> dict[str, User | None]:
    """Make somebody of every role, and officers of every level."""
    _, agent = make_organisation()
    _, waiting = make_organisation(verified=False)
    return {
        "visitor": None,
        "agent": agent,
        "waiting agent": waiting,
        "county": make_officer("130722"),
        "city": make_officer("1307"),
        "province": make_officer("13"),
        "beijing": make_officer("11"),
        **{str(role): make_user(role) for role in UNPLACED},
    }


UNPLACED = (Role.ORGANISER, Role.RECEIVER, Role.AUDITOR, Role.ADMIN)


class TestGuards:
    def test_every_route_declares_one(self, app: Flask) -> None:
        assert unguarded(app) == []

    def test_a_route_that_declares_none_is_found(self) -> None:
        twin = Flask("twin")
        twin.add_url_rule("/open", "open", lambda: "")
        assert unguarded(twin) == ["/open (open)"]

    def test_a_get_route_takes_no_writing_method_beside_post(self, app: Flask) -> None:
        for rule in rules_of(app):
            assert (rule.methods or set()) <= {"GET", "HEAD", "OPTIONS", "POST"}, rule

    def test_every_permission_of_a_route_is_in_the_policy(self, app: Flask) -> None:
        for rule in rules_of(app):
            guard = guard_of(app.view_functions[rule.endpoint])
            assert guard is not None
            if guard.audience is Audience.PERMISSION:
                assert guard.permission in POLICY, rule


# On PostgreSQL the matrix asks the same of some people.
@ON_ONE_DATABASE
class TestWhoGetsWhat:
    def test_every_page_without_arguments_answers_every_role(self, client: FlaskClient) -> None:
        app = client.application
        pages = [
            rule for rule in rules_of(app) if "GET" in (rule.methods or ()) and not rule.arguments
        ]
        assert len(pages) >= 10
        wrong = []
        for name, user in people().items():
            visitor = app.test_client()
            role = user.role if user else Role.VISITOR
            if user:
                sign_in(visitor, user)
            for rule in pages:
                status = visitor.get(rule.rule).status_code
                guard = guard_of(app.view_functions[rule.endpoint])
                assert guard is not None
                held = guard.permission is None or role in POLICY[guard.permission]
                if status not in ANSWERS or (user and not held and status != 403):
                    wrong.append((name, rule.rule, status))
                if user is None and guard.audience is not Audience.PUBLIC and status == 200:
                    wrong.append((name, rule.rule, status))
        assert wrong == []

    def test_every_writing_route_refuses_a_visitor_or_sends_them_to_sign_in(
        self, client: FlaskClient
    ) -> None:
        app = client.application
        for rule in rules_of(app):
            guard = guard_of(app.view_functions[rule.endpoint])
            assert guard is not None
            if "POST" not in (rule.methods or ()) or guard.audience is Audience.PUBLIC:
                continue
            # Of several choices in an address the first, of everything else number one.
            choices = dict(re.findall(r"<any\((\w+)[^)]*\):(\w+)>", rule.rule))
            firsts = {name: choice for choice, name in choices.items()}
            arguments: dict[str, Any] = {name: firsts.get(name, 1) for name in rule.arguments}
            with app.test_request_context():
                url = app.url_for(rule.endpoint, **arguments)
            status = app.test_client().post(url).status_code
            assert status in {302, 303, 401, 403}, (url, status)

    def test_every_writing_route_wants_a_csrf_token(self, client: FlaskClient) -> None:
        app = client.application
        visitor = app.test_client()
        sign_in(visitor, make_officer())
        for rule in rules_of(app):
            if "POST" in (rule.methods or ()) and not rule.arguments:
                assert visitor.post(rule.rule, csrf=False).status_code == 400, rule
