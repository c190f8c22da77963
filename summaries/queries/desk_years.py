"""The years at the desk."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import User
from core import clock, law
from core.db import db
from summaries import rules
from summaries.models import SummaryYear
from summaries.queries.overview import Totals, YearLine, totals


def year_lines(session: Session, *, today: date, bureau: str = "") -> Sequence[YearLine]:
    """This year and every year that has a row, the newest first."""
    rows = {row.year: row for row in session.scalars(select(SummaryYear).order_by(SummaryYear.year))}
    years = sorted({today.year, *rows}, reverse=True)
    return [
        _line(
            year, rows.get(year), totals(session, year, today=today, bureau=bureau) if year in rows else Totals(), today
        )
        for year in years
    ]


def year_seen_by(user: User, year: int) -> YearLine | None:
    """The loader of a guard: this year, or one that has a row. A bureau's officers see sums of its agencies."""
    session, today = db.session(), clock.today()
    row = session.get(SummaryYear, year, populate_existing=True)
    if row is None and year != today.year:
        return None
    bureau = bureau_of(user)
    return _line(year, row, totals(session, year, today=today, bureau=bureau), today)


def bureau_of(user: User) -> str:
    """The bureau whose agencies an officer sees; "": all of them. Who has no bureau sees those of none."""
    return "" if user.is_provincial else user.bureau or "-"


def _line(year: int, row: SummaryYear | None, sums: Totals, today: date) -> YearLine:
    dates = rules.dates_of(year, law.jurisdiction(), opens_on=row.opens_on if row else None)
    return YearLine(dates=dates, row=row, totals=sums, today=today)
