"""Verbs of memberships: approve, decline, change, revoke, leave."""

from datetime import date

from sqlalchemy import func, select

from matchplatform.access.actor import Actor
from matchplatform.access.policy import Permission, check
from matchplatform.accounts.models import User
from matchplatform.audit.services import record
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Conflict, InvalidInput, StaleVersion
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.i18n import mark
from matchplatform.kernel.text import tidy
from matchplatform.notifications.services import tell
from matchplatform.organisations.handover import hand_over
from matchplatform.organisations.membership_queries import list_signer_ids
from matchplatform.organisations.membership_states import MEMBERSHIP_WORKFLOW as WORKFLOW
from matchplatform.organisations.membership_states import MembershipAction, MembershipState
from matchplatform.organisations.models import Membership, Organisation

MEMBERS_PAGE = "/my/members"
OWN_PAGE = "/my/memberships"
SHORTEST_REASON = 2


def approve_membership(*, actor: Actor, membership: Membership, version: int) -> Membership:
    """Let somebody act for the organisation, now that a signer has made sure who they are."""
    _check(actor, membership, version)
    membership.status = WORKFLOW.after(membership.standing, MembershipAction.APPROVE)
    membership.since = clock.today()
    tell(
        [membership.user_id],
        mark("您加入 %(name)s 已获批准，现在可以替它办事。"),
        "/my",
        name=membership.organisation.name,
    )
    record_membership(actor, "membership.approve", membership)
    return membership


def decline_membership(
    *, actor: Actor, membership: Membership, version: int, reason: str
) -> Membership:
    """Turn down somebody who asked to join, saying why."""
    _check(actor, membership, version)
    status = WORKFLOW.after(membership.standing, MembershipAction.DECLINE)
    _end(membership, status, _needed_reason(reason))
    tell(
        [membership.user_id],
        mark("您加入 %(name)s 没有获准：%(reason)s"),
        OWN_PAGE,
        name=membership.organisation.name,
        reason=membership.end_reason,
    )
    record_membership(actor, "membership.decline", membership, membership.end_reason)
    return membership


def change_membership(
    *,
    actor: Actor,
    membership: Membership,
    version: int,
    is_signer: bool,
    expires_on: date | None,
) -> Membership:
    """Make a member agent or signer, and set or lift the last day; this also renews."""
    _check(actor, membership, version)
    status = WORKFLOW.after(membership.standing, MembershipAction.CHANGE)
    if expires_on is not None and expires_on < clock.today():
        raise InvalidInput(fields={"expires_on": _("到期日不能早于今天；要马上停止，请用“撤销”。")})
    if not (is_signer and expires_on is None):
        _check_another_signer(membership)
    was = (membership.is_signer, membership.expires_on)
    membership.status = status
    membership.is_signer, membership.expires_on = is_signer, expires_on
    if was != (is_signer, expires_on):
        tell(
            [membership.user_id],
            mark("您在 %(name)s 的权限或任期有变动。"),
            OWN_PAGE,
            name=membership.organisation.name,
        )
    record_membership(actor, "membership.change", membership)
    return membership


def appoint_signer(*, actor: Actor, membership: Membership, reason: str) -> Membership:
    """Name a signer from outside, as the verifying officer, where none is left who could."""
    check(actor, Permission.ORGANISATION_VERIFY, membership.organisation)
    if list_signer_ids(membership.organisation_id):
        raise Conflict(_("组织还有在任的签署人，由他们自己变更。"))
    membership.status = WORKFLOW.after(membership.standing, MembershipAction.CHANGE)
    reason = _needed_reason(reason)
    membership.is_signer, membership.expires_on = True, None
    tell(
        [membership.user_id],
        mark("登记管理机关把您设为 %(name)s 的签署人。"),
        MEMBERS_PAGE,
        name=membership.organisation.name,
    )
    record_membership(actor, "membership.appoint", membership, reason)
    return membership


def revoke_membership(
    *,
    actor: Actor,
    membership: Membership,
    version: int,
    reason: str,
    successor_id: int | None,
) -> Membership:
    """Take somebody off, saying why; what is open goes on with the successor."""
    _check(actor, membership, version)
    if membership.user_id == actor.user_id:
        raise Conflict(_("撤销自己请用“退出组织”。"))
    status = WORKFLOW.after(membership.standing, MembershipAction.REVOKE)
    reason = _needed_reason(reason)
    _check_another_signer(membership)
    hand_over(actor=actor, membership=membership, successor_id=successor_id)
    _end(membership, status, reason)
    tell(
        [membership.user_id],
        mark("您在 %(name)s 的经办资格已撤销：%(reason)s"),
        OWN_PAGE,
        name=membership.organisation.name,
        reason=reason,
    )
    record_membership(actor, "membership.revoke", membership, reason)
    return membership


def leave_organisation(
    *, actor: Actor, membership: Membership, version: int, successor_id: int | None
) -> Membership:
    """Leave, after the last signer has handed over; what is open goes on with the successor."""
    check(actor, Permission.MEMBERSHIP_JOIN, membership)
    _check_version(membership, version)
    status = WORKFLOW.after(membership.standing, MembershipAction.LEAVE)
    if membership.is_live:
        _check_another_signer(membership)
        hand_over(actor=actor, membership=membership, successor_id=successor_id)
    _end(membership, status, str(_("本人退出")))
    tell(
        list_signer_ids(membership.organisation_id),
        mark("%(who)s 退出了 %(name)s。"),
        MEMBERS_PAGE,
        who=membership.user.display_name,
        name=membership.organisation.name,
    )
    record_membership(actor, "membership.leave", membership)
    return membership


def ask_to_join(
    *,
    actor: Actor,
    user: User,
    organisation: Organisation,
    as_signer: bool,
    until: date | None,
    invited_by_id: int,
) -> Membership:
    """Note that somebody accepted an invitation and waits for a signer; part of a verb."""
    membership = db.session.get(Membership, (organisation.id, user.id))
    if membership is None:
        membership = Membership(
            organisation_id=organisation.id, user_id=user.id, status=MembershipState.PENDING
        )
        membership.organisation, membership.user = organisation, user
        db.session.add(membership)
    else:
        membership.status = WORKFLOW.after(membership.standing, MembershipAction.ASK_AGAIN)
    check(actor, Permission.MEMBERSHIP_JOIN, membership)
    membership.is_signer, membership.expires_on = as_signer, until
    membership.since, membership.ended_on, membership.end_reason = clock.today(), None, ""
    membership.invited_by_id = invited_by_id
    db.session.flush()
    tell(
        list_signer_ids(organisation.id),
        mark("%(who)s 接受了加入 %(name)s 的邀请，等您批准。"),
        f"{MEMBERS_PAGE}/{user.id}",
        who=user.display_name,
        name=organisation.name,
    )
    record_membership(actor, "membership.ask", membership)
    return membership


def record_membership(actor: Actor, action: str, membership: Membership, reason: str = "") -> None:
    """Write a membership's change into the trail, under its organisation."""
    db.session.flush()
    record(
        actor=actor,
        action=action,
        subject_type="organisation",
        subject_id=membership.organisation_id,
        subject_label=membership.organisation.name,
        region_code=membership.organisation.registration_region,
        reason=reason,
        detail={
            "user": membership.user_id,
            "status": str(membership.status),
            "signer": membership.is_signer,
            "expires_on": str(membership.expires_on or ""),
        },
    )


def _check(actor: Actor, membership: Membership, version: int) -> None:
    check(actor, Permission.MEMBERSHIP_MANAGE, membership)
    _check_version(membership, version)


def _check_version(membership: Membership, version: int) -> None:
    if membership.version != version:
        raise StaleVersion()


def _check_another_signer(membership: Membership) -> None:
    """Keep one signer whose membership has no last day, so that no date can leave none."""
    # Two signers may leave at once: each waits here and then sees what the other did.
    db.session.execute(
        select(Organisation.id)
        .where(Organisation.id == membership.organisation_id)
        .with_for_update()
    )
    if not (membership.is_live and membership.is_signer):
        return
    others = db.session.scalar(
        select(func.count())
        .select_from(Membership)
        .join(User, User.id == Membership.user_id)
        .where(
            Membership.organisation_id == membership.organisation_id,
            Membership.user_id != membership.user_id,
            Membership.status == MembershipState.APPROVED,
            Membership.is_signer,
            Membership.expires_on.is_(None),
            User.is_active,
        )
    )
    if not others:
        raise Conflict(
            _("这是最后一位没有到期日的签署人。请先把另一位在任的人改为签署人，再办这一步。")
        )


def _end(membership: Membership, status: MembershipState, reason: str) -> None:
    membership.status = status
    membership.ended_on = clock.today()
    membership.end_reason = reason


def _needed_reason(reason: str) -> str:
    reason = tidy(reason)
    if len(reason) < SHORTEST_REASON:
        raise InvalidInput(fields={"reason": _("请写明原因，对方会看到。")})
    return reason
