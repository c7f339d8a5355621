"""Verbs of projects: write, submit, verify, return, publish, suspend, resume, close."""

from collections.abc import Sequence

from sqlalchemy.orm.attributes import flag_modified

from matchplatform.access.actor import Actor
from matchplatform.access.policy import Permission, check
from matchplatform.accounts.queries import count_county_officers, list_officer_ids
from matchplatform.audit.services import record
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Conflict, Forbidden, StaleVersion
from matchplatform.kernel.i18n import Words, mark
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.outbox import enqueue
from matchplatform.kernel.reasons import clean_reason
from matchplatform.notifications.services import tell
from matchplatform.projects.closing import why_not_close
from matchplatform.projects.details import LineDetails, ProjectDetails, check_complete, check_shape
from matchplatform.projects.models import Project, ProjectLine
from matchplatform.projects.queries import next_number
from matchplatform.projects.states import WORKFLOW, CloseOutcome, ProjectAction, ProjectState
from matchplatform.regions.divisions import unit_of_prefix

INDEX_TOPIC = "index.project"
HALT_TOPIC = "project.halted"


def create_project(
    *, actor: Actor, details: ProjectDetails, lines: Sequence[LineDetails]
) -> Project:
    """Begin a draft in the officer's own county; only its name must be there yet."""
    project = Project(
        region_code=actor.region_prefix,
        status=ProjectState.DRAFT,
        author_ids=[actor.user_id],
        created_at=clock.now(),
    )
    check(actor, Permission.PROJECT_WRITE, project)
    check_shape(details, lines)
    project.number = next_number(project.region_code)
    _fill(project, details, lines)
    db.session.add(project)
    _record(actor, "project.create", project)
    return project


def edit_project(
    *,
    actor: Actor,
    project: Project,
    version: int,
    details: ProjectDetails,
    lines: Sequence[LineDetails],
) -> Project:
    """Write on a draft or on what was returned."""
    check(actor, Permission.PROJECT_WRITE, project)
    _check_version(project, version)
    project.status = WORKFLOW.after(project.status, ProjectAction.EDIT)
    check_shape(details, lines)
    _fill(project, details, lines)
    project.author_ids = sorted({*project.author_ids, actor.user_id or 0})
    _record(actor, "project.edit", project)
    return project


def submit_project(*, actor: Actor, project: Project, version: int) -> Project:
    """Hand a complete project to the second pair of eyes."""
    check(actor, Permission.PROJECT_WRITE, project)
    _check_version(project, version)
    status = WORKFLOW.after(project.status, ProjectAction.SUBMIT)
    check_complete(project, clock.today())
    project.status = status
    project.submitted_at = clock.now()
    project.author_ids = sorted({*project.author_ids, actor.user_id or 0})
    verifiers = _others_in_county(project)
    if _city_verifies(project):
        verifiers |= set(list_officer_ids([project.region_code[:4]]))
    _tell_officers(verifiers, mark("“%(name)s”（%(number)s）等您核验。"), project)
    _record(actor, "project.submit", project)
    return project


def verify_project(*, actor: Actor, project: Project, version: int) -> Project:
    """Verify a project that somebody else wrote; the city does where the county has one officer."""
    check(actor, Permission.PROJECT_VERIFY, project)
    _check_second_pair_of_eyes(actor, project)
    _check_version(project, version)
    project.status = WORKFLOW.after(project.status, ProjectAction.VERIFY)
    project.verifier_id = actor.user_id
    project.verified_at = clock.now()
    city = set(list_officer_ids([project.region_code[:4]])) - {actor.user_id}
    publishers = city or set(list_officer_ids([project.region_code[:2]]))
    unit = unit_of_prefix(actor.region_prefix)
    words = mark("“%(name)s”（%(number)s）已由%(unit)s核验，等您发布。")
    _tell_officers(publishers, words, project, unit=unit)
    _record(actor, "project.verify", project)
    return project


def return_project(*, actor: Actor, project: Project, version: int, reason: str) -> Project:
    """Return a project to its authors with a reason: the verifier, or later the publisher."""
    # Who may return depends on the state, so a page that was overtaken is told that first.
    _check_version(project, version)
    if project.status is ProjectState.VERIFIED:
        check(actor, Permission.PROJECT_PUBLISH, project)
    else:
        check(actor, Permission.PROJECT_VERIFY, project)
        _check_second_pair_of_eyes(actor, project)
    status = WORKFLOW.after(project.status, ProjectAction.RETURN)
    project.state_reason = clean_reason(reason)
    project.status = status
    tell(
        project.author_ids,
        mark("“%(name)s”（%(number)s）被退回：%(reason)s"),
        f"/desk/projects/{project.number}",
        name=project.name,
        number=project.number,
        reason=project.state_reason,
    )
    _record(actor, "project.return", project, project.state_reason)
    return project


def publish_project(*, actor: Actor, project: Project, version: int) -> Project:
    """Publish a verified project; neither its authors nor its verifier may."""
    check(actor, Permission.PROJECT_PUBLISH, project)
    _check_has_no_part(actor, project)
    _check_version(project, version)
    status = WORKFLOW.after(project.status, ProjectAction.PUBLISH)
    check_complete(project, clock.today())
    project.status = status
    project.published_at = clock.now()
    project.state_reason = ""
    _tell_authors(mark("“%(name)s”（%(number)s）已发布。"), project)
    return _index_and_record(actor, "project.publish", project)


def suspend_project(*, actor: Actor, project: Project, version: int, reason: str) -> Project:
    """Stop new claims on a published project for a while, saying why in public."""
    check(actor, Permission.PROJECT_PUBLISH, project)
    _check_version(project, version)
    status = WORKFLOW.after(project.status, ProjectAction.SUSPEND)
    project.state_reason = clean_reason(reason)
    project.status = status
    _tell_authors(mark("“%(name)s”（%(number)s）已暂停认领。"), project)
    _tell_claimants(ProjectAction.SUSPEND, project)
    return _index_and_record(actor, "project.suspend", project)


def resume_project(*, actor: Actor, project: Project, version: int) -> Project:
    """Open a suspended project to claims again."""
    check(actor, Permission.PROJECT_PUBLISH, project)
    _check_version(project, version)
    project.status = WORKFLOW.after(project.status, ProjectAction.RESUME)
    project.state_reason = ""
    _tell_authors(mark("“%(name)s”（%(number)s）已恢复认领。"), project)
    _tell_claimants(ProjectAction.RESUME, project)
    return _index_and_record(actor, "project.resume", project)


def close_project(
    *, actor: Actor, project: Project, version: int, outcome: CloseOutcome, reason: str
) -> Project:
    """Close a project for good, with every claim decided; cancelled or expired, it holds none."""
    check(actor, Permission.PROJECT_PUBLISH, project)
    _check_version(project, version)
    status = WORKFLOW.after(project.status, ProjectAction.CLOSE)
    reason = clean_reason(reason)
    why_not = why_not_close(project, outcome)
    if why_not is not None:
        raise Conflict(why_not)
    project.status = status
    project.close_outcome = outcome
    project.state_reason = reason
    _tell_authors(mark("“%(name)s”（%(number)s）已关闭。"), project)
    _tell_claimants(ProjectAction.CLOSE, project)
    return _index_and_record(actor, "project.close", project)


def may_verify(actor: Actor, project: Project) -> bool:
    """Tell whether this officer is the second pair of eyes for this project."""
    return why_not_verify(actor, project) is None


def why_not_verify(actor: Actor, project: Project) -> Words | None:
    """Say why this officer may not verify this project, or None."""
    try:
        check(actor, Permission.PROJECT_VERIFY, project)
        _check_second_pair_of_eyes(actor, project)
    except Forbidden as error:
        return error.words
    return None


def why_not_publish(actor: Actor, project: Project) -> Words | None:
    """Say why this officer may not publish this project, or None."""
    try:
        check(actor, Permission.PROJECT_PUBLISH, project)
        _check_has_no_part(actor, project)
    except Forbidden as error:
        return error.words
    return None


def may_publish(actor: Actor, project: Project) -> bool:
    """Tell whether this officer may publish this project once it is verified."""
    return why_not_publish(actor, project) is None


def _check_second_pair_of_eyes(actor: Actor, project: Project) -> None:
    if actor.user_id in project.author_ids:
        raise Forbidden(_("自己写的需求不能自己核验，请由另一位工作人员核验。"))
    if not actor.is_county and not _city_verifies(project):
        raise Forbidden(_("这个县有第二位工作人员，由县里核验。"))


def _others_in_county(project: Project) -> set[int]:
    return set(list_officer_ids([project.region_code])) - set(project.author_ids)


def _city_verifies(project: Project) -> bool:
    # Where both officers of a county wrote on it, nobody is left there either.
    return count_county_officers(project.region_code) < 2 or not _others_in_county(project)


def _check_has_no_part(actor: Actor, project: Project) -> None:
    if actor.user_id in {*project.author_ids, project.verifier_id}:
        raise Forbidden(_("核验过这个项目的人不能再发布它，请由另一位工作人员或省里发布。"))


def _check_version(project: Project, version: int) -> None:
    if project.version != version:
        raise StaleVersion()


def _fill(project: Project, details: ProjectDetails, lines: Sequence[LineDetails]) -> None:
    for name, value in details.tidied().items():
        setattr(project, name, value)
    project.lines = [
        ProjectLine(position=place, **line.tidied()) for place, line in enumerate(lines, start=1)
    ]
    # New lines alone would leave the project's row, and so its version, as it was.
    flag_modified(project, "author_ids")


def _tell_officers(ids: set[int], template: str, project: Project, **more: str) -> None:
    url = f"/desk/projects/{project.number}"
    tell(ids, template, url, name=project.name, number=project.number, **more)


def _tell_authors(template: str, project: Project) -> None:
    tell(
        project.author_ids,
        template,
        f"/projects/{project.number}",
        name=project.name,
        number=project.number,
    )


def _tell_claimants(action: ProjectAction, project: Project) -> None:
    # Who holds a claim is known upstairs: the worker asks there.
    payload = {"project_id": project.id, "action": str(action), "reason": project.state_reason}
    enqueue(HALT_TOPIC, payload)


def _index_and_record(actor: Actor, action: str, project: Project) -> Project:
    enqueue(INDEX_TOPIC, {"project_id": project.id})
    _record(actor, action, project, project.state_reason)
    return project


def _record(actor: Actor, action: str, project: Project, reason: str = "") -> None:
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
        },
    )
