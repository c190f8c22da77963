"""In whose hands a complaint is, inside a running transaction: given, taken away, and the case with it."""

from sqlalchemy.orm import Session

from accounts.models import User
from complaints import steps
from complaints.models import Assignment, Complaint, State
from complaints.queries.alike import joined_to
from complaints.rules.course import Action
from complaints.telling import tell_reporter
from core import clock
from notices import outbox
from notices.outbox import Audience
from supervision import casework


def current(complaint: Complaint) -> Assignment:
    """The assignment that holds."""
    return next(each for each in reversed(complaint.assignments) if each.until is None)


def give(session: Session, complaint: Complaint, account_id: int, *, by: User) -> None:
    """To an officer, who is told; they see what is in it once they declared that they have no interest."""
    if complaint.handler_id is not None:
        free(session, complaint, by=by)
    complaint.handler_id = account_id
    complaint.assignments.append(Assignment(account_id=account_id, assigned_by=by.id, since=clock.now()))
    steps.take(session, complaint, Action.ASSIGN, by=by)
    outbox.post(session, "complaint_assigned", to=Audience.account(account_id), about=complaint)


def leave_for_review(complaint: Complaint) -> None:
    """Nobody's, from the moment on when a review was asked for: the case may still go on in its officers' hands."""
    if complaint.handler_id is not None:
        current(complaint).until = clock.now()
        complaint.handler_id = complaint.taken_at = None


def free(session: Session, complaint: Complaint, *, by: User) -> None:
    """Nobody's: whoever had it loses sight of it, and of its case, unless that one goes on beside a review."""
    if complaint.handler_id is None:
        return
    current(complaint).until = clock.now()
    if complaint.case is not None and complaint.state is not State.REVIEWING:
        casework.unassign(session, complaint.case, complaint.handler_id, by=by)
    complaint.handler_id = None
    complaint.taken_at = complaint.extension_asked_at = None
    complaint.extension_reason = None


def separate(session: Session, complaint: Complaint, *, by: User) -> None:
    """What was joined to it is a matter of its own again, to be assigned anew: this one comes to nothing."""
    for each in joined_to(complaint):
        free(session, each, by=by)
        each.joined_to_id = None
        steps.take(session, each, Action.SEPARATE, by=by)
        to = Audience.bureau(each.bureau) if each.bureau else Audience.role("approver")
        outbox.post(session, "complaint_separated", to=to, about=each)
        tell_reporter(session, each)
