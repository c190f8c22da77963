"""What the desk does with a summary that was handed in: accept it, or return it with what is to be mended."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from accounts.models import User
from core import clock
from core.db import transaction
from notices import outbox
from notices.outbox import Audience
from summaries import desk_rules, rules, writing
from summaries.models import Summary
from summaries.states import Action


def accept(summary_id: int, *, version: int, remark: str, by: User) -> None:
    """接收: with a remark for the agency, or none. Raises NotPossibleNow."""
    with transaction() as session:
        summary = _shown(session, summary_id, version, Action.ACCEPT)
        now = clock.now()
        summary.accepted_at, summary.accepted_by, summary.remark = now, by.id, remark
        writing.take_step(session, summary, Action.ACCEPT, by=by, name=by.display_name, at=now, reason=remark)
        outbox.post(session, "summary_accepted", to=Audience.agency(summary.agency_id), about=summary)


def return_(summary_id: int, points: Sequence[str], *, version: int, by: User) -> None:
    """退回修改: with a list of points. The first hand-in goes on to count. Raises NotPossibleNow, NotReady."""
    with transaction() as session:
        summary = _shown(session, summary_id, version, Action.RETURN)
        desk_rules.require_points(points)
        now, reason = clock.now(), "\n".join(points)
        summary.returned_at, summary.return_reason = now, reason
        writing.take_step(session, summary, Action.RETURN, by=by, name=by.display_name, at=now, reason=reason)
        outbox.post(session, "summary_returned", to=Audience.agency(summary.agency_id), about=summary)


def _shown(session: Session, summary_id: int, version: int, action: Action) -> Summary:
    summary = session.get_one(Summary, summary_id, with_for_update={"of": Summary}, populate_existing=True)
    rules.next_state(summary.state, action)  # what it is now says more than that it changed
    rules.require_shown(shown=version, now=summary.version)
    summary.version += 1
    return summary
