"""What is promised and what is free, as matching counts them."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from matchplatform.claims.models import Claim
from matchplatform.claims.promises import sum_promises, sum_promises_of
from matchplatform.claims.queries import lapsed_by_line, list_held_of
from matchplatform.kernel.clock import set_clock
from matchplatform.kernel.db import db
from matchplatform.matching.queries import list_best, profile_of
from matchplatform.matching.snapshot import current_recommender, gap_of, smallest_claim_of
from matchplatform.projects.details import LineDetails
from matchplatform.projects.states import LineKind
from tests.claims.conftest import Scene, scene
from tests.claims.test_joint import confirm, three
from tests.factories import actor_for, make_claim, make_organisation, make_project

__all__ = ["scene"]
POSTS = LineDetails(LineKind.JOBS, "宿管岗位", Decimal(3), "个", None, Decimal(1))


def promised(who: Scene) -> Decimal:
    """Return the open promises that matching puts into somebody's profile."""
    return profile_of(who.organisation, list_held_of(who.organisation.id)).open_promises


class TestPromises:
    def test_of_a_joint_claim_each_has_promised_its_own_share(self, scene: Scene) -> None:
        claim, first, second = three(scene)
        assert promised(scene) == Decimal(3600)
        assert promised(first) == Decimal(0)
        confirm(claim, first)
        assert promised(first) == Decimal(2600)
        assert claim.value > promised(scene) + promised(first)
        own = scene.other().reserve({"驻校社工": "2"})
        for who in (scene, first, second):
            key = who.organisation.id
            assert sum_promises().get(key, Decimal(0)) == claim.value_for(key) == promised(who)
            assert sum(sum_promises_of(key).values()) == promised(who)
        assert sum_promises()[own.organisation_id] == own.value

    def test_what_was_signed_is_promised_and_in_hand(self, scene: Scene) -> None:
        claim = make_claim(scene.project, *make_organisation(), signed=True)
        own = claim.organisation
        assert sum_promises()[own.id] == claim.value
        assert profile_of(own, list_held_of(own.id)).open_promises == claim.value
        best = list_best(scene.agent, scene.organisation, 50)
        assert scene.project.id in {row.project.id for row in best}

    def test_what_one_is_in_jointly_is_in_hand(self, scene: Scene) -> None:
        _claim, first, _second = three(scene)
        best = list_best(first.agent, first.organisation, 50)
        assert scene.project.id not in {row.project.id for row in best}


class TestWhatIsFree:
    def test_what_has_lapsed_can_be_matched_again(self, db_session: object) -> None:
        with set_clock(datetime.now(UTC) - timedelta(days=20)):
            project = make_project(lines=(POSTS,))
            organisation, agent = make_organisation()
            holder = Scene(project, organisation, actor_for(agent), actor_for(agent))
            holder.reserve({"宿管岗位": "3"})
            assert project.id not in current_recommender().project_ids
        held = db.session.get_one(Claim, 1)
        assert held.has_lapsed
        assert project.lines[0].gap == 0
        assert project.id in current_recommender().project_ids
        seeker, other = make_organisation()
        rows = list_best(actor_for(other), seeker, 5)
        wants = {row.project.id: row.wants for row in rows}
        assert [(want.gap, want.unit) for want in wants[project.id]] == [(Decimal(3), "个")]

    def test_the_gap_and_the_least_count_it_too(self, scene: Scene) -> None:
        with set_clock(datetime.now(UTC) - timedelta(days=20)):
            scene.reserve({"被褥": "25"})
        quilts = [line for line in scene.project.lines if line.item == "被褥"]
        assert gap_of(quilts, {}) is None
        lapsed = lapsed_by_line()
        assert gap_of(quilts, lapsed) == Decimal(6500)
        assert smallest_claim_of(quilts, lapsed) == Decimal(2600)
