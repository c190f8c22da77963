"""The years of the working calendar as an admin sees them: what is known of each, from where, what is missing."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import clock
from core.workdays import WorkYear, calendar, official
from scheduling.year_notice import YearDays

ASKED_FROM = (12, 1)  # from when on the notice of the next year should have been entered; it comes out in November
YEARS_BACK = 3
YEARS_AHEAD = 2


@dataclass(frozen=True, slots=True)
class Year:
    """A year: known from the library, entered, or not known (counted Monday to Friday)."""

    year: int
    entered: WorkYear | None
    is_known: bool
    days: YearDays
    working_days: int


def year_of(session: Session, year: int) -> Year:
    known = calendar(session)
    entered = session.get(WorkYear, year)
    if entered is not None:
        days = YearDays(_days(entered.days_off), _days(entered.worked))
    else:
        days = YearDays(
            tuple(sorted(day for day in known.days_off if day.year == year)),
            tuple(sorted(day for day in known.worked if day.year == year)),
        )
    return Year(year, entered, year in known.years, days, working_days(session, year))


def working_days(session: Session, year: int) -> int:
    known = calendar(session)
    first = date(year, 1, 1)
    return sum(known.is_working(first + timedelta(days=n)) for n in range((date(year + 1, 1, 1) - first).days))


def years(session: Session) -> list[Year]:
    """The years around now that can be entered, the newest first."""
    today = clock.today()
    return [year_of(session, year) for year in range(today.year + YEARS_AHEAD, today.year - YEARS_BACK - 1, -1)]


def missing(session: Session, *, on: date) -> int | None:
    """The year whose notice should have been entered by now; None where all is known that must be."""
    known = official().years | set(session.scalars(select(WorkYear.year)))
    wanted = [on.year, *([on.year + 1] if (on.month, on.day) >= ASKED_FROM else [])]
    return next((year for year in wanted if year not in known), None)


def can_be_entered(year: int) -> bool:
    return clock.today().year - YEARS_BACK <= year <= clock.today().year + YEARS_AHEAD


def _days(texts: list[str]) -> tuple[date, ...]:
    return tuple(sorted(date.fromisoformat(text) for text in texts))
