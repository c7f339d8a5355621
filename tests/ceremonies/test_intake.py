from datetime import timedelta

import pytest

from matchplatform.ceremonies import intake, services
from matchplatform.ceremonies.hitches import find_hitches, find_room
from matchplatform.ceremonies.intake import Sought
from matchplatform.ceremonies.queries import list_guests, list_listed, list_main_entries
from matchplatform.ceremonies.states import EntryState, Grouping, GuestState
from matchplatform.claims.services import withdraw_claim
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Conflict, Forbidden, InvalidInput
from matchplatform.organisations.models import Membership
from tests.ceremonies.planning import (
    WHY,
    make_accepted,
    make_ceremony,
    make_guest,
    make_list,
    make_organiser,
    make_ready,
)
from tests.factories import actor_for, make_officer

pytestmark = pytest.mark.usefixtures("db_session")


class TestAdding:
    def test_accepted_claims_are_listed_in_the_order_of_their_numbers(self) -> None:
        actor = make_organiser()
        ceremony = make_ceremony(actor)
        claims = [make_accepted(), make_accepted()]
        added = intake.add_claims(
            actor=actor, ceremony=ceremony, claim_ids=[claim.id for claim in reversed(claims)]
        )
        db.session.commit()
        assert [entry.position for entry in added.entries] == [1, 2]
        listed = list_main_entries(ceremony.id)
        assert [entry.claim_id for entry in listed] == [claim.id for claim in claims]

    def test_a_claim_waits_at_one_ceremony_at_a_time(self) -> None:
        actor = make_organiser()
        first, second = make_ceremony(actor), make_ceremony(actor, title="丰宁签约大会")
        claim, other = make_accepted(), make_accepted()
        intake.add_claims(actor=actor, ceremony=first, claim_ids=[claim.id])
        db.session.commit()
        with pytest.raises(Conflict, match="张北"):
            intake.add_claims(actor=actor, ceremony=second, claim_ids=[claim.id])
        db.session.rollback()
        added = intake.add_claims(actor=actor, ceremony=second, claim_ids=[claim.id, other.id])
        db.session.commit()
        assert [entry.claim_id for entry in added.entries] == [other.id]
        assert [refused.id for refused, _why in added.refused] == [claim.id]

    def test_only_accepted_claims_are_listed(self) -> None:
        actor = make_organiser()
        ceremony = make_ceremony(actor)
        claim = make_accepted()
        intake.add_claims(actor=actor, ceremony=ceremony, claim_ids=[claim.id])
        db.session.commit()
        with pytest.raises(Conflict, match="已在本场名单上"):
            intake.add_claims(actor=actor, ceremony=ceremony, claim_ids=[claim.id])
        db.session.rollback()
        with pytest.raises(Conflict):
            intake.add_claims(actor=actor, ceremony=ceremony, claim_ids=[])
        db.session.rollback()

    def test_officers_do_not_list(self) -> None:
        ceremony = make_ceremony(make_organiser())
        with pytest.raises(Forbidden):
            intake.add_claims(actor=actor_for(make_officer()), ceremony=ceremony, claim_ids=[1])
        db.session.rollback()

    def test_a_new_claim_joins_its_group(self) -> None:
        actor = make_organiser()
        ceremony = make_ceremony(actor)
        first, other = make_accepted(), make_accepted("130826")
        intake.add_claims(actor=actor, ceremony=ceremony, claim_ids=[first.id, other.id])
        ceremony.grouping = Grouping.CITY
        db.session.commit()
        late = make_accepted()
        intake.add_claims(actor=actor, ceremony=ceremony, claim_ids=[late.id])
        db.session.commit()
        order = [entry.claim_id for entry in list_main_entries(ceremony.id)]
        assert order == [first.id, late.id, other.id]


class TestDropping:
    def test_it_wants_a_reason_and_leaves_the_claim_accepted(self) -> None:
        actor = make_organiser()
        ceremony = make_ceremony(actor)
        [first, second] = make_list(actor, ceremony, 2)
        with pytest.raises(InvalidInput):
            intake.drop_entry(actor=actor, ceremony=ceremony, entry_id=first, reason="")
        db.session.rollback()
        entry = intake.drop_entry(actor=actor, ceremony=ceremony, entry_id=first, reason=WHY)
        db.session.commit()
        assert entry.status is EntryState.DROPPED
        assert [each.id for each in list_listed(ceremony.id)] == [second]
        again = intake.add_claims(actor=actor, ceremony=ceremony, claim_ids=[entry.claim_id])
        db.session.commit()
        assert len(again.entries) == 1

    def test_what_is_listed_after_it_stands_at_the_end(self) -> None:
        actor = make_organiser()
        ceremony = make_ceremony(actor)
        [first, second, third] = make_list(actor, ceremony, 3)
        for entry_id in (first, second):
            intake.drop_entry(actor=actor, ceremony=ceremony, entry_id=entry_id, reason=WHY)
        [added] = intake.add_claims(
            actor=actor, ceremony=ceremony, claim_ids=[make_accepted().id]
        ).entries
        db.session.commit()
        assert [each.id for each in list_main_entries(ceremony.id)] == [third, added.id]


class TestLooking:
    def test_it_filters_by_place_sector_type_and_words(self) -> None:
        ceremony = make_ceremony(make_organiser())
        here, there = make_accepted(), make_accepted("130826")

        def found(**sought: str) -> list[int]:
            page = intake.list_candidates(ceremony, Sought(**sought), 1)
            return [claim.id for claim in page.items]

        assert found() == [here.id, there.id]
        assert found(region="1307") == [here.id]
        assert found(region="130826") == [there.id]
        assert found(sector="health") == []
        assert found(org_type="foundation") == [here.id, there.id]
        assert found(words=there.organisation.name) == [there.id]
        assert found(words=here.project.number) == [here.id]
        assert found(words="%") == []

    def test_after_a_postponement_what_was_listed_can_be_brought_back(self) -> None:
        actor = make_organiser()
        ceremony = make_ceremony(actor)
        make_list(actor, ceremony, 2)
        services.postpone_ceremony(
            actor=actor, ceremony=ceremony, version=ceremony.version, reason=WHY
        )
        db.session.commit()
        assert len(intake.list_freed_ids(ceremony)) == 2


class TestHitches:
    def words(self, ceremony: object, entry_id: int) -> list[str]:
        entries = list_listed(ceremony.id)  # type: ignore[attr-defined]
        hitches = find_hitches(ceremony, entries)[entry_id]  # type: ignore[arg-type]
        return [("! " if each.stops else "") + str(each.words) for each in hitches]

    def test_a_claim_without_an_agreement_stops_the_lock(self) -> None:
        actor = make_organiser()
        ceremony = make_ceremony(actor)
        claim = make_accepted()
        [entry] = intake.add_claims(actor=actor, ceremony=ceremony, claim_ids=[claim.id]).entries
        db.session.commit()
        assert any(each.startswith("! ") for each in self.words(ceremony, entry.id))

    def test_what_is_ready_only_wants_its_guest(self) -> None:
        actor = make_organiser()
        ceremony = make_ceremony(actor)
        [entry_id] = make_list(actor, ceremony, 1)
        [said] = self.words(ceremony, entry_id)
        assert "还没有邀请" in said
        assert not said.startswith("!")

    def test_a_certificate_that_runs_out_before_the_day_is_named(self) -> None:
        actor = make_organiser()
        ceremony = make_ceremony(actor)
        [entry_id] = make_list(actor, ceremony, 1)
        [entry] = list_listed(ceremony.id)
        make_guest(actor, ceremony, entry.claim.organisation)
        entry.claim.organisation.certificate_expires_on = ceremony.day - timedelta(days=1)
        db.session.commit()
        assert any("早于大会当天" in each for each in self.words(ceremony, entry_id))

    def test_an_organisation_without_a_signer_cannot_sign(self) -> None:
        actor = make_organiser()
        ceremony = make_ceremony(actor)
        [entry_id] = make_list(actor, ceremony, 1)
        for membership in db.session.query(Membership):
            membership.is_signer = False
        db.session.commit()
        assert any("没有签署人" in each for each in self.words(ceremony, entry_id))

    def test_another_ceremony_on_the_same_day_is_named(self) -> None:
        actor = make_organiser()
        ceremony = make_ceremony(actor)
        other = make_ceremony(actor, title="丰宁签约大会")
        [entry_id] = make_list(actor, ceremony, 1)
        [entry] = list_listed(ceremony.id)
        claim = make_ready()
        claim.organisation = entry.claim.organisation
        db.session.commit()
        intake.add_claims(actor=actor, ceremony=other, claim_ids=[claim.id])
        db.session.commit()
        assert any("丰宁签约大会" in each for each in self.words(ceremony, entry_id))

    def test_a_claim_that_was_withdrawn_says_so_and_nothing_else(self) -> None:
        actor = make_organiser()
        ceremony = make_ceremony(actor)
        [entry_id] = make_list(actor, ceremony, 1)
        [entry] = list_listed(ceremony.id)
        agent = (
            db.session.query(Membership)
            .filter_by(organisation_id=entry.claim.organisation_id)
            .one()
        )
        withdraw_claim(
            actor=actor_for(agent.user), claim=entry.claim, version=entry.claim.version, reason=WHY
        )
        db.session.commit()
        assert self.words(ceremony, entry_id) == ["! 社会组织已撤回认领"]

    def test_more_people_than_the_hall_holds_are_named(self) -> None:
        actor = make_organiser()
        ceremony = make_ceremony(actor, capacity=1)
        for unit in ("东水泉村", "西水泉村"):
            guest = make_guest(actor, ceremony, unit=unit)
            guest.status = GuestState.ACCEPTED
            guest.answered_at = clock.now()
        db.session.commit()
        room = find_room(ceremony, list_guests(ceremony.id))
        assert room is not None
        assert "2 人" in str(room.words)
