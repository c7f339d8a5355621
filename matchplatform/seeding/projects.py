"""Projects of the demo: written by one officer, verified by the second, published by the city."""

from datetime import timedelta
from functools import partial

from matchplatform.access.actor import Actor
from matchplatform.claims.halts import tell_of_halt
from matchplatform.kernel import clock
from matchplatform.kernel.outbox import list_due
from matchplatform.projects.copying import details_of, lines_of
from matchplatform.projects.details import ProjectDetails
from matchplatform.projects.gate import ReasonsWanting, find_seen
from matchplatform.projects.gate_answers import decide_pair, explain_findings, is_explainable
from matchplatform.projects.gate_models import Verdict
from matchplatform.projects.merging import merge_projects
from matchplatform.projects.models import Project
from matchplatform.projects.services import (
    HALT_TOPIC,
    close_project,
    create_project,
    edit_project,
    publish_project,
    resume_project,
    return_project,
    submit_project,
    suspend_project,
    verify_project,
)
from matchplatform.projects.states import ProjectAction, ProjectState
from matchplatform.seeding.cast import Cast
from matchplatform.seeding.rows import HaltRow, ProjectRow
from matchplatform.seeding.timetable import (
    PostingDays,
    Timetable,
    plan_postings,
    working_minute,
)

# What officers of the demo answer to the quality gate.
CHECKED = "已和村里、乡镇核对，确实是这样。"
NOT_SAME = "地方和要的东西都不同，是两件事。"

# Drafts and postings under way are of the last days: written then, with a step each day.
LAST_DAYS = PostingDays(written=-5, verified=-3, published=0)


def plan_projects(timetable: Timetable, cast: Cast, rows: list[ProjectRow], batch_id: int) -> None:
    """Put the batch on the timetable, from draft to published."""
    for serial, (row, days) in enumerate(plan_postings(rows)):
        _plan_steps(timetable, cast, row, days, serial, batch_id)


def plan_unpublished(timetable: Timetable, cast: Cast, rows: list[ProjectRow]) -> None:
    """Put the postings that are still under way on the timetable."""
    for serial, row in enumerate(rows):
        _plan_steps(timetable, cast, row, LAST_DAYS, serial, None)


def plan_halts(timetable: Timetable, cast: Cast, rows: list[HaltRow]) -> None:
    """Put what stopped published projects on the timetable."""
    for serial, row in enumerate(rows):
        timetable.add(row.day, working_minute(serial), partial(_halt, cast, row))


def _plan_steps(
    timetable: Timetable,
    cast: Cast,
    row: ProjectRow,
    days: PostingDays,
    serial: int,
    batch_id: int | None,
) -> None:
    minute = working_minute(serial)
    details = _details_of(row, timetable, serial, batch_id)
    timetable.add(days.written, minute, partial(_create, cast, row, details, serial))
    if row.state is ProjectState.DRAFT:
        return
    timetable.add(days.written, minute + 25, partial(_submit, cast, row, serial))
    if row.state in (ProjectState.VERIFIED, ProjectState.PUBLISHED):
        timetable.add(days.verified, minute, partial(_verify, cast, row, serial))
    if row.state is ProjectState.RETURNED:
        timetable.add(days.verified, minute, partial(_return, cast, row, serial))
    if row.state is ProjectState.PUBLISHED:
        timetable.add(days.published, minute, partial(_publish, cast, row))


def _details_of(
    row: ProjectRow, timetable: Timetable, serial: int, batch_id: int | None
) -> ProjectDetails:
    deadline = timetable.today + timedelta(days=row.deadline_days)
    # Work begins a week or more after the last day for claims, never before.
    starts_on = deadline + timedelta(days=7 + serial % 25)
    return ProjectDetails(
        name=row.name,
        kind=row.kind,
        sector=row.sector,
        place=row.place,
        scope_text=row.scope_text,
        outcome_target=row.outcome_target,
        direct_people=row.direct_people,
        households=row.households,
        person_times=row.person_times,
        starts_on=starts_on,
        ends_on=starts_on + timedelta(days=30 * row.months),
        claim_deadline=deadline,
        owner_unit=row.owner_unit,
        supervising_unit=row.supervising_unit,
        contact_name=row.contact_name,
        contact_phone=row.contact_phone,
        batch_id=batch_id,
    )


def _create(cast: Cast, row: ProjectRow, details: ProjectDetails, serial: int) -> None:
    author = cast.officer(row.region_code, serial)
    project = create_project(actor=author, details=details, lines=row.lines)
    if project.number != row.number:
        raise ValueError(f"{row.number} would become {project.number}: the file is out of order")
    cast.project_ids[row.number] = project.id


def _submit(cast: Cast, row: ProjectRow, serial: int) -> None:
    project = cast.project(row.number)
    author = cast.officer(row.region_code, serial)
    for other in range(1, row.hands):
        _look_through(cast.officer(row.region_code, serial + other), project)
    try:
        submit_project(actor=author, project=project, version=project.version)
    except ReasonsWanting:
        _answer(author, project)
        submit_project(actor=author, project=project, version=project.version)


def _look_through(actor: Actor, project: Project) -> None:
    """Let a colleague read and save it, who writes on it thereby."""
    edit_project(
        actor=actor,
        project=project,
        version=project.version,
        details=details_of(project),
        lines=lines_of(project),
    )


def _verify(cast: Cast, row: ProjectRow, serial: int) -> None:
    project = cast.project(row.number)
    second = cast.officer(row.region_code, serial + 1)
    verify_project(actor=second, project=project, version=project.version)


def _return(cast: Cast, row: ProjectRow, serial: int) -> None:
    project = cast.project(row.number)
    second = cast.officer(row.region_code, serial + 1)
    lines = {f"line:{line.position}": f"line-{line.id}" for line in project.lines}
    return_project(
        actor=second,
        project=project,
        version=project.version,
        reason=row.reason,
        remarks={lines.get(place, place): words for place, words in row.remarks.items()},
    )


def _publish(cast: Cast, row: ProjectRow) -> None:
    project = cast.project(row.number)
    city = cast.officer(row.region_code[:4], 0)
    try:
        publish_project(actor=city, project=project, version=project.version)
    except ReasonsWanting:
        _answer(city, project)
        publish_project(actor=city, project=project, version=project.version)


def _answer(actor: Actor, project: Project) -> None:
    """Say why the gate may let pass what it asks about."""
    seen = [one for one in find_seen(actor, project) if one.asks]
    for one in seen:
        if one.other is not None:
            decide_pair(
                actor=actor,
                project=project,
                other=one.other,
                version=project.version,
                verdict=Verdict.NOT_SAME,
                reason=NOT_SAME,
            )
    reasons = {one.key: CHECKED for one in seen if is_explainable(one)}
    if reasons:
        explain_findings(actor=actor, project=project, version=project.version, reasons=reasons)


def _halt(cast: Cast, row: HaltRow) -> None:
    project = cast.project(row.number)
    city = cast.officer(project.region_code[:4], 0)
    if row.action is ProjectAction.SUSPEND:
        suspend_project(actor=city, project=project, version=project.version, reason=row.reason)
    elif row.action is ProjectAction.RESUME:
        resume_project(actor=city, project=project, version=project.version)
    elif row.action is ProjectAction.MERGE:
        target = cast.project(row.into)
        merge_projects(
            actor=city,
            source=project,
            target=target,
            version=project.version,
            target_version=target.version,
            reason=row.reason,
        )
    elif row.outcome is not None:
        close_project(
            actor=city,
            project=project,
            version=project.version,
            outcome=row.outcome,
            reason=row.reason,
        )
    # Said on the day; later the claims would stand otherwise.
    for entry in list_due([HALT_TOPIC], 1):
        tell_of_halt(entry.payload)
        entry.done_at = clock.now()
