"""A public project was changed: tell whoever holds, waits for or watches it."""

from collections.abc import Mapping
from typing import Any

from matchplatform.claims.queries import list_on_project, list_party_user_ids
from matchplatform.claims.waiting import list_waiting_organisation_ids
from matchplatform.interests.queries import list_watcher_ids
from matchplatform.kernel.db import db
from matchplatform.kernel.i18n import mark
from matchplatform.notifications.services import tell
from matchplatform.organisations.queries import list_member_ids
from matchplatform.projects.models import Project
from matchplatform.projects.posting_models import ProjectVersion
from matchplatform.projects.versions import PUBLIC_FIELDS, name_fields


def tell_of_change(payload: Mapping[str, Any]) -> None:
    """Tell holders of claims and those who wait of everything, those who watch of what is public."""
    project = db.session.get_one(Project, int(payload["project_id"]))
    made = db.session.get_one(ProjectVersion, int(payload["version_id"]))
    holders = {
        user
        for claim in list_on_project(project.id)
        if not claim.has_lapsed
        for user in list_party_user_ids(claim)
    }
    waiting = {
        user
        for organisation in list_waiting_organisation_ids([project.id])
        for user in list_member_ids(organisation)
    } - holders
    everything = name_fields(made.after)
    _tell(
        holders,
        mark("贵会认领的“%(name)s”（%(number)s）改动了%(what)s：%(reason)s"),
        project,
        everything,
        made.reason,
    )
    _tell(
        waiting,
        mark("贵会候补的“%(name)s”（%(number)s）改动了%(what)s：%(reason)s"),
        project,
        everything,
        made.reason,
    )
    public = {name: value for name, value in made.after.items() if name in PUBLIC_FIELDS}
    if public:
        _tell(
            set(list_watcher_ids(project.id)) - holders - waiting,
            mark("您关注的“%(name)s”（%(number)s）改动了%(what)s：%(reason)s"),
            project,
            name_fields(public),
            made.reason,
        )


def _tell(users: set[int], template: str, project: Project, what: str, reason: str) -> None:
    tell(
        users,
        template,
        f"/projects/{project.number}#changes",
        name=project.name,
        number=project.number,
        what=what,
        reason=reason,
    )
