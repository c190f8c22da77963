"""Terms by the clock: reckoned anew each night, warned of three days before and at their end; some end there."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaints import hands, steps
from complaints.models import Complaint, Question, State
from complaints.rules import clocks
from complaints.rules.clocks import Clock
from complaints.rules.course import Action
from core import clock, law, workdays
from core.db import transaction
from notices import outbox
from notices.outbox import Audience
from scheduling.once import first_time

PIECE = 100


def running_ids(session: Session, after: int) -> list[int]:
    """The next complaints of which a term runs."""
    rows = select(Complaint.id).where(Complaint.state.in_(sorted(clocks.STAGES)), Complaint.id > after)
    return list(session.scalars(rows.order_by(Complaint.id).limit(PIECE)))


def lapsed_ids(session: Session) -> list[int]:
    """Questions whose term is over, without an answer."""
    rows = select(Question.id).where(
        Question.answered_at.is_(None), Question.lapsed_at.is_(None), Question.due < clock.today()
    )
    return list(session.scalars(rows.order_by(Question.id)))


def replied_ids(session: Session) -> list[int]:
    """Complaints that were replied to and wait for whether a review is asked for."""
    return list(session.scalars(select(Complaint.id).where(Complaint.state == State.REPLIED).order_by(Complaint.id)))


def warn(ids: list[int]) -> int:
    """Reckon the terms of some complaints, and tell of those that end soon or are over, once each; how many."""
    with transaction() as session:
        calendar = workdays.calendar(session)
        told = 0
        for complaint_id in ids:
            complaint = steps.held(session, complaint_id)
            running = steps.reckon(session, complaint, calendar=calendar)
            if running is not None and not running.paused and running.days_left <= clocks.NEAR:
                told += _tell(session, complaint, running)
        return told


def _tell(session: Session, complaint: Complaint, running: Clock) -> bool:
    event = "complaint_overdue" if running.days_left < 0 else "complaint_due"
    if not first_time(session, f"complaints.{event}", f"{complaint.id}:{running.stage}:{running.due}"):
        return False
    detail = {"stage": running.stage.label, "day": running.due.isoformat()}
    if complaint.handler_id is None:
        to = Audience.bureau(complaint.bureau) if complaint.bureau else Audience.role("approver")
        outbox.post(session, "complaint_due_unassigned", to=to, about=complaint, detail=detail)
        return True
    for account_id in sorted({complaint.handler_id, hands.current(complaint).assigned_by}):
        outbox.post(session, event, to=Audience.account(account_id), about=complaint, detail=detail)
    return True


def end(complaint_id: int, *, on: date) -> bool:
    """办结: the term in which a review could be asked for is over, or it was asked for before; whether it is."""
    with transaction() as session:
        complaint = steps.held(session, complaint_id)
        if complaint.state is not State.REPLIED or complaint.replied_at is None:
            return False
        due = clocks.review_due(complaint.replied_at, calendar=workdays.calendar(session), law=law.jurisdiction())
        if due >= on and complaint.review_asked_at is None:
            return False
        steps.take(session, complaint, Action.END, by=None)
        return True
