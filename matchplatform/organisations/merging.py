"""Merge a duplicate record into the one that stays: people and claims move, the link is kept."""

from collections.abc import Callable

from matchplatform.access.actor import Actor
from matchplatform.access.policy import Permission, check, permits
from matchplatform.audit.services import record
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Conflict, InvalidInput, StaleVersion
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.i18n import mark
from matchplatform.kernel.reasons import clean_reason
from matchplatform.notifications.services import tell
from matchplatform.organisations.certificates import (
    find_certificate,
    lock_organisation,
)
from matchplatform.organisations.invitations import list_open_invitations
from matchplatform.organisations.membership_states import MEMBERSHIP_WORKFLOW, MembershipAction
from matchplatform.organisations.models import Membership, Organisation
from matchplatform.organisations.names import find_waiting_change
from matchplatform.organisations.paper_states import PAPER_WORKFLOW, PaperAction, PaperState
from matchplatform.organisations.queries import find_by_uscc, list_member_ids
from matchplatform.organisations.states import WORKFLOW, OrganisationAction

# Moves from one organisation to another what a floor above keeps; a Conflict stops the merging.
Mover = Callable[[Organisation, Organisation, str], None]

_movers: list[Mover] = []


def configure(*movers: Mover) -> None:
    """Name the floors above that keep things of organisations; called inside the transaction."""
    _movers[:] = movers


def get_target(actor: Actor, uscc: str) -> Organisation:
    """Return the record with this code, among those that the actor verifies.

    Raises:
        InvalidInput: there is none.
    """
    found = find_by_uscc("".join(uscc.split()).upper())
    if found is None or not permits(actor, Permission.ORGANISATION_VERIFY, found):
        raise InvalidInput(fields={"uscc": _("在本地登记的组织里没有这个代码。")})
    return found


def merge_organisation(
    *, actor: Actor, source: Organisation, target: Organisation, version: int, reason: str
) -> Organisation:
    """Close ``source`` as a duplicate of ``target``; its people and its claims go there.

    Raises:
        Conflict: both have an undecided claim on one project, or ``target`` cannot take any.
    """
    for each in (source, target):
        check(actor, Permission.ORGANISATION_VERIFY, each)
    if source.id == target.id:
        raise InvalidInput(fields={"uscc": _("这就是这一份自己的代码。")})
    for each in sorted((source, target), key=lambda each: each.id):
        lock_organisation(each)
    if source.version != version:
        raise StaleVersion()
    status = WORKFLOW.after(source.status, OrganisationAction.MERGE)
    if not target.is_verified:
        raise Conflict(_("要保留的那一份没有通过核验，或已被暂停、注销，不能并入。"))
    reason = clean_reason(reason)
    for move in _movers:
        move(source, target, reason)
    told = list_member_ids(source.id)
    _move_members(source, target, reason)
    _close_papers(source)
    source.status = status
    source.merged_into_id = target.id
    source.standing_reason = reason
    source.standing_since = clock.now()
    db.session.flush()
    tell(
        {*told, *list_member_ids(target.id)},
        mark(
            "%(name)s（%(code)s）是重复登记，已并入 %(target)s，经办人和认领都移过去了：%(reason)s"
        ),
        "/my",
        name=source.name,
        code=source.uscc,
        target=target.name,
        reason=reason,
    )
    for subject in (source, target):
        _record(actor, subject, source, target, reason)
    return source


def _move_members(source: Organisation, target: Organisation, reason: str) -> None:
    there = {row.user_id: row for row in target.memberships}
    for row in list(source.memberships):
        if not row.is_live:
            continue
        known = there.get(row.user_id)
        if known is None:
            db.session.add(
                Membership(
                    organisation_id=target.id,
                    user_id=row.user_id,
                    status=row.status,
                    is_signer=row.is_signer,
                    since=clock.today(),
                    expires_on=row.expires_on,
                    invited_by_id=row.invited_by_id,
                )
            )
        elif known.is_live:
            known.is_signer = known.is_signer or row.is_signer
        # Who was shown the door at the record that stays does not come back through the other.
        row.status = MEMBERSHIP_WORKFLOW.after(row.status, MembershipAction.REVOKE)
        row.ended_on = clock.today()
        row.end_reason = reason


def _close_papers(source: Organisation) -> None:
    for invitation in list_open_invitations(source.id):
        invitation.cancelled_at = clock.now()
    for paper in (
        find_certificate(source.id, PaperState.PENDING),
        find_waiting_change(source.id),
    ):
        if paper is not None:
            paper.status = PAPER_WORKFLOW.after(paper.status, PaperAction.REPLACE)
            paper.decided_at = clock.now()


def _record(
    actor: Actor, subject: Organisation, source: Organisation, target: Organisation, reason: str
) -> None:
    record(
        actor=actor,
        action="organisation.merge",
        subject_type="organisation",
        subject_id=subject.id,
        subject_label=subject.name,
        region_code=subject.registration_region,
        reason=reason,
        detail={"merged": source.id, "code": source.uscc, "into": target.id},
    )
