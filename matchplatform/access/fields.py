"""Form parts that several features share: their messages are plain text, as the macros expect."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask_wtf import FlaskForm
from markupsafe import Markup, escape
from wtforms import SelectField, ValidationError
from wtforms.validators import DataRequired, Length
from wtforms.widgets import Select

from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _

Groups = Mapping[str, Sequence[tuple[str, str]]]


class PlainForm(FlaskForm):  # type: ignore[misc]
    """A form whose messages are text, whatever kind of string the rules gave."""

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        """Check the fields, and turn lazy messages into text."""
        valid = bool(super().validate(extra_validators))
        for field in self:
            field.errors = [str(message) for message in field.errors]
        return valid


def needed(words: Words | None = None) -> DataRequired:
    """Return the rule that something must be filled in."""
    return DataRequired(words or _("请填这一项。"))


def at_most(count: int) -> Length:
    """Return the rule that a text has no more than ``count`` characters."""
    return Length(max=count, message=_("最多 %(count)s 个字。", count=count))


class RegionField(SelectField):  # type: ignore[misc]
    """Regions in groups by city, with a blank choice before them."""

    def __init__(
        self, label: Words, *, groups: Callable[[], Groups], blank: Words, **kwargs: Any
    ) -> None:
        super().__init__(
            label, choices=groups, widget=_SelectWithBlank(blank), validate_choice=False, **kwargs
        )
        # The macros draw it as the select that it is.
        self.type = "SelectField"

    def pre_validate(self, form: Any) -> None:
        """Refuse a region that is not in the list."""
        if self.data and all(self.data != value for value, *_rest in self.iter_choices()):
            raise ValidationError(_("请从列表里选一个地区。"))


class _SelectWithBlank(Select):  # type: ignore[misc]
    def __init__(self, blank: Words) -> None:
        super().__init__()
        self.blank = blank

    def __call__(self, field: Any, **kwargs: Any) -> Markup:
        opening, rest = str(super().__call__(field, **kwargs)).split(">", 1)
        return Markup('{}><option value="">{}</option>{}').format(
            Markup(opening), escape(str(self.blank)), Markup(rest)
        )
