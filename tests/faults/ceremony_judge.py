"""What came of many signatures at once: every answer and screen against the database."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from flask import current_app
from sqlalchemy import select

from matchplatform.audit.queries import find_breaches as audit_breaches
from matchplatform.ceremonies.checks import find_breaches as ceremony_breaches
from matchplatform.ceremonies.models import Ceremony, CeremonyEntry
from matchplatform.ceremonies.states import EntryState, StepKind
from matchplatform.ceremonies.steps import list_steps
from matchplatform.claims.queries import find_breaches as claim_breaches
from matchplatform.claims.states import ClaimState
from matchplatform.commitments.breaches import find_breaches as commitment_breaches
from matchplatform.commitments.models import Agreement, Commitment
from matchplatform.commitments.states import AgreementState
from matchplatform.files.storage import Storage
from matchplatform.kernel.db import db
from matchplatform.projects.models import ProjectLine

TAKEN, REFUSED = 303, 409


@dataclass(frozen=True)
class Press:
    """One signature as an operator gives it: for which entry, by whom, with which key of a form."""

    entry_id: int
    user_id: int
    key: str


@dataclass(frozen=True)
class Answer:
    """What a press was answered, and when it was sent first and answered for good."""

    press: Press
    status: int
    page: str
    begun: float
    ended: float


@dataclass
class Race:
    """What was sent and seen; ``held``: what each line held before; ``screens``: after it."""

    ceremony_id: int
    hall_token: str
    held: dict[int, Decimal]
    presses: list[Press]
    answers: list[Answer] = field(default_factory=list)
    screens: list[dict[str, Any]] = field(default_factory=list)


def find_faults(race: Race) -> Iterator[str]:
    """Yield a line for whatever is not as it must be."""
    entries = _list_entries(race.ceremony_id)
    yield from _step_faults(race)
    yield from _promise_faults(entries)
    yield from _answer_faults(race)
    yield from _screen_faults(race, entries)
    if read_held(race.ceremony_id) != race.held:
        yield "a line does not hold what it held before"
    yield from claim_breaches()
    storage = Storage(current_app.extensions["settings"].files_path)
    yield from commitment_breaches(storage)
    yield from ceremony_breaches()
    yield from audit_breaches()


def read_held(ceremony_id: int) -> dict[int, Decimal]:
    """Return what the lines hold from which something is signed at a ceremony."""
    ids = [part.line_id for entry in _list_entries(ceremony_id) for part in entry.claim.lines]
    lines = db.session.scalars(
        select(ProjectLine)
        .where(ProjectLine.id.in_(ids))
        .order_by(ProjectLine.id)
        .execution_options(populate_existing=True)
    )
    return {line.id: line.held for line in lines}


def _list_entries(ceremony_id: int) -> list[CeremonyEntry]:
    return list(
        db.session.scalars(
            select(CeremonyEntry)
            .where(CeremonyEntry.ceremony_id == ceremony_id)
            .order_by(CeremonyEntry.id)
        ).unique()
    )


def _step_faults(race: Race) -> Iterator[str]:
    steps = list_steps(race.ceremony_id)
    if [step.seq for step in steps] != list(range(1, len(steps) + 1)):
        yield f"steps count {[step.seq for step in steps]}"
    times = Counter(step.entry_id for step in steps if step.kind is StepKind.SIGN)
    for entry_id in sorted({press.entry_id for press in race.presses}):
        if times[entry_id] != 1:
            yield f"entry {entry_id}: signed {times[entry_id]} times"


def _promise_faults(entries: list[CeremonyEntry]) -> Iterator[str]:
    claims = [entry.claim_id for entry in entries]
    promised = Counter(
        db.session.scalars(select(Commitment.claim_id).where(Commitment.claim_id.in_(claims)))
    )
    in_force = Counter(
        db.session.scalars(
            select(Agreement.claim_id).where(
                Agreement.claim_id.in_(claims), Agreement.status == AgreementState.IN_FORCE
            )
        )
    )
    for entry in entries:
        here = f"entry {entry.id}"
        if entry.status is not EntryState.SIGNED or entry.claim.status is not ClaimState.SIGNED:
            yield f"{here}: is {entry.status}, its claim {entry.claim.status}"
        if promised[entry.claim_id] != 1:
            yield f"{here}: {promised[entry.claim_id]} commitments"
        if in_force[entry.claim_id] != 1:
            yield f"{here}: {in_force[entry.claim_id]} agreements in force"


def _answer_faults(race: Race) -> Iterator[str]:
    if len(race.answers) != len(race.presses):
        yield f"{len(race.answers)} answers to {len(race.presses)} signatures"
    signed = {
        step.entry_id: step
        for step in list_steps(race.ceremony_id, (StepKind.SIGN,))
        if step.entry_id is not None
    }
    by_key: dict[str, list[Answer]] = {}
    for answer in race.answers:
        by_key.setdefault(answer.press.key, []).append(answer)
    by_entry: dict[int, list[Answer]] = {}
    for same in by_key.values():
        # A refusal shows the console as it is at that moment, and so is another page each time.
        said = sorted(answer.status for answer in same)
        led_to = {answer.page for answer in same if answer.status == TAKEN}
        if len(set(said)) > 1 or len(led_to) > 1:
            yield f"entry {same[0].press.entry_id}: one key was answered {said}"
        by_entry.setdefault(same[0].press.entry_id, []).append(same[0])
    for entry_id, answers in sorted(by_entry.items()):
        here = f"entry {entry_id}"
        taken = [answer for answer in answers if answer.status == TAKEN]
        if len(taken) != 1:
            yield f"{here}: answered {sorted(answer.status for answer in answers)}"
            continue
        step = signed.get(entry_id)
        if step is None or step.actor_id != taken[0].press.user_id:
            yield f"{here}: was not signed by whoever was told so"
            continue
        for answer in answers:
            if answer is not taken[0] and (
                answer.status != REFUSED or f"这一项{step.actor_label}已在" not in answer.page
            ):
                yield f"{here}: the second operator was not told who had signed"


def _screen_faults(race: Race, entries: list[CeremonyEntry]) -> Iterator[str]:
    ceremony = db.session.get_one(Ceremony, race.ceremony_id)
    done = [entry for entry in entries if entry.status is EntryState.SIGNED]
    value = sum((entry.claim.value for entry in done), Decimal("0.00"))
    for screen in race.screens:
        signed = screen.get("signed", {})
        shown = (screen.get("seq"), signed.get("claims"), signed.get("yuan"))
        if shown != (ceremony.seq, len(done), str(value)):
            yield f"a screen shows {shown}, it is {(ceremony.seq, len(done), str(value))}"
        if screen.get("order", []).count("signed") != len(done):
            yield "a screen marks something else as signed"
