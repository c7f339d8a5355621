"""kill -9 of the server and of the worker while eight people work: what was acknowledged stays.

`python -m tests.faults.crash --kills 30 --database both`; with `--twin` the site ignores the keys
of forms, so that what is sent again after a lost answer is done twice: the harness must tell.
"""

import argparse
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random

from matchplatform.cli.outbox import count_waiting
from matchplatform.kernel import clock
from matchplatform.kernel.db import db, reading
from tests.faults.browser import Browser, Tally
from tests.faults.judge import Verdict, find_breaches, find_doubled_rows
from tests.faults.people import Act, gather_people, work
from tests.faults.servers import DATABASES, Process, Server, Site, make_site, tail
from tests.faults.twins import forget_keys

LEAST_ACKNOWLEDGED = 20
# A kill comes so many acknowledged things and seconds after the one before.
BETWEEN_KILLS = (2, 14)
MOMENT_SECONDS = (0.0, 0.2)
DOWNTIME_SECONDS = (0.0, 0.4)
CATCH_UP_SECONDS = 60.0
LONGEST_SECONDS = 60.0


@dataclass
class Outcome:
    """What came of a run."""

    database: str
    kills: Counter[str] = field(default_factory=Counter)
    counts: Counter[str] = field(default_factory=Counter)
    acknowledged: Counter[str] = field(default_factory=Counter)
    refused: int = 0
    seconds: float = 0.0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    told_wrong: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    breaches: list[str] = field(default_factory=list)
    log: str = ""

    @property
    def is_clean(self) -> bool:
        """Tell whether every promise was kept and nothing else is wrong."""
        return not (self.lost or self.doubled or self.told_wrong or self.errors or self.breaches)

    def report(self) -> Iterator[str]:
        """Yield the lines that say what came of it."""
        counts = self.counts
        yield (
            f"{self.database}: {self.kills.total()} kills (server {self.kills['server']}, worker"
            f" {self.kills['worker']}) under 8 clients in {self.seconds:.1f} s"
        )
        yield (
            f"  {counts['requests']} requests and {counts['pages']} pages;"
            f" {self.acknowledged.total()} acknowledged, {self.refused} refused,"
            f" {counts['sent again']} sent again: {counts['cut off by a kill']} cut off by a kill,"
            f" {counts['left without reading']} answers lost, {counts['busy']} busy"
        )
        yield "  acknowledged: " + ", ".join(
            f"{action} {times}" for action, times in sorted(self.acknowledged.items())
        )
        yield (
            f"  lost {len(self.lost)}, doubled {len(self.doubled)},"
            f" told wrongly {len(self.told_wrong)}, errors {len(self.errors)},"
            f" breaches {len(self.breaches)}: {'clean' if self.is_clean else 'NOT clean'}"
        )
        for name in ("lost", "doubled", "told_wrong", "errors", "breaches"):
            yield from (f"  {name}: {line}" for line in getattr(self, name)[:10])


def run_crash(
    kills: int, *, database: str = "sqlite", seed: int = 1, twin: bool = False
) -> Outcome:
    """Let eight people work while server and worker are killed; return what came of it."""
    begun = time.monotonic()
    outcome = Outcome(database)
    with make_site(database) as site:
        site.environ["MATCHPLATFORM_WEB_PROCESSES"] = "2"
        with site.opened():
            acts = gather_people(site, clock.today())
        server, worker = site.server(forget_keys if twin else None), site.worker()
        with server, worker:
            server.wait()
            with _at_work(acts, server, seed) as crowd:
                chance = Random(f"{seed} kills")
                _kill_now_and_then(server, worker, kills, chance, outcome, crowd)
                crowd.wait_for(LEAST_ACKNOWLEDGED)
            with site.opened():
                _wait_for_worker()
        with site.opened():
            _judge(site, crowd.tally, outcome)
        if not outcome.is_clean:
            outcome.log = tail(server.log) + tail(worker.log)
    outcome.seconds = time.monotonic() - begun
    return outcome


@dataclass
class Crowd:
    """The people at work, and what they have done so far."""

    tally: Tally
    workers: list[Future[None]]

    def wait_for(self, acknowledged: int) -> None:
        """Wait until so much is acknowledged, or somebody has fallen over."""
        begun = time.monotonic()
        while self.tally.acknowledged < acknowledged and not any(w.done() for w in self.workers):
            if time.monotonic() - begun > LONGEST_SECONDS:
                return
            time.sleep(0.02)


@contextmanager
def _at_work(acts: list[Act], server: Server, seed: int) -> Iterator[Crowd]:
    is_over, tally = threading.Event(), Tally()
    with ThreadPoolExecutor(len(acts)) as pool:
        workers = [
            pool.submit(work, act, Browser(server.port, f"{seed} {place}", tally), is_over)
            for place, act in enumerate(acts)
        ]
        try:
            yield Crowd(tally, workers)
        finally:
            is_over.set()
    for worker in workers:
        worker.result()


def _kill_now_and_then(
    server: Server, worker: Process, kills: int, chance: Random, outcome: Outcome, crowd: Crowd
) -> None:
    for turn in range(kills):
        crowd.wait_for(crowd.tally.acknowledged + chance.randint(*BETWEEN_KILLS))
        time.sleep(chance.uniform(*MOMENT_SECONDS))
        name, victim = ("worker", worker) if turn % 2 else ("server", server)
        victim.kill()
        outcome.kills[name] += 1
        time.sleep(chance.uniform(*DOWNTIME_SECONDS))
        victim.start()
        server.wait()


def _wait_for_worker() -> None:
    begun = time.monotonic()
    while time.monotonic() - begun < CATCH_UP_SECONDS:
        with reading():
            waiting = count_waiting()
            db.session.rollback()
        if not waiting:
            return
        time.sleep(0.1)


def _judge(site: Site, tally: Tally, outcome: Outcome) -> None:
    verdict = Verdict(tally.intents)
    outcome.lost = verdict.lost
    outcome.doubled = [*verdict.doubled, *find_doubled_rows(tally.intents)]
    outcome.told_wrong = verdict.told_wrong
    outcome.errors = tally.errors
    outcome.breaches = list(find_breaches(site))
    outcome.counts = tally.counts
    for intent in tally.intents:
        outcome.acknowledged[intent.key[0]] += intent.is_acknowledged
        outcome.refused += not intent.is_acknowledged and intent.status > 0


def main() -> int:
    """Run as the options say; return 0 when nothing was lost, doubled or told wrongly."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--database", choices=[*DATABASES, "both"], default="both")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--twin", action="store_true", help="serve the site without keys")
    options = parser.parse_args()
    is_clean = True
    for database in DATABASES if options.database == "both" else (options.database,):
        outcome = run_crash(options.kills, database=database, seed=options.seed, twin=options.twin)
        print(*outcome.report(), sep="\n", flush=True)
        if outcome.errors:
            print(outcome.log)
        is_clean = is_clean and outcome.is_clean
    return 0 if is_clean else 1


if __name__ == "__main__":
    sys.exit(main())
