"""The forms of offers: shape and wording of what is typed, never rules."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from werkzeug.datastructures import MultiDict
from wtforms.fields import SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from matchplatform.access.fields import PlainForm, at_most, choices_of, needed
from matchplatform.kernel import clock
from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.sectors import SECTOR_WORDS
from matchplatform.offers.details import (
    LONGEST_ITEM,
    LONGEST_NOTE,
    LONGEST_UNIT,
    OfferDetails,
    region_choices,
)
from matchplatform.offers.models import SupplyOffer
from matchplatform.offers.queries import Wanted
from matchplatform.offers.states import OUTCOME_WORDS, OfferOutcome
from matchplatform.projects.fields import DateField, DecimalField, VersionField
from matchplatform.projects.forms import NeededToSubmit
from matchplatform.projects.states import LINE_WORDS, LineKind
from matchplatform.regions.divisions import name_of

LONGEST_WORDS = 60


class OfferForm(PlainForm):
    """What an organisation would give."""

    version = VersionField()
    kind = SelectField(_("种类"), choices=choices_of(LINE_WORDS), default=LineKind.GOODS)
    item = StringField(_("提供什么"), validators=[needed(), at_most(LONGEST_ITEM)])
    quantity = DecimalField(_("数量"), validators=[InputRequired(_("请填数量。"))])
    unit = StringField(_("单位"), validators=[NeededToSubmit(), at_most(LONGEST_UNIT)])
    unit_price = DecimalField(_("单价（元）"), validators=[Optional()])
    valid_until = DateField(_("有效期到"), validators=[InputRequired(_("请填有效期。"))])
    sectors = SelectMultipleField(
        _("愿意用在哪些类别"),
        choices=choices_of(SECTOR_WORDS),
        validate_choice=False,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        validators=[Optional()],
    )
    regions = SelectMultipleField(_("愿意给哪些地方"), choices=[], validate_choice=False)
    note = TextAreaField(_("说明"), validators=[Optional(), at_most(LONGEST_NOTE)])
    questions: Sequence[Words] = ()

    def details(self) -> OfferDetails:
        """Return what was typed."""
        return OfferDetails(
            kind=LineKind(self.kind.data),
            item=self.item.data or "",
            quantity=self.quantity.data or Decimal(0),
            unit=self.unit.data or "",
            unit_price=self.unit_price.data,
            valid_until=self.valid_until.data or clock.today(),
            sectors=tuple(self.sectors.data or ()),
            regions=tuple(self.regions.data or ()),
            note=self.note.data or "",
        )

    def show_version(self, version: int) -> None:
        """Carry the present version from here on, whatever was sent."""
        self.version.data = str(version)


class CloseForm(PlainForm):
    """How an offer ends, and why."""

    version = VersionField()
    outcome = SelectField(_("怎样结束"), choices=choices_of(OUTCOME_WORDS))
    reason = TextAreaField(
        _("原因"), validators=[needed(_("请写明原因，至少五个字。")), at_most(500)]
    )

    @property
    def chosen_outcome(self) -> OfferOutcome:
        """Return the outcome that was chosen."""
        return OfferOutcome(self.outcome.data)


def filled_form(offer: SupplyOffer) -> OfferForm:
    """Return the form with what an offer says now."""
    names = (
        "kind", "item", "quantity", "unit", "unit_price", "valid_until", "sectors", "regions",
        "note", "version",
    )  # fmt: skip
    data = {name: getattr(offer, name) for name in names}
    if offer.kind is LineKind.MONEY:
        # Money has no price to fill in.
        data["unit_price"] = None
    return OfferForm(formdata=None, data=data)


def read_wanted(args: MultiDict[str, str]) -> Wanted:
    """Read what an officer looks for from an address; what is unknown asks for nothing."""
    known = region_choices()
    counties = {code for members in known.values() for code in members}
    return Wanted(
        words=args.get("q", "").strip()[:LONGEST_WORDS],
        kind=_known(args.get("kind"), map(str, LINE_WORDS)),
        sector=_known(args.get("sector"), map(str, SECTOR_WORDS)),
        region=_known(args.get("region"), counties | set(known)),
    )


def tell_wanted(wanted: Wanted) -> str:
    """Say in words what is looked for."""
    parts = [wanted.words]
    if wanted.kind:
        parts.append(str(LINE_WORDS[LineKind(wanted.kind)]))
    parts += [str(words) for key, words in SECTOR_WORDS.items() if key == wanted.sector]
    parts += [name_of(wanted.region)] if wanted.region else []
    return str(_("、")).join(part for part in parts if part) or str(_("全部"))


def _known(text: str | None, among: Iterable[str]) -> str:
    return text if text is not None and text in set(among) else ""
