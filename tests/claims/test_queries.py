"""Reads of claims, and the check that finds what is broken."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import text

from matchplatform.access.actor import VISITOR
from matchplatform.claims import services
from matchplatform.claims.queries import (
    find_breaches,
    get_claim,
    lapsed_by_line,
    list_ended_of,
    list_open_of,
    list_waiting,
    sum_claimed,
)
from matchplatform.kernel import clock
from matchplatform.kernel.clock import set_clock
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import NotFound
from tests.claims.conftest import LINES, Scene, assert_clean
from tests.factories import actor_for, make_admin, make_auditor, make_officer, make_project


class TestGetClaim:
    def test_it_exists_for_those_whom_it_concerns(self, scene: Scene) -> None:
        claim = scene.reserve({"取暖款": "500"})
        for actor in (
            scene.agent,
            scene.officer,
            actor_for(make_officer("1307")),
            actor_for(make_officer("13")),
            actor_for(make_auditor()),
        ):
            assert get_claim(actor, claim.id) is claim

    def test_for_all_others_it_does_not(self, scene: Scene) -> None:
        claim = scene.reserve({"取暖款": "500"})
        for actor in (
            VISITOR,
            scene.other().agent,
            actor_for(make_officer("130723")),
            actor_for(make_officer("1308")),
            actor_for(make_officer("11")),
            actor_for(make_admin()),
        ):
            with pytest.raises(NotFound):
                get_claim(actor, claim.id)
        with pytest.raises(NotFound):
            get_claim(scene.agent, claim.id + 1)


class TestLists:
    def test_an_organisation_sees_its_own_only(self, scene: Scene) -> None:
        mine = scene.reserve({"取暖款": "500"})
        other = scene.other()
        theirs = other.reserve({"取暖款": "700"})
        services.withdraw_claim(actor=other.agent, claim=theirs, version=theirs.version, reason="")
        db.session.commit()
        assert list_open_of(scene.organisation.id) == [mine]
        assert list_ended_of(scene.organisation.id, 1).items == []
        assert list_open_of(other.organisation.id) == []
        assert list_ended_of(other.organisation.id, 1).items == [theirs]

    def test_what_has_lapsed_is_over_before_the_worker_says_so(self, scene: Scene) -> None:
        claim = scene.reserve({"取暖款": "500"})
        with set_clock(claim.hold_until):
            assert list_open_of(scene.organisation.id) == []
            assert list_ended_of(scene.organisation.id, 1).items == [claim]

    def test_what_has_lapsed_is_not_intended_but_still_held(self, scene: Scene) -> None:
        claim = scene.reserve({"取暖款": "500"})
        line_id = claim.lines[0].line_id
        assert sum_claimed().intended == {line_id: Decimal(500)}
        assert lapsed_by_line() == {}
        with set_clock(claim.hold_until):
            assert sum_claimed().intended == {}
            assert lapsed_by_line() == {line_id: Decimal(500)}
            assert_clean()

    def test_officers_see_what_waits_in_their_region_the_oldest_first(self, scene: Scene) -> None:
        claims = []
        for days in (3, 9, 1):
            with set_clock(clock.now() - timedelta(days=days)):
                one = scene.other()
                claim = one.reserve({"取暖款": "500"})
                services.submit_claim(
                    actor=one.agent, claim=claim, version=claim.version, message=""
                )
                db.session.commit()
                claims.append(claim)
        waiting = [claims[1], claims[0], claims[2]]
        assert list_waiting(scene.officer) == waiting
        assert list_waiting(actor_for(make_officer("13"))) == waiting
        assert list_waiting(actor_for(make_officer("130723"))) == []


class TestSumClaimed:
    def test_it_sums_open_claims_by_line(self, scene: Scene) -> None:
        scene.reserve({"取暖款": "500", "被褥": "10"})
        gone = scene.other()
        claim = gone.reserve({"取暖款": "700"})
        scene.other().reserve({"取暖款": "200.05"})
        services.withdraw_claim(actor=gone.agent, claim=claim, version=claim.version, reason="")
        db.session.commit()
        money, quilts = scene.ids("取暖款", "被褥")
        sums = sum_claimed().intended
        assert {money: str(sums[money]), quilts: str(sums[quilts])} == {
            money: "700.050",
            quilts: "10.000",
        }


class TestFindBreaches:
    @pytest.mark.parametrize(
        ("damage", "said"),
        [
            ("UPDATE project_lines SET held = held + 1000 WHERE id = :line", "its claims sum"),
            ("UPDATE project_lines SET held = 0 WHERE id = :line", "its claims sum"),
            ("UPDATE claim_lines SET quantity = 1 WHERE claim_id = :claim", "its claims sum"),
            ("DELETE FROM claim_lines WHERE claim_id = :claim", "has no line"),
            (
                "UPDATE claim_lines SET line_id = :foreign WHERE claim_id = :claim",
                "a line of another project",
            ),
            ("UPDATE projects SET status = 'draft' WHERE id = :project", "not public"),
            ("UPDATE claims SET submitted_at = NULL WHERE id = :claim", "without a time"),
            ("UPDATE claims SET ended_at = submitted_at WHERE id = :claim", "state disagree"),
            ("UPDATE claims SET status = 'withdrawn' WHERE id = :claim", "state disagree"),
        ],
    )
    def test_each_kind_of_damage_is_named(self, scene: Scene, damage: str, said: str) -> None:
        claim = scene.reserve({"取暖款": "500"})
        services.submit_claim(actor=scene.agent, claim=claim, version=claim.version, message="")
        db.session.commit()
        foreign = make_project(lines=LINES).lines[0].id
        assert_clean()
        where = {
            "line": scene.ids("取暖款")[0],
            "claim": claim.id,
            "foreign": foreign,
            "project": scene.project.id,
        }
        used = {name: value for name, value in where.items() if f":{name}" in damage}
        db.session.execute(text(damage), used)
        db.session.expire_all()
        assert any(said in line for line in find_breaches())

    @pytest.mark.parametrize(
        "damage",
        [
            "UPDATE project_lines SET held = quantity + extra + 1",
            "UPDATE project_lines SET held = -1",
            "UPDATE claim_lines SET quantity = 0",
            "UPDATE claims SET status = 'accepted', decided_at = NULL",
            "UPDATE claims SET status = 'signed'",
            "INSERT INTO claims (project_id, organisation_id, status, message, reason, reserved_at,"
            " hold_until, extended, promoted, version) SELECT project_id, organisation_id, 'reserved', '', '',"
            " reserved_at, hold_until, FALSE, FALSE, 1 FROM claims",
        ],
    )
    def test_some_damage_the_database_itself_refuses(self, scene: Scene, damage: str) -> None:
        scene.reserve({"取暖款": "500"})
        with pytest.raises(Exception, match="(?i)check|unique"):
            db.session.execute(text(damage))
