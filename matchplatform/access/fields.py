"""Form parts that several features share: their messages are plain text, as the macros expect."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_wtf import FlaskForm
from wtforms import SelectChoice
from wtforms.validators import DataRequired, Length

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


def choices_of(words: Mapping[Any, Words]) -> list[SelectChoice]:
    """Return values with their words, to choose from."""
    return [SelectChoice(str(value), label) for value, label in words.items()]


def grouped_choices(groups: Groups, blank: Words) -> list[SelectChoice]:
    """Return regions in groups by city, with a blank choice before them."""
    return [
        SelectChoice("", blank),
        *(
            SelectChoice(code, name, optgroup=group)
            for group, members in groups.items()
            for code, name in members
        ),
    ]
