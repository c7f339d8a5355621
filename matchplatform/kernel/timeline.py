"""Events of a timeline, as the macro of that name draws them."""

from dataclasses import dataclass
from datetime import date, datetime

from matchplatform.kernel.i18n import Words


@dataclass(frozen=True)
class Event:
    """One event: ``shape`` is the mark beside it, ``ahead`` says that it has not happened yet."""

    at: date | datetime
    title: Words
    detail: Words = ""
    shape: str = "dot"
    ahead: bool = False
