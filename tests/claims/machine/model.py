"""What must happen, said once more in plain Python over rows: who may do what, and who is next."""

from collections.abc import Collection, Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Row

from matchplatform.kernel import clock
from tests.claims.machine.seen import Seen

OPEN = ("reserved", "submitted", "accepted")
HOLDING = (*OPEN, "signed")
UNDECIDED = ("reserved", "submitted")
ACTIVE = ("invited", "confirmed")
# Where each step of the trail leads a claim; what is not here is not allowed.
CLAIM_MOVES: dict[tuple[str | None, str], str] = {
    (None, "claim.reserve"): "reserved",
    ("reserved", "claim.extend"): "reserved",
    ("reserved", "claim.submit"): "submitted",
    ("reserved", "claim.expire"): "expired",
    ("submitted", "claim.accept"): "accepted",
    ("submitted", "claim.decline"): "declined",
    **{(state, "claim.withdraw"): "withdrawn" for state in OPEN},
    **{(state, "claim.stop"): "withdrawn" for state in OPEN},
    ("accepted", "claim.sign"): "signed",
    ("signed", "claim.unsign"): "accepted",
    **{(state, "claim.release"): "released" for state in ("submitted", "accepted")},
}
_ALIVE = ("verified", "restricted", "suspended")
ORGANISATION_MOVES: dict[tuple[str | None, str], str] = {
    ("pending", "organisation.verify"): "verified",
    ("pending", "organisation.return"): "returned",
    ("returned", "organisation.resubmit"): "pending",
    ("verified", "organisation.restrict"): "restricted",
    ("suspended", "organisation.restrict"): "restricted",
    ("verified", "organisation.suspend"): "suspended",
    ("restricted", "organisation.suspend"): "suspended",
    ("restricted", "organisation.lift"): "verified",
    ("suspended", "organisation.lift"): "verified",
    **{(state, "organisation.deregister"): "deregistered" for state in _ALIVE},
    **{(state, "organisation.merge"): "merged" for state in (*_ALIVE, "pending", "returned")},
}
PROJECT_MOVES: dict[tuple[str | None, str], str] = {
    ("published", "project.suspend"): "suspended",
    ("suspended", "project.resume"): "published",
    ("published", "project.close"): "closed",
    ("suspended", "project.close"): "closed",
}
WAIT_MOVES: dict[tuple[str | None, str], str] = {
    (None, "waitlist.join"): "waiting",
    ("waiting", "waitlist.promote"): "promoted",
    ("waiting", "waitlist.leave"): "left",
    ("waiting", "waitlist.drop"): "dropped",
}
MEMBER_MOVES: dict[tuple[str | None, str], str] = {
    ("invited", "joint.confirm"): "confirmed",
    ("invited", "joint.decline"): "declined",
    ("confirmed", "joint.leave"): "left",
}


def day_of(moment: Any) -> Any:
    """Return the day in Shanghai."""
    return moment.astimezone(clock.SHANGHAI).date()


def lapsed(seen: Seen, claim: Row[Any]) -> bool:
    """Tell whether a reservation has run out."""
    return bool(claim.status == "reserved" and claim.hold_until <= seen.now)


def hindered(seen: Seen, organisation_id: int) -> bool:
    """Tell whether an organisation may not claim."""
    row = seen.organisations[organisation_id]
    until = row.certificate_expires_on
    return bool(row.status != "verified" or (until is not None and until < day_of(seen.now)))


def accepts(seen: Seen, project_id: int) -> bool:
    """Tell whether a project takes claims."""
    row = seen.projects[project_id]
    return bool(row.status == "published" and row.claim_deadline >= day_of(seen.now))


def silent(seen: Seen, claim: Row[Any]) -> bool:
    """Tell whether a claim has stood over ten days submitted, or over sixty accepted."""
    if claim.status not in ("submitted", "accepted"):
        return False
    since, most = (
        (claim.submitted_at, 10) if claim.status == "submitted" else (claim.decided_at, 60)
    )
    return bool((day_of(seen.now) - day_of(since)).days > most)


def open_request(seen: Seen, claim_id: int) -> Row[Any] | None:
    """Return the request that waits about a claim."""
    found = (row for row in seen.requests.values() if row.status == "open")
    return next((row for row in found if row.claim_id == claim_id), None)


def ripe(seen: Seen, request: Row[Any]) -> bool:
    """Tell whether the holder has answered, or had seven days."""
    until = clock.end_of_day(day_of(request.asked_at) + timedelta(days=7))
    return bool(request.answered_at is not None or until <= seen.now)


def all_in(seen: Seen, claim: Row[Any]) -> bool:
    """Tell whether nobody must still confirm, and no share is on offer."""
    return not any(
        member.status == "invited" or (member.status not in ACTIVE and seen.shares.get(member.id))
        for member in seen.members_of(claim.id)
    )


def value_for(seen: Seen, claim: Row[Any], organisation_id: int) -> Decimal:
    """Return what an organisation has promised of a claim, in yuan."""
    prices = seen.prices
    if not (members := seen.members_of(claim.id)):
        mine = [seen.parts[claim.id]] if claim.organisation_id == organisation_id else []
    else:
        mine = [
            seen.shares.get(member.id, {})
            for member in members
            if member.organisation_id == organisation_id and member.status == "confirmed"
        ]
    return sum(
        (amount * (prices[claim.id, key] or 0) for parts in mine for key, amount in parts.items()),
        Decimal(0),
    )


class Sketch:
    """Quantities and promises as they will be, once ``expired`` claims are freed."""

    def __init__(self, seen: Seen, expired: Collection[int] = ()) -> None:
        self.seen = seen
        self.held = {key: line.held for key, line in seen.lines.items()}
        self.undecided: set[tuple[int, int]] = set()
        self.promised: dict[tuple[int, int], Decimal] = {}
        for claim in seen.claims.values():
            if claim.id in expired:
                for key, amount in seen.parts[claim.id].items():
                    self.held[key] -= amount
            elif claim.status in UNDECIDED:
                self.undecided.add((claim.organisation_id, claim.project_id))
            if claim.status not in HOLDING or lapsed(seen, claim):
                continue
            for organisation_id in seen.organisations:
                self._promise(
                    organisation_id, claim.project_id, value_for(seen, claim, organisation_id)
                )

    def left(self, line_id: int) -> Decimal:
        """Return what may still be claimed of a line."""
        line = self.seen.lines[line_id]
        return Decimal(line.quantity + line.extra - self.held[line_id])

    def value(self, parts: Mapping[int, Decimal]) -> Decimal:
        """Return what quantities by line id come to in yuan."""
        prices = {key: self.seen.lines[key].unit_price or 0 for key in parts}
        return sum((amount * prices[key] for key, amount in parts.items()), Decimal(0))

    def bears(self, organisation_id: int, project_id: int, value: Decimal) -> bool:
        """Tell whether an organisation's budget, or a grant, bears so much more."""
        budget = self.seen.organisations[organisation_id].annual_budget
        if not budget or not value:
            return True
        mine = {key[1]: total for key, total in self.promised.items() if key[0] == organisation_id}
        promised, here = sum(mine.values(), Decimal(0)), mine.get(project_id, Decimal(0))
        granted = [
            grant.value
            for grant in self.seen.grants.values()
            if (grant.organisation_id, grant.project_id) == (organisation_id, project_id)
            and grant.status == "granted"
        ]
        most = budget - promised
        if granted:
            most = max(most, min(max(granted) - here, 3 * budget - promised))
        return bool(value <= most)

    def promote(self, project_id: int, before: int | None = None) -> dict[int, dict[int, Decimal]]:
        """Give those who wait what is left, first come first; return quantities by organisation."""
        turns: dict[int, dict[int, Decimal]] = {}
        for line in self.seen.lines_of(project_id) if accepts(self.seen, project_id) else []:
            left = self.left(line.id)
            for entry in [row for row in self.seen.waiting() if row.line_id == line.id]:
                who = entry.organisation_id
                if left <= 0 or who == before:
                    break
                amount = min(entry.quantity, left)
                parts = {**turns.get(who, {}), line.id: amount}
                free = (who, project_id) not in self.undecided and not hindered(self.seen, who)
                if free and self.bears(who, project_id, self.value(parts)):
                    left -= amount
                    turns[who] = parts
        for who, parts in turns.items():
            self.undecided.add((who, project_id))
            self._promise(who, project_id, self.value(parts))
            for key, amount in parts.items():
                self.held[key] += amount
        return turns

    def takes(self, organisation_id: int, project_id: int, wanted: Mapping[int, Decimal]) -> bool:
        """Tell whether these quantities can be reserved now."""
        fits = all(
            0 < amount <= self.left(key)
            and (amount >= self.seen.lines[key].min_lot or amount == self.left(key))
            for key, amount in wanted.items()
        )
        return (
            bool(wanted)
            and fits
            and not hindered(self.seen, organisation_id)
            and accepts(self.seen, project_id)
            and (organisation_id, project_id) not in self.undecided
            and self.bears(organisation_id, project_id, self.value(wanted))
        )

    def _promise(self, organisation_id: int, project_id: int, value: Decimal) -> None:
        key = (organisation_id, project_id)
        self.promised[key] = self.promised.get(key, Decimal(0)) + value


def lapsed_on(seen: Seen, project_id: int) -> set[int]:
    """Return the reservations on a project that have run out."""
    rows = (row for row in seen.claims.values() if row.project_id == project_id)
    return {row.id for row in rows if lapsed(seen, row)}
