"""Values as a preview shows them: before and after."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.money import format_number

Shown = Mapping[Any, Any]


def show(value: object, words: Shown) -> str:
    """Return a value in words; ``words`` say what choices are called."""
    if value is None or value == "":
        return str(_("（空）"))
    if isinstance(value, bool):
        return str(_("是") if value else _("否"))
    if isinstance(value, list | tuple | set | frozenset):
        return "、".join(sorted(show(each, words) for each in value)) or str(_("（空）"))
    if value in words:
        return str(words[value])
    if isinstance(value, date):
        return value.isoformat()
    return format_number(value) if isinstance(value, int | Decimal) else str(value)
