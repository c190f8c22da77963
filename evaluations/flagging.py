"""What stops hand-over and adoption: the applicant's dispute and an officer's block, inside a running transaction.

The evaluation is locked by whoever calls (`steps.begin`, or a select for update); its version is theirs to raise.
"""

from sqlalchemy.orm import Session

from core import audit, clock
from core.errors import Conflict
from core.refs import Actor
from evaluations import telling
from evaluations.models import Evaluation, Hold
from evaluations.queries import screening
from evaluations.rules import standing_still
from evaluations.rules.states import ENDED, HoldKind, Outcome, State


class AlreadyHeld(Conflict):
    """A hold of the kind stands already."""


class NotHeld(Conflict):
    """There is no hold to decide on."""


class NothingToStop(Conflict):
    """Adopted, not adopted or withdrawn: nothing goes on that could be stopped."""


def open_hold(evaluation: Evaluation, kind: HoldKind) -> Hold | None:
    """The hold of a kind that stands now, or None."""
    return next((hold for hold in evaluation.holds if hold.kind is kind and hold.closed_at is None), None)


def dispute(session: Session, evaluation: Evaluation, *, reason: str, by: Actor | None) -> Hold:
    """有异议: the applicant says that it did not commission it, or not so. Raises AlreadyHeld, NothingToStop."""
    hold = _open(session, evaluation, HoldKind.DISPUTE, reason, by)
    audit.record(session, "evaluation.disputed", evaluation, by=by, reason=reason)
    telling.parties(session, evaluation, "evaluation_disputed")
    telling.desk(session, evaluation, "evaluation_disputed")
    return hold


def block(session: Session, evaluation: Evaluation, *, reason: str, by: Actor | None) -> Hold:
    """中止: until an officer lifts it, it is neither handed over nor adopted. Raises AlreadyHeld, NothingToStop."""
    hold = _open(session, evaluation, HoldKind.BLOCK, reason, by)
    audit.record(session, "evaluation.blocked", evaluation, by=by, reason=reason)
    telling.sides(session, evaluation, "evaluation_blocked")
    return hold


def block_once(session: Session, evaluation: Evaluation, *, reason: str, by: Actor | None) -> Hold | None:
    """中止, where it is not blocked yet and something goes on, or could again: a withdrawn one may be restored.

    None: it is blocked already, or was adopted or declined.
    """
    decided = ENDED - {State.WITHDRAWN}
    if evaluation.state in decided or open_hold(evaluation, HoldKind.BLOCK) is not None:
        return None
    hold = _hold(session, evaluation, HoldKind.BLOCK, reason, by)
    audit.record(session, "evaluation.blocked", evaluation, by=by, reason=reason)
    telling.sides(session, evaluation, "evaluation_blocked")
    return hold


def lift(session: Session, evaluation: Evaluation, *, reason: str, by: Actor) -> Hold:
    """解除中止; a block that rests on a confirmed clause only of a clean agreement. Raises NotHeld, NotClean."""
    standing_still.require_liftable(
        screening.facts_of(session, evaluation), ever_confirmed=screening.has_confirmed(session, evaluation.id)
    )
    hold = _close(evaluation, HoldKind.BLOCK, Outcome.LIFTED, reason, by)
    audit.record(session, "evaluation.unblocked", evaluation, by=by, reason=reason)
    telling.sides(session, evaluation, "evaluation_unblocked")
    return hold


def decide(session: Session, evaluation: Evaluation, *, upheld: bool, reason: str, by: Actor) -> Hold:
    """An officer's decision on the dispute: upheld, the evaluation is blocked; dismissed, it goes on.

    One that was withdrawn meanwhile is blocked too, should it be restored. Raises NotHeld.
    """
    outcome = Outcome.UPHELD if upheld else Outcome.DISMISSED
    hold = _close(evaluation, HoldKind.DISPUTE, outcome, reason, by)
    audit.record(session, "evaluation.dispute_decided", evaluation, by=by, after=outcome, reason=reason)
    telling.sides(session, evaluation, "evaluation_dispute_upheld" if upheld else "evaluation_dispute_dismissed")
    if upheld and open_hold(evaluation, HoldKind.BLOCK) is None:
        _hold(session, evaluation, HoldKind.BLOCK, f"异议成立：{reason}", by)
        audit.record(session, "evaluation.blocked", evaluation, by=by, reason=reason)
    return hold


def _open(session: Session, evaluation: Evaluation, kind: HoldKind, reason: str, by: Actor | None) -> Hold:
    if evaluation.state in ENDED:
        raise NothingToStop(f"这项评价{evaluation.state.label}，没有可以暂停的事项。")
    if open_hold(evaluation, kind) is not None:
        raise AlreadyHeld(
            "这项评价的异议还在办理，不必重复提出。" if kind is HoldKind.DISPUTE else "这项评价已经中止。"
        )
    return _hold(session, evaluation, kind, reason, by)


def _hold(session: Session, evaluation: Evaluation, kind: HoldKind, reason: str, by: Actor | None) -> Hold:
    hold = Hold(kind=kind, reason=reason, opened_at=clock.now(), opened_by=by.id if by else None)
    evaluation.holds.append(hold)
    session.flush()
    return hold


def _close(evaluation: Evaluation, kind: HoldKind, outcome: Outcome, reason: str, by: Actor) -> Hold:
    hold = open_hold(evaluation, kind)
    if hold is None:
        raise NotHeld("异议已经办结。" if kind is HoldKind.DISPUTE else "中止已经解除。")
    hold.closed_at, hold.closed_by, hold.outcome, hold.outcome_reason = clock.now(), by.id, outcome, reason
    return hold
