"""What must hold after every step, and between two of them."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import Row

from tests.claims.machine.model import (
    ACTIVE,
    CLAIM_MOVES,
    HOLDING,
    MEMBER_MOVES,
    OPEN,
    ORGANISATION_MOVES,
    PROJECT_MOVES,
    UNDECIDED,
    WAIT_MOVES,
    Sketch,
    hindered,
)
from tests.claims.machine.seen import Parts, Rows, Seen

ZERO = Decimal(0)
Moves = Mapping[tuple[str | None, str], str]


def judge_state(seen: Seen) -> None:
    """Assert what every state of the database must be."""
    held: dict[int, Decimal] = {}
    undecided: set[tuple[int, int]] = set()
    for claim in seen.claims.values():
        if claim.status in HOLDING:
            for key, amount in seen.parts[claim.id].items():
                held[key] = held.get(key, ZERO) + amount
        if claim.status in UNDECIDED:
            pair = (claim.organisation_id, claim.project_id)
            assert pair not in undecided, f"{pair} has two undecided claims"
            undecided.add(pair)
        _judge_shares(seen, claim)
        _judge_holders(seen, claim)
    for line in seen.lines.values():
        assert line.held == held.get(line.id, ZERO), f"line {line.id} holds {line.held}: {held}"
        assert 0 <= line.held <= line.quantity + line.extra, f"line {line.id} is out of bounds"
    waiting = [(entry.line_id, entry.organisation_id) for entry in seen.waiting()]
    assert len(waiting) == len(set(waiting)), "somebody waits twice for a line"


def _judge_shares(seen: Seen, claim: Row[Any]) -> None:
    members = seen.members_of(claim.id)
    if not members:
        return
    sums: dict[int, Decimal] = {}
    for member in members:
        for key, amount in seen.shares.get(member.id, {}).items():
            sums[key] = sums.get(key, ZERO) + amount
    assert sums == seen.parts[claim.id], f"claim {claim.id}: its shares are not its lines"
    if claim.status in ("accepted", "signed"):
        assert all(member.status != "invited" for member in members), "accepted, not all confirmed"
    if claim.status == "signed":
        gone = [member.id for member in members if member.status not in ACTIVE]
        assert not any(seen.shares.get(key) for key in gone), "signed, and a share is on offer"


def _judge_holders(seen: Seen, claim: Row[Any]) -> None:
    joined = (m.organisation_id for m in seen.members_of(claim.id) if m.status in ACTIVE)
    for key in {claim.organisation_id, *joined}:
        status = seen.organisations[key].status
        if status == "suspended":
            assert claim.status != "reserved", f"{key} is suspended and holds a reservation"
        if status in ("deregistered", "merged", "pending", "returned"):
            assert claim.status not in OPEN, f"{key} is {status} and holds claim {claim.id}"
        # What was signed stays a promise, whatever becomes of whoever made it; a double has none.
        if status in ("merged", "pending", "returned"):
            assert claim.status != "signed", f"{key} is {status} and has signed claim {claim.id}"


def judge_step(before: Seen, after: Seen, trail: Sequence[Row[Any]]) -> None:
    """Assert that the trail alone explains how one state became the other."""
    assert [entry.seq for entry in trail] == list(range(before.head + 1, after.head + 1))
    _walk("claim", CLAIM_MOVES, before.claims, after.claims, _rows_of(trail, "claim"))
    _walk("waitlist", WAIT_MOVES, before.waits, after.waits, _rows_of(trail, "waitlist"))
    numbers = {project.number: project.id for project in after.projects.values()}
    moves = [
        (numbers[entry.subject_id], entry) for entry in trail if entry.subject_type == "project"
    ]
    _walk("project", PROJECT_MOVES, before.projects, after.projects, moves)
    organisations = [
        (key, entry)
        for key, entry in _rows_of(trail, "organisation")
        if entry.action != "organisation.merge" or entry.detail["merged"] == key
    ]
    _walk(
        "organisation", ORGANISATION_MOVES, before.organisations, after.organisations, organisations
    )
    _judge_members(before, after, _rows_of(trail, "claim"))
    _judge_quantities(before, after, _rows_of(trail, "claim"))
    _judge_asked(before, after, trail)
    # What a duplicate held comes to the record that stays, whatever stands against that one.
    if not any(entry.action == "organisation.merge" for entry in trail):
        _judge_growth(before, after)


def _rows_of(trail: Iterable[Row[Any]], subject: str) -> list[tuple[int, Row[Any]]]:
    return [(int(entry.subject_id), entry) for entry in trail if entry.subject_type == subject]


def _walk(
    name: str, moves: Moves, before: Rows, after: Rows, trail: list[tuple[int, Row[Any]]]
) -> None:
    """Follow each thing from its state before through the trail to its state after."""
    actions = {action for _state, action in moves}
    at: dict[int, str | None] = {key: str(row.status) for key, row in before.items()}
    for key, entry in trail:
        if entry.action not in actions:
            continue
        state = at.get(key)
        assert (state, entry.action) in moves, f"{name} {key}: {entry.action} from {state}"
        at[key] = moves[state, entry.action]
        said = entry.detail.get("status")
        assert said in (None, at[key]), f"{name} {key}: the trail says {said}"
    now = {key: str(row.status) for key, row in after.items()}
    assert at == now, f"{name}: the trail leads to {at}, the table says {now}"


def _judge_members(before: Seen, after: Seen, trail: list[tuple[int, Row[Any]]]) -> None:
    for claim_id in after.claims:
        told = sorted(
            entry.action
            for key, entry in trail
            if key == claim_id and entry.action in {action for _state, action in MEMBER_MOVES}
        )
        changed = []
        for member in after.members_of(claim_id):
            old = before.members.get(member.id)
            if old is None or old.status == member.status:
                continue
            ways = {way: to for way, to in MEMBER_MOVES.items() if way[0] == old.status}
            found = [action for (_state, action), to in ways.items() if to == member.status]
            assert found, f"member {member.id}: from {old.status} to {member.status}"
            changed += found
        assert told == sorted(changed), f"claim {claim_id}: members {changed}, the trail {told}"


def _judge_quantities(before: Seen, after: Seen, trail: list[tuple[int, Row[Any]]]) -> None:
    told: dict[int, dict[int, Decimal]] = {}
    for key, entry in trail:
        said = {int(line): Decimal(text) for line, text in entry.detail["quantities"].items()}
        known: Parts = {**before.parts, **told}
        if key in known and entry.action != "joint.give_back":
            assert said == known[key], f"claim {key}: {entry.action} changed its quantities"
        told[key] = said
    assert {**before.parts, **told} == after.parts, "quantities changed behind the trail"


def _judge_asked(before: Seen, after: Seen, trail: Sequence[Row[Any]]) -> None:
    """Assert that what was asked of a county changes with a row of its own."""
    for name, table, actions in (
        ("requests", "claim", {"ask", "answer", "refuse", "settle"}),
        ("grants", "capacity", {"ask", "grant", "refuse", "settle"}),
    ):
        old, new = getattr(before, name), getattr(after, name)
        changed = [
            row
            for key, row in new.items()
            if key not in old or (old[key].status, old[key].version) != (row.status, row.version)
        ]
        prefix = "release" if name == "requests" else "capacity"
        told = [
            entry
            for entry in trail
            if entry.subject_type == table and entry.action in {f"{prefix}.{a}" for a in actions}
        ]
        if name == "requests":
            told += [
                entry
                for entry in trail
                if entry.action == "claim.release"
                and any(row.claim_id == int(entry.subject_id) for row in changed)
            ]
        moved = any(entry.action == "organisation.merge" for entry in trail)
        if not moved:
            assert len(changed) == len(told), f"{name}: {changed}, the trail says {told}"


def _judge_growth(before: Seen, after: Seen) -> None:
    """Assert that whoever may not claim has taken on nothing more."""
    old, new = Sketch(before).promised, Sketch(after.at(before.now)).promised
    for (who, project_id), value in new.items():
        if hindered(after, who):
            grown = value > old.get((who, project_id), ZERO)
            assert not grown, f"{who} may not claim and has taken on more"
