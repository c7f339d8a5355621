"""How runs begin: with nothing, or in the middle of something that takes many steps to reach."""

from collections.abc import Callable

from tests.claims.machine.asked_rules import AskedRules
from tests.claims.machine.joint_rules import JointRules
from tests.claims.machine.member_rules import MemberRules
from tests.claims.machine.signing_rules import SigningRules
from tests.claims.machine.site_rules import SiteRules
from tests.claims.machine.standing_rules import StandingRules

RASHLY, FIRST, SECOND, THIRD = 0, 1, 9, 17


class AllRules(SiteRules, AskedRules, JointRules, StandingRules, MemberRules, SigningRules):
    """Every rule there is."""


Opening = Callable[[AllRules], None]


def silent(to: AllRules) -> None:
    """Begin with claims that stand still, asked about, answered, and one released."""
    to.reserve(FIRST, 0, {1: 4}, "")
    to.extend(FIRST, "")
    to.submit(FIRST, "")
    to.accept(FIRST, "")
    to.wait(61)
    to.ask_release(FIRST, FIRST)
    to.reserve(THIRD, 1, {1: 4}, "")
    to.submit(FIRST, "")
    to.answer_request(FIRST)
    to.wait(15)
    to.refuse_request(FIRST)
    to.release(FIRST, "")


def crowded(to: AllRules) -> None:
    """Begin with two who wait for what a third holds whole, and one whose turn has come."""
    to.reserve(FIRST, 0, {0: None}, "")
    to.join_waitlist(SECOND, 0, 0, 2)
    to.join_waitlist(THIRD, 0, 0, 2)
    to.join_waitlist(FIRST, 0, 2, 2)
    to.leave_waitlist(THIRD)
    to.withdraw(FIRST, "")
    to.reserve(FIRST, 0, {0: 1}, "")
    to.join_waitlist(SECOND, 0, 0, 3)
    to.join_waitlist(THIRD, 0, 0, 3)
    to.wait(15)
    to.expire()
    to.promote()


def in_vain(to: AllRules) -> None:
    """Begin with somebody who waits for a project whose days are almost over."""
    to.suspend_project(0, province=False)
    to.reserve(FIRST, 1, {1: None}, "")
    to.join_waitlist(SECOND, 1, 1, 4)
    to.submit(FIRST, "")
    to.decline(FIRST, "")
    to.reserve(FIRST, 1, {0: None}, "")
    to.join_waitlist(THIRD, 1, 0, 4)
    to.wait(148)
    to.wait(6)
    to.drop()
    to.resume_project(FIRST, province=True)


def together(to: AllRules) -> None:
    """Begin with three who were asked to claim together: one said yes, one no."""
    to.reserve_jointly(FIRST, 0, 0, [1, 1, 2])
    to.submit(RASHLY, "")
    to.confirm_share(FIRST, "")
    to.decline_share(FIRST, "")
    to.take_over(FIRST, FIRST)
    to.reserve_jointly(SECOND, 0, 1, [4, 4])


def apart(to: AllRules) -> None:
    """Begin with a joint claim that two have left, whose shares are on offer."""
    to.reserve_jointly(FIRST, 0, 0, [2, 1, 2])
    to.confirm_share(FIRST, "")
    to.confirm_share(FIRST, "")
    to.submit(FIRST, "")
    to.leave_jointly(FIRST, "")
    to.give_back(FIRST)
    to.leave_jointly(FIRST, "")
    to.wait(6)
    to.free_offers()
    to.reserve_jointly(SECOND, 1, 0, [1, 1, 1])


def over(to: AllRules) -> None:
    """Begin with small organisations that asked to claim more than their budgets."""
    to.reserve(RASHLY + SECOND - 1, 0, {0: 5, 1: 4}, "")
    to.ask_capacity(FIRST, 0, 3200)
    to.grant_capacity(FIRST)
    to.ask_capacity(SECOND, 0, 4500)
    to.refuse_capacity(FIRST)
    to.suspend_project(1, province=True)
    to.reserve(SECOND, 0, {0: None, 1: 4}, "")
    to.raise_extra(0, 1, 5)
    to.shrink_line(FIRST, 2)


def lots(to: AllRules) -> None:
    """Begin with a remainder below the smallest lot, beside what was signed, undone and signed."""
    to.reserve(FIRST, 0, {1: 4}, "")
    to.submit(FIRST, "")
    to.accept(FIRST, "")
    to.sign(FIRST, stranger=False)
    to.unsign(FIRST)
    to.sign(FIRST, stranger=False)
    to.reserve(FIRST, 0, {1: 4}, "")
    to.reserve(THIRD, 0, {1: None}, "")
    to.close_project(1, province=False)


def papers(to: AllRules) -> None:
    """Begin with papers decided and papers that wait, and with an old certificate."""
    for at in (FIRST, SECOND):
        to.hand_in_certificate(at, 20)
        to.ask_name(at, 1)
        to.decide_certificate(FIRST, refuse=at == SECOND)
        to.decide_name(FIRST, refuse=at == SECOND)
    to.verify_or_return(FIRST, back=True)
    to.resubmit(FIRST)
    to.verify_or_return(FIRST, back=False)
    to.wait(15)
    to.wait(6)
    to.worker_round()


def people(to: AllRules) -> None:
    """Begin with people who came and went."""
    to.reserve(FIRST, 0, {0: 1}, "")
    for who, decline in ((0, True), (0, False), (1, False)):
        to.invite(FIRST, who, as_signer=True)
        to.answer_invitation(FIRST, decline=decline)
    to.decide_membership(FIRST, decline=True)
    to.decide_membership(FIRST, decline=False)
    to.change_membership(SECOND, is_signer=False, days=20)
    to.revoke_membership(SECOND, names=True)
    to.leave_organisation(FIRST, names=True)


def troubled(to: AllRules) -> None:
    """Begin with organisations in trouble, one that is no more and one that was two."""
    to.reserve(FIRST, 0, {0: 1}, "")
    to.reserve(THIRD, 0, {0: 1}, "")
    to.stop(FIRST, "restrict")
    to.stop(FIRST, "suspend")
    to.lift(FIRST)
    to.deregister(THIRD)
    to.merge(SECOND, FIRST)


OPENINGS: tuple[Opening, ...] = (
    silent, crowded, in_vain, together, apart, over, lots, papers, people, troubled,
)  # fmt: skip
# What every form of the machine must have done, by the names of the counts.
VERBS = frozenset(
    """
    reserve extend submit withdraw accept decline release sign unsign expire wait worker_round
    reserve_jointly confirm_share decline_share leave_jointly take_over give_back free_offers
    join_waitlist leave_waitlist promote drop ask_release answer_request refuse_request
    ask_capacity grant_capacity refuse_capacity raise_extra shrink_line
    suspend_project resume_project close_project
    verify return resubmit restrict suspend lift deregister merge
    ask_name accept_name refuse_name hand_in_certificate accept_certificate refuse_certificate
    invite accept_invitation decline_invitation approve_membership decline_membership
    change_membership revoke_membership leave_organisation
    """.split()
) | {
    "reserve: a last lot",
    "reserve: after those who waited",
    "reserve: over the budget, as granted",
    "wait: a certificate ran out",
}
