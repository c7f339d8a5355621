"""Verbs of signing: an accepted claim becomes a promise, and a promise signed by mistake an intent."""

from datetime import datetime

from matchplatform.access.actor import Actor
from matchplatform.access.policy import Permission, check
from matchplatform.claims.checks import check_all_in
from matchplatform.claims.holds import record_claim
from matchplatform.claims.locks import lock_claim, lock_organisations
from matchplatform.claims.models import Claim
from matchplatform.claims.release import settle_request
from matchplatform.claims.states import WORKFLOW, ClaimAction
from matchplatform.kernel import clock
from matchplatform.kernel.errors import Conflict
from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.reasons import clean_reason
from matchplatform.organisations.models import Organisation
from matchplatform.organisations.states import OrganisationState

# Signing is finishing: an organisation that is restricted, or whose certificate has run out, may.
MAY_FINISH = (OrganisationState.VERIFIED, OrganisationState.RESTRICTED)


def sign_claim(*, actor: Actor, claim: Claim, signed_at: datetime) -> Claim:
    """Turn an accepted claim into a signed one; whoever calls keeps the agreement and tells of it.

    Whoever signs several in one transaction calls ``lock_signing`` for all of them first. The
    quantities stay held. An organisation that is restricted or whose certificate has run out
    may finish what was accepted, and so may sign; one suspended or deregistered may not.

    Raises:
        StaleVersion: the claim has moved since it was read.
        IllegalMove: it is not accepted, or signed already.
        Conflict: somebody of a joint claim is not in, or may not sign today.
    """
    check(actor, Permission.CLAIM_SIGN, claim)
    # A ruling of this very moment must not miss the signature: it waits for us, or we for it.
    lock_organisations(claim.active_ids)
    lock_claim(claim)
    status = WORKFLOW.after(claim.status, ClaimAction.SIGN)
    check_all_in(claim)
    hindrance = find_hindrance(claim)
    if hindrance is not None:
        raise Conflict(hindrance)
    if signed_at > clock.now():
        raise Conflict(_("签约时间不能晚于现在。"))
    claim.status = status
    claim.signed_at = signed_at
    settle_request(actor=actor, claim=claim)
    record_claim(actor, "claim.sign", claim)
    return claim


def unsign_claim(*, actor: Actor, claim: Claim, reason: str) -> Claim:
    """Take a signature back: the claim is accepted again, its sixty days count as they did before.

    Raises:
        StaleVersion: the claim has moved since it was read.
        IllegalMove: it is not signed.
        Conflict: one that signed has been deregistered; nothing of its own can be accepted again.
        InvalidInput: no reason.
    """
    check(actor, Permission.CLAIM_SIGN, claim)
    lock_organisations(claim.active_ids)
    lock_claim(claim)
    status = WORKFLOW.after(claim.status, ClaimAction.UNSIGN)
    for organisation in list_signing(claim):
        if organisation.status is OrganisationState.DEREGISTERED:
            raise Conflict(_("%(name)s已经注销，签约不能再改回已受理。", name=organisation.name))
    cleaned = clean_reason(reason)
    claim.status = status
    claim.signed_at = None
    record_claim(actor, "claim.unsign", claim, cleaned)
    return claim


def find_hindrance(claim: Claim) -> Words | None:
    """Say which organisation of a claim may not sign today, or None."""
    for organisation in list_signing(claim):
        if organisation.status not in MAY_FINISH:
            return _(
                "%(name)s现在不能签约：%(why)s。", name=organisation.name, why=_why(organisation)
            )
    return None


def list_signing(claim: Claim) -> list[Organisation]:
    """Return the organisations that sign for a claim: the lead first, then its active members."""
    members = [
        member.organisation for member in claim.members if member.is_active and not member.is_lead
    ]
    return [claim.organisation, *members]


def _why(organisation: Organisation) -> Words:
    return organisation.trouble or _("还没有通过核验")
