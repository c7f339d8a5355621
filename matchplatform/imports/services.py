"""Verbs of imports: take a file in, say yes to it, drop it."""

from matchplatform.access.actor import Actor
from matchplatform.access.policy import Permission, check
from matchplatform.audit.services import record
from matchplatform.imports.kinds import adapter_of
from matchplatform.imports.models import Import
from matchplatform.imports.queries import find_same
from matchplatform.imports.spreadsheet import Spreadsheet
from matchplatform.imports.states import WORKFLOW, ImportAction, ImportKind, ImportState, RowState
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Conflict, Forbidden, InvalidInput, StaleVersion
from matchplatform.kernel.i18n import lazy_gettext as _


def take_in(*, actor: Actor, kind: ImportKind, sheet: Spreadsheet) -> Import:
    """Keep a spreadsheet to be looked through; the same one again leads to the first.

    Raises:
        Forbidden: this officer imports nothing of that kind.
    """
    taken = Import(
        kind=kind,
        user_id=actor.user_id or 0,
        user_label=actor.label[:120],
        office=actor.region_prefix,
        status=ImportState.UPLOADED,
        label=sheet.label,
        size=sheet.size,
        sha256=sheet.sha256,
        counts={},
        problems=[],
        created_at=clock.now(),
    )
    check(actor, Permission.IMPORT_MAKE, taken)
    if not adapter_of(kind).may(actor):
        raise Forbidden()
    same = find_same(actor, kind, sheet.sha256)
    if same is not None:
        return same
    taken.stored_name = sheet.keep()
    db.session.add(taken)
    _record(actor, "import.take_in", taken)
    return taken


def apply_import(*, actor: Actor, taken: Import, version: int, leave_bad: bool) -> Import:
    """Say yes: the good rows are to be written, each through its own verb.

    Raises:
        InvalidInput: some rows are bad, and nobody has said that they are to be left out.
        Conflict: there is nothing to write.
    """
    check(actor, Permission.IMPORT_MAKE, taken)
    if taken.version != version:
        raise StaleVersion()
    status = WORKFLOW.after(taken.status, ImportAction.APPLY)
    if not taken.to_do:
        raise Conflict(_("这份表格里没有要写入的内容。"))
    if taken.count(RowState.BAD) and not leave_bad:
        words = _(
            "有错的 %(count)s 项不会写入：请勾选确认，或改好后重新上传。",
            count=taken.count(RowState.BAD),
        )
        raise InvalidInput(fields={"leave_bad": words})
    taken.status = status
    _record(actor, "import.apply", taken)
    return taken


def drop_import(*, actor: Actor, taken: Import) -> Import:
    """Let go of an import of which nothing has been written, however far the worker has come."""
    check(actor, Permission.IMPORT_MAKE, taken)
    taken.status = WORKFLOW.after(taken.status, ImportAction.DROP)
    taken.ended_at = clock.now()
    _record(actor, "import.drop", taken)
    return taken


def _record(actor: Actor, action: str, taken: Import) -> None:
    db.session.flush()
    record_import(actor, action, taken)


def record_import(actor: Actor, action: str, taken: Import, reason: str = "") -> None:
    """Write the trail of an import, without a word of what stands in it."""
    record(
        actor=actor,
        action=action,
        subject_type="import",
        subject_id=taken.id,
        subject_label=taken.label,
        region_code=taken.region_code,
        reason=reason,
        detail={
            "kind": str(taken.kind),
            "status": str(taken.status),
            "sha256": taken.sha256,
            "counts": dict(taken.counts),
        },
    )
