"""The fitted model of what is open, kept in memory and refreshed when the data change."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from threading import Lock

from sqlalchemy import or_, select
from sqlalchemy.orm import selectinload

from matchplatform.audit.models import AuditHead
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.matching.engine import Recommender
from matchplatform.matching.matches import ProjectText
from matchplatform.projects.models import Project, ProjectLine
from matchplatform.projects.states import ProjectState

ZERO = Decimal(0)


@dataclass(frozen=True)
class Snapshot:
    """A model, and what the data looked like when it was made.

    ``fingerprint`` is the trail's last hash and the day; ``texts`` are the open projects' ids,
    versions and names, which change whenever a text does.
    """

    fingerprint: tuple[str, date]
    texts: tuple[tuple[int, int, str], ...]
    recommender: Recommender


_lock = Lock()
_kept: list[Snapshot] = []


def current_recommender() -> Recommender:
    """Return the model of what is open now.

    The trail's hash tells whether anything changed at all. If so, the versions tell whether a
    text did and the model must be fitted again, or only quantities, which cost no fit.
    """
    head = db.session.scalar(select(AuditHead.hash)) or ""
    fingerprint = (head, clock.today())
    with _lock:
        kept = _kept[0] if _kept else None
        if kept is None or kept.fingerprint != fingerprint:
            kept = _refreshed(kept, fingerprint)
            _kept[:] = [kept]
        return kept.recommender


def text_of(project: Project) -> ProjectText:
    """Return what the engine may know of a public project: no contact, no author, no reason."""
    return ProjectText(
        id=project.id,
        number=project.number,
        title=project.name,
        text=f"{project.scope_text}\n{project.outcome_target}",
        sector=str(project.sector),
        region_code=project.region_code,
        city_code=project.region_code[:4] + "00",
        items=tuple(line.item for line in project.lines),
        value_gap=gap_of(project.lines),
        smallest_claim=smallest_claim_of(project.lines),
    )


def gap_of(lines: Iterable[ProjectLine]) -> Decimal | None:
    """Return what is missing in yuan; None where nothing that is missing has a price."""
    values = [
        line.value_of(line.gap) for line in lines if line.gap > ZERO and line.unit_price is not None
    ]
    return sum(values, ZERO) if values else None


def smallest_claim_of(lines: Iterable[ProjectLine]) -> Decimal | None:
    """Return the least that can be claimed in yuan: one lot, or what remains when that is less.

    A line without a price costs an organisation no money.
    """
    lots = [line.value_of(min(line.min_lot, line.left)) for line in lines if line.gap > ZERO]
    return min(lots, default=None)


def _refreshed(kept: Snapshot | None, fingerprint: tuple[str, date]) -> Snapshot:
    lines = _open_lines(fingerprint[1])
    texts = _texts_of(list(lines))
    if kept is not None and kept.texts == texts:
        money = {key: (gap_of(own), smallest_claim_of(own)) for key, own in lines.items()}
        return Snapshot(fingerprint, texts, kept.recommender.with_money(money))
    projects = db.session.scalars(
        select(Project)
        .where(Project.id.in_([key for key, _, _ in texts]))
        .order_by(Project.id)
        .options(selectinload(Project.lines))
    )
    return Snapshot(fingerprint, texts, Recommender([text_of(project) for project in projects]))


def _open_lines(today: date) -> dict[int, list[ProjectLine]]:
    """Return the lines of what can be claimed today and misses something, by project."""
    found: dict[int, list[ProjectLine]] = {}
    rows = db.session.scalars(
        select(ProjectLine)
        .join(Project, Project.id == ProjectLine.project_id)
        .where(
            Project.status == ProjectState.PUBLISHED,
            or_(Project.claim_deadline.is_(None), Project.claim_deadline >= today),
        )
        .order_by(ProjectLine.project_id, ProjectLine.position)
    )
    for line in rows:
        found.setdefault(line.project_id, []).append(line)
    return {key: own for key, own in found.items() if any(line.gap > ZERO for line in own)}


def _texts_of(project_ids: list[int]) -> tuple[tuple[int, int, str], ...]:
    rows = db.session.execute(
        select(Project.id, Project.version, Project.name)
        .where(Project.id.in_(project_ids))
        .order_by(Project.id)
    )
    return tuple((key, version, name) for key, version, name in rows)
