from datetime import timedelta

import pytest

from matchplatform.access.actor import Role
from matchplatform.audit.queries import list_history
from matchplatform.ceremonies import services
from matchplatform.ceremonies.models import Ceremony, CeremonyEntry, CeremonySnapshot
from matchplatform.ceremonies.queries import list_listed
from matchplatform.ceremonies.states import AgendaKind, CeremonyState, EntryState
from matchplatform.claims.states import ClaimState
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Forbidden, IllegalMove, InvalidInput, StaleVersion
from matchplatform.kernel.outbox import OutboxEntry
from tests.ceremonies.planning import (
    WHY,
    details,
    make_ceremony,
    make_guest,
    make_list,
    make_organiser,
)
from tests.factories import actor_for, make_officer, make_organisation, make_user

pytestmark = pytest.mark.usefixtures("db_session")


class TestOpening:
    def test_it_is_planned_with_an_agenda_that_has_one_signing(self) -> None:
        ceremony = make_ceremony(make_organiser(), announced=False)
        assert ceremony.status is CeremonyState.PLANNING
        assert [item.kind for item in ceremony.agenda].count(AgendaKind.SIGNING) == 1
        assert len(ceremony.hall_token) >= 32
        assert list_history("ceremony", ceremony.id)[0].action == "ceremony.open"

    @pytest.mark.parametrize("role", [Role.AGENT, Role.AUDITOR, Role.ADMIN, Role.RECEIVER])
    def test_only_organisers_plan(self, role: Role) -> None:
        with pytest.raises(Forbidden):
            services.open_ceremony(actor=actor_for(make_user(role)), details=details())

    def test_officers_do_not_plan_either(self) -> None:
        with pytest.raises(Forbidden):
            services.open_ceremony(actor=actor_for(make_officer()), details=details())

    @pytest.mark.parametrize(
        ("field", "changes"),
        [
            ("title", {"title": " "}),
            ("title", {"title": "大" * 81}),
            ("place", {"place": ""}),
            ("region_code", {"region_code": "110101"}),
            ("capacity", {"capacity": 0}),
            ("stage_slots", {"stage_slots": 21}),
            ("round_minutes", {"round_minutes": 0}),
            ("contact", {"contact": "110101199001011237"}),
        ],
    )
    def test_it_refuses_what_cannot_be_and_names_the_field(
        self, field: str, changes: dict[str, object]
    ) -> None:
        with pytest.raises(InvalidInput) as refused:
            services.open_ceremony(actor=make_organiser(), details=details(**changes))
        assert set(refused.value.fields) == {field}

    def test_it_refuses_a_day_that_has_passed_and_an_answer_after_the_day(self) -> None:
        with pytest.raises(InvalidInput) as past:
            services.open_ceremony(
                actor=make_organiser(), details=details(starts_at=clock.now() - timedelta(hours=1))
            )
        assert "day" in past.value.fields
        with pytest.raises(InvalidInput) as late:
            services.open_ceremony(
                actor=make_organiser(),
                details=details(answer_by=clock.today() + timedelta(days=31)),
            )
        assert "answer_by" in late.value.fields


class TestChanging:
    def test_a_stale_page_is_refused(self) -> None:
        actor = make_organiser()
        ceremony = make_ceremony(actor)
        with pytest.raises(StaleVersion):
            services.change_ceremony(actor=actor, ceremony=ceremony, version=1, details=details())
        db.session.rollback()

    def test_the_invited_are_told_of_another_day(self) -> None:
        actor = make_organiser()
        ceremony = make_ceremony(actor)
        organisation, agent = make_organisation()
        make_guest(actor, ceremony, organisation)
        before = db.session.query(OutboxEntry).count()
        later = details(starts_at=ceremony.starts_at + timedelta(days=1))
        services.change_ceremony(
            actor=actor, ceremony=ceremony, version=ceremony.version, details=later
        )
        db.session.commit()
        told = db.session.query(OutboxEntry).order_by(OutboxEntry.id.desc()).first()
        assert told is not None
        assert db.session.query(OutboxEntry).count() == before + 1
        assert told.payload["user_ids"] == [agent.id]
        assert told.payload["url"] == f"/my/ceremonies/{ceremony.id}"

    def test_a_slip_in_the_contact_disturbs_nobody(self) -> None:
        actor = make_organiser()
        ceremony = make_ceremony(actor)
        make_guest(actor, ceremony, make_organisation()[0])
        before = db.session.query(OutboxEntry).count()
        services.change_ceremony(
            actor=actor,
            ceremony=ceremony,
            version=ceremony.version,
            details=details(contact="省民政厅社会组织处"),
        )
        db.session.commit()
        assert db.session.query(OutboxEntry).count() == before


class TestPuttingOff:
    def test_its_claims_fall_back_and_may_be_listed_again(self) -> None:
        actor = make_organiser()
        ceremony = make_ceremony(actor)
        make_list(actor, ceremony, 2)
        services.postpone_ceremony(
            actor=actor, ceremony=ceremony, version=ceremony.version, reason=WHY
        )
        db.session.commit()
        entries = db.session.query(CeremonyEntry).all()
        assert {entry.status for entry in entries} == {EntryState.FREED}
        assert {entry.claim.status for entry in entries} == {ClaimState.ACCEPTED}
        assert ceremony.status is CeremonyState.POSTPONED
        assert list_listed(ceremony.id) == []

    def test_it_wants_a_reason(self) -> None:
        actor = make_organiser()
        ceremony = make_ceremony(actor)
        with pytest.raises(InvalidInput):
            services.cancel_ceremony(
                actor=actor, ceremony=ceremony, version=ceremony.version, reason=" "
            )
        db.session.rollback()

    def test_a_new_day_opens_the_intake_again_and_keeps_its_guests(self) -> None:
        actor = make_organiser()
        ceremony = make_ceremony(actor)
        guest = make_guest(actor, ceremony, make_organisation()[0])
        services.postpone_ceremony(
            actor=actor, ceremony=ceremony, version=ceremony.version, reason=WHY
        )
        db.session.commit()
        services.reschedule_ceremony(
            actor=actor,
            ceremony=ceremony,
            version=ceremony.version,
            details=details(starts_at=clock.now() + timedelta(days=60)),
        )
        db.session.commit()
        assert ceremony.status is CeremonyState.INTAKE
        assert ceremony.reason == ""
        assert guest.status == "invited"

    def test_a_cancelled_one_stays_cancelled(self) -> None:
        actor = make_organiser()
        ceremony = make_ceremony(actor)
        services.cancel_ceremony(
            actor=actor, ceremony=ceremony, version=ceremony.version, reason=WHY
        )
        db.session.commit()
        with pytest.raises(IllegalMove):
            services.open_intake(actor=actor, ceremony=ceremony, version=ceremony.version)
        db.session.rollback()
        assert db.session.query(CeremonySnapshot).count() == 0
        assert db.session.get_one(Ceremony, ceremony.id).ended_at is not None
