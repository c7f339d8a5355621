"""Verbs of signing: at a ceremony, each signature a step; or late, on an addendum."""

from collections.abc import Sequence
from datetime import datetime

from matchplatform.access.actor import Actor
from matchplatform.access.policy import Permission, check
from matchplatform.ceremonies.models import Ceremony, CeremonyEntry, CeremonyStep
from matchplatform.ceremonies.states import (
    ENTRY_WORKFLOW,
    LATE_STATES,
    EntryAction,
    EntryState,
    StepKind,
)
from matchplatform.ceremonies.steps import (
    add_step,
    check_running,
    find_signing,
    record_on,
    take_turn,
)
from matchplatform.claims.locks import lock_signing
from matchplatform.claims.signing import find_hindrance
from matchplatform.claims.states import ClaimState
from matchplatform.commitments.signing import sign_agreement, undo_signature
from matchplatform.commitments.states import AgreementState
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Conflict, IllegalMove
from matchplatform.kernel.i18n import Words, mark
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.reasons import clean_reason

_STOP = mark("。")


def sign_entry(*, actor: Actor, entry: CeremonyEntry) -> CeremonyStep:
    """Sign what is listed, whether or not it was called on the stage: one step of the day.

    Raises:
        Conflict: it was signed already (the words say by whom), cannot be signed, or the day does
            not run.
    """
    check(actor, Permission.CEREMONY_RUN, entry.ceremony)
    ceremony = take_turn(entry.ceremony)
    check_running(ceremony)
    return _sign_as_step(actor, ceremony, entry)


def sign_round(
    *, actor: Actor, ceremony: Ceremony, entries: Sequence[CeremonyEntry]
) -> list[CeremonyStep]:
    """Sign several at once, all or none, each as a step of its own in the order given.

    Raises:
        Conflict: there is nothing to sign, or one of them cannot be signed.
    """
    check(actor, Permission.CEREMONY_RUN, ceremony)
    ceremony = take_turn(ceremony)
    check_running(ceremony)
    if not entries:
        raise Conflict(_("台上没有待签的项目。"))
    lock_signing(entry.claim for entry in entries)
    return [_sign_as_step(actor, ceremony, entry) for entry in entries]


def unsign_entry(actor: Actor, entry: CeremonyEntry, reason: str) -> None:
    """Take the signature of an entry back: the claim is accepted again, and the entry listed."""
    status = ENTRY_WORKFLOW.after(entry.status, EntryAction.UNDO)
    commitment = entry.commitment
    if commitment is None:
        raise IllegalMove()
    entry.status = status
    entry.commitment_id = None
    entry.ended_at = None
    undo_signature(actor=actor, commitment=commitment, reason=reason)


def sign_late(*, actor: Actor, entry: CeremonyEntry) -> CeremonyEntry:
    """Sign what stands on an addendum after the ceremony was closed.

    Raises:
        Conflict: it is on no addendum, was signed already or cannot be signed.
    """
    check(actor, Permission.CEREMONY_RUN, entry.ceremony)
    ceremony = take_turn(entry.ceremony)
    _check_late(ceremony, entry)
    _sign(actor, ceremony, entry, clock.now())
    record_on(actor, "ceremony.sign_late", ceremony, detail=_named(entry))
    return entry


def undo_late(*, actor: Actor, entry: CeremonyEntry, reason: str) -> CeremonyEntry:
    """Take a late signature back, with a reason.

    Raises:
        Conflict: it was not signed late.
        InvalidInput: no reason.
    """
    check(actor, Permission.CEREMONY_RUN, entry.ceremony)
    ceremony = take_turn(entry.ceremony)
    _check_late(ceremony, entry)
    if find_signing(entry.id) is not None:
        raise Conflict(_("这一项是大会当场签的，不能按补签撤销。"))
    cleaned = clean_reason(reason)
    unsign_entry(actor, entry, cleaned)
    record_on(actor, "ceremony.unsign_late", ceremony, reason=cleaned, detail=_named(entry))
    return entry


def why_not(entry: CeremonyEntry) -> Words:
    """Say why what is listed cannot be signed any more, or nothing."""
    claim = entry.claim
    if entry.status is not EntryState.LISTED:
        return ""
    if claim.status is ClaimState.ACCEPTED:
        paper = entry.agreement
        if paper is not None and paper.status is not AgreementState.FROZEN:
            return _("协议已作废，重新定稿后请列入补签名单")
        return str(find_hindrance(claim) or "").removesuffix(_STOP)
    if claim.status is ClaimState.WITHDRAWN:
        return _("社会组织已撤回认领")
    if claim.status is ClaimState.RELEASED:
        return _("县里已把认领放回项目")
    if claim.status is ClaimState.SIGNED:
        return _("已在别处签约")
    return _("认领已不在可签约的状态")


def _sign_as_step(actor: Actor, ceremony: Ceremony, entry: CeremonyEntry) -> CeremonyStep:
    if entry.ceremony_id != ceremony.id:
        raise Conflict(_("这一项不在本场的名单上。"))
    _sign(actor, ceremony, entry, clock.now())
    return add_step(actor, ceremony, StepKind.SIGN, entry_id=entry.id)


def _sign(actor: Actor, ceremony: Ceremony, entry: CeremonyEntry, at: datetime) -> None:
    # Whoever waited for their turn read the entry before it.
    db.session.refresh(entry, ["status", "commitment_id"])
    if entry.status is EntryState.SIGNED:
        raise Conflict(_already(entry))
    status = ENTRY_WORKFLOW.after(entry.status, EntryAction.SIGN)
    hindrance = why_not(entry)
    if hindrance:
        raise Conflict(_("不能签：%(why)s。", why=hindrance))
    if entry.agreement is None:
        raise Conflict(_("不能签：协议还没有定稿。"))
    commitment = sign_agreement(
        actor=actor, agreement=entry.agreement, signed_at=at, occasion=ceremony.title
    )
    entry.status = status
    entry.commitment_id = commitment.id
    entry.ended_at = at


def _already(entry: CeremonyEntry) -> Words:
    step = find_signing(entry.id)
    if step is None:
        return _("这一项已经补签过了。")
    at = f"{step.at.astimezone(clock.SHANGHAI):%H:%M:%S}"
    return _("这一项%(who)s已在 %(at)s 签过。", who=step.actor_label, at=at)


def _check_late(ceremony: Ceremony, entry: CeremonyEntry) -> None:
    if ceremony.status not in LATE_STATES:
        raise IllegalMove()
    if entry.addendum == 0:
        raise Conflict(_("这一项不在补签名单上，请先列入补签名单。"))


def _named(entry: CeremonyEntry) -> dict[str, object]:
    return {"entry": entry.id, "addendum": entry.addendum, "claim": entry.claim_id}
