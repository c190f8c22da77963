"""The years that summaries are handed in for."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import law
from summaries import rules
from summaries.models import SummaryYear
from summaries.rules import Dates, NotOpen


def dates_of(session: Session, year: int) -> Dates:
    """The days of a year, with the opening day that the desk set, if it did. Raises NotOpen before 2024."""
    opens_on = session.scalar(select(SummaryYear.opens_on).where(SummaryYear.year == year))
    return rules.dates_of(year, law.jurisdiction(), opens_on=opens_on)


def open_dates(session: Session, year: int, *, today: date) -> Dates:
    """The days of a year that is open: this one, or one that has a row, from its opening day on. Raises NotOpen."""
    dates = dates_of(session, year)
    rules.require_open(dates, today=today)
    if year < today.year and session.get(SummaryYear, year) is None:
        raise NotOpen(f"{year} 年度工作总结没有在本系统中填报，需要补报的，请与省厅联系。", clause="JL-22-1c")
    return dates
