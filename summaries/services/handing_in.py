"""The agency hands its summary in, first or again, with content or nil; and tells later what it did afterwards."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import Role, User
from agency.models import Agency, FilingStatus
from core import audit, clock, numbers, uploads
from core.db import db, transaction
from core.documents import examine
from core.errors import DomainError
from notices import outbox
from notices.outbox import Audience
from summaries import lateness, opening, rules, stating, writing
from summaries.entries import Receipt, Upload
from summaries.figures import Known, joined
from summaries.models import Summary, SummarySupplement
from summaries.queries import figures as register
from summaries.queries import years
from summaries.rules import Dates, Figure
from summaries.states import Action, Duty


def hand_in(agency_id: int, year: int, *, version: int, by: User) -> Receipt:
    """上报, or 修改后再次上报: what is saved, with the register's figures as they are now.

    The instant is that of the server's receipt: before the transaction waits for its turn, so that a queue in the last
    minute makes nobody late. The first one counts. Raises NotOpen, NotPossibleNow, NotReady (the draft stays).
    """
    received = clock.now()
    known, duty = _register(agency_id, year)
    with transaction() as session:
        summary, dates = writing.begun(session, agency_id, year, shown=version)
        rules.next_state(summary.state, Action.HAND_IN)
        figures = joined(known, stating.stated_of(summary.figures))
        rules.require_ready(stating.texts_of(summary), figures)
        summary.nil = False
        return _hand_in(session, summary, dates, duty, figures, received=received, by=by)


def hand_in_nil(agency_id: int, year: int, *, version: int, by: User) -> Receipt:
    """零报告: nothing was evaluated in the year. Raises NotNil, NotAsked, NotOpen, NotPossibleNow."""
    received = clock.now()
    known, duty = _register(agency_id, year)
    rules.require_nil(duty)
    with transaction() as session:
        _require_asked(session, agency_id, duty)
        summary, dates = writing.begun(session, agency_id, year, shown=version)
        rules.next_state(summary.state, Action.HAND_IN)
        summary.nil, summary.saved_at = True, received
        return _hand_in(session, summary, dates, duty, joined(known, {}), received=received, by=by)


def supplement(agency_id: int, year: int, text: str, upload: Upload | None, *, version: int, by: User) -> int:
    """补充报告: work done after the hand-in, until the end of January. Returns its number.

    Raises DocumentRefused at `file`, NotOpen, NotPossibleNow, NoSupplement.
    """
    examined = None
    if upload is not None:
        try:
            examined = examine(upload.content)
        except DomainError as refusal:
            refusal.field = "file"
            raise
        uploads.store().put(upload.content)
    received = clock.now()
    known = register.known_of(db.session(), agency_id, year)
    with transaction() as session:
        summary, dates = writing.begun(session, agency_id, year, shown=version)
        rules.require_supplement(summary.state, dates, at=received)
        name = stating.agency_name(session, agency_id)
        file = None
        if upload is not None and examined is not None:
            file = uploads.keep(session, upload.content, examined, name=upload.name, by=by)
        row = SummarySupplement(
            summary_id=summary.id,
            number=len(summary.supplements) + 1,
            text=text,
            file_id=file.id if file else None,
            known=known.values(),
            at=received,
            by_id=by.id,
            by=name,
        )
        session.add(row)
        audit.record(session, "summary.supplemented", summary, by=by, after=f"第 {row.number} 份")
        about = stating.ref_at_desk(summary, name)
        outbox.post(session, "summary_supplemented", to=Audience.role(Role.REVIEWER), about=about)
        return row.number


def _register(agency_id: int, year: int) -> tuple[Known, Duty]:
    """What the register says, read before the transaction: that one only writes, for others wait for it."""
    reading = db.session()
    reading.rollback()  # as it is now, not as it was when the page's read began
    return register.year_of(reading, agency_id, years.open_dates(reading, year, today=clock.today()))


def _hand_in(
    session: Session,
    summary: Summary,
    dates: Dates,
    duty: Duty,
    figures: Collection[Figure],
    *,
    received: datetime,
    by: User,
) -> Receipt:
    again, name = summary.first_handed_in_at is not None, stating.agency_name(session, summary.agency_id)
    writing.state_figures(session, summary, figures)
    summary.handed_in_at = received
    if not again:
        opening.set_duty(summary, duty, dates)
        summary.first_handed_in_at = received
        summary.days_late = rules.lateness(summary.duty, summary.due_on, first_handed_in_at=received)
        year = summary.year
        summary.number = f"总〔{year}〕{numbers.next_number(session, writing.SERIES, year):04d}"
    writing.keep_version(session, summary, figures, at=received, by=by, name=name)
    if not again:
        lateness.clear(session, summary, by=by)
    writing.take_step(session, summary, Action.HAND_IN, by=by, name=name, at=received)
    event = "summary_handed_in_again" if again else "summary_handed_in"
    outbox.post(session, event, to=Audience.role(Role.REVIEWER), about=stating.ref_at_desk(summary, name))
    number, first = summary.number or "", summary.first_handed_in_at or received
    detail = {"number": number, "at": f"{first.astimezone(clock.SHANGHAI):%Y-%m-%d %H:%M:%S}"}
    outbox.post(session, "summary_received", to=Audience.agency(summary.agency_id), about=summary, detail=detail)
    return Receipt(summary.id, number, at=received, first_at=first, days_late=summary.days_late)


def _require_asked(session: Session, agency_id: int, duty: Duty) -> None:
    status = session.scalar(select(Agency.filing_status).where(Agency.id == agency_id))
    rules.require_asked(duty, filed=status is FilingStatus.FILED)
