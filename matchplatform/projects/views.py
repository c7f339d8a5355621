"""Posting in the browser: list, write, review, and the steps from draft to closed."""

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
from matchplatform.projects.gate import GateStops, ReasonsWanting
from matchplatform.projects.gate_corpus import read_ahead
from matchplatform.projects.gate_models import VERDICT_WORDS
from matchplatform.projects.gate_page import count_kept, read_for_review
from matchplatform.projects.kept import Blank, drop_kept, find_kept, keep_form
from matchplatform.projects.models import Project
from matchplatform.projects.picture_queries import list_papers, list_pictures
from matchplatform.projects.posting_forms import CopyForm, as_kept
from matchplatform.projects.proposals import find_open_proposal
from matchplatform.projects.queries import (
    count_states,
    get_project,
    list_batches,
    list_in_jurisdiction,
)
from matchplatform.projects.remarks import list_remarks
from matchplatform.projects.review import Sent, build_panel, may_publish_now
from matchplatform.projects.sheet import show_remarks
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
from matchplatform.projects.versions import ALL_FIELDS, read_fields
from matchplatform.regions.divisions import region_of_prefix

bp = Blueprint("projects", __name__)

Answer = str | Response | tuple[str, int]


@bp.get("/desk/projects")
@requires(Permission.PROJECT_READ_UNPUBLISHED)
def desk_list() -> Answer:
    """List the projects of the officer's region, by state when asked."""
    actor = current_actor()
    wanted = request.args.get("state", "")
    state = ProjectState(wanted) if wanted in set(ProjectState) else None
    counts = count_states(actor)
    page = list_in_jurisdiction(actor, state, page_number(request.args.get("page")))
    return render_template(
        "projects/desk_list.html",
        page=page,
        state=state,
        tabs=[(tab, counts.get(tab, 0)) for tab in ProjectState],
        total=sum(counts.values()),
        region=region_of_prefix(actor.region_prefix) if actor.region_prefix else "",
        blank=Blank(actor.region_prefix),
        sectors=SECTOR_WORDS,
        findings=count_kept(project.id for project in page.items),
        pickable={project.number for project in page.items if may_publish_now(actor, project)},
    )


@bp.route("/desk/projects/new", methods=["GET", "POST"])
@requires(Permission.PROJECT_WRITE)
def new() -> Answer:
    """Write a new project, as a draft or to be submitted at once."""
    actor = current_actor()
    check(actor, Permission.PROJECT_WRITE, Blank(actor.region_prefix))
    kept = find_kept(actor, None) if request.method == "GET" else None
    form = ProjectForm(list_batches(), **as_kept(kept))
    if request.method == "GET" or form.reshape_lines(request.form):
        return _form_page(form, kept=kept)
    try:
        earlier = once.earlier_answer(actor)
    except KeyReused as error:
        form.form_errors = [str(error.words)]
        return _form_page(form), 422
    if earlier:
        return redirect(earlier, 303)
    if not form.validate():
        _keep_as_typed()
        return _form_page(form), 400
    if _wants_submitting():
        read_ahead()
    try:
        project = services.create_project(
            actor=actor, details=form.details(), lines=form.line_details()
        )
        missing = _submit_if_asked(actor, project)
    except InvalidInput as error:
        return _wrong(form, error)
    drop_kept(actor=actor, project=None)
    once.remember_answer(actor, _leads_to(project, missing))
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
        kept = find_kept(actor, project)
        form = ProjectForm(list_batches(), obj=project, **as_kept(kept))
        return _form_page(form, project, kept=kept)
    form = ProjectForm(list_batches())
    if form.reshape_lines(request.form):
        return _form_page(form, project)
    if not form.validate():
        _keep_as_typed(project)
        return _form_page(form, project), 400
    if _wants_submitting():
        read_ahead()
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
    drop_kept(actor=actor, project=project)
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
    if step in (ProjectAction.SUBMIT, ProjectAction.PUBLISH):
        read_ahead()
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


def _wants_submitting() -> bool:
    return request.form.get("go") == "submit"


def _submit_if_asked(actor: Actor, project: Project) -> InvalidInput | None:
    if not _wants_submitting():
        return None
    try:
        services.submit_project(actor=actor, project=project, version=project.version)
    except InvalidInput as error:
        return error
    return None


def _leads_to(project: Project, missing: InvalidInput | None) -> str:
    """Return the page that says what became of the form, also where it comes a second time."""
    is_looked_over = isinstance(missing, (GateStops, ReasonsWanting))
    shown = "gate.show" if is_looked_over or request.form.get("go") == "check" else ".review"
    return url_for(shown, number=project.number)


def _written(form: ProjectForm, project: Project, missing: InvalidInput | None) -> Answer:
    there = _leads_to(project, missing)
    if isinstance(missing, ReasonsWanting) or request.form.get("go") == "check":
        flash(str(missing.words if missing else _("草稿已保存，检查的结果在下面。")), "ok")
        return redirect(there, 303)
    if missing is not None:
        form.show_version(project.version)
        show_wrongs(form, missing)
        return _form_page(form, project, saved=True), 400
    words = DONE[ProjectAction.SUBMIT] if _wants_submitting() else _("草稿已保存。写完后提交核验。")
    flash(str(words), "ok")
    return redirect(there, 303)


def _wrong(form: ProjectForm, error: InvalidInput, number: str | None = None) -> Answer:
    db.session.rollback()
    show_wrongs(form, error)
    project = _load(number) if number else None
    _keep_as_typed(project)
    return _form_page(form, project), 400


def _keep_as_typed(project: Project | None = None) -> None:
    """Keep what cannot be saved as it is, so that it is there when the officer comes back."""
    typed = request.form.items(multi=True)
    try:
        keep_form(actor=current_actor(), project=project, typed=typed)
    except (Conflict, InvalidInput):
        db.session.rollback()
        return
    db.session.commit()


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
        "projects/edit.html" if project else "projects/new.html",
        form=form,
        project=project,
        remarks=show_remarks(project, list_remarks(project)) if project else [],
        **more,
    )


def _step_refused(number: str, sent: Sent) -> str:
    db.session.rollback()
    return _review_page(_load(number), sent)


def _review_page(project: Project, sent: Sent | None = None) -> str:
    proposal = find_open_proposal(project) if project.is_public else None
    return render_template(
        "projects/review.html",
        project=project,
        panel=build_panel(current_actor(), project, sent),
        events=tell_story(project, list_history("project", project.number)),
        kinds=KIND_WORDS,
        sectors=SECTOR_WORDS,
        line_kinds=LINE_WORDS,
        outcomes=OUTCOME_WORDS,
        pictures=list_pictures(project),
        papers=list_papers(project),
        remarks=show_remarks(project, list_remarks(project)),
        gate=read_for_review(current_actor(), project),
        verdicts=VERDICT_WORDS,
        copying=CopyForm(list_batches(), formdata=None).with_newest(),
        proposal=proposal,
        proposed=read_fields(proposal.before, proposal.after, ALL_FIELDS) if proposal else [],
    )
