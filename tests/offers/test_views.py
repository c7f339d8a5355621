"""Offers in the browser: the organisation's own pages, and the officers' list."""

import csv
import io
import re
from datetime import timedelta
from html import unescape
from typing import Any

import openpyxl
import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from matchplatform.accounts.models import User
from matchplatform.audit.models import AuditEntry
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.offers.models import SupplyOffer
from matchplatform.offers.states import OfferState
from matchplatform.organisations.models import Organisation
from tests.factories import (
    make_admin,
    make_auditor,
    make_officer,
    make_organisation,
    sign_in,
)
from tests.offers.making import make_offer

WHY = "年内的轮椅都已经送出去了"


class Desk:
    """A signed-in agent who writes offers."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.organisation: Organisation
        self.agent: User
        self.organisation, self.agent = make_organisation()
        sign_in(client, self.agent)

    def typed(self, **more: Any) -> dict[str, Any]:
        """Return a form as it is sent."""
        until = clock.today() + timedelta(days=90)
        return {
            "kind": "goods",
            "item": "轮椅",
            "quantity": "10",
            "unit": "辆",
            "unit_price": "800",
            "valid_until": until.isoformat(),
            **more,
        }

    def post(self, **more: Any) -> TestResponse:
        """Send a new offer."""
        return self.client.post("/my/offers/new", data=self.typed(**more))


@pytest.fixture
def desk(client: FlaskClient) -> Desk:
    """An agent who is signed in."""
    return Desk(client)


def count() -> int:
    """Count all offers."""
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(SupplyOffer)) or 0


def only() -> SupplyOffer:
    """Return the one offer as it is now."""
    db.session.rollback()
    db.session.expire_all()
    return db.session.scalars(select(SupplyOffer)).one()


def inputs(page: str, name: str) -> list[str]:
    """Return what stands in the inputs of that name."""
    found = re.findall(rf'<input[^>]*name="{name}"[^>]*value="([^"]*)"', page)
    return [unescape(value) for value in found]


class TestNew:
    def test_it_is_published_and_leads_to_its_page(self, desk: Desk) -> None:
        answer = desk.post(
            quantity="１.2万", unit_price="", regions=["130722", "130600"], sectors=["care"]
        )
        assert answer.status_code == 303
        offer = only()
        assert answer.location == f"/my/offers/{offer.id}"
        assert offer.quantity == 12000
        assert offer.unit_price is None
        page = desk.client.get(answer.location).text
        assert "12,000 辆" in page
        assert "张北县、保定市" in page or "保定市、张北县" in page
        assert "不占用数量，也不是承诺" in page
        assert "轮椅" in desk.client.get("/my/offers").text

    def test_nothing_typed_is_lost(self, desk: Desk) -> None:
        answer = desk.post(
            quantity="许多",
            note="<b>可折叠</b>",
            valid_until="2020-01-01",
            regions=["130722"],
            sectors=["care", "health"],
        )
        assert answer.status_code == 400
        page = answer.text
        assert "不是能读懂的数" in page
        assert inputs(page, "quantity") == ["许多"]
        assert inputs(page, "item") == ["轮椅"]
        assert "&lt;b&gt;可折叠&lt;/b&gt;" in page
        assert re.search(r'value="130722" checked', page)
        assert len(re.findall(r"<input checked[^>]*name=\"sectors\"", page)) == 2
        assert count() == 0

    def test_a_rule_speaks_at_its_field(self, desk: Desk) -> None:
        page = desk.post(valid_until="2020-01-01", quantity="1.5").text
        assert 'href="#valid_until"' in page
        assert 'href="#quantity"' in page
        assert "小数位太多" in page

    def test_what_is_out_of_the_ordinary_is_asked_once_more(self, desk: Desk) -> None:
        money = {"kind": "money", "item": "助学款", "quantity": "50", "unit": "元"}
        answer = desk.post(**money)
        assert answer.status_code == 409
        assert "是不是想填 50 万元" in answer.text
        assert inputs(answer.text, "quantity") == ["50"]
        assert count() == 0
        assert desk.post(**money, confirmed="yes").status_code == 303
        assert only().quantity == 50
        page = desk.client.get(f"/my/offers/{only().id}/edit").text
        assert inputs(page, "unit_price") == [""]

    def test_the_same_form_twice_is_one_offer(self, desk: Desk) -> None:
        key = inputs(desk.client.get("/my/offers/new").text, "form_key")[0]
        first, second = desk.post(form_key=key), desk.post(form_key=key)
        assert first.location == second.location
        assert count() == 1
        other = desk.post(form_key=key, item="护理床")
        assert other.status_code == 422
        assert inputs(other.text, "item") == ["护理床"]
        assert count() == 1

    def test_extra_fields_are_ignored(self, desk: Desk) -> None:
        desk.post(status="closed", organisation_id="999", version="7", created_by_id="999")
        offer = only()
        assert (offer.status, offer.version) == (OfferState.OPEN, 1)
        assert offer.organisation_id == desk.organisation.id

    def test_who_may_not_claim_is_told_and_keeps_what_was_typed(self, client: FlaskClient) -> None:
        _organisation, agent = make_organisation(verified=False)
        sign_in(client, agent)
        assert "还没有通过核验" in client.get("/my/offers/new").text
        until = (clock.today() + timedelta(days=9)).isoformat()
        answer = client.post(
            "/my/offers/new",
            data={
                "kind": "goods", "item": "轮椅", "quantity": "1", "unit": "辆", "valid_until": until,
            },
        )  # fmt: skip
        assert answer.status_code == 409
        assert inputs(answer.text, "item") == ["轮椅"]
        assert count() == 0


class TestEdit:
    def send(self, desk: Desk, offer_id: int, **more: Any) -> TestResponse:
        """Send the form of editing."""
        return desk.client.post(f"/my/offers/{offer_id}/edit", data=desk.typed(**more))

    def test_the_form_holds_what_it_says_and_changes_it(self, desk: Desk) -> None:
        made = make_offer(desk.organisation, desk.agent, regions=("130722",), note="全新")
        key = made.id
        page = desk.client.get(f"/my/offers/{key}/edit").text
        assert inputs(page, "item") == ["轮椅"]
        assert inputs(page, "quantity") == ["10"]
        assert "全新" in page
        answer = self.send(desk, key, version="1", quantity="7")
        assert answer.status_code == 303
        assert only().quantity == 7

    def test_a_stale_page_shows_both(self, desk: Desk) -> None:
        key = make_offer(desk.organisation, desk.agent).id
        assert self.send(desk, key, version="1", quantity="7").status_code == 303
        answer = self.send(desk, key, version="1", quantity="8")
        assert answer.status_code == 409
        assert "现在的内容" in answer.text
        assert "7 辆" in answer.text
        assert inputs(answer.text, "quantity") == ["8"]
        assert inputs(answer.text, "version") == ["2", "2"]
        assert only().quantity == 7

    def test_what_is_unusual_is_asked_again(self, desk: Desk) -> None:
        key = make_offer(desk.organisation, desk.agent).id
        answer = self.send(desk, key, version="1", quantity="9000")
        assert answer.status_code == 409
        assert "超过贵会全年预算" in answer.text
        answer = self.send(desk, key, version="1", quantity="9000", confirmed="yes")
        assert answer.status_code == 303

    def test_wrong_things_are_told_at_the_field(self, desk: Desk) -> None:
        key = make_offer(desk.organisation, desk.agent).id
        assert self.send(desk, key, version="1", quantity="").status_code == 400
        answer = self.send(desk, key, version="1", regions=["110101"])
        assert answer.status_code == 400
        assert "请从列表里选" in answer.text


class TestClose:
    def close(self, desk: Desk, offer_id: int, **more: str) -> TestResponse:
        """Send the form of ending."""
        data = {"version": "1", "outcome": "elsewhere", "reason": WHY, **more}
        return desk.client.post(f"/my/offers/{offer_id}/close", data=data)

    def test_it_ends_with_its_reason(self, desk: Desk) -> None:
        key = make_offer(desk.organisation, desk.agent).id
        answer = self.close(desk, key)
        assert answer.status_code == 303
        assert WHY in desk.client.get(answer.location).text
        assert only().status is OfferState.CLOSED
        assert self.close(desk, key, version="2").status_code == 409
        assert "不能再改" in desk.client.get(f"/my/offers/{key}/edit").text

    def test_a_reason_is_needed_and_what_was_typed_stays(self, desk: Desk) -> None:
        key = make_offer(desk.organisation, desk.agent).id
        answer = self.close(desk, key, reason="短")
        assert answer.status_code == 400
        assert ">短</textarea>" in answer.text
        assert self.close(desk, key, outcome="never").status_code == 400
        assert self.close(desk, key, version="0").status_code == 409
        assert only().status is OfferState.OPEN


class TestWhoMay:
    def test_another_organisations_offer_is_not_there(self, desk: Desk) -> None:
        key = make_offer(*make_organisation()).id
        for path in ("", "/edit"):
            assert desk.client.get(f"/my/offers/{key}{path}").status_code == 404
        assert desk.client.post(f"/my/offers/{key}/edit", data=desk.typed()).status_code == 404
        assert desk.client.post(f"/my/offers/{key}/close", data={}).status_code == 404
        db.session.rollback()
        refused = select(func.count(AuditEntry.seq)).where(AuditEntry.action == "access.refused")
        assert db.session.scalar(refused) == 4
        assert only().status is OfferState.OPEN

    def test_visitors_are_sent_to_sign_in(self, client: FlaskClient) -> None:
        key = make_offer(*make_organisation()).id
        for path in ("/my/offers", "/my/offers/new", f"/my/offers/{key}", "/desk/offers"):
            assert "/sign-in" in client.get(path).location
        assert "/sign-in" in client.get("/desk/offers/export.csv").location

    def test_agents_do_not_see_the_officers_pages_nor_officers_the_agents(self, desk: Desk) -> None:
        key = make_offer(desk.organisation, desk.agent).id
        for path in ("/desk/offers", f"/desk/offers/{key}", "/desk/offers/export.xlsx"):
            assert desk.client.get(path).status_code == 403
        for user in (make_officer(), make_auditor(), make_admin()):
            sign_in(desk.client, user)
            for path in ("/my/offers", "/my/offers/new", f"/my/offers/{key}"):
                assert desk.client.get(path).status_code == 403
        assert desk.client.get("/desk/offers").status_code == 403

    def test_the_project_page_of_the_public_names_no_offer(self, client: FlaskClient) -> None:
        make_offer(*make_organisation())
        assert "供给意向" not in client.get("/projects").text


class TestDeskList:
    @pytest.fixture
    def officer(self, client: FlaskClient) -> FlaskClient:
        """An officer's browser, with two offers to look at."""
        own = make_organisation(name="北京某某公益基金会")
        make_offer(*own, regions=("130624",), note="=HYPERLINK(1)")
        make_offer(*make_organisation(), item="护理床", unit="张", sectors=("care",))
        sign_in(client, make_officer())
        return client

    def test_it_lists_and_narrows(self, officer: FlaskClient) -> None:
        page = officer.get("/desk/offers").text
        assert "有 2 份" in page
        assert "不是承诺" in page
        page = officer.get("/desk/offers?q=某某&kind=goods&region=130624").text
        assert "有 1 份" in page
        assert "轮椅" in page
        assert (
            officer.get("/desk/offers?q=<script>&kind=x&sector=y&region=z&page=99").status_code
            == 200
        )
        assert "有 0 份" in officer.get("/desk/offers?kind=money").text

    def test_it_is_paged(self, client: FlaskClient) -> None:
        own = make_organisation()
        for number in range(21):
            make_offer(*own, item=f"第{number}种轮椅")
        sign_in(client, make_officer())
        assert "共 21 项" in client.get("/desk/offers?kind=goods").text
        page = client.get("/desk/offers?kind=goods&page=2").text
        assert "第0种轮椅" in page
        assert "第1种轮椅" not in page

    def test_the_files_hold_what_the_page_shows_and_no_formula(self, officer: FlaskClient) -> None:
        answer = officer.get("/desk/offers/export.xlsx?region=130624")
        sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).worksheets[0]
        cells = [cell for row in sheet.iter_rows() for cell in row]
        assert all(cell.data_type != "f" for cell in cells)
        values = [cell.value for cell in cells]
        assert "=HYPERLINK(1)" in values
        assert "轮椅" in values
        text = officer.get("/desk/offers/export.csv?q=轮椅").data.decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(text, newline="")))
        assert any("'=HYPERLINK(1)" in row for row in rows)
        assert any("条件：轮椅" in row for row in rows)
        row = next(row for row in rows if row[0] == "轮椅")
        assert row[1:6] == ["物资", "10", "辆", "800.00", "8000.00"]

    def test_my_page_and_the_desk_lead_there(self, officer: FlaskClient) -> None:
        assert 'href="/desk/offers"' in officer.get("/desk").text
        _organisation, agent = make_organisation()
        sign_in(officer, agent)
        assert 'href="/my/offers"' in officer.get("/my").text
