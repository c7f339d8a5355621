"""Many claimants on one last unit, over two server processes: exactly one may win.

`python -m tests.faults.claim_race --claimants 64 --rounds 50`; with `--twin` the servers run a
broken hold (read, then write), and the harness must report the double booking.
"""

import argparse
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from urllib.parse import urlencode

from flask import Flask, g, session
from flask_wtf.csrf import generate_csrf
from sqlalchemy import select

from matchplatform.accounts.services import open_session
from matchplatform.app import create_app
from matchplatform.claims.queries import find_breaches, sum_intended
from matchplatform.cli.database import migrate
from matchplatform.config.settings import read_settings
from matchplatform.kernel.db import db
from matchplatform.kernel.idempotency import new_key
from matchplatform.projects.details import LineDetails
from matchplatform.projects.models import Project, ProjectLine
from matchplatform.projects.states import LineKind
from tests.factories import actor_for, make_organisation, make_project

ROOT = Path(__file__).resolve().parent.parent.parent
SERVERS = 2
WON, LOST = 303, 409
PATIENCE = 60.0
LAST_ONE = LineDetails(
    LineKind.GOODS, "最后一台制氧机", Decimal(1), "台", Decimal(3200), Decimal(1)
)
SETTINGS = {
    "MATCHPLATFORM_ENV": "test",
    "MATCHPLATFORM_SECRET_KEY": "a secret that only this race knows, long enough",
    "MATCHPLATFORM_ARGON2_MEMORY_KIB": "8",
    "MATCHPLATFORM_ARGON2_TIME": "1",
    "MATCHPLATFORM_WEB_PROCESSES": "1",
    "MATCHPLATFORM_WEB_THREADS": "16",
}


@dataclass
class Outcome:
    """What came of a race."""

    rounds: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    double_booked: int = 0
    without_winner: int = 0
    breaches: list[str] = field(default_factory=list)

    @property
    def errors(self) -> int:
        """Return how many answers were neither a win nor a loss."""
        return sum(self.statuses.values()) - self.statuses[WON] - self.statuses[LOST]

    @property
    def is_clean(self) -> bool:
        """Tell whether each round had one winner and everybody else was told."""
        return not (self.double_booked or self.without_winner or self.errors or self.breaches)


@dataclass(frozen=True)
class Claimant:
    """A signed-in agent: the cookie of the browser and the token of its forms."""

    cookie: str
    csrf: str


def run_race(claimants: int, rounds: int, *, twin: bool = False) -> Outcome:
    """Race ``claimants`` for ``rounds`` last units and return what came of it."""
    with tempfile.TemporaryDirectory(prefix="claim-race-") as folder, ExitStack() as stack:
        environ = {**SETTINGS, "MATCHPLATFORM_INSTANCE": folder}
        app = create_app(read_settings(environ))
        with app.app_context():
            migrate(db.engine)
            people = [_sign_in(app) for _ in range(claimants)]
            targets = [_make_target() for _ in range(rounds)]
            db.session.remove()
            db.engine.dispose()
        ports = [stack.enter_context(_server(environ, twin)) for _ in range(SERVERS)]
        outcome = Outcome(rounds=rounds)
        for number, line_id, version in targets:
            outcome.statuses.update(_race_once(people, ports, number, line_id, version))
        with app.app_context():
            _count_bookings(outcome)
            db.engine.dispose()
    return outcome


def _sign_in(app: Flask) -> Claimant:
    _, agent = make_organisation()
    token = open_session(actor=actor_for(agent), user=agent)
    db.session.commit()
    with app.test_request_context():
        session["_user_id"], session["_fresh"] = token, True
        csrf = generate_csrf()
        # Flask-WTF keeps the token in g, which outlives the request inside our context.
        g.pop("csrf_token", None)
        signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
        cookie = f"{app.config['SESSION_COOKIE_NAME']}={signer.dumps(dict(session))}"
    return Claimant(cookie, csrf)


def _make_target() -> tuple[str, int, int]:
    project = make_project(lines=(LAST_ONE,))
    return project.number, project.lines[0].id, project.version


@contextmanager
def _server(environ: dict[str, str], twin: bool) -> Iterator[int]:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port = trial.getsockname()[1]
    if twin:
        command = [
            "-m", "gunicorn", "-b", f"127.0.0.1:{port}", "-k", "gthread", "--threads", "16",
            "--no-control-socket", "--log-level", "error", "tests.faults.twin_app:make_twin()",
        ]  # fmt: skip
    else:
        command = [
            "-c", "from matchplatform.cli import main; main()", "serve", "--port", str(port)
        ]  # fmt: skip
    process = subprocess.Popen(
        [sys.executable, *command],
        cwd=ROOT,
        env={**os.environ, **environ},
        stdout=subprocess.DEVNULL,
    )
    try:
        _wait_for(port, process)
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    begun = time.monotonic()
    while time.monotonic() - begun < PATIENCE:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode}")
        try:
            if _ask(port, "GET", "/sign-in", {}, "")[0] == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"no answer on port {port}")


def _race_once(
    people: list[Claimant], ports: list[int], number: str, line_id: int, version: int
) -> Counter[int]:
    statuses: Counter[int] = Counter()
    together = threading.Barrier(len(people))
    lock = threading.Lock()

    def claim(person: Claimant, port: int) -> None:
        body = urlencode(
            {
                "csrf_token": person.csrf,
                "form_key": new_key(),
                "version": version,
                f"line-{line_id}": "1",
                "confirmed": "yes",
            }
        )
        headers = {
            "Cookie": person.cookie,
            "Content-Type": "application/x-www-form-urlencoded",
        }
        together.wait()
        try:
            status, _ = _ask(port, "POST", f"/projects/{number}/claims", headers, body)
        except OSError:
            status = 0
        with lock:
            statuses[status] += 1

    threads = [
        threading.Thread(target=claim, args=(person, ports[place % len(ports)]))
        for place, person in enumerate(people)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return statuses


def _ask(
    port: int, method: str, path: str, headers: dict[str, str], body: str
) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request(method, path, body or None, headers)
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def _count_bookings(outcome: Outcome) -> None:
    intended = sum_intended()
    for line in db.session.scalars(select(ProjectLine).join(Project).order_by(ProjectLine.id)):
        booked = intended.get(line.id, Decimal(0))
        outcome.double_booked += booked > line.quantity + line.extra
        outcome.without_winner += booked == 0
    outcome.breaches = list(find_breaches())
    db.session.rollback()


def main() -> int:
    """Run the race as the options say; return 0 when it is clean."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--claimants", type=int, default=64)
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--twin", action="store_true", help="serve the broken hold")
    options = parser.parse_args()
    begun = time.monotonic()
    outcome = run_race(options.claimants, options.rounds, twin=options.twin)
    print(
        f"{outcome.rounds} rounds of {options.claimants} claimants over {SERVERS} servers"
        f" in {time.monotonic() - begun:.1f} s: winners {outcome.statuses[WON]},"
        f" losers {outcome.statuses[LOST]}, errors {outcome.errors}"
    )
    print(f"answers by status: {json.dumps(dict(sorted(outcome.statuses.items())))}")
    print(
        f"double-booked lines: {outcome.double_booked}, without a winner: {outcome.without_winner}"
    )
    for line in outcome.breaches[:10]:
        print(line)
    print("clean" if outcome.is_clean else "NOT clean")
    return 0 if outcome.is_clean else 1


if __name__ == "__main__":
    sys.exit(main())
