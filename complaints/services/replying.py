"""From the conclusion to the reply: to the reporter, and to those whose complaints were joined."""

from accounts.models import User
from complaints import hands, steps
from complaints.models import ReplyWay, State
from complaints.queries import alike, reporters, shown
from complaints.rules import course, handling
from complaints.rules.course import Action
from complaints.telling import Told, tell_reporter
from core import clock
from core.db import transaction
from supervision import casework
from supervision.models import CaseOutcome, CaseState


def conclude(complaint_id: int, *, version: int, by: User) -> State:
    """核实完毕: the case has its conclusion; the reply is due, or, of a clue, nothing any more. Its state then.

    Raises NotPossibleNow, NotVerified.
    """
    with transaction() as session:
        complaint = steps.held(session, complaint_id, version=version)
        course.next_state(complaint.state, Action.CONCLUDE)
        handling.require_verified(shown.is_verified(complaint))
        complaint.concluded_at = shown.verified_at(complaint)
        complaint.extension_asked_at = complaint.extension_reason = None
        return steps.take(session, complaint, Action.CONCLUDE, by=by)


def reply(complaint_id: int, text: str, *, way: ReplyWay | None, version: int, by: User) -> int:
    """答复: what was found, what came of it, and why; how many reporters were told.

    `way`: how those are told who have no proved mailbox. Raises NotPossibleNow, NoWay.
    """
    with transaction() as session:
        complaint = steps.held(session, complaint_id, version=version)
        course.next_state(complaint.state, Action.REPLY)
        handling.require_verified(shown.is_verified(complaint))  # a case may have been taken up again meanwhile
        replied = [complaint, *(steps.held(session, each.id) for each in alike.joined_to(complaint))]
        for each in replied:
            has_mail = reporters.contact_of(session, each.id).mail_confirmed
            each.reply_way = handling.way_of_telling(has_mail=has_mail, chosen=way)
            each.reply, each.replied_at = text, clock.now()
            each.concluded_at = each.concluded_at or complaint.concluded_at
            steps.take(session, each, Action.REPLY, by=by, text=text)
            tell_reporter(session, each, Told.REPLIED)
        return len(replied)


def close_withdrawn(complaint_id: int, *, reason: str, version: int, by: User) -> None:
    """撤回后办结: the reporter took it back, and it is not of weight. Raises NotPossibleNow, OfWeight."""
    with transaction() as session:
        complaint = steps.held(session, complaint_id, version=version)
        course.next_state(complaint.state, Action.CLOSE)
        if complaint.withdrawn_at is None:
            raise course.NotPossibleNow("举报人没有撤回，不能以撤回办结。")
        handling.require_closable(complaint.matters)
        if complaint.case is not None and complaint.case.state is not CaseState.CLOSED:
            casework.close(session, complaint.case, CaseOutcome.ON_RECORD, reason=reason, by=by)
        hands.separate(session, complaint, by=by)
        steps.take(session, complaint, Action.CLOSE, by=by, text=reason)
        tell_reporter(session, complaint)


def go_on(complaint_id: int, *, reason: str, version: int, by: User) -> None:
    """撤回后继续办理: with the reason why. Raises NotPossibleNow."""
    with transaction() as session:
        complaint = steps.held(session, complaint_id, version=version)
        if complaint.withdrawn_at is None:
            raise course.NotPossibleNow("举报人没有撤回，请刷新后再看。")
        steps.take(session, complaint, Action.GO_ON, by=by, text=reason)
        tell_reporter(session, complaint)
