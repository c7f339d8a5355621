"""What the verbs of pictures and papers share: whose turn it is, room, order, taking away."""

from collections.abc import Sequence
from enum import StrEnum

from sqlalchemy import select

from matchplatform.access.actor import Actor
from matchplatform.access.policy import Permission, check, permits
from matchplatform.files.kinds import Place, Purpose
from matchplatform.files.owners import register_owner
from matchplatform.files.queries import sum_bytes
from matchplatform.files.services import remove_file
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Conflict, InvalidInput
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.reasons import clean_reason
from matchplatform.projects.models import Project
from matchplatform.projects.picture_models import ProjectPaper, ProjectPicture
from matchplatform.projects.states import WORKFLOW, ProjectAction
from matchplatform.projects.telling import record_project

OWNER = "project"
MOST_MEGABYTES = 60
_NOT_THERE = _("它已经被别人删除了。")


class Direction(StrEnum):
    """Where something in a list is moved."""

    UP = "up"
    DOWN = "down"


def answer_for_files() -> None:
    """Say who may see and change the files of projects; when the site is put together."""
    register_owner(
        OWNER,
        may_read=lambda actor, place: _permits(actor, Permission.PROJECT_READ_UNPUBLISHED, place),
        may_change=lambda actor, place: _permits(actor, Permission.PROJECT_WRITE, place),
    )


def place_of(project: Project, purpose: Purpose) -> Place:
    """Return where files of a project belong."""
    return Place(OWNER, project.id, purpose)


def may_attach(actor: Actor, project: Project) -> bool:
    """Tell whether the actor may add, word and order attachments now: while it is being written."""
    return WORKFLOW.allows(project.status, ProjectAction.EDIT) and permits(
        actor, Permission.PROJECT_WRITE, project
    )


def open_for_writing(actor: Actor, project: Project) -> None:
    """Let the county write on its own draft, one at a time."""
    check(actor, Permission.PROJECT_WRITE, project)
    lock_project(project)
    WORKFLOW.after(project.status, ProjectAction.EDIT)


def note_author(actor: Actor, project: Project) -> None:
    """Count whoever adds to a project among its authors, who do not verify it."""
    if actor.user_id not in project.author_ids:
        project.author_ids = sorted({*project.author_ids, actor.user_id or 0})


def lock_project(project: Project) -> None:
    """Read a project anew and keep it from others until the transaction ends."""
    db.session.flush()
    db.session.execute(select(Project.id).where(Project.id == project.id).with_for_update())
    db.session.refresh(project)


def check_room(project: Project, *, adding: int, field: str) -> None:
    """Refuse what would make a project's files too many bytes.

    Raises:
        InvalidInput: with a message at ``field``.
    """
    if sum_bytes(OWNER, project.id) + adding > MOST_MEGABYTES * 1024 * 1024:
        words = _(
            "这个项目的照片和文件合计不能超过 %(most)s MB，请先删掉用不着的。", most=MOST_MEGABYTES
        )
        raise InvalidInput(fields={field: words})


def check_there(thing: ProjectPicture | ProjectPaper) -> None:
    """Refuse what was removed meanwhile.

    Raises:
        Conflict: it is gone.
    """
    db.session.refresh(thing)
    if thing.removed_at is not None:
        raise Conflict(_NOT_THERE)


def move(
    things: Sequence[ProjectPicture] | Sequence[ProjectPaper],
    thing: ProjectPicture | ProjectPaper,
    direction: Direction,
) -> None:
    """Change places with the neighbour; the first goes no higher and the last no lower."""
    ordered: list[ProjectPicture | ProjectPaper] = list(things)
    here = ordered.index(thing)
    there = here - 1 if direction is Direction.UP else here + 1
    if 0 <= there < len(ordered):
        ordered[here], ordered[there] = ordered[there], ordered[here]
    for place, one in enumerate(ordered, start=1):
        one.position = place


def take_away(
    actor: Actor, project: Project, thing: ProjectPicture | ProjectPaper, action: str, reason: str
) -> None:
    """Take an attachment away with a reason, whatever the project's state; its row is kept."""
    check(actor, Permission.PROJECT_WRITE, project)
    lock_project(project)
    check_there(thing)
    thing.removed_reason = clean_reason(reason)
    thing.removed_at = clock.now()
    remove_file(actor=actor, file=thing.file)
    record_project(
        actor, action, project, thing.removed_reason, {"id": thing.id, "file": thing.file_id}
    )


def _permits(actor: Actor, permission: Permission, place: Place) -> bool:
    project = db.session.get(Project, place.owner_id)
    return project is not None and permits(actor, permission, project)
