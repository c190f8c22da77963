"""The only reader of the time. Instants are aware and UTC; days and years are Shanghai's (reading 24)."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")

_frozen: ContextVar[datetime | None] = ContextVar("frozen clock", default=None)


def now() -> datetime:
    """The instant, aware, in UTC."""
    return _frozen.get() or datetime.now(UTC)  # noqa: TID251 - the one place where the time is read


def today() -> date:
    """The day it is in Shanghai."""
    return day_of(now())


def day_of(instant: datetime) -> date:
    """The Shanghai day on which an aware instant falls."""
    return instant.astimezone(SHANGHAI).date()


def start_of(day: date) -> datetime:
    """00:00 Shanghai of a day, as a UTC instant."""
    return datetime.combine(day, time(), SHANGHAI).astimezone(UTC)


def end_of(day: date) -> datetime:
    """24:00 Shanghai of a day, as a UTC instant: the first instant that is no longer in it."""
    return start_of(day + timedelta(days=1))


def years_before(day: date, years: int) -> date:
    """The same calendar date some years earlier; 29 February becomes 28 February."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def years_after(day: date, years: int) -> date:
    """The same calendar date some years later; 29 February becomes 28 February."""
    return years_before(day, -years)


@contextmanager
def frozen(at: datetime) -> Iterator[None]:
    """Hold the clock at an aware instant: for tests, and for the demonstration's invented past."""
    if at.tzinfo is None:
        raise ValueError("an instant needs its time zone")
    token = _frozen.set(at.astimezone(UTC))
    try:
        yield
    finally:
        _frozen.reset(token)
