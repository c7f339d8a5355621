"""The commands as somebody types them."""

import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import create_engine, text

from matchplatform.app import create_app
from matchplatform.cli import main
from matchplatform.cli.server import options_of
from matchplatform.config.settings import Settings, read_settings
from matchplatform.kernel.db import db
from matchplatform.regions.columns import TYPED
from tests.cli.environ import environ_of
from tests.client import CheckingClient
from tests.databases import OPEN_TRAIL

# Far less than a pause that nobody interrupts would be, on any machine.
PATIENCE = 30.0


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    return environ_of(tmp_path / "instance")


def run(environ: dict[str, str], *words: str, typed: str = "") -> Result:
    return CliRunner().invoke(main, list(words), env=environ, input=typed)


def change(environ: dict[str, str], statement: str) -> None:
    engine = create_engine(read_settings(environ).database)
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()


class TestHelp:
    @pytest.mark.parametrize("name", sorted(main.commands))
    def test_each_command_explains_itself(self, name: str) -> None:
        result = CliRunner().invoke(main, [name, "--help"])
        assert result.exit_code == 0
        assert len(result.output.splitlines()) >= 5


class TestInit:
    def test_it_makes_an_empty_site_and_may_be_repeated(self, environ: dict[str, str]) -> None:
        for _ in range(2):
            result = run(environ, "init")
            assert result.exit_code == 0, result.output
            assert "projects: 0" in result.output
        assert run(environ, "check").output == "OK: 0 projects, 0 claims, 0 links\n"

    def test_unsafe_settings_stop_it_and_are_named(self, environ: dict[str, str]) -> None:
        result = run({**environ, "MATCHPLATFORM_ENV": "production"}, "init")
        assert result.exit_code == 2
        assert "MATCHPLATFORM_TRUSTED_HOSTS" in result.output
        assert "Traceback" not in result.output


class TestBeforeInit:
    def test_commands_say_what_to_do(self, environ: dict[str, str]) -> None:
        result = run(environ, "check")
        assert result.exit_code == 1
        assert "matchplatform init" in result.output

    def test_serve_refuses(self, environ: dict[str, str]) -> None:
        result = run(environ, "serve", "--port", "1")
        assert result.exit_code == 1
        assert "matchplatform init" in result.output


class TestServe:
    def test_a_port_in_use_is_told_plainly(self, environ: dict[str, str]) -> None:
        run(environ, "init")
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            result = run(environ, "serve", "--port", str(port))
        assert result.exit_code == 3
        assert f"Port {port}" in result.output

    def test_gunicorn_opens_no_control_socket_and_believes_no_headers(self) -> None:
        options = options_of(Settings(), "::1", 8000, access_log=False)
        assert options["bind"] == "[::1]:8000"
        assert options["control_socket_disable"] is True
        assert options["forwarded_allow_ips"] == ""
        assert (options["workers"], options["threads"]) == (2, 8)


class TestCreateAdmin:
    def test_the_link_sets_a_password_once(self, environ: dict[str, str]) -> None:
        run(environ, "init")
        result = run(environ, "create-admin", "--username", "chief", "--name", "王站长")
        assert result.exit_code == 0, result.output
        link = re.search(r"http://\S+(/password/\S+)", result.output)
        assert link is not None
        app = create_app(read_settings(environ))
        app.test_client_class = CheckingClient
        with app.app_context():
            assert app.test_client().get(link[1]).status_code == 200
            db.session.remove()
            db.engine.dispose()

    def test_a_weak_password_is_asked_for_again(self, environ: dict[str, str]) -> None:
        run(environ, "init")
        typed = "short\nshort\na long walk in Zhangbei\na long walk in Zhangbei\n"
        result = run(
            environ,
            "create-admin", "--username", "chief", "--name", "王站长", "--ask-password",
            typed=typed,
        )  # fmt: skip
        assert result.exit_code == 0, result.output
        assert "chief can sign in now." in result.output

    @pytest.mark.parametrize(
        ("username", "name"), [("chief of all", "王站长"), ("ch", "王站长"), ("chief", "王" * 61)]
    )
    def test_what_no_column_holds_and_nobody_can_type_is_refused_in_a_line(
        self, environ: dict[str, str], username: str, name: str
    ) -> None:
        run(environ, "init")
        result = run(environ, "create-admin", "--username", username, "--name", name)
        assert result.exit_code == 2
        assert "Invalid value for" in result.output
        assert "Traceback" not in result.output

    def test_a_taken_name_is_refused(self, environ: dict[str, str]) -> None:
        run(environ, "init")
        words = ("create-admin", "--username", "chief", "--name", "王站长")
        run(environ, *words)
        assert run(environ, *words).exit_code == 1


class TestCheck:
    def test_it_names_a_link_that_was_changed(self, environ: dict[str, str]) -> None:
        run(environ, "init")
        run(environ, "create-admin", "--username", "chief", "--name", "王站长")
        for statement in OPEN_TRAIL:
            change(environ, statement)
        change(environ, "UPDATE audit_entries SET actor_label = '别人' WHERE seq = 1")
        result = run(environ, "check")
        assert result.exit_code == 1
        assert "audit: link 1 was changed" in result.output

    def test_it_names_people_of_an_unknown_county(self, environ: dict[str, str]) -> None:
        run(environ, "init")
        run(environ, "create-admin", "--username", "chief", "--name", "王站长")
        counts = [name for name in TYPED if name not in ("people", "cause_ill")]
        change(
            environ,
            "INSERT INTO poor_figures (region_code, quarter, revision, as_of, source, reason, "
            f"people, cause_ill, {', '.join(counts)}, hidden, recorded_at, recorded_by_id, "
            "recorded_by_label) SELECT '999999', '2019Q4', 1, '2019-12-31', 'x', '', 7, 7, "
            f"{', '.join('0' for _ in counts)}, '[]', '2020-01-02', id, 'x' FROM users",
        )
        result = run(environ, "check")
        assert result.exit_code == 1
        assert "999999" in result.output

    def test_it_names_work_that_nobody_does(self, environ: dict[str, str]) -> None:
        run(environ, "init")
        change(
            environ,
            "INSERT INTO outbox (id, topic, payload, created_at, due_at, attempts, last_error)"
            " VALUES (1, 'notice', '{}', '2020-01-01 00:00:00', '2020-01-01 00:00:00', 3, 'boom')",
        )
        result = run(environ, "check")
        assert result.exit_code == 1
        assert "3 attempts: boom" in result.output


class TestStopping:
    def test_the_worker_leaves_soon_after_sigterm(self, environ: dict[str, str]) -> None:
        run(environ, "init")
        command = [sys.executable, "-c", "from matchplatform.cli import main; main()", "worker"]
        process = subprocess.Popen(command, env={"PATH": "/usr/bin:/bin", **environ})
        lock = Path(environ["MATCHPLATFORM_INSTANCE"]) / "worker.lock"
        begun = time.monotonic()
        while not lock.exists() and time.monotonic() - begun < 60:
            time.sleep(0.05)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=PATIENCE) == 0
