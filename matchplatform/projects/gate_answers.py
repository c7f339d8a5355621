"""Answer the gate: say why something is as it is, and whether two needs are one."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from matchplatform.access.actor import Actor
from matchplatform.access.policy import Permission, check
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import (
    Conflict,
    DomainError,
    Hidden,
    IllegalMove,
    InvalidInput,
    StaleVersion,
)
from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.reasons import clean_reason
from matchplatform.kernel.text import tidy
from matchplatform.projects.gate import Seen, find_seen, put_row
from matchplatform.projects.gate_around import how_alike, list_pairs, read_others
from matchplatform.projects.gate_models import FindingState, ProjectFinding, ProjectPair, Verdict
from matchplatform.projects.models import Project
from matchplatform.projects.services import check_has_no_part
from matchplatform.projects.states import WORKFLOW, ProjectAction
from matchplatform.projects.telling import check_version, record_project

REASON = "reason-"
# What whoever answers a finding in this state goes on to do.
_GOES_ON = (ProjectAction.SUBMIT, ProjectAction.PUBLISH)


def explain_findings(
    *, actor: Actor, project: Project, version: int, reasons: Mapping[str, str]
) -> list[ProjectFinding]:
    """Say why what was found is as it is: ``reasons`` by the finding's key; empty ones are left.

    Raises:
        InvalidInput: nothing was said, a reason is too short, or it answers what is not found.
    """
    check_may_answer(actor, project)
    check_version(project, version)
    _take_turn(project)
    said = {key: words for key, words in reasons.items() if tidy(words)}
    if not said:
        raise InvalidInput(_("请至少写明一处的原因。"))
    asked = {one.key: one for one in find_seen(actor, project) if is_explainable(one)}
    if not said.keys() <= asked.keys():
        raise Conflict(_("有的说明对应的内容已经变了，请对照现在的结果再写。"))
    wrong: dict[str, Words] = {}
    cleaned: dict[str, str] = {}
    for key, words in said.items():
        try:
            cleaned[key] = clean_reason(words, field=REASON + key)
        except InvalidInput as error:
            wrong |= error.fields
    if wrong:
        raise InvalidInput(fields=wrong)
    rows = [
        put_row(actor, project, asked[key], FindingState.EXPLAINED, reason)
        for key, reason in cleaned.items()
    ]
    _sign(actor, project)
    detail: dict[str, object] = {"findings": {row.rule: row.reason for row in rows}}
    _record(actor, "project.explain", project, "；".join(row.reason for row in rows), detail)
    return rows


def decide_pair(
    *,
    actor: Actor,
    project: Project,
    other: Project,
    version: int,
    verdict: Verdict,
    reason: str,
) -> ProjectPair:
    """Say whether two needs that look alike are one; if so, ``project`` gives way to ``other``.

    Raises:
        Hidden: the actor may not read the other one.
        Conflict: they do not look alike any more.
    """
    check_may_answer(actor, project)
    check_version(project, version)
    _take_turn(project)
    if other.id not in read_others(actor, [other.id]):
        raise Hidden()
    pair = find_pair(project, other)
    alike = {one.finding.other_id for one in find_seen(actor, project)}
    if pair is None and other.id not in alike:
        raise Conflict(_("这两个需求现在已经不像了，不必再答。"))
    reason = clean_reason(reason)
    if pair is None:
        low, high = sorted((project.id, other.id))
        pair = ProjectPair(low_id=low, high_id=high)
    pair.verdict, pair.reason = verdict, reason
    pair.yields_id = project.id if verdict is Verdict.SAME else None
    pair.alike = how_alike(project, other.id)
    pair.by_label, pair.at = actor.label[:120], clock.now()
    db.session.add(pair)
    _sign(actor, project)
    detail: dict[str, object] = {"other": other.number, "verdict": str(verdict)}
    _record(actor, "project.pair", project, reason, detail)
    return pair


def find_pair(project: Project, other: Project) -> ProjectPair | None:
    """Return what was answered of two needs, or None."""
    pairs = (pair for pair in list_pairs(project) if pair.other_than(project.id) == other.id)
    return next(pairs, None)


def is_explainable(one: Seen) -> bool:
    """Tell whether a reason answers a finding; two needs that can be compared are compared."""
    return not one.stops and one.other is None


def check_may_answer(actor: Actor, project: Project) -> None:
    """Let those answer who go on with the project: its county before it is sent, later publishers.

    Raises:
        IllegalMove: it lies with the verifier, or is closed.
        Forbidden: it is not for this officer to answer.
    """
    if WORKFLOW.allows(project.status, ProjectAction.SUBMIT):
        check(actor, Permission.PROJECT_WRITE, project)
        return
    if not any(
        WORKFLOW.allows(project.status, action)
        for action in (ProjectAction.PUBLISH, ProjectAction.CHANGE)
    ):
        raise IllegalMove()
    check(actor, Permission.PROJECT_PUBLISH, project)
    check_has_no_part(actor, project)


def may_answer(actor: Actor, project: Project) -> bool:
    """Tell whether this officer may answer what the gate asks of a project now."""
    try:
        check_may_answer(actor, project)
    except DomainError:
        return False
    return True


def next_action(project: Project) -> ProjectAction | None:
    """Return the step that waits for the answers, or None."""
    steps = (action for action in _GOES_ON if WORKFLOW.allows(project.status, action))
    return next(steps, None)


def _take_turn(project: Project) -> None:
    # Two who answer at the same time answer one after the other.
    now = db.session.scalar(
        select(Project.version).where(Project.id == project.id).with_for_update(of=Project)
    )
    if now != project.version:
        raise StaleVersion()


def _sign(actor: Actor, project: Project) -> None:
    # Whoever answers for a draft has written on it, and does not verify it.
    if WORKFLOW.allows(project.status, ProjectAction.SUBMIT):
        authors = sorted({*project.author_ids, actor.user_id or 0})
        if authors != project.author_ids:
            project.author_ids = authors


def _record(
    actor: Actor, action: str, project: Project, reason: str, detail: dict[str, object]
) -> None:
    try:
        db.session.flush()
    except IntegrityError as error:
        raise Conflict(_("刚刚有人答了同一件事，请对照现在的内容再试一次。")) from error
    record_project(actor, action, project, reason, detail)
