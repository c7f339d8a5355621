"""What an officer leaves open among the projects, and how it changes hands."""

from sqlalchemy import select
from sqlalchemy.orm.attributes import flag_modified

from matchplatform.access.actor import Actor
from matchplatform.access.policy import Permission, check
from matchplatform.accounts.models import User
from matchplatform.accounts.queries import list_officer_ids
from matchplatform.accounts.standing import OpenWork
from matchplatform.audit.services import record
from matchplatform.kernel.db import db
from matchplatform.kernel.i18n import Words, mark
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.notifications.services import tell
from matchplatform.projects.kept import drop_kept_of
from matchplatform.projects.models import Project
from matchplatform.projects.states import ProjectState

# In these the authors are still asked for something; later the desk of the county is.
WITH_AUTHORS = (ProjectState.DRAFT, ProjectState.RETURNED)
_OPEN = (*WITH_AUTHORS, ProjectState.SUBMITTED, ProjectState.VERIFIED)


class ProjectsOfOfficers:
    """The projects' answer to accounts, which know no projects."""

    def list_open(self, user: User) -> list[OpenWork]:
        """List the unpublished projects that the officer wrote or verified."""
        return [
            OpenWork(project.number, project.name, f"/desk/projects/{project.number}", says)
            for project in _list_open(user)
            if (says := _says(user, project))
        ]

    def hand_over(self, *, actor: Actor, user: User, successor: User | None) -> None:
        """Make the successor an author of what waits for its authors, and tell.

        What the officer was typing and never saved is nobody else's to read: it is forgotten.

        Whoever wrote on a project stays among its authors: they may never verify it.
        """
        check(actor, Permission.ACCOUNT_MANAGE, user)
        _forget_typed(actor, user)
        for project in _list_open(user):
            if not _says(user, project):
                continue
            if successor is not None and project.status in WITH_AUTHORS:
                project.author_ids = sorted({*project.author_ids, successor.id})
                flag_modified(project, "author_ids")
            tell(
                [successor.id] if successor else _those_who_remain(user),
                mark("%(name)s 的账号已停用，“%(title)s”（%(number)s）没有办完，请接着办。"),
                f"/desk/projects/{project.number}",
                name=user.display_name,
                title=project.name,
                number=project.number,
            )
            record(
                actor=actor,
                action="project.hand_over",
                subject_type="project",
                subject_id=project.number,
                subject_label=project.name,
                region_code=project.region_code,
                detail={"from": user.id, "to": successor.id if successor else None},
            )


def _forget_typed(actor: Actor, user: User) -> None:
    forms = drop_kept_of(user.id)
    if forms:
        record(
            actor=actor,
            action="project.forget_typed",
            subject_type="user",
            subject_id=user.id,
            subject_label=user.display_name,
            detail={"forms": forms},
        )


def _list_open(user: User) -> list[Project]:
    return list(
        db.session.scalars(
            select(Project)
            .where(
                Project.region_code.startswith(user.region_prefix, autoescape=True),
                Project.status.in_(_OPEN),
            )
            .order_by(Project.number)
        )
    )


def _says(user: User, project: Project) -> Words:
    if user.id in project.author_ids:
        return _AUTHOR_WORDS[project.status]
    if project.verifier_id == user.id and project.status is ProjectState.VERIFIED:
        return _("核验过，等着发布")
    return ""


_AUTHOR_WORDS: dict[ProjectState, Words] = {
    ProjectState.DRAFT: _("写的草稿，还没提交"),
    ProjectState.RETURNED: _("写的，被退回，还没改"),
    ProjectState.SUBMITTED: _("写的，等着核验"),
    ProjectState.VERIFIED: _("写的，等着发布"),
}


def _those_who_remain(user: User) -> list[int]:
    """List the officers of the region, or where there is none, of the region above."""
    prefix = user.region_prefix
    while prefix:
        here = [found for found in list_officer_ids([prefix]) if found != user.id]
        if here:
            return here
        prefix = prefix[:-2]
    return []
