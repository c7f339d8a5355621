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
    "claim.expire": (_("到期自动释放"), "late"),
}


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
    if entry.reason:
        return _("%(who)s：%(reason)s", who=entry.actor_label, reason=entry.reason)
    return entry.actor_label
