"""Verbs of an agreement's text: draft, edit, confirm, throw away."""

import secrets
from collections.abc import Mapping

from sqlalchemy import func, select

from matchplatform.access.actor import Actor
from matchplatform.access.policy import Permission, check
from matchplatform.claims.locks import lock_claim
from matchplatform.claims.models import Claim
from matchplatform.claims.signing import list_signing
from matchplatform.claims.states import ClaimState
from matchplatform.commitments.content import build_content, hash_of
from matchplatform.commitments.models import Agreement, AgreementConfirmation
from matchplatform.commitments.queries import find_base, find_pending, list_versions
from matchplatform.commitments.recording import (
    check_in_hand,
    record_agreement,
    take,
    tell_county,
    tell_parties,
)
from matchplatform.commitments.states import WORKFLOW, AgreementAction, AgreementState
from matchplatform.commitments.terms import clean_terms, kinds_of, missing_terms
from matchplatform.commitments.wording import number_of
from matchplatform.commitments.wording_terms import default_terms
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Conflict, StaleVersion
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.i18n import mark
from matchplatform.kernel.reasons import clean_reason
from matchplatform.organisations.models import Organisation
from matchplatform.regions.divisions import divisions, full_name_of


def draft_agreement(*, actor: Actor, claim: Claim) -> Agreement:
    """Draft the agreement of an accepted claim, with the texts that its kind of help usually has.

    A text that was thrown away before leaves its number and its terms to the new one.

    Raises:
        Conflict: the claim is not accepted, or has an agreement.
    """
    check(actor, Permission.AGREEMENT_DRAFT, claim)
    lock_claim(claim)
    if claim.status is not ClaimState.ACCEPTED:
        raise Conflict(_("县里受理以后才能起草协议。"))
    if find_pending(claim.id) is not None:
        raise Conflict(_("这笔认领已经有协议了。"))
    earlier = next((one for one in list_versions(claim.id) if not one.version), None)
    agreement = _new(actor, claim, 0, earlier)
    agreement.terms = dict(earlier.terms) if earlier else _first_terms(claim)
    db.session.add(agreement)
    tell_parties(
        agreement, mark("“%(name)s”的协议已起草（%(number)s），请核对内容，由签署人确认。")
    )
    record_agreement(actor, "draft", agreement)
    return agreement


def edit_terms(
    *, actor: Actor, agreement: Agreement, version: int, terms: Mapping[str, str]
) -> Agreement:
    """Write the terms anew; who had confirmed the text before has to do so again.

    Raises:
        InvalidInput: with a message at each term.
        StaleVersion: somebody else wrote meanwhile.
    """
    check(actor, Permission.AGREEMENT_DRAFT, agreement)
    take(agreement, version)
    status = WORKFLOW.after(agreement.status, AgreementAction.EDIT)
    check_in_hand(agreement)
    kept = clean_terms(agreement.claim, terms)
    if kept == agreement.terms:
        return agreement
    agreement.terms = kept
    agreement.status = status
    if agreement.confirmations:
        agreement.confirmations.clear()
        tell_parties(agreement, mark("“%(name)s”的协议有修改，请签署人重新核对、确认。"))
    record_agreement(actor, "edit", agreement)
    return agreement


def confirm_text(
    *,
    actor: Actor,
    agreement: Agreement,
    organisation: Organisation,
    version: int,
    seen: str | None = None,
) -> Agreement:
    """Say yes for an organisation to the text as it stands; the last yes makes it confirmed.

    ``seen``: the hash of the text on the page where the signer said so, which names and amounts
    from elsewhere may have changed since.

    Raises:
        Conflict: it is no party, has said so already, or a term is missing.
        StaleVersion: the text has changed since the page was opened.
    """
    check(actor, Permission.AGREEMENT_CONFIRM, organisation)
    take(agreement, version)
    WORKFLOW.after(agreement.status, AgreementAction.CONFIRM)
    check_in_hand(agreement)
    if organisation.id not in agreement.party_ids:
        raise Conflict(_("贵会不是这份协议的一方。"))
    missing = missing_terms(agreement.claim, agreement.terms)
    if missing:
        words = "、".join(str(term.label) for term in missing)
        raise Conflict(_("协议还没有填完（%(what)s），填完再确认。", what=words))
    text = hash_of(build_content(agreement, find_base(agreement)))
    if seen is not None and seen != text:
        raise StaleVersion()
    # Whoever waited for another's yes read the text before it.
    db.session.refresh(agreement, ["confirmations"])
    said = agreement.confirmation_of(organisation.id)
    if said is not None and said.sha256 == text:
        raise Conflict(_("贵会已经确认过这份文本。"))
    if said is None:
        said = AgreementConfirmation(organisation=organisation)
        agreement.confirmations.append(said)
    said.user_id, said.user_label = actor.user_id or 0, actor.label[:120]
    said.sha256, said.at = text, clock.now()
    if {
        each.organisation_id or each.organisation.id
        for each in agreement.confirmations
        if each.sha256 == text
    } >= agreement.party_ids:
        agreement.status = WORKFLOW.after(agreement.status, AgreementAction.CONFIRM)
        tell_county(agreement, mark("“%(name)s”的协议（%(number)s）各社会组织都已确认，可以定稿。"))
    record_agreement(actor, "confirm", agreement)
    return agreement


def discard_agreement(
    *, actor: Actor, agreement: Agreement, version: int, reason: str
) -> Agreement:
    """Throw a text away that was not signed, frozen or not; what was printed of it is void.

    Raises:
        InvalidInput: no reason.
    """
    check(actor, Permission.AGREEMENT_DRAFT, agreement)
    take(agreement, version)
    status = WORKFLOW.after(agreement.status, AgreementAction.DISCARD)
    agreement.ended_reason = clean_reason(reason)
    agreement.status = status
    agreement.ended_at = clock.now()
    tell_parties(
        agreement,
        mark("“%(name)s”的协议文本（%(number)s）已作废：%(reason)s"),
        reason=agreement.ended_reason,
    )
    record_agreement(actor, "discard", agreement, agreement.ended_reason)
    return agreement


def begin_supplement(*, actor: Actor, agreement: Agreement) -> Agreement:
    """Begin the next supplementary agreement to one in force; it changes terms, no quantities.

    Raises:
        Conflict: it is not in force, or another change is on its way.
    """
    check(actor, Permission.AGREEMENT_DRAFT, agreement)
    take(agreement)
    WORKFLOW.after(agreement.status, AgreementAction.END)
    if find_pending(agreement.claim_id) is not None:
        raise Conflict(_("已经有一份补充协议在办，先办完或作废它。"))
    supplement = _new(actor, agreement.claim, agreement.version + 1, agreement)
    supplement.terms = dict(agreement.terms)
    db.session.add(supplement)
    tell_parties(supplement, mark("“%(name)s”开始拟补充协议（%(number)s）。"))
    record_agreement(actor, "supplement", supplement)
    return supplement


def _new(actor: Actor, claim: Claim, version: int, earlier: Agreement | None) -> Agreement:
    office, year = claim.region_code, clock.today().year
    if earlier is not None:
        office, year, serial = earlier.office, earlier.year, earlier.serial
    else:
        last = db.session.scalar(
            select(func.max(Agreement.serial)).where(
                Agreement.office == office, Agreement.year == year
            )
        )
        serial = (last or 0) + 1
    division = divisions().get(office)
    return Agreement(
        claim=claim,
        version=version,
        status=AgreementState.DRAFT,
        office=office,
        year=year,
        serial=serial,
        number=number_of(division.short if division else office, year, serial, version),
        token=secrets.token_urlsafe(32),
        prepared_by_id=actor.user_id or 0,
        prepared_by=actor.label[:120],
        created_at=clock.now(),
    )


def _first_terms(claim: Claim) -> dict[str, str]:
    project = claim.project
    region = full_name_of(project.region_code)
    by_law = any(one.can_fundraise_publicly for one in list_signing(claim))
    terms = default_terms(
        kinds=kinds_of(claim),
        region=region,
        project=project.name,
        scope=project.scope_text,
        first=project.starts_on,
        last=project.ends_on,
        by_law=by_law,
    ) | {
        "donee": project.owner_unit,
        "receipt_issuer": "",
        "place": region + project.place,
        "starts_on": project.starts_on.isoformat() if project.starts_on else "",
        "ends_on": project.ends_on.isoformat() if project.ends_on else "",
        "county_contact": f"{project.contact_name} {project.contact_phone}".strip(),
    }
    return {name: text for name, text in terms.items() if text}
