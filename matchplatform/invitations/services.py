"""Verbs: invite an organisation to claim, answer, withdraw. None of them holds anything."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from sqlalchemy.exc import IntegrityError

from matchplatform.access.actor import Actor
from matchplatform.access.policy import Permission, check
from matchplatform.accounts.queries import list_deciding_officer_ids
from matchplatform.audit.services import record
from matchplatform.claims.checks import accepts_claims
from matchplatform.claims.locks import lock_organisations
from matchplatform.invitations.models import LONGEST_WORDS, ProjectInvitation
from matchplatform.invitations.queries import find_latest, list_claims_on, list_open_on
from matchplatform.invitations.states import WORKFLOW, InvitationAction, InvitationState
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Conflict, InvalidInput, StaleVersion
from matchplatform.kernel.i18n import Words, mark
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.identity import holds_id_number
from matchplatform.kernel.reasons import ID_NUMBER, clean_reason
from matchplatform.kernel.text import tidy
from matchplatform.notifications.services import tell
from matchplatform.offers.models import SupplyOffer
from matchplatform.organisations.models import Organisation
from matchplatform.organisations.queries import list_member_ids
from matchplatform.projects.models import Project, ProjectLine

ANSWER_DAYS = timedelta(days=14)
MOST_OPEN = 10
LONGEST_REASON, MOST_REASONS = 120, 8


def invite_organisation(
    *,
    actor: Actor,
    project: Project,
    organisation: Organisation,
    words: str,
    reasons: Sequence[str] = (),
    line: ProjectLine | None = None,
    offer: SupplyOffer | None = None,
) -> ProjectInvitation:
    """Ask an organisation to claim a project, or a line of it, and to answer within 14 days.

    ``reasons`` are kept as they stood beside the organisation; ``offer`` is the one that the
    officer answers to.

    Raises:
        InvalidInput: the message is too long.
        Conflict: the project takes no claims, the organisation may make none, it holds or was
            asked already, or the project has enough open invitations.
    """
    invitation = add_invitation(
        actor=actor,
        project=project,
        organisation=organisation,
        words=words,
        reasons=reasons,
        line=line,
        offer=offer,
    )
    announce_invitation(actor=actor, invitation=invitation)
    return invitation


def add_invitation(
    *,
    actor: Actor,
    project: Project,
    organisation: Organisation,
    words: str,
    reasons: Sequence[str] = (),
    line: ProjectLine | None = None,
    offer: SupplyOffer | None = None,
) -> ProjectInvitation:
    """Make the invitation without its notice and its link of the trail.

    Whoever makes several announces them when the last is made: the trail's head is locked last.
    """
    check(actor, Permission.ORGANISATION_INVITE, project)
    said = _clean_words(words)
    lock_for_inviting([organisation.id], project)
    problem = why_not_invite(organisation, project, line, offer)
    if problem is not None:
        raise Conflict(problem)
    now = clock.now()
    earlier = find_latest(project.id).get(organisation.id)
    if earlier is not None and earlier.has_lapsed:
        earlier.status = WORKFLOW.after(earlier.status, InvitationAction.LAPSE)
        earlier.ended_at = now
        db.session.flush()
    last_day = clock.today() + ANSWER_DAYS
    invitation = ProjectInvitation(
        project=project,
        organisation=organisation,
        line=line,
        offer=offer,
        invited_by_id=actor.user_id,
        invited_by_label=actor.label[:120],
        invited_from=actor.region_prefix,
        words=said,
        reasons=[reason[:LONGEST_REASON] for reason in reasons[:MOST_REASONS]],
        status=InvitationState.SENT,
        answer="",
        ended_reason="",
        invited_at=now,
        answer_by=clock.end_of_day(min(last_day, project.claim_deadline or last_day)),
    )
    try:
        with db.session.begin_nested():
            db.session.add(invitation)
    except IntegrityError as error:
        raise Conflict(_("刚刚有人邀请过这家社会组织，请刷新看看。")) from error
    return invitation


def announce_invitation(*, actor: Actor, invitation: ProjectInvitation) -> None:
    """Tell the organisation's agents of an invitation, and write it into the trail."""
    tell(
        list_member_ids(invitation.organisation_id),
        mark("%(unit)s邀请贵会认领“%(name)s”，请在 %(day)s 24:00 前答复。"),
        f"/my/invitations/{invitation.id}",
        unit=invitation.inviting_unit,
        name=invitation.project.name,
        day=f"{invitation.last_day:%Y-%m-%d}",
    )
    _record(actor, "invitation.send", invitation, invitation.words)


def answer_invitation(
    *, actor: Actor, invitation: ProjectInvitation, version: int, interested: bool, words: str
) -> ProjectInvitation:
    """Answer for the organisation, once and in time; who declines says why.

    Raises:
        Conflict: the days have passed, or the project takes no claims any more.
        StaleVersion: it was withdrawn, or somebody of the organisation was quicker.
    """
    check(actor, Permission.INVITATION_ANSWER, invitation)
    _lock_current(invitation, version)
    action = InvitationAction.SHOW_INTEREST if interested else InvitationAction.DECLINE
    status = WORKFLOW.after(invitation.status, action)
    if invitation.has_lapsed:
        raise Conflict(_("答复的期限已经过了。还想认领的，可以直接到项目页认领。"))
    if interested and not accepts_claims(invitation.project):
        raise Conflict(_("这个项目现在不接受认领了，可以谢绝，或者不答复。"))
    invitation.answer = clean_reason(words, needed=not interested, field="words")
    invitation.status = status
    invitation.answered_at = clock.now()
    _tell_officers(
        invitation,
        mark("%(organisation)s 对“%(name)s”有意向。%(answer)s")
        if interested
        else mark("%(organisation)s 谢绝了认领“%(name)s”的邀请：%(answer)s"),
    )
    name = "invitation.interested" if interested else "invitation.decline"
    _record(actor, name, invitation, invitation.answer)
    return invitation


def withdraw_invitation(
    *, actor: Actor, invitation: ProjectInvitation, version: int, reason: str
) -> ProjectInvitation:
    """Take an invitation back, for a reason that the organisation reads.

    Raises:
        Conflict: it was declined or has lapsed, so that there is nothing to take back.
        StaleVersion: it was answered meanwhile.
    """
    check(actor, Permission.ORGANISATION_INVITE, invitation)
    _lock_current(invitation, version)
    status = WORKFLOW.after(invitation.status, InvitationAction.WITHDRAW)
    if invitation.has_lapsed:
        raise Conflict(_("对方没有在期限内答复，这份邀请已经失效，不用收回。"))
    invitation.ended_reason = clean_reason(reason)
    invitation.status = status
    invitation.ended_at = clock.now()
    tell(
        list_member_ids(invitation.organisation_id),
        mark("%(unit)s收回了认领“%(name)s”的邀请：%(reason)s"),
        f"/my/invitations/{invitation.id}",
        unit=invitation.inviting_unit,
        name=invitation.project.name,
        reason=invitation.ended_reason,
    )
    _record(actor, "invitation.withdraw", invitation, invitation.ended_reason)
    return invitation


def lock_for_inviting(organisation_ids: Iterable[int], project: Project) -> None:
    """Let rulings on the organisations, and other invitations to the project, wait for this one.

    The project's lock leaves claims alone: they only need the project to stay where it is.
    """
    lock_organisations(organisation_ids)
    db.session.refresh(project, with_for_update={"key_share": True, "of": Project})


def why_not_invite(
    organisation: Organisation,
    project: Project,
    line: ProjectLine | None = None,
    offer: SupplyOffer | None = None,
) -> Words | None:
    """Say what stands against inviting an organisation to a project, or None."""
    if not accepts_claims(project):
        return _("这个项目现在不接受认领，不能邀请。")
    if line is not None and line.project_id != project.id:
        return _("这个条目不属于这个项目。")
    if not organisation.may_claim:
        return _(
            "%(name)s 现在不能认领：%(why)s。",
            name=organisation.name,
            why=organisation.trouble or _("还没有通过核验"),
        )
    if offer is not None and offer.organisation_id != organisation.id:
        return _("这份供给意向不是这家社会组织的。")
    if offer is not None and offer.hindrance is not None:
        return offer.hindrance
    if any(organisation.id in claim.active_ids for claim in list_claims_on(project.id)):
        return _("%(name)s 在这个项目上已有在办的认领，不用邀请。", name=organisation.name)
    already = list_open_on(project.id)
    if any(each.organisation_id == organisation.id for each in already):
        return _("%(name)s 已经邀请过，邀请还有效，不用再邀请。", name=organisation.name)
    if len(already) >= MOST_OPEN:
        return _("这个项目已有 %(most)s 份邀请还有效，等有了答复或收回几份再邀请。", most=MOST_OPEN)
    return None


def _clean_words(typed: str) -> str:
    words = tidy(typed)
    if len(words) > LONGEST_WORDS:
        raise InvalidInput(fields={"words": _("最多 %(count)s 个字。", count=LONGEST_WORDS)})
    if holds_id_number(words):
        raise InvalidInput(fields={"words": ID_NUMBER})
    return words


def _lock_current(invitation: ProjectInvitation, version: int) -> None:
    db.session.refresh(invitation, with_for_update={"of": ProjectInvitation})
    if invitation.version != version:
        raise StaleVersion()


def _tell_officers(invitation: ProjectInvitation, template: str) -> None:
    county = invitation.region_code
    tell(
        [
            invitation.invited_by_id,
            *list_deciding_officer_ids(county),
        ],
        template,
        f"/desk/invitations/{invitation.id}",
        organisation=invitation.organisation.name,
        name=invitation.project.name,
        answer=invitation.answer,
    )


def _record(actor: Actor, action: str, invitation: ProjectInvitation, reason: str) -> None:
    record(
        actor=actor,
        action=action,
        subject_type="invitation",
        subject_id=invitation.id,
        subject_label=f"{invitation.organisation.name} · {invitation.project.name}",
        region_code=invitation.region_code,
        reason=reason,
        detail={
            "project": invitation.project.number,
            "organisation": invitation.organisation_id,
            "offer": invitation.offer_id,
        },
    )
