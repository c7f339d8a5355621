"""A small world with one thing of every kind, and how every person of the matrix meets it."""

import sqlite3
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask, session
from flask_wtf.csrf import generate_csrf
from sqlalchemy import select
from werkzeug.test import TestResponse

from matchplatform.access.actor import Role
from matchplatform.accounts.models import User
from matchplatform.accounts.services import issue_password_link, open_session
from matchplatform.kernel import clock
from matchplatform.kernel.db import db, set_only_reading
from matchplatform.notifications.models import Notice
from matchplatform.organisations.models import Organisation
from matchplatform.organisations.services import return_organisation
from matchplatform.organisations.states import USCC_PREFIX, OrganisationType
from matchplatform.projects.models import Project
from matchplatform.projects.services import suspend_project
from matchplatform.projects.states import ProjectState
from matchplatform.seeding.uscc import make_uscc
from tests.architecture.matrix_table import PEOPLE, Table
from tests.factories import (
    PASSWORD,
    actor_for,
    make_admin,
    make_auditor,
    make_claim,
    make_officer,
    make_organisation,
    make_project,
    make_user,
)

REASON = "材料不全，请补充后再办"
NEW_PASSWORD = "海阔天空 2021 坝上的云"
TRAIL = ("audit_entries", "audit_head")
SEEN = "user_sessions"
NOWHERE = ("a wrong link", "no member")
Form = dict[str, str]


@dataclass
class Thing:
    """What stands in a route's address, and what a form about it sends."""

    args: dict[str, Any] = field(default_factory=dict)
    form: Form = field(default_factory=dict)


def organisation_form(number: int) -> Form:
    """Return what an organisation types into its form."""
    return {
        "name": "北京更正公益基金会",
        "org_type": str(OrganisationType.FOUNDATION),
        "uscc": make_uscc(USCC_PREFIX[OrganisationType.FOUNDATION], "110000", number),
        "registration_authority": "北京市民政局",
        "registration_region": "110000",
        "supervising_body": "北京市民政局",
        "legal_rep": "钱二川",
        "business_scope": "资助乡村学校改善住宿与取暖条件，捐赠图书和被褥，支持驻校社会工作。",
        "mission": "让山区寄宿的孩子冬天有热水、有人陪，读得上书，走得出山。",
        "focus_sectors": "education",
        "annual_budget": "200",
        "grade": "",
        "version": "2",
        "username": "newcomer",
        "display_name": "新来的",
        "password": NEW_PASSWORD,
        "again": NEW_PASSWORD,
    }


class World:
    """The site with its things and people; what a request changed is put back after it."""

    def __init__(self, app: Flask, database: Path) -> None:
        self.app, self.database = app, database
        self.cookies: dict[str, str] = {}
        self.things: dict[str, Thing] = {}
        self.forms: dict[str, Form] = {}
        set_only_reading(False)
        with app.test_request_context():
            signed = generate_csrf()
            self.csrf = session["csrf_token"], signed
        with app.app_context():
            self._make()
            db.session.remove()
        self.kept = sqlite3.connect(database.with_suffix(".kept"))
        self.live = sqlite3.connect(database, isolation_level=None)
        self.live.execute("PRAGMA synchronous=OFF")
        self.live.backup(self.kept)
        self.before = self.dump()

    def _make(self) -> None:
        admin, somebody = make_admin(), make_officer("130822")
        claimant, agent = make_organisation()
        _rival, rival = make_organisation()
        beijing, pending = make_organisation(verified=False)
        zhangbei, _ = make_organisation(verified=False, region="130722")
        ministry, _ = make_organisation(verified=False, region="100000")
        returned, returnee = make_organisation(verified=False)
        officers = {
            "cty": make_officer("130722"), "ct2": make_officer("130826"),
            "cit": make_officer("1307"), "ci2": make_officer("1308"),
            "pro": make_officer("13"), "bei": make_officer("11"),
        }  # fmt: skip
        return_organisation(
            actor=actor_for(officers["bei"]),
            organisation=returned,
            version=returned.version,
            reason=REASON,
        )
        db.session.commit()
        people: dict[str, User | None] = {
            "vis": None, "agt": agent, "riv": rival, "pen": pending, "ret": returnee, **officers,
            "aud": make_auditor(), "adm": admin, "org": make_user(Role.ORGANISER),
            "rec": make_user(Role.RECEIVER),
        }  # fmt: skip
        self._make_projects(claimant, agent, actor_of_city=actor_for(officers["cit"]))
        token = issue_password_link(actor=actor_for(admin), user=somebody, within=None)
        for user in filter(None, people.values()):
            words = {"template": "您好", "params": {}, "url": "/my"}
            db.session.add(Notice(user_id=user.id, outbox_id=1, created_at=clock.now(), **words))
        db.session.commit()
        notice = db.session.scalars(select(Notice).where(Notice.user_id == agent.id)).one()
        versioned: dict[str, Organisation] = {
            "of the claimant": claimant, "of Beijing": beijing, "of Zhangbei": zhangbei,
            "of the ministry": ministry,
        }  # fmt: skip
        for name, one in versioned.items():
            form = {"version": str(one.version), "reason": REASON}
            self.things[name] = Thing({"organisation_id": one.id}, form)
        passwords = {"password": NEW_PASSWORD, "again": NEW_PASSWORD}
        self.things |= {
            "-": Thing(),
            "agents notice": Thing({"notice_id": notice.id}),
            "a member": Thing({"organisation_id": claimant.id, "user_id": agent.id}),
            "no member": Thing({"organisation_id": claimant.id, "user_id": rival.id}),
            "an account": Thing({"user_id": somebody.id}, {"reason": REASON}),
            "a link": Thing({"token": token}, passwords),
            "a wrong link": Thing({"token": "no-such-token"}, passwords),
            "an entry": Thing({"seq": 1}),
        }
        own = {**organisation_form(9001), "version": str(returned.version)}
        own["org_type"] = str(returned.org_type)
        self.forms = {
            "POST /desk/projects/new": {
                "name": "东水泉村饮水", "sector": "education", "kind": "project",
            },
            "POST /register": organisation_form(9000),
            "POST /my/organisation": own,
            "POST /admin/accounts/new": {
                "role": "auditor", "username": "newauditor", "display_name": "新审计",
                "region_prefix": "",
            },
            "POST /sign-in": {"username": somebody.username, "password": PASSWORD},
            "POST /account": {**passwords, "old_password": PASSWORD},
        }  # fmt: skip
        self.cookies = {name: self._cookie(user) for name, user in people.items()}

    def _make_projects(self, claimant: Organisation, agent: User, *, actor_of_city: Any) -> None:
        draft = make_project(state=ProjectState.DRAFT)
        suspended = make_project()
        suspend_project(
            actor=actor_of_city, project=suspended, version=suspended.version, reason=REASON
        )
        db.session.commit()
        projects: dict[str, Project] = {
            "draft": draft,
            "sent": make_project(state=ProjectState.SUBMITTED),
            "verified": make_project(state=ProjectState.VERIFIED),
            "open": make_project(),
            "suspended": suspended,
        }
        claims = {
            "reserved": make_claim(make_project(), claimant, agent),
            "submitted": make_claim(make_project(), claimant, agent, submitted=True),
        }
        for name, project in projects.items():
            form = {
                "version": str(project.version), "reason": REASON, "outcome": "cancelled",
                f"line-{project.lines[0].id}": "20000", "confirmed": "yes",
                "name": project.name, "sector": "education", "kind": "project",
            }  # fmt: skip
            self.things[name] = Thing({"number": project.number}, form)
        for name, claim in claims.items():
            form = {"version": str(claim.version), "words": REASON}
            self.things[name] = Thing({"claim_id": claim.id}, form)

    def _cookie(self, user: User | None) -> str:
        """Return the cookie of a session that is open."""
        client = self.app.test_client()
        token = open_session(actor=actor_for(user), user=user) if user else None
        db.session.commit()
        with client.session_transaction() as kept:
            kept["csrf_token"] = self.csrf[0]
            if token:
                kept["_user_id"], kept["_fresh"] = token, True
        cookie = client.get_cookie("session")
        assert cookie is not None
        return cookie.value

    def dump(self) -> dict[str, list[Any]]:
        """Return every row of every table but the trail and who was last seen when."""
        names = self.live.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        return {
            name: self.live.execute(f'SELECT * FROM "{name}"').fetchall()  # noqa: S608
            for (name,) in names
            if name not in (*TRAIL, SEEN)
        }

    def last_entry(self) -> int:
        """Return the number of the newest row of the trail."""
        return int(
            self.live.execute("SELECT coalesce(max(seq), 0) FROM audit_entries").fetchone()[0]
        )

    def actions_after(self, seq: int) -> list[str]:
        """Return what was written into the trail after a row."""
        found = self.live.execute("SELECT action FROM audit_entries WHERE seq > ?", (seq,))
        return [action for (action,) in found]

    def put_back(self) -> None:
        """Undo all that the requests did."""
        self.kept.backup(self.live)

    def send(self, person: str, method: str, rule: str, thing: Thing) -> TestResponse:
        """Send one request as one person."""
        client = self.app.test_client(use_cookies=True)
        client.set_cookie("session", self.cookies[person])
        form = {**thing.form, **self.forms.get(f"{method} {rule}", {}), "csrf_token": self.csrf[1]}
        return client.open(
            fill(rule, thing.args), method=method, data=form if method == "POST" else None,
            buffered=True,
        )  # fmt: skip

    def check(self, person: str, route: str, name: str, wanted: str) -> Iterator[str]:
        """Send one request of the table and yield what is wrong with the answer."""
        method, rule = route.split(" ", 1)
        here = f"{route} [{name}] as {person}"
        seq, version = self.last_entry(), self._version()
        answer = self.send(person, method, rule, self.things[name])
        status = str(answer.status_code)
        if status == "303" and wanted == "in" and answer.location.startswith("/sign-in"):
            status = "in"
        if status != wanted:
            yield f"{here}: {status}, not {wanted}"
        written = self.actions_after(seq)
        if method == "GET" or status not in ("200", "303"):
            changed = self._version() != version and self.dump() != self.before
            if changed:
                yield f"{here}: {status}, and yet it changed something"
            hidden = status == "404" and person != "vis" and name not in NOWHERE
            traced = ["access.refused"] if status == "403" or hidden else []
            if written != traced and (name, written) != ("no member", ["access.refused"]):
                yield f"{here}: {status} left {written} in the trail"
        else:
            changed = self._version() != version
            if not changed:
                yield f"{here}: {status}, and nothing came of it"
        if changed:
            self.put_back()

    def _version(self) -> int:
        return int(self.live.execute("PRAGMA data_version").fetchone()[0])

    def find_wrong(self, table: Table, people: Collection[str] = PEOPLE) -> Iterator[str]:
        """Try a table, or the columns of some people, and yield what does not hold."""
        self.put_back()
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
