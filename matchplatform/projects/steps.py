"""The steps of a project from draft to closed: their buttons, forms and verbs."""

from matchplatform.access.actor import Actor
from matchplatform.access.forms import show_wrongs
from matchplatform.access.policy import Permission
from matchplatform.kernel.errors import InvalidInput
from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.projects import services
from matchplatform.projects.forms import CloseForm, ReasonForm, StepForm
from matchplatform.projects.models import Project
from matchplatform.projects.states import ProjectAction

_A = ProjectAction

PERMISSIONS: dict[ProjectAction, Permission] = {
    _A.SUBMIT: Permission.PROJECT_WRITE,
    _A.VERIFY: Permission.PROJECT_VERIFY,
    _A.RETURN: Permission.PROJECT_VERIFY,
    _A.PUBLISH: Permission.PROJECT_PUBLISH,
    _A.SUSPEND: Permission.PROJECT_PUBLISH,
    _A.RESUME: Permission.PROJECT_PUBLISH,
    _A.CLOSE: Permission.PROJECT_PUBLISH,
}

# What stands in the route: every action but the edit, which has a page of its own.
STEPS = ",".join(PERMISSIONS)

FORMS: dict[ProjectAction, type[StepForm]] = {
    _A.RETURN: ReasonForm,
    _A.SUSPEND: ReasonForm,
    _A.CLOSE: CloseForm,
}

BUTTONS: dict[ProjectAction, Words] = {
    _A.SUBMIT: _("提交核验"),
    _A.VERIFY: _("核验通过"),
    _A.RETURN: _("退回修改"),
    _A.PUBLISH: _("发布"),
    _A.SUSPEND: _("暂停认领"),
    _A.RESUME: _("恢复认领"),
    _A.CLOSE: _("关闭项目"),
}

HINTS: dict[ProjectAction, Words] = {
    _A.RETURN: _("原因会告诉写的人，请写清要改哪里。"),
    _A.SUSPEND: _("原因会公开。预留照常计时，可以照常提交；新的认领暂停。"),
    _A.CLOSE: _("原因会公开。关闭以后不能再打开；还有认领没办结时不能关闭。"),
}

DONE: dict[ProjectAction, Words] = {
    _A.SUBMIT: _("已提交，已通知能核验的工作人员。核验以后由市里或省里发布。"),
    _A.VERIFY: _("已核验，已通知市里或省里发布。"),
    _A.RETURN: _("已退回，原因已通知写的人。改好后会再提交。"),
    _A.PUBLISH: _("已发布。社会组织现在可以认领。"),
    _A.SUSPEND: _("已暂停，不再接受新的认领。"),
    _A.RESUME: _("已恢复，社会组织又可以认领。"),
    _A.CLOSE: _("已关闭，已通知写的人。"),
}

PLAIN_VERBS = {
    _A.SUBMIT: services.submit_project,
    _A.VERIFY: services.verify_project,
    _A.PUBLISH: services.publish_project,
    _A.RESUME: services.resume_project,
}
REASONED_VERBS = {
    _A.RETURN: services.return_project,
    _A.SUSPEND: services.suspend_project,
}


def read_step(action: ProjectAction) -> StepForm:
    """Return the form of a step as it was sent."""
    return _with_own_ids(action, FORMS.get(action, StepForm)())


def blank_step(action: ProjectAction) -> StepForm:
    """Return the form of a step before anything was typed."""
    return _with_own_ids(action, FORMS.get(action, StepForm)(formdata=None))


def take_step(actor: Actor, project: Project, action: ProjectAction, form: StepForm) -> Project:
    """Call the verb of a step with what was typed."""
    version = form.version.number
    if action in PLAIN_VERBS:
        return PLAIN_VERBS[action](actor=actor, project=project, version=version)
    reason = form.typed_reason
    if action in REASONED_VERBS:
        return REASONED_VERBS[action](actor=actor, project=project, version=version, reason=reason)
    return services.close_project(
        actor=actor, project=project, version=version, outcome=form.chosen_outcome, reason=reason
    )


def show_in_step(form: StepForm, error: InvalidInput) -> None:
    """Show what a verb found wrong; what the project itself lacks, the panel lists by name."""
    if set(error.fields) <= set(form._fields):
        show_wrongs(form, error)
    else:
        form.form_errors = [str(error.words)]


def _with_own_ids(action: ProjectAction, form: StepForm) -> StepForm:
    # Several of these stand on one page.
    for field in form:
        field.id = f"{action}-{field.name}"
    return form
