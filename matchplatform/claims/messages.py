"""The verb of messages: those who hold a claim and the county write to each other."""

from datetime import timedelta

from sqlalchemy import func, select

from matchplatform.access.actor import Actor
from matchplatform.access.policy import Permission, check
from matchplatform.accounts.models import User
from matchplatform.accounts.queries import list_deciding_officer_ids
from matchplatform.claims.holds import record_claim
from matchplatform.claims.message_models import LONGEST_TEXT, ClaimMessage
from matchplatform.claims.models import Claim
from matchplatform.claims.threads import is_closed, url_of
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Conflict, InvalidInput, TooMany
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.i18n import mark
from matchplatform.kernel.identity import holds_id_number
from matchplatform.kernel.text import tidy
from matchplatform.notifications.queries import list_unread_at
from matchplatform.notifications.services import mark_read_at, tell
from matchplatform.organisations.queries import list_member_ids
from matchplatform.regions.divisions import unit_of_prefix

AN_HOUR = timedelta(hours=1)
MOST_AN_HOUR = 30


def write_message(*, actor: Actor, claim: Claim, text: str) -> ClaimMessage:
    """Write to the others on a claim, and tell them unless they have not opened the last notice.

    The claim itself stays as it was: a message moves neither the ten nor the sixty days in which
    something must happen, or a word a week would hold a project for ever.

    Raises:
        InvalidInput: empty, too long, or with somebody's ID number in it.
        Conflict: the claim ended too long ago.
        TooMany: thirty an hour are enough.
    """
    check(actor, Permission.CLAIM_MESSAGE, claim)
    _take_turn(actor, claim)
    if is_closed(claim):
        raise Conflict(_("这笔认领办结已满 90 天，不能再留言。有事请直接联系县民政局。"))
    text = _clean(text)
    _check_pace(actor)
    organisation_id = _side_of(actor, claim)
    message = ClaimMessage(
        claim_id=claim.id,
        author_id=actor.user_id,
        author_label=actor.label,
        unit=_unit_of(actor, claim, organisation_id),
        organisation_id=organisation_id,
        text=text,
        written_at=clock.now(),
    )
    db.session.add(message)
    _tell_others(actor, claim, message)
    # What was written is for the parties alone; the trail keeps who wrote on which claim.
    record_claim(actor, "claim.message", claim)
    return message


def _take_turn(actor: Actor, claim: Claim) -> None:
    # One writer at a time: the pace is counted by person, and a thread is told of once.
    for row in (
        select(User.id).where(User.id == actor.user_id),
        select(Claim.id).where(Claim.id == claim.id),
    ):
        db.session.execute(row.with_for_update(key_share=True))


def _clean(typed: str) -> str:
    text = tidy(typed)
    if not text:
        raise InvalidInput(fields={"text": _("请写上要说的话。")})
    if len(text) > LONGEST_TEXT:
        raise InvalidInput(
            fields={
                "text": _(
                    "留言最多 %(most)s 个字，现在有 %(count)s 个字。",
                    most=LONGEST_TEXT,
                    count=len(text),
                )
            }
        )
    if holds_id_number(text):
        raise InvalidInput(
            fields={
                "text": _(
                    "留言里有身份证号。留言会一直保存，各方都看得到，请把号码删掉再发；需要核对身份的，请打电话或当面核对。"
                )
            }
        )
    return text


def _check_pace(actor: Actor) -> None:
    written = db.session.scalar(
        select(func.count())
        .select_from(ClaimMessage)
        .where(
            ClaimMessage.author_id == actor.user_id,
            ClaimMessage.written_at > clock.now() - AN_HOUR,
        )
    )
    if (written or 0) >= MOST_AN_HOUR:
        raise TooMany(
            _(
                "您一小时里已经写了 %(most)s 条留言，请过一会儿再写。您刚才写的还在下面。",
                most=MOST_AN_HOUR,
            )
        )


def _side_of(actor: Actor, claim: Claim) -> int | None:
    return next((key for key in claim.active_ids if key in actor.organisation_ids), None)


def _unit_of(actor: Actor, claim: Claim, organisation_id: int | None) -> str:
    if organisation_id is None:
        return unit_of_prefix(actor.region_prefix)
    if organisation_id == claim.organisation_id:
        return claim.organisation.name
    return next(m.organisation.name for m in claim.members if m.organisation_id == organisation_id)


def _tell_others(actor: Actor, claim: Claim, message: ClaimMessage) -> None:
    url = url_of(claim)
    # Whoever answers has read what came before.
    mark_read_at(actor=actor, url=url)
    others = {
        user
        for key in claim.active_ids
        if key != message.organisation_id
        for user in list_member_ids(key)
    }
    if not message.is_of_county:
        others.update(list_deciding_officer_ids(claim.region_code))
    others.discard(actor.user_id or 0)
    tell(
        others - list_unread_at(url, others),
        mark("%(who)s在“%(name)s”的认领里给您留言了。"),
        url,
        who=message.unit,
        name=claim.project.name,
    )
