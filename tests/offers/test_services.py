"""Verbs of offers on a real database: what each does, and what it refuses."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from matchplatform.access.actor import VISITOR
from matchplatform.accounts.models import User
from matchplatform.audit.models import AuditEntry
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import (
    AskAgain,
    Conflict,
    Forbidden,
    Hidden,
    IllegalMove,
    InvalidInput,
    NotFound,
    StaleVersion,
)
from matchplatform.kernel.outbox import OutboxEntry
from matchplatform.offers import services
from matchplatform.offers.details import LONGEST_NOTE, OfferDetails
from matchplatform.offers.models import SupplyOffer
from matchplatform.offers.queries import (
    Wanted,
    count_standing_of,
    count_usable,
    get_offer,
    get_own_offer,
    list_found,
    list_own,
    page_found,
)
from matchplatform.offers.services import TOPIC, close_offer, edit_offer, publish_offer
from matchplatform.offers.states import OfferOutcome, OfferState
from matchplatform.organisations.models import Organisation
from matchplatform.organisations.rulings import rule_on_organisation
from matchplatform.organisations.states import OrganisationAction
from matchplatform.projects.states import LineKind
from tests.factories import (
    actor_for,
    make_admin,
    make_auditor,
    make_officer,
    make_organisation,
)
from tests.offers.making import details, make_offer

WHY = "年内的款都已经拨出去了"


@pytest.fixture
def own(db_session: Flask) -> tuple[Organisation, User]:
    """A verified organisation with its agent."""
    return make_organisation()


def publish(own: tuple[Organisation, User], *, confirmed: bool = False, **more: Any) -> SupplyOffer:
    """Publish and commit; roll back what was refused."""
    organisation, agent = own
    try:
        offer = publish_offer(
            actor=actor_for(agent),
            organisation=organisation,
            details=details(**more),
            confirmed=confirmed,
        )
    except Exception:
        db.session.rollback()
        raise
    db.session.commit()
    return offer


def refused(kind: type[Exception], verb: Callable[..., object], **given: Any) -> Exception:
    """Return what a verb refused with, after putting everything back."""
    with pytest.raises(kind) as error:
        verb(**given)
    db.session.rollback()
    return error.value


def rule(organisation: Organisation, action: OrganisationAction) -> None:
    """Let its verifier rule upon an organisation, and commit."""
    rule_on_organisation(
        actor=actor_for(make_officer("11")),
        organisation=organisation,
        version=organisation.version,
        action=action,
        reason="没有按时报送年报",
    )
    db.session.commit()


def actions() -> list[str]:
    """List what was done about offers, in order."""
    return list(
        db.session.scalars(
            select(AuditEntry.action)
            .where(AuditEntry.subject_type == "offer")
            .order_by(AuditEntry.seq)
        )
    )


def wrong_fields(own: tuple[Organisation, User], **more: Any) -> set[str]:
    """Return at which fields a publication is refused."""
    with pytest.raises(InvalidInput) as error:
        publish(own, **more)
    assert db.session.scalar(select(func.count(SupplyOffer.id))) == 0
    return set(error.value.fields)


def questions(own: tuple[Organisation, User], **more: Any) -> str:
    """Return what is asked again before a publication."""
    with pytest.raises(AskAgain) as error:
        publish(own, **more)
    return " ".join(str(words) for words in error.value.questions)


class TestPublish:
    def test_it_stands_is_in_the_trail_and_the_worker_hears_of_it(
        self, own: tuple[Organisation, User]
    ) -> None:
        offer = publish(
            own, sectors=("health", "care"), regions=("130722", "130600"), note=" 全新 "
        )
        db.session.expire_all()
        assert (offer.status, offer.standing, offer.note) == (OfferState.OPEN, "open", "全新")
        assert (offer.sectors, offer.regions) == (["care", "health"], ["130600", "130722"])
        assert offer.quantity == 10
        assert offer.unit == "辆"
        assert offer.value == 8000
        assert offer.created_by_id == own[1].id
        assert actions() == ["offer.publish"]
        told = db.session.scalars(select(OutboxEntry).where(OutboxEntry.topic == TOPIC)).all()
        assert [entry.payload for entry in told] == [{"offer_id": offer.id}]

    def test_money_is_kept_in_yuan_whatever_unit_was_meant(
        self, own: tuple[Organisation, User]
    ) -> None:
        money: dict[str, Any] = {"kind": LineKind.MONEY, "item": "助学款", "unit_price": Decimal(7)}
        offer = publish(own, quantity=Decimal("1.25"), unit="万元", **money)
        db.session.expire_all()
        assert offer.unit == "元"
        assert offer.quantity == 12500
        assert offer.unit_price == 1
        assert "unit" in wrong_fields_of(own, unit="美元", **money)

    def test_jobs_have_no_price(self, own: tuple[Organisation, User]) -> None:
        offer = publish(own, kind=LineKind.JOBS, item="缝纫工", unit="名")
        assert offer.unit_price is None
        assert offer.value is None

    @pytest.mark.parametrize(
        ("more", "field"),
        [
            ({"item": "  "}, "item"),
            ({"item": "长" * 61}, "item"),
            ({"unit": ""}, "unit"),
            ({"unit": "很长很长很长很长很长的单位"}, "unit"),
            ({"quantity": Decimal(0)}, "quantity"),
            ({"quantity": Decimal("1.5")}, "quantity"),
            ({"quantity": Decimal(10**9 + 1), "unit_price": None}, "quantity"),
            ({"quantity": Decimal("1.0001"), "unit": "吨"}, "quantity"),
            ({"unit_price": Decimal(-1)}, "unit_price"),
            ({"unit_price": Decimal("0.001")}, "unit_price"),
            ({"unit_price": Decimal(10**9)}, "unit_price"),
            ({"valid_until": clock.today() - timedelta(days=1)}, "valid_until"),
            ({"valid_until": clock.today() + timedelta(days=800)}, "valid_until"),
            ({"sectors": ("magic",)}, "sectors"),
            ({"regions": ("110101",)}, "regions"),
            ({"note": "字" * (LONGEST_NOTE + 1)}, "note"),
            ({"note": "找李某，11010519491231002X"}, "note"),
        ],
    )
    def test_each_field_has_its_words(
        self, own: tuple[Organisation, User], more: dict[str, Any], field: str
    ) -> None:
        assert wrong_fields(own, **more) == {field}

    def test_only_members_of_an_organisation_that_may_claim(
        self, own: tuple[Organisation, User]
    ) -> None:
        organisation, _agent = own
        _other, stranger = make_organisation()
        people = [
            actor_for(user) for user in (stranger, make_officer(), make_auditor(), make_admin())
        ]
        for actor in (VISITOR, *people):
            refused(
                Forbidden,
                publish_offer,
                actor=actor,
                organisation=organisation,
                details=details(),
            )
        waiting = make_organisation(verified=False)
        with pytest.raises(Conflict, match="核验"):
            publish(waiting)
        rule(organisation, OrganisationAction.RESTRICT)
        with pytest.raises(Conflict, match="异常名录"):
            publish(own)
        assert actions() == []

    def test_there_are_not_too_many_standing(
        self, own: tuple[Organisation, User], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(services, "MOST_STANDING", 1)
        publish(own)
        with pytest.raises(Conflict, match="先结束不用的"):
            publish(own, item="护理床", unit="张")


class TestAskAgain:
    def test_a_few_yuan_may_be_ten_thousands(self, own: tuple[Organisation, User]) -> None:
        money: dict[str, Any] = {
            "kind": LineKind.MONEY,
            "item": "助学款",
            "unit": "元",
            "unit_price": None,
        }
        asked = questions(own, quantity=Decimal(50), **money)
        assert "是不是想填 50 万元（500,000 元）" in asked
        assert publish(own, confirmed=True, quantity=Decimal(50), **money).quantity == 50

    def test_more_than_a_years_budget(self, own: tuple[Organisation, User]) -> None:
        asked = questions(own, quantity=Decimal(3000), unit_price=Decimal(1000))
        assert "300.00 万元，超过贵会全年预算 200.00 万元" in asked

    def test_tons_for_kilograms(self, own: tuple[Organisation, User]) -> None:
        apples: dict[str, Any] = {"kind": LineKind.PURCHASE, "item": "苹果", "unit_price": None}
        assert "合 5,000 吨" in questions(own, quantity=Decimal(5000), unit="吨", **apples)
        assert publish(own, quantity=Decimal(5000), unit="公斤", **apples).unit == "公斤"

    def test_a_price_for_another_unit(self, own: tuple[Organisation, User]) -> None:
        apples: dict[str, Any] = {"kind": LineKind.PURCHASE, "item": "苹果", "quantity": Decimal(5)}
        asked = questions(own, unit="吨", unit_price=Decimal(6), **apples)
        assert "合每公斤 0.006 元" in asked
        assert publish(own, unit="吨", unit_price=Decimal(6000), **apples).value == 30000

    def test_the_same_item_twice(self, own: tuple[Organisation, User]) -> None:
        first = publish(own)
        assert "已经有一份“轮椅”" in questions(own, item=" 轮椅 ")
        publish(own, item="护理床", unit="张")
        close_offer(
            actor=actor_for(own[1]),
            offer=first,
            version=first.version,
            outcome=OfferOutcome.WITHDRAWN,
            reason=WHY,
        )
        db.session.commit()
        publish(own)
        make_offer(*make_organisation())
        assert db.session.scalar(select(func.count(SupplyOffer.id))) == 4


class TestEdit:
    def edit(self, own: tuple[Organisation, User], offer: SupplyOffer, **more: Any) -> SupplyOffer:
        """Edit and commit."""
        typed: OfferDetails = more.pop("details", details(**more))
        edit_offer(actor=actor_for(own[1]), offer=offer, version=offer.version, details=typed)
        db.session.commit()
        return offer

    def test_it_writes_anew_and_does_not_ask_about_itself(
        self, own: tuple[Organisation, User]
    ) -> None:
        offer = publish(own)
        self.edit(own, offer, quantity=Decimal(12))
        assert offer.quantity == 12
        assert offer.version == 2
        assert actions() == ["offer.publish", "offer.edit"]
        told = select(func.count(OutboxEntry.id)).where(OutboxEntry.topic == TOPIC)
        assert db.session.scalar(told) == 1

    def test_what_has_run_out_can_stand_longer(self, own: tuple[Organisation, User]) -> None:
        offer = publish(own)
        with clock.set_clock(clock.now() + timedelta(days=100)):
            assert offer.standing == "expired"
            assert count_standing_of(own[0].id) == 0
            self.edit(own, offer)
            assert offer.standing == "open"

    def test_each_refusal(self, own: tuple[Organisation, User]) -> None:
        offer = publish(own)
        mine, version, written = actor_for(own[1]), offer.version, details()
        _other, stranger = make_organisation()
        given: dict[str, Any] = {
            "actor": mine,
            "offer": offer,
            "version": version,
            "details": written,
        }
        refused(StaleVersion, edit_offer, **{**given, "version": version - 1})
        for user in (stranger, make_officer(), make_auditor()):
            refused(Forbidden, edit_offer, **{**given, "actor": actor_for(user)})
        few = replace(written, quantity=Decimal(0))
        refused(InvalidInput, edit_offer, **{**given, "details": few})
        much = replace(written, quantity=Decimal(9000))
        refused(AskAgain, edit_offer, **{**given, "details": much})
        make_offer(*own, item="护理床", unit="张")
        refused(AskAgain, edit_offer, **{**given, "details": replace(written, item="护理床")})
        close_offer(**close_with(own, offer))
        db.session.commit()
        refused(IllegalMove, edit_offer, **{**given, "version": offer.version})

    def test_a_suspended_organisation_ends_but_does_not_edit(
        self, own: tuple[Organisation, User]
    ) -> None:
        offer = publish(own)
        rule(own[0], OrganisationAction.SUSPEND)
        assert not offer.is_usable
        with pytest.raises(Conflict, match="暂停"):
            self.edit(own, offer)
        db.session.rollback()
        close_offer(**close_with(own, offer))
        db.session.commit()
        assert offer.status is OfferState.CLOSED


def close_with(own: tuple[Organisation, User], offer: SupplyOffer, **more: Any) -> dict[str, Any]:
    """Return what closing an offer is called with."""
    return {
        "actor": actor_for(own[1]),
        "offer": offer,
        "version": offer.version,
        "outcome": OfferOutcome.ELSEWHERE,
        "reason": WHY,
        **more,
    }


def wrong_fields_of(own: tuple[Organisation, User], **more: Any) -> set[str]:
    """Return at which fields a publication is refused, whatever stands already."""
    with pytest.raises(InvalidInput) as error:
        publish(own, **more)
    return set(error.value.fields)


class TestClose:
    def test_it_keeps_how_and_why(self, own: tuple[Organisation, User]) -> None:
        offer = publish(own)
        close_offer(**close_with(own, offer))
        db.session.commit()
        db.session.expire_all()
        assert (offer.standing, offer.outcome, offer.reason) == (
            "closed",
            OfferOutcome.ELSEWHERE,
            WHY,
        )
        assert actions() == ["offer.publish", "offer.close"]

    def test_each_refusal(self, own: tuple[Organisation, User]) -> None:
        offer = publish(own)
        _other, stranger = make_organisation()
        for user in (stranger, make_officer(), make_auditor(), make_admin()):
            refused(Forbidden, close_offer, **close_with(own, offer, actor=actor_for(user)))
        refused(StaleVersion, close_offer, **close_with(own, offer, version=offer.version - 1))
        refused(InvalidInput, close_offer, **close_with(own, offer, reason="短"))
        close_offer(**close_with(own, offer))
        db.session.commit()
        refused(IllegalMove, close_offer, **close_with(own, offer))
        assert actions() == ["offer.publish", "offer.close"]


class TestReads:
    def test_an_organisation_sees_its_own_and_nobody_elses(
        self, own: tuple[Organisation, User]
    ) -> None:
        other, stranger = make_organisation()
        mine, theirs = make_offer(*own), make_offer(other, stranger)
        actor = actor_for(own[1])
        assert list_own(actor, own[0], 1).items == [mine]
        assert get_own_offer(actor, mine.id) is mine
        with pytest.raises(Hidden):
            get_own_offer(actor, theirs.id)
        with pytest.raises(NotFound):
            get_own_offer(actor, 999)
        with pytest.raises(Forbidden):
            list_own(actor, other, 1)
        with pytest.raises(Hidden):
            get_offer(actor, mine.id)
        with pytest.raises(Forbidden):
            list_found(actor, Wanted())

    def test_officers_and_auditors_see_all_that_can_be_used(
        self, own: tuple[Organisation, User]
    ) -> None:
        ended, kept = make_offer(*own), make_offer(*own, item="护理床", unit="张")
        short = make_offer(*own, item="电脑", unit="台", valid_until=clock.today())
        suspended = make_organisation()
        gone = make_offer(*suspended)
        close_offer(**close_with(own, ended))
        rule(suspended[0], OrganisationAction.SUSPEND)
        for user in (
            make_officer("130826"),
            make_officer("11"),
            make_officer("13"),
            make_auditor(),
        ):
            actor = actor_for(user)
            assert list_found(actor, Wanted()) == [short, kept]
            assert count_usable(actor) == 2
            assert get_offer(actor, gone.id).hindrance == "已被暂停办理"
            assert "结束" in str(get_offer(actor, ended.id).hindrance)
        with clock.set_clock(clock.now() + timedelta(days=1)):
            assert list_found(actor, Wanted()) == [kept]
            assert "有效期" in str(short.hindrance)
        for user in (make_admin(), own[1]):
            with pytest.raises(Forbidden):
                count_usable(actor_for(user))

    @pytest.mark.parametrize(
        ("wanted", "found"),
        [
            (Wanted(words="轮椅"), {"轮椅"}),
            (Wanted(words="全新 轮"), {"轮椅"}),
            (Wanted(words="没有"), set()),
            (Wanted(words="%"), set()),
            (Wanted(kind="purchase"), {"苹果"}),
            (Wanted(sector="care"), {"轮椅", "苹果"}),
            (Wanted(sector="industry"), {"苹果"}),
            (Wanted(region="130722"), {"轮椅", "苹果"}),
            (Wanted(region="130723"), {"苹果"}),
            (Wanted(region="130624"), {"苹果", "助学款"}),
            (Wanted(region="130700"), {"轮椅", "苹果"}),
            (Wanted(kind="money", region="130722"), set()),
        ],
    )
    def test_filters(self, own: tuple[Organisation, User], wanted: Wanted, found: set[str]) -> None:
        make_offer(*own, sectors=("care",), regions=("130722",), note="全新未拆封")
        make_offer(*own, kind=LineKind.PURCHASE, item="苹果", unit="吨", unit_price=None)
        make_offer(
            *own,
            kind=LineKind.MONEY,
            item="助学款",
            unit="元",
            sectors=("education",),
            regions=("130600",),
        )
        actor = actor_for(make_officer())
        assert {offer.item for offer in list_found(actor, wanted)} == found
        assert page_found(actor, wanted, 9).total == len(found)
