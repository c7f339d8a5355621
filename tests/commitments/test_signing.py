"""Signing, signing outside a ceremony, taking a signature back, supplementary agreements."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask

from matchplatform.access.policy import Permission, permits
from matchplatform.claims.queries import find_breaches
from matchplatform.claims.states import ClaimState
from matchplatform.commitments.freezing import freeze_agreement
from matchplatform.commitments.models import Agreement, Commitment
from matchplatform.commitments.queries import commitments_of
from matchplatform.commitments.services import begin_supplement, edit_terms
from matchplatform.commitments.signing import (
    attach_scan,
    sign_agreement,
    sign_outside,
    undo_outside,
    undo_signature,
)
from matchplatform.commitments.states import AgreementState, CommitmentState
from matchplatform.files.examine import Upload, examine
from matchplatform.files.kinds import Purpose
from matchplatform.files.queries import list_files
from matchplatform.files.storage import Storage
from matchplatform.files.verdicts import Limits
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Conflict, Forbidden, IllegalMove, InvalidInput, StaleVersion
from tests.claims.conftest import told
from tests.commitments.making import (
    confirm_all,
    make_confirmed,
    make_frozen,
    make_organiser,
    make_signed,
    signer_of,
)
from tests.factories import ZHANGBEI, actor_for, make_officer, make_organisation
from tests.files.samples import pdf

pytestmark = pytest.mark.usefixtures("db_session")


@contextmanager
def scan(folder: Path) -> Iterator[Upload]:
    """Give an examined scan."""
    upload = examine(
        Storage(folder), BytesIO(pdf()), "签署页.pdf", Limits(megabytes=5), field="scan"
    )
    try:
        yield upload
    finally:
        upload.discard()


class TestSignAgreement:
    def test_it_signs_the_claim_and_makes_the_commitment(self) -> None:
        agreement = make_frozen()
        officer = make_officer(ZHANGBEI)
        commitment = sign_agreement(
            actor=make_organiser(),
            agreement=agreement,
            signed_at=clock.now(),
            occasion="张北签约大会",
        )
        db.session.commit()
        claim = agreement.claim
        assert agreement.status is AgreementState.IN_FORCE
        assert claim.status is ClaimState.SIGNED
        assert commitments_of([claim.id]) == {claim.id: commitment}
        assert commitment.occasion == "张北签约大会"
        assert commitment.number == f"LY-{commitment.id:06d}"
        assert {officer.id, signer_of(claim.organisation).user_id} <= told("开始履约")
        assert list(find_breaches()) == []

    def test_only_a_frozen_text_is_signed(self) -> None:
        agreement = make_confirmed()
        with pytest.raises(IllegalMove):
            _sign(agreement)

    def test_it_is_signed_once(self) -> None:
        agreement = make_signed().agreement
        with pytest.raises(IllegalMove):
            _sign(agreement)

    def test_what_drifted_since_is_not_signed(self) -> None:
        agreement = make_frozen()
        agreement.claim.organisation.legal_rep = "孙三山"
        db.session.commit()
        with pytest.raises(Conflict, match="重拟"):
            _sign(agreement)

    def test_it_is_none_of_the_organisation(self) -> None:
        agreement = make_frozen()
        with pytest.raises(Forbidden):
            sign_agreement(
                actor=signer_of(agreement.claim.organisation),
                agreement=agreement,
                signed_at=clock.now(),
            )


class TestUndoSignature:
    def test_the_claim_is_accepted_and_the_text_waits_again(self) -> None:
        commitment = make_signed()
        undo_signature(actor=make_organiser(), commitment=commitment, reason="叫错了单位。")
        db.session.commit()
        agreement = commitment.agreement
        assert commitment.status is CommitmentState.REVOKED
        assert agreement.status is AgreementState.FROZEN
        assert agreement.claim.status is ClaimState.ACCEPTED
        assert commitments_of([agreement.claim_id]) == {}
        _sign(agreement)
        db.session.commit()
        assert commitments_of([agreement.claim_id])[agreement.claim_id].id != commitment.id

    def test_it_wants_a_reason(self) -> None:
        commitment = make_signed()
        with pytest.raises(InvalidInput):
            undo_signature(actor=make_organiser(), commitment=commitment, reason="")

    def test_it_is_done_once(self) -> None:
        commitment = make_signed()
        undo_signature(actor=make_organiser(), commitment=commitment, reason="叫错了单位。")
        db.session.commit()
        with pytest.raises(IllegalMove):
            undo_signature(actor=make_organiser(), commitment=commitment, reason="叫错了单位。")

    def test_a_change_on_its_way_is_thrown_away_first(self) -> None:
        commitment = make_signed()
        begin_supplement(actor=make_organiser(), agreement=commitment.agreement)
        db.session.commit()
        with pytest.raises(Conflict, match="补充协议在办"):
            undo_signature(actor=make_organiser(), commitment=commitment, reason="叫错了单位。")


class TestSignOutside:
    def test_it_keeps_the_scan(self, app: Flask) -> None:
        agreement = make_frozen()
        officer = actor_for(make_officer(ZHANGBEI))
        with scan(app.extensions["settings"].files_path) as upload:
            commitment = sign_outside(
                actor=officer,
                agreement=agreement,
                version=agreement.row_version,
                upload=upload,
                signed_on=clock.today(),
            )
            db.session.commit()
        assert commitment.occasion == ""
        assert commitment.signed_on == clock.today()
        files = list_files(officer, "agreement", agreement.id, Purpose.AGREEMENT)
        assert [file.label for file in files] == ["签署页.pdf"]
        stranger, agent = make_organisation()
        assert stranger.id not in agreement.party_ids
        other = list_files(actor_for(agent), "agreement", agreement.id, Purpose.AGREEMENT)
        assert other == []

    @pytest.mark.parametrize("days", [-1, 1])
    def test_the_day_is_between_the_freezing_and_today(self, app: Flask, days: int) -> None:
        agreement = make_frozen()
        with (
            scan(app.extensions["settings"].files_path) as upload,
            pytest.raises(InvalidInput) as refused,
        ):
            sign_outside(
                actor=make_organiser(),
                agreement=agreement,
                version=agreement.row_version,
                upload=upload,
                signed_on=clock.today() + timedelta(days=days),
            )
        assert list(refused.value.fields) == ["signed_on"]

    def test_nothing_is_scanned_before_the_text_is_frozen(self, app: Flask) -> None:
        agreement = make_confirmed()
        with scan(app.extensions["settings"].files_path) as upload, pytest.raises(Conflict):
            attach_scan(actor=make_organiser(), agreement=agreement, upload=upload)


class TestUndoOutside:
    def test_what_was_entered_by_mistake_waits_again(self, app: Flask) -> None:
        agreement = make_signed().agreement
        officer = actor_for(make_officer(ZHANGBEI))
        version = agreement.row_version
        with pytest.raises(InvalidInput):
            undo_outside(actor=officer, agreement=agreement, version=version, reason="")
        db.session.rollback()
        undone = undo_outside(
            actor=officer, agreement=agreement, version=version, reason="登记错了一份协议"
        )
        db.session.commit()
        assert undone.status is CommitmentState.REVOKED
        assert agreement.status is AgreementState.FROZEN
        assert agreement.claim.status is ClaimState.ACCEPTED

    def test_what_was_signed_at_a_ceremony_is_undone_there(self, app: Flask) -> None:
        agreement = make_signed(occasion="张北签约大会").agreement
        with pytest.raises(Conflict, match="张北签约大会"):
            undo_outside(
                actor=actor_for(make_officer(ZHANGBEI)),
                agreement=agreement,
                version=agreement.row_version,
                reason="登记错了一份协议",
            )

    def test_a_page_that_was_overtaken_undoes_nothing(self, app: Flask) -> None:
        agreement = make_signed().agreement
        with pytest.raises(StaleVersion):
            undo_outside(
                actor=make_organiser(),
                agreement=agreement,
                version=agreement.row_version - 1,
                reason="登记错了一份协议",
            )


class TestSupplement:
    def test_it_takes_the_place_of_the_one_before(self) -> None:
        commitment = make_signed()
        first = commitment.agreement
        supplement = begin_supplement(actor=make_organiser(), agreement=first)
        db.session.commit()
        edit_terms(
            actor=make_organiser(),
            agreement=supplement,
            version=supplement.row_version,
            terms=supplement.terms | {"use": "改为购买暖气片。"},
        )
        db.session.commit()
        confirm_all(supplement)
        freeze_agreement(actor=make_organiser(), agreement=supplement)
        db.session.commit()
        again = _sign(supplement)
        db.session.commit()
        assert again is commitment
        assert commitment.agreement is supplement
        assert first.status is AgreementState.ENDED
        assert supplement.content is not None
        assert supplement.content["original"] == {"number": first.number, "sha256": first.sha256}
        with pytest.raises(Conflict):
            undo_signature(actor=make_organiser(), commitment=commitment, reason="叫错了单位。")


class TestPermissions:
    def test_who_left_a_joint_claim_reads_nothing_any_more(self) -> None:
        agreement = make_frozen()
        stranger, agent = make_organisation()
        assert not permits(actor_for(agent), Permission.AGREEMENT_READ, agreement)
        own = signer_of(agreement.claim.organisation)
        assert permits(own, Permission.AGREEMENT_READ, agreement)
        assert stranger.id not in agreement.party_ids


def _sign(agreement: Agreement) -> Commitment:
    return sign_agreement(actor=make_organiser(), agreement=agreement, signed_at=clock.now())
