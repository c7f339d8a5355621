"""Certificates: handed in, looked at, and running out by themselves."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from matchplatform.accounts.models import User
from matchplatform.audit.models import AuditEntry
from matchplatform.claims.services import reserve_claim, submit_claim
from matchplatform.files.models import StoredFile
from matchplatform.files.storage import Storage
from matchplatform.files.verdicts import Limits
from matchplatform.home.desk import read_desk
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import (
    Conflict,
    Forbidden,
    IllegalMove,
    InvalidInput,
    NotFound,
    StaleVersion,
)
from matchplatform.kernel.outbox import OutboxEntry
from matchplatform.organisations import certificates
from matchplatform.organisations.models import Certificate, Organisation
from matchplatform.organisations.paper_states import (
    PAPER_WORDS,
    PAPER_WORKFLOW,
    PaperAction,
    PaperState,
)
from matchplatform.organisations.queries import may_claim_today
from matchplatform.organisations.services import return_organisation
from tests.factories import (
    actor_for,
    make_auditor,
    make_claim,
    make_officer,
    make_organisation,
    make_project,
    sign_in,
)
from tests.files import samples
from tests.files.conftest import site_storage, take

__all__ = ["site_storage"]
pytestmark = pytest.mark.usefixtures("site_storage")

S, A = PaperState, PaperAction


def in_days(days: int) -> date:
    return clock.today() + timedelta(days=days)


@contextmanager
def on_day(day: date) -> Iterator[None]:
    """Hold the clock at noon of a day in Shanghai."""
    with clock.set_clock(datetime.combine(day, time(4), tzinfo=UTC)):
        yield


def hand_in(
    app: Flask, organisation: Organisation, agent: User, expires_on: date, pages: int = 1
) -> Certificate:
    """Hand in a certificate through the verb."""
    storage = Storage(app.extensions["settings"].files_path)
    upload = take(storage, samples.pdf(pages=pages), "登记证书.pdf", Limits())
    certificate = certificates.hand_in_certificate(
        actor=actor_for(agent), organisation=organisation, upload=upload, expires_on=expires_on
    )
    db.session.commit()
    return certificate


def accept(certificate: Certificate, officer: User) -> None:
    certificates.accept_certificate(
        actor=actor_for(officer), certificate=certificate, version=certificate.version
    )
    db.session.commit()


def told() -> list[tuple[list[int], str]]:
    """List the notices enqueued so far."""
    rows = db.session.scalars(select(OutboxEntry).where(OutboxEntry.topic == "notice"))
    return [(row.payload["user_ids"], row.payload["template"]) for row in rows]


class TestWorkflow:
    def test_each_cell_is_as_written(self) -> None:
        legal = {
            (S.PENDING, A.ACCEPT): S.ACCEPTED,
            (S.PENDING, A.REFUSE): S.REFUSED,
            (S.PENDING, A.REPLACE): S.REPLACED,
            (S.ACCEPTED, A.REPLACE): S.REPLACED,
        }
        for state in S:
            assert PAPER_WORDS[state]
            for action in A:
                if (state, action) in legal:
                    assert PAPER_WORKFLOW.after(state, action) is legal[state, action]
                else:
                    with pytest.raises(IllegalMove):
                        PAPER_WORKFLOW.after(state, action)


class TestHandIn:
    def test_it_waits_for_the_verifier_and_changes_nothing_yet(self, db_session: Flask) -> None:
        officer = make_officer("11")
        organisation, agent = make_organisation()
        certificate = hand_in(db_session, organisation, agent, in_days(400))
        assert certificate.status is S.PENDING
        assert organisation.certificate_expires_on is None
        assert organisation.may_claim
        ids, template = told()[-1]
        assert officer.id in ids
        assert "登记证书" in template
        entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc())).first()
        assert entry is not None
        assert (entry.action, entry.detail["status"]) == ("certificate.hand_in", "pending")

    def test_a_newer_one_takes_the_place_of_one_that_waits(self, db_session: Flask) -> None:
        organisation, agent = make_organisation()
        first = hand_in(db_session, organisation, agent, in_days(400))
        second = hand_in(db_session, organisation, agent, in_days(500), pages=2)
        assert [first.status, second.status] == [S.REPLACED, S.PENDING]
        assert certificates.list_certificates(organisation) == [second, first]

    @pytest.mark.parametrize("days", [-1, 31 * 366])
    def test_it_refuses_days_that_cannot_be(self, db_session: Flask, days: int) -> None:
        organisation, agent = make_organisation()
        with pytest.raises(InvalidInput) as caught:
            hand_in(db_session, organisation, agent, in_days(days))
        db.session.rollback()
        assert "expires_on" in caught.value.fields
        assert db.session.scalars(select(StoredFile)).all() == []

    def test_it_refuses_other_organisations_and_officers(self, db_session: Flask) -> None:
        organisation, _agent = make_organisation()
        _other, stranger = make_organisation()
        for user in (stranger, make_officer("11")):
            with pytest.raises(Forbidden):
                hand_in(db_session, organisation, user, in_days(400))
            db.session.rollback()


class TestDecide:
    def test_an_accepted_one_sets_the_day_and_keeps_the_one_before(self, db_session: Flask) -> None:
        officer = make_officer("11")
        organisation, agent = make_organisation()
        first = hand_in(db_session, organisation, agent, in_days(20))
        accept(first, officer)
        second = hand_in(db_session, organisation, agent, in_days(900), pages=2)
        assert organisation.certificate_expires_on == in_days(20)
        accept(second, officer)
        assert organisation.certificate_expires_on == in_days(900)
        assert [first.status, second.status] == [S.REPLACED, S.ACCEPTED]
        assert told()[-1][0] == [agent.id]

    def test_a_refused_one_leaves_the_one_before_in_force(self, db_session: Flask) -> None:
        officer = make_officer("11")
        organisation, agent = make_organisation()
        accept(hand_in(db_session, organisation, agent, in_days(20)), officer)
        second = hand_in(db_session, organisation, agent, in_days(900), pages=2)
        certificates.refuse_certificate(
            actor=actor_for(officer), certificate=second, version=second.version,
            reason="印章看不清，请重新扫描。",
        )  # fmt: skip
        db.session.commit()
        assert second.status is S.REFUSED
        assert organisation.certificate_expires_on == in_days(20)

    def test_it_refuses_without_a_reason(self, db_session: Flask) -> None:
        organisation, agent = make_organisation()
        certificate = hand_in(db_session, organisation, agent, in_days(20))
        with pytest.raises(InvalidInput):
            certificates.refuse_certificate(
                actor=actor_for(make_officer("11")), certificate=certificate,
                version=certificate.version, reason="不行",
            )  # fmt: skip
        db.session.rollback()

    def test_it_refuses_one_that_ran_out_while_it_waited(self, db_session: Flask) -> None:
        officer = make_officer("11")
        organisation, agent = make_organisation()
        certificate = hand_in(db_session, organisation, agent, in_days(3))
        with on_day(in_days(4)), pytest.raises(Conflict):
            accept(certificate, officer)
        db.session.rollback()

    def test_only_the_registering_officer_decides_and_only_once(self, db_session: Flask) -> None:
        officer = make_officer("11")
        organisation, agent = make_organisation()
        certificate = hand_in(db_session, organisation, agent, in_days(20))
        for user in (agent, make_officer("1307")):
            with pytest.raises(Forbidden):
                accept(certificate, user)
            db.session.rollback()
        accept(certificate, officer)
        with pytest.raises(IllegalMove):
            accept(certificate, officer)
        db.session.rollback()
        with pytest.raises(StaleVersion):
            certificates.accept_certificate(
                actor=actor_for(officer), certificate=certificate, version=1
            )
        db.session.rollback()

    def test_strangers_do_not_learn_of_it(self, db_session: Flask) -> None:
        organisation, agent = make_organisation()
        certificate = hand_in(db_session, organisation, agent, in_days(20))
        _other, stranger = make_organisation()
        for user in (stranger, make_officer("1307")):
            with pytest.raises(NotFound):
                certificates.get_certificate(actor_for(user), certificate.id)


class TestExpiry:
    def test_its_last_day_still_counts_and_the_next_does_not(self, db_session: Flask) -> None:
        organisation, agent = make_organisation()
        accept(hand_in(db_session, organisation, agent, in_days(5)), make_officer("11"))
        for days, free in ((5, True), (6, False)):
            with on_day(in_days(days)):
                assert organisation.may_claim is free
                assert (organisation.trouble is None) is free
                found = db.session.scalars(select(Organisation).where(may_claim_today())).all()
                assert (organisation in found) is free
        assert organisation.is_verified

    def test_it_may_finish_and_may_not_claim(self, db_session: Flask) -> None:
        organisation, agent = make_organisation()
        project, other = make_project(), make_project()
        accept(hand_in(db_session, organisation, agent, in_days(5)), make_officer("11"))
        claim = make_claim(project, organisation, agent)
        with on_day(in_days(6)):
            with pytest.raises(Conflict) as caught:
                reserve_claim(
                    actor=actor_for(agent), organisation=organisation, project=other,
                    version=other.version, quantities={other.lines[0].id: Decimal(5000)},
                )  # fmt: skip
            assert "到期" in str(caught.value.words)
            db.session.rollback()
            submit_claim(actor=actor_for(agent), claim=claim, version=claim.version, message="")
            db.session.commit()
            tasks = read_desk(actor_for(make_officer("130722"))).of("claims")
            assert "登记证书" in str(tasks[0].flag)

    def test_without_a_certificate_nothing_is_blocked(self, db_session: Flask) -> None:
        organisation, agent = make_organisation()
        assert make_claim(make_project(), organisation, agent).is_open

    def test_a_registration_that_waits_says_so_and_nothing_of_papers(
        self, db_session: Flask
    ) -> None:
        organisation, _agent = make_organisation(verified=False)
        officer = make_officer("11")
        return_organisation(
            actor=actor_for(officer), organisation=organisation, version=organisation.version,
            reason="业务范围请照章程抄写。",
        )  # fmt: skip
        db.session.commit()
        assert "还没有通过核验" in str(organisation.hindrance)


class TestRemind:
    def test_it_reminds_thirty_and_seven_days_before_and_on_the_day_once_each(
        self, db_session: Flask
    ) -> None:
        organisation, agent = make_organisation()
        accept(hand_in(db_session, organisation, agent, in_days(40)), make_officer("11"))
        reminded = []
        for days in range(45):
            with on_day(in_days(days)):
                for _twice in range(2):
                    if certificates.remind_expiring():
                        reminded.append(40 - days)
                    db.session.commit()
        assert reminded == [30, 7, 0]
        assert told()[-1][0] == [agent.id]

    def test_days_on_which_nobody_worked_are_made_up_for_once(self, db_session: Flask) -> None:
        organisation, agent = make_organisation()
        accept(hand_in(db_session, organisation, agent, in_days(40)), make_officer("11"))
        for days, count in ((35, 1), (36, 0), (44, 1), (45, 0)):
            with on_day(in_days(days)):
                assert certificates.remind_expiring() == count
                db.session.commit()
        assert "已到期" in told()[-1][1]

    def test_one_that_was_replaced_is_not_spoken_of(self, db_session: Flask) -> None:
        officer = make_officer("11")
        organisation, agent = make_organisation()
        accept(hand_in(db_session, organisation, agent, in_days(20)), officer)
        accept(hand_in(db_session, organisation, agent, in_days(900), pages=2), officer)
        assert certificates.remind_expiring() == 0


class TestPages:
    def form(self, **changes: Any) -> dict[str, Any]:
        data = {"paper": (BytesIO(samples.pdf()), "登记证书 正本.pdf"), "expires_on": "2099-01-01"}
        return {**data, "expires_on": in_days(300).isoformat(), **changes}

    def test_an_agent_hands_in_and_the_verifier_accepts(self, client: FlaskClient) -> None:
        officer = make_officer("11")
        organisation, agent = make_organisation()
        organisation_id, officer_id = organisation.id, officer.id
        sign_in(client, agent)
        assert "还没有传过证书" in client.get("/my/organisation/papers").text
        answer = client.post("/my/organisation/papers", data=self.form())
        assert (answer.status_code, answer.location) == (303, "/my/organisation/papers")
        page = client.get("/my/organisation/papers").text
        assert "登记证书 正本.pdf" in page
        assert "等待核对" in page
        certificate = db.session.scalars(select(Certificate)).one()
        key, file_id = certificate.id, certificate.file_id
        sign_in(client, officer)
        assert "登记证书" in client.get("/desk").text
        assert "证书相符" in client.get(f"/desk/organisations/{organisation_id}").text
        with client.get(f"/files/{file_id}") as got:
            assert got.status_code == 200
        sign_in(client, make_auditor())
        page = client.get(f"/desk/organisations/{organisation_id}").text
        assert "等待核对" in page
        assert "证书相符" not in page
        sign_in(client, db.session.get_one(User, officer_id))
        assert client.post(f"/desk/certificates/{key}/accept", data={}).status_code == 409
        answer = client.post(f"/desk/certificates/{key}/accept", data={"version": "1"})
        assert answer.status_code == 303
        page = client.get(f"/desk/organisations/{organisation_id}").text
        assert "已核对" in page
        assert "证书相符" not in page
        sign_in(client, make_officer("1307"))
        assert client.get(f"/files/{file_id}").status_code == 404
        assert client.post(f"/desk/certificates/{key}/refuse", data={}).status_code == 404

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"expires_on": ""}, "请照证书填"),
            ({"expires_on": "明年"}, "请填这样的日期"),
            ({"expires_on": "2001-01-01"}, "已经到期"),
            ({"paper": (BytesIO(b""), "")}, "请选证书"),
            ({"paper": (BytesIO(b"MZ..."), "证书.pdf")}, "文件内容不是"),
            ({"paper": (BytesIO(b"MZ..."), "证书.exe")}, "只收"),
        ],
    )
    def test_it_says_what_is_wrong(
        self, client: FlaskClient, changes: dict[str, Any], words: str
    ) -> None:
        _organisation, agent = make_organisation()
        sign_in(client, agent)
        answer = client.post("/my/organisation/papers", data=self.form(**changes))
        assert answer.status_code == 400
        assert words in answer.text

    def test_a_refusal_without_a_reason_is_shown_at_its_field(self, client: FlaskClient) -> None:
        officer = make_officer("11")
        _organisation, agent = make_organisation()
        sign_in(client, agent)
        client.post("/my/organisation/papers", data=self.form())
        key = db.session.scalars(select(Certificate.id)).one()
        sign_in(client, officer)
        answer = client.post(
            f"/desk/certificates/{key}/refuse", data={"version": "1", "reason": "短"}
        )
        assert answer.status_code == 400
        assert "至少五个字" in answer.text
        assert "短</textarea>" in answer.text
        answer = client.post(
            f"/desk/certificates/{key}/refuse", data={"version": "9", "reason": "印章看不清楚"}
        )
        assert answer.status_code == 409

    def test_pages_say_why_an_expired_one_stops_claiming(
        self, client: FlaskClient, db_session: Flask
    ) -> None:
        officer = make_officer("11")
        organisation, agent = make_organisation()
        organisation_id = organisation.id
        project = make_project()
        number = project.number
        accept(hand_in(db_session, organisation, agent, in_days(5)), officer)
        with on_day(in_days(6)):
            sign_in(client, agent)
            for path in ("/my", f"/projects/{number}", "/my/organisation/papers", "/matches"):
                answer = client.get(path)
                assert answer.status_code == 200, path
                assert "到期。已认领的可以办完" in answer.text, path
            sign_in(client, officer)
            for path in ("/desk/organisations", f"/desk/organisations/{organisation_id}"):
                assert "已到期" in client.get(path).text, path
