"""Look through a spreadsheet, some rows at a time; each step is a short transaction of its own."""

import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from matchplatform.access.actor import Actor
from matchplatform.files.storage import Storage
from matchplatform.imports.bundles import Bundle, Head, Judged, bundle_rows
from matchplatform.imports.kinds import adapter_of
from matchplatform.imports.models import Import, ImportRow
from matchplatform.imports.packing import pack_problem
from matchplatform.imports.services import record_import
from matchplatform.imports.states import WORKFLOW, ImportAction, ImportKind
from matchplatform.kernel import clock
from matchplatform.kernel.db import db, reading
from matchplatform.kernel.i18n import gettext, mark
from matchplatform.notifications.services import tell
from matchplatform.sheets import Problem, ReadLimits, Severity, Table, Trouble, read_table

log = logging.getLogger(__name__)

ROWS_A_STEP = 200
LONGEST_TITLE = 200


@dataclass(frozen=True)
class Opened:
    """A file that was read, kept between steps; after a restart it is read again."""

    import_id: int
    kind: ImportKind
    table: Table
    bundles: Sequence[Bundle]

    @property
    def head(self) -> Head:
        """Return its layout, and where its columns are."""
        return Head(self.table.layout, self.table.letters)


def open_file(found: Import, storage: Storage, limits: ReadLimits) -> Opened:
    """Read a file in its child process; hold no transaction meanwhile."""
    import_id, kind, label = found.id, found.kind, found.label
    path = storage.path_of(found.stored_name)
    db.session.rollback()
    adapter = adapter_of(kind)
    layout = adapter.layout()
    try:
        table = read_table(path.read_bytes(), label, layout, limits)
    except FileNotFoundError:
        log.error("the bytes of import %s are missing", import_id)
        words = gettext("上传的文件不见了，请重新上传。")
        table = Table(layout, [Problem(Trouble.UNREADABLE, words)])
    bundles = [] if table.refused else bundle_rows(table, adapter.key_of)
    return Opened(import_id, kind, table, bundles)


def begin_looking(actor: Actor, found: Import, opened: Opened) -> None:
    """Note what the file is, or why it cannot be taken; part of a step."""
    table = opened.table
    found.problems = [pack_problem(problem) for problem in table.problems]
    if table.refused:
        fail_import(actor, found, str(table.problems[0].words))
        return
    found.status = WORKFLOW.after(found.status, ImportAction.LOOK)
    found.sheet, found.encoding = table.sheet[:40], table.encoding[:20]
    found.total = len(opened.bundles)


def look_on(actor: Actor, import_id: int, looked: int, opened: Opened) -> list[Judged]:
    """Judge the next few things without holding anybody up."""
    rows, chosen = 0, list[Bundle]()
    for bundle in opened.bundles[looked:]:
        chosen.append(bundle)
        rows += len(bundle.rows)
        if rows >= ROWS_A_STEP:
            break
    with reading():
        judged = adapter_of(opened.kind).judge(actor, opened.head, chosen)
        db.session.rollback()
    return judged


def keep_judged(actor: Actor, found: Import, judged: Sequence[Judged]) -> None:
    """Keep what was judged, and finish when it was the last; part of a step."""
    db.session.add_all([_row(found.id, one) for one in judged])
    counts = Counter(found.counts)
    counts.update(str(one.status) for one in judged)
    found.counts = dict(counts)
    found.looked += len(judged)
    if found.looked < found.total:
        db.session.flush()
        return
    found.status = WORKFLOW.after(found.status, ImportAction.SHOW)
    tell(
        [found.user_id],
        mark("“%(name)s”核对好了，请看一遍再决定写不写入。"),
        f"/desk/imports/{found.id}",
        name=found.label,
    )
    db.session.flush()
    record_import(actor, "import.preview", found)


def fail_import(actor: Actor, found: Import, why: str) -> None:
    """End an import that cannot go on; part of a step."""
    found.status = WORKFLOW.after(found.status, ImportAction.FAIL)
    found.ended_at = clock.now()
    if not found.problems:
        problem = Problem(Trouble.UNREADABLE, why, Severity.STOPS)
        found.problems = [pack_problem(problem)]
    tell(
        [found.user_id],
        mark("“%(name)s”没有办成，请打开看原因。"),
        f"/desk/imports/{found.id}",
        name=found.label,
    )
    db.session.flush()
    record_import(actor, "import.fail", found, why)


def _row(import_id: int, one: Judged) -> ImportRow:
    numbers = [row.number for row in one.bundle.rows]
    return ImportRow(
        import_id=import_id,
        number=numbers[0],
        rows=numbers,
        title=one.title[:LONGEST_TITLE],
        status=one.status,
        problems=[pack_problem(problem) for problem in one.problems],
        changes=[list(change) for change in one.changes],
        content=dict(one.content),
        target=one.target,
        target_version=one.target_version,
        url="",
        said="",
    )
