"""What happened to an evaluation: steps, holds and the applicant's word on one line of time."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import User
from evaluations.models import Evaluation, Hold
from evaluations.rules.states import HoldKind


@dataclass(frozen=True, slots=True)
class Happening:
    at: datetime
    title: str
    text: str
    by: str


def happenings(session: Session, evaluation: Evaluation) -> Sequence[Happening]:
    """Newest first."""
    found = [*_steps(evaluation), *_holds(session, evaluation), *_word(evaluation)]
    return sorted(found, key=lambda each: each.at, reverse=True)


def _steps(evaluation: Evaluation) -> Iterator[Happening]:
    for step in evaluation.steps:
        yield Happening(step.at, step.action.label, step.reason, step.by)


def _holds(session: Session, evaluation: Evaluation) -> Iterator[Happening]:
    names = _names(session, evaluation.holds)
    for hold in evaluation.holds:
        by_applicant = hold.kind is HoldKind.DISPUTE
        title = "培育对象提出异议" if by_applicant else "中止"
        by = evaluation.applicant.name if by_applicant else names.get(hold.opened_by, "")
        yield Happening(hold.opened_at, title, hold.reason, by)
        if hold.closed_at is not None and hold.outcome is not None:
            title = hold.outcome.label if by_applicant else "解除中止"
            yield Happening(hold.closed_at, title, hold.outcome_reason or "", names.get(hold.closed_by, ""))


def _names(session: Session, holds: Sequence[Hold]) -> Mapping[int | None, str]:
    ids = {row_id for hold in holds for row_id in (hold.opened_by, hold.closed_by) if row_id is not None}
    rows = select(User.id, User.display_name).where(User.id.in_(ids))
    return {row.id: row.display_name for row in session.execute(rows)} if ids else {}


def _word(evaluation: Evaluation) -> Iterator[Happening]:
    given = evaluation.confirmation
    if given is not None:
        title = "上传培育对象确认函" if given.file_id is not None else "培育对象确认委托"
        yield Happening(given.at, title, "", given.by)
