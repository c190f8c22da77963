"""An agency's own summaries: the years, and one year with everything on its pages, in a fixed number of queries."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, partial

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from accounts.models import User
from agency.models import Agency, FilingStatus
from core import clock, law
from core.db import db
from summaries import rules, stating
from summaries.figures import Known, joined
from summaries.models import Summary, SummaryAttachment, SummarySupplement, SummaryYear
from summaries.queries import figures as register
from summaries.queries import years
from summaries.rules import Dates, Figure, NotOpen
from summaries.states import EDITABLE, Duty, State


@dataclass(frozen=True)
class Own:
    """One agency's year as its users see it, begun or not."""

    agency_id: int
    agency_name: str
    filed: bool
    dates: Dates
    today: date
    obstacle: str  # why the year is not open; "" where it is
    summary: Summary | None
    register: Callable[[], tuple[Known, Duty]]  # asked when something needs it: an act reads it anew by itself
    last: Summary | None  # last year's, whose answers are offered again

    @property
    def year(self) -> int:
        return self.dates.year

    @cached_property
    def _registered(self) -> tuple[Known, Duty]:
        return self.register()

    @property
    def known(self) -> Known:
        return self._registered[0]

    @property
    def duty(self) -> Duty:
        return self._registered[1]

    @property
    def version(self) -> int:
        return self.summary.version if self.summary else 0

    @property
    def state(self) -> State:
        return self.summary.state if self.summary else State.DRAFT

    @property
    def is_begun(self) -> bool:
        return self.summary is not None and self.summary.saved_at is not None

    @property
    def editable(self) -> bool:
        return not self.obstacle and self.state in EDITABLE

    @property
    def asked(self) -> bool:
        """Whether anybody wants a summary of this agency for the year."""
        return self.duty.is_owed or self.filed or (self.summary is not None and self.summary.number is not None)

    @property
    def due_on(self) -> date:
        if self.summary is not None and self.summary.first_handed_in_at is not None:
            return self.summary.due_on
        return self.dates.due_of(self.duty)

    @property
    def days_left(self) -> int:
        """0 on the last day; below it when the day has passed."""
        return (self.due_on - self.today).days

    @property
    def is_overdue(self) -> bool:
        handed_in = self.summary.first_handed_in_at if self.summary else None
        return rules.is_overdue(self.duty, self.due_on, first_handed_in_at=handed_in, today=self.today)

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        """While it is written as the register says now; afterwards as it was handed in."""
        if self.summary is None:
            return joined(self.known, {})
        if self.state in EDITABLE:
            return joined(self.known, stating.stated_of(self.summary.figures))
        return stating.figures_of(self.summary.figures)

    @property
    def by_key(self) -> Mapping[str, Figure]:
        return {figure.key: figure for figure in self.figures}

    @property
    def takes_supplement(self) -> bool:
        handed_in = self.state in (State.HANDED_IN, State.ACCEPTED)
        return handed_in and self.today <= self.dates.supplement_until


def own_of(user: User, year: int) -> Own | None:
    """The loader of a guard: the user's agency's year; None for a year there is no summary of, and for other users."""
    if user.agency_id is None:
        return None
    session, today = db.session(), clock.today()
    if not law.jurisdiction().in_force_since.year <= year <= today.year + 1:
        return None
    return own(session, user.agency_id, year, today=today)


def own(session: Session, agency_id: int, year: int, *, today: date) -> Own:
    """One agency's year, begun or not."""
    name, status = session.execute(select(Agency.name, Agency.filing_status).where(Agency.id == agency_id)).one()
    dates = years.dates_of(session, year)
    obstacle = ""
    try:
        years.open_dates(session, year, today=today)
    except NotOpen as refusal:
        obstacle = refusal.message
    found = _with_everything(session, agency_id, (year, year - 1))
    return Own(
        agency_id=agency_id,
        agency_name=name,
        filed=status is FilingStatus.FILED,
        dates=dates,
        today=today,
        obstacle=obstacle,
        summary=found.get(year),
        register=partial(register.year_of, session, agency_id, dates),
        last=found.get(year - 1),
    )


def _with_everything(session: Session, agency_id: int, wanted: Sequence[int]) -> dict[int, Summary]:
    rows = (
        select(Summary)
        .where(Summary.agency_id == agency_id, Summary.year.in_(wanted))
        .options(
            selectinload(Summary.figures),
            selectinload(Summary.steps),
            selectinload(Summary.attachments).joinedload(SummaryAttachment.file),
            selectinload(Summary.supplements).joinedload(SummarySupplement.file),
        )
        .execution_options(populate_existing=not session.info.get("writing"))
    )
    return {summary.year: summary for summary in session.scalars(rows)}


def figure_of(summary: Summary | None, key: str) -> int | None:
    """What was stated in another year."""
    return next((row.stated for row in summary.figures if row.key == key), None) if summary else None


@dataclass(frozen=True, slots=True)
class YearRow:
    """A line of the list of years."""

    dates: Dates
    summary: Summary | None
    is_open: bool


def years_of(session: Session, agency_id: int, *, today: date) -> list[YearRow]:
    """The running year, and every year that has a summary of this agency, the newest first."""
    summaries = {
        summary.year: summary for summary in session.scalars(select(Summary).where(Summary.agency_id == agency_id))
    }
    opening = {row.year: row.opens_on for row in session.scalars(select(SummaryYear))}
    jurisdiction = law.jurisdiction()
    shown = sorted({today.year, *summaries} - {year for year in summaries if year > today.year}, reverse=True)
    rows = [(rules.dates_of(year, jurisdiction, opens_on=opening.get(year)), summaries.get(year)) for year in shown]
    return [YearRow(dates, summary, dates.opens_on <= today) for dates, summary in rows]
