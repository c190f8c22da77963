"""Who handles a complaint: given to somebody, who declares to have no interest in it, or stands aside."""

from accounts.models import User
from complaints import hands, steps
from complaints.models import Recusal, State
from complaints.queries import officers
from complaints.rules import handling
from complaints.rules.course import Action, NotPossibleNow
from core import clock
from core.db import transaction
from notices import outbox
from notices.outbox import Audience
from supervision import casework


def assign(complaint_id: int, account_id: int, *, version: int, by: User) -> None:
    """指派: to somebody of the competent desk who has nothing to do with it; whoever had it loses sight of it.

    Raises NotPossibleNow, NotTheirs, Involved.
    """
    with transaction() as session:
        complaint = steps.held(session, complaint_id, version=version)
        if complaint.state is State.REVIEWING:
            raise NotPossibleNow("这件举报正在复核，由省厅审批人指派复核人。")
        handling.require_uninvolved(recused=by.id in officers.recused_ids(session, complaint))
        officer = officers.officer_of(session, complaint, account_id, bureau=complaint.bureau)
        if complaint.reviewed_at is not None:  # taken up again: not by those whose reply did not stand
            handling.require_other_officer(officer)
        handling.require_free(officer, bureau=complaint.bureau, texts=officers.texts_of(complaint))
        hands.give(session, complaint, account_id, by=by)


def assign_review(complaint_id: int, account_id: int, *, version: int, by: User) -> None:
    """指派复核人: somebody of the province who never had it in hand.

    Raises NotPossibleNow, NotTheirs, Involved.
    """
    with transaction() as session:
        complaint = steps.held(session, complaint_id, version=version)
        if complaint.state is not State.REVIEWING:
            raise NotPossibleNow("这件举报没有在复核，请刷新后再看。")
        handling.require_uninvolved(recused=by.id in officers.recused_ids(session, complaint))
        officer = officers.officer_of(session, complaint, account_id, bureau=None)
        handling.require_other_officer(officer)
        handling.require_free(officer, bureau=None, texts=officers.texts_of(complaint))
        hands.give(session, complaint, account_id, by=by)


def declare(complaint_id: int, *, version: int, by: User) -> None:
    """声明与本件无利害关系: from here on the handler sees what is in it. Raises NotPossibleNow."""
    with transaction() as session:
        complaint = steps.held(session, complaint_id, version=version)
        if complaint.handler_id != by.id or complaint.taken_at is not None:
            raise NotPossibleNow("这件举报已经改派，或者您已经声明过，请刷新后再看。")
        handling.require_uninvolved(recused=by.id in officers.recused_ids(session, complaint))
        complaint.taken_at = hands.current(complaint).taken_at = clock.now()
        steps.take(session, complaint, Action.DECLARE, by=by)
        if complaint.case is not None:
            casework.assign(session, complaint.case, [by.id], by=by)


def recuse(complaint_id: int, *, reason: str, version: int, by: User) -> None:
    """回避: the handler stands aside, for good; whoever assigned is told and assigns anew. Raises NotPossibleNow."""
    with transaction() as session:
        complaint = steps.held(session, complaint_id, version=version)
        if complaint.handler_id != by.id:
            raise NotPossibleNow("这件举报已经改派，请刷新后再看。")
        assigner = hands.current(complaint).assigned_by
        now = clock.now()
        row = Recusal(account_id=by.id, complaint_id=complaint.id, reason=reason, since=now, entered_by=by.id)
        session.add(row)
        hands.free(session, complaint, by=by)
        steps.take(session, complaint, Action.RECUSE, by=by, text=reason)
        outbox.post(session, "complaint_recused", to=Audience.account(assigner), about=complaint)
