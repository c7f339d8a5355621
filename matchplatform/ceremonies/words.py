"""What the states of a ceremony, and of what belongs to it, are called."""

from collections.abc import Mapping

from matchplatform.ceremonies.states import (
    AgendaKind,
    CeremonyState,
    EntryState,
    Grouping,
    GuestKind,
    GuestState,
)
from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.sectors import SECTOR_WORDS
from matchplatform.organisations.states import TYPE_WORDS, OrganisationType
from matchplatform.projects.states import Sector
from matchplatform.regions.divisions import name_of

STATE_WORDS: Mapping[CeremonyState, Words] = {
    CeremonyState.PLANNING: _("筹备中"),
    CeremonyState.INTAKE: _("征集中"),
    CeremonyState.LOCKED: _("名单已锁定"),
    CeremonyState.LIVE: _("正在举行"),
    CeremonyState.CLOSED: _("已结束"),
    CeremonyState.TRACKING: _("跟踪落实中"),
    CeremonyState.ARCHIVED: _("已归档"),
    CeremonyState.POSTPONED: _("已延期"),
    CeremonyState.CANCELLED: _("已取消"),
}
GUEST_WORDS: Mapping[GuestState, Words] = {
    GuestState.LISTED: _("待发邀请"),
    GuestState.INVITED: _("等答复"),
    GuestState.ACCEPTED: _("参加"),
    GuestState.DECLINED: _("不参加"),
    GuestState.REMOVED: _("已移出"),
}
GUEST_KIND_WORDS: Mapping[GuestKind, Words] = {
    GuestKind.ORGANISATION: _("社会组织"),
    GuestKind.OFFICE: _("部门"),
    GuestKind.RECEIVER: _("受益单位"),
    GuestKind.PRESS: _("媒体"),
    GuestKind.OTHER: _("其他"),
}
ENTRY_WORDS: Mapping[EntryState, Words] = {
    EntryState.LISTED: _("待签"),
    EntryState.SIGNED: _("已签约"),
    EntryState.DROPPED: _("已移出"),
    EntryState.FREED: _("随大会延期或取消放回"),
    EntryState.UNSIGNED: _("当场没有签"),
}
AGENDA_WORDS: Mapping[AgendaKind, Words] = {
    AgendaKind.SPEECH: _("讲话"),
    AgendaKind.SIGNING: _("签约"),
    AgendaKind.BREAK: _("休息"),
    AgendaKind.OTHER: _("其他"),
}
GROUPING_WORDS: Mapping[Grouping, Words] = {
    Grouping.NONE: _("不分组"),
    Grouping.SECTOR: _("按类别"),
    Grouping.CITY: _("按市"),
    Grouping.TYPE: _("按组织类型"),
}


def group_words(grouping: Grouping, group: str) -> Words:
    """Say what a group of entries has in common; nothing where there are no groups."""
    if grouping is Grouping.SECTOR:
        return SECTOR_WORDS[Sector(group)]
    if grouping is Grouping.CITY:
        return name_of(f"{group}00")
    return TYPE_WORDS[OrganisationType(group)] if grouping is Grouping.TYPE else ""
