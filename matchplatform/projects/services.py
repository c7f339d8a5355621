"""Verbs of projects: write, submit, verify, return, publish, suspend, resume, close."""

from collections.abc import Mapping, Sequence

from sqlalchemy.orm.attributes import flag_modified

from matchplatform.access.actor import Actor
from matchplatform.access.policy import Permission, check
from matchplatform.accounts.queries import count_county_officers, list_officer_ids
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Conflict, Forbidden
from matchplatform.kernel.i18n import Words, mark
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.reasons import clean_reason
from matchplatform.notifications.services import tell
from matchplatform.projects.closing import why_not_close
from matchplatform.projects.details import LineDetails, ProjectDetails, check_complete, check_shape
from matchplatform.projects.gate import check_gate
from matchplatform.projects.models import Project, ProjectLine
from matchplatform.projects.proposals import lapse_proposal
from matchplatform.projects.queries import next_number
from matchplatform.projects.remarks import add_remarks, read_remarks, settle_remarks
from matchplatform.projects.states import WORKFLOW, CloseOutcome, ProjectAction, ProjectState
from matchplatform.projects.telling import HALT_TOPIC as HALT_TOPIC
from matchplatform.projects.telling import INDEX_TOPIC as INDEX_TOPIC
from matchplatform.projects.telling import (
    check_version,
    index_and_record,
    record_project,
    tell_authors,
    tell_claimants,
    tell_officers,
)
from matchplatform.regions.divisions import unit_of_prefix


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
    record_project(actor, "project.create", project)
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
    check_version(project, version)
    project.status = WORKFLOW.after(project.status, ProjectAction.EDIT)
    check_shape(details, lines)
    _fill(project, details, lines)
    project.author_ids = sorted({*project.author_ids, actor.user_id or 0})
    record_project(actor, "project.edit", project)
    return project


def submit_project(*, actor: Actor, project: Project, version: int) -> Project:
    """Hand a complete project to the second pair of eyes."""
    check(actor, Permission.PROJECT_WRITE, project)
    check_version(project, version)
    status = WORKFLOW.after(project.status, ProjectAction.SUBMIT)
    check_complete(project, clock.today())
    check_gate(actor, project)
    project.status = status
    project.submitted_at = clock.now()
    project.author_ids = sorted({*project.author_ids, actor.user_id or 0})
    verifiers = _others_in_county(project)
    if _city_verifies(project):
        verifiers |= set(list_officer_ids([project.region_code[:4]]))
    tell_officers(verifiers, mark("“%(name)s”（%(number)s）等您核验。"), project)
    record_project(actor, "project.submit", project)
    return project


def verify_project(*, actor: Actor, project: Project, version: int) -> Project:
    """Verify a project that somebody else wrote; the city does where the county has one officer."""
    check(actor, Permission.PROJECT_VERIFY, project)
    _check_second_pair_of_eyes(actor, project)
    check_version(project, version)
    project.status = WORKFLOW.after(project.status, ProjectAction.VERIFY)
    project.verifier_id = actor.user_id
    project.verified_at = clock.now()
    settle_remarks(project)
    city = set(list_officer_ids([project.region_code[:4]])) - {actor.user_id}
    publishers = city or set(list_officer_ids([project.region_code[:2]]))
    unit = unit_of_prefix(actor.region_prefix)
    words = mark("“%(name)s”（%(number)s）已由%(unit)s核验，等您发布。")
    tell_officers(publishers, words, project, unit=unit)
    record_project(actor, "project.verify", project)
    return project


def return_project(
    *,
    actor: Actor,
    project: Project,
    version: int,
    reason: str,
    remarks: Mapping[str, str] | None = None,
) -> Project:
    """Return a project to its authors with a reason: the verifier, or later the publisher.

    ``remarks``: what is said at single fields; with any of them the reason may stay empty.
    """
    # Who may return depends on the state, so a page that was overtaken is told that first.
    check_version(project, version)
    if project.status is ProjectState.VERIFIED:
        check(actor, Permission.PROJECT_PUBLISH, project)
    else:
        check(actor, Permission.PROJECT_VERIFY, project)
        _check_second_pair_of_eyes(actor, project)
    status = WORKFLOW.after(project.status, ProjectAction.RETURN)
    said = read_remarks(project, remarks or {})
    project.state_reason = clean_reason(reason, needed=not said) or str(
        _("有 %(count)s 处要改，见各处的意见。", count=len(said))
    )
    project.status = status
    add_remarks(actor, project, said)
    tell(
        project.author_ids,
        mark("“%(name)s”（%(number)s）被退回：%(reason)s"),
        f"/desk/projects/{project.number}",
        name=project.name,
        number=project.number,
        reason=project.state_reason,
    )
    detail: dict[str, object] = {"remarks": said} if said else {}
    record_project(actor, "project.return", project, project.state_reason, detail)
    return project


def publish_project(*, actor: Actor, project: Project, version: int) -> Project:
    """Publish a verified project; neither its authors nor its verifier may."""
    check(actor, Permission.PROJECT_PUBLISH, project)
    check_has_no_part(actor, project)
    check_version(project, version)
    status = WORKFLOW.after(project.status, ProjectAction.PUBLISH)
    check_complete(project, clock.today())
    check_gate(actor, project)
    project.status = status
    project.published_at = clock.now()
    project.state_reason = ""
    tell_authors(mark("“%(name)s”（%(number)s）已发布。"), project)
    return index_and_record(actor, "project.publish", project)


def suspend_project(*, actor: Actor, project: Project, version: int, reason: str) -> Project:
    """Stop new claims on a published project for a while, saying why in public."""
    check(actor, Permission.PROJECT_PUBLISH, project)
    check_version(project, version)
    status = WORKFLOW.after(project.status, ProjectAction.SUSPEND)
    project.state_reason = clean_reason(reason)
    project.status = status
    tell_authors(mark("“%(name)s”（%(number)s）已暂停认领。"), project)
    tell_claimants(ProjectAction.SUSPEND, project)
    return index_and_record(actor, "project.suspend", project)


def resume_project(*, actor: Actor, project: Project, version: int) -> Project:
    """Open a suspended project to claims again."""
    check(actor, Permission.PROJECT_PUBLISH, project)
    check_version(project, version)
    project.status = WORKFLOW.after(project.status, ProjectAction.RESUME)
    project.state_reason = ""
    tell_authors(mark("“%(name)s”（%(number)s）已恢复认领。"), project)
    tell_claimants(ProjectAction.RESUME, project)
    return index_and_record(actor, "project.resume", project)


def close_project(
    *, actor: Actor, project: Project, version: int, outcome: CloseOutcome, reason: str
) -> Project:
    """Close a project for good, with every claim decided; cancelled or expired, it holds none."""
    check(actor, Permission.PROJECT_PUBLISH, project)
    check_version(project, version)
    status = WORKFLOW.after(project.status, ProjectAction.CLOSE)
    reason = clean_reason(reason)
    why_not = why_not_close(project, outcome)
    if why_not is not None:
        raise Conflict(why_not)
    project.status = status
    project.close_outcome = outcome
    project.state_reason = reason
    lapse_proposal(project)
    tell_authors(mark("“%(name)s”（%(number)s）已关闭。"), project)
    tell_claimants(ProjectAction.CLOSE, project)
    return index_and_record(actor, "project.close", project)


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
        check_has_no_part(actor, project)
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


def check_has_no_part(actor: Actor, project: Project) -> None:
    """Refuse whoever wrote on or verified a project the word that the public relies on.

    Raises:
        Forbidden: the actor did one or the other.
    """
    if actor.user_id in {*project.author_ids, project.verifier_id}:
        raise Forbidden(_("核验过这个项目的人不能再发布它，请由另一位工作人员或省里发布。"))


def _fill(project: Project, details: ProjectDetails, lines: Sequence[LineDetails]) -> None:
    for name, value in details.tidied().items():
        setattr(project, name, value)
    project.lines = [
        ProjectLine(position=place, **line.tidied()) for place, line in enumerate(lines, start=1)
    ]
    # New lines alone would leave the project's row, and so its version, as it was.
    flag_modified(project, "author_ids")
