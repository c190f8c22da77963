"""Taking a step of an evaluation's course inside a running transaction: state, history, log and sums together."""

from sqlalchemy.orm import Session

from core import audit, clock
from core.refs import Actor
from evaluations import tallies
from evaluations.models import Evaluation, EvaluationStep
from evaluations.rules import course
from evaluations.rules.states import Action, State


def begin(session: Session, evaluation_id: int, *, shown: int) -> Evaluation:
    """The evaluation, locked, as the reader saw it; its version is raised. Raises NotPossibleNow."""
    # key_share: whoever moves places (agency.places) refers to the row meanwhile and must not wait for it in a ring
    lock = {"of": Evaluation, "key_share": True}
    evaluation = session.get_one(Evaluation, evaluation_id, with_for_update=lock, populate_existing=True)
    course.require_shown(shown=shown, now=evaluation.version)
    evaluation.version += 1
    return evaluation


def take(
    session: Session, evaluation: Evaluation, action: Action, *, by: Actor | None, name: str, reason: str = ""
) -> None:
    """Take a step: `name` is who did it, as its history shows it. Raises NotPossibleNow."""
    before = evaluation.state
    after = course.next_state(before, action, withdrawn_from=evaluation.withdrawn_from)
    if after is not before:
        with tallies.moving(session, evaluation):
            evaluation.state = after
    note(session, evaluation, action, before=before, by=by, name=name, reason=reason)


def note(
    session: Session,
    evaluation: Evaluation,
    action: Action,
    *,
    before: State | None,
    by: Actor | None,
    name: str,
    reason: str = "",
) -> None:
    """Write a step into history and log, `before` None where it is the first."""
    session.flush()
    session.add(
        EvaluationStep(
            evaluation_id=evaluation.id,
            action=action,
            before=before,
            after=evaluation.state,
            at=clock.now(),
            by_id=by.id if by else None,
            by=name,
            reason=reason,
        )
    )
    audit.record(
        session,
        f"evaluation.{action}",
        evaluation,
        by=by,
        before=before,
        after=evaluation.state,
        reason=reason or None,
    )
