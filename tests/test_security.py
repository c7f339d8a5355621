"""What holds for every request and every answer, whatever the feature."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from werkzeug.routing import Rule

from matchplatform.access.actor import Role
from matchplatform.access.guards import public
from matchplatform.accounts.models import User, UserSession
from matchplatform.app import create_app
from matchplatform.audit.models import AuditEntry
from matchplatform.audit.queries import current_seq
from matchplatform.config.settings import Settings, UnsafeSettings
from matchplatform.kernel import errors
from matchplatform.kernel.db import Base, db
from tests.client import CheckingClient
from tests.databases import ON_ONE_DATABASE
from tests.factories import (
    make_admin,
    make_auditor,
    make_claim,
    make_officer,
    make_organisation,
    make_project,
    make_user,
    sign_in,
)

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
TRACES = ("Traceback", "sqlalchemy", "sqlite", ".py", "SELECT ", "Werkzeug")


def assert_headers(answer: Any) -> None:
    """Assert that an answer carries everything that SECURITY.md asks for."""
    for name, value in HEADERS.items():
        assert answer.headers.get(name) == value, f"{answer.request.path}: {name}"
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "*" not in policy
    assert "Permissions-Policy" in answer.headers


def assert_says_nothing_of_the_inside(page: str) -> None:
    """Assert that a page gives away no code, query or library."""
    for trace in TRACES:
        assert trace not in page, trace


def dump() -> str:
    """Return a fingerprint of every table but the trail and who was last seen when."""
    db.session.rollback()
    digest = hashlib.sha256()
    for table in Base.metadata.sorted_tables:
        if table.name in ("audit_entries", "audit_head", "user_sessions"):
            continue
        for row in db.session.execute(select(table).order_by(*table.primary_key)):
            digest.update(repr(tuple(row)).encode("utf-8", "replace"))
    db.session.rollback()
    return digest.hexdigest()


def actions_after(seq: int) -> set[str]:
    """Return what was written into the trail after a link."""
    db.session.rollback()
    return set(db.session.scalars(select(AuditEntry.action).where(AuditEntry.seq > seq)))


class Town:
    """One of everything, and somebody of every kind."""

    def __init__(self) -> None:
        project = make_project()
        organisation, agent = make_organisation()
        pending, _other = make_organisation(verified=False, region="130722")
        claim = make_claim(project, organisation, agent, submitted=True)
        draft = make_project()
        self.arguments: dict[str, Any] = {
            "number": project.number,
            "claim_id": claim.id,
            "organisation_id": pending.id,
            "user_id": agent.id,
            "notice_id": 1,
            "seq": 1,
            "token": "no-such-token",
            "action": "submit",
            "filename": "css/site.css",
        }
        self.draft = draft.number
        self.people: dict[str, User | None] = {
            "visitor": None,
            "agent": agent,
            "county": make_officer(),
            "other county": make_officer("130826"),
            "city": make_officer("1307"),
            "province": make_officer("13"),
            "auditor": make_auditor(),
            "admin": make_admin(),
            "organiser": make_user(Role.ORGANISER),
            "receiver": make_user(Role.RECEIVER),
        }

    def addresses(self, app: Flask, method: str) -> Iterator[str]:
        """Yield an address for every route of a method, its arguments filled in."""
        with app.test_request_context("/"):
            adapter = app.create_url_adapter(None) or app.url_map.bind("localhost")
            for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
                if method in (rule.methods or ()):
                    yield from self._fill(adapter, rule)

    def _fill(self, adapter: Any, rule: Rule) -> Iterator[str]:
        # What this world does not have is asked for all the same: the first, or none of that name.
        values = {
            name: self.arguments.get(name, 1 if f"<int:{name}>" in rule.rule else "none-such")
            for name in rule.arguments
        }
        chosen = [[(name, one) for one in choices] for name, choices in _choices_of(rule)]
        for given in product(*chosen):
            yield adapter.build(rule.endpoint, {**values, **dict(given)})


def _choices_of(rule: Rule) -> list[tuple[str, list[str]]]:
    found = re.findall(r"<any\(([^)]*)\):(\w+)>", rule.rule)
    return [(name, [one.strip().strip("\"'") for one in ones.split(",")]) for ones, name in found]


@pytest.fixture
def town(db_session: Flask) -> Town:
    """A town with one of everything."""
    return Town()


def make_site(tmp_path: Path, **changes: Any) -> Flask:
    """Make another site, with settings of its own and errors answered as in life."""
    base = Settings(
        env="test",
        secret_key="another secret that only this test knows, long enough",  # noqa: S106
        instance=str(tmp_path),
        argon2_memory_kib=8,
        argon2_time=1,
    )
    app = create_app(replace(base, **changes))
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.test_client_class = CheckingClient
    return app


@ON_ONE_DATABASE
class TestHeaders:
    @pytest.mark.parametrize(
        ("method", "path", "status"),
        [
            ("GET", "/", 200),
            ("GET", "/healthz", 200),
            ("GET", "/sign-in", 200),
            ("GET", "/static/css/site.css", 200),
            ("GET", "/static/no-such-file.css", 404),
            ("GET", "/static/../pyproject.toml", 404),
            ("GET", "/desk", 303),
            ("GET", "/no-such-page", 404),
            ("GET", "/?q=%00", 400),
            ("DELETE", "/projects", 405),
            ("POST", "/", 405),
            ("POST", "/sign-out", 400),
            ("HEAD", "/", 200),
            ("OPTIONS", "/", 200),
        ],
    )
    def test_they_are_on_every_answer(
        self, client: FlaskClient, method: str, path: str, status: int
    ) -> None:
        if path.endswith("site.css"):
            path = next(
                found
                for found in re.findall(r'href="(/static/[^"]+\.css[^"]*)"', client.get("/").text)
            )
        answer = client.open(path, method=method, csrf=False) if method == "POST" else client.open(
            path, method=method
        )  # fmt: skip
        assert answer.status_code == status
        assert_headers(answer)

    def test_they_are_on_every_page_of_every_kind_of_user(
        self, client: FlaskClient, town: Town
    ) -> None:
        sign_in(client, db.session.merge(town.people["county"]))  # type: ignore[arg-type]
        for path in ("/", "/desk", "/audit", "/my", "/nothing", "/projects/nothing"):
            assert_headers(client.get(path))

    def test_over_https_the_browser_is_told_to_stay_there(self, client: FlaskClient) -> None:
        assert "Strict-Transport-Security" not in client.get("/").headers
        answer = client.get("/", base_url="https://localhost")
        assert "max-age=31536000" in answer.headers["Strict-Transport-Security"]

    def test_no_answer_names_the_software(self, client: FlaskClient) -> None:
        for name in ("X-Powered-By", "Server"):
            assert name not in client.get("/").headers


@ON_ONE_DATABASE
class TestCaching:
    def test_what_signed_in_people_see_is_never_stored(
        self, client: FlaskClient, town: Town
    ) -> None:
        for name, user in town.people.items():
            if user is None:
                continue
            sign_in(client, db.session.merge(user))
            for path in ("/", "/projects", "/desk", "/my", "/audit", "/notices", "/account", "/x"):
                answer = client.get(path)
                assert answer.headers.get("Cache-Control") == "no-store", f"{name} {path}"

    def test_visitors_and_static_files_may_be_cached(self, client: FlaskClient, town: Town) -> None:
        assert client.get("/").headers.get("Cache-Control") != "no-store"
        sign_in(client, db.session.merge(town.people["admin"]))  # type: ignore[arg-type]
        style = re.search(r'href="(/static/[^"]+\.css[^"]*)"', client.get("/").text)
        assert style
        assert "max-age" in client.get(style[1]).headers["Cache-Control"]


# A form without its token is refused before anything is asked of a database.
@ON_ONE_DATABASE
class TestCsrf:
    def test_no_post_without_a_token_does_anything(self, client: FlaskClient, town: Town) -> None:
        addresses = list(town.addresses(client.application, "POST"))
        assert len(addresses) > 15
        for who in ("visitor", "agent", "county", "admin"):
            user = town.people[who]
            if user is not None:
                sign_in(client, db.session.merge(user))
            before, seq = dump(), current_seq()
            for path in addresses:
                for data in ({"version": "1"}, {"version": "1", "csrf_token": "forged"}):
                    answer = client.post(path, data=data, csrf=False)
                    assert answer.status_code == 400, f"{who} {path}"
            assert dump() == before
            assert actions_after(seq) == set()

    def test_the_token_of_another_visitor_is_refused(self, client: FlaskClient, town: Town) -> None:
        other = client.application.test_client()
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', other.get("/sign-in").text)
        assert token
        client.get("/sign-in")
        answer = client.post("/sign-in", data={"csrf_token": token[1]}, csrf=False)
        assert answer.status_code == 400


# In the matrix PostgreSQL itself refuses every write of a page that is only read.
@ON_ONE_DATABASE
class TestGetsNeverWrite:
    @pytest.mark.parametrize(
        "who",
        ["visitor", "agent", "county", "other county", "city", "province", "auditor", "admin",
         "organiser", "receiver"],
    )  # fmt: skip
    def test_every_page_can_be_read_without_a_trace(
        self, client: FlaskClient, town: Town, who: str
    ) -> None:
        user = town.people[who]
        if user is not None:
            sign_in(client, db.session.merge(user))
        before, seq = dump(), current_seq()
        for path in town.addresses(client.application, "GET"):
            answer = client.get(path)
            assert answer.status_code in (200, 302, 303, 403, 404, 409), f"{who} {path}"
        assert dump() == before
        assert actions_after(seq) <= {"access.refused"}

    def test_methods_in_disguise_do_nothing(self, client: FlaskClient, town: Town) -> None:
        sign_in(client, db.session.merge(town.people["agent"]))  # type: ignore[arg-type]
        before = dump()
        for path in town.addresses(client.application, "POST"):
            client.get(path, headers={"X-HTTP-Method-Override": "POST"})
            client.get(path, query_string={"_method": "POST", "version": "1"})
            client.head(path)
        assert dump() == before


class TestRefusals:
    def test_a_refusal_is_audited_with_who_and_what(self, client: FlaskClient, town: Town) -> None:
        agent = town.people["agent"]
        assert agent is not None
        agent_id = agent.id
        sign_in(client, db.session.merge(agent))
        before, seq = dump(), current_seq()
        answer = client.get("/audit")
        assert answer.status_code == 403
        assert_says_nothing_of_the_inside(answer.text)
        assert dump() == before
        db.session.rollback()
        (entry,) = db.session.scalars(select(AuditEntry).where(AuditEntry.seq > seq))
        assert (entry.action, entry.actor_id) == ("access.refused", agent_id)
        assert (entry.subject_id, entry.subject_label) == ("audit.index", "GET /audit")
        assert entry.address == "127.0.0.1"

    def test_a_refused_post_changes_nothing_and_is_audited(
        self, client: FlaskClient, town: Town
    ) -> None:
        sign_in(client, db.session.merge(town.people["county"]))  # type: ignore[arg-type]
        before, seq = dump(), current_seq()
        path = f"/projects/{town.arguments['number']}/claims"
        assert client.post(path, data={"version": "1"}).status_code == 403
        assert dump() == before
        assert actions_after(seq) == {"access.refused"}

    def test_a_visitor_is_led_to_sign_in_and_back(self, client: FlaskClient) -> None:
        answer = client.get("/desk?queue=claims")
        assert answer.status_code == 303
        assert answer.location == "/sign-in?next=/desk?queue%3Dclaims"
        assert current_seq() == 0

    def test_a_disabled_account_is_a_visitor_at_once(self, client: FlaskClient, town: Town) -> None:
        sign_in(client, db.session.merge(town.people["county"]))  # type: ignore[arg-type]
        assert client.get("/desk").status_code == 200
        db.session.execute(text("UPDATE users SET is_active = FALSE"))
        db.session.commit()
        assert client.get("/desk").status_code == 303

    def test_a_cookie_that_was_forged_is_a_visitors(self, client: FlaskClient, town: Town) -> None:
        with client.session_transaction() as kept:
            kept["_user_id"] = "1"
        assert client.get("/desk").status_code == 303
        client.set_cookie("session", "eyJfdXNlcl9pZCI6IjEifQ.aaaa.bbbb")
        assert client.get("/desk").status_code == 303
        assert client.get("/").status_code == 200


class TestErrorPages:
    def test_the_not_found_page_says_so(self, client: FlaskClient) -> None:
        page = client.get("/nothing/<script>alert(1)</script>")
        assert page.status_code == 404
        assert "没有找到" in page.text
        assert "<script>alert" not in page.text

    def test_405_names_what_would_be_allowed(self, client: FlaskClient) -> None:
        answer = client.delete("/projects")
        assert answer.status_code == 405
        assert "GET" in answer.headers["Allow"]

    def test_over_a_megabyte_is_413(self, client: FlaskClient) -> None:
        answer = client.post("/sign-in", data={"username": "长" * 400_000}, csrf=False)
        assert answer.status_code == 413
        assert_headers(answer)
        body = b"username=" + b"x" * 1_100_000
        for kind in ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
            answer = client.post("/sign-in", data=body, content_type=kind, csrf=False)
            assert answer.status_code in (400, 413)

    def test_just_below_it_is_read(self, client: FlaskClient) -> None:
        answer = client.post("/sign-in", data={"username": "x" * 900_000, "password": "y"})
        assert answer.status_code == 400

    def test_a_form_of_ten_thousand_fields_is_4xx(self, client: FlaskClient) -> None:
        answer = client.post("/sign-in", data={f"f{n}": "1" for n in range(10_000)})
        assert 400 <= answer.status_code < 500

    @pytest.mark.parametrize("path", ["/claims/" + "9" * 5000, "/audit/" + "9" * 5000])
    def test_ids_of_thousands_of_digits_are_404(self, client: FlaskClient, path: str) -> None:
        assert client.get(path).status_code == 404

    @pytest.mark.parametrize(
        ("error", "status"),
        [
            (errors.InvalidInput("这里不对"), 400),
            (errors.Forbidden("您不能办"), 403),
            (errors.NotFound("没有这一件"), 404),
            (errors.Conflict("晚了一步"), 409),
            (errors.StaleVersion(), 409),
            (errors.AskAgain([]), 409),
            (errors.KeyReused(), 422),
            (errors.TooMany(), 429),
            (errors.Busy(), 503),
        ],
    )
    def test_each_domain_error_has_its_page(
        self, db_session: Flask, error: errors.DomainError, status: int
    ) -> None:
        with db_session.test_request_context("/"):
            answer = db_session.make_response(db_session.handle_user_exception(error))
        page = answer.get_data(as_text=True)
        assert answer.status_code == status
        assert str(error.words) in page
        assert ("Retry-After" in answer.headers) == (status in (429, 503))

    def test_every_domain_error_has_a_status(self) -> None:
        from matchplatform.handlers import STATUS

        for kind in vars(errors).values():
            if isinstance(kind, type) and issubclass(kind, errors.DomainError):
                handled = any(parent in STATUS for parent in kind.__mro__)
                assert handled or kind in (errors.DomainError, errors.SignInNeeded), kind

    def test_a_bug_is_a_500_that_says_nothing(self, tmp_path: Path) -> None:
        app = make_site(tmp_path)

        @public
        def broken() -> str:
            raise ZeroDivisionError("secret words")

        app.add_url_rule("/broken", "broken", broken)
        answer = app.test_client().get("/broken")
        assert answer.status_code == 500
        assert "secret words" not in answer.text
        assert_says_nothing_of_the_inside(answer.text)
        assert_headers(answer)

    def test_a_route_without_a_guard_does_not_open(self, tmp_path: Path) -> None:
        app = make_site(tmp_path)
        app.add_url_rule("/open", "open", lambda: "secret words")
        answer = app.test_client().get("/open")
        assert answer.status_code == 500
        assert "secret words" not in answer.text


class TestDatabaseDown:
    @pytest.fixture
    def broken(self, tmp_path: Path) -> Flask:
        return make_site(tmp_path, database_url=f"sqlite:///{tmp_path}/no/such/folder/x.db")

    @pytest.mark.parametrize("path", ["/", "/projects", "/sign-in", "/counties", "/healthz"])
    def test_pages_are_503_and_say_when_to_come_back(self, broken: Flask, path: str) -> None:
        answer = broken.test_client().get(path)
        assert answer.status_code == 503
        assert int(answer.headers["Retry-After"]) > 0
        assert_headers(answer)
        assert_says_nothing_of_the_inside(answer.text)

    @pytest.mark.parametrize("path", ["/", "/desk", "/my", "/nothing"])
    def test_so_they_are_for_somebody_signed_in(self, broken: Flask, path: str) -> None:
        client = broken.test_client()
        with client.session_transaction() as kept:
            kept["_user_id"] = "some token"
            kept["_fresh"] = True
        answer = client.get(path)
        assert answer.status_code == 503
        assert "Retry-After" in answer.headers
        assert_says_nothing_of_the_inside(answer.text)

    def test_a_post_is_503_too(self, broken: Flask) -> None:
        answer = broken.test_client().post("/sign-in", data={"username": "a", "password": "b"})
        assert answer.status_code == 503
        assert "Retry-After" in answer.headers

    def test_static_files_still_come(self, broken: Flask, client: FlaskClient) -> None:
        style = re.search(r'href="(/static/[^"]+\.css[^"]*)"', client.get("/").text)
        assert style
        assert broken.test_client().get(style[1]).status_code == 200

    def test_an_empty_database_is_503_and_not_a_traceback(self, tmp_path: Path) -> None:
        answer = make_site(tmp_path).test_client().get("/projects")
        assert answer.status_code == 503
        assert_says_nothing_of_the_inside(answer.text)


@ON_ONE_DATABASE
class TestHosts:
    @pytest.fixture
    def site(self, tmp_path: Path, db_session: Flask) -> Flask:
        url = db_session.config["SQLALCHEMY_DATABASE_URI"]
        return make_site(tmp_path, trusted_hosts="good.example,.also.example", database_url=url)

    @pytest.mark.parametrize(
        "host",
        ["evil.example", "good.example.evil.example", "localhost", "good.example@evil.example"],
    )
    def test_a_strange_host_is_400(self, site: Flask, host: str) -> None:
        for path in ("/", "/sign-in", "/desk", "/nothing"):
            answer = site.test_client().get(path, headers={"Host": host})
            assert answer.status_code == 400
            assert host not in answer.text
            assert_headers(answer)
        answer = site.test_client().post("/sign-in", headers={"Host": host}, csrf=False)
        assert answer.status_code == 400

    @pytest.mark.parametrize("host", ["good.example", "good.example:8000", "x.also.example"])
    def test_our_own_hosts_are_answered(self, site: Flask, host: str) -> None:
        assert site.test_client().get("/", headers={"Host": host}).status_code == 200


class TestProduction:
    def test_the_site_does_not_start_unsafe(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("MATCHPLATFORM_ENV", "production")
        for name in ("SECRET_KEY", "BASE_URL", "TRUSTED_HOSTS"):
            monkeypatch.delenv(f"MATCHPLATFORM_{name}", raising=False)
        with pytest.raises(UnsafeSettings, match="SECRET_KEY") as caught:
            create_app()
        for name in ("BASE_URL", "TRUSTED_HOSTS"):
            assert f"MATCHPLATFORM_{name}" in str(caught.value)

    def test_cookies_are_http_only_lax_and_secure_behind_https(
        self, tmp_path: Path, db_session: Flask
    ) -> None:
        url = db_session.config["SQLALCHEMY_DATABASE_URI"]
        site = make_site(tmp_path, base_url="https://match.example", database_url=url)
        cookie = site.test_client().get("/sign-in", base_url="https://x").headers["Set-Cookie"]
        for part in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
            assert part in cookie

    def test_sessions_are_kept_as_hashes(self, client: FlaskClient, town: Town) -> None:
        token = sign_in(client, db.session.merge(town.people["admin"]))  # type: ignore[arg-type]
        assert db.session.get(UserSession, token) is None
        kept = db.session.scalars(select(UserSession.token_hash)).all()
        assert kept == [hashlib.sha256(token.encode()).hexdigest()]
