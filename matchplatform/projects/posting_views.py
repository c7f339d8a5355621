"""More of posting in the browser: change in public, copy, return at the fields, publish several."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from matchplatform.access import once
from matchplatform.access.current import current_actor
from matchplatform.access.forms import show_wrongs
from matchplatform.access.guards import requires
from matchplatform.access.policy import Permission, check
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Conflict, InvalidInput
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.projects import services
from matchplatform.projects.bulk import publish_many
from matchplatform.projects.changing import change_project
from matchplatform.projects.comparison import compare
from matchplatform.projects.copying import copy_project
from matchplatform.projects.gate_corpus import read_ahead
from matchplatform.projects.models import Project
from matchplatform.projects.posting_forms import ChangeForm, CopyForm, RemarksForm, read_picks
from matchplatform.projects.posting_models import ChangeProposal
from matchplatform.projects.proposals import find_open_proposal, get_proposal
from matchplatform.projects.queries import get_project, list_batches
from matchplatform.projects.sheet import Place, read_sheet
from matchplatform.projects.states import WORKFLOW, ProjectAction
from matchplatform.projects.versions import ALL_FIELDS, read_fields

bp = Blueprint("posting", __name__)

Answer = str | Response | tuple[str, int]


@bp.route("/desk/projects/<string:number>/change", methods=["GET", "POST"])
@requires(Permission.PROJECT_PUBLISH)
def change(number: str) -> Answer:
    """Change what the public reads of a project; every change is kept and told."""
    actor = current_actor()
    project = _load(number)
    check(actor, Permission.PROJECT_PUBLISH, project)
    services.check_has_no_part(actor, project)
    if request.method == "GET":
        WORKFLOW.after(project.status, ProjectAction.CHANGE)
        form = ChangeForm(list_batches(), obj=project, **_typed(find_open_proposal(project)))
        if form.version.number == project.version:
            return _change_page(form, project)
        # Something was done since the county wrote: both are shown, and whoever decides weighs them.
        form.show_version(project.version)
        return _change_page(form, project, present=compare(form, project))
    form = ChangeForm(list_batches())
    if form.reshape_lines(request.form):
        return _change_page(form, project)
    if not form.validate():
        return _change_page(form, project), 400
    read_ahead()
    try:
        change_project(
            actor=actor,
            project=project,
            version=form.version.number,
            details=form.details(),
            lines=form.line_changes(),
            reason=form.reason.data or "",
            proposal=get_proposal(project, form.proposal.number) if form.proposal.number else None,
        )
    except InvalidInput as error:
        db.session.rollback()
        show_wrongs(form, error)
        return _change_page(form, _load(number)), 400
    except Conflict as error:
        db.session.rollback()
        project = _load(number)
        form.show_version(project.version)
        form.form_errors = [str(error.words)]
        return _change_page(form, project, present=compare(form, project)), 409
    db.session.commit()
    flash(str(_("已改，公开页面上写明改了什么，并通知持有认领和关注的组织。")), "ok")
    return redirect(url_for("projects.review", number=number), 303)


@bp.post("/desk/projects/<string:number>/copy")
@requires(Permission.PROJECT_WRITE)
def copy(number: str) -> Answer:
    """Copy a project of one's county into a new draft."""
    actor = current_actor()
    project = _load(number)
    earlier = once.earlier_answer(actor)
    if earlier:
        return redirect(earlier, 303)
    form = CopyForm(list_batches())
    if not form.validate():
        raise InvalidInput()
    made = copy_project(actor=actor, project=project, batch_id=form.batch_id.data)
    there = url_for("projects.edit", number=made.number)
    once.remember_answer(actor, there)
    db.session.commit()
    flash(str(_("已复制成新的草稿。时间要重新填，照片和文件要重新传。")), "ok")
    return redirect(there, 303)


@bp.route("/desk/projects/<string:number>/remarks", methods=["GET", "POST"])
@requires(Permission.DESK_VIEW)
def remarks(number: str) -> Answer:
    """Return a project with what is to be mended said at each field."""
    actor = current_actor()
    project = _load(number)
    form = RemarksForm()
    if request.method == "GET":
        sheet = read_sheet(actor, project)
        return _remarks_page(form, project, sheet)
    try:
        services.return_project(
            actor=actor,
            project=project,
            version=form.version.number,
            reason=form.reason.data or "",
            remarks=form.remarks(request.form),
        )
    except InvalidInput as error:
        db.session.rollback()
        project = _load(number)
        form.wrongs = {name: str(words) for name, words in error.fields.items()}
        show_wrongs(form, error)
        return _remarks_page(form, project, read_sheet(actor, project, request.form)), 400
    db.session.commit()
    flash(str(_("已退回，意见写在各处，已通知写的人。")), "ok")
    return redirect(url_for("projects.review", number=number), 303)


@bp.post("/desk/projects/publish")
@requires(Permission.PROJECT_PUBLISH)
def publish_several() -> Answer:
    """Publish the ticked projects and say of each what became of it."""
    actor = current_actor()
    read_ahead()
    try:
        outcomes = publish_many(actor=actor, picks=read_picks(request.form))
    except InvalidInput as error:
        db.session.rollback()
        flash(str(error.words), "error")
        return redirect(url_for("projects.desk_list", state="verified"), 303)
    db.session.commit()
    return render_template(
        "projects/published.html",
        done=[one for one in outcomes if one.why_not is None],
        failed=[one for one in outcomes if one.why_not is not None],
    )


def _load(number: str) -> Project:
    actor = current_actor()
    project = get_project(actor, number)
    # A published project is everybody's to see, its desk page is not.
    check(actor, Permission.PROJECT_READ_UNPUBLISHED, project)
    return project


def _change_page(form: ChangeForm, project: Project, **more: object) -> str:
    if not form.lines.entries:
        form.lines.append_entry()
    held = {str(line.id): line for line in project.lines if line.held}
    proposal = find_open_proposal(project)
    shown = proposal if proposal and proposal.id == form.proposal.number else None
    return render_template(
        "projects/change.html",
        form=form,
        project=project,
        held=held,
        proposal=shown,
        fields=read_fields(shown.before, shown.after, ALL_FIELDS) if shown else [],
        **more,
    )


def _typed(proposal: ChangeProposal | None) -> dict[str, Any]:
    """Return a proposal as the form that puts it in force, with the version that the county saw."""
    if proposal is None:
        return {}
    typed = [(name, words) for name, words in proposal.typed]
    # The first of a name counts, whatever else was sent with the form.
    return {"formdata": MultiDict([("proposal", str(proposal.id)), *typed])}


def _remarks_page(form: RemarksForm, project: Project, sheet: list[Place]) -> str:
    return render_template("projects/remarks.html", form=form, project=project, sheet=sheet)
