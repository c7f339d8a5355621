"""Fields that read numbers, days and versions as people and old pages send them."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

import wtforms

from matchplatform.kernel.errors import InvalidInput
from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.money import format_number
from matchplatform.kernel.numbers import parse_decimal

DAY_FORMATS = ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d"]


# The components know number and date fields by the names of their classes.
class DecimalField(wtforms.DecimalField):  # type: ignore[misc]
    """A number as people type it, shown again as it was typed."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number, or say why not."""
        self.data = _read_number(valuelist)

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else format_number(self.data)


class IntegerField(wtforms.IntegerField):  # type: ignore[misc]
    """A count as people type it; empty is zero, and zero is shown empty."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the count, or say why not."""
        number = _read_number(valuelist) or Decimal(0)
        if number != number.to_integral_value():
            raise ValueError(_("这里请填整数。"))
        self.data = int(number)

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return format_number(self.data) if self.data else ""


class DateField(wtforms.DateField):  # type: ignore[misc]
    """A day, as 2020-11-23 or with slashes or dots."""

    def __init__(self, label: Words, **kwargs: Any) -> None:
        super().__init__(label, format=DAY_FORMATS, **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the day, or say how it is written."""
        if not any(valuelist):
            self.data = None
            return
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(_("请按 2020-11-23 这样写日期。")) from error


class FieldList(wtforms.FieldList):  # type: ignore[misc]
    """A list of fields that leaves odd numbers in names, such as ², alone."""

    def _extract_indices(self, prefix: str, formdata: Iterable[str]) -> Iterator[int]:
        for name in formdata:
            number = name[len(prefix) + 1 :].partition(self._field_separator)[0]
            if name.startswith(prefix) and number.isascii() and number.isdigit():
                yield int(number[:6])


class VersionField(wtforms.HiddenField):  # type: ignore[misc]
    """The version of the content that the form shows."""

    @property
    def number(self) -> int:
        """Return the version; what nobody could have been given is 0, which is always stale."""
        text = str(self.data or "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _read_number(typed: Sequence[str]) -> Decimal | None:
    try:
        return parse_decimal(typed[0][:40]) if typed else None
    except InvalidInput as error:
        raise ValueError(error.words) from error
