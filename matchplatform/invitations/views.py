"""Invitations in the browser: an organisation reads and answers, officers follow and take back."""

from flask import Blueprint, render_template, request, url_for

from matchplatform.access.actor import Actor
from matchplatform.access.answers import Answer, done_once, said_by
from matchplatform.access.current import current_actor
from matchplatform.access.guards import requires
from matchplatform.access.policy import Permission, permits
from matchplatform.audit.actions import tell_history
from matchplatform.audit.queries import list_history
from matchplatform.claims.checks import accepts_claims
from matchplatform.invitations import queries, services
from matchplatform.invitations.states import SHOWN_WORDS, WORKFLOW, InvitationAction, Shown
from matchplatform.kernel.errors import DomainError, KeyReused
from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.paging import page_number, read_version

bp = Blueprint("invitations", __name__)


@bp.get("/my/invitations")
@requires(Permission.INVITATION_ANSWER)
def mine() -> Answer:
    """List what one's organisation was asked, what waits for an answer first."""
    actor = current_actor()
    return render_template(
        "invitations/mine.html",
        page=queries.list_own(actor, page_number(request.args.get("page"))),
        waiting=queries.count_own_waiting(actor),
    )


@bp.get("/my/invitations/<int:invitation_id>")
@requires(Permission.INVITATION_ANSWER)
def mine_one(invitation_id: int) -> Answer:
    """Show an invitation with the form to answer it."""
    return _own_page(current_actor(), invitation_id)


@bp.post("/my/invitations/<int:invitation_id>/answer/<any(interested,declined):step>")
@requires(Permission.INVITATION_ANSWER)
def answer(invitation_id: int, step: str) -> Answer:
    """Answer for one's organisation; interest leads on to the project's claim page."""
    actor = current_actor()
    invitation = queries.get_own_invitation(actor, invitation_id)
    interested = step == "interested"
    words = request.form.get("words", "")

    def answer_it() -> str:
        services.answer_invitation(
            actor=actor,
            invitation=invitation,
            version=read_version(request.form.get("version")),
            interested=interested,
            words=words,
        )
        if interested:
            return url_for("claims.start", number=invitation.project.number)
        return url_for("invitations.mine")

    def again(error: DomainError) -> Answer:
        said, status = said_by(error)
        earlier = error.answer if isinstance(error, KeyReused) else ""
        return _own_page(actor, invitation_id, step, words, said, earlier), status

    said = (
        _("已告诉邀请的民政部门。有意向还不占数量，要在这里填好数量，认领才算数。")
        if interested
        else _("已告诉邀请的民政部门，谢谢答复。")
    )
    return done_once(actor, answer_it, again, said)


@bp.get("/desk/invitations")
@requires(Permission.INVITATION_READ)
def desk_list() -> Answer:
    """List the invitations to projects of the officer's region, with their answers."""
    actor = current_actor()
    shown = read_shown()
    return render_template(
        "invitations/desk_list.html",
        page=queries.list_for_desk(actor, shown, page_number(request.args.get("page"))),
        shown=shown,
        counts=queries.count_for_desk(actor),
        words=SHOWN_WORDS,
    )


@bp.get("/desk/invitations/<int:invitation_id>")
@requires(Permission.INVITATION_READ)
def desk_one(invitation_id: int) -> Answer:
    """Show one invitation: why, what was said, what came of it."""
    return _desk_page(current_actor(), invitation_id)


@bp.post("/desk/invitations/<int:invitation_id>/withdraw")
@requires(Permission.ORGANISATION_INVITE)
def withdraw(invitation_id: int) -> Answer:
    """Take an invitation back."""
    actor = current_actor()
    invitation = queries.get_invitation(actor, invitation_id)
    words = request.form.get("words", "")

    def withdraw_it() -> str:
        services.withdraw_invitation(
            actor=actor,
            invitation=invitation,
            version=read_version(request.form.get("version")),
            reason=words,
        )
        return url_for("invitations.desk_one", invitation_id=invitation_id)

    def again(error: DomainError) -> Answer:
        said, status = said_by(error)
        earlier = error.answer if isinstance(error, KeyReused) else ""
        return _desk_page(actor, invitation_id, "withdraw", words, said, earlier), status

    return done_once(actor, withdraw_it, again, _("已收回，已通知对方。"))


def read_shown() -> Shown | None:
    """Read which invitations a list is asked for; anything odd is all of them."""
    wanted = request.args.get("state", "")
    return Shown(wanted) if wanted in set(Shown) else None


def _own_page(
    actor: Actor,
    invitation_id: int,
    tried: str = "",
    typed: str = "",
    problem: Words | None = None,
    earlier: str = "",
) -> str:
    invitation = queries.get_own_invitation(actor, invitation_id)
    return render_template(
        "invitations/mine_one.html",
        invitation=invitation,
        claim=queries.find_claim_since(invitation),
        is_open=accepts_claims(invitation.project),
        tried=tried,
        typed=typed,
        problem=problem,
        earlier=earlier,
    )


def _desk_page(
    actor: Actor,
    invitation_id: int,
    tried: str = "",
    typed: str = "",
    problem: Words | None = None,
    earlier: str = "",
) -> str:
    invitation = queries.get_invitation(actor, invitation_id)
    return render_template(
        "invitations/desk_one.html",
        invitation=invitation,
        claim=queries.find_claim_since(invitation),
        story=tell_history(list_history("invitation", invitation.id)),
        may_withdraw=permits(actor, Permission.ORGANISATION_INVITE, invitation)
        and WORKFLOW.allows(invitation.standing, InvitationAction.WITHDRAW),
        tried=tried,
        typed=typed,
        problem=problem,
        earlier=earlier,
    )
