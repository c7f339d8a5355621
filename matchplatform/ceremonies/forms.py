"""The forms of ceremonies: shape and wording of what is typed, never rules."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time

from flask import request
from werkzeug.datastructures import MultiDict
from wtforms.fields import SelectField, StringField, TimeField
from wtforms.validators import InputRequired, Optional

from matchplatform.access.fields import PlainForm, at_most, grouped_choices, needed
from matchplatform.ceremonies.agenda import ItemDetails
from matchplatform.ceremonies.answering import Person
from matchplatform.ceremonies.details import LONGEST_NAME, LONGEST_UNIT, CeremonyDetails
from matchplatform.ceremonies.intake import Sought
from matchplatform.ceremonies.models import Ceremony
from matchplatform.ceremonies.states import AgendaKind, Grouping
from matchplatform.kernel import clock
from matchplatform.kernel.errors import AskAgain, DomainError, InvalidInput, KeyReused
from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.sectors import SECTOR_WORDS
from matchplatform.organisations.states import TYPE_WORDS
from matchplatform.projects.fields import DateField, IntegerField, VersionField
from matchplatform.regions.divisions import poverty_counties, prefix_of

LONGEST_SEARCH = 60
MOST_PEOPLE_ROWS = 24


class CeremonyForm(PlainForm):
    """The particulars of a ceremony."""

    version = VersionField()
    title = StringField(_("名称"), validators=[needed(), at_most(LONGEST_NAME)])
    region_code = SelectField(_("承办县"), choices=[], validate_choice=False, validators=[needed()])
    place = StringField(_("会场"), validators=[needed(), at_most(LONGEST_NAME)])
    day = DateField(_("日期"), validators=[InputRequired(_("请填日期。"))])
    at = TimeField(_("开始时间"), validators=[InputRequired(_("请按 09:00 这样写时间。"))])
    answer_by = DateField(_("答复期限"), validators=[InputRequired(_("请填答复期限。"))])
    capacity = IntegerField(_("会场容纳"), validators=[InputRequired(_("请填人数。"))])
    stage_slots = IntegerField(
        _("台上一轮签几项"), default=4, validators=[InputRequired(_("请填几项。"))]
    )
    round_minutes = IntegerField(
        _("一轮几分钟"), default=3, validators=[InputRequired(_("请填几分钟。"))]
    )
    host = StringField(_("主办单位"), validators=[Optional(), at_most(LONGEST_UNIT)])
    contact = StringField(_("联系人和电话"), validators=[Optional(), at_most(LONGEST_UNIT)])

    def fill_choices(self) -> "CeremonyForm":
        """Offer the counties, by city."""
        groups: dict[str, list[tuple[str, str]]] = {}
        for county in poverty_counties().values():
            groups.setdefault(county.city, []).append((county.code, county.name))
        self.region_code.choices = grouped_choices(groups, _("请选择"))
        return self

    def details(self) -> CeremonyDetails:
        """Return what was typed."""
        day, at = self.day.data or clock.today(), self.at.data or time(9)
        return CeremonyDetails(
            title=self.title.data or "",
            place=self.place.data or "",
            region_code=self.region_code.data or "",
            starts_at=datetime.combine(day, at, tzinfo=clock.SHANGHAI),
            answer_by=self.answer_by.data or day,
            capacity=self.capacity.data or 0,
            host=self.host.data or "",
            contact=self.contact.data or "",
            stage_slots=self.stage_slots.data or 0,
            round_minutes=self.round_minutes.data or 0,
        )


def filled_form(ceremony: Ceremony) -> CeremonyForm:
    """Return the form with what a ceremony says now."""
    names = (
        "version", "title", "region_code", "place", "answer_by", "capacity", "stage_slots",
        "round_minutes", "host", "contact",
    )  # fmt: skip
    local = ceremony.starts_at.astimezone(clock.SHANGHAI)
    data = {name: getattr(ceremony, name) for name in names}
    data |= {"day": local.date(), "at": local.time(), "version": str(ceremony.version)}
    return CeremonyForm(formdata=None, data=data).fill_choices()


@dataclass(frozen=True)
class Refusal:
    """Why a form of a page was refused: which one, in which words, with what was typed."""

    tried: str = ""
    words: Words = ""
    earlier: str = ""
    fields: Mapping[str, Words] = field(default_factory=dict)
    typed: MultiDict[str, str] = field(default_factory=MultiDict)

    def problem(self, tried: str) -> Words:
        """Return what stands at the one text of a form."""
        return self.words if self.tried == tried and not self.earlier else ""

    def was(self, tried: str, name: str, otherwise: str = "") -> str:
        """Return what was typed into a field of the form that was tried."""
        return self.typed.get(name, "") if self.tried == tried else otherwise


NOTHING = Refusal()


def refusal_of(error: DomainError, tried: str) -> tuple[Refusal, int]:
    """Return what a page says about a refusal, and the status of the answer."""
    typed = MultiDict(request.form)
    if isinstance(error, InvalidInput):
        words = next(iter(error.fields.values()), error.words)
        return Refusal(tried, words, "", error.fields, typed), 400
    if isinstance(error, KeyReused):
        return Refusal(tried, error.words, error.answer, {}, typed), 422
    questions = error.questions if isinstance(error, AskAgain) else ()
    return Refusal(tried, next(iter(questions), error.words), "", {}, typed), 409


def read_ids(name: str) -> list[int]:
    """Read ids that a form names, each by a field of its own or parted by commas; odd ones drop."""
    texts = [part for value in request.form.getlist(name) for part in value[:20000].split(",")]
    return [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 10]


def read_number(name: str, otherwise: int = 0) -> int:
    """Read a small whole number; anything odd is ``otherwise``."""
    text = request.form.get(name, "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else otherwise


def read_people(*, with_seats: bool) -> list[Person]:
    """Read who comes, a row each: name, post, whether they sign, and for organisers the seat."""
    form = request.form
    return [
        Person(
            name=form.get(f"name-{at}", "")[:200],
            post=form.get(f"post-{at}", "")[:200],
            is_signer=form.get(f"signer-{at}") == "y",
            id=read_number(f"id-{at}"),
            seat=form.get(f"seat-{at}", "")[:200] if with_seats else None,
        )
        for at in range(MOST_PEOPLE_ROWS)
        if f"name-{at}" in form
    ]


def read_item() -> ItemDetails:
    """Read an item of the agenda; minutes that cannot be read are refused by the verb."""
    kind = request.form.get("kind", "")
    return ItemDetails(
        kind=AgendaKind(kind) if kind in set(AgendaKind) else AgendaKind.OTHER,
        title=request.form.get("title", ""),
        speaker=request.form.get("speaker", ""),
        minutes=read_number("minutes", -1 if request.form.get("minutes", "").strip() else 0),
    )


def read_grouping() -> Grouping:
    """Read by what the list is to be grouped; anything odd is by nothing."""
    typed = request.form.get("grouping", "")
    return Grouping(typed) if typed in set(Grouping) else Grouping.NONE


def read_sought(args: MultiDict[str, str]) -> Sought:
    """Read which claims are looked for; what is unknown asks for nothing."""
    return Sought(
        words=args.get("q", "").strip()[:LONGEST_SEARCH],
        region=_known(args.get("region"), region_choices()),
        sector=_known(args.get("sector"), {str(key): "" for key in SECTOR_WORDS}),
        org_type=_known(args.get("type"), {str(key): "" for key in TYPE_WORDS}),
    )


def region_choices() -> dict[str, str]:
    """Return cities and counties to choose from: the digits they begin with, and their names."""
    found: dict[str, str] = {}
    for county in poverty_counties().values():
        found.setdefault(county.code[:4], county.city)
    return found | {
        prefix_of(county.code): f"{county.city} {county.name}"
        for county in poverty_counties().values()
    }


def county_choices() -> Sequence[tuple[str, Sequence[tuple[str, str]]]]:
    """Return the cities, each with its counties."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for county in poverty_counties().values():
        groups.setdefault(county.city, []).append((county.code, county.name))
    return list(groups.items())


def _known(text: str | None, among: Mapping[str, str]) -> str:
    return text if text is not None and text in among else ""
