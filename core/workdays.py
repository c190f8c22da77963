"""Working days by the official calendar: the State Council's days off and the weekend days worked to make up for them.

What chinesecalendar knows, and the years that an admin entered from the notice of the year, which win. A term that
reaches into days that no notice has settled yet is counted Monday to Friday and says so: `Term.provisional`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from chinese_calendar import constants
from sqlalchemy import JSON, ForeignKey, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.db import Model
from core.refs import Ref

# The notice of a year may already settle the last days of the year before: 29 December 2018 was worked by that of 2019.
OPEN_FROM = (12, 28)


class WorkYear(Model):
    """The notice of a year as an admin entered it: days off and weekend days worked, some in the December before."""

    __tablename__ = "work_year"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    notice: Mapped[str] = mapped_column(String(80))  # 国办发明电〔2026〕…号
    days_off: Mapped[Any] = mapped_column(JSON)  # days as 2027-01-01
    worked: Mapped[Any] = mapped_column(JSON)
    version: Mapped[int] = mapped_column(default=1)
    entered_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    entered_at: Mapped[datetime]

    @property
    def ref(self) -> Ref:
        return Ref("work_year", self.year, f"{self.year} 年工作日历")


@dataclass(frozen=True, slots=True)
class Calendar:
    """Days off on weekdays and weekend days worked, in the years that are known."""

    years: frozenset[int]
    days_off: frozenset[date]
    worked: frozenset[date]

    def is_working(self, day: date) -> bool:
        """Whether one works on it, as far as is known: Monday to Friday where nothing is."""
        if day in self.worked:
            return True
        return day.weekday() < 5 and day not in self.days_off

    def is_settled(self, day: date) -> bool:
        """Whether a notice says so: that of the year, and for the last days of December that of the next too."""
        if day.year not in self.years:
            return False
        return (day.month, day.day) < OPEN_FROM or day.year + 1 in self.years


@dataclass(frozen=True, slots=True)
class Term:
    """The last day of a term; provisional: it reaches into days that no notice has settled yet."""

    day: date
    provisional: bool


@cache
def official() -> Calendar:
    """What the library knows."""
    days_off, worked = frozenset(constants.holidays), frozenset(constants.workdays)
    return Calendar(frozenset(range(min(days_off).year, max(days_off).year + 1)), days_off, worked)


def joined(base: Calendar, years: Iterable[tuple[int, frozenset[date], frozenset[date]]]) -> Calendar:
    """A calendar with entered years (year, days off, days worked) in place of what it knew of them."""
    known, days_off, worked = base.years, base.days_off, base.worked
    for year, off, made_up in years:
        old = {day for day in days_off | worked if day.year == year and (day.month, day.day) < OPEN_FROM}
        known |= {year}
        days_off = (days_off - old - made_up) | off
        worked = (worked - old - off) | made_up
    return Calendar(known, days_off, worked)


def calendar(session: Session) -> Calendar:
    """The calendar as it is known now."""
    rows = session.execute(select(WorkYear.year, WorkYear.days_off, WorkYear.worked).order_by(WorkYear.year))
    return joined(official(), ((year, _days(off), _days(worked)) for year, off, worked in rows))


def _days(texts: Iterable[str]) -> frozenset[date]:
    return frozenset(date.fromisoformat(text) for text in texts)


def add_working_days(start: date, days: int, calendar: Calendar) -> Term:
    """The last day of a term of so many working days; the day it begins on is not counted.

    None: the day itself, or the next working day after it. ValueError for a term that ends before it begins.
    """
    if days < 0:
        raise ValueError("a term has no negative days")
    day, left = start, days
    settled = calendar.is_settled(day)
    while left or not calendar.is_working(day):
        day += timedelta(days=1)
        settled = settled and calendar.is_settled(day)
        left -= left > 0 and calendar.is_working(day)
    return Term(day, not settled)


def working_days_between(start: date, end: date, calendar: Calendar) -> int:
    """How many working days lie after `start` up to and with `end`; below zero where `end` is the earlier."""
    if end < start:
        return -working_days_between(end, start, calendar)
    return sum(calendar.is_working(start + timedelta(days=n)) for n in range(1, (end - start).days + 1))
