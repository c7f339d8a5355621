"""The waitlist in the browser: see who waits, join, leave."""

from flask import flash, redirect, render_template, request, url_for

from matchplatform.access.actor import Actor
from matchplatform.access.answers import Answer, done_once
from matchplatform.access.current import current_actor
from matchplatform.access.guards import requires
from matchplatform.access.policy import Permission
from matchplatform.claims import waitlist
from matchplatform.claims.answers import own_organisation, show_error
from matchplatform.claims.blueprint import bp
from matchplatform.claims.forms import ClaimForm, blank_form, read_form
from matchplatform.claims.holding import read_holding
from matchplatform.claims.side import read_side
from matchplatform.claims.waiting import get_entry
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import DomainError
from matchplatform.kernel.i18n import Words, gettext
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.projects.queries import get_project


@bp.get("/projects/<number>/waitlist")
@requires(Permission.CLAIM_RESERVE)
def show_waitlist(number: str) -> Answer:
    """Show who waits for the lines of a project, and what one could wait for."""
    return waitlist_page(current_actor(), number)


@bp.post("/projects/<number>/waitlist")
@requires(Permission.CLAIM_RESERVE)
def join_waitlist(number: str) -> Answer:
    """Join the waitlist of the lines for which a quantity was typed."""
    actor = current_actor()
    project = get_project(actor, number)
    form = read_form(project, request.form, read_holding(project).left)

    def join() -> str:
        form.check_readable()
        waitlist.join_waitlist(
            actor=actor,
            organisation=own_organisation(actor),
            project=project,
            quantities=form.quantities,
            confirmed=form.confirmed,
        )
        return url_for("claims.show_waitlist", number=number)

    def again(error: DomainError) -> Answer:
        status = show_error(form, error)
        return waitlist_page(actor, number, form, status)

    return done_once(actor, join, again, _("已排上队。轮到时会通知您，并为贵会预留 5 天。"))


@bp.post("/waitlist/<int:entry_id>/leave")
@requires(Permission.CLAIM_HANDLE)
def leave_waitlist(entry_id: int) -> Answer:
    """Give up a place on a waitlist."""
    actor = current_actor()
    entry = get_entry(actor, entry_id)
    number = entry.line.project.number
    waitlist.leave_waitlist(actor=actor, entry=entry)
    db.session.commit()
    flash(gettext("已退出排队。"), "ok")
    return redirect(url_for("claims.show_waitlist", number=number), 303)


def waitlist_page(
    actor: Actor,
    number: str,
    form: ClaimForm | None = None,
    status: int = 200,
    *,
    asked: int = 0,
    typed: str = "",
    problem: Words | None = None,
) -> Answer:
    """Show the waitlist; ``problem`` stands at the request about the claim ``asked``."""
    project = get_project(actor, number)
    organisation = own_organisation(actor)
    holding = read_holding(project)
    page = render_template(
        "claims/waitlist.html",
        project=project,
        form=form or blank_form(project),
        organisation=organisation,
        left=holding.left,
        side=read_side(organisation, project, holding),
        turn_days=waitlist.TURN.days,
        asked=asked,
        typed=typed,
        problem=problem,
    )
    return page, status
