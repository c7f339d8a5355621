"""The page of a commitment, the lists of them, and what they are as files."""

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import event

from matchplatform.accounts.models import User
from matchplatform.claims import joint, services
from matchplatform.claims.models import Claim
from matchplatform.commitments.models import Commitment
from matchplatform.commitments.promised import list_groups, list_promises
from matchplatform.commitments.queries import PAGE_SIZE, list_commitments
from matchplatform.commitments.signing import undo_signature
from matchplatform.kernel.db import db
from matchplatform.projects.states import LineKind
from tests.claims.conftest import LINES
from tests.commitments.making import FILLED, make_organiser, make_signed, signer_of
from tests.factories import (
    actor_for,
    make_auditor,
    make_claim,
    make_officer,
    make_organisation,
    make_project,
    sign_in,
)


def make_mixed() -> Claim:
    """Make an accepted claim on money, goods, service and jobs at once."""
    project = make_project(lines=LINES)
    organisation, agent = make_organisation()
    wanted = zip(project.lines, ("1000", "10", "2.5", "1", "1"), strict=True)
    quantities = {line.id: Decimal(text) for line, text in wanted}
    return make_claim(project, organisation, agent, quantities, accepted=True)


def make_joint() -> Claim:
    """Make an accepted claim of two: 10 quilts and money; 5 quilts."""
    project = make_project(lines=LINES)
    (lead, agent), (second, friend) = make_organisation(), make_organisation()
    money, quilts = project.lines[0].id, project.lines[1].id
    claim = joint.reserve_jointly(
        actor=actor_for(agent),
        organisation=lead,
        partners=[second],
        project=project,
        version=project.version,
        shares={
            lead.id: {money: Decimal(1000), quilts: Decimal(10)},
            second.id: {quilts: Decimal(10)},
        },
        confirmed=True,
    )
    db.session.commit()
    member = next(one for one in claim.members if one.organisation_id == second.id)
    joint.confirm_share(actor=actor_for(friend), member=member, version=claim.version)
    db.session.commit()
    services.submit_claim(
        actor=actor_for(agent), claim=claim, version=claim.version, message="一起做。"
    )
    db.session.commit()
    officer = actor_for(make_officer(claim.region_code))
    services.accept_claim(actor=officer, claim=claim, version=claim.version)
    db.session.commit()
    return claim


def agent_of(commitment: Commitment) -> User:
    return db.session.get_one(User, signer_of(commitment.claim.organisation).user_id)


@contextmanager
def counted() -> Iterator[list[str]]:
    """Note the statements that are sent meanwhile."""
    sent: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_more: object) -> None:
        sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


@pytest.mark.usefixtures("db_session")
class TestWhatWasPromised:
    def test_kinds_stand_apart_and_are_never_added(self) -> None:
        groups = list_groups(make_mixed())
        assert [group.kind for group in groups] == [
            LineKind.MONEY, LineKind.GOODS, LineKind.SERVICE, LineKind.JOBS,
        ]  # fmt: skip
        money, goods, service, jobs = groups
        assert money.value == Decimal("1000.00")
        assert [line.item for line in goods.lines] == ["被褥", "心电图机"]
        assert goods.value == Decimal("14600.00")
        assert service.value == Decimal("750.00")
        assert jobs.value is None
        assert jobs.lines[0].value is None

    def test_of_a_joint_claim_each_has_its_own(self) -> None:
        claim = make_joint()
        lead, second = list_promises(claim)
        assert (lead.organisation, lead.is_lead) == (claim.organisation.name, True)
        assert [group.value for group in lead.groups] == [Decimal("1000.00"), Decimal("2600.00")]
        assert [group.value for group in second.groups] == [Decimal("2600.00")]


class TestThePage:
    def test_it_says_who_promised_what_until_when_and_on_which_paper(
        self, client: FlaskClient
    ) -> None:
        commitment = make_signed(make_joint(), occasion="张北签约大会")
        sign_in(client, make_officer())
        page = client.get(f"/commitments/{commitment.id}").text
        for words in (
            commitment.number, commitment.agreement.number, "完成期限", "履约中", "接下来",
            *(one.organisation for one in list_promises(commitment.claim)),
            FILLED["county_contact"], FILLED["organisation_contact"],
            f"/agreements/{commitment.agreement_id}.pdf",
            f"/verify/{commitment.agreement.token}",
        ):  # fmt: skip
            assert words in page
        # An account stands on the paper, not on the page.
        assert FILLED["donee_account"] not in page

    def test_both_organisations_read_it_and_no_other(self, client: FlaskClient) -> None:
        commitment = make_signed(make_joint())
        here = f"/commitments/{commitment.id}"
        for member in commitment.claim.members:
            sign_in(client, db.session.get_one(User, signer_of(member.organisation).user_id))
            assert client.get(here).status_code == 200
        _, stranger = make_organisation()
        for user in (stranger, make_officer("130826")):
            sign_in(client, user)
            assert client.get(here).status_code == 404
        for user in (make_auditor(), make_officer("1307"), make_officer("13")):
            sign_in(client, user)
            assert client.get(here).status_code == 200

    def test_what_was_undone_is_said_with_its_reason(self, client: FlaskClient) -> None:
        commitment = make_signed()
        undo_signature(actor=make_organiser(), commitment=commitment, reason="台上签错了一份")
        db.session.commit()
        sign_in(client, make_officer())
        page = client.get(f"/commitments/{commitment.id}").text
        assert "不再算数" in page
        assert "台上签错了一份" in page


class TestTheLists:
    def test_each_sees_what_is_theirs(self, client: FlaskClient) -> None:
        commitment = make_signed()
        sign_in(client, agent_of(commitment))
        assert commitment.number in client.get("/my/commitments").text
        assert client.get("/desk/commitments").status_code == 403
        _, stranger = make_organisation()
        sign_in(client, stranger)
        assert "还没有签约的承诺" in client.get("/my/commitments").text
        for user in (make_officer(), make_auditor(), db.session.get_one(User, _organiser())):
            sign_in(client, user)
            assert commitment.number in client.get("/desk/commitments").text
        sign_in(client, make_officer("130826"))
        assert commitment.number not in client.get("/desk/commitments").text

    def test_they_are_found_by_project_number_and_organisation(self, client: FlaskClient) -> None:
        commitment = make_signed()
        sign_in(client, make_officer())
        project = commitment.claim.project
        for words in (
            project.number, project.name[:4], commitment.agreement.number,
            commitment.claim.organisation.name[-6:],
        ):  # fmt: skip
            answer = client.get("/desk/commitments", query_string={"words": words})
            assert commitment.number in answer.text
        answer = client.get("/desk/commitments", query_string={"words": "没有这样的"})
        assert "没有找到这样的承诺" in answer.text

    def test_the_newest_come_first(self, client: FlaskClient) -> None:
        old = make_signed()
        new = make_signed()
        page = list_commitments(make_organiser(), 1)
        assert [one.id for one in page.items] == [new.id, old.id]
        assert page.total < PAGE_SIZE

    def test_a_longer_list_asks_no_more_of_the_database(self, client: FlaskClient) -> None:
        make_signed()
        sign_in(client, make_officer())
        client.get("/desk/commitments")
        with counted() as short:
            client.get("/desk/commitments")
        make_signed()
        make_signed()
        with counted() as longer:
            client.get("/desk/commitments")
        assert len(longer) == len(short)


class TestTheFiles:
    def test_the_table_has_its_lines_on_a_second_sheet(self, client: FlaskClient) -> None:
        commitment = make_signed(make_mixed())
        sign_in(client, make_officer())
        answer = client.get("/desk/commitments/export.xlsx")
        assert answer.status_code == 200
        book = load_workbook(BytesIO(answer.data))
        first, second = (
            [[cell.value for cell in row] for row in sheet] for sheet in book.worksheets
        )
        assert any(commitment.number in row and commitment.agreement.sha256 in row for row in first)
        assert [row[5] for row in second if row[0] == commitment.number] == [
            "取暖款", "被褥", "心电图机", "驻校社工", "宿管岗位",
        ]  # fmt: skip

    def test_an_organisation_has_its_own_as_csv(self, client: FlaskClient) -> None:
        commitment = make_signed()
        sign_in(client, agent_of(commitment))
        answer = client.get("/my/commitments/export.csv")
        assert commitment.number in answer.text
        assert client.get("/desk/commitments/export.csv").status_code == 403


class TestTheWayThere:
    def test_the_menus_lead_to_it(self, client: FlaskClient) -> None:
        commitment = make_signed()
        assert 'href="/verify"' in client.get("/").text
        sign_in(client, make_officer())
        assert 'href="/desk/commitments"' in client.get("/desk").text
        sign_in(client, agent_of(commitment))
        assert 'href="/my/commitments"' in client.get("/my").text


def _organiser() -> int:
    user_id = make_organiser().user_id
    assert user_id is not None
    return user_id
