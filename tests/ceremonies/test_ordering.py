import pytest

from matchplatform.ceremonies import agenda, ordering
from matchplatform.ceremonies.agenda import ItemDetails
from matchplatform.ceremonies.intake import add_claims
from matchplatform.ceremonies.models import Ceremony
from matchplatform.ceremonies.queries import list_main_entries, read_timetable
from matchplatform.ceremonies.states import AgendaKind, Grouping
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Conflict, Forbidden, InvalidInput, NotFound, StaleVersion
from tests.ceremonies.planning import make_accepted, make_ceremony, make_list, make_organiser
from tests.factories import actor_for, make_officer

pytestmark = pytest.mark.usefixtures("db_session")


def order_of(ceremony: Ceremony) -> list[int]:
    return [entry.id for entry in list_main_entries(ceremony.id)]


class TestSetOrder:
    def test_the_list_stands_as_it_was_dragged(self) -> None:
        actor = make_organiser()
        ceremony = make_ceremony(actor)
        seen = make_list(actor, ceremony)
        wanted = [seen[2], seen[0], seen[1]]
        ordering.set_order(actor=actor, ceremony=ceremony, seen=seen, order=wanted)
        db.session.commit()
        assert order_of(ceremony) == wanted

    def test_an_order_that_was_overtaken_is_refused(self) -> None:
        actor = make_organiser()
        ceremony = make_ceremony(actor)
        seen = make_list(actor, ceremony)
        turned = list(reversed(seen))
        ordering.set_order(actor=actor, ceremony=ceremony, seen=seen, order=turned)
        db.session.commit()
        with pytest.raises(StaleVersion):
            ordering.set_order(actor=actor, ceremony=ceremony, seen=seen, order=seen)
        db.session.rollback()
        assert order_of(ceremony) == turned

    @pytest.mark.parametrize("order", [[], [1, 1, 2], [1, 2, 99]])
    def test_an_order_of_other_things_is_refused(self, order: list[int]) -> None:
        actor = make_organiser()
        ceremony = make_ceremony(actor)
        seen = make_list(actor, ceremony)
        with pytest.raises(StaleVersion):
            ordering.set_order(actor=actor, ceremony=ceremony, seen=seen, order=order)
        db.session.rollback()

    def test_only_organisers_order(self) -> None:
        actor = make_organiser()
        ceremony = make_ceremony(actor)
        with pytest.raises(Forbidden):
            ordering.set_order(
                actor=actor_for(make_officer()), ceremony=ceremony, seen=[], order=[]
            )


class TestMoveEntry:
    def test_one_goes_to_a_place(self) -> None:
        actor = make_organiser()
        ceremony = make_ceremony(actor)
        a, b, c = seen = make_list(actor, ceremony)
        ordering.move_entry(actor=actor, ceremony=ceremony, entry_id=c, place=1, seen=seen)
        db.session.commit()
        assert order_of(ceremony) == [c, a, b]

    def test_what_is_not_listed_is_not_found(self) -> None:
        actor = make_organiser()
        ceremony = make_ceremony(actor)
        with pytest.raises(NotFound):
            ordering.move_entry(actor=actor, ceremony=ceremony, entry_id=9, place=1, seen=[1])


class TestGroups:
    def test_cities_come_together_and_move_as_one(self) -> None:
        actor = make_organiser()
        ceremony = make_ceremony(actor, stage_slots=4)
        claims = [make_accepted(region) for region in ("130722", "130826", "130722")]
        entries = add_claims(
            actor=actor, ceremony=ceremony, claim_ids=[claim.id for claim in claims]
        ).entries
        a, b, c = (entry.id for entry in entries)
        ordering.group_list(actor=actor, ceremony=ceremony, grouping=Grouping.CITY, seen=[a, b, c])
        db.session.commit()
        assert order_of(ceremony) == [a, c, b]
        assert read_timetable(ceremony).rounds == 2
        ordering.move_group(actor=actor, ceremony=ceremony, group="1308", up=True, seen=[a, c, b])
        db.session.commit()
        assert order_of(ceremony) == [b, a, c]


class TestAgenda:
    def item(self, **changes: object) -> ItemDetails:
        whole = {"kind": AgendaKind.SPEECH, "title": "致辞", "speaker": "", "minutes": 10}
        return ItemDetails(**(whole | changes))  # type: ignore[arg-type]

    def test_items_are_added_changed_moved_and_dropped(self) -> None:
        actor = make_organiser()
        ceremony = make_ceremony(actor)
        item = agenda.add_item(
            actor=actor, ceremony=ceremony, details=self.item(title="受益学校发言")
        )
        agenda.move_item(actor=actor, ceremony=ceremony, item_id=item.id, up=True)
        agenda.change_item(
            actor=actor, ceremony=ceremony, item_id=item.id, details=self.item(minutes=5)
        )
        db.session.commit()
        assert [each.minutes for each in ceremony.agenda] == [5, 10, 0, 5, 10]
        agenda.drop_item(actor=actor, ceremony=ceremony, item_id=item.id)
        db.session.commit()
        assert [each.position for each in ceremony.agenda] == [1, 2, 3, 4]

    def test_there_is_one_signing_and_it_stays(self) -> None:
        actor = make_organiser()
        ceremony = make_ceremony(actor)
        signing = next(each for each in ceremony.agenda if each.kind is AgendaKind.SIGNING)
        with pytest.raises(Conflict):
            agenda.drop_item(actor=actor, ceremony=ceremony, item_id=signing.id)
        db.session.rollback()
        with pytest.raises(Conflict):
            agenda.add_item(
                actor=actor, ceremony=ceremony, details=self.item(kind=AgendaKind.SIGNING)
            )
        db.session.rollback()
        agenda.change_item(
            actor=actor, ceremony=ceremony, item_id=signing.id, details=self.item(title="上台签约")
        )
        db.session.commit()
        assert (signing.kind, signing.minutes) == (AgendaKind.SIGNING, 0)

    @pytest.mark.parametrize(
        ("field", "changes"),
        [("title", {"title": ""}), ("minutes", {"minutes": 481}), ("minutes", {"minutes": -1})],
    )
    def test_it_names_what_is_wrong(self, field: str, changes: dict[str, object]) -> None:
        actor = make_organiser()
        ceremony = make_ceremony(actor)
        with pytest.raises(InvalidInput) as refused:
            agenda.add_item(actor=actor, ceremony=ceremony, details=self.item(**changes))
        assert set(refused.value.fields) == {field}
        db.session.rollback()
