"""The worker: does the outbox, lets reservations lapse, keeps the search index whole."""

import fcntl
import logging
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import click
from sqlalchemy.exc import SQLAlchemyError

from matchplatform.audit.queries import current_seq
from matchplatform.catalogue.indexing import list_public_ids, open_index, rebuild
from matchplatform.catalogue.news import notify_saved_searches
from matchplatform.claims import rounds
from matchplatform.cli.housekeeping import drop_old_rows
from matchplatform.cli.opening import open_site
from matchplatform.cli.outbox import count_waiting, do_entry, list_due_ids
from matchplatform.commitments.bundling import Bundler
from matchplatform.config.settings import Settings
from matchplatform.files.services import sweep_orphans
from matchplatform.files.storage import Storage
from matchplatform.imports.working import Importer
from matchplatform.kernel import clock
from matchplatform.kernel.db import db, reading
from matchplatform.notifications.post import Postman
from matchplatform.organisations.certificates import remind_expiring
from matchplatform.projects.services import INDEX_TOPIC
from matchplatform.search import IndexUnavailable, SearchIndex

LOOK_AT_INDEX_EVERY = 5.0
AFTER_TROUBLE = 5.0

log = logging.getLogger(__name__)


@click.command()
def worker() -> None:
    """Deliver notices and letters, keep the search index up to date, expire reservations; until stopped.

    One worker is enough and only one works at a time: a second one waits for its turn.
    """
    logging.basicConfig(level=logging.WARNING, format="worker: %(levelname)s %(message)s")
    stopping = threading.Event()
    for kind in (signal.SIGTERM, signal.SIGINT):
        signal.signal(kind, lambda *_: stopping.set())
    with open_site() as settings, _only_worker(settings.instance_path / "worker.lock", stopping):
        Worker(settings, stopping).work()


@dataclass
class Worker:
    """The loop, and what it remembers between its rounds."""

    settings: Settings
    stopping: threading.Event
    index_looked_at: float = float("-inf")
    news_told_to: int = -1
    tidied_on: date | None = None
    postman: Postman = field(init=False)
    importer: Importer = field(init=False)
    bundler: Bundler = field(init=False)

    def __post_init__(self) -> None:
        self.postman = Postman(self.settings)
        self.importer = Importer(self.settings)
        self.bundler = Bundler(self.settings)

    def work(self) -> None:
        """Do one round after another until told to stop."""
        index = open_index(self.settings)
        while not self.stopping.is_set():
            pause = self.settings.worker_pause_seconds
            try:
                self.do_round(index)
            except (SQLAlchemyError, IndexUnavailable):
                db.session.rollback()
                log.exception("this round failed; the next one tries again")
                pause = max(pause, AFTER_TROUBLE)
            finally:
                db.session.remove()
            self.stopping.wait(pause)

    def do_round(self, index: SearchIndex) -> None:
        """Do once what there is to do; each piece of work commits by itself."""
        self._mend_index(index)
        for step in rounds.STEPS:
            step()
            db.session.commit()
        for entry_id in list_due_ids():
            if self.stopping.is_set():
                return
            if not do_entry(entry_id, index):
                self.index_looked_at = float("-inf")
        if self.tidied_on != clock.today():
            drop_old_rows()
            remind_expiring()
            db.session.commit()
            sweep_orphans(Storage(self.settings.files_path))
            db.session.commit()
            self.tidied_on = clock.today()
        self.importer.do_round(self.stopping.is_set)
        self.bundler.do_round(self.stopping.is_set)
        self._tell_news(index)
        self.postman.do_round(self.stopping.is_set)

    def _tell_news(self, index: SearchIndex) -> None:
        with reading():
            seq, is_indexed = current_seq(), count_waiting(INDEX_TOPIC) == 0
            db.session.rollback()
        # What the index does not hold yet would be missed, and without a change there is no news.
        if is_indexed and seq != self.news_told_to:
            notify_saved_searches(index)
            db.session.commit()
            self.news_told_to = seq

    def _mend_index(self, index: SearchIndex) -> None:
        if time.monotonic() - self.index_looked_at < LOOK_AT_INDEX_EVERY:
            return
        with reading():
            if not index.is_usable() or _is_behind(index):
                log.warning("the search index is missing or not whole: %s projects", rebuild(index))
            db.session.rollback()
        self.index_looked_at = time.monotonic()


def _is_behind(index: SearchIndex) -> bool:
    # What waits in the outbox is not missing: it comes.
    return count_waiting(INDEX_TOPIC) == 0 and index.ids() != list_public_ids()


@contextmanager
def _only_worker(path: Path, stopping: threading.Event) -> Iterator[None]:
    with path.open("w") as lock:
        told = False
        while not stopping.is_set():
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if not told:
                    click.echo("Another worker is at work on this site; waiting for its turn.")
                told = True
                stopping.wait(1.0)
        yield
