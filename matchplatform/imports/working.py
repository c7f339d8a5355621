"""What the worker does for imports: one step after another, with a pause for everybody else."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy.exc import DataError, SQLAlchemyError
from sqlalchemy.orm.exc import StaleDataError

from matchplatform.access.actor import Actor
from matchplatform.accounts.models import User
from matchplatform.config.settings import Settings
from matchplatform.files.storage import Storage
from matchplatform.imports.applying import apply_some
from matchplatform.imports.kinds import adapter_of
from matchplatform.imports.looking import (
    Opened,
    begin_looking,
    fail_import,
    keep_judged,
    look_on,
    open_file,
)
from matchplatform.imports.models import Import
from matchplatform.imports.queries import find_next_id
from matchplatform.imports.states import ImportState
from matchplatform.kernel.db import db, reading
from matchplatform.kernel.errors import Busy
from matchplatform.kernel.i18n import gettext
from matchplatform.organisations.actors import actor_of
from matchplatform.sheets import ReadLimits

log = logging.getLogger(__name__)

# The rest of the worker's round waits meanwhile.
SECONDS_A_ROUND = 2.0
# Longer than whoever waits for SQLite sleeps between two looks at it, which is a tenth of a second.
PAUSE_SECONDS = 0.15
# PostgreSQL gives the turn to whoever has waited longest; a breath is enough.
PAUSE_IN_LINE_SECONDS = 0.01


@dataclass
class Importer:
    """Works off imports; ``opened`` is the file under way, ``under_way`` the import of this step."""

    settings: Settings
    opened: Opened | None = field(default=None)
    under_way: int | None = field(default=None)

    def do_round(
        self,
        is_stopping: Callable[[], bool] = lambda: False,
        seconds: float = SECONDS_A_ROUND,
    ) -> None:
        """Do steps until there is nothing to do or the time is over."""
        until = time.monotonic() + seconds
        while not is_stopping() and self.do_step() and time.monotonic() < until:
            pause_for_others()

    def do_step(self) -> bool:
        """Do one step in transactions of its own; tell whether there was one to do."""
        try:
            return self._do_step()
        except (StaleDataError, Busy):
            # Somebody dropped it just then, or every reader of files is taken: look again later.
            db.session.rollback()
            return False
        except Exception as error:
            # The database comes back some day; what it cannot hold it cannot hold the next time.
            if isinstance(error, SQLAlchemyError) and not isinstance(error, DataError):
                raise
            # A fault of ours must not keep the worker from everything else.
            db.session.rollback()
            log.exception("an import failed")
            self._give_up()
            return True

    def _give_up(self) -> None:
        found = db.session.get(Import, self.under_way) if self.under_way else None
        if found is not None and found.is_at_work:
            words = gettext("系统出了意外，没有再往下做。已经写入的不受影响，请联系管理员。")
            fail_import(_uploader(found), found, words)
            db.session.commit()

    def _do_step(self) -> bool:
        with reading():
            self.under_way = import_id = find_next_id()
            if import_id is None:
                db.session.rollback()
                self.opened = None
                return False
            found = db.session.get_one(Import, import_id)
            status, looked = found.status, found.looked
            actor = _actor_of(found)
            if status is not ImportState.APPLYING and self._must_open(import_id):
                self.opened = open_file(found, Storage(self.settings.files_path), self._limits())
            db.session.rollback()
        opened = self.opened
        judged = []
        if actor and opened and status is ImportState.PREVIEWING:
            judged = look_on(actor, import_id, looked, opened)
        found = db.session.get_one(Import, import_id)
        if found.status is not status:
            db.session.rollback()
            return True
        if actor is None:
            fail_import(
                _uploader(found), found, gettext("上传的人已经不能办理这件事，没有再往下做。")
            )
        elif status is ImportState.APPLYING:
            apply_some(actor, found)
        elif opened is not None and status is ImportState.UPLOADED:
            begin_looking(actor, found, opened)
        elif found.looked == looked:
            keep_judged(actor, found, judged)
        db.session.commit()
        return True

    def _must_open(self, import_id: int) -> bool:
        return self.opened is None or self.opened.import_id != import_id

    def _limits(self) -> ReadLimits:
        return ReadLimits(megabytes=self.settings.upload_megabytes, rows=self.settings.import_rows)


def pause_for_others() -> None:
    """Leave the database to whoever waits for it."""
    in_line = db.engine.dialect.name == "postgresql"
    time.sleep(PAUSE_IN_LINE_SECONDS if in_line else PAUSE_SECONDS)


def _actor_of(found: Import) -> Actor | None:
    """Return who imports as they are today, or None where they may no longer."""
    user = db.session.get_one(User, found.user_id)
    actor = actor_of(user)
    fits = user.is_active and actor.region_prefix == found.office
    return actor if fits and adapter_of(found.kind).may(actor) else None


def _uploader(found: Import) -> Actor:
    return actor_of(db.session.get_one(User, found.user_id))
