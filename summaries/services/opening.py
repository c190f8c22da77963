"""A year is opened, by the clock or by hand; what is owed is settled each night; in the end supplements are closed."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from accounts.models import PROVINCIAL_ROLES
from core import audit, clock
from core.db import transaction
from core.refs import Actor
from notices import outbox
from notices.outbox import Audience
from summaries import desk_rules, opening, reminding, rules
from summaries.models import Summary, SummaryYear
from summaries.queries import years
from summaries.rules import Dates
from summaries.stages import OPENED


@dataclass(frozen=True, slots=True)
class Opened:
    """How many agencies got their row, how many were told, for how many something else is owed than before."""

    made: int
    told: int
    settled: int = 0


def set_opening(year: int, opens_on: date, *, version: int, by: Actor) -> None:
    """设定开放日: while the year is not open. Raises NotPossibleNow, NotOpen, WrongDay."""
    with transaction() as session:
        row, dates = _year(session, year)
        rules.require_shown(shown=version, now=row.version)
        desk_rules.require_opening(dates, opens_on, is_open=row.opened_at is not None, today=clock.today())
        _set(session, row, opens_on, by)


def open_now(year: int, *, version: int, by: Actor) -> Opened:
    """现在开放: without waiting for the day. Raises NotPossibleNow, NotOpen, WrongDay."""
    with transaction() as session:
        row, dates = _year(session, year)
        rules.require_shown(shown=version, now=row.version)
        today = clock.today()
        desk_rules.require_opening(dates, today, is_open=row.opened_at is not None, today=today)
        if dates.opens_on > today:
            _set(session, row, today, by)
        return _open(session, row, years.dates_of(session, year), on=today, by=by)


def open_due(year: int, *, on: date) -> Opened:
    """The clock's part of each night: opens the year on its day; afterwards who is filed later, or owes it now.

    Raises NotOpen before the day.
    """
    with transaction() as session:
        row, dates = _year(session, year)
        rules.require_open(dates, today=on)
        opened = _open(session, row, dates, on=on, by=None)
        return Opened(opened.made, opened.told, opening.settle_duties(session, dates))


def close(year: int, *, on: date) -> bool:
    """After the last day of supplements the desk is told, once; whether it was now."""
    with transaction() as session:
        row, dates = _year(session, year)
        if row.opened_at is None or row.closed_at is not None or on <= dates.supplement_until:
            return False
        row.closed_at, row.version = clock.now(), row.version + 1
        audit.record(session, "summary_year.closed", row, by=None)
        for role in sorted(PROVINCIAL_ROLES):
            outbox.post(session, "summary_year_closed", to=Audience.role(role), about=row)
        return True


def _year(session: Session, year: int) -> tuple[SummaryYear, Dates]:
    """The year's row, locked, and its days. Raises NotOpen for a year before the rules."""
    dates = years.dates_of(session, year)
    opening.year_row(session, dates)
    row = session.get_one(SummaryYear, year, with_for_update=True, populate_existing=True)
    return row, dates


def _set(session: Session, row: SummaryYear, opens_on: date, by: Actor) -> None:
    before, row.opens_on = row.opens_on, opens_on
    row.set_at, row.set_by, row.version = clock.now(), by.id, row.version + 1
    audit.record(session, "summary_year.set", row, by=by, before=before.isoformat(), after=opens_on.isoformat())


def _open(session: Session, row: SummaryYear, dates: Dates, *, on: date, by: Actor | None) -> Opened:
    """Rows for all, and word to everyone who had none yet. After their last day nobody is invited, or told so."""
    made = opening.open_for_all(session, dates, invite=on <= dates.due_on)
    waiting = Summary.year == row.year, Summary.first_handed_in_at.is_(None), Summary.due_on >= on
    told = reminding.note(session, reminding.locked(session, *waiting, reminding.not_reminded(OPENED)), OPENED, by=by)
    reminding.tell_opened(session, told)
    if row.opened_at is None:
        row.opened_at, row.version = clock.now(), row.version + 1
        audit.record(session, "summary_year.opened", row, by=by, after=f"{made} 家")
    return Opened(made, len(told))
