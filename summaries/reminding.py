"""Reminders inside a running transaction: a row for each occasion, and the notice with it, in one commit.

The row is unique by summary and occasion: whoever comes second, another process or the same one after a crash, gets no
row and tells nobody.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from core import clock
from core.db import add_new
from core.refs import Actor, Ref
from notices import outbox
from notices.outbox import Audience
from summaries.models import Summary, SummaryReminder
from summaries.stages import Stage
from summaries.states import Duty

PIECE = 250  # summaries of one transaction by the clock: a hand-in never waits long
COLUMNS = (Summary.id, Summary.agency_id, Summary.year, Summary.duty, Summary.due_on, Summary.opened_at)


@dataclass(frozen=True, slots=True)
class Asked:
    """A summary that somebody is reminded of."""

    id: int
    agency_id: int
    year: int
    duty: Duty
    due_on: date
    since: date  # the day from which it was asked for

    @property
    def ref(self) -> Ref:
        return Ref("summary", self.id, f"{self.year} 年度工作总结")


def not_reminded(occasion: str) -> ColumnElement[bool]:
    """Summaries without a row of an occasion."""
    there = select(SummaryReminder.id).where(
        SummaryReminder.summary_id == Summary.id, SummaryReminder.occasion == occasion
    )
    return ~there.exists()


def locked(session: Session, *where: ColumnElement[bool], most: int | None = None) -> list[Asked]:
    """Summaries in the order of their ids, locked: nobody hands one in between the look and the reminder."""
    rows = select(*COLUMNS).where(*where).order_by(Summary.id).limit(most).with_for_update(of=Summary)
    return [
        Asked(row_id, agency_id, year, duty, due_on, clock.day_of(opened_at))
        for row_id, agency_id, year, duty, due_on, opened_at in session.execute(rows)
    ]


def note(
    session: Session, asked: Sequence[Asked], occasion: str, *, by: Actor | None = None, sent: bool = True
) -> list[Asked]:
    """Note an occasion; returns those for whom it is new."""
    row = {"occasion": occasion, "on": clock.today(), "at": clock.now(), "by_id": by.id if by else None, "sent": sent}
    rows = [row | {"summary_id": each.id} for each in asked]
    new = set(add_new(session, SummaryReminder, rows, returning=SummaryReminder.summary_id))
    return [each for each in asked if each.id in new]


def tell(
    session: Session,
    asked: Sequence[Asked],
    event: str,
    detail: Callable[[Asked], Mapping[str, str]] = lambda each: {},
) -> None:
    """A notice to each agency."""
    outbox.post_all(session, event, ((Audience.agency(each.agency_id), each.ref, detail(each)) for each in asked))


def tell_stage(session: Session, asked: Sequence[Asked], stage: Stage, *, on: date) -> None:
    """The clock's reminder, with the days that are left."""
    left = stage.days_left(on)
    owed = "summary_due" if left else "summary_due_today"
    event = owed if stage.duty.is_owed else "summary_invited_again"
    words = {"days": str(left), "due": stage.due_on.isoformat()}
    tell(session, asked, event, lambda each: words)


def tell_opened(session: Session, asked: Sequence[Asked]) -> None:
    """That the year is open: to who owes it, and to who may hand in a nil one, in words of their own."""
    for owed, event in ((True, "summary_opened"), (False, "summary_invited")):
        tell(session, [each for each in asked if each.duty.is_owed is owed], event, due_words)


def due_words(each: Asked) -> Mapping[str, str]:
    return {"due": each.due_on.isoformat()}
