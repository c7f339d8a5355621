"""What pages show of the gate: findings with their answers, pairs, two needs side by side."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import func, select

from matchplatform.access.actor import Actor
from matchplatform.access.policy import Permission, permits
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Hidden, NotFound
from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.projects.comparison import line_words, shown
from matchplatform.projects.forms import field_labels
from matchplatform.projects.gate import Seen, find_seen, label_of, list_kept
from matchplatform.projects.gate_answers import REASON, is_explainable, may_answer, next_action
from matchplatform.projects.gate_around import list_pairs, read_others
from matchplatform.projects.gate_models import FindingState, ProjectFinding, ProjectPair, Verdict
from matchplatform.projects.models import Project
from matchplatform.projects.queries import get_project
from matchplatform.projects.remarks import FIELDS
from matchplatform.projects.states import WORKFLOW, ProjectAction
from matchplatform.projects.steps import BUTTONS
from matchplatform.quality.needs import RULE_WORDS, RuleName


@dataclass(frozen=True)
class Box:
    """A finding with the box for its reason: the name, what was typed, and what is wrong."""

    seen: Seen
    name: str
    typed: str
    wrong: str
    may_explain: bool


@dataclass(frozen=True)
class Kept:
    """A finding of a published project as it was kept, with its answer."""

    rule: Words
    label: Words
    row: ProjectFinding


@dataclass(frozen=True)
class Answered:
    """What was answered of two needs, and the other one where the reader may see it."""

    pair: ProjectPair
    other: Project | None


@dataclass(frozen=True)
class GatePage:
    """All that the gate has to say of a project now; ``goes_on`` is the step that waits for it."""

    boxes: list[Box]
    kept: list[Kept]
    pairs: list[Answered]
    may_answer: bool
    goes_on: Words | None

    @property
    def stops(self) -> int:
        """Count what must be mended."""
        return sum(box.seen.stops for box in self.boxes)

    @property
    def asks(self) -> int:
        """Count what still wants a reason or an answer."""
        return sum(box.seen.asks for box in self.boxes)

    @property
    def explained(self) -> int:
        """Count what somebody gave a reason for."""
        return sum(box.seen.is_answered and not box.seen.stops for box in self.boxes)


@dataclass(frozen=True)
class Row:
    """One field of two needs side by side."""

    label: Words
    mine: Words
    theirs: Words

    @property
    def differs(self) -> bool:
        """Tell whether they say something else."""
        return str(self.mine) != str(self.theirs)


def read_gate(
    actor: Actor,
    project: Project,
    typed: Mapping[str, str] | None = None,
    wrongs: Mapping[str, Words] | None = None,
) -> GatePage:
    """Run the rules over a project and gather what was answered; nothing is written."""
    sent, wrong = typed or {}, wrongs or {}
    answers = may_answer(actor, project)
    boxes = []
    for one in find_seen(actor, project):
        name = REASON + one.key
        given = one.answer.reason if one.is_answered and one.answer else ""
        boxes.append(
            Box(
                one,
                name,
                sent.get(name, given),
                str(wrong.get(name, "")),
                answers and is_explainable(one),
            )
        )
    action = next_action(project)
    return GatePage(
        boxes, [], _answered(actor, project), answers, BUTTONS[action] if action else None
    )


def read_kept(actor: Actor, project: Project) -> GatePage:
    """Gather what was found and answered of a project that went through, without looking anew."""
    kept = [
        Kept(RULE_WORDS[RuleName(row.rule)], label_of(row.place), row)
        for row in list_kept(project)
        if row.state is not FindingState.GONE and row.rule in set(RuleName)
    ]
    return GatePage([], kept, _answered(actor, project), may_answer(actor, project), None)


def read_for_review(actor: Actor, project: Project) -> GatePage:
    """Return what the officer who looks at a project is to know of the gate."""
    under_way = (ProjectAction.SUBMIT, ProjectAction.VERIFY, ProjectAction.PUBLISH)
    if any(WORKFLOW.allows(project.status, action) for action in under_way):
        return read_gate(actor, project)
    return read_kept(actor, project)


def count_kept(ids: Iterable[int]) -> dict[int, dict[FindingState, int]]:
    """Count the findings that are open and explained, by project."""
    counts: dict[int, dict[FindingState, int]] = {}
    rows = db.session.execute(
        select(ProjectFinding.project_id, ProjectFinding.state, func.count())
        .where(ProjectFinding.project_id.in_(list(ids)), ProjectFinding.state != FindingState.GONE)
        .group_by(ProjectFinding.project_id, ProjectFinding.state)
    )
    for project_id, state, count in rows:
        counts.setdefault(project_id, {})[state] = count
    return counts


def get_other(actor: Actor, project: Project, number: str) -> Project:
    """Return the need to be compared with a project.

    Raises:
        NotFound: there is none that the actor may read, or it is the project itself.
    """
    other = get_project(actor, number)
    if other.id == project.id:
        raise NotFound()
    if other.id not in read_others(actor, [other.id]):
        raise Hidden()
    return other


def side_by_side(project: Project, other: Project) -> list[Row]:
    """Return two needs field by field, then line by line."""
    labels = field_labels()
    rows = [
        Row(labels[name], shown(name, project), shown(name, other))
        for name in FIELDS
        if name != "lines" and not name.startswith("contact_")
    ]
    most = max(len(project.lines), len(other.lines))
    for place in range(most):
        mine, theirs = (
            line_words(one.lines[place]) if place < len(one.lines) else _("没有")
            for one in (project, other)
        )
        rows.append(Row(_("第 %(order)s 条", order=place + 1), mine, theirs))
    return rows


def may_merge(actor: Actor, project: Project, pair: ProjectPair | None) -> bool:
    """Tell whether the next thing to do is to merge a project into the one it is the same as."""
    return (
        pair is not None
        and pair.verdict is Verdict.SAME
        and pair.yields_id == project.id
        and WORKFLOW.allows(project.status, ProjectAction.MERGE)
        and permits(actor, Permission.PROJECT_PUBLISH, project)
    )


def _answered(actor: Actor, project: Project) -> list[Answered]:
    pairs = list_pairs(project)
    others = read_others(actor, (pair.other_than(project.id) for pair in pairs))
    return [Answered(pair, others.get(pair.other_than(project.id))) for pair in pairs]
