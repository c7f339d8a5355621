"""Reads of the waitlist."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from matchplatform.access.actor import Actor
from matchplatform.access.policy import Permission, permits
from matchplatform.claims.asked import WaitlistEntry
from matchplatform.claims.states import WaitState
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Hidden, NotFound
from matchplatform.projects.models import Project, ProjectLine
from matchplatform.projects.states import ProjectState

_WITH_PROJECT = joinedload(WaitlistEntry.line).joinedload(ProjectLine.project)


@dataclass(frozen=True)
class Place:
    """An organisation's place on a waitlist; ``ahead`` counts those who joined before it."""

    entry: WaitlistEntry
    ahead: int


def get_entry(actor: Actor, entry_id: int) -> WaitlistEntry:
    """Return one of the actor's own places on a waitlist.

    Raises:
        NotFound: no such place.
        Hidden: somebody else's.
    """
    entry = db.session.get(WaitlistEntry, entry_id)
    if entry is None:
        raise NotFound()
    if not permits(actor, Permission.CLAIM_HANDLE, entry):
        raise Hidden()
    return entry


def list_waiting_on(line_id: int) -> list[WaitlistEntry]:
    """List who waits for a line, first come first."""
    return list(
        db.session.scalars(
            select(WaitlistEntry)
            .where(WaitlistEntry.line_id == line_id, WaitlistEntry.status == WaitState.WAITING)
            .order_by(WaitlistEntry.joined_at, WaitlistEntry.id)
        )
    )


def find_waiting(organisation_id: int, line_id: int) -> WaitlistEntry | None:
    """Return the place that an organisation waits in for a line, or None."""
    return db.session.scalar(
        select(WaitlistEntry).where(
            WaitlistEntry.line_id == line_id,
            WaitlistEntry.organisation_id == organisation_id,
            WaitlistEntry.status == WaitState.WAITING,
        )
    )


def list_places(organisation_id: int) -> list[Place]:
    """List where an organisation waits, the longest first."""
    entries = db.session.scalars(
        select(WaitlistEntry)
        .where(
            WaitlistEntry.organisation_id == organisation_id,
            WaitlistEntry.status == WaitState.WAITING,
        )
        .order_by(WaitlistEntry.joined_at, WaitlistEntry.id)
        .options(_WITH_PROJECT)
    ).all()
    order = _orders([entry.line_id for entry in entries])
    return [Place(entry, order[entry.line_id].index(entry.id)) for entry in entries]


def read_queue(project: Project) -> dict[int, list[WaitlistEntry]]:
    """List who waits by line id, first come first; lines for which nobody waits are left out."""
    queue: dict[int, list[WaitlistEntry]] = {}
    for entry in db.session.scalars(
        select(WaitlistEntry)
        .where(
            WaitlistEntry.line_id.in_([line.id for line in project.lines]),
            WaitlistEntry.status == WaitState.WAITING,
        )
        .order_by(WaitlistEntry.joined_at, WaitlistEntry.id)
    ):
        queue.setdefault(entry.line_id, []).append(entry)
    return queue


def places_in(queue: Mapping[int, Sequence[WaitlistEntry]], organisation_id: int) -> list[Place]:
    """List an organisation's places in the queue of a project, the longest first."""
    places = [
        Place(entry, ahead)
        for entries in queue.values()
        for ahead, entry in enumerate(entries)
        if entry.organisation_id == organisation_id
    ]
    return sorted(places, key=lambda place: (place.entry.joined_at, place.entry.id))


def list_projects_with_turns() -> list[Project]:
    """List the projects that take claims and have something left for somebody who waits."""
    return list(
        db.session.scalars(
            select(Project)
            .where(
                Project.status == ProjectState.PUBLISHED,
                or_(Project.claim_deadline.is_(None), Project.claim_deadline >= clock.today()),
                Project.id.in_(
                    select(ProjectLine.project_id)
                    .join(WaitlistEntry, WaitlistEntry.line_id == ProjectLine.id)
                    .where(
                        WaitlistEntry.status == WaitState.WAITING,
                        ProjectLine.quantity + ProjectLine.extra > ProjectLine.held,
                    )
                ),
            )
            .order_by(Project.id)
        )
    )


def list_waiting_organisation_ids(project_ids: Iterable[int]) -> list[int]:
    """List who waits for a line of any of these projects."""
    return list(
        db.session.scalars(
            select(WaitlistEntry.organisation_id)
            .join(ProjectLine, ProjectLine.id == WaitlistEntry.line_id)
            .where(
                WaitlistEntry.status == WaitState.WAITING,
                ProjectLine.project_id.in_(list(project_ids)),
            )
            .distinct()
            .order_by(WaitlistEntry.organisation_id)
        )
    )


def list_hopeless(limit: int) -> list[WaitlistEntry]:
    """List the places on projects that will take no more claims."""
    return list(
        db.session.scalars(
            select(WaitlistEntry)
            .join(ProjectLine, ProjectLine.id == WaitlistEntry.line_id)
            .join(Project, Project.id == ProjectLine.project_id)
            .where(
                WaitlistEntry.status == WaitState.WAITING,
                or_(
                    Project.status == ProjectState.CLOSED,
                    Project.claim_deadline < clock.today(),
                ),
            )
            .order_by(WaitlistEntry.id)
            .limit(limit)
        )
    )


def find_waitlist_breaches() -> Iterator[str]:
    """Yield a line for each place on a waitlist that breaks a rule."""
    for entry in db.session.scalars(select(WaitlistEntry).order_by(WaitlistEntry.id)):
        here = f"waitlist entry {entry.id}"
        if (entry.ended_at is None) != (entry.status is WaitState.WAITING):
            yield f"{here}: its end and its state disagree"
        if (entry.claim_id is not None) != (entry.status is WaitState.PROMOTED):
            yield f"{here}: its claim and its state disagree"


def _orders(line_ids: Sequence[int]) -> dict[int, list[int]]:
    orders: dict[int, list[int]] = {}
    rows = db.session.execute(
        select(WaitlistEntry.line_id, WaitlistEntry.id)
        .where(WaitlistEntry.line_id.in_(line_ids), WaitlistEntry.status == WaitState.WAITING)
        .order_by(WaitlistEntry.joined_at, WaitlistEntry.id)
    )
    for line_id, entry_id in rows:
        orders.setdefault(line_id, []).append(entry_id)
    return orders
