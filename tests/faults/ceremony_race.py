"""Many signatures within a second, over two server processes: each is taken once, in order.

`python -m tests.faults.ceremony_race --entries 64 --database both`; some are sent twice with the
same key, some by two operators at once. With `--twin asks|counts|keys` the servers are broken in
one way, and the harness must tell.
"""

import argparse
import http.client
import json
import sys
import threading
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from urllib.parse import urlencode

from matchplatform.access.actor import Actor, Role
from matchplatform.ceremonies.locking import lock_list
from matchplatform.ceremonies.running import begin_ceremony
from matchplatform.kernel.db import db
from matchplatform.kernel.idempotency import new_key
from tests.ceremonies.planning import make_ceremony, make_list
from tests.factories import actor_for, make_user
from tests.faults.ceremony_judge import Answer, Press, Race, find_faults, read_held
from tests.faults.servers import DATABASES, Fault, Person, Site, ask, make_site, tail
from tests.faults.twins import count_steps_alone, forget_keys, sign_without_asking

SERVERS = 2
BUSY = 503
MOST_SENDINGS = 10
# Of so many entries one is sent twice with the same key, and one by both operators.
EVERY = 4
TWINS: dict[str, Fault] = {
    "asks": sign_without_asking,
    "counts": count_steps_alone,
    "keys": forget_keys,
}


@dataclass
class Outcome:
    """What came of a race."""

    entries: int
    answers: list[Answer] = field(default_factory=list)
    busy: int = 0
    faults: list[str] = field(default_factory=list)
    log: str = ""

    @property
    def is_clean(self) -> bool:
        """Tell whether each signature was taken once, in order, and everybody was told rightly."""
        return not self.faults

    @property
    def posted_seconds(self) -> float:
        """Return how long it took until the last was sent for the first time."""
        begun = [answer.begun for answer in self.answers]
        return max(begun) - min(begun)

    @property
    def taken_seconds(self) -> float:
        """Return how long it took until the last was answered."""
        return max(answer.ended for answer in self.answers) - min(
            answer.begun for answer in self.answers
        )

    def count(self, status: int) -> int:
        """Count the answers with a status."""
        return sum(answer.status == status for answer in self.answers)


def run_race(entries: int, *, database: str = "sqlite", twin: str = "") -> Outcome:
    """Sign so many entries at once on a site of its own and return what came of it."""
    with make_site(database) as site:
        return race_on(site, entries, TWINS[twin] if twin else None)


def race_on(site: Site, entries: int, fault: Fault | None = None) -> Outcome:
    """Sign so many entries of one more ceremony of a site at once; ``fault`` breaks the servers."""
    outcome = Outcome(entries)
    with ExitStack() as stack:
        with site.opened():
            race, people = _prepare(site, entries)
        servers = [site.server(fault) for _ in range(SERVERS)]
        for server in servers:
            stack.enter_context(server)
        for server in servers:
            server.wait()
        ports = [server.port for server in servers]
        race.answers = outcome.answers = _press_all(race, people, ports, outcome)
        for port in ports:
            status, body = ask(port, "GET", f"/hall/{race.hall_token}/state", {}, "")
            race.screens.append(json.loads(body) if status == 200 else {"status": status})
        with site.opened():
            outcome.faults = list(find_faults(race))
        if not outcome.is_clean:
            outcome.log = tail(servers[0].log)
    return outcome


def _prepare(site: Site, entries: int) -> tuple[Race, dict[int, Person]]:
    users = [make_user(Role.ORGANISER, unit="签约活动办公室") for _ in range(2)]
    first: Actor = actor_for(users[0])
    ceremony = make_ceremony(first, stage_slots=20)
    seen = make_list(first, ceremony, entries)
    lock_list(actor=first, ceremony=ceremony, version=ceremony.version, seen=seen)
    begin_ceremony(actor=first, ceremony=ceremony)
    db.session.commit()
    race = Race(
        ceremony_id=ceremony.id,
        hall_token=ceremony.hall_token,
        held=read_held(ceremony.id),
        presses=_plan(seen, users[0].id, users[1].id),
    )
    return race, {user.id: site.sign_in(user) for user in users}


def _plan(entries: list[int], one: int, other: int) -> list[Press]:
    """Return what is pressed: each entry once, some twice with one key, some by both operators."""
    presses: list[Press] = []
    for place, entry in enumerate(entries):
        press = Press(entry, one if place % 2 else other, new_key())
        presses.append(press)
        if place % EVERY == 0:
            presses.append(press)
        elif place % EVERY == 1:
            presses.append(Press(entry, other, new_key()))
    return presses


def _press_all(
    race: Race, people: dict[int, Person], ports: list[int], outcome: Outcome
) -> list[Answer]:
    answers: list[Answer] = []
    together = threading.Barrier(len(race.presses))
    lock = threading.Lock()
    path = f"/desk/ceremonies/{race.ceremony_id}/console/sign"

    def press_key(press: Press, port: int) -> None:
        person = people[press.user_id]
        fields = {"csrf_token": person.csrf, "form_key": press.key, "entry": press.entry_id}
        headers = {
            "Cookie": person.cookie,
            "Content-Type": "application/x-www-form-urlencoded",
        }
        together.wait()
        begun = time.monotonic()
        for _sending in range(MOST_SENDINGS):
            try:
                status, page = ask(port, "POST", path, headers, urlencode(fields))
            except (OSError, http.client.HTTPException) as error:
                status, page = 0, repr(error).encode()
            # Whoever is told to come again does, with the same key.
            if status != BUSY:
                break
            with lock:
                outcome.busy += 1
        with lock:
            answers.append(Answer(press, status, page.decode(), begun, time.monotonic()))

    # The second sending of a key follows its first, and so goes to the other server.
    threads = [
        threading.Thread(target=press_key, args=(press, ports[place % len(ports)]))
        for place, press in enumerate(race.presses)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def main() -> int:
    """Run the race as the options say; return 0 when it is clean."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=64)
    parser.add_argument("--database", choices=[*DATABASES, "both"], default="both")
    parser.add_argument("--twin", choices=list(TWINS), default="", help="serve a broken site")
    options = parser.parse_args()
    wanted = DATABASES if options.database == "both" else (options.database,)
    outcomes = [_report(name, options) for name in wanted]
    return 0 if all(outcome.is_clean for outcome in outcomes) else 1


def _report(database: str, options: argparse.Namespace) -> Outcome:
    outcome = run_race(options.entries, database=database, twin=options.twin)
    print(
        f"{database}: {outcome.entries} entries, {len(outcome.answers)} signatures sent within"
        f" {outcome.posted_seconds:.2f} s to {SERVERS} servers, all answered after"
        f" {outcome.taken_seconds:.2f} s: taken {outcome.count(303)}, told who had signed"
        f" {outcome.count(409)}, asked to come again {outcome.busy}"
    )
    for line in outcome.faults[:10]:
        print(f"  {line}")
    print("clean" if outcome.is_clean else f"NOT clean: {len(outcome.faults)} faults", flush=True)
    return outcome


if __name__ == "__main__":
    sys.exit(main())
