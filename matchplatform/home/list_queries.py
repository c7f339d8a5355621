"""Reads of whole lists for a file, scoped and ordered as their pages are."""

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from matchplatform.access.actor import Actor
from matchplatform.kernel.db import db
from matchplatform.notifications.models import Notice
from matchplatform.projects.models import Project
from matchplatform.projects.states import ProjectState


def list_projects_here(actor: Actor, state: ProjectState | None, most: int) -> list[Project]:
    """List the projects of an officer's region, newest first."""
    below = Project.region_code.startswith(actor.region_prefix, autoescape=True)
    statement = select(Project).where(below)
    if state is not None:
        statement = statement.where(Project.status == state)
    return list(
        db.session.scalars(
            statement.order_by(Project.created_at.desc(), Project.id.desc())
            .limit(most)
            .options(selectinload(Project.lines))
        )
    )


def list_all_notices(actor: Actor, most: int) -> list[Notice]:
    """List the actor's own notices, newest first."""
    return list(
        db.session.scalars(
            select(Notice)
            .where(Notice.user_id == actor.user_id)
            .order_by(Notice.created_at.desc(), Notice.id.desc())
            .limit(most)
        )
    )
