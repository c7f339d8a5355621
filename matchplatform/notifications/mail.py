"""One's mail address and choices: ask for a link, prove the address, choose, stop."""

import hmac
import re
import unicodedata
from collections.abc import Mapping
from datetime import timedelta

from matchplatform.access.actor import Actor
from matchplatform.accounts import vault
from matchplatform.accounts.models import User
from matchplatform.audit.services import record
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import InvalidInput, NotFound, TooMany
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.notifications.kinds import MailMode, NoticeKind
from matchplatform.notifications.models import LONGEST_ADDRESS, MailChoice, MailPreference
from matchplatform.notifications.queueing import queue_confirmation

LINK_LASTS = timedelta(hours=24)
BETWEEN_LINKS = timedelta(minutes=2)
LINKS_A_DAY = 5
# Narrower than RFC 5321 allows, and nothing in it can end a header line or begin another address.
_ADDRESS = re.compile(
    r"[A-Za-z0-9_%+-]+(?:\.[A-Za-z0-9_%+-]+)*"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}"
)
LONGEST_LOCAL_PART = 64


def ask_address(*, actor: Actor, user: User, typed: str) -> MailPreference:
    """Note an address and send it a link that proves it; until then nothing else goes there.

    Raises:
        InvalidInput: it is no mail address.
        TooMany: links were asked for too often.
    """
    address, at = clean_address(typed), clock.now()
    preference = db.session.get(MailPreference, user.id)
    if preference is None:
        preference = MailPreference(
            user_id=user.id, asked_at=at, asks=0, mode=MailMode.AT_ONCE, digested_until=at
        )
        db.session.add(preference)
    elif preference.address == address and preference.confirmed_at:
        return preference
    _count_ask(preference)
    preference.address, preference.asked_at, preference.confirmed_at = address, at, None
    db.session.flush()
    queue_confirmation(preference)
    _record(actor, "mail.ask", user)
    return preference


def confirm_address(*, actor: Actor, user: User, token: str) -> MailPreference:
    """Take the address as proved: its link came back, once and in time.

    Raises:
        NotFound: the link is not this person's, was used, or is too old.
    """
    preference = get_awaited(user, token)
    preference.confirmed_at = preference.digested_until = clock.now()
    _record(actor, "mail.confirm", user)
    return preference


def choose_mail(
    *, actor: Actor, user: User, mode: MailMode, kinds: Mapping[NoticeKind, MailMode]
) -> MailPreference:
    """Choose when letters come, in general and for single kinds of notice.

    Raises:
        NotFound: there is no address yet.
    """
    preference = _get_preference(user)
    had_daily = preference.has_daily
    preference.mode = mode
    _set_kinds(preference, kinds)
    if preference.has_daily and not had_daily:
        # The first daily letter tells what comes from now on.
        preference.digested_until = clock.now()
    _record(
        actor, "mail.choose", user, mode=mode.value, **{k.value: m.value for k, m in kinds.items()}
    )
    return preference


def remove_address(*, actor: Actor, user: User) -> MailPreference:
    """Forget the address; the count of links stays, so that removing it gains nobody more.

    Raises:
        NotFound: there is none.
    """
    preference = _get_preference(user)
    preference.address, preference.confirmed_at = "", None
    _record(actor, "mail.remove", user)
    return preference


def stop_mail(*, actor: Actor, user: User) -> MailPreference:
    """Send no more letters of any kind; the address stays for whoever changes their mind.

    Raises:
        NotFound: there is no address.
    """
    preference = _get_preference(user)
    preference.mode = MailMode.NONE
    _set_kinds(preference, {})
    _record(actor, "mail.stop", user)
    return preference


def get_awaited(user: User, token: str) -> MailPreference:
    """Return the preference whose address this link proves.

    Raises:
        NotFound: the link is not this person's, was used, or is too old.
    """
    preference = db.session.get(MailPreference, user.id)
    if (
        preference is None
        or not preference.address
        or preference.confirmed_at
        or clock.now() - preference.asked_at > LINK_LASTS
        or not _same(confirm_token(preference), token)
    ):
        raise NotFound(_("这个链接不是给您的，或者已经用过、过期。请在通知设置里再要一封。"))
    return preference


def get_stoppable(user_id: int, token: str) -> MailPreference:
    """Return the preference that the link at the foot of a letter stops.

    Raises:
        NotFound: no letter carried this link, or the address has changed since.
    """
    preference = db.session.get(MailPreference, user_id)
    if preference is None or not preference.address or not _same(stop_token(preference), token):
        raise NotFound()
    return preference


def confirm_token(preference: MailPreference) -> str:
    """Return what the link that proves the address carries; no table keeps it."""
    asked = preference.asked_at.isoformat()
    return vault.keyed_hash(f"mail address {preference.user_id} {preference.address} {asked}")


def stop_token(preference: MailPreference) -> str:
    """Return what the link at the foot of each letter carries."""
    return vault.keyed_hash(f"stop mail {preference.user_id} {preference.address}")


def clean_address(typed: str) -> str:
    """Return a mail address as it is kept.

    Raises:
        InvalidInput: it is none.
    """
    address = unicodedata.normalize("NFKC", typed).strip()
    local = address.partition("@")[0]
    if (
        len(address) > LONGEST_ADDRESS
        or len(local) > LONGEST_LOCAL_PART
        or not _ADDRESS.fullmatch(address)
    ):
        raise InvalidInput(fields={"address": _("这不像一个邮箱地址，例如 name@example.cn。")})
    return address


def _count_ask(preference: MailPreference) -> None:
    at, last = clock.now(), preference.asked_at
    if preference.asks and at - last < BETWEEN_LINKS:
        raise TooMany(_("刚发过一封，请先看看收件箱和垃圾邮件，两分钟后可以再要。"))
    if last.astimezone(clock.SHANGHAI).date() != clock.today():
        preference.asks = 0
    if preference.asks >= LINKS_A_DAY:
        raise TooMany(_("今天已经发过 %(count)s 封确认信，请明天再试。", count=LINKS_A_DAY))
    preference.asks += 1


def _set_kinds(preference: MailPreference, kinds: Mapping[NoticeKind, MailMode]) -> None:
    kept = {choice.kind: choice for choice in preference.choices}
    for kind in kept.keys() - kinds.keys():
        preference.choices.remove(kept[kind])
    for kind, mode in kinds.items():
        if kind in kept:
            kept[kind].mode = mode
        else:
            preference.choices.append(MailChoice(kind=kind, mode=mode))


def _get_preference(user: User) -> MailPreference:
    preference = db.session.get(MailPreference, user.id)
    if preference is None or not preference.address:
        raise NotFound(_("还没有填邮箱。"))
    return preference


def _same(ours: str, theirs: str) -> bool:
    return hmac.compare_digest(ours.encode(), theirs.encode("utf-8", "replace"))


def _record(actor: Actor, action: str, user: User, **detail: str) -> None:
    # The trail says that it was done; the address itself is nobody else's business.
    record(
        actor=actor,
        action=action,
        subject_type="user",
        subject_id=user.id,
        subject_label=user.display_name,
        detail=detail,
    )
