"""The judge of the crash runs: what it must not let pass."""

from decimal import Decimal

from flask import Flask

from tests.factories import make_claim, make_organisation, make_project
from tests.faults.browser import DONE, Intent
from tests.faults.judge import Verdict


def reserve_1000() -> tuple[Intent, Intent]:
    """Make a claim, and return what its agent and what somebody mistaken would mean by it."""
    project = make_project()
    organisation, agent = make_organisation()
    claim = make_claim(project, organisation, agent, {project.lines[0].id: Decimal(1000)})
    url = f"/claims/{claim.id}"
    right = Intent(("claim.reserve", agent.id, "1000"), status=DONE, led_to=url)
    wrong = Intent(("claim.reserve", agent.id, "2000"), status=DONE, led_to=url)
    return right, wrong


class TestVerdict:
    def test_what_was_acknowledged_and_is_there_is_right(self, db_session: Flask) -> None:
        verdict = Verdict([reserve_1000()[0]])
        assert verdict.is_right

    def test_what_was_acknowledged_and_is_not_there_is_lost(self, db_session: Flask) -> None:
        assert len(Verdict(list(reserve_1000())).lost) == 2

    def test_what_went_back_to_an_earlier_state_is_lost(self, db_session: Flask) -> None:
        right, _ = reserve_1000()
        claim_id = right.led_to.rpartition("/")[2]
        submitted = Intent(("claim.submit", right.key[1], claim_id), status=DONE)
        submitted.led_to = right.led_to
        assert any("the claim is reserved" in line for line in Verdict([right, submitted]).lost)

    def test_what_nobody_asked_for_is_called_doubled(self, db_session: Flask) -> None:
        right, _ = reserve_1000()
        other = Intent(("message", right.key[1], "在吗？"))
        assert len(Verdict([other]).doubled) == 1

    def test_what_was_done_and_refused_afterwards_was_told_wrongly(self, db_session: Flask) -> None:
        right, _ = reserve_1000()
        right.status, right.cut = 409, 1
        assert len(Verdict([right]).told_wrong) == 1

    def test_what_nobody_got_an_answer_to_may_be_there_or_not(self, db_session: Flask) -> None:
        right, wrong = reserve_1000()
        right.status = wrong.status = 0
        right.cut = wrong.cut = 1
        verdict = Verdict([right, wrong])
        assert verdict.is_right
