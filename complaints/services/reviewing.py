"""复核: the reporter asks once; somebody who never had it in hand says that the reply stands, or takes it up again."""

from accounts.models import User
from complaints import hands, opening, steps
from complaints.models import Complaint, ReplyWay
from complaints.queries import reporters
from complaints.rules import course, handling
from complaints.rules.course import Action
from complaints.telling import Told, tell_reporter
from core import clock
from core.db import transaction


def uphold(complaint_id: int, text: str, *, way: ReplyWay | None, version: int, by: User) -> None:
    """维持原答复: the reporter is told why, and it is over. Raises NotPossibleNow, NoWay."""
    with transaction() as session:
        complaint = steps.held(session, complaint_id, version=version)
        course.next_state(complaint.state, Action.UPHOLD)
        _require_reviewer(complaint)
        has_mail = reporters.contact_of(session, complaint.id).mail_confirmed
        complaint.reply_way = handling.way_of_telling(has_mail=has_mail, chosen=way)
        complaint.review_reply, complaint.reviewed_at = text, clock.now()
        steps.take(session, complaint, Action.UPHOLD, by=by, text=text)
        tell_reporter(session, complaint, Told.REVIEWED)


def reopen(complaint_id: int, text: str, facts: str, *, version: int, by: User) -> int:
    """重新核实: a new case in the hands of who reviewed it, in their own words; its id. The reporter is told why.

    Raises NotPossibleNow, GivesAway.
    """
    with transaction() as session:
        complaint = steps.held(session, complaint_id, version=version)
        course.next_state(complaint.state, Action.REOPEN)
        _require_reviewer(complaint)
        complaint.review_reply, complaint.reviewed_at = text, clock.now()
        complaint.concluded_at, complaint.extended_days = None, 0  # a term of its own, which may be extended again
        case = opening.open_case(session, complaint, facts, by=by)
        steps.take(session, complaint, Action.REOPEN, by=by, text=text)
        tell_reporter(session, complaint, Told.REVIEWED)
        return case.id


def _require_reviewer(complaint: Complaint) -> None:
    handling.require_reviewer(given=hands.current(complaint).since, asked=complaint.review_asked_at)
