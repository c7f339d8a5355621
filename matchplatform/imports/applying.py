"""Write the good rows of an import, each through its own verb, a few in each short transaction."""

import time
from collections import Counter
from collections.abc import Callable

from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from matchplatform.access.actor import Actor
from matchplatform.accounts.queries import list_officer_ids
from matchplatform.imports.kinds import adapter_of
from matchplatform.imports.models import Import, ImportRow
from matchplatform.imports.queries import list_to_do
from matchplatform.imports.services import record_import
from matchplatform.imports.states import DONE, WORKFLOW, ImportAction, RowState
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import AskAgain, DomainError, InvalidInput, StaleVersion
from matchplatform.kernel.i18n import Words, mark
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.notifications.services import tell

ROWS_A_STEP = 25
# Writers take turns: a claim waits for a step or two, and its limit is half a second.
SECONDS_A_STEP = 0.08
OVERTAKEN = _("预览之后，这一项被别人改过，没有写入。请重新上传，再看一遍。")


def apply_some(
    actor: Actor, found: Import, most: int = ROWS_A_STEP, seconds: float = SECONDS_A_STEP
) -> int:
    """Write the next few things; part of a step. Return how many were dealt with."""
    begun = time.monotonic()
    adapter = adapter_of(found.kind)
    counts = Counter(found.counts)
    dealt = 0
    rows = list_to_do(found.id, most)
    for row in rows:
        before = row.status
        _apply_one(actor, adapter.apply, row)
        counts[str(before)] -= 1
        counts[str(row.status)] += 1
        dealt += 1
        if time.monotonic() - begun > seconds:
            break
    found.counts = {state: count for state, count in counts.items() if count}
    found.done += dealt
    if dealt == len(rows) < most:
        _finish(actor, found)
    db.session.flush()
    return dealt


def _apply_one(actor: Actor, apply: Callable[[Actor, ImportRow], str], row: ImportRow) -> None:
    """Write one thing, or note why not; what it had begun is taken back alone."""
    row_id = row.id
    try:
        with db.session.begin_nested():
            url = apply(actor, row)
            row.url, row.status = url, DONE[row.status]
    except (StaleVersion, StaleDataError):
        _refuse(row_id, OVERTAKEN)
    except IntegrityError:
        _refuse(row_id, _("预览之后已经有了同样的内容，这一项没有写入。请重新上传，再看一遍。"))
    except DataError:
        _refuse(row_id, _("这一项里有数据库存不下的内容，没有写入。请核对数字和文字再上传。"))
    except AskAgain as error:
        _refuse(row_id, "".join(str(question) for question in error.questions))
    except InvalidInput as error:
        _refuse(row_id, "".join(str(words) for words in error.fields.values()) or error.words)
    except DomainError as error:
        _refuse(row_id, error.words)


def _refuse(row_id: int, words: Words) -> None:
    row = db.session.get_one(ImportRow, row_id)
    row.status, row.said = RowState.REFUSED, str(words)


def _finish(actor: Actor, found: Import) -> None:
    found.status = WORKFLOW.after(found.status, ImportAction.FINISH)
    found.ended_at = clock.now()
    tell(
        [found.user_id],
        mark("“%(name)s”写入好了，请看结果。"),
        f"/desk/imports/{found.id}",
        name=found.label,
    )
    _tell_second_eyes(found)
    db.session.flush()
    record_import(actor, "import.finish", found)


def _tell_second_eyes(found: Import) -> None:
    """Tell once those who verify what came new: the importer's colleagues, or the office above."""
    waiting, added = adapter_of(found.kind).waiting, found.count(RowState.ADDED)
    if not waiting or not added:
        return
    for digits in range(len(found.office), 0, -2):
        others = set(list_officer_ids([found.office[:digits]])) - {found.user_id}
        if others:
            url = "/desk?queue=organisations"
            tell(others, waiting, url, who=found.user_label, count=str(added))
            return
