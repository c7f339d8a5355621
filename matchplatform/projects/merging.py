"""Merge a need that was posted twice into the one that stays; its claims go along."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.orm.attributes import flag_modified

from matchplatform.access.actor import Actor
from matchplatform.access.policy import Permission, check
from matchplatform.kernel.errors import Conflict, InvalidInput, NotFound
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.i18n import mark
from matchplatform.kernel.outbox import enqueue
from matchplatform.kernel.reasons import clean_reason
from matchplatform.kernel.text import fold
from matchplatform.notifications.services import tell
from matchplatform.projects.models import Project, ProjectLine
from matchplatform.projects.proposals import lapse_proposal
from matchplatform.projects.queries import get_project
from matchplatform.projects.states import WORKFLOW, CloseOutcome, ProjectAction
from matchplatform.projects.telling import INDEX_TOPIC, check_version, record_project

# Moves from one project to another what a floor above keeps; a Conflict stops the merging.
Mover = Callable[[Project, Project, str], None]

_movers: list[Mover] = []


@dataclass(frozen=True)
class Pair:
    """A line of the one that goes and the line of the one that stays that asks for the same."""

    source: ProjectLine
    target: ProjectLine | None


def configure(*movers: Mover) -> None:
    """Name the floors above that keep things of projects; called inside the transaction."""
    _movers[:] = movers


def get_target(actor: Actor, source: Project, number: str) -> Project:
    """Return the project that stays, by its number.

    Raises:
        InvalidInput: there is none that could.
    """
    try:
        target = get_project(actor, "".join(number.split())[:20])
        check(actor, Permission.PROJECT_READ_UNPUBLISHED, target)
    except NotFound as error:
        raise InvalidInput(fields={"into": _("没有这个编号的项目。")}) from error
    if target.id == source.id:
        raise InvalidInput(fields={"into": _("这就是这个项目自己的编号。")})
    if target.region_code != source.region_code:
        raise InvalidInput(fields={"into": _("只能并入同一个县的项目。")})
    if not WORKFLOW.allows(target.status, ProjectAction.CHANGE):
        raise InvalidInput(fields={"into": _("要保留的项目没有公开，或已经关闭。")})
    return target


def merge_projects(
    *,
    actor: Actor,
    source: Project,
    target: Project,
    version: int,
    target_version: int,
    reason: str,
) -> Project:
    """Close ``source`` as posted twice; what was claimed of it is claimed of ``target`` from now on.

    Raises:
        Conflict: a claim finds no like line there, or there is not enough of it.
    """
    for project in (source, target):
        check(actor, Permission.PROJECT_PUBLISH, project)
    check_version(source, version)
    check_version(target, target_version)
    status = WORKFLOW.after(source.status, ProjectAction.MERGE)
    if not WORKFLOW.allows(target.status, ProjectAction.CHANGE):
        raise Conflict(_("要保留的项目没有公开，或已经关闭。"))
    reason = clean_reason(reason)
    for move in _movers:
        move(source, target, reason)
    source.status = status
    source.close_outcome = CloseOutcome.MERGED
    source.merged_into_id = target.id
    source.state_reason = reason
    lapse_proposal(source)
    # Whoever has a page of the one that stays open looks again.
    flag_modified(target, "author_ids")
    for project in (source, target):
        enqueue(INDEX_TOPIC, {"project_id": project.id})
    tell(
        {*source.author_ids, *target.author_ids},
        mark("“%(name)s”（%(number)s）已并入“%(target)s”：%(reason)s"),
        f"/projects/{target.number}",
        name=source.name,
        number=source.number,
        target=target.name,
        reason=reason,
    )
    record_project(actor, "project.merge", source, reason, {"into": target.number})
    record_project(actor, "project.take_in", target, reason, {"merged": source.number})
    return source


def pair_lines(source: Project, target: Project) -> list[Pair]:
    """Return every line of the one that goes with the like line of the one that stays.

    Like: the same kind, thing and unit. Each line of ``target`` is taken once.
    """
    free: dict[tuple[str, str, str], list[ProjectLine]] = {}
    for line in reversed(target.lines):
        free.setdefault(_likeness(line), []).append(line)
    alike = ((line, free.get(_likeness(line))) for line in source.lines)
    return [Pair(line, found.pop() if found else None) for line, found in alike]


def _likeness(line: ProjectLine) -> tuple[str, str, str]:
    return str(line.kind), fold(line.item), line.unit
