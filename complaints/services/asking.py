"""Asking the reporter: the clock stands until the answer, or until the term for it is over."""

from datetime import timedelta

from accounts.models import User
from complaints import steps
from complaints.models import Question
from complaints.queries.shown import asked_for_evidence
from complaints.rules import clocks, handling
from complaints.rules.course import Action
from complaints.telling import Told, tell_reporter
from core import clock, law, workdays
from core.db import transaction
from notices import outbox
from notices.outbox import Audience


def ask(complaint_id: int, text: str, *, for_evidence: bool, version: int, by: User) -> bool:
    """请举报人补充: a question with a term; whether a mail goes to the reporter. Raises NotPossibleNow, AskedBefore."""
    with transaction() as session:
        complaint = steps.held(session, complaint_id, version=version)
        if for_evidence:
            handling.require_not_asked(asked_for_evidence(complaint))
        now = clock.now()
        due = clocks.answer_due(now, calendar=workdays.calendar(session), law=law.jurisdiction())
        question = Question(text=text, for_evidence=for_evidence, asked_at=now, asked_by=by.id, due=due)
        complaint.questions.append(question)
        session.flush()
        steps.pause(session, complaint, question)
        steps.take(session, complaint, Action.ASK, by=by)
        return tell_reporter(session, complaint, Told.ASKED)


def lapse(question_id: int) -> bool:
    """补充期限届满: nobody answered, and the clock runs again from the day after; whether it was still open."""
    with transaction() as session:
        question = session.get_one(Question, question_id)
        complaint = steps.held(session, question.complaint_id)
        session.refresh(question)
        if question.answered_at is not None or question.lapsed_at is not None:
            return False
        question.lapsed_at = clock.end_of(question.due)
        last_second = question.lapsed_at - timedelta(seconds=1)  # its last day is one on which the clock stood
        steps.go_on(session, complaint, question, at=last_second)
        steps.take(session, complaint, Action.LAPSE, by=None)
        if complaint.handler_id is not None:
            outbox.post(session, "complaint_lapsed", to=Audience.account(complaint.handler_id), about=complaint)
        return True
