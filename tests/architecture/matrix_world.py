"""A small world with one thing of every kind, and how every person of the matrix meets it."""

from collections.abc import Collection, Iterator, Mapping
from io import BytesIO
from typing import Any

from flask import Flask, session
from flask.testing import FlaskClient
from flask_wtf.csrf import generate_csrf
from sqlalchemy import text
from werkzeug.test import TestResponse

from matchplatform.accounts.models import User
from matchplatform.accounts.services import open_session
from matchplatform.accounts.signing import PENDING
from matchplatform.files.storage import Storage
from matchplatform.kernel.db import db
from tests.architecture.matrix_agreements import FORMS as AGREEMENT_FORMS
from tests.architecture.matrix_agreements import make_agreements
from tests.architecture.matrix_belongings import make_belongings
from tests.architecture.matrix_ceremonies import make_planning
from tests.architecture.matrix_commitments import make_commitments
from tests.architecture.matrix_forms import make_forms
from tests.architecture.matrix_gate import FORMS as GATE_FORMS
from tests.architecture.matrix_gate import make_gate
from tests.architecture.matrix_held import Held
from tests.architecture.matrix_imports import make_imports
from tests.architecture.matrix_live import FORMS as LIVE_FORMS
from tests.architecture.matrix_live import make_live
from tests.architecture.matrix_papers import make_papers
from tests.architecture.matrix_people import People, make_people
from tests.architecture.matrix_pictures import FORMS as PICTURE_FORMS
from tests.architecture.matrix_pictures import make_pictures
from tests.architecture.matrix_poor_people import make_counts
from tests.architecture.matrix_supply import make_supply
from tests.architecture.matrix_table import PEOPLE, Table
from tests.architecture.matrix_things import Form, Thing, Things, make_claims, make_projects
from tests.factories import actor_for

TRAIL = ("audit_entries", "audit_head")
STRANGERS = ("vis", "hlf")
# Things that are nothing to whoever asks: an address that was never given out, or not to them.
NOWHERE = (
    "a wrong link", "no link to join", "a wrong letter", "agents address", "no county", "no day", "no invitation",
    "no paper",
)  # fmt: skip
# What is done here is nobody's business but one's own, or was done before.
QUIET = (
    "POST /notices/<int:notice_id>/open",
    "POST /notices/read-all",
    "POST /projects/<number>/favourite/drop",
)


class World:
    """The site with its things and people; what a request changed is undone after it."""

    def __init__(self, app: Flask, held: Held) -> None:
        self.app, self.held = app, held
        self.cookies: dict[str, str] = {}
        self.things: Things = {}
        self.forms: dict[str, Form] = {}
        with app.test_request_context():
            signed = generate_csrf()
            self.csrf = session["csrf_token"], signed
        with held.cell(keep=True), app.app_context():
            self._make()
            db.session.remove()
        with held.cell():
            held.remember()
            newest = text("SELECT max(seq) FROM audit_entries")
            self.newest = int(held.connection.execute(newest).scalar_one())

    def _make(self) -> None:
        people = make_people()
        projects = make_projects(people)
        storage = Storage(self.app.extensions["settings"].files_path)
        planned, planning_forms = make_planning(people)
        self.things = {
            "-": Thing(),
            "a county": Thing({"code": "130722"}),
            "no county": Thing({"code": "130799"}),
            **projects,
            **make_claims(people),
            **make_supply(people),
            **make_counts(),
            **make_imports(people, self.app.extensions["settings"]),
            **make_papers(people, storage),
            **make_pictures(people, storage),
            **make_gate(people),
            **make_live(),
            **make_agreements(people),
            **make_commitments(people, self.app.extensions["settings"]),
            **planned,
            **make_belongings(people, projects),
        }
        somebody = db.session.get_one(User, self.things["an account"].args["user_id"])
        self.forms = {
            **make_forms(people, somebody.username), **PICTURE_FORMS, **GATE_FORMS, **LIVE_FORMS,
            **planning_forms, **AGREEMENT_FORMS,
        }  # fmt: skip
        self.cookies = {name: self._cookie(people, name) for name in people.users}

    def _cookie(self, people: People, name: str) -> str:
        """Return the cookie of a session that is open, or of a visitor's."""
        client, user = FlaskClient(self.app, self.app.response_class), people.users[name]
        token = None
        if user:
            token = open_session(actor=actor_for(user), user=user, second_step=name == "adm")
        db.session.commit()
        with client.session_transaction() as kept:
            kept["csrf_token"] = self.csrf[0]
            if token:
                kept["_user_id"], kept["_fresh"] = token, True
            if name == "hlf":
                kept[PENDING] = people.pending
        cookie = client.get_cookie("session")
        assert cookie is not None
        return cookie.value

    def traced(self) -> list[str]:
        """Return what was written into the trail since the cell began."""
        if "audit_entries" not in self.held.written:
            return []
        since = text("SELECT action FROM audit_entries WHERE seq > :seq ORDER BY seq")
        return list(self.held.connection.execute(since, {"seq": self.newest}).scalars())

    def send(self, person: str, method: str, rule: str, thing: Thing) -> TestResponse:
        """Send one request as one person."""
        client = FlaskClient(self.app, self.app.response_class, use_cookies=True)
        client.set_cookie("session", self.cookies[person])
        form = {**thing.form, **self.forms.get(f"{method} {rule}", {}), "csrf_token": self.csrf[1]}
        for name, value in form.items():
            if isinstance(value, bytes):
                is_photo = value.startswith(b"\xff\xd8")
                form[name] = (BytesIO(value), "操场.jpg" if is_photo else "登记证书.pdf")
        return client.open(
            fill(rule, thing.args), method=method, data=form if method == "POST" else None,
            buffered=True,
        )  # fmt: skip

    def check(self, person: str, route: str, name: str, wanted: str) -> Iterator[str]:
        """Send one request of the table and yield what is wrong with the answer."""
        with self.held.cell():
            yield from list(self._try(person, route, name, wanted))

    def _try(self, person: str, route: str, name: str, wanted: str) -> Iterator[str]:
        method, rule = route.split(" ", 1)
        here = f"{route} [{name}] as {person}"
        answer = self.send(person, method, rule, self.things[name])
        status = str(answer.status_code)
        if status == "303" and wanted == "in" and answer.location.startswith("/sign-in"):
            status = "in"
        if status != wanted:
            yield f"{here}: {status}, not {wanted}"
        written = self.traced()
        if method == "POST" and status in ("200", "303"):
            if not (written or (route in QUIET and self.held.written)):
                yield f"{here}: {status}, and nothing of it is in the trail"
            return
        changed = self.held.changed(TRAIL)
        if changed:
            yield f"{here}: {status}, and yet it changed {sorted(changed)}"
        hidden = status == "404" and person not in STRANGERS and name not in NOWHERE
        # Whoever acts for nobody asked for something of their own that they do not have.
        hidden = hidden and not (person == "non" and not written)
        if written != (["access.refused"] if status == "403" or hidden else []):
            yield f"{here}: {status} left {written} in the trail"

    def find_wrong(self, table: Table, people: Collection[str] = PEOPLE) -> Iterator[str]:
        """Try a table, or the columns of some people, and yield what does not hold."""
        for route, things in table.items():
            for name, answers in things.items():
                for person, wanted in answers.items():
                    if person in people:
                        yield from self.check(person, route, name, wanted)


def fill(rule: str, args: Mapping[str, Any]) -> str:
    """Return a rule's address with its arguments filled in."""
    path = rule
    for name, value in args.items():
        for converter in ("", "int:", "string:"):
            path = path.replace(f"<{converter}{name}>", str(value))
    assert "<" not in path, f"{rule}: {args}"
    return path
