"""Claiming in the browser: reserve, then follow the claim."""

from flask import render_template, request, url_for

from matchplatform.access.actor import Actor
from matchplatform.access.answers import Answer, done_once
from matchplatform.access.current import current_actor
from matchplatform.access.guards import requires
from matchplatform.access.policy import Permission, permits
from matchplatform.claims import (
    capacity_views,
    extra_views,
    joint_views,
    message_views,
    release_views,
    services,
    waitlist_views,
)
from matchplatform.claims.answers import own_organisation, show_error
from matchplatform.claims.availability import availability_of
from matchplatform.claims.blueprint import bp
from matchplatform.claims.forms import ClaimForm, blank_form, read_form
from matchplatform.claims.holding import read_holding
from matchplatform.claims.models import Claim
from matchplatform.claims.page import claim_page, claim_page_again
from matchplatform.claims.queries import get_claim
from matchplatform.claims.release import release_claim
from matchplatform.claims.side import read_side
from matchplatform.claims.states import ClaimAction
from matchplatform.kernel.errors import DomainError
from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.paging import page_number, read_version
from matchplatform.organisations.queries import find_own_organisation
from matchplatform.projects.models import Project
from matchplatform.projects.queries import get_project

# The routes beside this file register themselves with the same blueprint.
__all__ = [
    "bp",
    "capacity_views",
    "extra_views",
    "joint_views",
    "message_views",
    "release_views",
    "waitlist_views",
]

DONE: dict[ClaimAction, Words] = {
    ClaimAction.EXTEND: _("已延期 14 天。预留只能延期这一次。"),
    ClaimAction.SUBMIT: _("已提交给县民政局。县里应在 10 天内答复，结果会通知您。"),
    ClaimAction.ACCEPT: _("已受理，已通知对方。接下来签约。"),
    ClaimAction.DECLINE: _("已答复不予受理，占用的数量已放回项目。"),
    ClaimAction.RELEASE: _("已放回项目，已通知对方，候补的社会组织会依次轮到。"),
    ClaimAction.WITHDRAW: _("已撤回，占用的数量已放回项目。"),
}


@bp.get("/projects/<number>/claim")
@requires(Permission.CLAIM_RESERVE)
def start(number: str) -> Answer:
    """Show the claim panel on a page of its own."""
    actor = current_actor()
    project = get_project(actor, number)
    return _panel(actor, project, blank_form(project))


@bp.post("/projects/<number>/claims")
@requires(Permission.CLAIM_RESERVE)
def reserve(number: str) -> Answer:
    """Reserve what was typed, or show it again with what is wrong or what is left."""
    actor = current_actor()
    project = get_project(actor, number)
    form = read_form(project, request.form, read_holding(project).left)

    def claim_it() -> str:
        form.check_readable()
        claim = services.reserve_claim(
            actor=actor,
            organisation=own_organisation(actor),
            project=project,
            version=form.version,
            quantities=form.quantities,
            confirmed=form.confirmed,
        )
        return url_for("claims.show", claim_id=claim.id)

    said = _("已为贵会预留到 14 天后的 24:00。写几句话，提交给县民政局。")
    return done_once(actor, claim_it, lambda error: _again(actor, number, form, error), said)


@bp.get("/claims/<int:claim_id>")
@requires(Permission.CLAIM_READ)
def show(claim_id: int) -> Answer:
    """Show a claim: what, how much, until when, what happened, and what can be done now."""
    actor = current_actor()
    typed = request.args.get("messages")
    return claim_page(
        actor, get_claim(actor, claim_id), messages=page_number(typed) if typed else None
    )


@bp.post("/claims/<int:claim_id>/<any(extend,submit,withdraw):action>")
@requires(Permission.CLAIM_HANDLE)
def handle(claim_id: int, action: str) -> Answer:
    """Do what the organisation may do with its claim."""
    return _act(claim_id, ClaimAction(action))


@bp.post("/claims/<int:claim_id>/<any(accept,decline,release):action>")
@requires(Permission.CLAIM_DECIDE)
def decide(claim_id: int, action: str) -> Answer:
    """Do what the county may do with a claim."""
    return _act(claim_id, ClaimAction(action))


def _act(claim_id: int, action: ClaimAction) -> Answer:
    actor = current_actor()
    claim = get_claim(actor, claim_id)
    version = read_version(request.form.get("version"))
    words = request.form.get("words", "")

    def act() -> str:
        _do(actor, claim, action, version, words)
        return url_for("claims.show", claim_id=claim_id)

    return done_once(actor, act, claim_page_again(actor, claim_id, action, words), DONE[action])


def _do(actor: Actor, claim: Claim, action: ClaimAction, version: int, words: str) -> None:
    if action is ClaimAction.EXTEND:
        services.extend_claim(actor=actor, claim=claim, version=version)
    elif action is ClaimAction.SUBMIT:
        services.submit_claim(actor=actor, claim=claim, version=version, message=words)
    elif action is ClaimAction.WITHDRAW:
        services.withdraw_claim(actor=actor, claim=claim, version=version, reason=words)
    elif action is ClaimAction.RELEASE:
        release_claim(actor=actor, claim=claim, version=version, reason=words)
    elif action is ClaimAction.ACCEPT:
        services.accept_claim(actor=actor, claim=claim, version=version)
    else:
        services.decline_claim(actor=actor, claim=claim, version=version, reason=words)


def _again(actor: Actor, number: str, form: ClaimForm, error: DomainError) -> Answer:
    project = get_project(actor, number)
    form.version = project.version
    status = show_error(form, error)
    return _panel(actor, project, form, status)


def _panel(actor: Actor, project: Project, form: ClaimForm, status: int = 200) -> Answer:
    organisation = find_own_organisation(actor)
    holding = read_holding(project)
    page = render_template(
        "claims/reserve.html",
        project=project,
        form=form,
        left=holding.left,
        availability=availability_of(project, holding.left),
        organisation=organisation,
        undecided=holding.undecided_of(organisation.id) if organisation else None,
        may_claim=permits(actor, Permission.CLAIM_RESERVE, organisation),
        side=read_side(organisation, project, holding),
    )
    return page, status
