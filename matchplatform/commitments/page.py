"""The page of a claim's agreement, as it is shown and shown again."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import render_template, request

from matchplatform.access.actor import Actor
from matchplatform.access.policy import Permission, permits
from matchplatform.audit.actions import tell_history
from matchplatform.audit.queries import list_history
from matchplatform.claims.models import Claim
from matchplatform.claims.signing import list_signing
from matchplatform.claims.states import ClaimState
from matchplatform.commitments.content import hash_of
from matchplatform.commitments.forms import OutsideForm, ScanForm
from matchplatform.commitments.models import Agreement
from matchplatform.commitments.papers import content_of
from matchplatform.commitments.queries import commitments_of, find_base, list_versions
from matchplatform.commitments.readiness import has_drifted, list_missing
from matchplatform.commitments.signing import place_of
from matchplatform.commitments.states import STATE_WORDS, AgreementAction, AgreementState
from matchplatform.commitments.terms import missing_terms, terms_for
from matchplatform.files.kinds import Purpose
from matchplatform.files.queries import list_files
from matchplatform.kernel.errors import Hidden, NotFound
from matchplatform.kernel.i18n import Words


@dataclass
class Tried:
    """What was tried on the page and refused: which form, what it held, what is wrong with it."""

    what: str = ""
    typed: Mapping[str, str] = field(default_factory=dict)
    wrongs: Mapping[str, Words] = field(default_factory=dict)
    said: Words = ""
    missing: list[Words] = field(default_factory=list)
    earlier: str = ""


def read_shown(actor: Actor, claim: Claim) -> tuple[Agreement | None, list[Agreement]]:
    """Return the version that the address asks for, or the last one, and all there are.

    Raises:
        NotFound: the claim has no such version.
        Hidden: the actor may not read the agreement.
    """
    versions = list_versions(claim.id)
    if versions and not permits(actor, Permission.AGREEMENT_READ, versions[0]):
        raise Hidden()
    kept = [one for one in versions if one.status is not AgreementState.VOID]
    asked = request.args.get("of", "")
    if not asked:
        return (kept or [None])[0], versions  # type: ignore[list-item]
    shown = next((one for one in versions if str(one.id) == asked), None)
    if shown is None:
        raise NotFound()
    return shown, versions


def agreement_page(
    actor: Actor,
    claim: Claim,
    tried: Tried | None = None,
    outside: OutsideForm | None = None,
    scan: ScanForm | None = None,
) -> str:
    """Show the agreement of a claim with what the actor can do about it."""
    agreement, versions = read_shown(actor, claim)
    return render_template(
        "commitments/agreement.html",
        claim=claim,
        agreement=agreement,
        versions=versions,
        state_words=STATE_WORDS,
        tried=tried or Tried(),
        outside=outside or OutsideForm(formdata=None),
        scan=scan or ScanForm(formdata=None),
        may_draft=agreement is None
        and claim.status is ClaimState.ACCEPTED
        and permits(actor, Permission.AGREEMENT_DRAFT, claim),
        commitment=commitments_of([claim.id]).get(claim.id),
        **(_particulars(actor, agreement) if agreement else {}),
    )


def _particulars(actor: Actor, agreement: Agreement) -> dict[str, object]:
    content = content_of(agreement)
    text = agreement.sha256 or hash_of(content)
    base = find_base(agreement)
    return {
        "content": content,
        "terms": terms_for(agreement.claim),
        "needed": {term.name for term in missing_terms(agreement.claim, {})},
        "missing": list_missing(agreement, base) if agreement.is_open else [],
        "drifted": agreement.status is AgreementState.FROZEN and has_drifted(agreement),
        "parties": [
            (one, agreement.confirmation_of(one.id)) for one in list_signing(agreement.claim)
        ],
        "text_hash": text,
        "confirming": [
            one
            for one in list_signing(agreement.claim)
            if agreement.allows(AgreementAction.CONFIRM)
            and permits(actor, Permission.AGREEMENT_CONFIRM, one)
            and getattr(agreement.confirmation_of(one.id), "sha256", "") != text
        ],
        "allowed": _allowed(actor, agreement),
        "files": list_files(actor, *_place(agreement)),
        "story": tell_history(list_history("agreement", agreement.id)),
    }


def _place(agreement: Agreement) -> tuple[str, int, Purpose]:
    place = place_of(agreement)
    return place.owner_type, place.owner_id, place.purpose


_NEEDS = {
    AgreementAction.EDIT: Permission.AGREEMENT_DRAFT,
    AgreementAction.FREEZE: Permission.AGREEMENT_FREEZE,
    AgreementAction.DISCARD: Permission.AGREEMENT_DRAFT,
    AgreementAction.SIGN: Permission.CLAIM_SIGN,
    AgreementAction.UNSIGN: Permission.CLAIM_SIGN,
    AgreementAction.END: Permission.AGREEMENT_DRAFT,
}


def _allowed(actor: Actor, agreement: Agreement) -> set[str]:
    return {
        str(action)
        for action, permission in _NEEDS.items()
        if agreement.allows(action) and permits(actor, permission, agreement)
    }
