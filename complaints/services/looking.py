"""Each look at a reporter, and each one that was refused, is written down before anything is shown."""

from accounts.models import User
from complaints.models import Complaint, Reporter
from complaints.queries import reporters
from complaints.rules.handling import Purpose
from core import audit
from core.db import transaction


def show_reporter(complaint_id: int, purpose: Purpose, *, by: User) -> Reporter:
    """查看举报人信息: for a purpose that stands in the log with who looked, and when."""
    with transaction() as session:
        complaint = session.get_one(Complaint, complaint_id)
        audit.record(session, "complaint.reporter_shown", complaint, by=by, reason=purpose.label)
        reporter = reporters.load(session, complaint_id)
        session.expunge(reporter)
        return reporter


def refused(user: User, complaint: Complaint) -> None:
    """For `core.guards.guard(…, refused=…)`: who tried to see what is not in their hands."""
    ref = complaint.ref
    with transaction() as session:
        audit.record(session, "complaint.refused_look", ref, by=user)
