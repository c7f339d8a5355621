"""Joint claims: invite, confirm, decline, leave, take over, give back."""

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from sqlalchemy import Row

from matchplatform.claims import joint
from matchplatform.claims.models import ClaimMember
from matchplatform.organisations.models import Organisation
from matchplatform.projects.models import Project
from tests.claims.machine.base import PICK, REASON, Steps
from tests.claims.machine.claim_rules import MISCHIEF
from tests.claims.machine.model import (
    ACTIVE,
    OPEN,
    Sketch,
    accepts,
    hindered,
    lapsed,
    lapsed_on,
    value_for,
)
from tests.claims.machine.seen import Seen

SHARES = st.lists(st.integers(1, 5), min_size=2, max_size=3)


def _current(seen: Seen, member: Row[Any]) -> bool:
    claim = seen.claims[member.claim_id]
    return claim.status in OPEN and not lapsed(seen, claim)


def _is_lead(seen: Seen, member: Row[Any]) -> bool:
    return bool(seen.claims[member.claim_id].organisation_id == member.organisation_id)


def _is_offered(seen: Seen, member: Row[Any]) -> bool:
    return member.status not in ACTIVE and bool(seen.shares.get(member.id))


def _worth(seen: Seen, member: Row[Any]) -> Decimal:
    parts = seen.shares.get(member.id, {})
    prices = {key: seen.prices[member.claim_id, key] or 0 for key in parts}
    return sum((amount * prices[key] for key, amount in parts.items()), Decimal(0))


def may_confirm(seen: Seen, member: Row[Any]) -> bool:
    """Tell whether an invited member can promise its share."""
    project_id = seen.claims[member.claim_id].project_id
    return (
        member.status == "invited"
        and _current(seen, member)
        and not hindered(seen, member.organisation_id)
        and Sketch(seen).bears(member.organisation_id, project_id, _worth(seen, member))
    )


def may_decline(seen: Seen, member: Row[Any]) -> bool:
    """Tell whether an invited member can say no."""
    return member.status == "invited" and _current(seen, member)


def may_leave(seen: Seen, member: Row[Any]) -> bool:
    """Tell whether a member can leave."""
    confirmed = member.status == "confirmed" and not _is_lead(seen, member)
    return confirmed and _current(seen, member)


def may_take(seen: Seen, gone: Row[Any]) -> bool:
    """Tell whether the shares of one that has gone can be taken."""
    return _is_offered(seen, gone) and _current(seen, gone)


class JointRules(Steps):
    """What several organisations do together."""

    @rule(pick=PICK, place=st.integers(0, 1), line=st.integers(0, 2), amounts=SHARES)
    def reserve_jointly(self, pick: int, place: int, line: int, amounts: list[int]) -> None:
        """Reserve one line of a project for two or three."""
        now = self.seen.at(self.now)
        project_id = list(now.projects)[place]
        sketch = Sketch(now, lapsed_on(now, project_id))
        lines = now.lines_of(project_id)
        roomy = [row for row in lines if sketch.left(row.id) >= max(row.min_lot, len(amounts))]
        if pick % 8 and roomy:
            row = roomy[line % len(roomy)]
            most = int(sketch.left(row.id))
            amounts = amounts if sum(amounts) <= most else [1] * len(amounts)
            amounts = [amounts[0] + max(0, int(row.min_lot) - sum(amounts)), *amounts[1:]]
        else:
            row = lines[line]
        line_id = row.id
        able = [key for key in now.organisations if not hindered(now, key)]
        leads = [key for key in able if (key, project_id) not in sketch.undecided]
        lead = self.choose(pick, leads, now.organisations)
        others = [key for key in (able if pick % 8 else now.organisations) if key != lead]
        if lead is None or not others:
            return
        turn = pick // 64 % len(others)
        together = [lead, *(others[turn:] + others[:turn])[: len(amounts) - 1]]
        shares = {
            who: {line_id: Decimal(amount)} for who, amount in zip(together, amounts, strict=False)
        }
        done = self.attempt(
            "reserve_jointly", lambda: self._reserve_for(together, project_id, shares)
        )
        if done:
            sketch.promote(project_id, before=lead)
            assert accepts(now, project_id)
            assert lead in leads
            assert sum(amounts[: len(together)]) <= sketch.left(line_id)

    def _reserve_for(
        self, together: list[int], project_id: int, shares: dict[int, dict[int, Decimal]]
    ) -> object:
        project = self.get(Project, project_id)
        lead, *partners = (self.get(Organisation, key) for key in together)
        return joint.reserve_jointly(
            actor=self.agent(together[0]), organisation=lead, partners=partners,
            project=project, version=project.version, shares=shares, confirmed=True,
        )  # fmt: skip

    @precondition(lambda self: self.any_member(may_confirm))
    @rule(pick=PICK, mischief=MISCHIEF)
    def confirm_share(self, pick: int, mischief: str) -> None:
        """Promise one's own share."""
        self._member("confirm_share", pick, mischief, may_confirm, joint.confirm_share)

    @precondition(lambda self: self.any_member(may_decline))
    @rule(pick=PICK, mischief=MISCHIEF)
    def decline_share(self, pick: int, mischief: str) -> None:
        """Say no to an invitation."""
        verb = partial(joint.decline_share, reason=REASON)
        self._member("decline_share", pick, mischief, may_decline, verb)

    @precondition(lambda self: self.any_member(may_leave))
    @rule(pick=PICK, mischief=MISCHIEF)
    def leave_jointly(self, pick: int, mischief: str) -> None:
        """Leave a joint claim."""
        verb = partial(joint.leave_jointly, reason=REASON)
        self._member("leave_jointly", pick, mischief, may_leave, verb)

    @precondition(lambda self: self.any_member(may_take))
    @rule(pick=PICK, taker=PICK)
    def take_over(self, pick: int, taker: int) -> None:
        """Take the shares of one that has gone."""
        now = self.seen.at(self.now)
        gone = self.choose(pick, self._members(may_take), now.members.values())
        if gone is None:
            return
        there = now.members_of(gone.claim_id)
        able = [
            member
            for member in there
            if member.status == "confirmed"
            and not hindered(now, member.organisation_id)
            and Sketch(now).bears(
                member.organisation_id,
                now.claims[gone.claim_id].project_id,
                _worth(now, gone),
            )
        ]
        member = self.choose(taker, able, there)
        assert member is not None
        version = now.claims[gone.claim_id].version
        before = value_for(now, now.claims[gone.claim_id], member.organisation_id)
        done = self.attempt(
            "take_over",
            lambda: joint.take_over(
                actor=self.agent(member.organisation_id),
                member=self.get(ClaimMember, member.id),
                gone=self.get(ClaimMember, gone.id),
                version=version,
            ),
            may_take(now, gone) and member in able,
        )
        if done:
            claim = self.seen.claims[gone.claim_id]
            grown = value_for(self.seen, claim, member.organisation_id) - before
            assert grown == _worth(now, gone)

    @precondition(lambda self: self.any_member(may_take))
    @rule(pick=PICK)
    def give_back(self, pick: int) -> None:
        """Free for the lead what one that has gone had taken."""
        now = self.seen.at(self.now)
        gone = self.choose(pick, self._members(may_take), now.members.values())
        if gone is None:
            return
        claim = now.claims[gone.claim_id]
        self.attempt(
            "give_back",
            lambda: joint.give_back(
                actor=self.agent(claim.organisation_id),
                gone=self.get(ClaimMember, gone.id),
                version=claim.version,
            ),
            may_take(now, gone),
        )

    def any_member(self, may: Callable[[Seen, Row[Any]], bool]) -> bool:
        """Tell whether to try something about a member."""
        return bool(self.seen.members) and (self.rash or bool(self._members(may)))

    def _members(self, may: Callable[[Seen, Row[Any]], bool]) -> list[Row[Any]]:
        now = self.seen.at(self.now)
        return [member for member in now.members.values() if may(now, member)]

    def _member(
        self, name: str, pick: int, mischief: str,
        may: Callable[[Seen, Row[Any]], bool], verb: Callable[..., object],
    ) -> None:  # fmt: skip
        now = self.seen.at(self.now)
        row = self.choose(pick, self._members(may), now.members.values())
        if row is None:
            return
        act_for = self.stranger if mischief == "stranger" else self.agent
        version = now.claims[row.claim_id].version - (mischief == "stale")
        self.attempt(
            name,
            lambda: verb(
                actor=act_for(row.organisation_id),
                member=self.get(ClaimMember, row.id),
                version=version,
            ),
            may(now, row) and not mischief,
        )
