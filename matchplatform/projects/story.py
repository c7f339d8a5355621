"""What happened to a project and what lies ahead, as a timeline."""

from collections.abc import Iterable

from matchplatform.audit.models import AuditEntry
from matchplatform.kernel import clock
from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.timeline import Event
from matchplatform.projects.models import Project
from matchplatform.projects.states import ProjectState

WORDS: dict[str, tuple[Words, str]] = {
    "project.create": (_("写下草稿"), "pen"),
    "project.edit": (_("修改"), "pen"),
    "project.submit": (_("提交核验"), "dot"),
    "project.verify": (_("核验通过"), "tick"),
    "project.return": (_("退回"), "late"),
    "project.publish": (_("发布"), "square"),
    "project.suspend": (_("暂停认领"), "late"),
    "project.resume": (_("恢复认领"), "dot"),
    "project.copy": (_("从另一个项目复制"), "pen"),
    "project.change": (_("发布后改动"), "pen"),
    "project.propose": (_("提出改动，等核准"), "pen"),
    "project.refuse_change": (_("没有核准改动"), "late"),
    "project.withdraw_change": (_("撤回改动"), "dot"),
    "project.merge": (_("并入另一个项目"), "cross"),
    "project.take_in": (_("另一个项目并入"), "dot"),
    "project.close": (_("关闭"), "cross"),
}


def tell_story(project: Project, entries: Iterable[AuditEntry]) -> list[Event]:
    """Return the project's events, newest first, with the end of claiming ahead."""
    events = [
        Event(entry.at, WORDS[entry.action][0], _detail(entry), WORDS[entry.action][1])
        for entry in entries
        if entry.action in WORDS
    ]
    deadline = project.claim_deadline
    published = project.status is ProjectState.PUBLISHED
    if published and deadline is not None and deadline >= clock.today():
        events.insert(
            0, Event(deadline, _("认领截止"), _("到这天 24:00 为止。"), "open", ahead=True)
        )
    return events


def _detail(entry: AuditEntry) -> Words:
    if entry.reason:
        return _("%(who)s：%(reason)s", who=entry.actor_label, reason=entry.reason)
    return entry.actor_label
