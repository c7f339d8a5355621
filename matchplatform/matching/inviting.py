"""The verb of inviting from the list of candidates, one or several, with the reasons shown."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from matchplatform.access.actor import Actor
from matchplatform.access.policy import Permission, check
from matchplatform.invitations.models import ProjectInvitation
from matchplatform.invitations.services import (
    MOST_OPEN,
    add_invitation,
    announce_invitation,
    lock_for_inviting,
)
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Conflict, InvalidInput
from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.matching.candidates import find_candidates
from matchplatform.matching.saying import say_reasons
from matchplatform.organisations.models import Organisation
from matchplatform.projects.models import Project


@dataclass(frozen=True)
class Sent:
    """What came of inviting several: who was, and for whom it could not be done and why."""

    invitations: list[ProjectInvitation]
    refused: list[Words]


def invite_several(
    *, actor: Actor, project: Project, organisation_ids: Sequence[int], words: str
) -> Sent:
    """Invite each of these organisations that can be; the others are told with why not.

    Raises:
        InvalidInput: none or too many are named, or one that is not there.
        Conflict: not one of them could be invited.
    """
    check(actor, Permission.ORGANISATION_INVITE, project)
    organisations = _load(organisation_ids)
    found = find_candidates(actor, project, organisation_ids)
    lock_for_inviting([each.id for each in organisations], project)
    sent = Sent([], [])
    for organisation in organisations:
        reasons = say_reasons(found[organisation.id], project) if organisation.id in found else []
        try:
            with db.session.begin_nested():
                invitation = add_invitation(
                    actor=actor,
                    project=project,
                    organisation=organisation,
                    words=words,
                    reasons=[str(reason) for reason in reasons],
                )
        except Conflict as error:
            sent.refused.append(error.words)
        else:
            sent.invitations.append(invitation)
    if not sent.invitations:
        raise Conflict(" ".join(dict.fromkeys(str(reason) for reason in sent.refused)))
    for invitation in sent.invitations:
        announce_invitation(actor=actor, invitation=invitation)
    return sent


def _load(organisation_ids: Sequence[int]) -> list[Organisation]:
    wanted = set(organisation_ids)
    if not wanted:
        raise InvalidInput(fields={"organisation": _("请至少选一家社会组织。")})
    if len(wanted) > MOST_OPEN:
        raise InvalidInput(fields={"organisation": _("一次最多邀请 %(most)s 家。", most=MOST_OPEN)})
    found = db.session.scalars(
        select(Organisation)
        .where(Organisation.id.in_(wanted), Organisation.verified_at.is_not(None))
        .order_by(Organisation.id)
    ).all()
    if len(found) != len(wanted):
        raise InvalidInput(
            fields={"organisation": _("选中的社会组织里有找不到的，请刷新页面后重选。")}
        )
    return list(found)
