"""Claiming in the browser: reserve, then follow the claim."""

from flask import flash, redirect, render_template, request, url_for

from matchplatform.access import once
from matchplatform.access.actor import Actor
from matchplatform.access.current import current_actor
from matchplatform.access.guards import requires
from matchplatform.access.policy import Permission, permits
from matchplatform.claims import (
    capacity_views,
    extra_views,
    joint_views,
    release_views,
    services,
    waitlist_views,
)
from matchplatform.claims.answers import Answer, own_organisation, said_by, show_error
from matchplatform.claims.availability import availability_of, left_by_line
from matchplatform.claims.blueprint import bp
from matchplatform.claims.forms import ClaimForm, blank_form, read_form
from matchplatform.claims.page import claim_page
from matchplatform.claims.queries import find_undecided, get_claim
from matchplatform.claims.release import release_claim
from matchplatform.claims.side import read_side
from matchplatform.claims.states import ClaimAction
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import AskAgain, Conflict, DomainError, InvalidInput, KeyReused
from matchplatform.kernel.i18n import Words, gettext
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.paging import read_version
from matchplatform.organisations.queries import find_own_organisation
from matchplatform.projects.models import Project
from matchplatform.projects.queries import get_project

# The routes beside this file register themselves with the same blueprint.
__all__ = ["bp", "capacity_views", "extra_views", "joint_views", "release_views", "waitlist_views"]

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
    form = read_form(project, request.form, left_by_line(project))
    try:
        earlier = once.earlier_answer(actor)
    except KeyReused as error:
        form.earlier = error.answer
        return _panel(actor, project, form, 422)
    if earlier:
        return redirect(earlier, 303)
    if not form.is_readable:
        return _panel(actor, project, form, 400)
    try:
        claim = services.reserve_claim(
            actor=actor,
            organisation=own_organisation(actor),
            project=project,
            version=form.version,
            quantities=form.quantities,
            confirmed=form.confirmed,
        )
    except (InvalidInput, AskAgain, Conflict) as error:
        return _again(actor, number, form, error)
    url = url_for("claims.show", claim_id=claim.id)
    once.remember_answer(actor, url)
    db.session.commit()
    flash(gettext("已为贵会预留到 14 天后的 24:00。写几句话，提交给县民政局。"), "ok")
    return redirect(url, 303)


@bp.get("/claims/<int:claim_id>")
@requires(Permission.CLAIM_READ)
def show(claim_id: int) -> Answer:
    """Show a claim: what, how much, until when, what happened, and what can be done now."""
    actor = current_actor()
    return claim_page(actor, get_claim(actor, claim_id))


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
    try:
        earlier = once.earlier_answer(actor)
    except KeyReused as error:
        return claim_page(actor, claim, action, words, earlier=error.answer), 422
    if earlier:
        return redirect(earlier, 303)
    try:
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
    except (InvalidInput, Conflict) as error:
        db.session.rollback()
        said, status = said_by(error)
        return claim_page(actor, get_claim(actor, claim_id), action, words, said), status
    url = url_for("claims.show", claim_id=claim_id)
    once.remember_answer(actor, url)
    db.session.commit()
    flash(str(DONE[action]), "ok")
    return redirect(url, 303)


def _again(actor: Actor, number: str, form: ClaimForm, error: DomainError) -> Answer:
    db.session.rollback()
    project = get_project(actor, number)
    form.version = project.version
    status = show_error(form, error)
    return _panel(actor, project, form, status)


def _panel(actor: Actor, project: Project, form: ClaimForm, status: int = 200) -> Answer:
    organisation = find_own_organisation(actor)
    left = left_by_line(project)
    page = render_template(
        "claims/reserve.html",
        project=project,
        form=form,
        left=left,
        availability=availability_of(project, left),
        organisation=organisation,
        undecided=find_undecided(organisation.id, project.id) if organisation else None,
        may_claim=permits(actor, Permission.CLAIM_RESERVE, organisation),
        side=read_side(organisation, project),
    )
    return page, status
