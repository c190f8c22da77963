"""The year's summary by the clock. The order of a day: what is owed, what is late, in the morning the reminders."""

from collections.abc import Iterator
from datetime import date, time

from core import law
from core.db import db
from scheduling.jobs import CatchUp, Job
from summaries.models import SummaryYear
from summaries.queries import overview, years
from summaries.rules import Dates
from summaries.services import marking, opening, reminding
from summaries.states import Duty


def open_years(on: date) -> str:
    """Open this year when its day has come; settle this and the last year as evaluations come and go."""
    told = []
    for dates in _years(on):
        done = opening.open_due(dates.year, on=on)
        told.append(f"{dates.year} 年度：建档 {done.made} 家，通知 {done.told} 家，应报情况变更 {done.settled} 家")
    return "；".join(told) or "还没有到开放日。"


def mark_late(on: date) -> str:
    """On the day after the last one: each in a transaction of its own, so that what broke off goes on where it was.

    What was marked and is owed no more since the night's settling loses its mark.
    """
    marked = cleared = 0
    for dates in _years(on):
        for summary_id in overview.wrongly_marked_ids(db.session(), dates.year):
            cleared += marking.take_back(summary_id)
        for summary_id in overview.overdue_ids(db.session(), dates.year, on=on):
            marked += marking.mark_late(summary_id, on=on)
    return f"逾期未报标记 {marked} 家。" + (f"不再应报的撤销标记 {cleared} 家。" if cleared else "")


def remind(on: date) -> str:
    """The reminder that a day has reached, piece by piece, until everyone has theirs."""
    told = passed_over = 0
    for dates in _years(on):
        for duty in Duty:
            while (piece := reminding.by_clock(dates, duty, on=on)).seen:
                told, passed_over = told + piece.told, passed_over + piece.passed_over
    return f"提醒 {told} 家。" + (f"此前未发的 {passed_over} 次由本次代替。" if passed_over else "")


def close_supplements(on: date) -> str:
    """After the last day of supplements: the desk is told that the year can be brought together."""
    closed = [str(dates.year) for dates in _years(on) if opening.close(dates.year, on=on)]
    return f"{'、'.join(closed)} 年度补充报告截止。" if closed else "没有到截止日的年度。"


def _years(on: date) -> Iterator[Dates]:
    """The last year, if it was opened here, and this one from its opening day on."""
    session = db.session()
    for year in (on.year - 1, on.year):
        if year < law.jurisdiction().in_force_since.year:
            continue
        row = session.get(SummaryYear, year, populate_existing=True)
        dates = years.dates_of(session, year)
        if (row is not None and row.opened_at is not None) or (year == on.year and dates.opens_on <= on):
            yield dates


JOBS = (
    Job("summaries.open", "年度总结：开放填报、核定应报", open_years, at=time(0, 5), catch_up=CatchUp.LATEST),
    Job("summaries.late", "年度总结：标记逾期", mark_late, at=time(0, 15), catch_up=CatchUp.LATEST),
    Job("summaries.close", "年度总结：补充报告截止", close_supplements, at=time(0, 20), catch_up=CatchUp.LATEST),
    Job("summaries.remind", "年度总结：提醒上报", remind, at=time(8, 0), catch_up=CatchUp.LATEST),
)
