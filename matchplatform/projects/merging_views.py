"""Merging in the browser: which one stays, what goes where, and why."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matchplatform.access.current import current_actor
from matchplatform.access.forms import show_wrongs
from matchplatform.access.guards import requires
from matchplatform.access.policy import Permission, check
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Conflict, InvalidInput
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.projects.merging import get_target, merge_projects, pair_lines
from matchplatform.projects.models import Project
from matchplatform.projects.posting_forms import MergeForm
from matchplatform.projects.queries import get_project
from matchplatform.projects.states import WORKFLOW, ProjectAction

bp = Blueprint("merging", __name__)

Answer = str | Response | tuple[str, int]


@bp.get("/desk/projects/<string:number>/merge")
@requires(Permission.PROJECT_PUBLISH)
def choose(number: str) -> Answer:
    """Ask which project stays, and show the two side by side."""
    project = _load(number)
    WORKFLOW.after(project.status, ProjectAction.MERGE)
    form, target = MergeForm(formdata=request.args), None
    if form.into.data:
        try:
            target = get_target(current_actor(), project, form.into.data)
        except InvalidInput as error:
            show_wrongs(form, error)
    return _page(project, target, form)


@bp.post("/desk/projects/<string:number>/merge")
@requires(Permission.PROJECT_PUBLISH)
def merge(number: str) -> Answer:
    """Merge a project into the one that stays."""
    actor = current_actor()
    project = _load(number)
    form = MergeForm()
    target = None
    try:
        target = get_target(actor, project, form.into.data or "")
        merge_projects(
            actor=actor,
            source=project,
            target=target,
            version=form.version.number,
            target_version=form.into_version.number,
            reason=form.reason.data or "",
        )
    except InvalidInput as error:
        db.session.rollback()
        show_wrongs(form, error)
        return _again(number, target, form), 400
    except Conflict as error:
        db.session.rollback()
        form.form_errors = [str(error.words)]
        return _again(number, target, form), 409
    there = url_for("projects.review", number=target.number)
    db.session.commit()
    flash(str(_("已并入。认领移到了这里，已通知它们的组织。")), "ok")
    return redirect(there, 303)


def _load(number: str) -> Project:
    actor = current_actor()
    project = get_project(actor, number)
    check(actor, Permission.PROJECT_PUBLISH, project)
    return project


def _again(number: str, target: Project | None, form: MergeForm) -> str:
    # After a rollback what was read before is read anew.
    return _page(_load(number), _load(target.number) if target is not None else None, form)


def _page(project: Project, target: Project | None, form: MergeForm) -> str:
    return render_template(
        "projects/merge.html",
        project=project,
        target=target,
        pairs=pair_lines(project, target) if target is not None else [],
        form=form,
    )
