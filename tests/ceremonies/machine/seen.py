"""The tables of ceremonies as plain rows, and the judge who holds them against the model."""

from collections import Counter
from decimal import Decimal
from typing import Any

from flask import current_app
from sqlalchemy import Row, select

from matchplatform.audit.queries import current_seq
from matchplatform.ceremonies.checks import find_breaches as ceremony_breaches
from matchplatform.ceremonies.live_queries import read_board
from matchplatform.ceremonies.models import (
    AgendaItem,
    Ceremony,
    CeremonyEntry,
    CeremonySnapshot,
    CeremonyStep,
)
from matchplatform.claims.models import Claim
from matchplatform.claims.queries import find_breaches as claim_breaches
from matchplatform.commitments.breaches import find_breaches as commitment_breaches
from matchplatform.commitments.models import Agreement, AgreementConfirmation, Commitment
from matchplatform.files.storage import Storage
from matchplatform.kernel.db import Base, db
from matchplatform.organisations.models import Organisation
from matchplatform.projects.models import ProjectLine
from tests.ceremonies.machine.model import CeremonyModel, Model

TABLES: tuple[type[Base], ...] = (
    AgendaItem, Agreement, AgreementConfirmation, Ceremony, CeremonyEntry, CeremonySnapshot,
    CeremonyStep, Claim, Commitment, Organisation, ProjectLine,
)  # fmt: skip
Seen = dict[str, list[Row[Any]]]


def look() -> tuple[int, Seen]:
    """Read everything: where the trail stands, and every table by its name."""
    seen: Seen = {}
    for model in TABLES:
        seen[model.__tablename__] = list(db.session.connection().execute(_all(model.__table__)))
    return current_seq(), seen


def _all(table: Any) -> Any:
    return select(table).order_by(*table.primary_key)


def judge(model: Model, seen: Seen) -> None:
    """Assert that the database is what the model says."""
    statuses = {row.id: str(row.status) for row in seen["claims"]}
    told = {key: claim.status for key, claim in model.claims.items()}
    assert statuses == told, f"claims: {statuses}, the model says {told}"
    _judge_papers(model, seen)
    found = {row.id for row in seen["ceremonies"]}
    assert found == set(model.ceremonies)
    for row in seen["ceremonies"]:
        _judge_ceremony(model, model.ceremonies[row.id], row, seen)
    waiting = Counter(row.claim_id for row in seen["ceremony_entries"] if row.status == "listed")
    assert not [key for key, times in waiting.items() if times > 1], "listed twice"


def check() -> None:
    """Assert that `matchplatform check` has nothing to say of claims, papers and ceremonies."""
    storage = Storage(current_app.extensions["settings"].files_path)
    breaches = [*claim_breaches(), *commitment_breaches(storage), *ceremony_breaches()]
    assert not breaches, breaches


def _judge_papers(model: Model, seen: Seen) -> None:
    counting = {row.claim_id: str(row.status) for row in seen["agreements"] if row.status != "void"}
    said = {key: claim.agreement for key, claim in model.claims.items() if claim.agreement}
    assert counting == said, f"agreements: {counting}, the model says {said}"
    standing = Counter(row.claim_id for row in seen["commitments"] if row.status != "revoked")
    signed = {key: 1 for key, claim in model.claims.items() if claim.status == "signed"}
    assert standing == signed, f"commitments: {standing}, signed: {signed}"


def _judge_ceremony(model: Model, ours: CeremonyModel, row: Row[Any], seen: Seen) -> None:
    here = f"ceremony {ours.id}"
    assert (str(row.status), row.seq) == (ours.status, ours.seq), f"{here} is {row.status}"
    entries = [entry for entry in seen["ceremony_entries"] if entry.ceremony_id == ours.id]
    states = {entry.id: (entry.claim_id, entry.addendum, str(entry.status)) for entry in entries}
    wanted = {
        key: (entry.claim.id, entry.addendum, entry.status) for key, entry in ours.entries.items()
    }
    assert states == wanted, f"{here}: {states}, the model says {wanted}"
    steps = [step.seq for step in seen["ceremony_steps"] if step.ceremony_id == ours.id]
    assert sorted(steps) == list(range(1, ours.seq + 1)), f"{here}: steps {steps}"
    main = sorted(
        (entry.position, entry.id)
        for entry in entries
        if entry.addendum == 0 and entry.status == "listed"
    )
    assert [key for _place, key in main] == [entry.id for entry in ours.main()], f"{here}: order"
    _judge_board(model, ours)


def _judge_board(model: Model, ours: CeremonyModel) -> None:
    board = read_board(ours.id)
    here = f"board {ours.id}"
    values = {row.entry_id: row.value for row in board.rows}
    signed = {entry.id for entry in ours.signed()}
    able = {entry.id for entry in ours.listed() if model.can_be_signed(entry)}
    # Before the list is locked there is no paper to ask for.
    if ours.status in ("planning", "intake"):
        able = {entry.id for entry in ours.listed() if model.may_sign(entry.claim)}
    for name, totals, keys in (
        ("signed", board.signed, signed), ("intended", board.intended, able),
    ):  # fmt: skip
        value = sum((values[key] for key in keys), Decimal(0))
        assert (totals.claims, totals.value) == (len(keys), value), f"{here}: {name} {totals}"
    if ours.status == "live":
        assert board.stage.paused == ours.stage.paused
        assert board.stage.stage == ours.stage.stage, f"{here}: on the stage {board.stage.stage}"
        assert board.stage.passed == ours.stage.passed, f"{here}: passed {board.stage.passed}"
        assert {row.entry_id for row in board.on_stage} == set(ours.on_stage())
        coming = [row.entry_id for row in (*board.next, *board.after)]
        gone = {*ours.stage.stage, *ours.stage.passed}
        assert set(coming) <= able - gone, f"{here}: {coming} come next"
        assert bool(coming) == bool(able - gone), f"{here}: nobody comes next"
