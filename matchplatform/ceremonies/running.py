"""Verbs of the day: begin, call a round, pass over, pause, take back, close."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from matchplatform.access.actor import Actor
from matchplatform.access.policy import Permission, check
from matchplatform.ceremonies.models import AgendaItem, Ceremony, CeremonyEntry, CeremonyStep
from matchplatform.ceremonies.signing import unsign_entry, why_not
from matchplatform.ceremonies.stage import StageState, fold
from matchplatform.ceremonies.states import (
    ENTRY_WORKFLOW,
    WORKFLOW,
    CeremonyAction,
    EntryAction,
    EntryState,
    StepKind,
)
from matchplatform.ceremonies.steps import (
    add_step,
    check_live,
    check_running,
    check_seen,
    list_steps,
    read_stage,
    take_turn,
)
from matchplatform.claims.queries import list_party_user_ids
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Conflict, NotFound
from matchplatform.kernel.i18n import Words, mark
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.reasons import clean_reason
from matchplatform.notifications.services import tell


def begin_ceremony(*, actor: Actor, ceremony: Ceremony) -> CeremonyStep:
    """Begin the day of a ceremony whose list was locked."""
    check(actor, Permission.CEREMONY_RUN, ceremony)
    ceremony = take_turn(ceremony)
    ceremony.status = WORKFLOW.after(ceremony.status, CeremonyAction.BEGIN)
    return add_step(actor, ceremony, StepKind.BEGIN)


def call_round(
    *, actor: Actor, ceremony: Ceremony, entries: Sequence[CeremonyEntry], seen: int
) -> CeremonyStep:
    """Call a round on the stage: the next one, or again somebody who was passed over.

    Raises:
        StaleVersion: there was a step after ``seen``.
        Conflict: the stage is not free, or one of them does not wait to be signed.
    """
    ceremony = _run(actor, ceremony, seen)
    if not entries:
        raise Conflict(_("没有等着上台的项目了。"))
    if len(entries) > ceremony.stage_slots:
        raise Conflict(_("台上一轮最多 %(most)s 项。", most=ceremony.stage_slots))
    _check_free(read_stage(ceremony.id))
    for entry in entries:
        _check_waits(ceremony, entry)
    return add_step(actor, ceremony, StepKind.CALL, entry_ids=[entry.id for entry in entries])


def begin_item(*, actor: Actor, ceremony: Ceremony, item_id: int, seen: int) -> CeremonyStep:
    """Begin an item of the agenda; the stage is cleared.

    Raises:
        NotFound: the agenda has no such item.
        Conflict: somebody on the stage has not signed.
    """
    ceremony = _run(actor, ceremony, seen)
    item = db.session.get(AgendaItem, item_id)
    if item is None or item.ceremony_id != ceremony.id:
        raise NotFound()
    _check_free(read_stage(ceremony.id))
    return add_step(actor, ceremony, StepKind.ITEM, item_id=item.id)


def pass_over(
    *, actor: Actor, ceremony: Ceremony, entries: Sequence[CeremonyEntry], reason: str = ""
) -> list[CeremonyStep]:
    """Go on without these for now; they may be called again, and the report tells the reason.

    Raises:
        Conflict: nobody is named, or one was signed meanwhile.
    """
    check(actor, Permission.CEREMONY_RUN, ceremony)
    ceremony = take_turn(ceremony)
    check_running(ceremony)
    cleaned = clean_reason(reason, needed=False)
    if not entries:
        raise Conflict(_("请先选要跳过的项目。"))
    for entry in entries:
        db.session.refresh(entry, ["status"])
        if entry.ceremony_id != ceremony.id or entry.status is not EntryState.LISTED:
            raise Conflict(_("这一项已经签了，不能跳过。"))
    return [
        add_step(actor, ceremony, StepKind.PASS, entry_id=entry.id, reason=cleaned)
        for entry in entries
    ]


def pause_ceremony(*, actor: Actor, ceremony: Ceremony, reason: str = "") -> CeremonyStep:
    """Stop the signing for a while."""
    check(actor, Permission.CEREMONY_RUN, ceremony)
    ceremony = take_turn(ceremony)
    check_running(ceremony)
    cleaned = clean_reason(reason, needed=False)
    return add_step(actor, ceremony, StepKind.PAUSE, reason=cleaned)


def resume_ceremony(*, actor: Actor, ceremony: Ceremony) -> CeremonyStep:
    """Go on after a pause."""
    check(actor, Permission.CEREMONY_RUN, ceremony)
    ceremony = take_turn(ceremony)
    check_live(ceremony)
    if not read_stage(ceremony.id).paused:
        raise Conflict(_("签约没有暂停，不用继续。"))
    return add_step(actor, ceremony, StepKind.RESUME)


def undo_last(*, actor: Actor, ceremony: Ceremony, seq: int, reason: str) -> CeremonyStep:
    """Take back the last step that counts, ``seq``, with a reason; a signature with its promise.

    Raises:
        Conflict: nothing can be taken back, or ``seq`` is not the last step any more.
        InvalidInput: no reason.
    """
    check(actor, Permission.CEREMONY_RUN, ceremony)
    ceremony = take_turn(ceremony)
    check_live(ceremony)
    steps = list_steps(ceremony.id)
    last = fold(steps).last
    if last is None:
        raise Conflict(_("没有可以撤销的一步。"))
    if last != seq:
        raise Conflict(_("您看到页面之后，台上又有了新的一步。请看清最后一步是什么，再撤销。"))
    cleaned = clean_reason(reason)
    taken = next(step for step in steps if step.seq == last)
    if taken.kind is StepKind.SIGN:
        unsign_entry(actor, db.session.get_one(CeremonyEntry, taken.entry_id), cleaned)
    return add_step(actor, ceremony, StepKind.UNDO, undoes=last, reason=cleaned)


def close_ceremony(*, actor: Actor, ceremony: Ceremony, seen: int) -> CeremonyStep:
    """End the day; what was not signed leaves the list with its reason, and its claims stay.

    Raises:
        StaleVersion: there was a step after ``seen``.
    """
    check(actor, Permission.CEREMONY_RUN, ceremony)
    ceremony = take_turn(ceremony)
    status = WORKFLOW.after(ceremony.status, CeremonyAction.CLOSE)
    check_seen(ceremony, seen)
    now = clock.now()
    left = _list_unsigned(ceremony.id)
    said = _reasons(ceremony.id)
    for entry in left:
        entry.reason = said.get(entry.id) or str(why_not(entry) or _why_left(entry.id in said))
        entry.status = ENTRY_WORKFLOW.after(entry.status, EntryAction.LEAVE)
        entry.ended_at = now
    ceremony.status = status
    ceremony.ended_at = now
    for entry in left:
        tell(
            list_party_user_ids(entry.claim),
            mark(
                "“%(title)s”结束了，%(project)s 没有当场签约：%(why)s。认领仍然有效，请与县里另约。"
            ),
            f"/claims/{entry.claim_id}",
            title=ceremony.title,
            project=entry.claim.project.name,
            why=entry.reason,
        )
    return add_step(actor, ceremony, StepKind.CLOSE)


def _run(actor: Actor, ceremony: Ceremony, seen: int) -> Ceremony:
    check(actor, Permission.CEREMONY_RUN, ceremony)
    ceremony = take_turn(ceremony)
    check_running(ceremony)
    check_seen(ceremony, seen)
    return ceremony


def _check_free(state: StageState) -> None:
    # What was dropped from an addendum while it stood there can neither sign nor be passed over.
    waiting = db.session.scalars(
        select(CeremonyEntry.id).where(
            CeremonyEntry.id.in_(state.on_stage), CeremonyEntry.status == EntryState.LISTED
        )
    ).all()
    if waiting:
        raise Conflict(_("台上还有 %(n)s 项没有签。请先签，或先跳过。", n=len(waiting)))


def _check_waits(ceremony: Ceremony, entry: CeremonyEntry) -> None:
    db.session.refresh(entry, ["status"])
    if entry.ceremony_id != ceremony.id or entry.status is not EntryState.LISTED:
        raise Conflict(_("有一项已经签过，或不在本场的名单上。"))
    hindrance = why_not(entry)
    if hindrance:
        raise Conflict(_("有一项不能签：%(why)s。请先跳过它。", why=hindrance))


def _list_unsigned(ceremony_id: int) -> list[CeremonyEntry]:
    return list(
        db.session.scalars(
            select(CeremonyEntry)
            .where(
                CeremonyEntry.ceremony_id == ceremony_id,
                CeremonyEntry.status == EntryState.LISTED,
            )
            .order_by(CeremonyEntry.addendum, CeremonyEntry.position, CeremonyEntry.id)
            .options(joinedload(CeremonyEntry.agreement).lazyload("*"))
        )
    )


def _why_left(was_passed: bool) -> Words:
    return _("台上跳过，当场没有签") if was_passed else _("没有轮到")


def _reasons(ceremony_id: int) -> dict[int, str]:
    """Return by entry why it was passed over last, empty where nobody said, and is still so."""
    steps = list_steps(ceremony_id)
    passed = set(fold(steps).passed)
    undone = {step.undoes for step in steps}
    return {
        step.entry_id: step.reason
        for step in steps
        if step.kind is StepKind.PASS and step.entry_id in passed and step.seq not in undone
    }
