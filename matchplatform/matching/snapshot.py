"""The fitted model of what is open, kept in memory and refreshed when the data change."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from threading import Lock

from sqlalchemy import or_, select
from sqlalchemy.orm import selectinload

from matchplatform.audit.models import AuditHead
from matchplatform.claims.availability import gap_of as gap_of_line
from matchplatform.claims.availability import left_of
from matchplatform.claims.queries import lapsed_by_line
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
    fingerprint = current_fingerprint()
    with _lock:
        kept = _kept[0] if _kept else None
        if kept is None or kept.fingerprint != fingerprint:
            kept = _refreshed(kept, fingerprint)
            _kept[:] = [kept]
        return kept.recommender


def current_fingerprint() -> tuple[str, date]:
    """Return what changes whenever anything on the site does, or a day begins."""
    return (db.session.scalar(select(AuditHead.hash)) or "", clock.today())


def text_of(project: Project, lapsed: Mapping[int, Decimal]) -> ProjectText:
    """Return what the engine may know of a public project: no contact, no author, no reason.

    ``lapsed`` is what lies under reservations that have run out, by line id.
    """
    return ProjectText(
        id=project.id,
        number=project.number,
        title=project.name,
        text=f"{project.scope_text}\n{project.outcome_target}",
        sector=str(project.sector),
        region_code=project.region_code,
        city_code=project.region_code[:4] + "00",
        items=tuple(line.item for line in project.lines),
        value_gap=gap_of(project.lines, lapsed),
        smallest_claim=smallest_claim_of(project.lines, lapsed),
    )


def gap_of(lines: Iterable[ProjectLine], lapsed: Mapping[int, Decimal]) -> Decimal | None:
    """Return what is missing in yuan; None where nothing that is missing has a price."""
    gaps = [(line, gap_of_line(line, lapsed)) for line in lines]
    values = [line.value_of(gap) for line, gap in gaps if gap and line.unit_price is not None]
    return sum(values, ZERO) if values else None


def smallest_claim_of(
    lines: Iterable[ProjectLine], lapsed: Mapping[int, Decimal]
) -> Decimal | None:
    """Return the least that can be claimed in yuan: one lot, or what remains when that is less.

    A line without a price costs an organisation no money.
    """
    lots = [
        line.value_of(min(line.min_lot, left_of(line, lapsed)))
        for line in lines
        if gap_of_line(line, lapsed)
    ]
    return min(lots, default=None)


def _refreshed(kept: Snapshot | None, fingerprint: tuple[str, date]) -> Snapshot:
    lapsed = lapsed_by_line()
    lines = _open_lines(fingerprint[1], lapsed)
    texts = _texts_of(list(lines))
    if kept is not None and kept.texts == texts:
        money = {
            key: (gap_of(own, lapsed), smallest_claim_of(own, lapsed)) for key, own in lines.items()
        }
        return Snapshot(fingerprint, texts, kept.recommender.with_money(money))
    projects = db.session.scalars(
        select(Project)
        .where(Project.id.in_([key for key, _, _ in texts]))
        .order_by(Project.id)
        .options(selectinload(Project.lines))
    )
    read = [text_of(project, lapsed) for project in projects]
    return Snapshot(fingerprint, texts, Recommender(read))


def _open_lines(today: date, lapsed: Mapping[int, Decimal]) -> dict[int, list[ProjectLine]]:
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
    return {
        key: own for key, own in found.items() if any(gap_of_line(line, lapsed) for line in own)
    }


def _texts_of(project_ids: list[int]) -> tuple[tuple[int, int, str], ...]:
    rows = db.session.execute(
        select(Project.id, Project.version, Project.name)
        .where(Project.id.in_(project_ids))
        .order_by(Project.id)
    )
    return tuple((key, version, name) for key, version, name in rows)
