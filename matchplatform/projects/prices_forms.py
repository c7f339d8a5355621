"""The forms of the price table."""

from flask_wtf import FlaskForm
from wtforms.fields import StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.projects.fields import DateField, DecimalField, VersionField
from matchplatform.projects.forms import at_most
from matchplatform.projects.prices import (
    LONGEST_ITEM,
    LONGEST_SOURCE,
    LONGEST_UNIT,
    PriceDetails,
)


class PriceForm(FlaskForm):  # type: ignore[misc]
    """One row of the price table."""

    version = VersionField()
    item = StringField(
        _("物品"), validators=[InputRequired(_("请填这一项。")), at_most(LONGEST_ITEM)]
    )
    unit = StringField(
        _("单位"), validators=[InputRequired(_("请填这一项。")), at_most(LONGEST_UNIT)]
    )
    low = DecimalField(_("最低价（元）"), validators=[InputRequired(_("请填最低价。"))])
    high = DecimalField(_("最高价（元）"), validators=[InputRequired(_("请填最高价。"))])
    source = StringField(
        _("价格来源"), validators=[InputRequired(_("请填这一项。")), at_most(LONGEST_SOURCE)]
    )
    as_of = DateField(_("哪一天的价格"), validators=[InputRequired(_("请填这个价格是哪一天的。"))])

    def details(self) -> PriceDetails:
        """Return what was typed."""
        return PriceDetails(
            item=self.item.data or "",
            unit=self.unit.data or "",
            low=self.low.data,
            high=self.high.data,
            source=self.source.data or "",
            as_of=self.as_of.data,
        )


class RemovePriceForm(FlaskForm):  # type: ignore[misc]
    """A button that takes a row away, and why."""

    version = VersionField()
    reason = TextAreaField(_("为什么删"), validators=[Optional(), Length(max=500)])
