"""A step of a complaint's course inside a running transaction, and the clock that moves with it."""

from datetime import datetime

from sqlalchemy.orm import Session

from complaints.models import Complaint, ComplaintStep, Pause, Question, State
from complaints.rules import clocks, course
from complaints.rules.clocks import Clock, ClockFacts, Stage
from complaints.rules.course import Action
from core import audit, clock, law, workdays
from core.refs import Actor
from core.workdays import Calendar


def take(
    session: Session,
    complaint: Complaint,
    action: Action,
    *,
    by: Actor | None,
    text: str = "",
    shown: bool | None = None,
) -> State:
    """Take a step: the state that follows, its line in the course, the log, the clock. Raises NotPossibleNow.

    `text` stands sealed in the course alone; `shown`: whether the reporter is shown it (None: as the action is).
    `by` None: the reporter, or the clock.
    """
    before, complaint.state = complaint.state, course.next_state(complaint.state, action)
    if complaint.state not in course.ANSWERABLE:
        _settle_questions(complaint)
    write(session, complaint, action, by=by, text=text, shown=shown, before=before)
    return complaint.state


def begin(session: Session, complaint: Complaint) -> None:
    """The first line of the course, of a complaint that was just added."""
    write(session, complaint, Action.RECEIVE, by=None, before=None)


def write(
    session: Session,
    complaint: Complaint,
    action: Action,
    *,
    by: Actor | None,
    text: str = "",
    shown: bool | None = None,
    before: State | None,
) -> None:
    """The line of the course, the log and the clock of a step whose state stands already."""
    session.flush()
    is_shown = action in course.SHOWN if shown is None else shown
    step = ComplaintStep(
        complaint_id=complaint.id,
        action=action.value,
        text=text,
        is_shown=is_shown,
        at=clock.now(),
        by_id=by.id if by else None,
    )
    session.add(step)
    complaint.version += 1
    reckon(session, complaint)
    told = before.label if before else None  # by its word: other courses have states of the same name
    audit.record(session, f"complaint.{action}", complaint, by=by, before=told, after=complaint.state.label)


def _settle_questions(complaint: Complaint) -> None:
    """Nobody waits for an answer any more."""
    for question in complaint.questions:
        if question.answered_at is None and question.lapsed_at is None:
            question.lapsed_at = clock.now()
    for each in complaint.pauses:
        each.until = each.until or clock.now()


def facts_of(complaint: Complaint) -> ClockFacts | None:
    """What its clock is reckoned from; None where no term runs."""
    stage = clocks.STAGES.get(complaint.state)
    if stage is None:
        return None
    again = complaint.reviewed_at  # a review had it taken up again
    began = {
        Stage.ACCEPT: complaint.received_at,
        Stage.CONCLUDE: again or complaint.accepted_at,
        Stage.REPLY: complaint.concluded_at,
        Stage.REVIEW: complaint.review_asked_at,
    }[stage] or complaint.received_at
    extended = complaint.extended_days if stage is Stage.CONCLUDE else 0
    pauses = tuple(
        (pause.since, pause.until) for pause in complaint.pauses if pause.until is None or pause.until > began
    )
    return ClockFacts(stage, began, extended, pauses)


def clock_now(
    session: Session, complaint: Complaint, *, at: datetime | None = None, calendar: Calendar | None = None
) -> Clock | None:
    """The term that runs, as it stands now or at an instant; None where none does."""
    facts = facts_of(complaint)
    if facts is None:
        return None
    known = calendar or workdays.calendar(session)
    return clocks.clock_of(facts, now=at or clock.now(), calendar=known, law=law.jurisdiction())


def reckon(session: Session, complaint: Complaint, *, calendar: Calendar | None = None) -> Clock | None:
    """Keep the last day of its running term, which lists and jobs look for; none while the clock stands."""
    running = clock_now(session, complaint, calendar=calendar)
    due = None if running is None or running.paused else running.due
    if complaint.due_on != due:
        complaint.due_on = due
    return running


def pause(session: Session, complaint: Complaint, question: Question) -> None:
    """The clock stands from the asking on: before the step that tells of it is taken."""
    complaint.pauses.append(Pause(question_id=question.id, since=question.asked_at))
    session.flush()


def go_on(session: Session, complaint: Complaint, question: Question, *, at: datetime) -> None:
    """The clock runs again: the reporter answered, or the term was over at `at`. Before the step is taken."""
    for each in complaint.pauses:
        if each.question_id == question.id and each.until is None:
            each.until = at
    session.flush()


def held(session: Session, complaint_id: int, *, version: int | None = None) -> Complaint:
    """The complaint, locked for whoever changes it; `version`: as its reader saw it. Raises NotPossibleNow."""
    complaint = session.get_one(Complaint, complaint_id, with_for_update={"of": Complaint}, populate_existing=True)
    if version is not None:
        course.require_shown(shown=version, now=complaint.version)
    return complaint
