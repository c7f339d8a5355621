"""The pages of whoever is invited or leaves: one's own memberships, and the invitation's link."""

from typing import cast

from flask import flash, make_response, redirect, render_template, url_for
from werkzeug.wrappers import Response

from matchplatform.access.current import current_actor
from matchplatform.access.forms import show_wrongs
from matchplatform.access.guards import public, requires
from matchplatform.access.policy import Permission, role_holds
from matchplatform.accounts.proof import hash_aside
from matchplatform.accounts.queries import get_user
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Conflict, InvalidInput
from matchplatform.kernel.i18n import gettext
from matchplatform.organisations import invitations, memberships
from matchplatform.organisations.handover import list_open_items, list_successors
from matchplatform.organisations.member_forms import EndForm, JoinForm
from matchplatform.organisations.membership_queries import get_membership, list_own
from matchplatform.organisations.membership_states import (
    MEMBERSHIP_WORDS,
    MEMBERSHIP_WORKFLOW,
    MembershipAction,
)
from matchplatform.organisations.models import Invitation
from matchplatform.organisations.review import bp

Answer = str | Response | tuple[str, int]


@bp.get("/my/memberships")
@requires(Permission.MEMBERSHIP_JOIN)
def own_memberships() -> str:
    """List for whom one acts, and who invites."""
    user_id = cast(int, current_actor().user_id)
    return render_template(
        "organisations/own_memberships.html",
        memberships=list_own(user_id),
        invitations=invitations.list_invitations_to(user_id),
        words=MEMBERSHIP_WORDS,
        may_leave=lambda row: MEMBERSHIP_WORKFLOW.allows(row.standing, MembershipAction.LEAVE),
    )


@bp.post("/my/invitations/<int:invitation_id>/accept")
@requires(Permission.MEMBERSHIP_JOIN)
def accept_invitation(invitation_id: int) -> Answer:
    """Accept an invitation that was sent to oneself."""
    actor = current_actor()
    invitation = invitations.get_own_invitation(actor, invitation_id)
    return _accept(invitation)


@bp.post("/my/invitations/<int:invitation_id>/decline")
@requires(Permission.MEMBERSHIP_JOIN)
def decline_invitation(invitation_id: int) -> Answer:
    """Turn an invitation down."""
    actor = current_actor()
    invitation = invitations.get_own_invitation(actor, invitation_id)
    invitations.decline_invitation(actor=actor, invitation=invitation)
    db.session.commit()
    flash(gettext("已谢绝邀请。"), "ok")
    return redirect(url_for("organisations.own_memberships"), 303)


@bp.route("/my/memberships/<int:organisation_id>/leave", methods=["GET", "POST"])
@requires(Permission.MEMBERSHIP_JOIN)
def leave(organisation_id: int) -> Answer:
    """Leave an organisation, naming who goes on with what is open."""
    form = EndForm()
    if not form.is_submitted():
        return _leave_page(organisation_id, None)
    actor = current_actor()
    membership = get_membership(organisation_id, cast(int, actor.user_id))
    name = membership.organisation.name
    try:
        memberships.leave_organisation(
            actor=actor,
            membership=membership,
            version=form.version_number,
            successor_id=form.successor.data,
        )
    except InvalidInput as error:
        db.session.rollback()
        show_wrongs(form, error)
        return _leave_page(organisation_id, form), 400
    except Conflict as error:
        db.session.rollback()
        form.form_errors = [str(error.words)]
        return _leave_page(organisation_id, form), 409
    db.session.commit()
    flash(gettext("您已退出 %(name)s。", name=name), "ok")
    return redirect(url_for("organisations.own_memberships"), 303)


@bp.route("/join/<token>", methods=["GET", "POST"])
@public
def join(token: str) -> Answer:
    """Open an account by an invitation's link and ask to join."""
    form = JoinForm()
    invitation = invitations.get_invitation_by_token(token)
    if not form.is_submitted():
        form.display_name.data = invitation.name
        return _join_page(token, invitation, form, 200)
    if not form.validate():
        return _join_page(token, invitation, form, 400)
    try:
        # The hash ends the transaction: the invitation is looked at anew.
        password_hash = hash_aside(form.password.data, form.username.data)
        invitation = invitations.get_invitation_by_token(token)
        invitations.register_member(
            invitation=invitation,
            username=form.username.data,
            display_name=form.display_name.data,
            password_hash=password_hash,
        )
    except InvalidInput as error:
        db.session.rollback()
        show_wrongs(form, error)
        return _join_page(token, invitations.get_invitation_by_token(token), form, 400)
    db.session.commit()
    flash(gettext("账号已开好，等签署人批准后就能办事。现在可以登录。"), "ok")
    return redirect(url_for("accounts.sign_in"), 303)


@bp.post("/join/<token>/accept")
@requires(Permission.MEMBERSHIP_JOIN)
def join_with_account(token: str) -> Answer:
    """Accept an invitation's link with the account that is signed in."""
    return _accept(invitations.get_invitation_by_token(token))


def _accept(invitation: Invitation) -> Response:
    actor = current_actor()
    user = get_user(cast(int, actor.user_id))
    invitations.accept_invitation(actor=actor, user=user, invitation=invitation)
    db.session.commit()
    flash(gettext("已接受邀请，等签署人批准。"), "ok")
    return redirect(url_for("organisations.own_memberships"), 303)


def _leave_page(organisation_id: int, form: EndForm | None) -> str:
    actor = current_actor()
    membership = get_membership(organisation_id, cast(int, actor.user_id))
    form = form or EndForm(formdata=None, version=str(membership.version))
    form.offer(list_successors(membership))
    return render_template(
        "organisations/leave.html",
        membership=membership,
        form=form,
        open_items=list_open_items(organisation_id) if membership.is_live else [],
    )


def _join_page(token: str, invitation: Invitation, form: JoinForm, status: int) -> Response:
    actor = current_actor()
    page = make_response(
        render_template(
            "organisations/join.html",
            token=token,
            invitation=invitation,
            form=form,
            may_accept=actor.is_signed_in and role_holds(actor, Permission.MEMBERSHIP_JOIN),
        )
    )
    page.status_code = status
    page.headers["Cache-Control"] = "no-store"
    # The address is the secret: other requests of this page name only the site.
    page.headers["Referrer-Policy"] = "strict-origin"
    return page
