"""The form of a county's figures: shape and wording of what is typed, never rules."""

from collections.abc import Mapping, Sequence
from typing import Any

import wtforms
from wtforms.fields import HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired

from matchplatform.access.fields import PlainForm, at_most, needed
from matchplatform.kernel.errors import InvalidInput
from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.money import format_number
from matchplatform.kernel.numbers import parse_decimal
from matchplatform.kernel.paging import read_version
from matchplatform.regions.columns import TYPED
from matchplatform.regions.figures import LONGEST_SOURCE, CountyFigures
from matchplatform.regions.models import PoorFigures
from matchplatform.regions.quarters import last_day

DAY_FORMATS = ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d"]
MOST = 10_000_000


# The components know fields of counts and days by the names of their classes.
class IntegerField(wtforms.IntegerField):  # type: ignore[misc]
    """A count as people type it; nothing typed is no answer, for zero says something too."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the count, or say why not."""
        self.data = None
        if not any(valuelist):
            return
        try:
            number = parse_decimal(valuelist[0][:40])
        except InvalidInput as error:
            raise ValueError(error.words) from error
        if number is None or number != number.to_integral_value() or number > MOST:
            raise ValueError(_("这里请填整数。"))
        self.data = int(number)

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else format_number(self.data)


class DateField(wtforms.DateField):  # type: ignore[misc]
    """A day, as 2020-06-30 or with slashes or dots."""

    def __init__(self, label: Words, **kwargs: Any) -> None:
        super().__init__(label, format=DAY_FORMATS, **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the day, or say how it is written."""
        try:
            super().process_formdata([text for text in valuelist if text])
        except ValueError as error:
            raise ValueError(_("请按 2020-06-30 这样写日期。")) from error


class FiguresForm(PlainForm):
    """What a county counted in a quarter; the counts are added below."""

    version = HiddenField()
    as_of = DateField(_("截至日期"), validators=[InputRequired(_("请填日期。"))])
    source = StringField(_("数从哪里来"), validators=[needed(), at_most(LONGEST_SOURCE)])
    reason = TextAreaField(_("更正的原因"), validators=[at_most(500)])
    questions: Sequence[Words] = ()

    @property
    def seen(self) -> int:
        """Return the revision that the form shows, 0 for none."""
        return read_version(self.version.data)

    def figures(self) -> CountyFigures:
        """Return what was typed."""
        return CountyFigures(
            {name: self[name].data or 0 for name in TYPED}, self.as_of.data, self.source.data or ""
        )


for _name, _words in TYPED.items():
    setattr(FiguresForm, _name, IntegerField(_words, validators=[InputRequired(_("没有就填 0。"))]))


def filled_form(latest: PoorFigures | None, quarter: str) -> FiguresForm:
    """Return the form with what is known: the latest revision, or the quarter's last day."""
    data: Mapping[str, object] = {"version": "0", "as_of": last_day(quarter)}
    if latest is not None:
        kept = {name: getattr(latest, name) for name in (*TYPED, "as_of", "source")}
        data = {**kept, "version": str(latest.revision)}
    return FiguresForm(formdata=None, data=data)
