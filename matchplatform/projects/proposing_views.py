"""Proposing a change in the browser: the county writes, takes back; whoever publishes refuses."""

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
from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.projects.comparison import compare
from matchplatform.projects.forms import ReasonForm
from matchplatform.projects.models import Project
from matchplatform.projects.posting_forms import ProposalForm
from matchplatform.projects.posting_models import ChangeProposal
from matchplatform.projects.proposals import (
    find_last_proposal,
    find_open_proposal,
    get_proposal,
)
from matchplatform.projects.proposing import propose_change, refuse_proposal, withdraw_proposal
from matchplatform.projects.queries import get_project, list_batches
from matchplatform.projects.states import WORKFLOW, ProjectAction
from matchplatform.projects.versions import ALL_FIELDS, read_fields

bp = Blueprint("proposing", __name__)

Answer = str | Response | tuple[str, int]

DONE: dict[str, Words] = {
    "withdraw": _("已撤回。公开的内容没有变，可以再提。"),
    "refuse": _("没有核准，原因已告诉县里。公开的内容没有变。"),
}


@bp.route("/desk/projects/<string:number>/propose", methods=["GET", "POST"])
@requires(Permission.PROJECT_WRITE)
def propose(number: str) -> Answer:
    """Write a change of a published project, for those who publish."""
    actor = current_actor()
    project = _load(number)
    WORKFLOW.after(project.status, ProjectAction.CHANGE)
    if request.method == "GET":
        return _form_page(ProposalForm(list_batches(), obj=project, **_refused(project)), project)
    form = ProposalForm(list_batches())
    if form.reshape_lines(request.form):
        return _form_page(form, project)
    earlier = once.earlier_answer(actor)
    if earlier:
        return redirect(earlier, 303)
    if not form.validate():
        return _form_page(form, project), 400
    try:
        propose_change(
            actor=actor,
            project=project,
            version=form.version.number,
            details=form.details(),
            lines=form.line_changes(),
            reason=form.reason.data or "",
            typed=request.form.items(multi=True),
        )
    except InvalidInput as error:
        db.session.rollback()
        show_wrongs(form, error)
        return _form_page(form, _load(number)), 400
    except Conflict as error:
        db.session.rollback()
        project = _load(number)
        form.show_version(project.version)
        form.form_errors = [str(error.words)]
        return _form_page(form, project, present=compare(form, project)), 409
    there = url_for("projects.review", number=number)
    once.remember_answer(actor, there)
    db.session.commit()
    flash(str(_("已报上去，等市里或省里核准。核准以前，公开的内容不变。")), "ok")
    return redirect(there, 303)


@bp.post("/desk/projects/<string:number>/proposal/<int:proposal_id>/withdraw")
@requires(Permission.PROJECT_WRITE)
def withdraw(number: str, proposal_id: int) -> Answer:
    """Take a proposal back."""
    project = _load(number)
    proposal = get_proposal(project, proposal_id)
    withdraw_proposal(actor=current_actor(), project=project, proposal=proposal)
    return _done("withdraw", number)


@bp.route(
    "/desk/projects/<string:number>/proposal/<int:proposal_id>/refuse", methods=["GET", "POST"]
)
@requires(Permission.PROJECT_PUBLISH)
def refuse(number: str, proposal_id: int) -> Answer:
    """Leave the project as it is and say why."""
    actor = current_actor()
    project = get_project(actor, number)
    check(actor, Permission.PROJECT_PUBLISH, project)
    proposal = get_proposal(project, proposal_id)
    form = ReasonForm()
    if request.method == "GET":
        return _refuse_page(form, project, proposal)
    if not form.validate():
        return _refuse_page(form, project, proposal), 400
    try:
        refuse_proposal(actor=actor, project=project, proposal=proposal, reason=form.typed_reason)
    except InvalidInput as error:
        db.session.rollback()
        show_wrongs(form, error)
        project = get_project(actor, number)
        return _refuse_page(form, project, get_proposal(project, proposal_id)), 400
    return _done("refuse", number)


def _done(step: str, number: str) -> Answer:
    db.session.commit()
    flash(str(DONE[step]), "ok")
    return redirect(url_for("projects.review", number=number), 303)


def _load(number: str) -> Project:
    actor = current_actor()
    project = get_project(actor, number)
    check(actor, Permission.PROJECT_WRITE, project)
    return project


def _refused(project: Project) -> dict[str, Any]:
    """Return the form that was refused, to be mended; the version is that of today."""
    last = find_last_proposal(project)
    if last is None or not last.typed or last.is_open:
        return {}
    typed = [(name, words) for name, words in last.typed if name != "version"]
    return {"formdata": MultiDict([*typed, ("version", str(project.version))])}


def _form_page(form: ProposalForm, project: Project, **more: object) -> str:
    if not form.lines.entries:
        form.lines.append_entry()
    held = {str(line.id): line for line in project.lines if line.held}
    return render_template(
        "projects/propose.html",
        form=form,
        project=project,
        held=held,
        waiting=find_open_proposal(project),
        last=find_last_proposal(project),
        **more,
    )


def _refuse_page(form: ReasonForm, project: Project, proposal: ChangeProposal) -> str:
    return render_template(
        "projects/refuse_change.html",
        form=form,
        project=project,
        proposal=proposal,
        fields=read_fields(proposal.before, proposal.after, ALL_FIELDS),
    )
