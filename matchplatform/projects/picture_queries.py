"""Reads of pictures and papers of projects."""

from collections.abc import Iterable

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from matchplatform.access.actor import Actor
from matchplatform.access.policy import Permission, permits
from matchplatform.files.models import StoredFile
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Hidden, NotFound
from matchplatform.projects.models import Project
from matchplatform.projects.picture_models import ProjectPaper, ProjectPicture


def list_pictures(project: Project) -> list[ProjectPicture]:
    """List the pictures of a project in their order, with their sizes."""
    return list(
        db.session.scalars(
            select(ProjectPicture)
            .where(ProjectPicture.project_id == project.id, ProjectPicture.removed_at.is_(None))
            .order_by(ProjectPicture.position, ProjectPicture.id)
            .options(selectinload(ProjectPicture.file).selectinload(StoredFile.sizes))
        )
    )


def list_shown_pictures(actor: Actor, project: Project) -> list[ProjectPicture]:
    """List the pictures that the actor may see: in public none of somebody who did not agree."""
    pictures = list_pictures(project)
    if permits(actor, Permission.PROJECT_READ_UNPUBLISHED, project):
        return pictures
    return [picture for picture in pictures if picture.consent]


def pictures_without_consent(project: Project) -> list[ProjectPicture]:
    """List the pictures marked as of a person who did not agree, in their order."""
    return list(
        db.session.scalars(
            select(ProjectPicture)
            .where(
                ProjectPicture.project_id == project.id,
                ProjectPicture.removed_at.is_(None),
                ProjectPicture.consent.is_(False),
            )
            .order_by(ProjectPicture.position, ProjectPicture.id)
        )
    )


def get_picture(actor: Actor, project: Project, picture_id: int) -> ProjectPicture:
    """Return a picture of a project that the actor sees.

    Raises:
        NotFound: none of this project, or it was removed.
        Hidden: one that must not be shown to them.
    """
    picture = db.session.get(ProjectPicture, picture_id)
    if picture is None or picture.project_id != project.id or picture.removed_at is not None:
        raise NotFound()
    if not picture.consent and not permits(actor, Permission.PROJECT_READ_UNPUBLISHED, project):
        raise Hidden()
    return picture


def list_papers(project: Project) -> list[ProjectPaper]:
    """List the papers of a project in their order; who may open which is another question."""
    return list(
        db.session.scalars(
            select(ProjectPaper)
            .where(ProjectPaper.project_id == project.id, ProjectPaper.removed_at.is_(None))
            .order_by(ProjectPaper.position, ProjectPaper.id)
        )
    )


def get_paper(project: Project, paper_id: int) -> ProjectPaper:
    """Return a paper of a project.

    Raises:
        NotFound: none of this project, or it was removed.
    """
    paper = db.session.get(ProjectPaper, paper_id)
    if paper is None or paper.project_id != project.id or paper.removed_at is not None:
        raise NotFound()
    return paper


def count_attached(project: Project) -> tuple[int, int]:
    """Return how many pictures and how many papers a project has."""
    pictures, papers = (
        db.session.scalar(
            select(func.count())
            .select_from(table)
            .where(table.project_id == project.id, table.removed_at.is_(None))
        )
        or 0
        for table in (ProjectPicture, ProjectPaper)
    )
    return pictures, papers


def last_position(things: Iterable[ProjectPicture] | Iterable[ProjectPaper]) -> int:
    """Return the place of the last one, or 0."""
    return max((thing.position for thing in things), default=0)
