"""Rows are kept from others in one order, and a county without officers is stood in for."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Select, Update, event, inspect, update

from matchplatform.access.actor import Actor
from matchplatform.accounts.models import User
from matchplatform.claims import services
from matchplatform.claims.grants import ask_capacity
from matchplatform.claims.holds import expire_lapsed
from matchplatform.claims.joint import free_lapsed_offers, reserve_jointly
from matchplatform.claims.locks import lock_signing
from matchplatform.claims.models import Claim
from matchplatform.claims.release import answer_request, ask_release, release_claim
from matchplatform.claims.signing import sign_claim
from matchplatform.claims.waitlist import promote_waiting
from matchplatform.kernel.clock import set_clock
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import StaleVersion
from matchplatform.organisations.rulings import rule_on_organisation
from matchplatform.organisations.states import OrganisationAction
from tests.claims.conftest import Scene, told
from tests.claims.test_joint import confirm, leave, submit, three
from tests.claims.test_waitlist import wait
from tests.factories import actor_for, make_officer

NOW = datetime.now(UTC)
ORDER = ["organisations", "claims", "project_lines", "audit_head"]
WHY = "今年的款项已经用完"


@contextmanager
def locked_tables() -> Iterator[list[str]]:
    """Gather the tables of which rows are kept from others, in the order of the first."""
    seen: list[str] = []

    def note(_connection: object, statement: Any, *_: object) -> None:
        tables: set[str] = set()
        if isinstance(statement, Update):
            tables = {str(statement.table)}
        elif isinstance(statement, Select) and statement._for_update_arg is not None:
            kept = statement._for_update_arg.of
            named = [inspect(each) for each in kept] if kept else statement.get_final_froms()
            tables = {str(getattr(each, "local_table", each)) for each in named}
        seen.extend(each for each in ORDER if each in tables and each not in seen)

    event.listen(db.engine, "before_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_execute", note)


def crowded(scene: Scene) -> Scene:
    """Let a hold lapse on a line for which two wait, and return the second of them."""
    with set_clock(NOW - timedelta(days=20)):
        scene.reserve({"被褥": "25", "心电图机": "1"})
        first, second = scene.other(), scene.other()
        wait(first, {"被褥": "20"})
        wait(second, {"被褥": "25"})
    return second


def reserve(scene: Scene) -> None:
    second = crowded(scene)
    with check_order("organisations"):
        second.reserve({"驻校社工": "2"})


def reserve_together(scene: Scene) -> None:
    second = crowded(scene)
    partner = scene.other()
    with check_order("organisations"):
        reserve_jointly(
            actor=second.agent,
            organisation=second.organisation,
            partners=[partner.organisation],
            project=scene.project,
            version=scene.project.version,
            shares={
                who.organisation.id: who.amounts({"驻校社工": "2"}) for who in (second, partner)
            },
            confirmed=True,
        )


def promote(scene: Scene) -> None:
    crowded(scene)
    expire_lapsed()
    db.session.commit()
    with check_order("organisations"):
        assert promote_waiting()


def expire(scene: Scene) -> None:
    crowded(scene)
    with check_order("claims"):
        assert expire_lapsed() == 1


def withdraw(scene: Scene) -> None:
    claim = scene.reserve({"被褥": "25", "心电图机": "1"})
    with check_order("claims"):
        services.withdraw_claim(actor=scene.agent, claim=claim, version=claim.version, reason="")


def give_back(scene: Scene) -> None:
    claim, first, second = three(scene)
    confirm(claim, first, second)
    submit(scene, claim)
    leave(claim, second)
    with set_clock(NOW + timedelta(days=7)), check_order("claims"):
        assert free_lapsed_offers() == 1


def suspend(scene: Scene) -> None:
    scene.reserve({"被褥": "25", "心电图机": "1"})
    officer = actor_for(make_officer("11"))
    with check_order("organisations"):
        rule_on_organisation(
            actor=officer,
            organisation=scene.organisation,
            version=scene.organisation.version,
            action=OrganisationAction.SUSPEND,
            reason=WHY,
        )


@contextmanager
def check_order(first: str) -> Iterator[None]:
    """Check that rows are kept in the one order, from ``first`` on."""
    with locked_tables() as seen:
        yield
        db.session.flush()
    assert seen == [table for table in ORDER if table in seen]
    assert (seen[0], seen[-2:]) == (first, ["project_lines", "audit_head"])
    db.session.commit()


VERBS = (reserve, reserve_together, promote, expire, withdraw, give_back, suspend)


class TestOrder:
    @pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.__name__)
    def test_organisations_claims_lines_and_the_trail_last(
        self, scene: Scene, verb: Callable[[Scene], None]
    ) -> None:
        verb(scene)

    def test_signatures_of_one_transaction_come_after_all_their_locks(self, scene: Scene) -> None:
        claims = []
        for who in (scene, scene.other()):
            claim = who.reserve({"被褥": "10"})
            submit(who, claim)
            services.accept_claim(actor=scene.officer, claim=claim, version=claim.version)
            db.session.commit()
            claims.append(claim)
        with locked_tables() as seen:
            lock_signing(claims)
            assert seen == ["organisations", "claims"]
            for claim in claims:
                sign_claim(actor=scene.officer, claim=claim, signed_at=NOW)
        assert seen == ["organisations", "claims", "audit_head"]
        db.session.commit()

    def test_a_claim_that_moved_since_it_was_read_is_stale(self, scene: Scene) -> None:
        claim = scene.reserve({"被褥": "25"})
        version = claim.version
        moved = update(Claim).where(Claim.id == claim.id).values(version=version + 1)
        db.session.execute(moved, execution_options={"synchronize_session": False})
        with pytest.raises(StaleVersion):
            services.withdraw_claim(actor=scene.agent, claim=claim, version=version, reason="")
        db.session.rollback()


class TestACountyWithoutOfficers:
    @pytest.fixture
    def city(self, scene: Scene) -> Actor:
        """The city's officer, who stays when the county's have all gone."""
        made = actor_for(make_officer("1307"))
        gone = update(User).where(User.region_prefix == "130722").values(is_active=False)
        db.session.execute(gone)
        db.session.commit()
        return made

    def test_the_city_is_told_who_left_a_joint_claim(self, scene: Scene, city: Actor) -> None:
        claim, first, second = three(scene)
        confirm(claim, first, second)
        submit(scene, claim)
        leave(claim, second)
        assert city.user_id in told("退出了“%(name)s”的联合认领")

    def test_the_city_is_told_what_a_silent_holder_answers(self, scene: Scene, city: Actor) -> None:
        with set_clock(NOW - timedelta(days=15)):
            claim = scene.reserve({"被褥": "25"})
            submit(scene, claim)
        other = scene.other()
        request = ask_release(
            actor=other.agent, organisation=other.organisation, claim=claim, reason=WHY
        )
        db.session.commit()
        answer_request(actor=scene.agent, request=request, version=request.version, answer=WHY)
        db.session.commit()
        assert city.user_id in told("答复了放回")
        release_claim(actor=city, claim=claim, version=claim.version, reason=WHY)
        db.session.commit()

    def test_the_city_is_asked_for_more_capacity(self, scene: Scene, city: Actor) -> None:
        scene.organisation.annual_budget = scene.project.lines[0].unit_price or scene.held("被褥")
        db.session.commit()
        ask_capacity(
            actor=scene.agent,
            organisation=scene.organisation,
            project=scene.project,
            value=2 * scene.organisation.annual_budget,
            message="合作方已经承诺出资",
        )
        db.session.commit()
        assert city.user_id in told("超出年度预算认领 %(value)s")
