"""The verb that ends the writing: an agreement's text is what it is from here on."""

from matchplatform.access.actor import Actor
from matchplatform.access.policy import Permission, check
from matchplatform.commitments.content import build_content, hash_of
from matchplatform.commitments.models import Agreement
from matchplatform.commitments.queries import find_base
from matchplatform.commitments.readiness import NotReady, list_missing
from matchplatform.commitments.recording import check_in_hand, record_agreement, take, tell_parties
from matchplatform.commitments.states import WORKFLOW, AgreementAction, AgreementState
from matchplatform.kernel import clock
from matchplatform.kernel.i18n import mark


def freeze_agreement(
    *, actor: Actor, agreement: Agreement, version: int | None = None
) -> Agreement:
    """Fix the text that everybody confirmed, with its hash; it can then be printed and signed.

    Raises:
        NotReady: with everything that misses.
        IllegalMove: it is frozen already.
    """
    check(actor, Permission.AGREEMENT_FREEZE, agreement)
    take(agreement, version)
    check_in_hand(agreement)
    base = find_base(agreement)
    if agreement.status is AgreementState.DRAFT:
        raise NotReady(list_missing(agreement, base))
    status = WORKFLOW.after(agreement.status, AgreementAction.FREEZE)
    missing = list_missing(agreement, base)
    if missing:
        raise NotReady(missing)
    content = build_content(agreement, base)
    agreement.content = content
    agreement.sha256 = hash_of(content)
    agreement.frozen_at = clock.now()
    agreement.status = status
    tell_parties(agreement, mark("“%(name)s”的协议（%(number)s）已定稿，等待签署。"))
    record_agreement(actor, "freeze", agreement)
    return agreement
