"""Organisations brought in by officers: they wait, and nobody verifies by a file."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from matchplatform.cli.checks import organisation_breaches
from matchplatform.imports.states import ImportKind, RowState
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Conflict, Forbidden
from matchplatform.kernel.outbox import OutboxEntry
from matchplatform.organisations.models import Organisation
from matchplatform.organisations.services import (
    OrganisationDetails,
    amend_organisation,
    verify_organisation,
)
from matchplatform.organisations.states import OrganisationState, OrganisationType
from tests.factories import actor_for, make_officer, make_organisation
from tests.imports.conftest import Desk, rows_of, said
from tests.imports.sheets import organisation

KIND = ImportKind.ORGANISATIONS


def only() -> Organisation:
    return db.session.scalars(select(Organisation)).one()


class TestEntering:
    def test_it_arrives_pending_and_never_verified(self, desk: Desk) -> None:
        desk.bring_in(KIND, [organisation()])
        entered = only()
        assert entered.status is OrganisationState.PENDING
        assert entered.verified_at is None
        assert entered.entered_by_id == desk.officer.id
        assert entered.focus_sectors == ["education", "health"]
        assert entered.memberships == []
        assert list(organisation_breaches()) == []

    def test_whoever_entered_it_cannot_verify_it(self, desk: Desk) -> None:
        desk.bring_in(KIND, [organisation()])
        entered, second = only(), actor_for(make_officer())
        page = desk.client.get(f"/desk/organisations/{entered.id}")
        assert page.status_code == 200
        assert f"/desk/organisations/{entered.id}/verify" not in page.text
        with pytest.raises(Forbidden):
            verify_organisation(
                actor=actor_for(desk.officer), organisation=entered, version=entered.version
            )
        verify_organisation(actor=second, organisation=entered, version=entered.version)
        db.session.commit()
        assert entered.is_verified

    def test_a_colleague_is_told_once_with_the_count(self, desk: Desk) -> None:
        colleague = make_officer()
        desk.bring_in(KIND, [organisation(1), organisation(2)])
        told = [entry.payload for entry in db.session.scalars(select(OutboxEntry))]
        mine = [one for one in told if one.get("user_ids") == [colleague.id]]
        assert [one["params"]["count"] for one in mine] == ["2"]
        assert mine[0]["url"] == "/desk?queue=organisations"

    def test_the_office_above_is_told_where_there_is_no_colleague(self, desk: Desk) -> None:
        above = make_officer("1307")
        desk.bring_in(KIND, [organisation()])
        told = [entry.payload for entry in db.session.scalars(select(OutboxEntry))]
        assert [one for one in told if one.get("user_ids") == [above.id]]

    def test_the_same_file_twice_changes_nothing(self, desk: Desk) -> None:
        desk.bring_in(KIND, [organisation()])
        assert desk.preview(KIND, [organisation()]).counts == {"unchanged": 1}

    def test_a_code_as_people_type_it_is_the_same_code(self, desk: Desk) -> None:
        row = organisation()
        desk.bring_in(KIND, [row])
        code = str(row["uscc"]).lower()
        typed = f" {code[:8]} {code[8:]}"
        assert desk.preview(KIND, [organisation(uscc=typed)]).counts == {"unchanged": 1}

    def test_while_it_waits_it_is_changed_with_a_comparison(self, desk: Desk) -> None:
        desk.bring_in(KIND, [organisation()])
        found = desk.preview(KIND, [organisation(legal_rep="孙三江", annual_budget="60万")])
        assert rows_of(found)[0].changes == [
            ["法定代表人", "钱二川", "孙三江"],
            ["年度预算（元）", "500,000", "600,000"],
        ]
        desk.say_yes(found)
        desk.work()
        assert only().legal_rep == "孙三江"


class TestRefusals:
    def test_one_that_registered_by_itself_is_not_changed(self, desk: Desk) -> None:
        made, _agent = make_organisation(
            verified=False, region="130722", org_type=OrganisationType.ASSOCIATION
        )
        found = desk.preview(KIND, [organisation(uscc=made.uscc)])
        assert "资料由它自己改" in said(found)[0]

    def test_one_of_elsewhere_is_refused(self, desk: Desk) -> None:
        found = desk.preview(KIND, [organisation(registration_region="康保县")])
        assert said(found) == ["不在您这里登记的组织，不能由您录入"]

    def test_a_name_that_several_places_bear_asks_for_the_city(self, client: FlaskClient) -> None:
        found = Desk.preview(
            _desk(client, "13"), KIND, [organisation(registration_region="桥西区")]
        )
        assert "连市名一起写" in said(found)[0]

    def test_a_wrong_check_digit_stands_at_the_code(self, desk: Desk) -> None:
        code = str(organisation()["uscc"])
        wrong = code[:-1] + ("0" if code[-1] != "0" else "1")
        found = desk.preview(KIND, [organisation(uscc=wrong)])
        (problem,) = rows_of(found)[0].problems
        assert problem["key"] == "uscc"
        assert "校验码" in problem["why"]

    def test_the_same_one_twice_in_a_file_is_refused(self, desk: Desk) -> None:
        found = desk.preview(KIND, [organisation(), organisation(2), organisation()])
        assert found.counts == {"new": 1, "bad": 1}
        assert rows_of(found, RowState.BAD)[0].problems[0]["row"] == 4

    def test_the_verb_refuses_once_somebody_verified_it(self, desk: Desk) -> None:
        desk.bring_in(KIND, [organisation()])
        entered, second = only(), actor_for(make_officer())
        verify_organisation(actor=second, organisation=entered, version=entered.version)
        db.session.commit()
        with pytest.raises(Conflict):
            amend_organisation(
                actor=actor_for(desk.officer),
                organisation=entered,
                version=entered.version,
                details=OrganisationDetails(
                    **{
                        name: getattr(entered, name)
                        for name in OrganisationDetails.__dataclass_fields__
                    }
                ),
            )

    def test_nobody_who_wrote_on_it_verifies_it(self, desk: Desk, client: FlaskClient) -> None:
        desk.bring_in(KIND, [organisation()])
        colleague = _desk(client, "130722")
        colleague.bring_in(KIND, [organisation(legal_rep="孙三江")])
        entered = only()
        for officer in (desk.officer, colleague.officer):
            with pytest.raises(Forbidden):
                verify_organisation(
                    actor=actor_for(officer), organisation=entered, version=entered.version
                )
        third = actor_for(make_officer())
        verify_organisation(actor=third, organisation=entered, version=entered.version)
        db.session.commit()

    def test_one_verified_after_the_preview_is_overtaken(self, desk: Desk) -> None:
        desk.bring_in(KIND, [organisation()])
        found = desk.preview(KIND, [organisation(legal_rep="孙三江")])
        entered, second = only(), actor_for(make_officer())
        verify_organisation(actor=second, organisation=entered, version=entered.version)
        db.session.commit()
        desk.say_yes(found)
        desk.work()
        assert rows_of(found)[0].status is RowState.REFUSED
        assert only().legal_rep == "钱二川"


def _desk(client: FlaskClient, region: str) -> Desk:
    from tests.imports.conftest import desk_of

    return desk_of(client, make_officer(region))
