"""What `matchplatform check` finds wrong with agreements and commitments."""

import pytest
from flask import Flask
from sqlalchemy import delete, update

from matchplatform.claims.models import Claim
from matchplatform.commitments.breaches import find_breaches
from matchplatform.commitments.models import Agreement, AgreementConfirmation, Commitment
from matchplatform.commitments.services import begin_supplement, edit_terms
from matchplatform.commitments.signing import undo_signature
from matchplatform.commitments.states import AgreementState, CommitmentState
from matchplatform.config.settings import Settings
from matchplatform.files.storage import Storage
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from tests.commitments.making import make_draft, make_frozen, make_organiser, make_signed
from tests.commitments.test_verify import supplement
from tests.factories import make_claim, make_organisation, make_project


@pytest.fixture
def storage(db_session: Flask) -> Storage:
    settings: Settings = db_session.extensions["settings"]
    return Storage(settings.files_path)


def found(storage: Storage) -> str:
    db.session.commit()
    db.session.expire_all()
    return "\n".join(find_breaches(storage))


class TestWhatIsRight:
    def test_nothing_is_wrong_on_the_whole_way(self, storage: Storage) -> None:
        make_draft()
        make_frozen()
        undone = make_signed()
        undo_signature(actor=make_organiser(), commitment=undone, reason="签错了一份")
        supplement(make_signed().agreement)
        assert found(storage) == ""

    def test_a_supplement_on_its_way_is_nothing_wrong(self, storage: Storage) -> None:
        made = begin_supplement(actor=make_organiser(), agreement=make_signed().agreement)
        db.session.commit()
        edit_terms(
            actor=make_organiser(),
            agreement=made,
            version=made.row_version,
            terms=made.terms | {"other": "另行商定"},
        )
        assert found(storage) == ""


class TestWhatIsWrong:
    def test_a_text_that_was_changed(self, storage: Storage) -> None:
        agreement = make_frozen()
        agreement.content = {**(agreement.content or {}), "total": "1.00"}
        assert "does not have the hash" in found(storage)

    def test_a_yes_that_is_missing_or_to_another_text(self, storage: Storage) -> None:
        agreement = make_frozen()
        db.session.execute(update(AgreementConfirmation).values(sha256="0" * 64))
        assert "has not confirmed this text" in found(storage)
        db.session.execute(delete(AgreementConfirmation))
        assert f"agreement {agreement.id}" in found(storage)

    def test_a_signed_claim_without_a_commitment(self, storage: Storage) -> None:
        organisation, agent = make_organisation()
        claim = make_claim(make_project(), organisation, agent, signed=True)
        assert found(storage) == f"claim {claim.id}: signed, and no commitment stands for it"

    def test_a_commitment_whose_claim_is_not_signed(self, storage: Storage) -> None:
        claim = make_signed().claim_id
        db.session.execute(
            update(Claim).where(Claim.id == claim).values(status="accepted", signed_at=None)
        )
        assert f"its claim {claim} is not signed" in found(storage)

    def test_a_commitment_signed_at_another_time_than_its_claim(self, storage: Storage) -> None:
        commitment = make_signed()
        commitment.signed_at = clock.now().replace(year=2019)
        assert "was signed at another time" in found(storage)

    def test_a_commitment_on_a_paper_that_is_not_in_force(self, storage: Storage) -> None:
        commitment = make_signed()
        db.session.execute(
            update(Agreement)
            .where(Agreement.id == commitment.agreement_id)
            .values(status=AgreementState.FROZEN, signed_at=None)
        )
        assert "is frozen, not in force" in found(storage)

    def test_a_commitment_on_the_paper_of_another_claim(self, storage: Storage) -> None:
        first, second = make_signed(), make_signed()
        first.agreement_id = second.agreement_id
        said = found(storage)
        assert "its agreement is about claim" in said
        assert "in force, and no commitment stands on it" in said

    def test_a_paper_in_force_of_a_commitment_that_was_undone(self, storage: Storage) -> None:
        db.session.execute(
            update(Commitment)
            .where(Commitment.id == make_signed().id)
            .values(status=CommitmentState.REVOKED, reason="签错了", ended_at=clock.now())
        )
        assert "in force, and no commitment stands on it" in found(storage)

    def test_what_ended_and_nothing_took_its_place(self, storage: Storage) -> None:
        agreement = make_signed().agreement
        agreement.status = AgreementState.ENDED
        assert "ended, and nothing took its place" in found(storage)

    def test_a_supplement_to_nothing(self, storage: Storage) -> None:
        agreement = make_signed().agreement
        agreement.version = 1
        assert "changes an agreement that was never signed" in found(storage)
