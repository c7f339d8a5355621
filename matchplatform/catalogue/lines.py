"""The lines of public projects, for tables that show each of them."""

from collections import defaultdict

from sqlalchemy import select

from matchplatform.kernel.db import db
from matchplatform.projects.models import Project, ProjectLine
from matchplatform.projects.states import PUBLIC_STATES


def list_public_lines() -> dict[int, list[ProjectLine]]:
    """Return every line of every public project by project id, in their order."""
    lines: dict[int, list[ProjectLine]] = defaultdict(list)
    for line in db.session.scalars(
        select(ProjectLine)
        .join(Project, Project.id == ProjectLine.project_id)
        .where(Project.status.in_(PUBLIC_STATES))
        .order_by(ProjectLine.project_id, ProjectLine.position)
    ):
        lines[line.project_id].append(line)
    return lines
