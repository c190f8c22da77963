"""延长核实期限: asked for by the handler, decided by somebody else, once."""

from accounts.models import User
from complaints import hands, steps
from complaints.models import Complaint
from complaints.rules import course, handling
from complaints.rules.course import Action
from complaints.telling import tell_reporter
from core import clock, law
from core.db import transaction
from notices import outbox
from notices.outbox import Audience


def ask(complaint_id: int, *, reason: str, version: int, by: User) -> None:
    """申请延长. Raises NotPossibleNow, NotExtendable."""
    with transaction() as session:
        complaint = steps.held(session, complaint_id, version=version)
        course.next_state(complaint.state, Action.ASK_EXTENSION)
        handling.require_extension_askable(
            steps.clock_now(session, complaint),
            extended_days=complaint.extended_days,
            is_asked=complaint.extension_asked_at is not None,
        )
        complaint.extension_asked_at, complaint.extension_reason = clock.now(), reason
        steps.take(session, complaint, Action.ASK_EXTENSION, by=by, text=reason)
        outbox.post(session, "complaint_extension_asked", to=Audience.role("approver"), about=complaint)


def decide(complaint_id: int, *, grant: bool, reason: str, version: int, by: User) -> None:
    """决定是否延长: by an approver who doesn't handle it; of a yes the reporter is told.

    Raises NotPossibleNow, NotTheirs.
    """
    with transaction() as session:
        complaint = steps.held(session, complaint_id, version=version)
        handling.require_extension(
            is_asked=complaint.extension_asked_at is not None, handlers=[complaint.handler_id], by=by.id
        )
        complaint.extension_asked_at = complaint.extension_reason = None
        if grant:
            _extend(complaint)
        steps.take(
            session, complaint, Action.EXTEND if grant else Action.DECLINE_EXTENSION, by=by,
            text=f"延长 {complaint.extended_days} 日。{reason}" if grant else reason,
        )  # fmt: skip
        if grant:
            tell_reporter(session, complaint)
        outbox.post(
            session, "complaint_extension_decided",
            to=Audience.account(hands.current(complaint).account_id), about=complaint,
        )  # fmt: skip


def _extend(complaint: Complaint) -> None:
    began = clock.day_of(complaint.accepted_at or complaint.received_at)
    complaint.extended_days = law.jurisdiction().number("complaint_extend_days", on=began)
