"""Change a published project in public: versioned, never below what is held, and holders are told."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.attributes import flag_modified

from matchplatform.access.actor import Actor
from matchplatform.access.policy import Permission, check
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Conflict, InvalidInput
from matchplatform.kernel.i18n import Words, mark
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.money import format_number
from matchplatform.kernel.outbox import enqueue
from matchplatform.kernel.reasons import clean_reason
from matchplatform.notifications.services import tell
from matchplatform.projects.details import LineDetails, ProjectDetails, check_complete, check_shape
from matchplatform.projects.gate import check_change, find_seen
from matchplatform.projects.models import Project, ProjectLine
from matchplatform.projects.posting_models import ChangeProposal, ProjectVersion
from matchplatform.projects.proposals import check_open, settle
from matchplatform.projects.services import check_has_no_part
from matchplatform.projects.states import WORKFLOW, ProjectAction, ProposalState
from matchplatform.projects.telling import (
    CHANGE_TOPIC,
    INDEX_TOPIC,
    check_version,
    record_project,
)
from matchplatform.projects.versions import (
    Picture,
    count_versions,
    differences,
    for_the_trail,
    name_fields,
    picture_of,
)

# What somebody has promised to give may not become something else under their hands.
FIXED_WHILE_HELD = ("kind", "item", "unit")


@dataclass(frozen=True)
class LineChange:
    """A line as it shall be; ``id`` is 0 for a new one."""

    id: int
    details: LineDetails


def change_project(
    *,
    actor: Actor,
    project: Project,
    version: int,
    details: ProjectDetails,
    lines: Sequence[LineChange],
    reason: str,
    proposal: ChangeProposal | None = None,
) -> ProjectVersion:
    """Change what the public reads of a project; whoever publishes does it, and says why.

    ``proposal`` is what the county wrote, where that is put in force, as it was or mended.

    Raises:
        InvalidInput: not whole, nothing changed, or a line below what is held of it.
        Conflict: a line that somebody has claimed once cannot be taken away.
    """
    check(actor, Permission.PROJECT_PUBLISH, project)
    check_has_no_part(actor, project)
    check_version(project, version)
    project.status = WORKFLOW.after(project.status, ProjectAction.CHANGE)
    reason = clean_reason(reason)
    if proposal is not None:
        check_open(proposal, project)
    old, new = _make(actor, project, details, lines)
    made = ProjectVersion(
        project_id=project.id,
        serial=count_versions(project.id) + 1,
        at=clock.now(),
        by_label=actor.label[:120],
        by_region=actor.region_prefix,
        reason=reason,
        before=old,
        after=new,
    )
    db.session.add(made)
    db.session.flush()
    if proposal is not None:
        settle(proposal, ProposalState.IN_FORCE, actor.label)
    _tell(actor, project, made, proposal)
    detail: dict[str, object] = {
        "serial": made.serial,
        "before": for_the_trail(old),
        "after": for_the_trail(new),
    }
    record_project(actor, "project.change", project, reason, detail)
    return made


def rehearse_change(
    *, actor: Actor, project: Project, details: ProjectDetails, lines: Sequence[LineChange]
) -> tuple[Picture, Picture]:
    """Return what a change would make different, before and after, and leave all as it is.

    Raises:
        InvalidInput, Conflict: what ``change_project`` would refuse today.
    """
    inside = db.session.begin_nested()
    try:
        return _make(actor, project, details, lines)
    finally:
        inside.rollback()


def _make(
    actor: Actor, project: Project, details: ProjectDetails, lines: Sequence[LineChange]
) -> tuple[Picture, Picture]:
    check_shape(details, [line.details for line in lines])
    kept = _lock_lines(project)
    _check_lines(kept, lines)
    before, deadline = picture_of(project), project.claim_deadline
    seen = find_seen(actor, project)
    _fill(project, details, kept, lines)
    # A deadline that was let pass long ago may stand; a new one lies ahead.
    same = deadline is not None and project.claim_deadline == deadline
    check_complete(project, min(clock.today(), deadline) if same and deadline else clock.today())
    _flush()
    check_change(actor, project, seen)
    old, new = differences(before, picture_of(project))
    if not new:
        raise InvalidInput(_("和现在公开的内容一样，没有改动。"))
    return old, new


def _lock_lines(project: Project) -> dict[int, ProjectLine]:
    # Nobody may claim between the look at what is held and the writing.
    rows = db.session.scalars(
        select(ProjectLine)
        .where(ProjectLine.project_id == project.id)
        .order_by(ProjectLine.id)
        .with_for_update(of=ProjectLine)
        .execution_options(populate_existing=True)
    )
    return {line.id: line for line in rows}


def _check_lines(kept: dict[int, ProjectLine], lines: Sequence[LineChange]) -> None:
    wrong: dict[str, Words] = {}
    seen: set[int] = set()
    for place, line in enumerate(lines):
        if not line.id:
            continue
        if line.id not in kept or line.id in seen:
            raise InvalidInput(_("有个条目不属于这个项目，请刷新页面后重填。"))
        seen.add(line.id)
        wrong |= _line_wrongs(f"lines-{place}", kept[line.id], line.details)
    gone = [line.item for key, line in kept.items() if key not in seen and line.held]
    if gone:
        wrong["lines"] = _("已经有社会组织认领，不能删掉：%(items)s。", items="、".join(gone))
    if wrong:
        raise InvalidInput(fields=wrong)


def _line_wrongs(prefix: str, line: ProjectLine, details: LineDetails) -> dict[str, Words]:
    columns = details.tidied()
    wrong: dict[str, Words] = {}
    if not line.held:
        return {}
    for name in FIXED_WHILE_HELD:
        if columns[name] != getattr(line, name):
            wrong[f"{prefix}-{name}"] = _("已经有社会组织认领这一条，这一格不能再改。")
    if details.quantity < line.quantity and details.quantity < line.held:
        wrong[f"{prefix}-quantity"] = _(
            "社会组织已经占了 %(held)s %(unit)s，不能改到这个数以下。",
            held=format_number(line.held),
            unit=line.unit,
        )
    return wrong


def _fill(
    project: Project,
    details: ProjectDetails,
    kept: dict[int, ProjectLine],
    lines: Sequence[LineChange],
) -> None:
    with db.session.no_autoflush:
        for name, value in details.tidied().items():
            setattr(project, name, value)
        wanted: list[ProjectLine] = []
        for place, line in enumerate(lines, start=1):
            columns: dict[str, Any] = {"position": place, **line.details.tidied()}
            row = kept.get(line.id)
            if row is None:
                row = ProjectLine(**columns)
            else:
                for name, value in columns.items():
                    setattr(row, name, value)
            wanted.append(row)
        project.lines = wanted
        # Changed lines alone would leave the project's row, and so its version, as it was.
        flag_modified(project, "author_ids")


def _flush() -> None:
    try:
        db.session.flush()
    except IntegrityError as error:
        raise Conflict(
            _("有条目曾被认领、候补或邀请过，记录要留着，不能删掉。可以改它的数量。")
        ) from error


def _tell(
    actor: Actor, project: Project, made: ProjectVersion, proposal: ChangeProposal | None
) -> None:
    enqueue(INDEX_TOPIC, {"project_id": project.id})
    # Who holds a claim and who watches is known upstairs: the worker asks there.
    enqueue(CHANGE_TOPIC, {"project_id": project.id, "version_id": made.id})
    tell(
        {*project.author_ids, project.verifier_id or 0, proposal.by_id if proposal else 0}
        - {actor.user_id, 0},
        mark("“%(name)s”（%(number)s）发布后改动了%(what)s：%(reason)s"),
        f"/projects/{project.number}#changes",
        name=project.name,
        number=project.number,
        what=name_fields(made.after),
        reason=made.reason,
    )
