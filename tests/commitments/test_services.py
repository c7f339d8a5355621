"""Drafting, writing, confirming, freezing, throwing away."""

from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import insert

from matchplatform.claims.joint import confirm_share, reserve_jointly
from matchplatform.claims.models import Claim
from matchplatform.claims.services import accept_claim, submit_claim, withdraw_claim
from matchplatform.claims.signing import list_signing
from matchplatform.commitments.content import build_content, hash_of
from matchplatform.commitments.freezing import freeze_agreement
from matchplatform.commitments.models import Agreement, AgreementConfirmation
from matchplatform.commitments.queries import agreements_of, find_by_number, find_by_token
from matchplatform.commitments.readiness import NotReady, list_missing, readiness_of
from matchplatform.commitments.services import (
    begin_supplement,
    confirm_text,
    discard_agreement,
    draft_agreement,
    edit_terms,
)
from matchplatform.commitments.states import AgreementState
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import (
    Conflict,
    Forbidden,
    IllegalMove,
    InvalidInput,
    StaleVersion,
)
from matchplatform.projects.details import LineDetails
from matchplatform.projects.states import LineKind
from tests.claims.conftest import told
from tests.commitments.making import (
    FILLED,
    confirm_all,
    make_accepted,
    make_confirmed,
    make_draft,
    make_frozen,
    make_organiser,
    make_signed,
    signer_of,
)
from tests.commitments.test_commitments import make_joint
from tests.factories import (
    DETAILS,
    ZHANGBEI,
    actor_for,
    make_claim,
    make_officer,
    make_organisation,
    make_project,
)

pytestmark = pytest.mark.usefixtures("db_session")


class TestDraftAgreement:
    def test_it_begins_with_the_usual_texts_and_the_next_number(self) -> None:
        claims = [make_accepted(), make_accepted()]
        officer = actor_for(make_officer(ZHANGBEI))
        numbers = [draft_agreement(actor=officer, claim=claim).number for claim in claims]
        db.session.commit()
        agreement = agreements_of([claims[0].id])[claims[0].id]
        assert [number.partition("〕")[2] for number in numbers] == ["张北-0001", "张北-0002"]
        assert agreement.status is AgreementState.DRAFT
        assert agreement.terms["donee"] == claims[0].project.owner_unit
        assert "民法典第六百五十八条" in agreement.terms["breach"]
        assert "quality" not in agreement.terms
        assert told("协议已起草") == {signer_of(claims[0].organisation).user_id} | {
            signer_of(claims[1].organisation).user_id
        }

    def test_it_refuses_a_claim_that_is_not_accepted(self) -> None:
        organisation, agent = make_organisation()
        claim = make_claim(make_project(), organisation, agent, submitted=True)
        with pytest.raises(Conflict):
            draft_agreement(actor=make_organiser(), claim=claim)

    def test_it_refuses_a_second_one(self) -> None:
        agreement = make_draft()
        with pytest.raises(Conflict):
            draft_agreement(actor=make_organiser(), claim=agreement.claim)

    def test_it_is_none_of_another_county(self) -> None:
        claim = make_accepted()
        with pytest.raises(Forbidden):
            draft_agreement(actor=actor_for(make_officer("130825")), claim=claim)

    def test_charities_with_public_fundraising_report_as_the_law_says(self) -> None:
        claim = make_accepted()
        claim.organisation.can_fundraise_publicly = True
        db.session.commit()
        assert "至少每三个月" in make_draft(claim).terms["reporting"]
        assert "至少每三个月" not in make_draft().terms["reporting"]

    def test_each_kind_of_help_has_its_own_title_and_texts(self) -> None:
        potatoes = LineDetails(
            LineKind.PURCHASE, "土豆", Decimal(1000), "公斤", Decimal(2), Decimal(1)
        )
        nurses = LineDetails(
            LineKind.SERVICE, "社工", Decimal(30), "人·天", Decimal(300), Decimal(1)
        )
        jobs = LineDetails(LineKind.JOBS, "宿管岗位", Decimal(2), "个", None, Decimal(1))
        said = {}
        for line in (potatoes, nurses, jobs):
            organisation, agent = make_organisation()
            project = make_project(lines=(line,), details=replace(DETAILS, name=f"{line.item}对接"))
            wanted = {project.lines[0].id: Decimal(2)}
            agreement = make_draft(make_claim(project, organisation, agent, wanted, accepted=True))
            said[line.kind] = build_content(agreement)
        assert said[LineKind.PURCHASE]["title"] == "消费帮扶采购协议"
        assert said[LineKind.SERVICE]["title"] == "社会组织帮扶服务协议"
        assert said[LineKind.JOBS]["title"] == "就业帮扶协议"
        assert said[LineKind.JOBS]["total"] is None
        assert "捐赠票据" not in str(said[LineKind.PURCHASE]["articles"])


class TestEditTerms:
    def test_it_voids_what_was_confirmed(self) -> None:
        agreement = make_confirmed()
        edit_terms(
            actor=make_organiser(),
            agreement=agreement,
            version=agreement.row_version,
            terms=agreement.terms | {"use": "用于热水改造。"},
        )
        db.session.commit()
        assert agreement.status is AgreementState.DRAFT
        assert agreement.confirmations == []
        assert signer_of(agreement.claim.organisation).user_id in told("请签署人重新核对")

    def test_the_same_again_voids_nothing(self) -> None:
        agreement = make_confirmed()
        edit_terms(
            actor=make_organiser(),
            agreement=agreement,
            version=agreement.row_version,
            terms=agreement.terms,
        )
        db.session.commit()
        assert agreement.status is AgreementState.CONFIRMED

    @pytest.mark.parametrize(
        ("name", "typed"),
        [
            ("starts_on", "明天"),
            ("ends_on", "1999-01-01"),
            ("donee", "长" * 81),
            ("use", "联系人身份证 11010519491231002X"),
        ],
    )
    def test_it_says_at_the_field_what_is_wrong(self, name: str, typed: str) -> None:
        agreement = make_draft()
        with pytest.raises(InvalidInput) as refused:
            edit_terms(
                actor=make_organiser(),
                agreement=agreement,
                version=agreement.row_version,
                terms=agreement.terms | {name: typed},
            )
        assert list(refused.value.fields) == [name]

    def test_it_refuses_a_page_that_was_overtaken(self) -> None:
        agreement = make_draft()
        with pytest.raises(StaleVersion):
            edit_terms(actor=make_organiser(), agreement=agreement, version=1, terms={})

    def test_it_refuses_what_is_frozen(self) -> None:
        agreement = make_frozen()
        with pytest.raises(IllegalMove):
            edit_terms(
                actor=make_organiser(),
                agreement=agreement,
                version=agreement.row_version,
                terms={},
            )


class TestConfirmText:
    def test_it_is_for_signers_of_the_organisation(self) -> None:
        agreement = make_draft()
        stranger, agent = make_organisation()
        organisation = agreement.claim.organisation
        with pytest.raises(Forbidden):
            _confirm(agreement, actor_for(agent), organisation.id)
        with pytest.raises(Conflict):
            confirm_text(
                actor=actor_for(agent),
                agreement=agreement,
                organisation=stranger,
                version=agreement.row_version,
            )

    def test_it_refuses_a_text_that_is_not_whole(self) -> None:
        agreement = make_draft(filled=False)
        with pytest.raises(Conflict, match="受赠账户"):
            _confirm_own(agreement)

    def test_it_refuses_a_second_yes_to_the_same_text(self) -> None:
        agreement = make_confirmed()
        with pytest.raises(Conflict):
            _confirm_own(agreement)

    def test_a_text_that_has_changed_elsewhere_is_read_again_first(self) -> None:
        agreement = make_draft()
        seen = hash_of(build_content(agreement))
        organisation = agreement.claim.organisation
        organisation.legal_rep = "新任会长"
        db.session.commit()
        with pytest.raises(StaleVersion):
            confirm_text(
                actor=signer_of(organisation),
                agreement=agreement,
                organisation=organisation,
                version=agreement.row_version,
                seen=seen,
            )

    def test_the_last_yes_tells_the_county(self) -> None:
        claim = make_accepted()
        officer = make_officer(ZHANGBEI)
        make_confirmed(claim)
        assert officer.id in told("可以定稿")


class TestFreezeAgreement:
    def test_it_keeps_the_whole_text_with_its_hash(self) -> None:
        agreement = make_frozen()
        assert agreement.status is AgreementState.FROZEN
        assert agreement.content is not None
        assert agreement.sha256 == hash_of(agreement.content)
        assert agreement.content["total_capital"] == "人民币贰万元整"
        assert find_by_token(agreement.token) is agreement
        assert find_by_number(agreement.number, agreement.sha256[:8]) is agreement
        assert readiness_of([agreement.claim]) == {agreement.claim_id: []}

    def test_it_names_everything_that_misses(self) -> None:
        agreement = make_draft(filled=False)
        with pytest.raises(NotReady) as refused:
            freeze_agreement(actor=make_organiser(), agreement=agreement)
        said = " ".join(str(words) for words in refused.value.missing)
        assert "受赠账户" in said
        assert "签署人还没有确认" in said

    def test_a_new_name_wants_a_new_yes(self) -> None:
        agreement = make_confirmed()
        agreement.claim.organisation.legal_rep = "孙三山"
        db.session.commit()
        with pytest.raises(NotReady, match="要重新确认"):
            freeze_agreement(actor=make_organiser(), agreement=agreement)
        confirm_all(agreement)
        assert list_missing(agreement) == []

    def test_it_is_done_once(self) -> None:
        agreement = make_frozen()
        with pytest.raises(IllegalMove):
            freeze_agreement(actor=make_organiser(), agreement=agreement)

    def test_it_refuses_a_claim_that_was_withdrawn(self) -> None:
        agreement = make_confirmed()
        claim = agreement.claim
        withdraw_claim(
            actor=signer_of(claim.organisation),
            claim=claim,
            version=claim.version,
            reason="今年不再安排这个项目。",
        )
        db.session.commit()
        with pytest.raises(Conflict):
            freeze_agreement(actor=make_organiser(), agreement=agreement)


class TestDiscardAgreement:
    def test_the_next_one_has_its_number_and_its_terms(self) -> None:
        agreement = make_frozen()
        _discard(agreement)
        again = draft_agreement(actor=make_organiser(), claim=agreement.claim)
        db.session.commit()
        assert agreement.status is AgreementState.VOID
        assert (again.number, again.terms) == (agreement.number, agreement.terms)
        assert again.token != agreement.token
        assert find_by_token(agreement.token) is agreement

    def test_it_wants_a_reason(self) -> None:
        agreement = make_draft()
        with pytest.raises(InvalidInput):
            discard_agreement(
                actor=make_organiser(),
                agreement=agreement,
                version=agreement.row_version,
                reason=" ",
            )

    def test_what_was_signed_is_not_thrown_away(self) -> None:
        agreement = make_signed().agreement
        with pytest.raises(IllegalMove):
            _discard(agreement)


class TestBeginSupplement:
    def test_it_shows_what_it_changes(self) -> None:
        agreement = make_signed().agreement
        supplement = begin_supplement(actor=make_organiser(), agreement=agreement)
        db.session.commit()
        assert supplement.number == f"{agreement.number}-补1"
        assert any("还没有改动" in str(w) for w in list_missing(supplement, agreement))
        edit_terms(
            actor=make_organiser(),
            agreement=supplement,
            version=supplement.row_version,
            terms=supplement.terms | {"ends_on": "2099-12-31"},
        )
        db.session.commit()
        content = build_content(supplement, agreement)
        assert [(c["label"], c["after"]) for c in content["changes"]] == [
            ("结束日期", "2099年12月31日")
        ]
        assert content["title"].endswith("补充协议（一）")

    def test_one_is_on_its_way_at_a_time(self) -> None:
        agreement = make_signed().agreement
        begin_supplement(actor=make_organiser(), agreement=agreement)
        db.session.commit()
        with pytest.raises(Conflict):
            begin_supplement(actor=make_organiser(), agreement=agreement)

    def test_only_what_is_in_force_is_changed(self) -> None:
        agreement = make_frozen()
        with pytest.raises(IllegalMove):
            begin_supplement(actor=make_organiser(), agreement=agreement)


class TestReadiness:
    def test_it_says_for_each_claim_what_misses(self) -> None:
        bare, drafted, frozen = make_accepted(), make_draft().claim, make_frozen().claim
        said = readiness_of([bare, drafted, frozen])
        assert [str(words) for words in said[bare.id]] == ["还没有起草协议"]
        assert any("还没有确认" in str(words) for words in said[drafted.id])
        assert said[frozen.id] == []

    def test_what_drifted_after_freezing_is_named(self) -> None:
        claim: Claim = make_frozen().claim
        claim.organisation.name = "改了名的基金会"
        db.session.commit()
        assert any("作废重拟" in str(words) for words in readiness_of([claim])[claim.id])


def _confirm_own(agreement: Agreement) -> None:
    organisation = agreement.claim.organisation
    confirm_text(
        actor=signer_of(organisation),
        agreement=agreement,
        organisation=organisation,
        version=agreement.row_version,
    )


def _confirm(agreement: Agreement, actor: object, organisation_id: int) -> None:
    organisation = agreement.claim.organisation
    assert organisation.id == organisation_id
    confirm_text(
        actor=actor,  # type: ignore[arg-type]
        agreement=agreement,
        organisation=organisation,
        version=agreement.row_version,
    )


def _discard(agreement: Agreement) -> None:
    discard_agreement(
        actor=make_organiser(),
        agreement=agreement,
        version=agreement.row_version,
        reason="认领内容要调整。",
    )
    db.session.commit()


def test_filled_terms_are_terms() -> None:
    agreement = make_draft()
    assert {name: agreement.terms[name] for name in FILLED} == FILLED


class TestJointClaims:
    def test_every_organisation_is_a_party_and_says_yes_by_itself(self) -> None:
        project = make_project()
        (lead, agent), (partner, friend) = make_organisation(), make_organisation()
        line = project.lines[0].id
        claim = reserve_jointly(
            actor=actor_for(agent),
            organisation=lead,
            partners=[partner],
            project=project,
            version=project.version,
            shares={lead.id: {line: Decimal(20000)}, partner.id: {line: Decimal(5000)}},
            confirmed=True,
        )
        db.session.commit()
        member = next(each for each in claim.members if not each.is_lead)
        confirm_share(actor=actor_for(friend), member=member, version=claim.version)
        submit_claim(actor=actor_for(agent), claim=claim, version=claim.version, message="")
        officer = actor_for(make_officer(ZHANGBEI))
        accept_claim(actor=officer, claim=claim, version=claim.version)
        db.session.commit()
        agreement = make_draft(claim)
        content = build_content(agreement)
        roles = {party["name"]: party["role"] for party in content["parties"]}
        assert roles[lead.name] == "丙方一（牵头单位）"
        assert roles[partner.name] == "丙方二"
        assert [share["value"] for share in content["shares"]] == ["20000.00", "5000.00"]
        confirm_text(
            actor=actor_for(agent),
            agreement=agreement,
            organisation=lead,
            version=agreement.row_version,
        )
        db.session.commit()
        assert str(agreement.status) == "draft"
        assert [str(words) for words in list_missing(agreement)] == [
            f"{partner.name} 的签署人还没有确认协议文本"
        ]
        confirm_text(
            actor=actor_for(friend),
            agreement=agreement,
            organisation=partner,
            version=agreement.row_version,
        )
        db.session.commit()
        assert agreement.status is AgreementState.CONFIRMED

    def test_two_who_say_yes_at_the_same_moment_are_both_heard(self) -> None:
        agreement = make_draft(make_joint())
        lead, partner = list_signing(agreement.claim)
        # Read before the other's yes, which is written behind this session's back.
        assert agreement.confirmations == []
        db.session.execute(
            insert(AgreementConfirmation).values(
                agreement_id=agreement.id,
                organisation_id=lead.id,
                user_id=signer_of(lead).user_id,
                user_label=lead.name,
                sha256=hash_of(build_content(agreement)),
                at=clock.now(),
            )
        )
        confirm_text(
            actor=signer_of(partner),
            agreement=agreement,
            organisation=partner,
            version=agreement.row_version,
        )
        db.session.commit()
        assert agreement.status is AgreementState.CONFIRMED
