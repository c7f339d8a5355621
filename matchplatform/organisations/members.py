"""A signer's pages: who acts for the organisation, invite, approve, change, revoke, leave."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from matchplatform.access.current import current_actor
from matchplatform.access.forms import show_wrongs
from matchplatform.access.guards import requires
from matchplatform.access.policy import Permission, permits
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Conflict, InvalidInput, NotFound
from matchplatform.kernel.i18n import gettext
from matchplatform.organisations import invitations, memberships
from matchplatform.organisations.handover import (
    list_handovers,
    list_open_items,
    list_successors,
)
from matchplatform.organisations.member_forms import (
    ChangeForm,
    EndForm,
    InviteForm,
    InviteLinkForm,
)
from matchplatform.organisations.membership_queries import get_membership, list_all_members
from matchplatform.organisations.membership_states import (
    MEMBERSHIP_WORDS,
    MEMBERSHIP_WORKFLOW,
    MembershipAction,
)
from matchplatform.organisations.models import Membership, Organisation
from matchplatform.organisations.queries import find_own_organisation
from matchplatform.organisations.review import bp

Answer = str | Response | tuple[str, int]


@bp.get("/my/members")
@requires(Permission.ORGANISATION_EDIT)
def members() -> str:
    """List who acts for the organisation, who was invited, and what changed hands."""
    return _list_page(InviteForm(formdata=None), InviteLinkForm(formdata=None))


@bp.post("/my/members/invite")
@requires(Permission.MEMBERSHIP_MANAGE)
def invite() -> Answer:
    """Invite somebody who has an account."""
    form, link_form = InviteForm(), InviteLinkForm(formdata=None)
    if not form.validate():
        return _list_page(form, link_form), 400
    try:
        invitations.invite_user(
            actor=current_actor(),
            organisation=_own(),
            name=form.name.data,
            username=form.username.data,
            as_signer=form.as_signer.data,
            until=form.until.data,
        )
    except InvalidInput as error:
        db.session.rollback()
        show_wrongs(form, error)
        return _list_page(form, link_form), 400
    except Conflict as error:
        db.session.rollback()
        form.form_errors = [str(error.words)]
        return _list_page(form, link_form), 409
    db.session.commit()
    flash(gettext("邀请已发出，对方登录后在通知里能看到。"), "ok")
    return redirect(url_for("organisations.members"), 303)


@bp.post("/my/members/invite-link")
@requires(Permission.MEMBERSHIP_MANAGE)
def invite_link() -> Answer:
    """Issue a one-time link for somebody without an account and show it, this once."""
    form = InviteLinkForm()
    if not form.validate():
        return _list_page(InviteForm(formdata=None), form), 400
    organisation = _own()
    try:
        token = invitations.issue_invitation_link(
            actor=current_actor(),
            organisation=organisation,
            name=form.link_name.data,
            as_signer=form.as_signer.data,
            until=form.until.data,
        )
    except InvalidInput as error:
        db.session.rollback()
        show_wrongs(form, error)
        return _list_page(InviteForm(formdata=None), form), 400
    db.session.commit()
    url = url_for("organisations.join", token=token, _external=True)
    return render_template(
        "organisations/invitation_issued.html", name=form.link_name.data, url=url
    )


@bp.post("/my/members/invitations/<int:invitation_id>/cancel")
@requires(Permission.MEMBERSHIP_MANAGE)
def cancel_invitation(invitation_id: int) -> Answer:
    """Take an invitation back."""
    invitation = invitations.get_sent_invitation(_own(), invitation_id)
    invitations.cancel_invitation(actor=current_actor(), invitation=invitation)
    db.session.commit()
    flash(gettext("邀请已取消。"), "ok")
    return redirect(url_for("organisations.members"), 303)


@bp.get("/my/members/<int:user_id>")
@requires(Permission.ORGANISATION_EDIT)
def member(user_id: int) -> str:
    """Show one member and what can be done."""
    return _member_page(_membership(user_id))


@bp.post("/my/members/<int:user_id>/approve")
@requires(Permission.MEMBERSHIP_MANAGE)
def approve_member(user_id: int) -> Answer:
    """Let somebody who accepted an invitation act for the organisation."""
    form = EndForm()
    membership = memberships.approve_membership(
        actor=current_actor(), membership=_membership(user_id), version=form.version_number
    )
    return _done(gettext("%(name)s 可以办事了。", name=membership.user.display_name))


@bp.post("/my/members/<int:user_id>/decline")
@requires(Permission.MEMBERSHIP_MANAGE)
def decline_member(user_id: int) -> Answer:
    """Turn somebody down."""
    form = EndForm()
    if not form.validate():
        return _member_page(_membership(user_id), end=form), 400
    try:
        membership = memberships.decline_membership(
            actor=current_actor(),
            membership=_membership(user_id),
            version=form.version_number,
            reason=form.reason.data or "",
        )
    except InvalidInput as error:
        return _again(user_id, form, error)
    return _done(gettext("没有批准 %(name)s 加入，已通知本人。", name=membership.user.display_name))


@bp.post("/my/members/<int:user_id>/change")
@requires(Permission.MEMBERSHIP_MANAGE)
def change_member(user_id: int) -> Answer:
    """Make a member agent or signer, set or lift the last day."""
    form = ChangeForm()
    if not form.validate():
        return _member_page(_membership(user_id), change=form), 400
    try:
        membership = memberships.change_membership(
            actor=current_actor(),
            membership=_membership(user_id),
            version=form.version_number,
            is_signer=form.as_signer.data,
            expires_on=form.until.data,
        )
    except InvalidInput as error:
        db.session.rollback()
        show_wrongs(form, error)
        return _member_page(_membership(user_id), change=form), 400
    return _done(gettext("%(name)s 的权限和任期已更新。", name=membership.user.display_name))


@bp.post("/my/members/<int:user_id>/revoke")
@requires(Permission.MEMBERSHIP_MANAGE)
def revoke_member(user_id: int) -> Answer:
    """Take somebody off; what is open goes on with somebody else."""
    form = EndForm()
    if not form.validate():
        return _member_page(_membership(user_id), end=form), 400
    try:
        membership = memberships.revoke_membership(
            actor=current_actor(),
            membership=_membership(user_id),
            version=form.version_number,
            reason=form.reason.data or "",
            successor_id=form.successor.data,
        )
    except InvalidInput as error:
        return _again(user_id, form, error)
    return _done(gettext("已撤销 %(name)s 的经办资格。", name=membership.user.display_name))


def _own() -> Organisation:
    organisation = find_own_organisation(current_actor())
    if organisation is None:
        raise NotFound()
    return organisation


def _membership(user_id: int) -> Membership:
    return get_membership(_own().id, user_id)


def _done(words: str) -> Response:
    db.session.commit()
    flash(words, "ok")
    return redirect(url_for("organisations.members"), 303)


def _again(user_id: int, form: EndForm, error: InvalidInput) -> Answer:
    db.session.rollback()
    show_wrongs(form, error)
    return _member_page(_membership(user_id), end=form), 400


def _list_page(form: InviteForm, link_form: InviteLinkForm) -> str:
    organisation = _own()
    return render_template(
        "organisations/members.html",
        organisation=organisation,
        members=list_all_members(organisation.id),
        invitations=invitations.list_open_invitations(organisation.id),
        handovers=list_handovers(organisation.id),
        form=form,
        link_form=link_form,
        words=MEMBERSHIP_WORDS,
    )


def _member_page(
    membership: Membership, change: ChangeForm | None = None, end: EndForm | None = None
) -> str:
    actor = current_actor()
    end = end or EndForm(formdata=None, version=str(membership.version))
    end.offer(list_successors(membership))
    allowed = {
        str(action): MEMBERSHIP_WORKFLOW.allows(membership.standing, action)
        for action in MembershipAction
    }
    oneself = membership.user_id == actor.user_id
    return render_template(
        "organisations/member.html",
        membership=membership,
        manages=permits(actor, Permission.MEMBERSHIP_MANAGE, membership),
        oneself=oneself,
        allowed=allowed,
        change_form=change
        or ChangeForm(
            formdata=None,
            as_signer=membership.is_signer,
            until=membership.expires_on,
            version=str(membership.version),
        ),
        end_form=end,
        open_items=list_open_items(membership.organisation_id),
        words=MEMBERSHIP_WORDS,
    )
