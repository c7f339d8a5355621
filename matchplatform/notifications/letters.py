"""Letters: what a waiting entry says, to whom, or that it need not be said any more."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import Policy, default
from email.utils import format_datetime
from itertools import groupby
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import select

from matchplatform.accounts.links import find_password_link, mailed_token
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.i18n import gettext
from matchplatform.kernel.text import tidy
from matchplatform.notifications.kinds import KIND_WORDS, MailMode, NoticeKind, kind_of
from matchplatform.notifications.mail import confirm_token, stop_token
from matchplatform.notifications.models import MailPreference, Notice
from matchplatform.notifications.words import words_of

LONGEST_SUBJECT = 80
MOST_IN_DIGEST = 100


class _WholeHeader(UnstructuredHeader, BaseHeader):
    """A head that stays on its line: the library would encode a long one, and programs could not read it."""

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {self}{policy.linesep}"


_HEADS = HeaderRegistry()
for _name in ("list-unsubscribe", "message-id"):
    _HEADS.map_to_type(_name, _WholeHeader)
_POLICY = default.clone(header_factory=_HEADS)


@dataclass(frozen=True)
class Sender:
    """Who writes: the site's name and address, and where its links lead."""

    site_name: str
    address: str
    base_url: str

    @property
    def host(self) -> str:
        """Return the host that stands in the ids of letters."""
        return urlsplit(self.base_url).hostname or "localhost"

    def link(self, path: str) -> str:
        """Return the full address of a page of this site; anything else leads to the notices."""
        is_ours = path.startswith("/") and not path.startswith("//") and "\\" not in path
        return self.base_url.rstrip("/") + (tidy(path) if is_ours else "/notices")


def write_letter(payload: Mapping[str, Any], sender: Sender) -> EmailMessage | None:
    """Return the letter that an outbox entry asks for, or None where it has become needless."""
    match payload["what"]:
        case "notice":
            return _write_notice(int(payload["notice_id"]), sender)
        case "confirm":
            return _write_confirmation(payload, sender)
        case "reset":
            return _write_reset(payload, sender)
        case "digest":
            return _write_digest(payload, sender)
        case what:
            raise ValueError(f"nobody knows how to write {what!r}")


def _write_notice(notice_id: int, sender: Sender) -> EmailMessage | None:
    notice = db.session.get(Notice, notice_id)
    if notice is None or notice.read_at:
        return None
    preference = db.session.get(MailPreference, notice.user_id)
    if preference is None or not preference.is_ready:
        return None
    if preference.mode_of(kind_of(notice.url)) is MailMode.NONE:
        return None
    words = tidy(words_of(notice))
    body = f"{words}\n\n{_when(notice)}\n{gettext('查看：')}{sender.link(notice.url)}"
    return _letter(sender, preference, f"notice-{notice.id}", words, body)


def _write_confirmation(payload: Mapping[str, Any], sender: Sender) -> EmailMessage | None:
    preference = db.session.get(MailPreference, int(payload["user_id"]))
    asked_at = datetime.fromisoformat(payload["asked_at"])
    if (
        preference is None
        or not preference.address
        or not preference.user.is_active
        or preference.confirmed_at
        or preference.asked_at != asked_at
    ):
        return None
    link = sender.link(f"/notices/confirm/{confirm_token(preference)}")
    body = gettext(
        "有人在%(site)s填了这个邮箱，想用它接收通知。\n\n"
        "如果是您，请在 24 小时内登录后打开：\n%(link)s\n\n"
        "如果不是您，不用理会，我们不会再往这里发通知。",
        site=sender.site_name,
        link=link,
    )
    name = f"confirm-{preference.user_id}-{asked_at:%Y%m%d%H%M%S%f}"
    return _address(sender, preference, name, gettext("请确认您的邮箱"), body)


def _write_reset(payload: Mapping[str, Any], sender: Sender) -> EmailMessage | None:
    preference = db.session.get(MailPreference, int(payload["user_id"]))
    issued_at = datetime.fromisoformat(payload["issued_at"])
    token = mailed_token(int(payload["user_id"]), issued_at)
    link = find_password_link(token)
    if link is None or preference is None or not preference.is_ready:
        return None
    body = gettext(
        "有人在%(site)s说忘了用户名 %(username)s 的密码。\n\n"
        "如果是您，请在 %(until)s 以前打开，设一个新密码：\n%(link)s\n"
        "链接只能用一次；设好后所有地方的登录都会退出。\n\n"
        "如果不是您，不用理会，密码没有变。",
        site=sender.site_name,
        username=preference.user.username,
        until=f"{link.expires_at.astimezone(clock.SHANGHAI):%Y-%m-%d %H:%M}",
        link=sender.link(f"/password/{token}"),
    )
    name = f"reset-{preference.user_id}-{issued_at:%Y%m%d%H%M%S%f}"
    return _address(sender, preference, name, gettext("重设密码"), body)


def _write_digest(payload: Mapping[str, Any], sender: Sender) -> EmailMessage | None:
    preference = db.session.get(MailPreference, int(payload["user_id"]))
    if preference is None or not preference.is_ready:
        return None
    until = datetime.fromisoformat(payload["until"])
    found = _list_for_digest(preference, datetime.fromisoformat(payload["since"]), until)
    if not found:
        return None
    day = until.astimezone(clock.SHANGHAI)
    subject = gettext(
        "%(month)s月%(day)s日：%(count)s 条通知还没看",
        month=day.month,
        day=day.day,
        count=len(found),
    )
    body = "\n\n".join(_tell_kinds(found[:MOST_IN_DIGEST], sender))
    if len(found) > MOST_IN_DIGEST:
        body += "\n\n" + gettext("另有 %(count)s 条。", count=len(found) - MOST_IN_DIGEST)
    body += f"\n\n{gettext('全部通知：')}{sender.link('/notices')}"
    name = f"digest-{preference.user_id}-{day:%Y%m%d}"
    return _letter(sender, preference, name, subject, body)


def _list_for_digest(preference: MailPreference, since: datetime, until: datetime) -> list[Notice]:
    unread = select(Notice).where(
        Notice.user_id == preference.user_id,
        Notice.read_at.is_(None),
        Notice.created_at > since,
        Notice.created_at <= until,
    )
    order = list(NoticeKind)
    wanted = [
        notice
        for notice in db.session.scalars(unread.order_by(Notice.created_at, Notice.id))
        if preference.mode_of(kind_of(notice.url)) is MailMode.DAILY
    ]
    return sorted(wanted, key=lambda notice: order.index(kind_of(notice.url)))


def _tell_kinds(notices: list[Notice], sender: Sender) -> Iterator[str]:
    for kind, group in groupby(notices, key=lambda notice: kind_of(notice.url)):
        told = [
            f"- {_one_line(words_of(notice))}\n  {_when(notice)}\n  {sender.link(notice.url)}"
            for notice in group
        ]
        yield "\n".join(
            [gettext("【%(kind)s】%(count)s 条", kind=KIND_WORDS[kind], count=len(told)), *told]
        )


def _letter(
    sender: Sender, preference: MailPreference, name: str, subject: str, body: str
) -> EmailMessage:
    stop = sender.link(f"/notices/unsubscribe/{preference.user_id}/{stop_token(preference)}")
    foot = gettext(
        "您在%(site)s选择了用邮件接收通知。\n更改：%(change)s\n停发：%(stop)s",
        site=sender.site_name,
        change=sender.link("/notices/preferences"),
        stop=stop,
    )
    message = _address(sender, preference, name, subject, f"{body}\n\n-- \n{foot}")
    message["List-Unsubscribe"] = f"<{stop}>"
    return message


def _address(
    sender: Sender, preference: MailPreference, name: str, subject: str, body: str
) -> EmailMessage:
    line = _one_line(f"【{sender.site_name}】{subject}")
    message = EmailMessage(policy=_POLICY)
    message["Subject"] = line if len(line) <= LONGEST_SUBJECT else line[: LONGEST_SUBJECT - 1] + "…"
    message["From"] = Address(_one_line(sender.site_name), addr_spec=sender.address)
    message["To"] = Address(addr_spec=preference.address)
    message["Date"] = format_datetime(clock.now())
    # The same for each sending, so that a letter sent twice is known as one.
    message["Message-ID"] = f"<{name}@{sender.host}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(body + "\n", cte="base64")
    return message


def _when(notice: Notice) -> str:
    at = notice.created_at.astimezone(clock.SHANGHAI)
    return str(gettext("时间：%(at)s", at=f"{at:%Y-%m-%d %H:%M}"))


def _one_line(text: str) -> str:
    return " ".join(tidy(text).split())
