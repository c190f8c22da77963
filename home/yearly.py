"""What an agency's start page says of the year's summary."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from home.next_steps import NextStep
from summaries import outlook
from summaries.models import Summary
from summaries.queries import own as summaries
from summaries.queries.own import Own
from summaries.states import EDITABLE, State

PRESSING = 7  # days before its last day a summary comes before other work


@dataclass(frozen=True, slots=True)
class YearTask:
    """The summary that is the agency's to write now. `presses`: it comes before what else there is to do."""

    year: int
    due_on: date
    presses: bool
    owed: bool
    step: NextStep


def task_of(session: Session, agency_id: int, today: date) -> YearTask | None:
    """An older year's that was returned or never came first, else this year's from the day it opens."""
    rows = select(Summary.year).where(
        Summary.agency_id == agency_id, Summary.year < today.year, Summary.state.in_(EDITABLE)
    )
    for year in (*session.scalars(rows.order_by(Summary.year)), today.year):
        own = summaries.own(session, agency_id, year, today=today)
        if outlook.is_waiting(own) and (year == today.year or own.duty.is_owed or own.state is State.RETURNED):
            return _task(own)
    return None


def _task(own: Own) -> YearTask:
    step = outlook.next_of(own)
    returned = own.state is State.RETURNED
    return YearTask(
        year=own.year,
        due_on=own.due_on,
        presses=returned or (own.duty.is_owed and own.days_left <= PRESSING),
        owed=own.duty.is_owed,
        step=NextStep(
            f"{own.year} 年度工作总结：{step.title}",
            step.text,
            step.endpoint,
            step.label,
            step.tone,
            {"year": own.year},
        ),
    )
