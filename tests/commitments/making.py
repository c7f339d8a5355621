"""Make agreements through the real verbs, committed, ready for a test."""

from datetime import datetime

from sqlalchemy import select

from matchplatform.access.actor import Actor, Role
from matchplatform.claims.models import Claim
from matchplatform.claims.signing import list_signing
from matchplatform.commitments.freezing import freeze_agreement
from matchplatform.commitments.models import Agreement, Commitment
from matchplatform.commitments.services import confirm_text, draft_agreement, edit_terms
from matchplatform.commitments.signing import sign_agreement
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.organisations.models import Membership, Organisation
from tests.factories import actor_for, make_claim, make_organisation, make_project, make_user

FILLED = {
    "donee": "张北县教育和体育局",
    "donee_account": "户名：张北县教育和体育局；开户行：张北农信社；账号：1300 0001 2345 678",
    "receipt_issuer": "张北县慈善协会",
    "organisation_contact": "钱二川 010-00010000",
    "county_contact": "赵一鸣 0313-0001000",
}


def make_organiser() -> Actor:
    """Return an organiser of ceremonies."""
    return actor_for(make_user(Role.ORGANISER))


def signer_of(organisation: Organisation) -> Actor:
    """Return somebody who signs for an organisation."""
    row = db.session.scalars(
        select(Membership)
        .where(Membership.organisation_id == organisation.id, Membership.is_signer)
        .order_by(Membership.user_id)
    ).first()
    assert row is not None
    return actor_for(row.user)


def make_accepted() -> Claim:
    """Make a claim that its county has accepted."""
    organisation, agent = make_organisation()
    return make_claim(make_project(), organisation, agent, accepted=True)


def make_draft(claim: Claim | None = None, *, filled: bool = True) -> Agreement:
    """Make the draft of a claim's agreement, with what only people know filled in."""
    actor, claim = make_organiser(), claim or make_accepted()
    agreement = draft_agreement(actor=actor, claim=claim)
    db.session.commit()
    if filled:
        edit_terms(
            actor=actor,
            agreement=agreement,
            version=agreement.row_version,
            terms=agreement.terms | FILLED,
        )
        db.session.commit()
    return agreement


def confirm_all(agreement: Agreement) -> Agreement:
    """Let every organisation confirm the text as it stands."""
    for organisation in list_signing(agreement.claim):
        confirm_text(
            actor=signer_of(organisation),
            agreement=agreement,
            organisation=organisation,
            version=agreement.row_version,
        )
        db.session.commit()
    return agreement


def make_confirmed(claim: Claim | None = None) -> Agreement:
    """Make an agreement that every organisation has confirmed."""
    return confirm_all(make_draft(claim))


def make_frozen(claim: Claim | None = None) -> Agreement:
    """Make an agreement that waits for its signature."""
    agreement = make_confirmed(claim)
    freeze_agreement(actor=make_organiser(), agreement=agreement)
    db.session.commit()
    return agreement


def make_signed(
    claim: Claim | None = None, *, occasion: str = "", at: datetime | None = None
) -> Commitment:
    """Make a commitment: the agreement signed, the claim with it."""
    agreement = make_frozen(claim)
    commitment = sign_agreement(
        actor=make_organiser(),
        agreement=agreement,
        signed_at=at or clock.now(),
        occasion=occasion,
    )
    db.session.commit()
    return commitment
