"""Asking for more capacity, and deciding it, in the browser."""

from decimal import Decimal

from flask import render_template, request, url_for

from matchplatform.access.actor import Actor
from matchplatform.access.answers import Answer, done_once, said_by
from matchplatform.access.current import current_actor
from matchplatform.access.guards import requires
from matchplatform.access.policy import Permission, permits
from matchplatform.audit.actions import tell_history
from matchplatform.audit.queries import list_history
from matchplatform.claims import grants
from matchplatform.claims.answers import own_organisation
from matchplatform.claims.blueprint import bp
from matchplatform.claims.capacity import get_grant, read_capacity
from matchplatform.claims.queries import count_states_of
from matchplatform.claims.states import ASK_WORKFLOW, AskAction
from matchplatform.kernel.errors import DomainError, InvalidInput, KeyReused
from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _
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

    def ask() -> str:
        grants.ask_capacity(
            actor=actor,
            organisation=own_organisation(actor),
            project=project,
            value=_read_value(typed),
            message=message,
        )
        return url_for("claims.start_capacity", number=number)

    def again(error: DomainError) -> Answer:
        if isinstance(error, KeyReused):
            return _asking(actor, number, typed, message, earlier=error.answer), 422
        wrongs = error.fields if isinstance(error, InvalidInput) else {}
        said, status = said_by(error)
        return _asking(actor, number, typed, message, wrongs or {"value": said}), status

    return done_once(actor, ask, again, _("已提交申请，县里答复后会通知您。"))


@bp.get("/capacity/<int:grant_id>")
@requires(Permission.CAPACITY_READ)
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
    version = read_version(request.form.get("version"))
    words = request.form.get("words", "")

    def decide() -> str:
        verb(actor=actor, grant=grant, version=version, reason=words)
        return url_for("claims.show_capacity", grant_id=grant_id)

    def again(error: DomainError) -> Answer:
        said, status = said_by(error)
        return _deciding(actor, grant_id, step, words, said), status

    return done_once(actor, decide, again, _("已答复，已通知对方。"))


def _read_value(typed: str) -> Decimal:
    try:
        value = parse_decimal(typed)
    except InvalidInput as error:
        raise InvalidInput(fields={"value": error.words}) from error
    if value is None:
        raise InvalidInput(fields={"value": _("请填想在这个项目认领的总额。")})
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
