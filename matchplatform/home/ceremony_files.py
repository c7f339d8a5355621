"""Ceremonies as files: all of them, and of one the list, the guests and where each stands."""

from collections.abc import Sequence

from flask import Blueprint, Response

from matchplatform.access.current import current_actor
from matchplatform.access.guards import requires
from matchplatform.access.policy import Permission
from matchplatform.catalogue.export import told_time
from matchplatform.ceremonies import queries
from matchplatform.ceremonies.hitches import Hitch, find_hitches
from matchplatform.ceremonies.listing import Summary, list_all_for_desk
from matchplatform.ceremonies.models import CeremonyGuest
from matchplatform.ceremonies.printing import tell_unpriced
from matchplatform.ceremonies.rows import Row, read_rows
from matchplatform.ceremonies.standing import Standing, list_standing
from matchplatform.ceremonies.timetable import Timetable
from matchplatform.ceremonies.words import (
    ENTRY_WORDS,
    GUEST_KIND_WORDS,
    GUEST_WORDS,
    STATE_WORDS,
)
from matchplatform.home.list_answers import FORM, MOST_ROWS, answer_list
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.sectors import SECTOR_WORDS
from matchplatform.organisations.states import TYPE_WORDS
from matchplatform.regions.divisions import full_name_of, name_of
from matchplatform.sheets import Column, Kind
from matchplatform.sheets.sheet import Cell

bp = Blueprint("ceremony_files", __name__)

CEREMONIES = (
    Column(_("编号")), Column(_("名称"), width=44), Column(_("时间")), Column(_("承办县")),
    Column(_("会场"), width=28), Column(_("状态")), Column(_("待签（项）"), Kind.NUMBER),
    Column(_("已签（项）"), Kind.NUMBER), Column(_("邀请（家）"), Kind.NUMBER),
    Column(_("参加（家）"), Kind.NUMBER),
)  # fmt: skip
ENTRIES = (
    Column(_("顺序"), Kind.NUMBER), Column(_("补签名单号"), Kind.NUMBER), Column(_("大约时间")),
    Column(_("认领编号")), Column(_("社会组织"), width=44), Column(_("组织类型")),
    Column(_("项目编号")), Column(_("项目"), width=44), Column(_("类别")), Column(_("县")),
    Column(_("认领金额（元）"), Kind.MONEY_YUAN), Column(_("没有价格的"), width=20),
    Column(_("状态")), Column(_("还缺什么"), width=60),
)  # fmt: skip
GUESTS = (
    Column(_("单位"), width=44), Column(_("种类")), Column(_("状态")), Column(_("发出日期"), Kind.DATE),
    Column(_("答复日期"), Kind.DATE), Column(_("答复"), width=40), Column(_("人数"), Kind.NUMBER),
)  # fmt: skip
PEOPLE = (
    Column(_("参会人员"), width=44),
    Column(_("签署人"), width=20),
    Column(_("座位"), width=20),
)
STANDING = (
    Column(_("社会组织"), width=44), Column(_("统一社会信用代码")), Column(_("邀请和答复")),
    Column(_("已受理的认领"), Kind.NUMBER), Column(_("本场要签"), Kind.NUMBER),
    Column(_("齐了")), Column(_("还缺什么"), width=60),
)  # fmt: skip
FOOT = _("签下以前都只是意向，不与已签约的相加。")


@bp.get(f"/desk/ceremonies/export.{FORM}")
@requires(Permission.CEREMONY_READ)
def ceremonies_file(form: str) -> Response:
    """Give the ceremonies that the actor may look into."""
    rows = list_all_for_desk(current_actor(), MOST_ROWS)
    return answer_list(
        form, _("签约活动"), "ceremonies", CEREMONIES, map(_ceremony, rows),
        told=_("全部"), count=len(rows),
    )  # fmt: skip


@bp.get(f"/desk/ceremonies/<int:ceremony_id>/list/export.{FORM}")
@requires(Permission.CEREMONY_READ)
def list_file(ceremony_id: int, form: str) -> Response:
    """Give what is signed, in its order."""
    ceremony = queries.get_ceremony(current_actor(), ceremony_id)
    rows = read_rows(ceremony.id, ceremony.grouping)
    day = queries.read_timetable(ceremony, rows)
    hitches = find_hitches(ceremony, queries.list_listed(ceremony.id))
    cells = (_entry(row, day, hitches.get(row.entry_id, ())) for row in rows)
    return answer_list(
        form, _("签约名单"), "signing-list", ENTRIES, cells,
        told=ceremony.title, count=len(rows), foot=FOOT,
    )  # fmt: skip


@bp.get(f"/desk/ceremonies/<int:ceremony_id>/guests/export.{FORM}")
@requires(Permission.CEREMONY_READ)
def guests_file(ceremony_id: int, form: str) -> Response:
    """Give who is invited; who comes by name only to those who may know."""
    actor = current_actor()
    ceremony = queries.get_ceremony(actor, ceremony_id)
    guests = queries.list_guests(ceremony.id)
    names = queries.may_see_names(actor, ceremony)
    return answer_list(
        form,
        _("邀请名单"),
        "guests",
        (*GUESTS, *PEOPLE) if names else GUESTS,
        ((*_guest(guest), *_people(guest)) if names else _guest(guest) for guest in guests),
        told=ceremony.title,
        count=len(guests),
    )


@bp.get(f"/desk/ceremonies/<int:ceremony_id>/standing/export.{FORM}")
@requires(Permission.CEREMONY_READ)
def standing_file(ceremony_id: int, form: str) -> Response:
    """Give where each organisation stands."""
    ceremony = queries.get_ceremony(current_actor(), ceremony_id)
    rows = list_standing(ceremony, queries.list_counting(ceremony.id))
    return answer_list(
        form, _("各家进展"), "standing", STANDING, map(_standing, rows),
        told=ceremony.title, count=len(rows),
    )  # fmt: skip


def _ceremony(row: Summary) -> Sequence[Cell]:
    one = row.ceremony
    return (
        one.number, one.title, told_time(one.starts_at), full_name_of(one.region_code), one.place,
        STATE_WORDS[one.status], row.waiting, row.signed, row.invited, row.accepted,
    )  # fmt: skip


def _entry(row: Row, day: Timetable, hitches: Sequence[Hitch]) -> Sequence[Cell]:
    at = day.starts.get(row.entry_id)
    return (
        row.place, row.addendum or "", told_time(at) if at else "", row.claim_number,
        str(_("、")).join(row.units), TYPE_WORDS[row.org_type], row.project_number, row.project,
        SECTOR_WORDS[row.sector], name_of(row.region_code), row.value, tell_unpriced(row.unpriced),
        ENTRY_WORDS[row.status], _tell(hitches),
    )  # fmt: skip


def _guest(guest: CeremonyGuest) -> Sequence[Cell]:
    return (
        guest.unit, GUEST_KIND_WORDS[guest.kind], GUEST_WORDS[guest.status], guest.invited_at,
        guest.answered_at, guest.said, len(guest.attendees),
    )  # fmt: skip


def _people(guest: CeremonyGuest) -> Sequence[Cell]:
    comma = str(_("、"))
    named = (f"{one.name} {one.post}".strip() for one in guest.attendees)
    return (
        comma.join(named),
        comma.join(one.name for one in guest.attendees if one.is_signer),
        comma.join(one.seat for one in guest.attendees if one.seat),
    )


def _standing(row: Standing) -> Sequence[Cell]:
    return (
        row.organisation.name, row.organisation.uscc,
        GUEST_WORDS[row.guest.status] if row.guest else _("还没有列入"),
        row.accepted, row.listed, _("是") if row.is_complete else _("否"), _tell(row.hitches),
    )  # fmt: skip


def _tell(hitches: Sequence[Hitch]) -> str:
    return str(_("；")).join(str(hitch.words) for hitch in hitches)
