"""An officer's call to the reporter: whether name and contact hold."""

from accounts.models import User
from complaints import steps
from complaints.models import CallBack, CallResult
from complaints.rules.course import Action
from core import clock
from core.db import transaction


def record(complaint_id: int, result: CallResult, *, note: str, version: int, by: User) -> None:
    """登记电话核实的结果. Raises NotPossibleNow."""
    with transaction() as session:
        complaint = steps.held(session, complaint_id, version=version)
        complaint.calls.append(CallBack(result=result, note=note, at=clock.now(), by_id=by.id))
        steps.take(session, complaint, Action.CALL, by=by, text=result.label)
