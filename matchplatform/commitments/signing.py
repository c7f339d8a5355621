"""Verbs of a signature: at a ceremony, outside one, and taken back."""

from datetime import date, datetime

from matchplatform.access.actor import Actor
from matchplatform.access.policy import Permission, check
from matchplatform.claims.locks import lock_organisations
from matchplatform.claims.signing import sign_claim, unsign_claim
from matchplatform.commitments.models import Agreement, Commitment
from matchplatform.commitments.queries import commitments_of, find_base, find_pending
from matchplatform.commitments.readiness import has_drifted
from matchplatform.commitments.recording import (
    check_in_hand,
    record_agreement,
    record_commitment,
    take,
    tell_county,
    tell_parties,
)
from matchplatform.commitments.states import (
    COMMITMENT_WORKFLOW,
    WORKFLOW,
    AgreementAction,
    CommitmentAction,
    CommitmentState,
)
from matchplatform.files.examine import Upload
from matchplatform.files.kinds import Place, Purpose
from matchplatform.files.models import StoredFile
from matchplatform.files.services import store_upload
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Conflict, InvalidInput
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.i18n import mark
from matchplatform.kernel.reasons import clean_reason

OWNER = "agreement"


def sign_agreement(
    *, actor: Actor, agreement: Agreement, signed_at: datetime, occasion: str = ""
) -> Commitment:
    """Put a frozen agreement in force: the claim is signed, and what was promised a commitment.

    A supplementary agreement takes the place of the one before it. ``occasion``: the ceremony's
    title, empty outside one.

    Raises:
        IllegalMove: it is not frozen.
        Conflict: the claim or an organisation is no longer what the text says, or may not sign.
    """
    check(actor, Permission.CLAIM_SIGN, agreement)
    status = WORKFLOW.after(agreement.status, AgreementAction.SIGN)
    check_in_hand(agreement)
    if has_drifted(agreement):
        raise Conflict(_("定稿以后认领或组织的情况有变化，请作废这份文本，重拟以后再签。"))
    if agreement.is_supplement:
        commitment = _supplement(agreement, signed_at)
    else:
        sign_claim(actor=actor, claim=agreement.claim, signed_at=signed_at)
        commitment = Commitment(
            claim=agreement.claim,
            agreement=agreement,
            status=CommitmentState.IN_DELIVERY,
            signed_at=signed_at,
            occasion=occasion[:80],
        )
        db.session.add(commitment)
    agreement.status = status
    agreement.signed_at = signed_at
    db.session.flush()
    here = f"/commitments/{commitment.id}"
    words = mark("“%(name)s”的协议（%(number)s）已由%(organisation)s签署，开始履约。")
    tell_parties(agreement, words, here)
    tell_county(agreement, words, here)
    record_agreement(actor, "sign", agreement)
    record_commitment(actor, "make" if not agreement.is_supplement else "amend", commitment)
    return commitment


def undo_signature(*, actor: Actor, commitment: Commitment, reason: str) -> Commitment:
    """Take a signature back that was a mistake: the agreement waits again, the claim is accepted.

    Raises:
        InvalidInput: no reason.
        Conflict: it was changed by a supplementary agreement since, or one is on its way.
    """
    check(actor, Permission.CLAIM_SIGN, commitment)
    agreement = commitment.agreement
    if agreement.is_supplement:
        raise Conflict(_("已经签了补充协议，不能再撤销签署。"))
    status = COMMITMENT_WORKFLOW.after(commitment.status, CommitmentAction.REVOKE)
    back = WORKFLOW.after(agreement.status, AgreementAction.UNSIGN)
    if find_pending(agreement.claim_id) is not None:
        raise Conflict(_("有一份补充协议在办，先作废它，再撤销签署。"))
    why = clean_reason(reason)
    unsign_claim(actor=actor, claim=commitment.claim, reason=why)
    commitment.status, commitment.reason, commitment.ended_at = status, why, clock.now()
    agreement.status, agreement.signed_at = back, None
    words = mark("“%(name)s”的签署已撤销，协议（%(number)s）等待重新签署：%(reason)s")
    tell_parties(agreement, words, reason=why)
    tell_county(agreement, words, reason=why)
    record_agreement(actor, "unsign", agreement, why)
    record_commitment(actor, "revoke", commitment, why)
    return commitment


def undo_outside(*, actor: Actor, agreement: Agreement, version: int, reason: str) -> Commitment:
    """Take back a signature that was entered by mistake outside a ceremony.

    Raises:
        Conflict: it is not signed, or was signed at a ceremony, whose list has to tell the same.
        InvalidInput: no reason.
        StaleVersion: the page was overtaken.
    """
    check(actor, Permission.CLAIM_SIGN, agreement)
    lock_organisations(agreement.claim.active_ids)
    take(agreement, version)
    WORKFLOW.after(agreement.status, AgreementAction.UNSIGN)
    commitment = commitments_of([agreement.claim_id]).get(agreement.claim_id)
    if commitment is None:
        raise Conflict(_("没有可以撤销的签署。"))
    if commitment.occasion:
        raise Conflict(
            _(
                "这份协议是在“%(title)s”上签的，只能由组织者在大会当天的控制台或补签名单上撤销。",
                title=commitment.occasion,
            )
        )
    return undo_signature(actor=actor, commitment=commitment, reason=reason)


def sign_outside(
    *, actor: Actor, agreement: Agreement, version: int, upload: Upload, signed_on: date
) -> Commitment:
    """Enter what was signed outside a ceremony, with a scan of the signed paper.

    Raises:
        InvalidInput: the day lies ahead, or before the text was frozen.
    """
    check(actor, Permission.CLAIM_SIGN, agreement)
    lock_organisations(agreement.claim.active_ids)
    take(agreement, version)
    frozen = agreement.frozen_at
    if signed_on > clock.today():
        raise InvalidInput(fields={"signed_on": _("签署的日子不能在今天以后。")})
    if frozen is not None and signed_on < frozen.astimezone(clock.SHANGHAI).date():
        raise InvalidInput(fields={"signed_on": _("签署的日子不能早于定稿的那天。")})
    signed_at = min(clock.now(), clock.end_of_day(signed_on) - clock.A_MOMENT)
    commitment = sign_agreement(actor=actor, agreement=agreement, signed_at=signed_at)
    attach_scan(actor=actor, agreement=agreement, upload=upload)
    return commitment


def attach_scan(*, actor: Actor, agreement: Agreement, upload: Upload) -> StoredFile:
    """Keep a scan of the signed paper.

    Raises:
        Conflict: nothing was frozen yet, so nothing can have been signed.
    """
    check(actor, Permission.CLAIM_SIGN, agreement)
    if not agreement.is_fixed:
        raise Conflict(_("协议定稿以后才能传扫描件。"))
    return store_upload(actor=actor, upload=upload, place=place_of(agreement))


def place_of(agreement: Agreement) -> Place:
    """Return where the scans of an agreement belong."""
    return Place(OWNER, agreement.id, Purpose.AGREEMENT)


def _supplement(agreement: Agreement, signed_at: datetime) -> Commitment:
    take(agreement)
    base = find_base(agreement)
    commitment = commitments_of([agreement.claim_id]).get(agreement.claim_id)
    if base is None or commitment is None:
        raise Conflict(_("原协议不在履行中，补充协议不能签。"))
    if signed_at > clock.now():
        raise Conflict(_("签约时间不能晚于现在。"))
    base.status = WORKFLOW.after(base.status, AgreementAction.END)
    base.ended_at = signed_at
    commitment.agreement = agreement
    return commitment
