"""An accepted claim is signed: what follows, and what can be undone."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

import pytest
from flask import Flask
from flask.testing import FlaskClient

from matchplatform.access.actor import Actor, Role
from matchplatform.accounts.models import User
from matchplatform.audit.queries import list_history
from matchplatform.claims import services
from matchplatform.claims.capacity import read_capacity
from matchplatform.claims.handover import list_open_items
from matchplatform.claims.models import Claim
from matchplatform.claims.promises import sum_promises
from matchplatform.claims.queries import (
    find_breaches,
    list_ended_of,
    list_held_of,
    list_on_project,
    list_open_of,
    list_past_project_ids,
    sum_claimed,
)
from matchplatform.claims.release import ask_release, release_claim
from matchplatform.claims.requests import find_open_request, list_long_unsigned
from matchplatform.claims.signed import list_all_signed_of, list_newest_signed, list_signed_of
from matchplatform.claims.signing import sign_claim, unsign_claim
from matchplatform.claims.states import ClaimState
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import (
    Conflict,
    Forbidden,
    IllegalMove,
    InvalidInput,
    StaleVersion,
)
from matchplatform.organisations.states import OrganisationAction
from matchplatform.projects.services import close_project
from matchplatform.projects.states import CloseOutcome
from tests.claims.conftest import Scene, assert_clean
from tests.claims.test_after_rulings import rule
from tests.claims.test_joint import confirm, three
from tests.factories import actor_for, make_officer, make_user, sign_in

WHY = "会上念错了名字，要重签。"


@dataclass
class Signing:
    """A scene in which a claim was accepted, and an organiser."""

    scene: Scene
    claim: Claim
    organiser: Actor

    def sign(self) -> Claim:
        """Sign and commit."""
        claim = sign_claim(actor=self.organiser, claim=self.claim, signed_at=clock.now())
        db.session.commit()
        return claim

    def undo(self) -> Claim:
        """Take the signature back and commit."""
        claim = unsign_claim(actor=self.organiser, claim=self.claim, reason=WHY)
        db.session.commit()
        return claim


def accepted(scene: Scene, claim: Claim) -> Claim:
    """Bring a reservation so far that it can be signed."""
    services.submit_claim(actor=scene.agent, claim=claim, version=claim.version, message="")
    services.accept_claim(actor=scene.officer, claim=claim, version=claim.version)
    db.session.commit()
    return claim


@pytest.fixture
def signing(scene: Scene) -> Signing:
    """Ten quilts and 500 yuan, accepted."""
    claim = accepted(scene, scene.reserve({"取暖款": "500", "被褥": "10"}))
    return Signing(scene, claim, actor_for(make_user(Role.ORGANISER)))


class TestSign:
    def test_it_is_a_promise_that_still_holds_its_quantities(self, signing: Signing) -> None:
        claim = signing.sign()
        assert claim.status is ClaimState.SIGNED
        assert claim.signed_at is not None
        assert (claim.holds, claim.is_open, claim.is_silent) == (True, False, False)
        assert signing.scene.held("被褥") == 10
        entry = list_history("claim", claim.id)[0]
        assert (entry.action, entry.detail["status"]) == ("claim.sign", "signed")
        assert_clean()

    def test_it_counts_as_signed_and_no_longer_as_intended(self, signing: Signing) -> None:
        scene = signing.scene
        money, quilts = scene.ids("取暖款", "被褥")
        signing.sign()
        scene.other().reserve({"被褥": "12"})
        claimed = sum_claimed()
        assert claimed.signed == {money: Decimal(500), quilts: Decimal(10)}
        assert claimed.intended == {quilts: Decimal(12)}
        line = next(line for line in scene.project.lines if line.id == quilts)
        figures = claimed.of(line)
        assert [figures.intended, figures.signed, figures.gap] == [12, 10, 3]
        values = claimed.value_of(line)
        assert [values.intended, values.signed, values.gap] == [3120, 2600, 780]

    def test_the_county_and_the_city_may_sign_too(self, signing: Signing) -> None:
        city = actor_for(make_officer(signing.claim.region_code[:4]))
        sign_claim(actor=city, claim=signing.claim, signed_at=clock.now())
        db.session.commit()
        assert signing.claim.status is ClaimState.SIGNED

    def test_nobody_else_may(self, signing: Signing) -> None:
        others = [
            signing.scene.agent,
            actor_for(make_officer("13")),
            actor_for(make_officer("130826")),
            actor_for(make_user(Role.AUDITOR)),
            actor_for(make_user(Role.ADMIN)),
        ]
        for actor in others:
            with pytest.raises(Forbidden):
                sign_claim(actor=actor, claim=signing.claim, signed_at=clock.now())

    def test_only_what_is_accepted_is_signed_and_only_once(self, signing: Signing) -> None:
        fresh = signing.scene.other().reserve({"被褥": "10"})
        with pytest.raises(IllegalMove):
            sign_claim(actor=signing.organiser, claim=fresh, signed_at=clock.now())
        db.session.rollback()
        signing.sign()
        with pytest.raises(IllegalMove):
            signing.sign()

    def test_a_page_that_was_overtaken_signs_nothing(self, signing: Signing) -> None:
        signing.claim.version -= 1
        with pytest.raises(StaleVersion), db.session.no_autoflush:
            signing.sign()
        db.session.rollback()

    def test_it_cannot_be_signed_tomorrow(self, signing: Signing) -> None:
        later = clock.now() + timedelta(days=1)
        with pytest.raises(Conflict, match="不能晚于现在"):
            sign_claim(actor=signing.organiser, claim=signing.claim, signed_at=later)

    def test_whoever_is_restricted_may_finish_and_sign(self, signing: Signing) -> None:
        rule(signing.scene.organisation, OrganisationAction.RESTRICT)
        assert signing.sign().status is ClaimState.SIGNED

    def test_so_may_whoever_has_an_old_certificate(self, signing: Signing) -> None:
        signing.scene.organisation.certificate_expires_on = clock.today() - timedelta(days=1)
        db.session.commit()
        assert signing.scene.organisation.hindrance is not None
        assert signing.sign().status is ClaimState.SIGNED

    def test_whoever_is_suspended_may_not(self, signing: Signing) -> None:
        rule(signing.scene.organisation, OrganisationAction.SUSPEND)
        with pytest.raises(Conflict, match="现在不能签约：已被暂停办理"):
            signing.sign()

    def test_a_joint_claim_is_signed_when_all_are_in(self, scene: Scene) -> None:
        claim, first, second = three(scene)
        confirm(claim, first)
        confirm(claim, second)
        signing = Signing(scene, accepted(scene, claim), actor_for(make_user(Role.ORGANISER)))
        rule(second.organisation, OrganisationAction.SUSPEND)
        with pytest.raises(Conflict, match="现在不能签约"):
            signing.sign()
        db.session.rollback()
        rule(second.organisation, OrganisationAction.LIFT)
        signing.sign()
        for who in (scene, first, second):
            assert list_all_signed_of(who.organisation.id, 9) == [claim]
            assert sum_promises()[who.organisation.id] == claim.value_for(who.organisation.id) > 0
        assert_clean()

    def test_a_question_about_it_is_settled(self, signing: Signing) -> None:
        signing.claim.decided_at = clock.now() - timedelta(days=62)
        db.session.commit()
        asker = signing.scene.other()
        ask_release(
            actor=asker.agent,
            organisation=asker.organisation,
            claim=signing.claim,
            reason="我们想接手。",
        )
        db.session.commit()
        assert list_long_unsigned(signing.scene.officer) == [signing.claim]
        signing.sign()
        assert find_open_request(signing.claim.id) is None
        assert list_long_unsigned(signing.scene.officer) == []
        assert_clean()


class TestAfterwards:
    def test_it_can_neither_be_withdrawn_nor_released(self, signing: Signing) -> None:
        claim = signing.sign()
        with pytest.raises(IllegalMove):
            services.withdraw_claim(
                actor=signing.scene.agent, claim=claim, version=claim.version, reason=WHY
            )
        db.session.rollback()
        with clock.set_clock(clock.now() + timedelta(days=90)), pytest.raises(IllegalMove):
            release_claim(
                actor=signing.scene.officer, claim=claim, version=claim.version, reason=WHY
            )

    def test_it_is_listed_as_signed_and_no_more_as_on_its_way(self, signing: Signing) -> None:
        key = signing.scene.organisation.id
        claim = signing.sign()
        assert list_open_of(key) == list_ended_of(key, 1).items == []
        assert list_signed_of(key, 1).items == list_newest_signed(5) == [claim]
        assert list_held_of(key) == list_on_project(claim.project_id) == [claim]
        assert list_past_project_ids(key) == [claim.project_id]
        assert [item.number for item in list_open_items(key)] == [claim.number]

    def test_it_still_weighs_on_the_budget(self, signing: Signing) -> None:
        scene = signing.scene
        scene.organisation.annual_budget = Decimal(5000)
        db.session.commit()
        before = read_capacity(scene.organisation, scene.project)
        signing.sign()
        after = read_capacity(scene.organisation, scene.project)
        assert before is not None
        assert before == after
        assert after.promised == 3100

    @pytest.mark.parametrize("action", ["suspend", "deregister"])
    def test_a_ruling_leaves_it_alone(self, signing: Signing, action: str) -> None:
        claim = signing.sign()
        rule(signing.scene.organisation, OrganisationAction(action))
        assert claim.status is ClaimState.SIGNED
        assert signing.scene.held("被褥") == 10
        assert_clean()

    def test_its_project_may_run_out_but_not_be_cancelled(self, signing: Signing) -> None:
        signing.sign()
        project = signing.scene.project
        city = actor_for(make_officer(project.region_code[:4]))
        with pytest.raises(Conflict, match="已经签约 1 笔"):
            close_project(
                actor=city,
                project=project,
                version=project.version,
                outcome=CloseOutcome.CANCELLED,
                reason="村里不再需要。",
            )
        db.session.rollback()
        close_project(
            actor=city,
            project=project,
            version=project.version,
            outcome=CloseOutcome.EXPIRED,
            reason="期限已过。",
        )
        db.session.commit()
        assert_clean()


class TestUnsign:
    def test_it_is_accepted_again_since_the_day_it_was(self, signing: Signing) -> None:
        since = signing.claim.decided_at
        signing.sign()
        claim = signing.undo()
        assert (claim.status, claim.signed_at) == (ClaimState.ACCEPTED, None)
        assert claim.decided_at == since
        with clock.set_clock(clock.now() + timedelta(days=62)):
            assert claim.is_silent
        entry = list_history("claim", claim.id)[0]
        assert (entry.action, entry.reason) == ("claim.unsign", WHY)
        assert signing.sign().status is ClaimState.SIGNED
        assert_clean()

    def test_it_wants_a_reason(self, signing: Signing) -> None:
        signing.sign()
        with pytest.raises(InvalidInput):
            unsign_claim(actor=signing.organiser, claim=signing.claim, reason=" ")

    def test_what_was_not_signed_cannot_be_undone(self, signing: Signing) -> None:
        with pytest.raises(IllegalMove):
            signing.undo()

    def test_the_holder_may_not(self, signing: Signing) -> None:
        signing.sign()
        with pytest.raises(Forbidden):
            unsign_claim(actor=signing.scene.agent, claim=signing.claim, reason=WHY)

    def test_nothing_of_a_deregistered_organisation_is_accepted_again(
        self, signing: Signing
    ) -> None:
        signing.sign()
        rule(signing.scene.organisation, OrganisationAction.DEREGISTER)
        with pytest.raises(Conflict, match="已经注销"):
            signing.undo()


class TestPage:
    def test_it_says_what_comes_next_and_offers_no_way_out(
        self, signing: Signing, client: FlaskClient
    ) -> None:
        claim = signing.sign()
        sign_in(client, db.session.get_one(User, signing.scene.agent.user_id))
        page = client.get(f"/claims/{claim.id}").text
        assert "已签约" in page
        assert "签了就要兑现，不能撤回" in page
        assert "撤回认领" not in page
        typed = {"form_key": "", "version": str(claim.version), "words": WHY}
        answer = client.post(f"/claims/{claim.id}/withdraw", data=typed)
        assert answer.status_code == 409
        assert db.session.get_one(Claim, claim.id).status is ClaimState.SIGNED

    def test_an_organiser_reads_the_claim_but_not_its_messages(
        self, signing: Signing, client: FlaskClient
    ) -> None:
        sign_in(client, db.session.get_one(User, signing.organiser.user_id))
        answer = client.get(f"/claims/{signing.claim.id}")
        assert answer.status_code == 200
        assert 'id="messages"' not in answer.text
        assert "<form" not in answer.text.split("<main")[1].split("</main>")[0]


class TestBreaches:
    def test_what_is_held_includes_what_is_signed(self, signing: Signing, app: Flask) -> None:
        claim = signing.sign()
        claim.lines[0].line.held = Decimal(0)
        db.session.commit()
        assert [line for line in find_breaches() if "its claims sum to" in line]
