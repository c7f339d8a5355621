"""The quality gate in the browser: look it over, give reasons, compare two needs."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matchplatform.access import once
from matchplatform.access.current import current_actor
from matchplatform.access.guards import requires
from matchplatform.access.policy import Permission, check
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Conflict, InvalidInput, KeyReused
from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.paging import read_version
from matchplatform.projects.gate_answers import (
    REASON,
    decide_pair,
    explain_findings,
    find_pair,
    may_answer,
    next_action,
)
from matchplatform.projects.gate_corpus import read_ahead
from matchplatform.projects.gate_forms import PairForm
from matchplatform.projects.gate_models import VERDICT_WORDS, Verdict
from matchplatform.projects.gate_page import get_other, may_merge, read_gate, side_by_side
from matchplatform.projects.models import Project
from matchplatform.projects.queries import get_project
from matchplatform.projects.steps import DONE, PLAIN_VERBS

bp = Blueprint("gate", __name__)

Answer = str | Response | tuple[str, int]


@bp.get("/desk/projects/<string:number>/gate")
@requires(Permission.PROJECT_READ_UNPUBLISHED)
def show(number: str) -> Answer:
    """Run the rules over a project and show what they find; nothing is written."""
    return _page(_load(number))


@bp.post("/desk/projects/<string:number>/gate")
@requires(Permission.DESK_VIEW)
def explain(number: str) -> Answer:
    """Keep the reasons that were given, and go on when asked."""
    actor = current_actor()
    project = _load(number)
    reasons = {
        name.removeprefix(REASON): words
        for name, words in request.form.items()
        if name.startswith(REASON)
    }
    read_ahead()
    try:
        earlier = once.earlier_answer(actor)
        if earlier:
            return redirect(earlier, 303)
        explain_findings(
            actor=actor,
            project=project,
            version=read_version(request.form.get("version")),
            reasons=reasons,
        )
    except InvalidInput as error:
        return _again(number, error.fields, error.words, 400)
    except KeyReused as error:
        return _again(number, {}, error.words, 422)
    except Conflict as error:
        return _again(number, {}, error.words, 409)
    said, there = _go_on(project)
    once.remember_answer(actor, there)
    db.session.commit()
    flash(str(said), "ok")
    return redirect(there, 303)


@bp.get("/desk/projects/<string:number>/like/<string:other>")
@requires(Permission.PROJECT_READ_UNPUBLISHED)
def compare(number: str, other: str) -> Answer:
    """Show two needs that look alike side by side."""
    project = _load(number)
    return _pair_page(project, get_other(current_actor(), project, other))


@bp.post("/desk/projects/<string:number>/like/<string:other>")
@requires(Permission.DESK_VIEW)
def decide(number: str, other: str) -> Answer:
    """Say whether the two are one need."""
    actor = current_actor()
    project = _load(number)
    twin = get_other(actor, project, other)
    form = PairForm()
    if not form.validate():
        return _pair_page(project, twin, form), 400
    verdict = Verdict(form.verdict.data)
    try:
        earlier = once.earlier_answer(actor)
        if earlier:
            return redirect(earlier, 303)
        pair = decide_pair(
            actor=actor,
            project=project,
            other=twin,
            version=form.version.number,
            verdict=verdict,
            reason=form.reason.data or "",
        )
    except InvalidInput as error:
        form.show(error)
        return _pair_again(number, other, form, 400)
    except (Conflict, KeyReused) as error:
        form.form_errors = [str(error.words)]
        return _pair_again(number, other, form, 409)
    if may_merge(actor, project, pair):
        there = url_for("merging.choose", number=number, into=other)
    else:
        there = url_for(".show", number=number)
    once.remember_answer(actor, there)
    db.session.commit()
    flash(str(_("已记下：%(words)s。", words=VERDICT_WORDS[verdict])), "ok")
    return redirect(there, 303)


def _load(number: str) -> Project:
    actor = current_actor()
    project = get_project(actor, number)
    # A published project is everybody's to see, what the gate says of it is not.
    check(actor, Permission.PROJECT_READ_UNPUBLISHED, project)
    return project


def _go_on(project: Project) -> tuple[Words, str]:
    """Take the step that waited for the reasons; what still stands against it is said."""
    action = next_action(project)
    review = url_for("projects.review", number=project.number)
    if request.form.get("go") != "on" or action is None:
        return _("原因已记下，核验和发布的工作人员都看得到。"), url_for(
            ".show", number=project.number
        )
    try:
        PLAIN_VERBS[action](actor=current_actor(), project=project, version=project.version)
    except InvalidInput as error:
        return _("原因已记下，但还不能办下一步：%(why)s", why=error.words), review
    return DONE[action], review


def _page(
    project: Project, wrongs: dict[str, Words] | None = None, problem: Words | None = None
) -> str:
    typed = request.form if request.method == "POST" else {}
    return render_template(
        "projects/gate.html",
        project=project,
        gate=read_gate(current_actor(), project, typed, wrongs),
        problem=problem,
        verdicts=VERDICT_WORDS,
    )


def _again(number: str, wrongs: dict[str, Words], problem: Words, status: int) -> Answer:
    db.session.rollback()
    return _page(_load(number), wrongs, None if wrongs else problem), status


def _pair_page(project: Project, other: Project, form: PairForm | None = None) -> str:
    actor, pair = current_actor(), find_pair(project, other)
    return render_template(
        "projects/like.html",
        project=project,
        other=other,
        rows=side_by_side(project, other),
        pair=pair,
        verdicts=VERDICT_WORDS,
        may_answer=may_answer(actor, project),
        may_merge=may_merge(actor, project, pair),
        form=form or PairForm(formdata=None),
    )


def _pair_again(number: str, other: str, form: PairForm, status: int) -> Answer:
    db.session.rollback()
    project = _load(number)
    return _pair_page(project, get_other(current_actor(), project, other), form), status
