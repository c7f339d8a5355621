"""The needs that the site knows, as the gate compares with them: kept in memory, read afresh."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import Lock

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from matchplatform.kernel.db import db, reading_aside
from matchplatform.projects.models import Project
from matchplatform.projects.states import PUBLIC_STATES, LineKind, ProjectState
from matchplatform.quality.likeness import LikenessIndex, OtherNeed
from matchplatform.quality.needs import LineText, NeedText
from matchplatform.quality.prices import PriceBook

# Grown or changed by more than this part, the model is fitted again; else it only reads the new.
STALE_PART = 0.2
# Few bound values a statement, on either database.
CHUNK = 500
_UNPRICED = (LineKind.MONEY, LineKind.JOBS)

# When a project was begun and its version: two projects or two texts never share both.
Stamp = tuple[datetime, int]


@dataclass(frozen=True)
class Corpus:
    """Every need with its stamp, the fitted model of them, and what public lines cost."""

    stamps: Mapping[int, Stamp]
    needs: Mapping[int, OtherNeed]
    public: frozenset[int]
    index: LikenessIndex
    fitted: int
    read_since: int
    book: PriceBook


_lock = Lock()
_kept: list[Corpus] = []


def current_corpus(apart: int | None = None) -> Corpus:
    """Return all needs as the database has them now.

    ``apart``: the id of a project that this transaction is changing; what it will say is not
    certain before the commit, so it is not read.
    """
    rows = db.session.execute(
        select(Project.id, Project.created_at, Project.version, Project.status).order_by(Project.id)
    ).all()
    stamps = {row.id: (row.created_at, row.version) for row in rows if row.id != apart}
    public = frozenset(row.id for row in rows if row.status in PUBLIC_STATES)
    with _lock:
        kept = _kept[0] if _kept else None
        if kept is not None and apart in kept.stamps:
            stamps[apart or 0] = kept.stamps[apart or 0]
        if kept is None or kept.stamps != stamps or kept.public != public:
            kept = _refreshed(kept, stamps, public)
            _kept[:] = [kept]
        return kept


def read_ahead() -> None:
    """Read and fit what the gate compares with before a verb asks it in the writers' turn.

    Ends the transaction under way: thousands of needs take a second or two the first time.
    """
    with reading_aside():
        current_corpus()


def need_of(project: Project) -> NeedText:
    """Return a project as the gate reads it."""
    return NeedText(
        name=project.name,
        kind=str(project.kind),
        sector=str(project.sector),
        region_code=project.region_code,
        place=project.place,
        scope_text=project.scope_text,
        outcome_target=project.outcome_target,
        direct_people=project.direct_people,
        households=project.households,
        person_times=project.person_times,
        starts_on=project.starts_on,
        ends_on=project.ends_on,
        claim_deadline=project.claim_deadline,
        owner_unit=project.owner_unit,
        supervising_unit=project.supervising_unit,
        contact_name=project.contact_name,
        contact_phone=project.contact_phone,
        lines=tuple(
            LineText(
                kind=str(line.kind),
                item=line.item,
                quantity=line.quantity,
                unit=line.unit,
                unit_price=line.unit_price,
                min_lot=line.min_lot,
                note=line.note,
            )
            for line in project.lines
        ),
        author_region=project.region_code,
    )


def _refreshed(kept: Corpus | None, stamps: Mapping[int, Stamp], public: frozenset[int]) -> Corpus:
    old = kept.stamps if kept else {}
    changed = [key for key, stamp in stamps.items() if old.get(key) != stamp]
    read = {other.id: other for other in _read(changed)}
    needs = {key: other for key, other in (kept.needs if kept else {}).items() if key in stamps}
    needs |= read
    since = len(changed) + (kept.read_since if kept else 0)
    if kept is not None and kept.fitted and since <= kept.fitted * STALE_PART:
        index, fitted = kept.index.extended(list(read.values()), set(needs)), kept.fitted
    else:
        index, fitted, since = LikenessIndex(list(needs.values())), len(needs), 0
    costs_alike = kept is not None and kept.public == public and public.isdisjoint(changed)
    book = kept.book if kept and costs_alike else PriceBook(_prices(needs, public))
    return Corpus(dict(stamps), needs, public, index, fitted, since, book)


def _read(ids: Sequence[int]) -> Iterable[OtherNeed]:
    with db.session.no_autoflush:
        for start in range(0, len(ids), CHUNK):
            for project in db.session.scalars(
                select(Project)
                .where(Project.id.in_(ids[start : start + CHUNK]))
                .order_by(Project.id)
                .options(selectinload(Project.lines))
            ):
                is_open = project.status is not ProjectState.CLOSED
                yield OtherNeed(project.id, need_of(project), is_open)


def _prices(needs: Mapping[int, OtherNeed], public: frozenset[int]) -> Iterable[tuple]:  # type: ignore[type-arg]
    for key in sorted(public):
        other = needs.get(key)
        for line in other.need.lines if other else ():
            if line.unit_price is not None and line.kind not in _UNPRICED:
                yield line.item, line.unit, line.unit_price
