"""What to look for in the trail."""

from datetime import date
from typing import Any

from wtforms import DateField, SelectField, StringField, ValidationError
from wtforms.validators import Optional

from matchplatform.access.fields import PlainForm, at_most
from matchplatform.audit.queries import AuditFilter
from matchplatform.kernel.i18n import lazy_gettext as _


class FilterForm(PlainForm):
    """Words, a kind of action, and days; sent by GET, so it carries no token."""

    class Meta:
        """Reading changes nothing."""

        csrf = False

    words = StringField(_("人、事项或编号"), validators=[at_most(100)])
    action = SelectField(_("办了什么"), validate_choice=False)
    since = DateField(_("从"), validators=[Optional()])
    until = DateField(_("到"), validators=[Optional()])

    def validate_since(self, field: Any) -> None:
        """Refuse days that no trail of ours can hold."""
        if field.data and not 2000 <= field.data.year < 2100:
            raise ValidationError(_("请填 2000 到 2099 年之间的日期。"))

    validate_until = validate_since

    def wanted(self) -> AuditFilter:
        """Return the filter that was typed; what cannot be read is left out."""
        return AuditFilter(
            words=(self.words.data or "").strip()[:100],
            action=self.action.data or "",
            since=_readable(self.since),
            until=_readable(self.until),
        )


def _readable(field: Any) -> date | None:
    day: date | None = None if field.errors else field.data
    return day
