"""New names under the same code; old ones stay and still find the organisation."""

from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from matchplatform.accounts.models import User
from matchplatform.audit.models import AuditEntry
from matchplatform.claims.partners import find_partners
from matchplatform.home.desk import read_desk
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Conflict, Forbidden, IllegalMove, InvalidInput, NotFound
from matchplatform.organisations import names
from matchplatform.organisations.models import NameChange, Organisation
from matchplatform.organisations.paper_states import PaperState
from matchplatform.organisations.queries import list_namesakes, list_registered_here
from tests.factories import actor_for, make_officer, make_organisation, sign_in

pytestmark = pytest.mark.usefixtures("db_session")

OLD, NEW = "北京晨光助学基金会", "北京晨光乡村教育基金会"
REASON = "理事会决议，登记管理机关已批准。"


def ask(
    organisation: Organisation, agent: User, new_name: str = NEW, on: date | None = None
) -> NameChange:
    """Ask for a new name through the verb."""
    change = names.ask_name_change(
        actor=actor_for(agent), organisation=organisation, new_name=new_name,
        changed_on=on or clock.today(), reason=REASON,
    )  # fmt: skip
    db.session.commit()
    return change


def accept(change: NameChange, officer: User) -> None:
    names.accept_name_change(actor=actor_for(officer), change=change, version=change.version)
    db.session.commit()


class TestAsk:
    def test_it_waits_for_the_verifier_and_changes_nothing_yet(self) -> None:
        organisation, agent = make_organisation(name=OLD)
        officer = make_officer("11")
        change = ask(organisation, agent)
        assert (change.status, organisation.name) == (PaperState.PENDING, OLD)
        (task,) = read_desk(actor_for(officer)).of("organisations")
        assert NEW in task.meta

    def test_a_newer_one_takes_the_place_of_one_that_waits(self) -> None:
        organisation, agent = make_organisation(name=OLD)
        first, second = ask(organisation, agent), ask(organisation, agent, NEW + "会")
        assert [first.status, second.status] == [PaperState.REPLACED, PaperState.PENDING]

    @pytest.mark.parametrize(
        ("name", "days", "field"), [("会", 0, "new_name"), (OLD, 0, "new_name"), (NEW, 1, "changed_on")]
    )  # fmt: skip
    def test_it_refuses_what_cannot_be(self, name: str, days: int, field: str) -> None:
        organisation, agent = make_organisation(name=OLD)
        with pytest.raises(InvalidInput) as caught:
            ask(organisation, agent, name, clock.today() + timedelta(days=days))
        db.session.rollback()
        assert field in caught.value.fields

    def test_before_it_is_verified_the_registration_itself_is_corrected(self) -> None:
        organisation, agent = make_organisation(verified=False)
        with pytest.raises(Conflict):
            ask(organisation, agent)
        db.session.rollback()

    def test_it_refuses_strangers(self) -> None:
        organisation, _agent = make_organisation()
        _other, stranger = make_organisation()
        with pytest.raises(Forbidden):
            ask(organisation, stranger)
        db.session.rollback()


class TestDecide:
    def test_the_old_name_stays_and_still_finds_it(self) -> None:
        organisation, agent = make_organisation(name=OLD)
        code, officer = organisation.uscc, make_officer("11")
        accept(ask(organisation, agent), officer)
        assert (organisation.name, organisation.uscc) == (NEW, code)
        assert [row.old_name for row in organisation.former_names] == [OLD]
        for words in ("晨光助学", "晨光乡村"):
            assert list_registered_here(actor_for(officer), words) == [organisation]
            assert find_partners(words, set()) == [organisation]
        namesake, _other_agent = make_organisation(name=OLD)
        assert list_namesakes(namesake) == [organisation]
        entry = db.session.scalars(
            select(AuditEntry).where(AuditEntry.action == "organisation.accept_name")
        ).one()
        assert (entry.detail["old_name"], entry.detail["new_name"]) == (OLD, NEW)

    def test_small_and_capital_letters_find_the_same(self) -> None:
        organisation, _agent = make_organisation(name="北京 ABC 助学服务中心")
        for words in ("abc", "ABC"):
            assert list_registered_here(actor_for(make_officer("11")), words) == [organisation]
            assert find_partners(words, set()) == [organisation]

    def test_a_refused_one_changes_nothing_and_finds_nothing(self) -> None:
        organisation, agent = make_organisation(name=OLD)
        officer = make_officer("11")
        change = ask(organisation, agent)
        names.refuse_name_change(
            actor=actor_for(officer), change=change, version=change.version, reason="与批文不一致。"
        )
        db.session.commit()
        assert (organisation.name, organisation.former_names) == (OLD, [])
        assert list_registered_here(actor_for(officer), "乡村教育") == []

    def test_only_the_registering_officer_decides_and_only_once(self) -> None:
        organisation, agent = make_organisation(name=OLD)
        change = ask(organisation, agent)
        for user in (agent, make_officer("1307")):
            with pytest.raises(Forbidden):
                accept(change, user)
            db.session.rollback()
        with pytest.raises(NotFound):
            names.get_name_change(actor_for(make_officer("1307")), change.id)
        officer = make_officer("11")
        accept(change, officer)
        with pytest.raises(IllegalMove):
            accept(change, officer)
        db.session.rollback()


class TestPages:
    def test_the_agent_asks_and_the_officer_confirms(self, client: FlaskClient) -> None:
        organisation, agent = make_organisation(name=OLD)
        key, officer = organisation.id, make_officer("11")
        sign_in(client, agent)
        assert "名称变更" in client.get("/my/organisation").text
        day = clock.today().isoformat()
        data = {"new_name": NEW, "changed_on": day, "reason": REASON}
        for changes, words in (
            ({"new_name": ""}, "请填这一项"),
            ({"changed_on": ""}, "请照批文填"),
            ({"changed_on": "昨天"}, "请填这样的日期"),
            ({"reason": "无"}, "至少五个字"),
        ):
            answer = client.post("/my/organisation/name", data={**data, **changes})
            assert answer.status_code == 400
            assert words in answer.text
        assert client.post("/my/organisation/name", data=data).status_code == 303
        assert NEW in client.get("/my/organisation/name").text
        change_id = db.session.scalars(select(NameChange.id)).one()
        sign_in(client, officer)
        assert NEW in client.get(f"/desk/organisations/{key}").text
        answer = client.post(f"/desk/names/{change_id}/refuse", data={"version": 1, "reason": ""})
        assert answer.status_code == 400
        answer = client.post(f"/desk/names/{change_id}/accept", data={})
        assert answer.status_code == 409
        answer = client.post(f"/desk/names/{change_id}/accept", data={"version": 7})
        assert answer.status_code == 409
        answer = client.post(f"/desk/names/{change_id}/accept", data={"version": 1})
        assert answer.status_code == 303
        page = client.get(f"/desk/organisations/{key}").text
        assert "曾用名" in page
        assert OLD in page
        assert NEW in client.get("/desk/organisations?q=晨光助学").text
        assert "没有这个名称" in client.get("/desk/organisations?q=不存在").text
