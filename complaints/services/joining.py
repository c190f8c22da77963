"""并案: one complaint goes with another, whose handler sees both; nothing starts anew."""

from accounts.models import User
from complaints import opening, steps
from complaints.queries import alike, officers
from complaints.rules import course, handling
from complaints.rules.course import Action
from complaints.telling import tell_reporter
from core.db import transaction
from notices import outbox
from notices.outbox import Audience
from supervision.models import CaseState


def join(complaint_id: int, number: str, *, version: int, by: User) -> None:
    """并入另一件: by its number. Its reporter is told, and replied to with the other's.

    Raises NotPossibleNow, NotJoinable.
    """
    with transaction() as session:
        known = alike.numbered(session, number)
        locked = {each: steps.held(session, each) for each in sorted({complaint_id, known})}
        complaint, other = locked[complaint_id], locked[known]
        course.require_shown(shown=version, now=complaint.version)
        handling.require_joinable(
            same=complaint is other,
            state=other.state,
            is_joined=other.joined_to_id is not None,
            one_desk=complaint.bureau == other.bureau,
        )
        if other.handler_id is not None and other.handler_id != by.id:  # who will read this one
            officer = officers.officer_of(session, complaint, other.handler_id, bureau=complaint.bureau)
            handling.require_takes_up(officer, texts=officers.texts_of(complaint))
        complaint.joined_to_id = other.id
        for each in alike.joined_to(complaint):  # what was joined to it goes along
            each.joined_to_id = other.id
        steps.take(session, complaint, Action.JOIN, by=by)
        tell_reporter(session, complaint)
        if other.case is not None and other.case.state is CaseState.OPEN:
            opening.add_evidence(session, other.case, [complaint], by=by)
        if other.handler_id is not None and other.handler_id != by.id:
            outbox.post(session, "complaint_joined", to=Audience.account(other.handler_id), about=other)
