"""A whole site for the journeys: seeded once, then served and worked on by real processes."""

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path

from tests.demo import made_before
from tests.notifications.conftest import FROM, Box, start_server

ROOT = Path(__file__).resolve().parents[2]
COMMAND = [sys.executable, "-c", "from matchplatform.cli import main; main()"]
READY_SECONDS, END_SECONDS, SEED_SECONDS = 60, 15, 300


@dataclass(frozen=True)
class Site:
    """A running site."""

    port: int
    log: Path
    box: Box
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def database(self) -> Path:
        """Return the file of the database."""
        return self.log.parent / "matchplatform.db"

    @property
    def environment(self) -> dict[str, str]:
        """Return the variables of the site, for whoever prepares something behind its pages."""
        return _environment(self.log.parent)

    @contextmanager
    def worker_held(self) -> Iterator[None]:
        """Hold the worker still, at a moment when it keeps nobody from the database."""
        worker = self.processes[-1]
        try:
            worker.send_signal(signal.SIGSTOP)
            os.waitid(os.P_PID, worker.pid, os.WSTOPPED)
            while not self._is_free():
                worker.send_signal(signal.SIGCONT)
                worker.send_signal(signal.SIGSTOP)
                os.waitid(os.P_PID, worker.pid, os.WSTOPPED)
            yield
        finally:
            worker.send_signal(signal.SIGCONT)

    def _is_free(self) -> bool:
        with closing(sqlite3.connect(self.database, timeout=0.1)) as opened:
            try:
                opened.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                return False
            opened.rollback()
            return True

    def move_days(self, statement: str, *values: object) -> None:
        """Change dates in the database, where a journey cannot wait for them to come."""
        with closing(sqlite3.connect(self.database, timeout=10)) as opened, opened:
            changed = opened.execute(statement, values).rowcount
        assert changed == 1, f"{changed} rows: {statement}"

    def answers(self) -> bool:
        """Tell whether the site and its database answer."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().read() == b"ok\n"
        except OSError:
            return False
        finally:
            connection.close()


def seed_instance(folder: Path) -> None:
    """Make or copy an instance with the demo data; whoever comes second finds it made."""
    if (folder / "matchplatform.db").exists():
        return
    made = made_before()
    if made is not None:
        shutil.copytree(made, folder)
        return
    making = folder.with_name(f"{folder.name}.making")
    shutil.rmtree(making, ignore_errors=True)
    subprocess.run(
        [*COMMAND, "init", "--demo"],
        cwd=ROOT,
        env=_environment(making),
        check=True,
        timeout=SEED_SECONDS,
        stdout=subprocess.DEVNULL,
    )
    making.rename(folder)


@contextmanager
def run_site(instance: Path) -> Iterator[Site]:
    """Serve an instance and run its worker until the end."""
    post = start_server(box := Box())
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        site = Site(trial.getsockname()[1], instance / "site.log", box)
    environment = _environment(instance) | {
        "MATCHPLATFORM_BASE_URL": site.url,
        "MATCHPLATFORM_MAIL_HOST": "127.0.0.1",
        "MATCHPLATFORM_MAIL_PORT": str(post.port),
        "MATCHPLATFORM_MAIL_TLS": "none",
        "MATCHPLATFORM_MAIL_FROM": FROM,
        "MATCHPLATFORM_UPLOAD_MEGABYTES": "1",
    }
    with site.log.open("w") as log:
        for arguments in (["serve", "--port", str(site.port)], ["worker"]):
            site.processes.append(
                subprocess.Popen(
                    [*COMMAND, *arguments],
                    cwd=ROOT,
                    env=environment,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                )
            )
        try:
            _wait_for(site)
            yield site
        finally:
            for process in site.processes:
                process.terminate()
            for process in site.processes:
                _end(process)
            post.stop()


def _environment(instance: Path) -> dict[str, str]:
    inherited = {
        name: value for name, value in os.environ.items() if not name.startswith("MATCHPLATFORM_")
    }
    return inherited | {
        "MATCHPLATFORM_INSTANCE": str(instance),
        "MATCHPLATFORM_WEB_PROCESSES": "1",
        "MATCHPLATFORM_WORKER_PAUSE_SECONDS": "0.2",
    }


def _wait_for(site: Site) -> None:
    give_up = time.monotonic() + READY_SECONDS
    while not site.answers():
        if (
            any(process.poll() is not None for process in site.processes)
            or time.monotonic() > give_up
        ):
            raise RuntimeError(f"the site did not start:\n{site.log.read_text()}")
        time.sleep(0.1)


def _end(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(END_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
