"""What the verbs of agreements share: the lock, the trail, whom to tell."""

from matchplatform.access.actor import Actor
from matchplatform.accounts.queries import list_deciding_officer_ids
from matchplatform.audit.services import record
from matchplatform.claims.locks import lock_claim
from matchplatform.claims.queries import list_party_user_ids
from matchplatform.claims.states import ClaimState
from matchplatform.commitments.models import Agreement, Commitment
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Conflict, StaleVersion
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.notifications.services import tell


def take(agreement: Agreement, version: int | None = None) -> None:
    """Keep an agreement and its claim for oneself.

    Raises:
        StaleVersion: either has moved since it was read, or since its page was opened.
    """
    lock_claim(agreement.claim)
    if version is not None and agreement.row_version != version:
        raise StaleVersion()


def check_in_hand(agreement: Agreement) -> None:
    """Refuse what belongs to a claim that cannot be signed any more, or not yet.

    Raises:
        Conflict: the claim is neither accepted nor, for a supplementary agreement, signed.
    """
    wanted = ClaimState.SIGNED if agreement.is_supplement else ClaimState.ACCEPTED
    if agreement.claim.status is not wanted:
        raise Conflict(_("这笔认领现在不在待签约的状态，协议不能往下办。"))


def record_agreement(actor: Actor, action: str, agreement: Agreement, reason: str = "") -> None:
    """Write what happened to an agreement into the trail, without what stands in its terms."""
    db.session.flush()
    claim = agreement.claim
    record(
        actor=actor,
        action=f"agreement.{action}",
        subject_type="agreement",
        subject_id=agreement.id,
        subject_label=f"{agreement.number} {claim.organisation.name} · {claim.project.name}",
        region_code=agreement.region_code,
        reason=reason,
        detail={
            "claim": claim.number,
            "status": str(agreement.status),
            "version": agreement.version,
            "sha256": agreement.sha256,
        },
    )


def record_commitment(actor: Actor, action: str, commitment: Commitment, reason: str = "") -> None:
    """Write what happened to a commitment into the trail."""
    db.session.flush()
    claim = commitment.claim
    record(
        actor=actor,
        action=f"commitment.{action}",
        subject_type="commitment",
        subject_id=commitment.id,
        subject_label=f"{commitment.number} {claim.organisation.name} · {claim.project.name}",
        region_code=commitment.region_code,
        reason=reason,
        detail={
            "claim": claim.number,
            "agreement": commitment.agreement.number,
            "sha256": commitment.agreement.sha256,
            "status": str(commitment.status),
        },
    )


def tell_parties(agreement: Agreement, template: str, url: str = "", reason: str = "") -> None:
    """Tell the people of the organisations."""
    _tell(list_party_user_ids(agreement.claim), agreement, template, url, reason)


def tell_county(agreement: Agreement, template: str, url: str = "", reason: str = "") -> None:
    """Tell the county's officers."""
    _tell(list_deciding_officer_ids(agreement.region_code), agreement, template, url, reason)


def _tell(user_ids: list[int], agreement: Agreement, template: str, url: str, reason: str) -> None:
    tell(
        user_ids,
        template,
        url or f"/claims/{agreement.claim_id}/agreement",
        organisation=agreement.claim.organisation.name,
        name=agreement.claim.project.name,
        number=agreement.number,
        reason=reason,
    )
