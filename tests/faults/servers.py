"""A site in real processes for the harnesses beside this file, and people signed in to it."""

import http.client
import multiprocessing
import os
import secrets
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from flask import Flask, g, session
from flask_wtf.csrf import generate_csrf

from matchplatform.accounts.models import User
from matchplatform.accounts.services import open_session
from matchplatform.app import create_app
from matchplatform.cli import main
from matchplatform.cli.database import migrate
from matchplatform.config.settings import read_settings
from matchplatform.kernel.db import db
from tests import postgres
from tests.factories import actor_for

DATABASES = ("sqlite", "postgresql")
PATIENCE = 60.0
SETTINGS = {
    "MATCHPLATFORM_ENV": "test",
    "MATCHPLATFORM_SECRET_KEY": "a secret that only this harness knows, long enough",
    "MATCHPLATFORM_ARGON2_MEMORY_KIB": "8",
    "MATCHPLATFORM_ARGON2_TIME": "1",
    "MATCHPLATFORM_WEB_PROCESSES": "1",
    "MATCHPLATFORM_WEB_THREADS": "16",
    "MATCHPLATFORM_WORKER_PAUSE_SECONDS": "0.05",
}
Fault = Callable[[], None]

# Forked from a process that has read all code already: a start costs a tenth of what it would.
_PROCESSES = multiprocessing.get_context("forkserver")
_PROCESSES.set_forkserver_preload(["matchplatform.cli", "tests.faults.twins"])


@dataclass(frozen=True)
class Person:
    """A signed-in user: the cookie of the browser and the token of its forms."""

    user_id: int
    cookie: str
    csrf: str


@dataclass
class Site:
    """A migrated site of its own: its folder, its variables, and the application in this process."""

    folder: Path
    environ: dict[str, str]
    app: Flask = field(repr=False)

    def sign_in(self, user: User) -> Person:
        """Sign a user in, as the form would; inside the application's context."""
        token = open_session(actor=actor_for(user), user=user)
        db.session.commit()
        with self.app.test_request_context():
            session["_user_id"], session["_fresh"] = token, True
            csrf = generate_csrf()
            # Flask-WTF keeps the token in g, which outlives the request inside our context.
            g.pop("csrf_token", None)
            signer = self.app.session_interface.get_signing_serializer(self.app)  # type: ignore[attr-defined]
            cookie = f"{self.app.config['SESSION_COOKIE_NAME']}={signer.dumps(dict(session))}"
        return Person(user.id, cookie, csrf)

    @contextmanager
    def opened(self) -> Iterator[None]:
        """Open the database in this process, and leave nothing open behind."""
        with self.app.app_context():
            try:
                yield
            finally:
                db.session.remove()
                db.engine.dispose()

    def server(self, fault: Fault | None = None) -> "Server":
        """Return a server that is not started yet; ``fault`` breaks it before it serves."""
        port = _free_port()
        words = ("serve", "--port", str(port))
        return Server(words, self.environ, self.folder / "server.log", fault, port=port)

    def worker(self) -> "Process":
        """Return a worker that is not started yet."""
        return Process(("worker",), self.environ, self.folder / "worker.log")


@dataclass
class Process:
    """A command of the site, in a group of its own so that kill -9 reaches all that belongs to it."""

    words: tuple[str, ...]
    environ: dict[str, str]
    log: Path
    fault: Fault | None = None
    running: ForkServerProcess | None = None

    def start(self) -> None:
        """Start it; what it says goes to the end of its log."""
        self.running = _PROCESSES.Process(
            target=_run_command,
            args=(self.words, self.environ, self.log, self.fault),
            daemon=True,
        )
        self.running.start()
        while self.is_alive and os.getpgid(self.pid) != self.pid:
            time.sleep(0.002)

    @property
    def is_alive(self) -> bool:
        """Tell whether it runs."""
        return self.running is not None and self.running.is_alive()

    @property
    def pid(self) -> int:
        """Return its number, which is also that of its group."""
        if self.running is None or self.running.pid is None:
            raise RuntimeError("it is not running")
        return self.running.pid

    def kill(self) -> None:
        """End the whole group at once, with kill -9."""
        if self.running is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)
            self._forget()

    def stop(self) -> None:
        """Ask it to end and wait until it has."""
        if self.running is not None:
            self.running.terminate()
            self.running.join(PATIENCE)
            self.kill()

    def _forget(self) -> None:
        if self.running is not None:
            self.running.join()
            self.running.close()
            self.running = None

    def __enter__(self) -> "Process":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


@dataclass
class Server(Process):
    """A server of the site."""

    port: int = 0

    def wait(self) -> None:
        """Wait until it answers."""
        begun = time.monotonic()
        while time.monotonic() - begun < PATIENCE:
            if not self.is_alive:
                raise RuntimeError(f"the server ended: {tail(self.log)}")
            try:
                if ask(self.port, "GET", "/sign-in", {}, "")[0] == 200:
                    return
            except (OSError, http.client.HTTPException):
                time.sleep(0.05)
        raise RuntimeError(f"no answer on port {self.port}: {tail(self.log)}")


@contextmanager
def make_site(database: str) -> Iterator[Site]:
    """Make an empty site on one of DATABASES, in a temporary folder."""
    with (
        tempfile.TemporaryDirectory(prefix="faults-") as folder,
        _database_address(database) as address,
    ):
        environ = {
            **SETTINGS,
            "MATCHPLATFORM_INSTANCE": folder,
            "MATCHPLATFORM_DATABASE_URL": address,
        }
        site = Site(Path(folder), environ, create_app(read_settings(environ)))
        with site.opened():
            migrate(db.engine)
        yield site


def ask(port: int, method: str, path: str, headers: dict[str, str], body: str) -> tuple[int, bytes]:
    """Send one request on a connection of its own; return the status and the page."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request(method, path, body or None, headers)
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def tail(log: Path, lines: int = 30) -> str:
    """Return the end of a log."""
    text = log.read_text("utf-8", "replace") if log.exists() else ""
    return "\n".join(text.splitlines()[-lines:])


def _run_command(
    words: tuple[str, ...], environ: dict[str, str], log: Path, fault: Fault | None
) -> None:
    os.setsid()
    said = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.dup2(said, sys.stdout.fileno())
    os.dup2(said, sys.stderr.fileno())
    os.environ.update(environ)
    if fault is not None:
        fault()
    main(words, prog_name="matchplatform")


@contextmanager
def _database_address(database: str) -> Iterator[str]:
    if database == "sqlite":
        yield ""
        return
    name = f"faults_{os.getpid()}_{secrets.token_hex(4)}"
    with postgres.any_cluster() as address, postgres.database(address, name) as made:
        yield made


def _free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port: int = trial.getsockname()[1]
        return port
