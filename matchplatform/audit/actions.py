"""What the trail's actions are called, and a thing's history as a timeline."""

from collections.abc import Iterable

from matchplatform.audit.models import AuditEntry
from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.timeline import Event

# The words know every feature's actions by name; the trail itself imports none of them.
ACTION_WORDS: dict[str, Words] = {
    "access.refused": _("被拒绝的访问"),
    "account.add": _("开设账号"),
    "account.change_password": _("更换密码"),
    "account.disable": _("停用账号"),
    "account.enable": _("启用账号"),
    "account.issue_link": _("签发重设密码链接"),
    "account.reset_password": _("用链接重设密码"),
    "account.sign_in": _("登录"),
    "account.sign_out": _("退出"),
    "claim.accept": _("受理认领"),
    "claim.decline": _("不予受理认领"),
    "claim.expire": _("预留到期释放"),
    "claim.extend": _("预留延期"),
    "claim.reserve": _("预留条目"),
    "claim.submit": _("提交认领"),
    "claim.withdraw": _("撤回认领"),
    "organisation.register": _("登记组织"),
    "organisation.resubmit": _("更正后再次提交登记"),
    "organisation.return": _("退回登记"),
    "organisation.verify": _("核验登记"),
    "project.close": _("关闭项目"),
    "project.create": _("新建项目"),
    "project.edit": _("修改项目"),
    "project.publish": _("发布项目"),
    "project.resume": _("恢复认领"),
    "project.return": _("退回项目"),
    "project.submit": _("提交项目"),
    "project.suspend": _("暂停认领"),
    "project.verify": _("核验项目"),
}

SUBJECT_WORDS: dict[str, Words] = {
    "claim": _("认领"),
    "organisation": _("组织"),
    "project": _("项目"),
    "route": _("页面"),
    "user": _("账号"),
}

# What these did to a project was done in public, so its page is there for everyone.
_PUBLIC = frozenset({"project.publish", "project.suspend", "project.resume", "project.close"})
_PAGES = {
    "claim": "/claims",
    "organisation": "/desk/organisations",
    "project": "/desk/projects",
}
_ADVERSE = frozenset({"return", "decline", "expire", "disable", "refused"})


def words_of(action: str) -> Words:
    """Return what an action is called; one that is not listed shows its code."""
    return ACTION_WORDS.get(action, action)


def path_of(entry: AuditEntry) -> str | None:
    """Return the page of what the entry is about, where auditors can read one."""
    if entry.action in _PUBLIC:
        return f"/projects/{entry.subject_id}"
    above = _PAGES.get(entry.subject_type)
    return f"{above}/{entry.subject_id}" if above else None


def tell_history(entries: Iterable[AuditEntry]) -> list[Event]:
    """Return a thing's history, in the order given, as the timeline shows it."""
    return [
        Event(
            entry.at,
            words_of(entry.action),
            _told(entry),
            "late" if entry.action.partition(".")[2] in _ADVERSE else "dot",
        )
        for entry in entries
    ]


def _told(entry: AuditEntry) -> Words:
    if entry.reason:
        return _("%(who)s：%(reason)s", who=entry.actor_label, reason=entry.reason)
    return entry.actor_label
