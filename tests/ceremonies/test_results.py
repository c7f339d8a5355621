"""What came of a day: the results for everybody, the report for offices, late signatures."""

from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader

from matchplatform.ceremonies.report import report_paper, report_sheets
from matchplatform.ceremonies.results import read_results
from matchplatform.ceremonies.running import close_ceremony, pass_over
from matchplatform.ceremonies.signing import sign_entry
from matchplatform.ceremonies.states import EntryState
from matchplatform.documents import Table
from matchplatform.kernel.db import db
from tests.ceremonies.day import WHY, Day, add_entry_again, make_day
from tests.ceremonies.test_console import text_of
from tests.factories import make_auditor, make_officer, sign_in


@pytest.fixture
def day(db_session: Flask) -> Day:
    """A day that was closed with two of four signed; one of the rest is on an addendum."""
    day = make_day(4, guests=False).begin()
    for place in (0, 1):
        sign_entry(actor=day.operator, entry=day.entries[place])
        db.session.commit()
    entries = [day.entries[2]]
    pass_over(actor=day.operator, ceremony=day.ceremony, entries=entries, reason="人还没有到场")
    db.session.commit()
    close_ceremony(actor=day.operator, ceremony=day.ceremony, seen=day.ceremony.seq)
    db.session.commit()
    add_entry_again(day, day.entries[3].claim)
    return day


def late_url(day: Day, step: str) -> str:
    """Return where the entry of the addendum is signed."""
    return day.url(f"late/{day.entries[4].id}/{step}")


def status_of(day: Day) -> EntryState:
    """Return where the entry of the addendum stands."""
    return day.entries[4].status


class TestResults:
    def test_signed_pending_and_unsigned_stand_apart(self, day: Day) -> None:
        found = read_results(day.ceremony)
        assert [row.place for row in found.on_the_day] == [1, 2]
        assert [row.reason for row in found.unsigned] == ["人还没有到场"]
        assert [row.addendum for row in found.pending] == [1]
        assert (found.late, found.total.value) == ((), Decimal("10001.00"))
        assert [(part.words, part.signed.claims, part.unsigned) for part in found.counties] == [
            ("张家口市康保县", 1, 1), ("张家口市张北县", 1, 1),
        ]  # fmt: skip
        assert [part.quantity for part in found.total.unpriced] == [Decimal(3)]

    def test_everybody_sees_what_was_signed_and_nobodys_reasons(
        self, client: FlaskClient, day: Day
    ) -> None:
        page = client.get(f"/ceremonies/{day.ceremony.id}/results")
        said = text_of(page)
        assert page.status_code == 200
        for words in ("1.00", "测试公益基金会第1", "还有 2 项没有签", "岗位", "张家口市张北县"):
            assert words in said
        for words in ("人还没有到场", "签署人", "钱二川"):
            assert words not in said

    def test_there_are_none_before_the_day_is_over(self, client: FlaskClient) -> None:
        live = make_day(1).begin()
        assert client.get(f"/ceremonies/{live.ceremony.id}/results").status_code == 404
        assert client.get("/ceremonies/999/results").status_code == 404


class TestReport:
    def test_it_says_why_something_was_not_signed(self, client: FlaskClient, day: Day) -> None:
        sign_in(client, day.user)
        said = text_of(client.get(day.url("report")))
        for words in ("人还没有到场", "等待补签", "补签名单 1"):
            assert words in said

    def test_it_is_for_offices(self, client: FlaskClient, day: Day) -> None:
        for user, status in (
            (make_officer(), 200), (make_auditor(), 200), (make_officer("13"), 200),
            (make_officer("130828"), 404), (day.agents[0], 403),
        ):  # fmt: skip
            sign_in(client, user)
            assert client.get(day.url("report")).status_code == status

    def test_the_paper_holds_the_whole_list(self, client: FlaskClient, day: Day) -> None:
        sign_in(client, day.user)
        answer = client.get(day.url("report.pdf"))
        assert answer.content_type == "application/pdf"
        text = "".join(page.extract_text() for page in PdfReader(BytesIO(answer.data)).pages)
        for words in ("测试公益基金会第1", "人还没有到场", "等待补签"):
            assert words in text.replace("\n", "")

    def test_the_workbook_holds_a_row_for_each(self, client: FlaskClient, day: Day) -> None:
        sign_in(client, day.user)
        answer = client.get(day.url("report.xlsx"))
        book = openpyxl.load_workbook(BytesIO(answer.data))
        assert book.sheetnames == ["已签约", "没有签约", "按县", "按类别", "按组织类型"]
        told = [[cell.value for cell in row] for row in book["没有签约"].iter_rows()]
        assert [row[-1] for row in told if row[0] == 3] == ["人还没有到场"]
        signed = [row for row in book["已签约"].iter_rows(values_only=True) if row[0] in (1, 2)]
        assert [row[7] for row in signed] == [5000, 5001]
        assert signed[0][8] == "3 个岗位"

    def test_an_empty_day_makes_a_report_too(self, db_session: Flask) -> None:
        day = make_day(0)
        found = read_results(day.ceremony)
        paper = report_paper(day.ceremony, found, demo=True)
        assert not [block for block in paper.blocks if isinstance(block, Table) and block.rows]
        assert len(report_sheets(day.ceremony, found, demo=True)) == 5


class TestLateSignatures:
    def test_a_late_one_is_signed_once_and_taken_back_with_a_reason(
        self, client: FlaskClient, day: Day
    ) -> None:
        sign_in(client, day.user)
        assert client.post(late_url(day, "sign")).status_code == 303
        assert status_of(day) == EntryState.SIGNED
        found = read_results(day.ceremony)
        assert ([row.addendum for row in found.late], found.pending) == ([1], ())
        assert "已补签" in text_of(client.get(day.url("report")))
        again = client.post(late_url(day, "sign"))
        assert (again.status_code, "已经补签过" in text_of(again)) == (409, True)
        assert client.post(late_url(day, "undo"), data={"reason": "错"}).status_code == 400
        assert client.post(late_url(day, "undo"), data={"reason": WHY}).status_code == 303
        assert status_of(day) == EntryState.LISTED

    def test_offices_that_only_read_sign_nothing(self, client: FlaskClient, day: Day) -> None:
        sign_in(client, make_officer())
        assert client.post(late_url(day, "sign")).status_code == 403
        assert "补签：" not in text_of(client.get(day.url("report")))
