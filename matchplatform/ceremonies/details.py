"""The particulars of a ceremony, as the organiser writes them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from matchplatform.kernel import clock
from matchplatform.kernel.errors import InvalidInput
from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.identity import holds_id_number
from matchplatform.kernel.reasons import ID_NUMBER
from matchplatform.kernel.text import tidy
from matchplatform.regions.divisions import poverty_counties

LONGEST_NAME, LONGEST_UNIT = 80, 120
MOST_PEOPLE, MOST_SLOTS, MOST_MINUTES = 5000, 20, 60
FARTHEST = timedelta(days=730)


@dataclass(frozen=True)
class CeremonyDetails:
    """What a ceremony is, where and when; ``starts_at`` is aware, ``capacity`` counts people."""

    title: str
    place: str
    region_code: str
    starts_at: datetime
    answer_by: date
    capacity: int
    host: str = ""
    contact: str = ""
    stage_slots: int = 4
    round_minutes: int = 3


def clean_details(details: CeremonyDetails) -> CeremonyDetails:
    """Return the particulars, tidied.

    Raises:
        InvalidInput: something is missing, too long or cannot be.
    """
    cleaned = CeremonyDetails(
        title=tidy(details.title),
        place=tidy(details.place),
        region_code=details.region_code,
        starts_at=details.starts_at,
        answer_by=details.answer_by,
        capacity=details.capacity,
        host=tidy(details.host),
        contact=tidy(details.contact),
        stage_slots=details.stage_slots,
        round_minutes=details.round_minutes,
    )
    wrong = {**_wrong_words(cleaned), **_wrong_numbers(cleaned), **wrong_days(cleaned)}
    if cleaned.region_code not in poverty_counties():
        wrong["region_code"] = _("请选一个县。")
    if wrong:
        raise InvalidInput(fields=wrong)
    return cleaned


def wrong_days(details: CeremonyDetails) -> dict[str, Words]:
    """Say what is wrong with the days, by field."""
    wrong: dict[str, Words] = {}
    now = clock.now()
    if details.starts_at <= now:
        wrong["day"] = _("日期和时间要在以后。")
    elif details.starts_at > now + FARTHEST:
        wrong["day"] = _("最远排到两年以后。")
    if details.answer_by > details.starts_at.astimezone(clock.SHANGHAI).date():
        wrong["answer_by"] = _("答复期限不能晚于大会当天。")
    elif details.answer_by < clock.today():
        wrong["answer_by"] = _("答复期限不能早于今天。")
    return wrong


def _wrong_words(details: CeremonyDetails) -> dict[str, Words]:
    wrong: dict[str, Words] = {}
    bounds = {
        "title": LONGEST_NAME,
        "place": LONGEST_NAME,
        "host": LONGEST_UNIT,
        "contact": LONGEST_UNIT,
    }
    for name, most in bounds.items():
        text: str = getattr(details, name)
        if len(text) > most:
            wrong[name] = _("最多 %(count)s 个字。", count=most)
        elif holds_id_number(text):
            wrong[name] = ID_NUMBER
    for name in ("title", "place"):
        if not getattr(details, name):
            wrong[name] = _("请填这一项。")
    return wrong


def _wrong_numbers(details: CeremonyDetails) -> dict[str, Words]:
    bounds = {
        "capacity": MOST_PEOPLE,
        "stage_slots": MOST_SLOTS,
        "round_minutes": MOST_MINUTES,
    }
    return {
        name: _("请填 1 到 %(most)s 的整数。", most=most)
        for name, most in bounds.items()
        if not 1 <= getattr(details, name) <= most
    }
