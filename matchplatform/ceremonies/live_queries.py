"""What the screens of a ceremony show: read once a state, and kept for everybody who asks."""

import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from matchplatform.access.actor import Actor
from matchplatform.access.policy import Permission, permits
from matchplatform.ceremonies.models import AgendaItem, Ceremony, CeremonyEntry
from matchplatform.ceremonies.rows import Row, Totals, add_up, read_rows
from matchplatform.ceremonies.stage import StageState, coming_rounds
from matchplatform.ceremonies.states import PAST_STATES, AgendaKind, CeremonyState
from matchplatform.ceremonies.steps import read_stage
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Hidden, NotFound
from matchplatform.kernel.i18n import lazy_gettext as _

# A claim that is withdrawn or a title that is corrected is no step; screens see it so much later.
KEPT_SECONDS = 5.0
MOST_KEPT = 8


@dataclass(frozen=True)
class Head:
    """As much of a ceremony as tells whether anything is new."""

    id: int
    token: str
    seq: int
    version: int
    status: CeremonyState

    @property
    def is_live(self) -> bool:
        """Tell whether steps may come at any moment."""
        return self.status is CeremonyState.LIVE


@dataclass(frozen=True)
class Item:
    """An item of the agenda, without who speaks."""

    id: int
    title: str
    kind: AgendaKind


@dataclass(frozen=True)
class Board:
    """A ceremony as its screens show it; rows in the order of the list.

    ``now``: the round on the stage, signed or not; ``next`` and ``after``: the two rounds that
    follow; ``signed`` and ``intended`` are never added together.
    """

    head: Head
    number: str
    title: str
    place: str
    host: str
    starts_at: datetime
    stage: StageState
    rows: tuple[Row, ...]
    items: tuple[Item, ...]
    now: tuple[Row, ...]
    next: tuple[Row, ...]
    after: tuple[Row, ...]
    passed: tuple[Row, ...]
    signed: Totals
    intended: Totals

    @property
    def seq(self) -> int:
        """Return the number of the last step."""
        return self.head.seq

    @property
    def item(self) -> Item | None:
        """Return the item of the agenda that is on, or None."""
        return next((item for item in self.items if item.id == self.stage.item_id), None)

    @property
    def on_stage(self) -> tuple[Row, ...]:
        """Return who stands on the stage and has not signed."""
        return tuple(row for row in self.now if not row.is_signed)

    @property
    def waiting(self) -> tuple[Row, ...]:
        """Return what waits for its signature, wherever it stands."""
        return tuple(row for row in self.rows if row.can_be_signed)

    def mark_of(self, row: Row) -> str:
        """Return where a row stands: signed, now, passed, cannot, unsigned or waiting."""
        if row.is_signed:
            return "signed"
        if row.entry_id in self.stage.stage:
            return "now"
        if row.why:
            return "cannot"
        if row.entry_id in self.stage.passed:
            return "passed"
        return "waiting" if row.can_be_signed else "unsigned"


_kept: dict[str, tuple[Head, float, Board]] = {}
_lock = threading.Lock()


def find_hall(token: str) -> Head | None:
    """Return the ceremony whose screens this token opens, or None."""
    found = db.session.execute(
        select(
            Ceremony.id, Ceremony.hall_token, Ceremony.seq, Ceremony.version, Ceremony.status
        ).where(Ceremony.hall_token == token)
    ).one_or_none()
    return Head(*found) if found else None


def get_hall(token: str) -> Head:
    """Return the ceremony whose screens this token opens.

    Raises:
        NotFound: it opens none.
    """
    head = find_hall(token)
    if head is None:
        raise NotFound()
    return head


def head_of(ceremony: Ceremony) -> Head:
    """Return the head of a ceremony that was read."""
    return Head(ceremony.id, ceremony.hall_token, ceremony.seq, ceremony.version, ceremony.status)


def get_ceremony_for(actor: Actor, ceremony_id: int, permission: Permission) -> Ceremony:
    """Return a ceremony with which the actor may do this.

    Raises:
        NotFound: no such ceremony.
        Hidden: none of the actor's business.
    """
    ceremony = db.session.get(Ceremony, ceremony_id)
    if ceremony is None:
        raise NotFound()
    if not permits(actor, permission, ceremony):
        raise Hidden()
    return ceremony


def get_past(ceremony_id: int) -> Ceremony:
    """Return a ceremony whose results are public.

    Raises:
        NotFound: no such ceremony, or it is not over.
    """
    ceremony = db.session.get(Ceremony, ceremony_id)
    if ceremony is None or ceremony.status not in PAST_STATES:
        raise NotFound()
    return ceremony


def get_entry(ceremony: Ceremony, entry_id: int) -> CeremonyEntry:
    """Return an entry of a ceremony.

    Raises:
        NotFound: it has no such entry.
    """
    entry = db.session.get(CeremonyEntry, entry_id)
    if entry is None or entry.ceremony_id != ceremony.id:
        raise NotFound(_("这一项不在本场的名单上。"))
    return entry


def get_entries(ceremony: Ceremony, entry_ids: Iterable[int]) -> list[CeremonyEntry]:
    """Return entries of a ceremony in the order in which they are named, each once.

    Raises:
        NotFound: one of them is not its.
    """
    return [get_entry(ceremony, entry_id) for entry_id in dict.fromkeys(entry_ids)]


def show_board(head: Head) -> Board:
    """Return what the screens show, read at most once a state in this process."""
    with _lock:
        kept = _kept.get(head.token)
    if kept and kept[0] == head and time.monotonic() < kept[1]:
        return kept[2]
    board = read_board(head.id)
    with _lock:
        if len(_kept) >= MOST_KEPT and head.token not in _kept:
            _kept.pop(min(_kept, key=lambda key: _kept[key][1]))
        _kept[head.token] = (board.head, time.monotonic() + KEPT_SECONDS, board)
    return board


def read_board(ceremony_id: int) -> Board:
    """Return a ceremony as its screens show it, read now."""
    ceremony = db.session.get_one(Ceremony, ceremony_id, populate_existing=True)
    stage = read_stage(ceremony.id)
    rows = read_rows(ceremony.id, ceremony.grouping)
    known = {row.entry_id: row for row in rows}
    cannot = [row.entry_id for row in rows if not row.can_be_signed]
    order = [(row.entry_id, row.group) for row in rows]
    rounds = coming_rounds(order, stage, ceremony.stage_slots, cannot)
    return Board(
        head=head_of(ceremony),
        number=ceremony.number,
        title=ceremony.title,
        place=ceremony.place,
        host=ceremony.host,
        starts_at=ceremony.starts_at,
        stage=stage,
        rows=rows,
        items=_items(ceremony.agenda),
        now=_pick(known, stage.stage),
        next=_pick(known, rounds[0]) if rounds else (),
        after=_pick(known, rounds[1]) if len(rounds) > 1 else (),
        passed=_pick(known, stage.passed),
        signed=add_up(row for row in rows if row.is_signed),
        intended=add_up(row for row in rows if row.can_be_signed),
    )


def _items(agenda: Iterable[AgendaItem]) -> tuple[Item, ...]:
    return tuple(Item(item.id, item.title, item.kind) for item in agenda)


def _pick(known: dict[int, Row], entries: Iterable[int]) -> tuple[Row, ...]:
    return tuple(known[entry] for entry in entries if entry in known)
