"""The page on which anybody asks whether a paper is genuine and in force."""

from flask.testing import FlaskClient

from matchplatform.commitments.freezing import freeze_agreement
from matchplatform.commitments.models import Agreement
from matchplatform.commitments.services import begin_supplement, discard_agreement, edit_terms
from matchplatform.commitments.signing import sign_agreement, undo_signature
from matchplatform.commitments.verifying import clean_hash, clean_number
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from tests.commitments.making import (
    FILLED,
    confirm_all,
    make_draft,
    make_frozen,
    make_organiser,
    make_signed,
)


def read(client: FlaskClient, agreement: Agreement) -> str:
    answer = client.get(f"/verify/{agreement.token}")
    assert answer.status_code == 200
    return answer.text


def supplement(agreement: Agreement) -> Agreement:
    """Sign a supplementary agreement that moves the last day."""
    actor = make_organiser()
    made = begin_supplement(actor=actor, agreement=agreement)
    db.session.commit()
    terms = made.terms | {"other": "交付日期顺延，以双方签收单为准。"}
    edit_terms(actor=actor, agreement=made, version=made.row_version, terms=terms)
    db.session.commit()
    confirm_all(made)
    freeze_agreement(actor=actor, agreement=made)
    db.session.commit()
    sign_agreement(actor=actor, agreement=made, signed_at=clock.now())
    db.session.commit()
    return made


class TestThePaperOfAToken:
    def test_a_signed_one_is_in_force(self, client: FlaskClient) -> None:
        agreement = make_signed().agreement
        page = read(client, agreement)
        assert "这份协议是真的，现在有效" in page
        assert agreement.number in page
        assert agreement.claim.organisation.name in page
        assert agreement.claim.project.name in page
        assert "张北县" in page

    def test_its_whole_hash_stands_in_groups_of_four(self, client: FlaskClient) -> None:
        agreement = make_frozen()
        page = read(client, agreement)
        for at in range(0, 64, 4):
            assert f"<span>{agreement.sha256[at : at + 4]}</span>" in page

    def test_nothing_personal_and_no_account_is_told(self, client: FlaskClient) -> None:
        agreement = make_signed().agreement
        page = read(client, agreement)
        for name in ("donee_account", "organisation_contact", "county_contact"):
            assert FILLED[name] not in page
        assert "0001 2345 678" not in page
        assert agreement.claim.organisation.legal_rep not in page
        assert agreement.claim.organisation.uscc not in page
        assert agreement.prepared_by not in page

    def test_a_frozen_one_waits_for_its_signature(self, client: FlaskClient) -> None:
        assert "已经定稿，还没有签署" in read(client, make_frozen())

    def test_an_undone_signature_is_said(self, client: FlaskClient) -> None:
        commitment = make_signed()
        undo_signature(actor=make_organiser(), commitment=commitment, reason="签错了一份")
        db.session.commit()
        page = read(client, commitment.agreement)
        assert "签署已经撤销" in page
        assert "签错了一份" not in page

    def test_one_thrown_away_is_void(self, client: FlaskClient) -> None:
        agreement = make_frozen()
        discard_agreement(
            actor=make_organiser(),
            agreement=agreement,
            version=agreement.row_version,
            reason="数量写错了",
        )
        db.session.commit()
        page = read(client, agreement)
        assert "已经作废，没有效力" in page
        assert "数量写错了" not in page

    def test_a_supplement_is_named_on_the_first_and_names_it(self, client: FlaskClient) -> None:
        first = make_signed().agreement
        second = supplement(first)
        page = read(client, first)
        assert "后来签了补充协议" in page
        assert second.number in page
        assert second.short_hash in page
        page = read(client, second)
        assert "现在有效" in page
        assert first.number in page

    def test_a_text_that_was_changed_behind_the_hash_is_no_proof(self, client: FlaskClient) -> None:
        agreement = make_signed().agreement
        agreement.content = {**(agreement.content or {}), "title": "别的协议"}
        db.session.commit()
        page = read(client, agreement)
        assert "对不上，现在不能作证" in page
        assert "现在有效" not in page

    def test_an_unknown_token_is_404_in_plain_words(self, client: FlaskClient) -> None:
        for token in ("A" * 43, "short", "中" * 20):
            answer = client.get(f"/verify/{token}")
            assert answer.status_code == 404
            assert "不对应任何一份协议" in answer.text

    def test_a_draft_is_not_told(self, client: FlaskClient) -> None:
        assert client.get(f"/verify/{make_draft().token}").status_code == 404


class TestTheForm:
    def test_it_asks_for_both(self, client: FlaskClient) -> None:
        assert client.get("/verify").status_code == 200
        answer = client.get("/verify", query_string={"number": "x"})
        assert answer.status_code == 400
        assert "请填校验码的前 8 位" in answer.text

    def test_number_and_eight_digits_lead_to_the_paper(self, client: FlaskClient) -> None:
        agreement = make_signed().agreement
        asked = {"number": agreement.number, "hash": agreement.short_hash}
        answer = client.get("/verify", query_string=asked)
        assert answer.status_code == 200
        assert "现在有效" in answer.text
        assert agreement.token not in answer.text

    def test_it_takes_them_as_people_type_them(self, client: FlaskClient) -> None:
        agreement = make_frozen()
        typed = f" {agreement.number} ".replace("〔", "[").replace("〕", "】").replace("-", "－")
        digits = f"{agreement.sha256[:4]} {agreement.sha256[4:8]}".upper()
        answer = client.get("/verify", query_string={"number": typed, "hash": digits})
        assert answer.status_code == 200

    def test_an_unknown_number_and_a_wrong_hash_get_the_same_answer(
        self, client: FlaskClient
    ) -> None:
        agreement = make_frozen()
        wrong = "0" * 8 if agreement.short_hash != "0" * 8 else "1" * 8
        unknown = client.get("/verify", query_string={"number": "N-1", "hash": wrong})
        known = client.get("/verify", query_string={"number": agreement.number, "hash": wrong})
        assert (unknown.status_code, known.status_code) == (404, 404)
        assert unknown.text.replace("N-1", "") == known.text.replace(agreement.number, "")

    def test_what_was_typed_is_still_there(self, client: FlaskClient) -> None:
        answer = client.get("/verify", query_string={"number": "<b>", "hash": "xyz"})
        assert 'value="&lt;b&gt;"' in answer.text
        assert 'value="xyz"' in answer.text


class TestReading:
    def test_any_brackets_and_dashes_will_do(self) -> None:
        for typed in (
            "冀社帮(2026)张北-0001",
            "冀社帮【２０２６】 张北—0001",
            "冀社帮〔2026〕张北－0001",
        ):
            assert clean_number(typed) == "冀社帮〔2026〕张北-0001"

    def test_less_than_eight_digits_are_no_hash(self) -> None:
        assert clean_hash("abcdef1") == ""
        assert clean_hash("ghijklmn") == ""
        assert clean_hash("ABCD EF12") == "abcdef12"
