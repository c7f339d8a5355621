"""The one clock. Times are aware and kept in UTC; days are days in Shanghai."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
A_MOMENT = timedelta(microseconds=1)

_set_time: ContextVar[datetime | None] = ContextVar("set_time", default=None)


def now() -> datetime:
    """Return the present moment, aware, in UTC."""
    return _set_time.get() or datetime.now(UTC)


def today() -> date:
    """Return the present day in Shanghai."""
    return now().astimezone(SHANGHAI).date()


def end_of_day(day: date) -> datetime:
    """Return 24:00 Shanghai time of ``day`` as an aware UTC moment."""
    following = datetime.combine(day + timedelta(days=1), time(0), tzinfo=SHANGHAI)
    return following.astimezone(UTC)


@contextmanager
def set_clock(at: datetime) -> Iterator[None]:
    """Hold the clock at ``at`` inside the block, for seeds and tests."""
    token = _set_time.set(at.astimezone(UTC))
    try:
        yield
    finally:
        _set_time.reset(token)
