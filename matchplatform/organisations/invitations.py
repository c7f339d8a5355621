"""Verbs of invitations: ask somebody to join, accept, decline, cancel."""

import secrets
from datetime import date, timedelta

from sqlalchemy import CursorResult, select, update

from matchplatform.access.actor import VISITOR, Actor, Role
from matchplatform.access.policy import Permission, check
from matchplatform.accounts.models import User
from matchplatform.accounts.queries import find_user
from matchplatform.accounts.services import add_user, hash_token
from matchplatform.audit.services import record
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Conflict, Hidden, InvalidInput, NotFound
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.i18n import mark
from matchplatform.kernel.text import fold, tidy
from matchplatform.notifications.services import tell
from matchplatform.organisations.membership_states import MEMBERSHIP_WORKFLOW, MembershipAction
from matchplatform.organisations.memberships import OWN_PAGE, ask_to_join
from matchplatform.organisations.models import Invitation, Membership, Organisation

LINK_LIFE = timedelta(days=7)


def invite_user(
    *,
    actor: Actor,
    organisation: Organisation,
    name: str,
    username: str,
    as_signer: bool,
    until: date | None,
) -> Invitation:
    """Invite somebody who has an agent's account; name and user name must both fit."""
    check(actor, Permission.MEMBERSHIP_MANAGE, organisation)
    _check_until(until)
    user = find_user(tidy(username).casefold())
    fits = user is not None and user.is_active and user.role is Role.AGENT
    if user is None or not fits or fold(user.display_name) != fold(name):
        raise InvalidInput(
            fields={"username": _("没有这个姓名和用户名的经办人账号。没有账号的，请改用邀请链接。")}
        )
    _check_can_join(organisation, user)
    if any(found.user_id == user.id for found in list_open_invitations(organisation.id)):
        raise Conflict(_("已经邀请过这个人，正等对方答复。"))
    invitation = _add(actor, organisation, user.display_name, as_signer, until)
    invitation.user_id = user.id
    tell(
        [user.id],
        mark("%(name)s 邀请您加入，替它办事。"),
        OWN_PAGE,
        name=organisation.name,
    )
    _record(actor, "membership.invite", invitation)
    return invitation


def issue_invitation_link(
    *, actor: Actor, organisation: Organisation, name: str, as_signer: bool, until: date | None
) -> str:
    """Invite somebody by a one-time link; return its token, which is shown only once."""
    check(actor, Permission.MEMBERSHIP_MANAGE, organisation)
    _check_until(until)
    if not tidy(name):
        raise InvalidInput(fields={"link_name": _("请填姓名，批准时好核对。")})
    token = secrets.token_urlsafe(32)
    invitation = _add(actor, organisation, tidy(name), as_signer, until)
    invitation.token_hash = hash_token(token)
    _record(actor, "membership.invite", invitation)
    return token


def get_invitation_by_token(token: str) -> Invitation:
    """Return the invitation behind a link while it can be accepted.

    Raises:
        NotFound: unknown, used, cancelled or expired; which of them is not told.
    """
    found = db.session.scalar(select(Invitation).where(Invitation.token_hash == hash_token(token)))
    if found is None or not found.is_open:
        raise NotFound(_("这个邀请链接已经用过、被取消或已过期，请向邀请您的人再要一个。"))
    return found


def get_own_invitation(actor: Actor, invitation_id: int) -> Invitation:
    """Return an invitation that was sent to the actor.

    Raises:
        NotFound: no such invitation.
        Hidden: somebody else's.
    """
    found = db.session.get(Invitation, invitation_id)
    if found is None:
        raise NotFound()
    if found.user_id is None or found.user_id != actor.user_id:
        raise Hidden()
    return found


def get_sent_invitation(organisation: Organisation, invitation_id: int) -> Invitation:
    """Return an invitation of an organisation while it waits for an answer.

    Raises:
        NotFound: no such invitation, or it waits no more.
        Hidden: another organisation's.
    """
    found = db.session.get(Invitation, invitation_id)
    if found is not None and found.organisation_id != organisation.id:
        raise Hidden()
    if found is None or not found.is_open:
        raise NotFound(_("这个邀请已经答复过、取消或过期。"))
    return found


def accept_invitation(*, actor: Actor, user: User, invitation: Invitation) -> Membership:
    """Accept an invitation with one's own account; a signer must still approve."""
    if invitation.user_id is not None:
        check(actor, Permission.MEMBERSHIP_JOIN, invitation)
    _check_can_join(invitation.organisation, user)
    _spend(invitation)
    return _join(actor, user, invitation)


def register_member(
    *, invitation: Invitation, username: str, display_name: str, password_hash: str
) -> Membership:
    """Open an agent's account by a link and ask to join with it."""
    if invitation.token_hash is None:
        raise NotFound()
    if find_user(tidy(username).casefold()) is not None:
        raise InvalidInput(fields={"username": _("这个用户名已经有人用了，请换一个。")})
    _spend(invitation)
    user = add_user(
        actor=VISITOR,
        username=username,
        display_name=display_name,
        role=Role.AGENT,
        password_hash=password_hash,
    )
    return _join(Actor(user.id, user.display_name, Role.AGENT), user, invitation)


def decline_invitation(*, actor: Actor, invitation: Invitation) -> Invitation:
    """Turn an invitation down."""
    check(actor, Permission.MEMBERSHIP_JOIN, invitation)
    _spend(invitation)
    tell(
        [invitation.invited_by_id],
        mark("%(who)s 没有接受加入 %(name)s 的邀请。"),
        "/my/members",
        who=invitation.name,
        name=invitation.organisation.name,
    )
    _record(actor, "membership.decline_invitation", invitation)
    return invitation


def cancel_invitation(*, actor: Actor, invitation: Invitation) -> Invitation:
    """Take an invitation back before it is accepted."""
    check(actor, Permission.MEMBERSHIP_MANAGE, invitation)
    if not invitation.is_open:
        raise Conflict(_("这个邀请已经答复过或已过期。"))
    invitation.cancelled_at = clock.now()
    _record(actor, "membership.cancel_invitation", invitation)
    return invitation


def list_open_invitations(organisation_id: int) -> list[Invitation]:
    """List the invitations of an organisation that wait for an answer, newest first."""
    return _list_open(Invitation.organisation_id == organisation_id)


def list_invitations_to(user_id: int) -> list[Invitation]:
    """List the invitations that wait for somebody's answer, newest first."""
    return _list_open(Invitation.user_id == user_id)


def _list_open(whose: object) -> list[Invitation]:
    return list(
        db.session.scalars(
            select(Invitation)
            .where(
                whose,  # type: ignore[arg-type]
                Invitation.used_at.is_(None),
                Invitation.cancelled_at.is_(None),
                Invitation.expires_at > clock.now(),
            )
            .order_by(Invitation.issued_at.desc(), Invitation.id.desc())
        )
    )


def _add(
    actor: Actor, organisation: Organisation, name: str, as_signer: bool, until: date | None
) -> Invitation:
    at = clock.now()
    invitation = Invitation(
        organisation=organisation,
        name=name[:60],
        as_signer=as_signer,
        member_until=until,
        invited_by_id=actor.user_id,
        issued_at=at,
        expires_at=at + LINK_LIFE,
    )
    db.session.add(invitation)
    return invitation


def _join(actor: Actor, user: User, invitation: Invitation) -> Membership:
    return ask_to_join(
        actor=actor,
        user=user,
        organisation=invitation.organisation,
        as_signer=invitation.as_signer,
        until=invitation.member_until,
        invited_by_id=invitation.invited_by_id,
    )


def _spend(invitation: Invitation) -> None:
    at = clock.now()
    spent = db.session.execute(
        update(Invitation)
        .where(
            Invitation.id == invitation.id,
            Invitation.used_at.is_(None),
            Invitation.cancelled_at.is_(None),
            Invitation.expires_at > at,
        )
        .values(used_at=at)
    )
    if not isinstance(spent, CursorResult) or spent.rowcount != 1:
        raise Conflict(_("这个邀请已经用过、被取消或已过期。"))


def _check_until(until: date | None) -> None:
    if until is not None and until < clock.today():
        raise InvalidInput(fields={"until": _("到期日不能早于今天。")})


def _check_can_join(organisation: Organisation, user: User) -> None:
    membership = db.session.get(Membership, (organisation.id, user.id))
    if membership is not None and not MEMBERSHIP_WORKFLOW.allows(
        membership.standing, MembershipAction.ASK_AGAIN
    ):
        raise Conflict(_("这个人已经在组织里，或正等着批准。"))


def _record(actor: Actor, action: str, invitation: Invitation) -> None:
    db.session.flush()
    record(
        actor=actor,
        action=action,
        subject_type="organisation",
        subject_id=invitation.organisation_id,
        subject_label=invitation.organisation.name,
        region_code=invitation.organisation.registration_region,
        detail={"invitation": invitation.id, "name": invitation.name},
    )
