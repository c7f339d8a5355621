"""What happened to a claim and what lies ahead, as a timeline."""

from collections.abc import Iterable
from datetime import timedelta

from matchplatform.audit.models import AuditEntry
from matchplatform.claims.models import Claim
from matchplatform.claims.states import ClaimState
from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.timeline import Event

WORDS: dict[str, tuple[Words, str]] = {
    "claim.reserve": (_("预留"), "clock"),
    "claim.extend": (_("延期一次"), "clock"),
    "claim.submit": (_("提交给县民政局"), "dot"),
    "claim.accept": (_("已受理"), "tick"),
    "claim.decline": (_("没有受理"), "late"),
    "claim.withdraw": (_("社会组织撤回"), "dot"),
    "claim.move": (_("随组织并入另一份登记"), "dot"),
    "claim.stop": (_("组织被暂停或注销，系统撤回"), "late"),
    "claim.expire": (_("到期自动释放"), "late"),
    "claim.sign": (_("已签约"), "square"),
    "claim.unsign": (_("签约改回已受理"), "late"),
    "claim.release": (_("县里放回"), "late"),
    "joint.invite": (_("邀请联合认领"), "dot"),
    "joint.confirm": (_("成员确认"), "tick"),
    "joint.decline": (_("成员不参加"), "late"),
    "joint.leave": (_("成员退出"), "late"),
    "joint.take_over": (_("接下退出的份额"), "tick"),
    "joint.give_back": (_("退出的份额放回项目"), "dot"),
    "release.ask": (_("有社会组织请求放回"), "clock"),
    "release.answer": (_("持有方答复"), "dot"),
    "release.refuse": (_("县里决定维持"), "tick"),
}

# Who asked for another's claim is for the county to know.
UNNAMED = frozenset({"release.ask"})


def tell_story(claim: Claim, entries: Iterable[AuditEntry]) -> list[Event]:
    """Return the claim's events, newest first, with the end of its reservation ahead."""
    events = [
        Event(entry.at, WORDS[entry.action][0], _detail(entry), WORDS[entry.action][1])
        for entry in entries
        if entry.action in WORDS
    ]
    if claim.status is ClaimState.RESERVED and not claim.has_lapsed:
        ends = Event(
            # The stroke of midnight belongs to the day that ends with it.
            claim.hold_until - timedelta(minutes=1),
            _("预留到期"),
            _("到这天 24:00 还没有提交，占用的数量自动放回项目。"),
            "clock",
            ahead=True,
        )
        return [ends, *events]
    return events


def _detail(entry: AuditEntry) -> Words:
    if entry.action in UNNAMED:
        return entry.reason
    if entry.reason:
        return _("%(who)s：%(reason)s", who=entry.actor_label, reason=entry.reason)
    return entry.actor_label
