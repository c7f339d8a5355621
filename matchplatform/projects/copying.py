"""Copy a project into a new draft, for the next batch."""

from dataclasses import fields, replace

from matchplatform.access.actor import Actor
from matchplatform.access.policy import Permission, check
from matchplatform.projects.details import LineDetails, ProjectDetails
from matchplatform.projects.models import Project
from matchplatform.projects.services import create_project
from matchplatform.projects.telling import record_project


def copy_project(*, actor: Actor, project: Project, batch_id: int | None) -> Project:
    """Begin a draft with what another project says; its days are left open.

    Nothing that was claimed, verified or said of the other one comes along.
    """
    check(actor, Permission.PROJECT_WRITE, project)
    details, lines = details_of(project), lines_of(project)
    made = create_project(
        actor=actor,
        details=replace(
            details, batch_id=batch_id, starts_on=None, ends_on=None, claim_deadline=None
        ),
        lines=lines,
    )
    record_project(actor, "project.copy", made, detail={"from": project.number})
    return made


def details_of(project: Project) -> ProjectDetails:
    """Return what is written of a project apart from its lines."""
    return ProjectDetails(
        **{one.name: getattr(project, one.name) for one in fields(ProjectDetails)}
    )


def lines_of(project: Project) -> list[LineDetails]:
    """Return the lines of a project as they were written."""
    return [
        LineDetails(**{one.name: getattr(line, one.name) for one in fields(LineDetails)})
        for line in project.lines
    ]
