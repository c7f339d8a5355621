"""Reads of projects."""

from collections.abc import Iterator

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import selectinload

from matchplatform.access.actor import Actor
from matchplatform.access.policy import Permission, permits
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Hidden, NotFound
from matchplatform.kernel.paging import Page, clamp_page
from matchplatform.projects.models import YUAN, Batch, Project, ProjectLine
from matchplatform.projects.states import LineKind, ProjectState
from matchplatform.regions.divisions import find_division

PAGE_SIZE = 20


def get_project(actor: Actor, number: str) -> Project:
    """Return a project that the actor may see.

    Raises:
        NotFound: no such project.
        Hidden: one that is not public and none of the actor's business.
    """
    project = db.session.scalar(
        select(Project).where(Project.number == number).options(selectinload(Project.lines))
    )
    if project is None:
        raise NotFound()
    if not project.is_public and not permits(actor, Permission.PROJECT_READ_UNPUBLISHED, project):
        raise Hidden()
    return project


def list_in_jurisdiction(actor: Actor, state: ProjectState | None, number: int) -> Page[Project]:
    """List the projects of the officer's region, newest first."""
    statement = select(Project).where(_below(actor))
    if state is not None:
        statement = statement.where(Project.status == state)
    total = db.session.scalar(select(func.count()).select_from(statement.subquery())) or 0
    number = clamp_page(number, PAGE_SIZE, total)
    rows = db.session.scalars(
        statement.order_by(Project.created_at.desc(), Project.id.desc())
        .limit(PAGE_SIZE)
        .offset((number - 1) * PAGE_SIZE)
        .options(selectinload(Project.lines))
    )
    return Page(rows.all(), number, PAGE_SIZE, total)


def count_states(actor: Actor) -> dict[ProjectState, int]:
    """Count the projects of the officer's region by state."""
    rows = db.session.execute(
        select(Project.status, func.count()).where(_below(actor)).group_by(Project.status)
    )
    return dict(rows.all())


def list_waiting(actor: Actor, state: ProjectState) -> list[Project]:
    """List the projects of the officer's region in one state, longest waiting first."""
    return list(
        db.session.scalars(
            select(Project)
            .where(_below(actor), Project.status == state)
            .order_by(Project.submitted_at, Project.id)
            .options(selectinload(Project.lines))
        )
    )


def list_batches() -> list[Batch]:
    """List the batches, the newest first."""
    return list(db.session.scalars(select(Batch).order_by(Batch.id.desc())))


def next_number(region_code: str) -> str:
    """Return the next project number of a county: its code and a serial of three digits or more."""
    serials = [
        int(number.rpartition("-")[2])
        for number in db.session.scalars(
            select(Project.number).where(Project.region_code == region_code)
        )
    ]
    return f"{region_code}-{max(serials, default=0) + 1:03d}"


def find_breaches() -> Iterator[str]:
    """Yield a line for each project that breaks a rule of its own."""
    for project in db.session.scalars(
        select(Project).order_by(Project.id).options(selectinload(Project.lines))
    ):
        where = f"project {project.number}"
        division = find_division(project.region_code)
        if division is None or not project.number.startswith(project.region_code + "-"):
            yield f"{where}: its number or region is unknown"
        if project.is_public and project.published_at is None:
            yield f"{where}: public but never published"
        if project.is_public and project.verifier_id in project.author_ids:
            yield f"{where}: verified by one of its authors"
        if project.is_public and not project.lines:
            yield f"{where}: published without a line"
        for line in project.lines:
            yield from _line_breaches(where, line)


def _line_breaches(where: str, line: ProjectLine) -> Iterator[str]:
    here = f"{where} line {line.position}"
    if not 0 <= line.held <= line.quantity + line.extra:
        yield f"{here}: held {line.held} is out of 0..{line.quantity + line.extra}"
    if line.kind is LineKind.MONEY and (line.unit != YUAN or line.unit_price != 1):
        yield f"{here}: money must be in yuan at a price of 1"


def _below(actor: Actor) -> ColumnElement[bool]:
    return Project.region_code.startswith(actor.region_prefix, autoescape=True)
