"""What notices are about, and when a letter about them goes out."""

from collections.abc import Mapping
from enum import StrEnum

from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _


class NoticeKind(StrEnum):
    """What a notice is about."""

    CLAIMS = "claims"
    PROJECTS = "projects"
    ORGANISATION = "organisation"
    SEARCHES = "searches"
    OTHER = "other"


class MailMode(StrEnum):
    """When a notice goes out by mail."""

    AT_ONCE = "at_once"
    DAILY = "daily"
    NONE = "none"


KIND_WORDS: Mapping[NoticeKind, Words] = {
    NoticeKind.CLAIMS: _("认领"),
    NoticeKind.PROJECTS: _("项目"),
    NoticeKind.ORGANISATION: _("组织与成员"),
    NoticeKind.SEARCHES: _("保存的查找"),
    NoticeKind.OTHER: _("其他"),
}
MODE_WORDS: Mapping[MailMode, Words] = {
    MailMode.AT_ONCE: _("随时：有一条发一封"),
    MailMode.DAILY: _("每天一封：早上 8 点汇总没看的"),
    MailMode.NONE: _("不发邮件"),
}
# Where a notice leads says what it is about; the first that fits counts.
_LEADS: tuple[tuple[str, NoticeKind], ...] = (
    ("/my/searches", NoticeKind.SEARCHES),
    ("/claims", NoticeKind.CLAIMS),
    ("/capacity", NoticeKind.CLAIMS),
    ("/release-requests", NoticeKind.CLAIMS),
    ("/my/invitations", NoticeKind.CLAIMS),
    ("/commitments", NoticeKind.CLAIMS),
    ("/bundles", NoticeKind.CLAIMS),
    ("/my/ceremonies", NoticeKind.CLAIMS),
    ("/desk/ceremonies", NoticeKind.CLAIMS),
    ("/desk/invitations", NoticeKind.CLAIMS),
    ("/projects", NoticeKind.PROJECTS),
    ("/desk/projects", NoticeKind.PROJECTS),
    ("/desk/offers", NoticeKind.PROJECTS),
    ("/desk/organisations", NoticeKind.ORGANISATION),
    ("/my", NoticeKind.ORGANISATION),
    ("/join", NoticeKind.ORGANISATION),
)


def kind_of(url: str) -> NoticeKind:
    """Return what a notice is about that leads to ``url``."""
    path = url.partition("?")[0].partition("#")[0]
    for lead, kind in _LEADS:
        if path == lead or path.startswith(lead + "/"):
            return kind
    return NoticeKind.OTHER
