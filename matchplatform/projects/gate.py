"""The quality gate at work: what the rules find in a project, what is answered, and what stops it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from sqlalchemy import select

from matchplatform.access.actor import Actor
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import InvalidInput
from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.projects.forms import LineForm, field_labels
from matchplatform.projects.gate_around import read_around, read_others
from matchplatform.projects.gate_models import FindingState, ProjectFinding
from matchplatform.projects.models import Project
from matchplatform.projects.picture_queries import pictures_without_consent
from matchplatform.quality.gate import check_need
from matchplatform.quality.needs import Finding, NeedText, RuleName, Severity

COUNTS = frozenset({"direct_people", "households", "person_times"})
PICTURES = "pictures"


class GateStops(InvalidInput):
    """Something in the project must be mended before it may go on."""


class ReasonsWanting(InvalidInput):
    """Something in the project is out of the ordinary, and nobody has said why."""


@dataclass(frozen=True)
class Seen:
    """A finding as an officer sees it: its field's name, what that is called, and the answer.

    ``other`` is the need that this one is like, where the officer may read it.
    """

    finding: Finding
    key: str
    field: str
    label: Words
    other: Project | None = None
    answer: ProjectFinding | None = None

    @property
    def stops(self) -> bool:
        """Tell whether nothing but mending helps."""
        return self.finding.stops

    @property
    def is_answered(self) -> bool:
        """Tell whether somebody said why it is so."""
        return self.answer is not None and self.answer.state is FindingState.EXPLAINED

    @property
    def asks(self) -> bool:
        """Tell whether a reason is wanted."""
        return not self.stops and not self.is_answered

    @property
    def words(self) -> str:
        """Return what was found and what to do, in one go."""
        return f"{self.finding.words}{self.finding.advice}"


def find_seen(actor: Actor, project: Project) -> list[Seen]:
    """Return what the rules find in a project now, with the answers it has; nothing is written."""
    need, around = read_around(project)
    found = [*_of_pictures(project), *check_need(need, around)]
    others = read_others(actor, (one.other_id for one in found if one.other_id))
    answers = {row.key: row for row in list_kept(project)}
    seen: dict[str, Seen] = {}
    for finding in found:
        key = _key_of(finding, need)
        other = others.get(finding.other_id) if finding.other_id else None
        shown = finding if other or not finding.other_id else _without_looking(finding)
        where = finding.where.replace(".", "-")
        one = Seen(shown, key, where, label_of(finding.where), other, answers.get(key))
        # Where a rule both asks and stops at one place, what stops counts.
        if key not in seen or one.stops:
            seen[key] = one
    return list(seen.values())


def check_gate(actor: Actor, project: Project) -> None:
    """Let a project go on, or say at each field what stands against it.

    What was answered before and is not found any more is noted as gone.

    Raises:
        GateStops: something must be mended.
        ReasonsWanting: something wants a reason.
    """
    seen = find_seen(actor, project)
    stopped = [one for one in seen if one.stops]
    if stopped:
        words = _("质量检查有 %(count)s 处必须改，改好才能办下一步。", count=len(stopped))
        raise GateStops(words, _by_field(stopped))
    asked = [one for one in seen if one.asks]
    if asked:
        words = _("质量检查有 %(count)s 处要说明原因，写明以后才能办下一步。", count=len(asked))
        raise ReasonsWanting(words, _by_field(asked))
    _let_go(project, {one.key for one in seen})


def check_change(actor: Actor, project: Project, before: Sequence[Seen]) -> None:
    """Look at what a change of a public project brought in: ``before`` is what was seen already.

    What is only out of the ordinary is kept open, to be answered.

    Raises:
        GateStops: something must be mended.
    """
    # What only asked before and stops now was brought in by the change.
    known, seen = {one.key for one in before if one.stops}, find_seen(actor, project)
    stopped = [one for one in seen if one.stops and one.key not in known]
    if stopped:
        words = _("质量检查有 %(count)s 处必须改，改好才能办下一步。", count=len(stopped))
        raise GateStops(words, _by_field(stopped))
    kept = {row.key: row for row in list_kept(project)}
    for one in seen:
        row = kept.get(one.key)
        if one.asks and (row is None or row.state is FindingState.GONE):
            put_row(actor, project, one, FindingState.OPEN, "")
    _let_go(project, {one.key for one in seen})


def list_kept(project: Project) -> Sequence[ProjectFinding]:
    """List the findings of a project that are kept, in the order in which they came."""
    return db.session.scalars(
        select(ProjectFinding)
        .where(ProjectFinding.project_id == project.id)
        .order_by(ProjectFinding.id)
    ).all()


def put_row(
    actor: Actor, project: Project, one: Seen, state: FindingState, reason: str
) -> ProjectFinding:
    """Keep a finding with its answer; the same finding has one row."""
    row = one.answer or ProjectFinding(project_id=project.id, key=one.key)
    row.version = project.version
    row.rule, row.place = str(one.finding.rule), one.finding.where
    row.severity, row.words = one.finding.severity, str(one.finding.words)
    row.state, row.reason = state, reason
    row.by_id, row.by_label, row.at = actor.user_id, actor.label[:120], clock.now()
    db.session.add(row)
    return row


def label_of(where: str) -> Words:
    """Return what the field of a path such as ``lines.2.quantity`` is called."""
    head, _dot, rest = where.partition(".")
    if head == PICTURES:
        return _("照片")
    if not rest:
        return field_labels().get(head, head)
    place, _dot, name = rest.partition(".")
    inner = LineForm(formdata=None)._fields.get(name)
    label = inner.label.text if inner is not None else name
    return _("第 %(order)s 条的%(field)s", order=int(place) + 1, field=label)


def _key_of(finding: Finding, need: NeedText) -> str:
    """Return what stays the same as long as the rule finds the same thing at the same place."""
    head, _dot, rest = finding.where.partition(".")
    place, _dot, name = rest.partition(".")
    # A line that only moved up or down is still the same line.
    where = f"lines:{need.lines[int(place)].item}:{name}" if rest else head
    what = finding.excerpt
    if not what and head in COUNTS:
        what = f"{need.direct_people}/{need.households}/{need.person_times}"
    elif not what and not finding.other_id and not rest:
        what = str(getattr(need, head, ""))
    parts = (str(finding.rule), where, what, str(finding.other_id or ""))
    return sha256("\x1f".join(parts).encode()).hexdigest()


def _of_pictures(project: Project) -> list[Finding]:
    if not pictures_without_consent(project):
        return []
    words = _("有照片被标为没有取得照片中人的同意。")
    advice = _("请删去这些照片，或者取得书面同意后确认。")
    return [Finding(RuleName.PRIVATE_PERSON, Severity.BLOCKER, PICTURES, words, advice)]


def _without_looking(finding: Finding) -> Finding:
    """Return a likeness to a need that this officer may not read: that there is one, no more."""
    return replace(
        finding,
        severity=Severity.WARNING,
        words=_("别处还有一个没有公开的需求和它很像。"),
        advice=_("请问一问市里或省里；确实不是同一个的，写明理由。"),
    )


def _by_field(seen: Sequence[Seen]) -> Mapping[str, Words]:
    fields: dict[str, Words] = {}
    for one in seen:
        said = fields.get(one.field)
        fields[one.field] = f"{said} {one.words}" if said else one.words
    return fields


def _let_go(project: Project, keys: set[str]) -> None:
    for row in list_kept(project):
        if row.key not in keys and row.state is not FindingState.GONE:
            row.state = FindingState.GONE
