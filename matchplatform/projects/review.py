"""What an officer can do with a project just now, whose turn it is, and what is still missing."""

from dataclasses import dataclass

from matchplatform.access.actor import Actor
from matchplatform.access.policy import Permission, permits
from matchplatform.kernel import clock
from matchplatform.kernel.errors import InvalidInput
from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.projects.details import check_complete
from matchplatform.projects.forms import StepForm, field_labels
from matchplatform.projects.models import Project
from matchplatform.projects.services import may_publish, may_verify, why_not_publish, why_not_verify
from matchplatform.projects.states import WORKFLOW, ProjectAction, ProjectState
from matchplatform.projects.steps import BUTTONS, FORMS, HINTS, PERMISSIONS, blank_step

Sent = tuple[ProjectAction, StepForm]

TURNS: dict[ProjectState, Words] = {
    ProjectState.DRAFT: _("还是草稿，只有本县和上级民政部门看得到。写完由本县提交核验。"),
    ProjectState.RETURNED: _("已退回，等本县改好后再提交。"),
    ProjectState.SUBMITTED: _("等另一位工作人员核验：写得是否属实，数量和单价是否合理。"),
    ProjectState.VERIFIED: _("已经核验，等市里或省里发布。发布后社会组织就能认领。"),
    ProjectState.PUBLISHED: _("已发布，社会组织可以认领到认领截止日。"),
    ProjectState.SUSPENDED: _("已暂停，不接受新的认领。由市里或省里恢复或关闭。"),
    ProjectState.CLOSED: _("已关闭，不再变动。"),
}

REASONS: dict[ProjectState, Words] = {
    ProjectState.RETURNED: _("退回的原因"),
    ProjectState.SUBMITTED: _("上次退回的原因"),
    ProjectState.VERIFIED: _("上次退回的原因"),
    ProjectState.SUSPENDED: _("暂停的原因"),
    ProjectState.CLOSED: _("关闭的原因"),
}

# Nobody may hand on what is not whole.
NEED_A_WHOLE = frozenset({ProjectAction.SUBMIT, ProjectAction.PUBLISH})


@dataclass(frozen=True)
class Step:
    """One action that the state allows: its form, or why this officer may not."""

    action: ProjectAction
    form: StepForm | None
    why_not: Words | None = None

    @property
    def words(self) -> Words:
        """Return what stands on the button."""
        return BUTTONS[self.action]

    @property
    def hint(self) -> Words:
        """Return what to know before one acts."""
        return HINTS.get(self.action, "")

    @property
    def asks_reason(self) -> bool:
        """Tell whether a reason must be typed."""
        return self.action in FORMS


@dataclass(frozen=True)
class Wanting:
    """Something that is still missing: the field, its name for people, and the words."""

    name: str
    label: Words
    words: Words


@dataclass(frozen=True)
class Panel:
    """Everything that the panel beside a project shows; ``refused`` was sent and not done."""

    turn: Words
    reason_name: Words
    may_edit: bool
    may_change: bool
    may_propose: bool
    may_remark: bool
    may_copy: bool
    may_merge: bool
    steps: list[Step]
    wanting: list[Wanting]
    refused: StepForm | None = None

    @property
    def reason_left_over(self) -> str:
        """Return a typed reason whose form is gone, so that it is not lost."""
        if self.refused is None or any(step.form is self.refused for step in self.steps):
            return ""
        return self.refused.typed_reason


def build_panel(actor: Actor, project: Project, sent: Sent | None = None) -> Panel:
    """Return what this officer can do now, what not and why, and what is still missing.

    ``sent`` is a step that was refused, to be shown again as it was.
    """
    actions = [action for action in WORKFLOW.actions(project.status) if action in PERMISSIONS]
    wanting = list_wanting(project) if NEED_A_WHOLE & set(actions) else []
    steps = [
        _step(actor, project, action, sent)
        for action in actions
        if not (wanting and action in NEED_A_WHOLE)
    ]
    return Panel(
        turn=TURNS[project.status],
        reason_name=REASONS.get(project.status, _("原因")),
        may_edit=WORKFLOW.allows(project.status, ProjectAction.EDIT)
        and permits(actor, Permission.PROJECT_WRITE, project),
        may_change=WORKFLOW.allows(project.status, ProjectAction.CHANGE)
        and may_publish(actor, project),
        may_propose=WORKFLOW.allows(project.status, ProjectAction.CHANGE)
        and permits(actor, Permission.PROJECT_WRITE, project),
        may_remark=any(step.action is ProjectAction.RETURN and step.form for step in steps),
        may_copy=permits(actor, Permission.PROJECT_WRITE, project),
        may_merge=WORKFLOW.allows(project.status, ProjectAction.MERGE)
        and permits(actor, Permission.PROJECT_PUBLISH, project),
        steps=[step for step in steps if step.form or step.why_not],
        wanting=wanting,
        refused=sent[1] if sent else None,
    )


def may_publish_now(actor: Actor, project: Project) -> bool:
    """Tell whether the next step of a project is this officer's publishing it."""
    return WORKFLOW.allows(project.status, ProjectAction.PUBLISH) and may_publish(actor, project)


def list_wanting(project: Project) -> list[Wanting]:
    """List what a project lacks before it can be submitted or published."""
    try:
        check_complete(project, clock.today())
    except InvalidInput as error:
        labels = field_labels()
        return [Wanting(name, labels[name], words) for name, words in error.fields.items()]
    return []


def _step(actor: Actor, project: Project, action: ProjectAction, sent: Sent | None) -> Step:
    if not is_theirs(actor, project, action):
        return Step(action, None)
    why_not: Words | None = None
    if action is ProjectAction.VERIFY:
        why_not = why_not_verify(actor, project)
    if action is ProjectAction.PUBLISH:
        why_not = why_not_publish(actor, project)
    if why_not is not None:
        return Step(action, None, why_not)
    return Step(action, sent[1] if sent and sent[0] is action else blank_step(action))


def is_theirs(actor: Actor, project: Project, action: ProjectAction) -> bool:
    """Tell whether taking this step with this project is this officer's business."""
    if action is not ProjectAction.RETURN:
        return permits(actor, PERMISSIONS[action], project)
    # Whoever has the next word may also give it back.
    if WORKFLOW.allows(project.status, ProjectAction.PUBLISH):
        return permits(actor, Permission.PROJECT_PUBLISH, project)
    return may_verify(actor, project)
