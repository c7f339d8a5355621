"""The page of an agreement, its papers, and who may see them."""

from io import BytesIO

import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader

from matchplatform.accounts.models import User
from matchplatform.commitments.models import Agreement
from matchplatform.commitments.states import AgreementState
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from tests.commitments.making import (
    FILLED,
    make_accepted,
    make_confirmed,
    make_draft,
    make_frozen,
    make_signed,
    signer_of,
)
from tests.factories import ZHANGBEI, make_officer, make_organisation, sign_in
from tests.files.samples import pdf


def signer_user(agreement: Agreement) -> User:
    """Return the account of somebody who signs for the organisation that claimed."""
    return db.session.get_one(User, signer_of(agreement.claim.organisation).user_id)


def page_of(agreement: Agreement) -> str:
    return f"/claims/{agreement.claim_id}/agreement"


class TestTheWay:
    def test_the_county_drafts_writes_and_freezes_what_the_signer_confirms(
        self, client: FlaskClient
    ) -> None:
        claim = make_accepted()
        officer, page = make_officer(ZHANGBEI), f"/claims/{claim.id}/agreement"
        sign_in(client, officer)
        assert "起草协议" in client.get(page).text
        assert client.post(page).status_code == 303
        agreement = db.session.query(Agreement).one()
        said = client.post(f"/agreements/{agreement.id}/freeze", data={"version": "1"})
        assert said.status_code == 409
        assert "受赠账户" in said.text
        typed = agreement.terms | FILLED | {"version": str(agreement.row_version)}
        assert client.post(f"/agreements/{agreement.id}/terms", data=typed).status_code == 303
        db.session.expire_all()
        signer = signer_user(agreement)
        sign_in(client, signer)
        assert "确认文本" in client.get(page).text
        confirm = f"/agreements/{agreement.id}/confirm/{claim.organisation_id}"
        said = client.post(confirm, data={"version": str(agreement.row_version)})
        assert said.status_code == 303
        db.session.expire_all()
        sign_in(client, officer)
        version = str(agreement.row_version)
        said = client.post(f"/agreements/{agreement.id}/freeze", data={"version": version})
        assert said.status_code == 303
        db.session.expire_all()
        assert agreement.status is AgreementState.FROZEN
        assert "登记会外签约" in client.get(page).text

    def test_what_was_typed_stays_when_it_is_refused(self, client: FlaskClient) -> None:
        agreement = make_draft()
        sign_in(client, make_officer(ZHANGBEI))
        typed = agreement.terms | {"ends_on": "1999-01-01", "use": "买暖气片。"}
        said = client.post(
            f"/agreements/{agreement.id}/terms",
            data=typed | {"version": str(agreement.row_version)},
        )
        assert said.status_code == 400
        assert "买暖气片。" in said.text
        assert "不能早于开始日期" in said.text

    def test_signing_outside_wants_a_scan(self, client: FlaskClient) -> None:
        agreement = make_frozen()
        sign_in(client, make_officer(ZHANGBEI))
        data = {"version": str(agreement.row_version), "signed_on": clock.today().isoformat()}
        said = client.post(f"/agreements/{agreement.id}/sign", data=data)
        assert said.status_code == 400
        said = client.post(
            f"/agreements/{agreement.id}/sign",
            data=data | {"scan": (BytesIO(pdf()), "签署页.pdf")},
            content_type="multipart/form-data",
        )
        assert said.status_code == 303
        shown = client.get(page_of(agreement)).text
        assert "签署页.pdf" in shown
        assert "拟补充协议" in shown

    def test_a_supplement_is_shown_with_the_first_text_beside_it(self, client: FlaskClient) -> None:
        agreement = make_signed().agreement
        sign_in(client, make_officer(ZHANGBEI))
        assert client.post(f"/agreements/{agreement.id}/supplement").status_code == 303
        shown = client.get(page_of(agreement)).text
        assert f"{agreement.number}-补1" in shown
        assert client.get(f"{page_of(agreement)}?of={agreement.id}").status_code == 200
        assert client.get(f"{page_of(agreement)}?of=99999").status_code == 404

    def test_a_text_is_thrown_away_with_a_reason(self, client: FlaskClient) -> None:
        agreement = make_confirmed()
        sign_in(client, make_officer(ZHANGBEI))
        data = {"version": str(agreement.row_version), "words": ""}
        assert client.post(f"/agreements/{agreement.id}/discard", data=data).status_code == 400
        data["words"] = "认领内容要调整。"
        assert client.post(f"/agreements/{agreement.id}/discard", data=data).status_code == 303
        assert "还没有起草协议" in client.get(page_of(agreement)).text


class TestPapers:
    @pytest.mark.parametrize("make", [make_draft, make_frozen])
    def test_it_is_given_as_pdf_and_docx(self, client: FlaskClient, make: object) -> None:
        agreement: Agreement = make()  # type: ignore[operator]
        sign_in(client, make_officer(ZHANGBEI))
        paper = client.get(f"/agreements/{agreement.id}.pdf")
        text = "".join(page.extract_text() for page in PdfReader(BytesIO(paper.data)).pages)
        squeezed = "".join(text.split())
        assert "人民币贰万元整" in squeezed
        assert "人民币人民币" not in squeezed
        assert "张北县民政局" in squeezed
        assert "张北县乡村振兴局" in squeezed
        assert agreement.claim.organisation.uscc in squeezed
        assert client.get(f"/agreements/{agreement.id}.docx").data[:2] == b"PK"


class TestWhoSees:
    def test_strangers_are_told_there_is_nothing(self, client: FlaskClient) -> None:
        agreement = make_frozen()
        _stranger, agent = make_organisation()
        for user in (agent, make_officer("130825")):
            sign_in(client, user)
            assert client.get(page_of(agreement)).status_code == 404
            assert client.get(f"/agreements/{agreement.id}.pdf").status_code == 404

    def test_the_parties_see_the_account(self, client: FlaskClient) -> None:
        agreement = make_frozen()
        sign_in(client, signer_user(agreement))
        assert "账号：1300 0001 2345 678" in client.get(page_of(agreement)).text
