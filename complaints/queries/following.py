"""A complaint as its reporter sees it: what is shown to them, and nothing of the officers or of the case."""

import re
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from complaints import steps
from complaints.guarding import RIDDLE_VALID
from complaints.models import (
    Complaint,
    ComplaintFile,
    KeptUpload,
    MailCode,
    Matter,
    Question,
    ReporterVisit,
    Riddle,
    State,
)
from complaints.proofs import address_key
from complaints.rules import clocks
from complaints.rules.clocks import Clock
from complaints.rules.course import Action, may_follow
from complaints.services.following import LASTS, visit_key
from core import clock, law, workdays

TOKEN = re.compile(r"[\w-]{16,64}", re.ASCII)  # of a riddle, as an address names it
OWN = frozenset(
    action.value for action in (Action.RECEIVE, Action.ANSWER, Action.ADD, Action.WITHDRAW, Action.ASK_REVIEW)
)


@dataclass(frozen=True, slots=True)
class Happened:
    """A line of the course, for components/timeline.html."""

    at: datetime
    title: str
    text: str
    by: str


@dataclass(frozen=True, slots=True)
class Followed:
    """Everything on the page."""

    complaint: Complaint
    matters: tuple[str, ...]
    clock: Clock | None
    course: tuple[Happened, ...]
    open_questions: tuple[Question, ...]
    answered: tuple[Question, ...]
    may_add: bool
    may_withdraw: bool
    may_review: bool
    review_due: date | None


def visited(session: Session, key: str) -> Complaint | None:
    """The complaint that a browser's key opens, while it does."""
    visit = session.get(ReporterVisit, visit_key(key)) if key else None
    if visit is None or clock.now() - visit.begun_at > LASTS:
        return None
    return session.scalar(
        select(Complaint)
        .where(Complaint.id == visit.complaint_id)
        .options(
            selectinload(Complaint.steps),
            selectinload(Complaint.questions),
            selectinload(Complaint.pauses),
            selectinload(Complaint.files).joinedload(ComplaintFile.file),
        )
    )


def followed(session: Session, complaint: Complaint) -> Followed:
    now = clock.now()
    review_due = None
    if complaint.replied_at is not None and complaint.review_asked_at is None:
        calendar = workdays.calendar(session)
        review_due = clocks.review_due(complaint.replied_at, calendar=calendar, law=law.jurisdiction())
    is_open = [
        each
        for each in complaint.questions
        if each.answered_at is None and each.lapsed_at is None and not clocks.is_over(each.due, now=now)
    ]
    return Followed(
        complaint=complaint,
        matters=tuple(Matter(value).label for value in complaint.matters),
        clock=steps.clock_now(session, complaint),
        course=tuple(_happened(complaint)),
        open_questions=tuple(is_open) if may_follow(complaint.state, Action.ANSWER) else (),
        answered=tuple(each for each in complaint.questions if each.answered_at is not None),
        may_add=may_follow(complaint.state, Action.ADD),
        may_withdraw=may_follow(complaint.state, Action.WITHDRAW) and complaint.withdrawn_at is None,
        may_review=complaint.state is State.REPLIED
        and review_due is not None
        and not clocks.is_over(review_due, now=now),
        review_due=review_due,
    )


def _happened(complaint: Complaint) -> list[Happened]:
    """The newest first; who of the officers did it is not said."""
    return [
        Happened(step.at, Action(step.action).label, step.text, "您" if step.action in OWN else "")
        for step in reversed(complaint.steps)
        if step.is_shown
    ]


def kept_files(session: Session, form: str) -> list[KeptUpload]:
    """What was kept for a form that is not sent yet."""
    return list(session.scalars(select(KeptUpload).where(KeptUpload.form == form).order_by(KeptUpload.id)))


def proof_of(session: Session, form: str, email: str) -> MailCode | None:
    """The code that was mailed for a form, where it was to this address."""
    row = session.get(MailCode, form) if email else None
    return row if row is not None and row.address_key == address_key(email) else None


def open_riddle(session: Session, token: str) -> str | None:
    """The answer of a riddle that may still be answered; its page makes picture and sound of it."""
    riddle = session.get(Riddle, token) if TOKEN.fullmatch(token) else None
    if riddle is None or riddle.used_at is not None or clock.now() - riddle.made_at >= RIDDLE_VALID:
        return None
    return riddle.answer
