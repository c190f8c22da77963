"""A year's row and a summary's row, made inside a running transaction: once, however many come at the same moment."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from agency.models import Agency, FilingStatus
from core import clock
from core.db import add_new, add_unless_there
from summaries.models import Summary, SummaryYear
from summaries.queries.figures import duties
from summaries.rules import Dates
from summaries.states import Duty, State


def year_row(session: Session, dates: Dates) -> SummaryYear:
    """The year's row, made with its opening day where there is none yet."""
    add_unless_there(session, SummaryYear, year=dates.year, version=1, opens_on=dates.opens_on)
    return session.get_one(SummaryYear, dates.year, populate_existing=True)


def summary_row(session: Session, agency_id: int, dates: Dates) -> Summary:
    """The agency's summary of the year, locked; made where there is none yet."""
    wanted = select(Summary).where(Summary.year == dates.year, Summary.agency_id == agency_id)
    locked = wanted.with_for_update(of=Summary).execution_options(populate_existing=True)
    found = session.scalar(locked)
    if found is None:
        year_row(session, dates)
        duty = duties(session, dates, [agency_id])[agency_id]
        add_unless_there(session, Summary, **_values(agency_id, dates, duty))
        found = session.scalars(locked).one()
    return found


def open_for_all(session: Session, dates: Dates, *, invite: bool = True) -> int:
    """A row for every agency that owes one or, `invite`, may hand in a nil one: who evaluated, and all that are filed.

    Returns how many were made; those that are there already stay as they are, those that come at the same moment too.
    A fixed number of queries, and one for some hundred rows.
    """
    owed = duties(session, dates)
    filed = session.scalars(select(Agency.id).where(Agency.filing_status == FilingStatus.FILED)) if invite else ()
    there = set(session.scalars(select(Summary.agency_id).where(Summary.year == dates.year)))
    missing = sorted({*filed, *owed} - there)
    year_row(session, dates)
    rows = [_values(each, dates, owed.get(each, Duty.INVITED)) for each in missing]
    return len(add_new(session, Summary, rows, returning=Summary.id))


def settle_duties(session: Session, dates: Dates, agencies: Collection[int] | None = None) -> int:
    """Settle anew what is owed, of the summaries that have not been handed in: evaluations come and go until then.

    Returns how many changed. Rows are locked in the order of their ids. A fixed number of queries and what changes.
    """
    rows = select(Summary).where(Summary.year == dates.year, Summary.first_handed_in_at.is_(None)).order_by(Summary.id)
    if agencies is not None:
        rows = rows.where(Summary.agency_id.in_(agencies))
    owed, changed = duties(session, dates, agencies), 0
    for summary in session.scalars(rows.with_for_update(of=Summary).execution_options(populate_existing=True)):
        changed += set_duty(summary, owed.get(summary.agency_id, Duty.INVITED), dates)
    session.flush()
    return changed


def set_duty(summary: Summary, duty: Duty, dates: Dates) -> bool:
    """Whether it is another one than before."""
    if (summary.duty, summary.due_on) == (duty, dates.due_of(duty)):
        return False
    summary.duty, summary.due_on = duty, dates.due_of(duty)
    return True


def _values(agency_id: int, dates: Dates, duty: Duty) -> dict[str, object]:
    return {
        "year": dates.year,
        "agency_id": agency_id,
        "version": 1,
        "state": State.DRAFT,
        "duty": duty,
        "due_on": dates.due_of(duty),
        "opened_at": clock.now(),
        "days_late": 0,
        "nil": False,
        "account": "",
        "problems": "",
        "suggestions": "",
        "plan": "",
        "return_reason": "",
        "remark": "",
    }


def day_after(day: date) -> date:
    """The first day on which what was due on it is late."""
    return date.fromordinal(day.toordinal() + 1)
