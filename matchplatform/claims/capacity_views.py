"""Asking for more capacity, and deciding it, in the browser."""

from decimal import Decimal

from flask import flash, redirect, render_template, request, url_for

from matchplatform.access import once
from matchplatform.access.actor import Actor
from matchplatform.access.current import current_actor
from matchplatform.access.guards import requires
from matchplatform.access.policy import Permission, permits
from matchplatform.audit.actions import tell_history
from matchplatform.audit.queries import list_history
from matchplatform.claims import grants
from matchplatform.claims.answers import Answer, own_organisation, said_by
from matchplatform.claims.blueprint import bp
from matchplatform.claims.capacity import get_grant, read_capacity
from matchplatform.claims.queries import count_states_of
from matchplatform.claims.states import ASK_WORKFLOW, AskAction
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Conflict, InvalidInput, KeyReused
from matchplatform.kernel.i18n import Words, gettext
from matchplatform.kernel.numbers import parse_decimal
from matchplatform.kernel.paging import read_version
from matchplatform.projects.queries import get_project

LONGEST_TYPED = 30


@bp.get("/projects/<number>/capacity")
@requires(Permission.CLAIM_RESERVE)
def start_capacity(number: str) -> Answer:
    """Show how much more the organisation may promise, and the form to ask for more."""
    return _asking(current_actor(), number)


@bp.post("/projects/<number>/capacity")
@requires(Permission.CLAIM_RESERVE)
def ask_capacity(number: str) -> Answer:
    """Ask the county for more."""
    actor = current_actor()
    project = get_project(actor, number)
    typed = request.form.get("value", "")[:LONGEST_TYPED]
    message = request.form.get("message", "")
    try:
        earlier = once.earlier_answer(actor)
    except KeyReused as error:
        return _asking(actor, number, typed, message, earlier=error.answer), 422
    if earlier:
        return redirect(earlier, 303)
    try:
        grants.ask_capacity(
            actor=actor,
            organisation=own_organisation(actor),
            project=project,
            value=_read_value(typed),
            message=message,
        )
    except (InvalidInput, Conflict) as error:
        db.session.rollback()
        wrongs = error.fields if isinstance(error, InvalidInput) else {}
        _said, status = said_by(error)
        return _asking(actor, number, typed, message, wrongs or {"value": error.words}), status
    url = url_for("claims.start_capacity", number=number)
    once.remember_answer(actor, url)
    db.session.commit()
    flash(gettext("已提交申请，县里答复后会通知您。"), "ok")
    return redirect(url, 303)


@bp.get("/capacity/<int:grant_id>")
@requires(Permission.CLAIM_READ)
def show_capacity(grant_id: int) -> Answer:
    """Show what an organisation asked for, beside what it has promised."""
    return _deciding(current_actor(), grant_id)


@bp.post("/capacity/<int:grant_id>/<any(grant,refuse):step>")
@requires(Permission.CLAIM_DECIDE)
def decide_capacity(grant_id: int, step: str) -> Answer:
    """Grant or refuse what an organisation asked for."""
    actor = current_actor()
    grant = get_grant(actor, grant_id)
    verb = grants.grant_capacity if step == "grant" else grants.refuse_capacity
    words = request.form.get("words", "")
    try:
        verb(
            actor=actor,
            grant=grant,
            version=read_version(request.form.get("version")),
            reason=words,
        )
    except (InvalidInput, Conflict) as error:
        db.session.rollback()
        said, status = said_by(error)
        return _deciding(actor, grant_id, step, words, said), status
    db.session.commit()
    flash(gettext("已答复，已通知对方。"), "ok")
    return redirect(url_for("claims.show_capacity", grant_id=grant_id), 303)


def _read_value(typed: str) -> Decimal:
    try:
        value = parse_decimal(typed)
    except InvalidInput as error:
        raise InvalidInput(fields={"value": error.words}) from error
    if value is None:
        raise InvalidInput(fields={"value": gettext("请填想在这个项目认领的总额。")})
    return value


def _asking(
    actor: Actor,
    number: str,
    typed: str = "",
    message: str = "",
    wrongs: dict[str, Words] | None = None,
    earlier: str = "",
) -> str:
    project = get_project(actor, number)
    return render_template(
        "claims/capacity.html",
        project=project,
        capacity=read_capacity(own_organisation(actor), project),
        typed=typed,
        message=message,
        wrongs=wrongs or {},
        earlier=earlier,
    )


def _deciding(
    actor: Actor, grant_id: int, tried: str = "", typed: str = "", problem: Words | None = None
) -> str:
    grant = get_grant(actor, grant_id)
    return render_template(
        "claims/capacity_decide.html",
        grant=grant,
        capacity=read_capacity(grant.organisation, grant.project),
        counts=count_states_of(grant.organisation_id),
        may_decide=permits(actor, Permission.CLAIM_DECIDE, grant)
        and ASK_WORKFLOW.allows(grant.status, AskAction.GRANT),
        story=tell_history(list_history("capacity", grant.id)),
        tried=tried,
        typed=typed,
        problem=problem,
    )
