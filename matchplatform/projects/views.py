"""Posting in the browser: list, write, review, and the steps from draft to closed."""

from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matchplatform.access import once
from matchplatform.access.actor import Actor
from matchplatform.access.current import current_actor
from matchplatform.access.forms import show_wrongs
from matchplatform.access.guards import requires
from matchplatform.access.policy import Permission, check
from matchplatform.audit.queries import list_history
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Conflict, InvalidInput, KeyReused
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.paging import page_number
from matchplatform.projects import services
from matchplatform.projects.comparison import compare
from matchplatform.projects.forms import ProjectForm
from matchplatform.projects.models import Project
from matchplatform.projects.queries import (
    count_states,
    get_project,
    list_batches,
    list_in_jurisdiction,
)
from matchplatform.projects.review import Sent, build_panel
from matchplatform.projects.states import (
    KIND_WORDS,
    LINE_WORDS,
    OUTCOME_WORDS,
    SECTOR_WORDS,
    WORKFLOW,
    ProjectAction,
    ProjectState,
)
from matchplatform.projects.steps import DONE, STEPS, read_step, show_in_step, take_step
from matchplatform.projects.story import tell_story
from matchplatform.regions.divisions import region_of_prefix

bp = Blueprint("projects", __name__)

Answer = str | Response | tuple[str, int]


@dataclass(frozen=True)
class Blank:
    """A project that is yet to be written, for the policy."""

    region_code: str


@bp.get("/desk/projects")
@requires(Permission.PROJECT_READ_UNPUBLISHED)
def desk_list() -> Answer:
    """List the projects of the officer's region, by state when asked."""
    actor = current_actor()
    wanted = request.args.get("state", "")
    state = ProjectState(wanted) if wanted in set(ProjectState) else None
    counts = count_states(actor)
    return render_template(
        "projects/desk_list.html",
        page=list_in_jurisdiction(actor, state, page_number(request.args.get("page"))),
        state=state,
        tabs=[(tab, counts.get(tab, 0)) for tab in ProjectState],
        total=sum(counts.values()),
        region=region_of_prefix(actor.region_prefix) if actor.region_prefix else "",
        blank=Blank(actor.region_prefix),
        sectors=SECTOR_WORDS,
    )


@bp.route("/desk/projects/new", methods=["GET", "POST"])
@requires(Permission.PROJECT_WRITE)
def new() -> Answer:
    """Write a new project, as a draft or to be submitted at once."""
    actor = current_actor()
    check(actor, Permission.PROJECT_WRITE, Blank(actor.region_prefix))
    form = ProjectForm(list_batches())
    if request.method == "GET" or form.reshape_lines(request.form):
        return _form_page(form)
    try:
        earlier = once.earlier_answer(actor)
    except KeyReused as error:
        form.form_errors = [str(error.words)]
        return _form_page(form), 422
    if earlier:
        return redirect(earlier, 303)
    if not form.validate():
        return _form_page(form), 400
    try:
        project = services.create_project(
            actor=actor, details=form.details(), lines=form.line_details()
        )
        missing = _submit_if_asked(actor, project)
    except InvalidInput as error:
        return _wrong(form, error)
    shown = ".review" if missing is None else ".edit"
    once.remember_answer(actor, url_for(shown, number=project.number))
    db.session.commit()
    return _written(form, project, missing)


@bp.route("/desk/projects/<string:number>/edit", methods=["GET", "POST"])
@requires(Permission.PROJECT_WRITE)
def edit(number: str) -> Answer:
    """Write on a draft or on what was returned."""
    actor = current_actor()
    project = get_project(actor, number)
    check(actor, Permission.PROJECT_WRITE, project)
    if request.method == "GET":
        WORKFLOW.after(project.status, ProjectAction.EDIT)
        return _form_page(ProjectForm(list_batches(), obj=project), project)
    form = ProjectForm(list_batches())
    if form.reshape_lines(request.form):
        return _form_page(form, project)
    if not form.validate():
        return _form_page(form, project), 400
    try:
        services.edit_project(
            actor=actor,
            project=project,
            version=form.version.number,
            details=form.details(),
            lines=form.line_details(),
        )
        missing = _submit_if_asked(actor, project)
    except InvalidInput as error:
        return _wrong(form, error, number)
    except Conflict as error:
        return _overtaken(form, error, number)
    db.session.commit()
    return _written(form, project, missing)


@bp.get("/desk/projects/<string:number>")
@requires(Permission.PROJECT_READ_UNPUBLISHED)
def review(number: str) -> Answer:
    """Show a project as it will look, what happened to it, and what can be done now."""
    return _review_page(_load(number))


@bp.post(f"/desk/projects/<string:number>/<any({STEPS}):action>")
@requires(Permission.DESK_VIEW)
def act(number: str, action: str) -> Answer:
    """Take a project one step on; the verb judges who may."""
    actor = current_actor()
    step = ProjectAction(action)
    project = _load(number)
    form = read_step(step)
    if not form.validate():
        return _review_page(project, (step, form)), 400
    try:
        take_step(actor, project, step, form)
    except InvalidInput as error:
        show_in_step(form, error)
        return _step_refused(number, (step, form)), 400
    except Conflict as error:
        form.form_errors = [str(error.words)]
        return _step_refused(number, (step, form)), 409
    db.session.commit()
    flash(str(DONE[step]), "ok")
    return redirect(url_for(".review", number=number), 303)


def _load(number: str) -> Project:
    actor = current_actor()
    project = get_project(actor, number)
    # A published project is everybody's to see, its desk page is not.
    check(actor, Permission.PROJECT_READ_UNPUBLISHED, project)
    return project


def _submit_if_asked(actor: Actor, project: Project) -> InvalidInput | None:
    if request.form.get("go") != "submit":
        return None
    try:
        services.submit_project(actor=actor, project=project, version=project.version)
    except InvalidInput as error:
        return error
    return None


def _written(form: ProjectForm, project: Project, missing: InvalidInput | None) -> Answer:
    if missing is not None:
        form.show_version(project.version)
        show_wrongs(form, missing)
        return _form_page(form, project, saved=True), 400
    submitted = request.form.get("go") == "submit"
    words = DONE[ProjectAction.SUBMIT] if submitted else _("草稿已保存。写完后提交核验。")
    flash(str(words), "ok")
    return redirect(url_for(".review", number=project.number), 303)


def _wrong(form: ProjectForm, error: InvalidInput, number: str | None = None) -> Answer:
    db.session.rollback()
    show_wrongs(form, error)
    return _form_page(form, _load(number) if number else None), 400


def _overtaken(form: ProjectForm, error: Conflict, number: str) -> Answer:
    db.session.rollback()
    project = _load(number)
    form.show_version(project.version)
    form.form_errors = [str(error.words)]
    return _form_page(form, project, present=compare(form, project)), 409


def _form_page(form: ProjectForm, project: Project | None = None, **more: object) -> str:
    if not form.lines.entries:
        form.lines.append_entry()
    return render_template(
        "projects/edit.html" if project else "projects/new.html", form=form, project=project, **more
    )


def _step_refused(number: str, sent: Sent) -> str:
    db.session.rollback()
    return _review_page(_load(number), sent)


def _review_page(project: Project, sent: Sent | None = None) -> str:
    return render_template(
        "projects/review.html",
        project=project,
        panel=build_panel(current_actor(), project, sent),
        events=tell_story(project, list_history("project", project.number)),
        kinds=KIND_WORDS,
        sectors=SECTOR_WORDS,
        line_kinds=LINE_WORDS,
        outcomes=OUTCOME_WORDS,
    )
