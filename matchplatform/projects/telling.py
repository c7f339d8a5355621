"""What every verb of projects does around its change: look at the version, tell, record, index."""

from collections.abc import Iterable

from matchplatform.access.actor import Actor
from matchplatform.audit.services import record
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import StaleVersion
from matchplatform.kernel.outbox import enqueue
from matchplatform.notifications.services import tell
from matchplatform.projects.models import Project
from matchplatform.projects.states import ProjectAction

INDEX_TOPIC = "index.project"
HALT_TOPIC = "project.halted"
CHANGE_TOPIC = "project.changed"


def check_version(project: Project, version: int) -> None:
    """Refuse a page that was overtaken.

    Raises:
        StaleVersion: the project has moved since it was shown.
    """
    if project.version != version:
        raise StaleVersion()


def tell_officers(ids: Iterable[int], template: str, project: Project, **more: str) -> None:
    """Tell officers of something that waits on the desk."""
    url = f"/desk/projects/{project.number}"
    tell(ids, template, url, name=project.name, number=project.number, **more)


def tell_authors(template: str, project: Project, **more: str) -> None:
    """Tell whoever wrote on a project what became of it in public."""
    url = f"/projects/{project.number}"
    tell(project.author_ids, template, url, name=project.name, number=project.number, **more)


def tell_claimants(action: ProjectAction, project: Project) -> None:
    """Ask the worker to tell whoever holds a claim: that is known upstairs."""
    payload = {"project_id": project.id, "action": str(action), "reason": project.state_reason}
    enqueue(HALT_TOPIC, payload)


def index_and_record(
    actor: Actor, action: str, project: Project, detail: dict[str, object] | None = None
) -> Project:
    """Have the index follow a public project, and record what happened to it."""
    enqueue(INDEX_TOPIC, {"project_id": project.id})
    record_project(actor, action, project, project.state_reason, detail)
    return project


def record_project(
    actor: Actor,
    action: str,
    project: Project,
    reason: str = "",
    detail: dict[str, object] | None = None,
) -> None:
    """Write what happened to a project into the trail."""
    db.session.flush()
    record(
        actor=actor,
        action=action,
        subject_type="project",
        subject_id=project.number,
        subject_label=project.name,
        region_code=project.region_code,
        reason=reason,
        detail={
            "status": str(project.status),
            "version": project.version,
            "by": actor.region_prefix,
            **(detail or {}),
        },
    )
