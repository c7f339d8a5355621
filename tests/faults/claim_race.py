"""Many claimants on one last unit, over two server processes: exactly one may win.

`python -m tests.faults.claim_race --claimants 64 --rounds 50 --database both`; with `--twin` the
servers run a broken hold (read, then write), and the harness must report the double booking.
"""

import argparse
import http.client
import json
import sys
import threading
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from decimal import Decimal
from urllib.parse import urlencode

from sqlalchemy import select

from matchplatform.claims.queries import find_breaches, sum_claimed
from matchplatform.kernel.db import db
from matchplatform.kernel.idempotency import new_key
from matchplatform.projects.details import LineDetails
from matchplatform.projects.models import Project, ProjectLine
from matchplatform.projects.states import LineKind
from tests.factories import make_organisation, make_project
from tests.faults.servers import DATABASES, Person, ask, make_site
from tests.faults.twins import hold_by_reading_first

SERVERS = 2
WON, LOST = 303, 409
LAST_ONE = LineDetails(
    LineKind.GOODS, "最后一台制氧机", Decimal(1), "台", Decimal(3200), Decimal(1)
)


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


def run_race(
    claimants: int, rounds: int, *, database: str = "sqlite", twin: bool = False
) -> Outcome:
    """Race ``claimants`` for ``rounds`` last units and return what came of it."""
    with make_site(database) as site, ExitStack() as stack:
        with site.opened():
            people = [site.sign_in(make_organisation()[1]) for _ in range(claimants)]
            targets = [_make_target() for _ in range(rounds)]
        servers = [site.server(hold_by_reading_first if twin else None) for _ in range(SERVERS)]
        for server in servers:
            stack.enter_context(server)
        for server in servers:
            server.wait()
        ports = [server.port for server in servers]
        outcome = Outcome(rounds=rounds)
        for number, line_id, version in targets:
            outcome.statuses.update(_race_once(people, ports, number, line_id, version))
        with site.opened():
            _count_bookings(outcome)
    return outcome


def _make_target() -> tuple[str, int, int]:
    project = make_project(lines=(LAST_ONE,))
    return project.number, project.lines[0].id, project.version


def _race_once(
    people: list[Person], ports: list[int], number: str, line_id: int, version: int
) -> Counter[int]:
    statuses: Counter[int] = Counter()
    together = threading.Barrier(len(people))
    lock = threading.Lock()

    def claim(person: Person, port: int) -> None:
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
            status, _ = ask(port, "POST", f"/projects/{number}/claims", headers, body)
        except (OSError, http.client.HTTPException):
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


def _count_bookings(outcome: Outcome) -> None:
    claimed = sum_claimed()
    for line in db.session.scalars(select(ProjectLine).join(Project).order_by(ProjectLine.id)):
        both = (claimed.intended, claimed.signed)
        booked = sum((sums.get(line.id, Decimal(0)) for sums in both), Decimal(0))
        outcome.double_booked += booked > line.quantity + line.extra
        outcome.without_winner += booked == 0
    outcome.breaches = list(find_breaches())


def main() -> int:
    """Run the race as the options say; return 0 when it is clean."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--claimants", type=int, default=64)
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--database", choices=[*DATABASES, "both"], default="sqlite")
    parser.add_argument("--twin", action="store_true", help="serve the broken hold")
    options = parser.parse_args()
    wanted = DATABASES if options.database == "both" else (options.database,)
    outcomes = [_report(name, options) for name in wanted]
    return 0 if all(outcome.is_clean for outcome in outcomes) else 1


def _report(database: str, options: argparse.Namespace) -> Outcome:
    begun = time.monotonic()
    outcome = run_race(options.claimants, options.rounds, database=database, twin=options.twin)
    print(
        f"{database}: {outcome.rounds} rounds of {options.claimants} claimants over {SERVERS}"
        f" servers in {time.monotonic() - begun:.1f} s: winners {outcome.statuses[WON]},"
        f" losers {outcome.statuses[LOST]}, errors {outcome.errors}"
    )
    print(f"answers by status: {json.dumps(dict(sorted(outcome.statuses.items())))}")
    print(
        f"double-booked lines: {outcome.double_booked}, without a winner: {outcome.without_winner}"
    )
    for line in outcome.breaches[:10]:
        print(line)
    print("clean" if outcome.is_clean else "NOT clean", flush=True)
    return outcome


if __name__ == "__main__":
    sys.exit(main())
