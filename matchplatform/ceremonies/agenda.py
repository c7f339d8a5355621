"""Verbs of the agenda: what happens when, beside the signing."""

from dataclasses import dataclass

from matchplatform.access.actor import Actor
from matchplatform.access.policy import Permission, check
from matchplatform.ceremonies.models import AgendaItem, Ceremony
from matchplatform.ceremonies.ordering import moved
from matchplatform.ceremonies.states import UPCOMING_STATES, AgendaKind, CeremonyState
from matchplatform.ceremonies.steps import record_on, take_turn
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Conflict, InvalidInput, NotFound, StaleVersion
from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.identity import holds_id_number
from matchplatform.kernel.reasons import ID_NUMBER
from matchplatform.kernel.text import tidy

LONGEST, MOST_MINUTES, MOST_ITEMS = 80, 480, 40
SIGNING_STAYS = _("“签约”这一项去不掉：签约的时间由轮次算出来。")


@dataclass(frozen=True)
class ItemDetails:
    """One item of the agenda as typed; the minutes of a signing come from its rounds."""

    kind: AgendaKind
    title: str
    speaker: str
    minutes: int


def add_item(*, actor: Actor, ceremony: Ceremony, details: ItemDetails) -> AgendaItem:
    """Put an item at the end of the agenda.

    Raises:
        InvalidInput: no title, too long, or minutes that cannot be.
        Conflict: a second signing, or the day has begun.
    """
    ceremony = _begin(actor, ceremony)
    if len(ceremony.agenda) >= MOST_ITEMS:
        raise Conflict(_("议程最多 %(most)s 项。", most=MOST_ITEMS))
    cleaned = _clean(details)
    _check_one_signing(ceremony, cleaned.kind)
    item = AgendaItem(position=len(ceremony.agenda) + 1)
    _fill(item, cleaned)
    ceremony.agenda.append(item)
    _number(ceremony, ceremony.agenda)
    record_on(actor, "ceremony.agenda", ceremony, detail={"added": item.title})
    return item


def change_item(
    *, actor: Actor, ceremony: Ceremony, item_id: int, details: ItemDetails
) -> AgendaItem:
    """Write an item of the agenda anew; what is signing stays signing.

    Raises:
        InvalidInput: no title, too long, or minutes that cannot be.
    """
    ceremony = _begin(actor, ceremony)
    item = _find(ceremony, item_id)
    cleaned = _clean(details)
    if item.kind is AgendaKind.SIGNING:
        cleaned = ItemDetails(item.kind, cleaned.title, cleaned.speaker, 0)
    else:
        _check_one_signing(ceremony, cleaned.kind)
    _fill(item, cleaned)
    record_on(actor, "ceremony.agenda", ceremony, detail={"changed": item.title})
    return item


def move_item(*, actor: Actor, ceremony: Ceremony, item_id: int, up: bool) -> AgendaItem:
    """Move an item one place."""
    ceremony = _begin(actor, ceremony)
    item = _find(ceremony, item_id)
    agenda = list(ceremony.agenda)
    _number(ceremony, moved(agenda, item, agenda.index(item) + (0 if up else 2)))
    record_on(actor, "ceremony.agenda", ceremony, detail={"moved": item.title})
    return item


def drop_item(*, actor: Actor, ceremony: Ceremony, item_id: int) -> None:
    """Take an item off the agenda.

    Raises:
        Conflict: it is the signing.
    """
    ceremony = _begin(actor, ceremony)
    item = _find(ceremony, item_id)
    if item.kind is AgendaKind.SIGNING:
        raise Conflict(SIGNING_STAYS)
    title = item.title
    ceremony.agenda.remove(item)
    _number(ceremony, ceremony.agenda)
    record_on(actor, "ceremony.agenda", ceremony, detail={"dropped": title})


def check_seen_agenda(ceremony: Ceremony, seen: list[int]) -> None:
    """Refuse what was decided before somebody else changed which items there are, or their order.

    Raises:
        StaleVersion: the agenda is another one now.
    """
    if [item.id for item in ceremony.agenda] != seen:
        raise StaleVersion(_("您打开页面之后，别人改过议程。请对照现在的议程再办。"))


def _begin(actor: Actor, ceremony: Ceremony) -> Ceremony:
    check(actor, Permission.CEREMONY_PLAN, ceremony)
    ceremony = take_turn(ceremony)
    if ceremony.status not in UPCOMING_STATES or ceremony.status is CeremonyState.LIVE:
        raise Conflict(_("大会已经开始、结束、延期或取消，议程不能再改。"))
    db.session.refresh(ceremony, ["agenda"])
    return ceremony


def _find(ceremony: Ceremony, item_id: int) -> AgendaItem:
    item = next((item for item in ceremony.agenda if item.id == item_id), None)
    if item is None:
        raise NotFound()
    return item


def _clean(details: ItemDetails) -> ItemDetails:
    title, speaker = tidy(details.title), tidy(details.speaker)
    wrong: dict[str, Words] = {}
    if not title:
        wrong["title"] = _("请写这一项叫什么。")
    for name, text in (("title", title), ("speaker", speaker)):
        if len(text) > LONGEST:
            wrong[name] = _("最多 %(count)s 个字。", count=LONGEST)
        elif holds_id_number(text):
            wrong[name] = ID_NUMBER
    if not 0 <= details.minutes <= MOST_MINUTES:
        wrong["minutes"] = _("请填 0 到 %(most)s 的整数。", most=MOST_MINUTES)
    if wrong:
        raise InvalidInput(fields=wrong)
    minutes = 0 if details.kind is AgendaKind.SIGNING else details.minutes
    return ItemDetails(details.kind, title, speaker, minutes)


def _check_one_signing(ceremony: Ceremony, kind: AgendaKind) -> None:
    has_one = any(item.kind is AgendaKind.SIGNING for item in ceremony.agenda)
    if kind is AgendaKind.SIGNING and has_one:
        raise Conflict(_("议程里已经有“签约”了。"))


def _fill(item: AgendaItem, details: ItemDetails) -> None:
    item.kind = details.kind
    item.title = details.title
    item.speaker = details.speaker
    item.minutes = details.minutes


def _number(ceremony: Ceremony, items: list[AgendaItem]) -> None:
    for place, item in enumerate(items, 1):
        item.position = place
    db.session.flush()
    db.session.expire(ceremony, ["agenda"])
