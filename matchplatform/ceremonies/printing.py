"""The papers of a ceremony: programme, list of names, seat cards, invitations with a QR code."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby

from matchplatform.ceremonies.models import Ceremony, CeremonyGuest
from matchplatform.ceremonies.rows import Row, Unpriced, add_up
from matchplatform.ceremonies.states import GuestState
from matchplatform.ceremonies.timetable import Timetable
from matchplatform.ceremonies.words import GUEST_KIND_WORDS, group_words
from matchplatform.documents import (
    Block,
    Facts,
    Heading,
    PageBreak,
    Paragraph,
    Qr,
    SeatCard,
    SheetOfPaper,
    Table,
)
from matchplatform.kernel import clock
from matchplatform.kernel.i18n import mark
from matchplatform.kernel.money import format_number, format_wan
from matchplatform.regions.divisions import full_name_of, name_of

_WEEKDAYS = mark("一二三四五六日")


def programme_of(
    ceremony: Ceremony, rows: Sequence[Row], day: Timetable, *, demo: bool
) -> SheetOfPaper:
    """Return the programme: the agenda with its times, and who signs what in which round."""
    listed = {row.entry_id: row for row in rows}
    blocks: list[Block] = [Facts(_facts(ceremony)), Heading(mark("议程"))]
    agenda = tuple(
        (f"{_time(slot.starts_at)}", slot.item.title, slot.item.speaker)
        for slot in day.slots
        if slot.item is not None and not slot.round
    )
    blocks.append(
        Table(
            (mark("时间"), mark("内容"), mark("讲话或主持")),
            (*agenda, (_time(day.ends_at), mark("结束"), "")),
            (0.15, 0.5, 0.35),
        )
    )
    blocks.append(Heading(mark("签约顺序")))
    for group, slots in groupby(
        (slot for slot in day.slots if slot.round), key=lambda slot: listed[slot.entries[0]].group
    ):
        heading = str(group_words(ceremony.grouping, group))
        if heading:
            blocks.append(Heading(heading, 2))
        signed = tuple(
            _signing_row(f"{_time(slot.starts_at)}", slot.round, listed[entry])
            for slot in slots
            for entry in slot.entries
        )
        blocks.append(
            Table(
                (
                    mark("时间"),
                    mark("轮次"),
                    mark("社会组织"),
                    mark("项目"),
                    mark("县"),
                    mark("金额（万元）"),
                ),
                signed,
                (0.09, 0.08, 0.3, 0.29, 0.1, 0.14),
                ("left", "center", "left", "left", "left", "right"),
            )
        )
    blocks.append(Paragraph(_sum_up(rows)))
    return _paper(ceremony, mark("签约大会手册"), blocks, demo)


def name_list_of(
    ceremony: Ceremony, guests: Iterable[CeremonyGuest], *, demo: bool
) -> SheetOfPaper:
    """Return who comes, by unit, with a place to sign in."""
    coming = [guest for guest in guests if guest.status is GuestState.ACCEPTED]
    rows = tuple(
        (str(place), unit, name, post, seat, "")
        for place, (unit, name, post, seat) in enumerate(_people(coming), 1)
    )
    people = sum(len(guest.attendees) for guest in coming)
    blocks: list[Block] = [
        Facts(_facts(ceremony)),
        Table(
            (mark("序号"), mark("单位"), mark("姓名"), mark("职务"), mark("座位"), mark("签到")),
            rows,
            (0.07, 0.34, 0.14, 0.2, 0.1, 0.15),
            ("center",),
        ),
        Paragraph(
            mark("共 %(units)s 家单位，已报 %(people)s 人。“签”为签署人。")
            % {"units": len(coming), "people": people}
        ),
    ]
    return _paper(ceremony, mark("参会人员名单"), blocks, demo)


def seat_cards_of(guests: Iterable[CeremonyGuest]) -> list[SeatCard]:
    """Return a card for everybody who comes; a unit that has named nobody gets its own."""
    cards: list[SeatCard] = []
    for guest in guests:
        if guest.status is not GuestState.ACCEPTED:
            continue
        people = guest.attendees
        cards += [SeatCard(guest.unit, one.name, one.post, one.seat) for one in people]
        if not people:
            cards.append(SeatCard(guest.unit))
    return cards


def to_invite(guests: Iterable[CeremonyGuest]) -> list[CeremonyGuest]:
    """Return the units that a letter goes to: who is not off the list, and has not said no."""
    states = (GuestState.LISTED, GuestState.INVITED, GuestState.ACCEPTED)
    return [guest for guest in guests if guest.status in states]


def invitations_of(
    ceremony: Ceremony, guests: Iterable[CeremonyGuest], base_url: str, *, demo: bool
) -> SheetOfPaper:
    """Return a letter to each unit, with its own QR code."""
    blocks: list[Block] = []
    for guest in guests:
        if blocks:
            blocks += [PageBreak(), Heading(mark("邀请函"), 0)]
        blocks += _letter(ceremony, guest, base_url)
    return _paper(ceremony, mark("邀请函"), blocks, demo, numbered=False)


def tell_unpriced(parts: Iterable[Unpriced]) -> str:
    """Say quantities that have no price: 人·天 and jobs stand beside the money."""
    return mark("、").join(f"{format_number(part.quantity)} {part.unit}" for part in parts)


def _letter(ceremony: Ceremony, guest: CeremonyGuest, base_url: str) -> list[Block]:
    words = mark(
        "兹定于 %(when)s 在%(where)s举行“%(title)s”，请派代表参加。请在 %(until)s 前答复是否参加、由谁参加；凭本函二维码签到。"
    ) % {
        "when": _when(ceremony),
        "where": f"{full_name_of(ceremony.region_code)}{ceremony.place}",
        "title": ceremony.title,
        "until": f"{ceremony.answer_by:%Y-%m-%d}",
    }
    return [
        Paragraph(f"{guest.unit}{mark('：')}", indent=False, strong=True),
        Paragraph(words),
        Facts(_facts(ceremony)),
        Qr(
            f"{base_url.rstrip('/')}/invited/{guest.token}",
            mark("扫码答复、填报参会人员；到场出示签到。二维码只给本单位使用，请勿转发。"),
        ),
        Paragraph(ceremony.host, align="right", indent=False),
    ]


def _facts(ceremony: Ceremony) -> tuple[tuple[str, str], ...]:
    rows = (
        (mark("时间"), _when(ceremony)),
        (mark("地点"), f"{full_name_of(ceremony.region_code)}{ceremony.place}"),
        (mark("主办"), ceremony.host),
        (mark("联系"), ceremony.contact),
    )
    return tuple((label, text) for label, text in rows if text)


def _paper(
    ceremony: Ceremony, title: str, blocks: Sequence[Block], demo: bool, *, numbered: bool = True
) -> SheetOfPaper:
    return SheetOfPaper(
        title=title,
        subtitle=ceremony.title,
        blocks=tuple(blocks),
        number=ceremony.number,
        numbered=numbered,
        demo=demo,
        dated=ceremony.day,
    )


def _signing_row(at: str, number: int, row: Row) -> tuple[str, ...]:
    value = format_wan(row.value) if row.value or not row.unpriced else ""
    also = tell_unpriced(row.unpriced)
    return (
        at,
        str(number),
        mark("、").join(row.units),
        row.project,
        name_of(row.region_code),
        mark("；").join(part for part in (value, also) if part),
    )


def _sum_up(rows: Sequence[Row]) -> str:
    totals = add_up(rows)
    text = mark(
        "共 %(claims)s 项，涉及 %(counties)s 个县、%(units)s 家社会组织，%(value)s 万元"
    ) % {
        "claims": totals.claims,
        "counties": totals.counties,
        "units": totals.organisations,
        "value": format_wan(totals.value),
    }
    also = tell_unpriced(totals.unpriced)
    return text + (mark("；另有 %s") % also if also else "") + mark("。以当场签署的协议为准。")


def _people(guests: Iterable[CeremonyGuest]) -> Iterable[tuple[str, str, str, str]]:
    for guest in guests:
        unit = f"{guest.unit}{mark('（')}{GUEST_KIND_WORDS[guest.kind]}{mark('）')}"
        if not guest.attendees:
            yield unit, mark("（未报姓名）"), "", ""
        for person in guest.attendees:
            signs = mark("（签）") if person.is_signer else ""
            yield unit, f"{person.name}{signs}", person.post, person.seat


def _when(ceremony: Ceremony) -> str:
    at = ceremony.starts_at.astimezone(clock.SHANGHAI)
    return mark("%(day)s（星期%(weekday)s）%(time)s") % {
        "day": f"{at:%Y-%m-%d}",
        "weekday": _WEEKDAYS[at.weekday()],
        "time": f"{at:%H:%M}",
    }


def _time(at: datetime) -> str:
    return f"{at.astimezone(clock.SHANGHAI):%H:%M}"
