"""What the operator's console shows beside the board: who is there, what is wrong, what was done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from matchplatform.ceremonies.arrival_queries import (
    Attendance,
    UnitArrival,
    arrivals_of,
    count_attendance,
    list_guests,
)
from matchplatform.ceremonies.live_queries import Board, read_board
from matchplatform.ceremonies.models import Ceremony, CeremonyStep
from matchplatform.ceremonies.rows import Row
from matchplatform.ceremonies.states import StepKind
from matchplatform.ceremonies.steps import list_steps
from matchplatform.claims.models import Claim
from matchplatform.commitments.readiness import readiness_of
from matchplatform.kernel.db import db
from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _

SHOWN_STEPS = 12

STEP_WORDS: Mapping[StepKind, Words] = {
    StepKind.BEGIN: _("大会开始"),
    StepKind.ITEM: _("进行议程"),
    StepKind.CALL: _("上台"),
    StepKind.SIGN: _("签约"),
    StepKind.PASS: _("跳过"),
    StepKind.PAUSE: _("暂停"),
    StepKind.RESUME: _("继续"),
    StepKind.UNDO: _("撤销"),
    StepKind.CLOSE: _("大会结束"),
}


@dataclass(frozen=True)
class Told:
    """A step in words: ``about`` names what it was about; ``undone`` that it no longer counts."""

    step: CeremonyStep
    what: Words
    about: Words
    undone: bool


@dataclass(frozen=True)
class Console:
    """The console of a ceremony.

    ``arrivals``: of each entry, whether its units are there; ``wrong``: of what is signed soon,
    what stands against it; ``last``: the step that would be taken back.
    """

    board: Board
    attendance: Attendance
    arrivals: Mapping[int, Sequence[UnitArrival]]
    wrong: Mapping[int, Sequence[Words]]
    told: Sequence[Told]
    last: Told | None

    def is_here(self, row: Row) -> bool:
        """Tell whether everybody who signs an entry is there."""
        return all(one.state == "here" for one in self.arrivals.get(row.entry_id, ()))


def read_console(ceremony: Ceremony) -> Console:
    """Read what the console shows now."""
    board = read_board(ceremony.id)
    guests = list_guests(ceremony.id)
    steps = list_steps(ceremony.id)
    told = _tell(board, steps)
    last = board.stage.last if board.head.is_live else None
    return Console(
        board=board,
        attendance=count_attendance(guests),
        arrivals={row.entry_id: arrivals_of(row, guests) for row in board.rows},
        wrong=_find_wrong(board),
        told=told[: -SHOWN_STEPS - 1 : -1],
        last=next((one for one in told if one.step.seq == last), None),
    )


def _find_wrong(board: Board) -> dict[int, list[Words]]:
    """Say what stands against each entry: of all before the day begins, then of the next ones."""
    soon = (*board.on_stage, *board.next, *board.after) if board.head.is_live else board.waiting
    claims = {row.claim_id: row.entry_id for row in soon if row.can_be_signed}
    found: dict[int, list[Words]] = {row.entry_id: [row.why] for row in board.rows if row.why}
    if claims:
        loaded = db.session.scalars(select(Claim).where(Claim.id.in_(claims))).all()
        for claim_id, missing in readiness_of(loaded).items():
            if missing:
                found[claims[claim_id]] = list(missing)
    return found


def _tell(board: Board, steps: Sequence[CeremonyStep]) -> list[Told]:
    known = {row.entry_id: row for row in board.rows}
    items = {item.id: item.title for item in board.items}
    undone = {step.undoes for step in steps if step.undoes is not None}
    return [
        Told(step, STEP_WORDS[step.kind], _about(step, known, items), step.seq in undone)
        for step in steps
    ]


def _about(step: CeremonyStep, known: Mapping[int, Row], items: Mapping[int, str]) -> Words:
    if step.undoes is not None:
        return _("第 %(seq)s 步", seq=step.undoes)
    if step.item_id is not None:
        return items.get(step.item_id, "")
    entries = step.entry_ids or ([step.entry_id] if step.entry_id else [])
    rows = [known[entry] for entry in entries if entry in known]
    return "、".join(f"{row.place} {row.lead}" for row in rows)
