"""Verbs of the order of signing: moved one by one, set whole, or brought together in groups."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

from matchplatform.access.actor import Actor
from matchplatform.access.policy import Permission, check
from matchplatform.ceremonies.models import Ceremony, CeremonyEntry
from matchplatform.ceremonies.queries import list_main_entries
from matchplatform.ceremonies.rows import group_of
from matchplatform.ceremonies.states import Grouping
from matchplatform.ceremonies.steps import record_on, take_turn
from matchplatform.kernel.errors import Conflict, NotFound, StaleVersion
from matchplatform.kernel.i18n import lazy_gettext as _

OVERTAKEN = _("您打开页面之后，别人改过名单或顺序。下面并排列出您排的和现在的，请再排一次。")
T = TypeVar("T")
LOCKED = _("名单已经锁定，不能再改。之后要加签的，请列入补签名单。")


def set_order(
    *, actor: Actor, ceremony: Ceremony, seen: Sequence[int], order: Sequence[int]
) -> Ceremony:
    """Put the list into this order; ``seen`` is the one that the page showed, both by entry id.

    Raises:
        StaleVersion: somebody changed the list meanwhile.
        Conflict: it is locked.
    """
    check(actor, Permission.CEREMONY_PLAN, ceremony)
    ceremony = take_turn(ceremony)
    entries = _read_current(ceremony, seen)
    if sorted(order) != sorted(seen):
        raise StaleVersion(OVERTAKEN)
    _put(entries, order)
    record_on(actor, "ceremony.order", ceremony, detail={"order": list(order)})
    return ceremony


def move_entry(
    *, actor: Actor, ceremony: Ceremony, entry_id: int, place: int, seen: Sequence[int]
) -> Ceremony:
    """Move one entry to a place, counted from 1; beyond the ends is the first or the last."""
    if entry_id not in seen:
        raise NotFound(_("这一项不在本场的名单上。"))
    return set_order(
        actor=actor, ceremony=ceremony, seen=seen, order=moved(list(seen), entry_id, place)
    )


def group_list(
    *, actor: Actor, ceremony: Ceremony, grouping: Grouping, seen: Sequence[int]
) -> Ceremony:
    """Bring together what has its sector, city or type in common; inside, the order stays.

    Groups stand in the order in which their first entry stood.
    """
    check(actor, Permission.CEREMONY_PLAN, ceremony)
    ceremony = take_turn(ceremony)
    entries = _read_current(ceremony, seen)
    groups = {entry.id: group_of(entry.claim, grouping) for entry in entries}
    ceremony.grouping = grouping
    _put(entries, gathered([(entry.id, groups[entry.id]) for entry in entries]))
    record_on(actor, "ceremony.group", ceremony, detail={"grouping": str(grouping)})
    return ceremony


def move_group(
    *, actor: Actor, ceremony: Ceremony, group: str, up: bool, seen: Sequence[int]
) -> Ceremony:
    """Move a whole group before the one above it, or after the one below."""
    check(actor, Permission.CEREMONY_PLAN, ceremony)
    ceremony = take_turn(ceremony)
    entries = _read_current(ceremony, seen)
    pairs = [(entry.id, group_of(entry.claim, ceremony.grouping)) for entry in entries]
    names = list(dict.fromkeys(name for _id, name in pairs))
    if group not in names:
        raise NotFound()
    wanted = moved(names, group, names.index(group) + (0 if up else 2))
    order = [entry for name in wanted for entry, own in pairs if own == name]
    _put(entries, order)
    record_on(actor, "ceremony.order", ceremony, detail={"order": order})
    return ceremony


def moved(order: Sequence[T], one: T, place: int) -> list[T]:
    """Return the order with one at a place, counted from 1."""
    rest = [each for each in order if each != one]
    at = min(max(place, 1), len(order)) - 1
    return [*rest[:at], one, *rest[at:]]


def placed(order: Sequence[int], wanted: Mapping[int, int]) -> list[int]:
    """Return the order with each moved to the place wanted for it; 0 is where it stands."""
    result = list(order)
    changed = [
        (place, one)
        for at, one in enumerate(order, 1)
        if (place := wanted.get(one, 0)) and place != at
    ]
    for place, one in sorted(changed, key=lambda pair: pair[0]):
        result = moved(result, one, place)
    return result


def gathered(pairs: Sequence[tuple[int, str]]) -> list[int]:
    """Return entries, each with its group, with every group in one piece."""
    names = dict.fromkeys(group for _entry, group in pairs)
    return [entry for name in names for entry, group in pairs if group == name]


def _read_current(ceremony: Ceremony, seen: Sequence[int]) -> list[CeremonyEntry]:
    if not ceremony.is_open:
        raise Conflict(LOCKED)
    entries = list_main_entries(ceremony.id)
    if [entry.id for entry in entries] != list(seen):
        raise StaleVersion(OVERTAKEN)
    return entries


def _put(entries: Sequence[CeremonyEntry], order: Sequence[int]) -> None:
    known = {entry.id: entry for entry in entries}
    for place, entry_id in enumerate(order, 1):
        known[entry_id].position = place
